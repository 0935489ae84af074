// Money that could not be credited: decided once, by the right people, and posted once, whoever races and whatever dies.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { referenceOf, uuidv7 } from '#contract/ids.ts'
import { dutyOf } from '#platform/duty.ts'
import { Refusal } from '#platform/refusal.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import { createAudit } from '#modules/audit/index.ts'
import { createLedger } from '#modules/ledger/index.ts'
import { createRails, type OutgoingTransfer, type TransferAnswer } from '#modules/rails/index.ts'
import { decide, type StaffSession } from '#modules/staff/index.ts'
import { createWallets } from '#modules/wallets/index.ts'
import { createFunding, createHeldTopUps, type HeldTopUpNeeds, type HeldTopUps } from './index.ts'
import { isSameName } from './top-up.rules.ts'

const limitMinor = 100_000_000n
const sender = { bankCode: '9990001', accountNumber: '7112345678', accountName: 'Ratna Kusumawati' }
type Handlers = Parameters<HeldTopUpNeeds['approvals']['register']>[1]

let platform: TestPlatform
let rooms: ReturnType<typeof compose>
let held: HeldTopUps
let customerId: string
let virtualAccount: string
const handlers = new Map<string, Handlers>()
const proposals = new Map<
  string,
  { kind: string; reference: string; payload: Readonly<Record<string, string>> }
>()
const notices: string[] = []
const looks: unknown[] = []
const absent = new Set<string>()
const receivers = new Set<string>()
/** What the bank does with each transfer; without an entry it pays. */
let bankSays: TransferAnswer | undefined
const paid = new Map<string, OutgoingTransfer>()
let asked = 0

const bank = {
  async transferOut(order: OutgoingTransfer): Promise<TransferAnswer> {
    asked++
    if (bankSays?.outcome !== 'refused') paid.set(order.partnerReference, order)
    return bankSays ?? { outcome: 'paid', bankReference: 'ML1' }
  },
  async transferStatus({ partnerReference }: { partnerReference: string }) {
    return paid.has(partnerReference)
      ? ({ outcome: 'paid', bankReference: 'ML1' } as const)
      : ({ outcome: 'not_found' } as const)
  },
}

const agent = (role: StaffSession['role'] = 'agent', own?: string): StaffSession => ({
  agentId: uuidv7(),
  sessionId: uuidv7(),
  role,
  displayName: 'Sari',
  email: 'sari@example.test',
  available: true,
  customerId: own,
})

function compose() {
  const audit = createAudit(platform)
  const ledger = createLedger(platform)
  const wallets = createWallets(platform, { ledger, audit })
  const rails = createRails(platform, { machineNow: () => platform.clock.now().getTime() })
  const tellCustomer = async (_tx: unknown, { what }: { what: string }) => void notices.push(what)
  const funding = createFunding(
    platform,
    { ledger, wallets, rails, audit },
    {
      authenticate: async () => Promise.reject(new Refusal('session_expired')),
      namesOf: async () => new Map(),
      tellCustomer,
    },
  )
  const another = () =>
    createHeldTopUps(
      platform,
      { ledger, wallets, audit },
      {
        rails: bank,
        tellCustomer,
        keepLook: async (_tx, look) => looks.push(look) > 0,
        namesOf: async (_sql, ids) => new Map(ids.map((id) => [id, 'Ratna Kusumawati'])),
        staff: {
          authenticate: async () => Promise.reject(new Refusal('session_expired')),
          require(actor, action, resource) {
            const verdict = decide(actor, action, resource)
            if (verdict.verdict === 'refused') throw new Refusal(verdict.code)
          },
          requirePresence({ agentId }) {
            if (absent.has(agentId)) throw new Refusal('presence_required')
          },
        },
        approvals: {
          async propose(_tx, { kind, reference, payload }) {
            const id = uuidv7()
            proposals.set(id, { kind, reference, payload })
            return id
          },
          personBehind: async (_sql, agentId) => ({ isReceiver: receivers.has(agentId) }),
          register: (kind, given) => void handlers.set(kind, given),
        },
      },
    )
  return { audit, ledger, wallets, funding, another }
}

beforeAll(async () => {
  platform = await createTestPlatform()
  rooms = compose()
  held = rooms.another()
})
afterAll(() => platform.close())
beforeEach(async () => {
  bankSays = undefined
  // What the test before left on its way.
  while ((await held.payDue()) > 0);
  customerId = uuidv7()
  await platform.db.transaction((tx) => rooms.wallets.open(tx, [{ customerId }]))
  virtualAccount = await rooms.funding.virtualAccountOf(customerId)
  proposals.clear()
  notices.length = 0
  asked = 0
})

async function arrive(amountMinor: bigint, from: typeof sender | null = sender) {
  const outcome = await rooms.funding.receive({
    partnerId: 'bank-melati',
    bankName: 'Bank Melati',
    paymentRequestId: uuidv7(),
    virtualAccountNumber: virtualAccount,
    amountMinor,
    currency: 'IDR',
    bankReference: 'ML0001',
    paidAt: undefined,
    sender: from ?? undefined,
  })
  if (outcome.outcome !== 'received') throw new Error(outcome.outcome)
  return outcome.topUp.number
}

/** A wallet that is full, a held top-up, and then room again: a basic wallet holds Rp 2 million. */
async function holdOne(amountMinor: bigint, from: typeof sender | null = sender): Promise<bigint> {
  await arrive(200_000_000n)
  return arrive(amountMinor, from)
}
async function spend(amountMinor: bigint): Promise<void> {
  await platform.db.transaction(async (tx) => {
    const { accountId } = (await rooms.wallets.readWallets(tx, [customerId])).get(customerId)!
    const shop = await rooms.ledger.ensureSystemAccount(tx, { kind: 'fees', currency: 'IDR' })
    await rooms.ledger.post(tx, [
      {
        id: uuidv7(),
        debitAccountId: accountId,
        creditAccountId: shop,
        amountMinor,
        currency: 'IDR',
        kind: 'payment',
        reference: 'TN-TEST-0001',
      },
    ])
  })
}
const balance = async () => BigInt((await rooms.wallets.view(customerId)).balance.amountMinor)
const suspense = async () =>
  (await rooms.ledger.trialBalance(platform.db.read))
    .filter((row) => row.kind === 'top_up_suspense')
    .reduce((sum, row) => sum + row.balance, 0n)
const waiting = async (except?: string) => (await held.list(except)).map(({ reference }) => reference)
const detail = async (number: bigint) =>
  (await platform.references.detail(referenceOf('TP', number), customerId))!
const credit = (number: bigint, session = agent()) =>
  held.decide(session, number, { decision: 'credit', note: 'room again' })
const giveBack = (number: bigint, session = agent()) =>
  held.decide(session, number, { decision: 'return', note: 'the customer asked for it' })
const approve = ([id, { kind, reference }]: [string, { kind: string; reference: string }]) =>
  platform.db.transaction((tx) => handlers.get(kind)!.execute(tx, { id, reference, decidedBy: uuidv7() }))

describe('a held top-up', () => {
  it('waits for staff with an owner and a deadline, and its customer is told', async () => {
    const number = await holdOne(5_000_000n)
    const reference = referenceOf('TP', number)
    expect(notices).toEqual(['held'])
    expect(await waiting()).toContain(reference)
    expect(await waiting(customerId)).not.toContain(reference)
    const hop = (await detail(number)).hops.at(-1)
    expect(hop).toMatchObject({ key: 'credited', state: 'stuck', owner: 'staff', then: 'lead_decides' })
    expect(hop!.untilAt).toBe(new Date(platform.clock.now().getTime() + 86_400_000).toISOString())
  })

  it('is credited when the wallet takes it, and not before', async () => {
    const number = await holdOne(5_000_000n)
    const before = await suspense()
    await expect(credit(number)).rejects.toMatchObject({ code: 'balance_limit' })
    expect(await suspense()).toBe(before)
    await spend(5_000_000n)
    const sari = agent()
    await credit(number, sari)
    await credit(number, sari)
    expect(await balance()).toBe(200_000_000n)
    expect(await suspense()).toBe(before - 5_000_000n)
    expect(await detail(number)).toMatchObject({
      state: 'completed',
      sentence: 'top_up_completed',
      balanceAfter: { amountMinor: '200000000' },
    })
    expect(await waiting()).not.toContain(referenceOf('TP', number))
    expect(notices).toEqual(['held', 'credited'])
    // Somebody else's press is no decision any more, nor is another one.
    await expect(credit(number)).rejects.toMatchObject({ code: 'conflict' })
    await expect(giveBack(number, sari)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('of an account whose credits are stopped is not credited, in words that staff know, and nothing is proposed', async () => {
    const { accountId } = (await rooms.wallets.readWallets(platform.db.read, [customerId])).get(customerId)!
    const stop = (what: 'credits' | undefined) =>
      platform.db.transaction((tx) => rooms.ledger.freeze(tx, accountId, what))
    await stop('credits')
    const number = await arrive(5_000_000n)
    const large = await arrive(limitMinor + 1n)
    const before = await suspense()
    expect(notices).toEqual(['held', 'held'])
    const listed = (await held.list(undefined)).find((each) => each.reference === referenceOf('TP', number))
    expect(listed).toMatchObject({ why: 'account_frozen', escalated: false })
    for (const each of [number, large])
      await expect(credit(each)).rejects.toMatchObject({ code: 'account_frozen' })
    expect(proposals.size).toBe(0)
    // Stopped while a second person is asked: the approval is worth nothing until it is not stopped any more.
    await stop(undefined)
    await credit(large)
    await stop('credits')
    await expect(approve([...proposals][0]!)).rejects.toMatchObject({ code: 'account_frozen' })
    expect(await suspense()).toBe(before)
    await stop(undefined)
    await approve([...proposals][0]!)
    await credit(number)
    expect(await suspense()).toBe(before - limitMinor - 5_000_001n)
    expect(await balance()).toBe(limitMinor + 5_000_001n)
    expect(notices).toEqual(['held', 'held', 'credited', 'credited'])
  })

  it('×20: two agents in two processes press at once, and two processes call the bank: it goes once', async () => {
    for (let round = 0; round < 20; round++) {
      const number = await arrive(200_000_001n)
      await spendAll()
      const before = await suspense()
      const sessions = [agent(), agent()]
      // A limit would hide the race behind an approval.
      await withLimit(1_000_000_000n, async () => {
        const outcomes = await Promise.allSettled([
          held.decide(sessions[0]!, number, { decision: 'return', note: 'x' }),
          rooms.another().decide(sessions[1]!, number, { decision: 'return', note: 'x' }),
        ])
        expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBe(1)
      })
      await Promise.all([held.payDue(), held.payDue()])
      expect(await suspense()).toBe(before - 200_000_001n)
      expect(asked).toBe(round + 1)
    }
    expect((await rooms.ledger.check(platform.db.read)).brokenAccounts).toEqual([])
  })

  it('credit and return at once: the money goes one way', async () => {
    const number = await holdOne(5_000_000n)
    await spend(5_000_000n)
    const before = await suspense()
    const outcomes = await Promise.allSettled([credit(number), giveBack(number)])
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBe(1)
    await held.payDue()
    expect(await suspense()).toBe(before - 5_000_000n)
    expect(['completed', 'refunded']).toContain((await detail(number)).state)
  })

  it('nobody decides about their own money, not through another account either; an auditor decides nothing', async () => {
    const number = await holdOne(5_000_000n)
    await expect(giveBack(number, agent('agent', customerId))).rejects.toMatchObject({ code: 'forbidden' })
    const hidden = agent()
    receivers.add(hidden.agentId)
    await expect(giveBack(number, hidden)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(giveBack(number, agent('auditor'))).rejects.toMatchObject({ code: 'forbidden' })
    expect((await detail(number)).state).toBe('held')
  })

  it('goes to a lead when nobody decides in time; there is always a deadline ahead', async () => {
    const number = await holdOne(5_000_000n)
    platform.clock.advance(86_400_000)
    const listed = (await held.list(undefined)).find((each) => each.reference === referenceOf('TP', number))!
    expect(listed.escalated).toBe(true)
    expect(Date.parse(listed.untilAt!)).toBeGreaterThan(platform.clock.now().getTime())
    await expect(giveBack(number)).rejects.toMatchObject({ code: 'forbidden' })
    await giveBack(number, agent('lead'))
    expect((await detail(number)).hops.at(-1)).toMatchObject({
      key: 'sent_back',
      state: 'now',
      owner: 'bank',
    })
  })
})

describe('back to the bank', () => {
  it('to where it came from, once; the customer reads it in the trace and in a notice', async () => {
    const number = await holdOne(5_000_000n)
    const before = await suspense()
    const sari = agent()
    await giveBack(number, sari)
    await giveBack(number, sari)
    // Held until the bank has said so.
    expect(await suspense()).toBe(before)
    await held.payDue()
    await held.payDue()
    expect(asked).toBe(1)
    expect(await suspense()).toBe(before - 5_000_000n)
    const order = paid.get(`TP${referenceOf('TP', number).slice(3).replace('-', '')}R1`)
    expect(order).toMatchObject({ amountMinor: 5_000_000n, to: sender })
    const shown = await detail(number)
    expect(shown).toMatchObject({ state: 'refunded', sentence: 'top_up_refunded' })
    expect(shown.hops.at(-1)).toMatchObject({ key: 'sent_back', state: 'done' })
    expect(shown.hops.at(-1)!.evidence).toContainEqual({ kind: 'account', value: '•••• 5678' })
    expect(notices).toEqual(['held', 'returned'])
  })

  it('a lost answer is not believed: the bank is asked, not paid again, also by another process', async () => {
    const number = await holdOne(5_000_000n)
    const before = await suspense()
    await giveBack(number)
    bankSays = { outcome: 'unknown', why: 'timeout' }
    await held.payDue()
    expect(await suspense()).toBe(before)
    platform.clock.advance(10_000)
    await rooms.another().payDue()
    expect(asked).toBe(1)
    expect(await suspense()).toBe(before - 5_000_000n)
  })

  it('when the bank refuses, staff decide again, with the reason; then it has a reference of its own', async () => {
    const number = await holdOne(5_000_000n)
    const before = await suspense()
    bankSays = { outcome: 'refused', code: '4041811', message: 'Invalid Account' }
    await giveBack(number)
    await held.payDue()
    expect(await suspense()).toBe(before)
    expect(
      (await held.list(undefined)).find(({ reference }) => reference === referenceOf('TP', number)),
    ).toMatchObject({
      why: 'return_refused',
    })
    bankSays = undefined
    await giveBack(number)
    await held.payDue()
    expect([...paid.keys()].filter((each) => each.endsWith('R2')).length).toBe(1)
    expect(await suspense()).toBe(before - 5_000_000n)
  })

  it('is not possible when the bank did not tell where it came from', async () => {
    const number = await holdOne(5_000_000n, null)
    await expect(giveBack(number)).rejects.toMatchObject({ code: 'recipient_unknown' })
  })
})

describe('above the limit', () => {
  it('a second person approves exactly that, once in twenty tries; whoever asks proves that it is them', async () => {
    const number = await holdOne(limitMinor + 1n)
    const before = await suspense()
    const sari = agent()
    absent.add(sari.agentId)
    await expect(giveBack(number, sari)).rejects.toMatchObject({ code: 'presence_required' })
    absent.delete(sari.agentId)
    await giveBack(number, sari)
    await giveBack(number, sari)
    expect(proposals.size).toBe(1)
    await expect(credit(number)).rejects.toMatchObject({ code: 'conflict' })
    expect(await waiting()).not.toContain(referenceOf('TP', number))
    expect((await detail(number)).hops.at(-1)).toMatchObject({ owner: 'second_person' })
    const [proposal] = proposals
    expect(proposal![1]).toMatchObject({
      kind: 'top_up.return',
      payload: { amountMinor: '100000001', toAccount: sender.accountNumber, toName: sender.accountName },
    })
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => approve(proposal!)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBe(1)
    await held.payDue()
    expect(await suspense()).toBe(before - limitMinor - 1n)
  })

  it('declined: nothing moves, and staff decide again with time for it', async () => {
    const number = await holdOne(limitMinor + 1n)
    const before = await suspense()
    await giveBack(number)
    const [id, { reference }] = [...proposals][0]!
    await platform.db.transaction((tx) => handlers.get('top_up.return')!.onClosed(tx, { id, reference }))
    await expect(approve([id, { kind: 'top_up.return', reference }])).rejects.toMatchObject({
      code: 'approval_voided',
    })
    expect(await suspense()).toBe(before)
    expect(await waiting()).toContain(reference)
  })

  it('what the wallet does not take by then is not credited, and the approval is worth nothing', async () => {
    const number = await holdOne(limitMinor + 1n)
    await expect(credit(number)).rejects.toMatchObject({ code: 'balance_limit' })
    await spend(limitMinor + 1n)
    await credit(number)
    await arrive(limitMinor)
    await expect(approve([...proposals][0]!)).rejects.toMatchObject({ code: 'balance_limit' })
    await spend(limitMinor)
    await approve([...proposals][0]!)
    expect(await balance()).toBe(200_000_000n)
  })
})

it('the database keeps one way back, whatever the program does', async () => {
  const number = await holdOne(5_000_000n)
  await giveBack(number)
  await expect(
    platform.db.read.run(
      `INSERT INTO funding.returns SELECT gen_random_uuid(), top_up_number, 'OTHER', amount, currency, bank_code, account_number,
         account_name, gen_random_uuid(), gen_random_uuid(), 'paying', 0, next_call_at, NULL, NULL, NULL, made_at, NULL
       FROM funding.returns WHERE top_up_number = $1`,
      [number],
    ),
  ).rejects.toThrow('returns_once')
})

it('rules: the next deadline, and names', () => {
  const at = (text: string) => new Date(text)
  expect(dutyOf(at('2026-11-20T06:00:00Z'), 3600, at('2026-11-20T05:59:59Z'))).toEqual({
    untilAt: at('2026-11-20T06:00:00Z'),
    isEscalated: false,
  })
  for (const [now, until] of [
    ['2026-11-20T06:00:00Z', '2026-11-20T07:00:00Z'],
    ['2026-11-20T06:59:59Z', '2026-11-20T07:00:00Z'],
    ['2026-11-20T09:00:00Z', '2026-11-20T10:00:00Z'],
  ] as const)
    expect(dutyOf(at('2026-11-20T06:00:00Z'), 3600, at(now))).toEqual({
      untilAt: at(until),
      isEscalated: true,
    })
  expect(isSameName('RATNA  KUSUMAWATI', 'Ratna Kusumawati')).toBe(true)
  expect(isSameName('Ratna K.', 'Ratna Kusumawati')).toBe(false)
})

async function spendAll(): Promise<void> {
  const all = await balance()
  if (all > 0n) await spend(all)
}

async function withLimit(aloneUpToMinor: bigint, work: () => Promise<void>): Promise<void> {
  const set = (value: bigint) =>
    platform.db.read.run('UPDATE funding.hold_rules SET alone_up_to = $1', [value])
  await set(aloneUpToMinor)
  try {
    await work()
  } finally {
    await set(limitMinor)
  }
}

// A pay-out that the bank refused: sent again, to the account that the shop gave, or stopped; paid once whoever presses.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { referenceOf, uuidv7 } from '#contract/ids.ts'
import type { Face } from '#platform/http.ts'
import { Refusal } from '#platform/refusal.ts'
import { apiScope, createFace } from '#platform/http.ts'
import { createAudit } from '#modules/audit/index.ts'
import { decide, type StaffSession } from '#modules/staff/index.ts'
import { createTestWorld, type TestWorld } from './for-tests.ts'
import {
  createRefusedPayOuts,
  shopAccountRoutes,
  type RefusedPayOutNeeds,
  type RefusedPayOuts,
  type StoredTerms,
} from './index.ts'

type Handlers = Parameters<RefusedPayOutNeeds['approvals']['register']>[1]
let world: TestWorld
let payOuts: RefusedPayOuts
let shop: StoredTerms
let face: Face
const handlers = new Map<string, Handlers>()
const proposals = new Map<
  string,
  { kind: string; reference: string; payload: Readonly<Record<string, string>> }
>()
const absent = new Set<string>()

const agent = (role: StaffSession['role'] = 'agent'): StaffSession => ({
  agentId: uuidv7(),
  sessionId: uuidv7(),
  role,
  displayName: 'Sari',
  email: 'sari@example.test',
  available: true,
  customerId: undefined,
})

beforeAll(async () => {
  world = await createTestWorld()
  const { platform, ledger, merchants, settlements } = world
  payOuts = createRefusedPayOuts(platform, {
    audit: createAudit(platform),
    ledger,
    merchants,
    wakeSettlements: settlements.wake,
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
      register: (kind, given) => void handlers.set(kind, given),
    },
  })
  const publicUrl = platform.config.customersUrl
  face = createFace(platform, { name: 'customers', publicUrl })
  await apiScope(
    face,
    { docsPath: '/docs/m', title: 'Shops', description: '', caller: 'machine', publicUrl },
    (api) =>
      shopAccountRoutes(api, platform, { audit: createAudit(platform) }, {
        merchantOf: () => shop.merchantId,
      } as Parameters<typeof shopAccountRoutes>[3]),
  )
  await face.ready()
})
afterAll(async () => {
  await face.close()
  await world.platform.close()
})

let days = 0
beforeEach(async () => {
  proposals.clear()
  world.bank.faults.length = 0
  // The shops of earlier tests are paid out no more: the bank's faults are for the shop of this one.
  await world.platform.db.read.run("UPDATE settlements.terms SET next_due_at = '2100-01-01'")
  shop = await world.newShop()
})

/** A shop whose pay-out of this much was refused, on a working day; answers its number. */
async function refuseOne(rupiah = 100_000n): Promise<bigint> {
  await world.credit(shop.merchantId, rupiah)
  world.goTo(new Date(Date.parse('2026-11-23T03:00:00.000Z') + days++ * 7 * 86_400_000).toISOString())
  await world.settlements.makeDue()
  world.bank.faults.push('refused')
  await world.settlements.payDue()
  return newest()
}
const newest = async () =>
  (
    await world.platform.db.read.one<{ number: bigint }>(
      'SELECT max(number) AS number FROM settlements.settlements WHERE merchant_id = $1',
      [shop.merchantId],
    )
  ).number
const listed = async () => (await payOuts.list()).map(({ reference }) => reference)
const paidNow = () => [...world.bank.paid.values()].reduce((sum, each) => sum + each, 0n)
async function run(): Promise<void> {
  await world.settlements.makeDue()
  await world.settlements.payDue()
}
const give = (accountNumber: string) =>
  face.inject({
    method: 'PUT',
    url: '/merchant/v1/settlements/account',
    payload: { bankCode: '0090010', accountNumber, name: 'PT Toko Uji' },
  })
const approve = ([id, { kind, reference }]: [string, { kind: string; reference: string }]) =>
  world.platform.db.transaction((tx) =>
    handlers.get(kind)!.execute(tx, { id, reference, decidedBy: uuidv7() }),
  )

it('stands before staff, and is sent again the same day, once, however many press', async () => {
  const number = await refuseOne()
  expect(await listed()).toContain(referenceOf('ST', number))
  const before = paidNow()
  const sari = agent()
  const press = (session: StaffSession) =>
    payOuts.decide(session, number, { decision: 'retry', note: 'bank is back' })
  const outcomes = await Promise.allSettled([press(sari), press(sari), press(agent()), press(agent())])
  // One person pressed twice, and that is no fault; or somebody else was first.
  expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(2)
  expect(await listed()).not.toContain(referenceOf('ST', number))
  await Promise.all([run(), run()])
  await run()
  const { payable, held } = await world.standing(shop.merchantId)
  expect([payable, held]).toEqual([0n, 0n])
  // Rp 100.000 less the fee of 0,70 % and the reserve of 5 %.
  expect(paidNow() - before).toBe(9_430_000n)
  await expect(payOuts.decide(agent(), number, { decision: 'hold', note: 'x' })).rejects.toMatchObject({
    code: 'conflict',
  })
})

it('is refused again: it stands there again as a new one, with the money of both', async () => {
  await refuseOne()
  const number = await newest()
  await payOuts.decide(agent(), number, { decision: 'retry', note: 'x' })
  world.bank.faults.push('refused')
  await run()
  const next = await newest()
  expect(next).toBeGreaterThan(number)
  expect(await listed()).toContain(referenceOf('ST', next))
  expect(await listed()).not.toContain(referenceOf('ST', number))
})

it('on hold nothing leaves, day after day, until somebody sends it again', async () => {
  const number = await refuseOne()
  const sari = agent()
  await payOuts.decide(sari, number, { decision: 'hold', note: 'the shop is called' })
  await payOuts.decide(sari, number, { decision: 'hold', note: 'the shop is called' })
  const before = paidNow()
  world.goTo(new Date(world.platform.clock.now().getTime() + 2 * 86_400_000).toISOString())
  await run()
  expect(paidNow()).toBe(before)
  expect(
    (await payOuts.list()).find(({ reference }) => reference === referenceOf('ST', number)),
  ).toMatchObject({
    why: 'on_hold',
  })
  await payOuts.decide(agent(), number, { decision: 'retry', note: 'called' })
  await run()
  expect(paidNow()).toBeGreaterThan(before)
})

it('a new account is the shop’s to give, and is used only when a second person approves exactly it', async () => {
  const number = await refuseOne()
  await expect(payOuts.decide(agent(), number, { decision: 'use_account', note: 'x' })).rejects.toMatchObject(
    { code: 'conflict' },
  )
  expect((await give('5550001111')).statusCode).toBe(200)
  expect((await give('5550001111')).json()).toMatchObject({
    account: { accountNumber: '7001129045' },
    given: { accountNumber: '5550001111' },
  })
  const sari = agent()
  absent.add(sari.agentId)
  const use = () => payOuts.decide(sari, number, { decision: 'use_account', note: 'as the shop wrote' })
  await expect(use()).rejects.toMatchObject({ code: 'presence_required' })
  absent.clear()
  await use()
  await use()
  expect(proposals.size).toBe(1)
  const [proposal] = proposals
  expect(proposal![1]).toMatchObject({
    kind: 'pay_out.account',
    payload: { toBank: '0090010', toAccount: '5550001111', insteadOf: '0140397 7001129045' },
  })
  const current = () =>
    world.platform.db.transaction((tx) =>
      handlers.get('pay_out.account')!.currentPayload(tx, referenceOf('ST', number)),
    )
  expect(await current()).toEqual(proposal![1].payload)
  // The shop gives another one meanwhile: what was proposed is no longer what would be done.
  await give('5550002222')
  expect(await current()).not.toEqual(proposal![1].payload)
  await world.platform.db.transaction((tx) =>
    handlers.get('pay_out.account')!.onClosed(tx, { id: proposal![0], reference: referenceOf('ST', number) }),
  )
  proposals.clear()
  await use()
  const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => approve([...proposals][0]!)))
  expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBe(1)
  await run()
  const { account_number: used, state } = await world.platform.db.read.one<{
    account_number: string
    state: string
  }>('SELECT account_number, state FROM settlements.settlements WHERE number = $1', [await newest()])
  expect([used, state]).toEqual(['5550002222', 'paid'])
})

it('above the limit sending again needs a second person; declined, it stands before staff again', async () => {
  const number = await refuseOne(20_000_000n)
  const reference = referenceOf('ST', number)
  await payOuts.decide(agent(), number, { decision: 'retry', note: 'x' })
  expect(await listed()).not.toContain(reference)
  await expect(payOuts.decide(agent(), number, { decision: 'retry', note: 'x' })).rejects.toMatchObject({
    code: 'conflict',
  })
  const before = paidNow()
  await run()
  expect(paidNow()).toBe(before)
  const [proposal] = proposals
  await world.platform.db.transaction((tx) =>
    handlers.get('pay_out.retry')!.onClosed(tx, { id: proposal![0], reference }),
  )
  expect(await listed()).toContain(reference)
  await expect(approve(proposal!)).rejects.toMatchObject({ code: 'approval_voided' })
  await payOuts.decide(agent(), number, { decision: 'retry', note: 'x' })
  await approve([...proposals].at(-1)!)
  await run()
  expect(paidNow()).toBeGreaterThan(before)
})

it('an auditor decides nothing', async () => {
  const number = await refuseOne()
  await expect(
    payOuts.decide(agent('auditor'), number, { decision: 'retry', note: 'x' }),
  ).rejects.toMatchObject({ code: 'forbidden' })
})

it('that is stopped is looked at again by a day, then by a lead, who may keep it stopped', async () => {
  const number = await refuseOne()
  const row = async () =>
    (await payOuts.list()).find(({ reference }) => reference === referenceOf('ST', number))!
  const stop = (session: StaffSession) =>
    payOuts.decide(session, number, { decision: 'hold', note: 'the shop does not answer' })
  const inDays = (days: number) =>
    new Date(world.platform.clock.now().getTime() + days * 86_400_000).toISOString()
  const sari = agent()
  await stop(sari)
  const first = inDays(3)
  expect(await row()).toMatchObject({ why: 'on_hold', untilAt: first, escalated: false })
  world.goTo(inDays(4))
  expect(await row()).toMatchObject({ untilAt: inDays(2), escalated: true })
  await expect(stop(sari)).rejects.toMatchObject({ code: 'forbidden' })
  await stop(agent('lead'))
  expect(await row()).toMatchObject({ untilAt: inDays(3), escalated: false })
})

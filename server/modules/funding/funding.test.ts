import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parseReference, referenceOf, uuidv7 } from '#contract/ids.ts'
import { apiScope, createFace, type Face } from '#platform/http.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import { createAudit } from '#modules/audit/index.ts'
import { createLedger } from '#modules/ledger/index.ts'
import { createRails, type VirtualAccountPayment } from '#modules/rails/index.ts'
import { createWallets } from '#modules/wallets/index.ts'
import { createFunding } from './index.ts'
import { judgeTopUp, roomForTopUp, type TopUpVerdict } from './top-up.rules.ts'
import { checkDigit, isVirtualAccountNumber, virtualAccountNumberOf } from './virtual-account.rules.ts'

let platform: TestPlatform
let rooms: ReturnType<typeof compose>
let face: Face
let customerId: string
let account: string

function compose() {
  const audit = createAudit(platform)
  const ledger = createLedger(platform)
  const wallets = createWallets(platform, { ledger, audit })
  const rails = createRails(platform, { machineNow: () => platform.clock.now().getTime() })
  const funding = createFunding(
    platform,
    { ledger, wallets, rails, audit },
    {
      authenticate: async ({ headers }) => ({
        customerId: String((headers as Record<string, unknown>)['x-test-customer']),
      }),
      tellCustomer: async () => undefined,
      namesOf: async (ids) => new Map(ids.map((id) => [id, 'Ratna Kusumawati'])),
    },
  )
  return { audit, ledger, wallets, rails, funding }
}

beforeAll(async () => {
  platform = await createTestPlatform()
  rooms = compose()
  face = createFace(platform, { name: 'customers', publicUrl: 'http://localhost:7100' })
  await apiScope(
    face,
    {
      docsPath: '/docs/c',
      title: 'C',
      description: 'C',
      caller: 'browser',
      publicUrl: 'http://localhost:7100',
    },
    (api) => rooms.funding.routes(api),
  )
  await face.ready()
})
beforeEach(async () => {
  customerId = await newCustomer()
  account = await rooms.funding.virtualAccountOf(customerId)
})
afterAll(async () => {
  await face.close()
  await platform.close()
})

async function newCustomer(): Promise<string> {
  const id = uuidv7()
  await platform.db.transaction((tx) => rooms.wallets.open(tx, [{ customerId: id }]))
  return id
}

function payment(more: Partial<VirtualAccountPayment> = {}): VirtualAccountPayment {
  return {
    partnerId: 'bank-melati',
    bankName: 'Bank Melati',
    paymentRequestId: uuidv7(),
    virtualAccountNumber: account,
    amountMinor: 25_000_000n,
    currency: 'IDR',
    bankReference: 'ML0001',
    paidAt: new Date('2026-11-20T05:59:30.000Z'),
    ...more,
  }
}

async function balanceMinor(customer = customerId): Promise<bigint> {
  return BigInt((await rooms.wallets.view(customer)).balance.amountMinor)
}

async function suspenseMinor(): Promise<bigint> {
  const rows = await rooms.ledger.trialBalance(platform.db.read)
  return rows.filter((row) => row.kind === 'top_up_suspense').reduce((sum, row) => sum + row.balance, 0n)
}

const walletAccountId = async () =>
  (await rooms.wallets.readWallets(platform.db.read, [customerId])).get(customerId)!.accountId

async function receive(more: Partial<VirtualAccountPayment> = {}) {
  const outcome = await rooms.funding.receive(payment(more))
  if (outcome.outcome !== 'received') throw new Error(outcome.outcome)
  return outcome.topUp
}

describe('virtual account numbers', () => {
  it('are 16 digits with a check digit, different for different numbers', () => {
    const numbers = Array.from({ length: 5000 }, (_, index) =>
      virtualAccountNumberOf('8808', BigInt(index + 1)),
    )
    expect(new Set(numbers).size).toBe(5000)
    for (const number of numbers) expect(isVirtualAccountNumber('8808', number)).toBe(true)
    expect(checkDigit('7992739871')).toBe('3')
  })

  it('do not lead elsewhere when one digit is mistyped', () => {
    const number = virtualAccountNumberOf('8808', 42n)
    for (let place = 4; place < 16; place++)
      for (let digit = 0; digit < 10; digit++) {
        const typed = number.slice(0, place) + digit + number.slice(place + 1)
        expect(isVirtualAccountNumber('8808', typed)).toBe(typed === number)
      }
  })

  it('are given once, also when asked for many times at once', async () => {
    const customer = await newCustomer()
    const given = await Promise.all(
      Array.from({ length: 10 }, () => rooms.funding.virtualAccountOf(customer)),
    )
    expect(new Set(given).size).toBe(1)
  })

  const shown = async () =>
    (
      await face.inject({
        url: '/api/funding/virtual-account',
        headers: { 'x-test-customer': customerId },
      })
    ).json() as { maximum: { amountMinor: string } }

  it('are shown with what still fits the month, when that is less than what fits the wallet', async () => {
    const limitMonth = async (capMinor: bigint) =>
      platform.db.read.run('UPDATE ledger.accounts SET monthly_cap = $2 WHERE id = $1', [
        await walletAccountId(),
        capMinor,
      ])
    await limitMonth(80_000_000n)
    await receive({ amountMinor: 50_000_000n })
    expect((await shown()).maximum.amountMinor).toBe('30000000')
    await limitMonth(50_000_000n)
    expect((await shown()).maximum.amountMinor).toBe('0')
  })

  it('are shown to the customer with what still fits the wallet', async () => {
    await receive({ amountMinor: 50_000_000n })
    expect(await shown()).toEqual({
      bankName: 'Bank Melati',
      virtualAccountNumber: account,
      accountName: 'Ratna Kusumawati',
      minimum: { amountMinor: '1000000', currency: 'IDR' },
      maximum: { amountMinor: '150000000', currency: 'IDR' },
    })
  })
})

describe('a top-up', () => {
  it('moves money from the bank’s clearing account to the wallet, and tells the customer', async () => {
    const topUp = await receive()
    expect(topUp).toMatchObject({ state: 'completed', balanceAfterMinor: 25_000_000n, customerId })
    expect(await balanceMinor()).toBe(25_000_000n)
    const reference = referenceOf('TP', topUp.number)
    const transfers = await rooms.ledger.transfersByReference(platform.db.read, reference, { limit: 100 })
    expect(transfers).toHaveLength(1)
    const event = await platform.db.read.one<Record<string, unknown>>(
      "SELECT type, payload, customer_id, live_customer FROM platform.outbox WHERE payload->>'reference' = $1",
      [reference],
    )
    expect(event).toMatchObject({
      type: 'top_up.completed',
      customer_id: customerId,
      live_customer: [{ type: 'wallet.changed' }, { type: 'transaction.changed', reference }],
    })
    const [entry] = await rooms.audit.about('top_up', reference)
    expect(entry).toMatchObject({ action: 'top_up.completed' })
  })

  it('M15 is one credit when the bank tells of it twice', async () => {
    const told = payment()
    const first = await rooms.funding.receive(told)
    const second = await rooms.funding.receive(told)
    expect(first).toMatchObject({ outcome: 'received', isFirst: true })
    expect(second).toMatchObject({ outcome: 'received', isFirst: false })
    expect(second).toMatchObject({ topUp: (first as { topUp: object }).topUp })
    expect(await balanceMinor()).toBe(25_000_000n)
  })

  it('M15 is one credit when the bank tells of it 50 times at once', async () => {
    const told = payment()
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => rooms.funding.receive(told)))
    expect(outcomes.every((outcome) => outcome.outcome === 'received')).toBe(true)
    expect(outcomes.filter((outcome) => outcome.outcome === 'received' && outcome.isFirst)).toHaveLength(1)
    expect(await balanceMinor()).toBe(25_000_000n)
    const { count } = await platform.db.read.one<{ count: bigint }>(
      'SELECT count(*) AS count FROM funding.top_ups WHERE payment_request_id = $1',
      [told.paymentRequestId],
    )
    expect(count).toBe(1n)
  })

  it('is refused when the same reference comes with other content, and nothing moves', async () => {
    const told = payment()
    await rooms.funding.receive(told)
    const other = await rooms.funding.virtualAccountOf(await newCustomer())
    expect(await rooms.funding.receive({ ...told, amountMinor: 90_000_000n })).toMatchObject({
      outcome: 'inconsistent',
    })
    expect(await rooms.funding.receive({ ...told, virtualAccountNumber: other })).toMatchObject({
      outcome: 'inconsistent',
    })
    expect(await balanceMinor()).toBe(25_000_000n)
  })

  it('credits one customer when one reference comes for two at the same time', async () => {
    const otherCustomer = await newCustomer()
    const other = await rooms.funding.virtualAccountOf(otherCustomer)
    const told = payment()
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        rooms.funding.receive(index % 2 ? told : { ...told, virtualAccountNumber: other }),
      ),
    )
    expect(outcomes.filter((outcome) => outcome.outcome === 'received' && outcome.isFirst)).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome.outcome === 'inconsistent')).toHaveLength(10)
    expect((await balanceMinor()) + (await balanceMinor(otherCustomer))).toBe(25_000_000n)
  })

  it('adds up when many customers and references come at once', async () => {
    const customers = await Promise.all(Array.from({ length: 8 }, newCustomer))
    const accounts = await Promise.all(customers.map((id) => rooms.funding.virtualAccountOf(id)))
    await Promise.all(
      Array.from({ length: 64 }, (_, index) =>
        rooms.funding.receive(payment({ virtualAccountNumber: accounts[index % 8]!, amountMinor: 100_000n })),
      ),
    )
    for (const id of customers) expect(await balanceMinor(id)).toBe(800_000n)
    expect(await rooms.ledger.check(platform.db.read)).toEqual({
      sumsPerCurrency: { IDR: 0n },
      brokenAccounts: [],
    })
  })

  it('is not known for an account that nobody has', async () => {
    const unknown = virtualAccountNumberOf('8808', 99_999_999n)
    expect(await rooms.funding.receive(payment({ virtualAccountNumber: unknown }))).toEqual({
      outcome: 'unknown_account',
    })
  })

  it('arrives in a frozen wallet: a freeze stops money that leaves', async () => {
    await rooms.wallets.freeze(customerId, { kind: 'customer', id: customerId })
    expect(await receive()).toMatchObject({ state: 'completed' })
    expect(await balanceMinor()).toBe(25_000_000n)
  })

  it('stands on suspense when the wallet would hold more than it may: not lost, not refused', async () => {
    await receive({ amountMinor: 199_999_900n })
    const before = await suspenseMinor()
    const told = payment({ amountMinor: 200n })
    const outcome = await rooms.funding.receive(told)
    expect(outcome).toMatchObject({
      outcome: 'received',
      topUp: { state: 'suspended', failureCode: 'balance_limit' },
    })
    expect(await balanceMinor()).toBe(199_999_900n)
    expect((await suspenseMinor()) - before).toBe(200n)
    expect(await rooms.funding.receive(told)).toMatchObject({ outcome: 'received', isFirst: false })
    expect((await suspenseMinor()) - before).toBe(200n)
    // What still fits goes in.
    expect(await receive({ amountMinor: 100n })).toMatchObject({ state: 'completed' })
  })

  it.each(['credits', 'both'] as const)(
    'is held, with its reason, an owner and a deadline, when %s of the account are stopped; told again it is the same',
    async (what) => {
      const accountId = await walletAccountId()
      const before = await suspenseMinor()
      const told = payment({ amountMinor: 25_000_000n })
      // The stop is on its way when the bank tells: whoever has the account's lock first, the other one waits for it.
      const receiving = await platform.db.transaction(async (tx) => {
        await rooms.ledger.freeze(tx, accountId, what)
        return { outcome: rooms.funding.receive(told) }
      })
      const outcome = await receiving.outcome
      expect(outcome).toMatchObject({
        outcome: 'received',
        isFirst: true,
        topUp: { state: 'suspended', failureCode: 'account_frozen' },
      })
      expect(await rooms.funding.receive(told)).toMatchObject({ outcome: 'received', isFirst: false })
      expect(await balanceMinor()).toBe(0n)
      expect((await suspenseMinor()) - before).toBe(25_000_000n)
      if (outcome.outcome !== 'received') throw new Error(outcome.outcome)
      const reference = referenceOf('TP', outcome.topUp.number)
      const detail = await platform.references.detail(reference, customerId)
      expect(detail).toMatchObject({
        state: 'held',
        failure: { code: 'account_frozen' },
        hops: [
          { key: 'bank_received' },
          {
            key: 'credited',
            state: 'stuck',
            owner: 'staff',
            untilAt: new Date(platform.clock.now().getTime() + 86_400_000).toISOString(),
            then: 'lead_decides',
          },
        ],
      })
    },
  )

  it('is credited when only what leaves the account is stopped', async () => {
    const accountId = await walletAccountId()
    await platform.db.transaction((tx) => rooms.ledger.freeze(tx, accountId, 'debits'))
    expect(await receive()).toMatchObject({ state: 'completed', failureCode: undefined })
  })

  it.each<[string, object, object, TopUpVerdict]>([
    ['what fits goes in', {}, {}, { verdict: 'credit' }],
    ['one too many', {}, { balanceMinor: 101n }, { verdict: 'suspend', code: 'balance_limit' }],
    ['the customer’s own freeze', { status: 'frozen' }, {}, { verdict: 'credit' }],
    ['an inactive wallet', { status: 'inactive' }, {}, { verdict: 'suspend', code: 'account_inactive' }],
    ['a closed account', {}, { closed: true }, { verdict: 'suspend', code: 'account_inactive' }],
    ['credits stopped', {}, { frozen: 'credits' }, { verdict: 'suspend', code: 'account_frozen' }],
    ['all stopped', {}, { frozen: 'both' }, { verdict: 'suspend', code: 'account_frozen' }],
    ['debits stopped', {}, { frozen: 'debits' }, { verdict: 'credit' }],
    ['the month’s last', {}, { monthlyCapMinor: 60n, incomingMinor: 10n }, { verdict: 'credit' }],
    [
      'above the month',
      {},
      { monthlyCapMinor: 59n, incomingMinor: 10n },
      { verdict: 'suspend', code: 'monthly_incoming_limit' },
    ],
  ])('is decided by wallet and account: %s', (_what, wallet, account, verdict) => {
    expect(
      judgeTopUp(
        { status: 'active', maximumBalanceMinor: 150n, ...wallet },
        { balanceMinor: 100n, ...account },
        50n,
      ),
    ).toEqual(verdict)
  })
})

describe('the most that may come in', () => {
  it.each([
    ['what the balance has room for', {}, 50n],
    ['what the month has room for, when that is less', { monthlyCapMinor: 60n, incomingMinor: 30n }, 30n],
    ['a whole month, when nothing has come yet', { monthlyCapMinor: 40n }, 40n],
    ['the balance’s room, when the month has more', { monthlyCapMinor: 900n, incomingMinor: 30n }, 50n],
  ])('is %s, and exactly that is credited', (_what, month, room) => {
    const wallet = { status: 'active', maximumBalanceMinor: 150n } as const
    const account = { balanceMinor: 100n, ...month }
    expect(roomForTopUp(wallet, account)).toBe(room)
    expect(judgeTopUp(wallet, account, room)).toEqual({ verdict: 'credit' })
    expect(judgeTopUp(wallet, account, room + 1n)).toMatchObject({ verdict: 'suspend' })
  })
})

describe('TP references', () => {
  it('tell the owner the trace with its evidence, and nobody else', async () => {
    const topUp = await receive()
    const reference = referenceOf('TP', topUp.number)
    expect(await platform.references.ownerOf(reference)).toBe(customerId)
    const detail = await platform.references.detail(reference, customerId)
    expect(detail).toMatchObject({
      reference,
      kind: 'top_up',
      state: 'completed',
      party: { name: 'Bank Melati' },
      amount: { amountMinor: '25000000', currency: 'IDR' },
      sentence: 'top_up_completed',
      balanceAfter: { amountMinor: '25000000', currency: 'IDR' },
      hops: [
        {
          key: 'bank_received',
          state: 'done',
          at: '2026-11-20T05:59:30.000Z',
          evidence: [
            { kind: 'bank_reference', value: 'ML0001' },
            { kind: 'account', value: `•••• ${account.slice(-4)}` },
          ],
        },
        { key: 'credited', state: 'done', evidence: [{ kind: 'ledger_transfer', value: reference }] },
      ],
    })
    expect(await platform.references.detail(reference, uuidv7())).toBeUndefined()
    expect(await platform.references.summary(reference, uuidv7())).toBeUndefined()
    expect(parseReference(reference)?.number).toBe(topUp.number)
  })

  it('say that Tuntas must act while the money is on suspense', async () => {
    const topUp = await receive({ amountMinor: 200_000_100n })
    const detail = await platform.references.detail(referenceOf('TP', topUp.number), customerId)
    expect(detail).toMatchObject({
      state: 'held',
      failure: { code: 'balance_limit' },
      sentence: 'top_up_held',
      hops: [
        { key: 'bank_received' },
        { key: 'credited', state: 'stuck', owner: 'staff', then: 'lead_decides' },
      ],
    })
    expect(detail?.balanceAfter).toBeUndefined()
  })

  it('are listed newest first, page by page', async () => {
    const numbers: bigint[] = []
    for (let index = 0; index < 5; index++) numbers.push((await receive({ amountMinor: 100n })).number)
    const first = await platform.references.list(customerId, undefined, 3)
    const last = first.at(-1)!
    const rest = await platform.references.list(
      customerId,
      { at: new Date(last.effectiveAt), reference: last.reference },
      3,
    )
    expect([...first, ...rest].map((line) => line.reference)).toEqual(
      numbers.toReversed().map((number) => referenceOf('TP', number)),
    )
  })
})

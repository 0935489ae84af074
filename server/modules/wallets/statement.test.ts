// The statement on a real ledger: what a customer reads is what was posted, cut at midnight in the wallet's zone.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { referenceOf, uuidv7 } from '#contract/ids.ts'
import type { Statement } from '#contract/customer.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import { createAudit } from '#modules/audit/index.ts'
import { createLedger, type Ledger } from '#modules/ledger/index.ts'
import { createWallets, type Wallets } from './index.ts'

let platform: TestPlatform
let ledger: Ledger
let wallets: Wallets
let customerId: string
let account: string
let bank: string
let shop: string
let number = 0n

const summary = (reference: string, kind: 'payment' | 'top_up', party: string) => ({
  reference,
  kind,
  state: 'completed' as const,
  party: { name: party },
  amount: { amountMinor: '0', currency: 'IDR' as const },
  effectiveAt: '2026-11-20T06:00:00.000Z',
})
const room = (prefix: 'TN' | 'TP', kind: 'payment' | 'top_up', party: string) => ({
  prefix,
  ownerOf: async () => undefined,
  summaries: async (numbers: readonly bigint[]) =>
    numbers.map((each) => summary(referenceOf(prefix, each), kind, party)),
  list: async () => [],
  detail: async () => undefined,
})

beforeAll(async () => {
  platform = await createTestPlatform()
  ledger = createLedger(platform)
  wallets = createWallets(platform, { ledger, audit: createAudit(platform) })
  // Stand in for payments and funding: here they only give names.
  platform.references.register(room('TN', 'payment', 'Surya Elektronik'))
  platform.references.register(room('TP', 'top_up', 'Bank Nusa'))
  await platform.db.transaction(async (tx) => {
    bank = await ledger.ensureSystemAccount(tx, { kind: 'bank_clearing', currency: 'IDR' })
    shop = await ledger.ensureSystemAccount(tx, { kind: 'shop_unacknowledged', currency: 'IDR' })
  })
})
afterAll(() => platform.close())
beforeEach(async () => {
  customerId = uuidv7()
  await platform.db.transaction((tx) => wallets.open(tx, [{ customerId }]))
  account = (await wallets.readWallets(platform.db.read, [customerId])).get(customerId)!.accountId
})

const goTo = (at: string) => platform.clock.advance(Date.parse(at) - platform.clock.now().getTime())

async function move(kind: string, amountMinor: bigint, at: string, reference?: string) {
  goTo(at)
  const incoming = amountMinor > 0n
  const shown = reference ?? referenceOf(kind === 'top_up' ? 'TP' : 'TN', ++number)
  const id = uuidv7()
  await platform.db.transaction((tx) =>
    ledger.post(tx, [
      {
        id,
        debitAccountId: incoming ? (kind === 'top_up' ? bank : shop) : account,
        creditAccountId: incoming ? account : shop,
        amountMinor: incoming ? amountMinor : -amountMinor,
        currency: 'IDR',
        kind,
        reference: shown,
        effectiveAt: platform.clock.now(),
      },
    ]),
  )
  return shown
}
const november = (limit = 100): Promise<Statement> =>
  wallets.statement(customerId, '2026-11-01', '2026-11-30', limit)
const amounts = ({ entries }: Pick<Statement, 'entries'>) => entries.map(({ amount }) => amount.amountMinor)

describe('a month', () => {
  it('opens with what stood before, tells every entry in words, and adds up', async () => {
    await move('top_up', 84_200_000n, '2026-10-31T16:59:59.999Z')
    await move('top_up', 10_000_000n, '2026-10-31T17:00:00.000Z')
    const payment = await move('payment', -34_900_000n, '2026-11-20T06:00:00.000Z')
    await move('payment_returned', 34_900_000n, '2026-11-20T08:00:00.000Z', payment)
    goTo('2026-11-22T03:00:00.000Z')
    const statement = await november()
    expect(statement).toMatchObject({
      timeZone: 'Asia/Jakarta',
      opening: { amount: { amountMinor: '84200000' }, at: '2026-10-31T17:00:00.000Z' },
      incoming: { amount: { amountMinor: '44900000' }, entries: 2 },
      outgoing: { amount: { amountMinor: '34900000' }, entries: 1 },
      closing: { amount: { amountMinor: '94200000' }, at: '2026-11-22T03:00:00.000Z' },
      standing: { held: { amountMinor: '0' }, spendable: { amountMinor: '94200000' }, holds: [] },
      addsUp: true,
    })
    expect(statement).not.toHaveProperty('difference')
    expect(statement.entries.map(({ kind, party, givesBack }) => [kind, party, givesBack])).toEqual([
      ['payment_returned', 'Surya Elektronik', payment],
      ['payment', 'Surya Elektronik', undefined],
      ['top_up', 'Bank Nusa', undefined],
    ])
    expect(statement.entries[0]!.balanceAfter.amountMinor).toBe('94200000')
  })

  it('that is over closes at its last moment', async () => {
    await move('top_up', 10_000_000n, '2026-10-05T06:00:00.000Z')
    await move('payment', -1_000_000n, '2026-11-05T06:00:00.000Z')
    const october = await wallets.statement(customerId, '2026-10-01', '2026-10-31', 100)
    expect(october).toMatchObject({
      opening: { amount: { amountMinor: '0' } },
      closing: { amount: { amountMinor: '10000000' }, at: '2026-10-31T16:59:59.999Z' },
    })
  })

  it('says what is held and what can be spent', async () => {
    await move('top_up', 10_000_000n, '2026-11-05T06:00:00.000Z')
    const reference = referenceOf('TN', ++number)
    await platform.db.transaction((tx) =>
      ledger.placeHolds(tx, [
        {
          id: uuidv7(),
          debitAccountId: account,
          creditAccountId: shop,
          amountMinor: 7_500_000n,
          currency: 'IDR',
          reference,
        },
      ]),
    )
    expect((await november()).standing).toEqual({
      held: { amountMinor: '7500000', currency: 'IDR' },
      spendable: { amountMinor: '2500000', currency: 'IDR' },
      holds: [{ reference, party: 'Surya Elektronik', amount: { amountMinor: '7500000', currency: 'IDR' } }],
    })
  })

  it('that is over says what was held at its end, whatever became of it since', async () => {
    await move('top_up', 10_000_000n, '2026-10-05T06:00:00.000Z')
    const place = async (amountMinor: bigint, at: string) => {
      goTo(at)
      const [id, reference] = [uuidv7(), referenceOf('TN', ++number)]
      await platform.db.transaction((tx) =>
        ledger.placeHolds(tx, [
          { id, debitAccountId: account, creditAccountId: shop, amountMinor, currency: 'IDR', reference },
        ]),
      )
      return { id, reference }
    }
    const post = (holdId: string, amountMinor?: bigint) =>
      platform.db.transaction((tx) =>
        ledger.postHold(tx, {
          holdId,
          transferId: uuidv7(),
          kind: 'payment',
          effectiveAt: platform.clock.now(),
          ...(amountMinor === undefined ? {} : { amountMinor }),
        }),
      )
    const voided = await place(1_000_000n, '2026-10-06T06:00:00.000Z')
    const inParts = await place(2_000_000n, '2026-10-07T06:00:00.000Z')
    const still = await place(400_000n, '2026-10-08T06:00:00.000Z')
    const before = await place(50_000n, '2026-10-09T06:00:00.000Z')
    await post(before.id)
    await post(inParts.id, 500_000n)
    // November: what October's end does not know.
    goTo('2026-11-02T06:00:00.000Z')
    await post(inParts.id)
    await platform.db.transaction((tx) => ledger.voidHold(tx, voided.id))
    await place(70_000n, '2026-11-03T06:00:00.000Z')
    const october = await wallets.statement(customerId, '2026-10-01', '2026-10-31', 100)
    expect(october.closing.amount.amountMinor).toBe('9450000')
    expect(october.standing).toMatchObject({
      held: { amountMinor: '2900000' },
      spendable: { amountMinor: '6550000' },
    })
    expect(october.standing.holds.map(({ reference, amount }) => [reference, amount.amountMinor])).toEqual([
      [voided.reference, '1000000'],
      [inParts.reference, '1500000'],
      [still.reference, '400000'],
    ])
    expect((await november()).standing.held.amountMinor).toBe('470000')
    // At the present moment both ways of reading say the same.
    const open = (await ledger.openHolds(platform.db.read, account)).map((hold) => hold.remainingMinor)
    const now = await ledger.holdsAt(platform.db.read, account, platform.clock.now())
    expect(now.map((hold) => hold.remainingMinor)).toEqual(open)
  })

  it('of a new wallet is empty and adds up', async () => {
    goTo('2026-11-22T03:00:00.000Z')
    expect(await november()).toMatchObject({
      opening: { amount: { amountMinor: '0' } },
      closing: { amount: { amountMinor: '0' } },
      entries: [],
      addsUp: true,
    })
  })
})

describe('pages', () => {
  it('bring every entry of the period once, whatever is posted meanwhile', async () => {
    await move('top_up', 50_000_000n, '2026-10-05T06:00:00.000Z')
    for (let day = 1; day <= 7; day++) await move('payment', -BigInt(day), `2026-11-0${day}T06:00:00.000Z`)
    const first = await november(3)
    expect(amounts(first)).toEqual(['-7', '-6', '-5'])
    await move('payment', -99n, '2026-11-08T06:00:00.000Z')
    const second = await wallets.olderEntries(customerId, first.next!, 3)
    const third = await wallets.olderEntries(customerId, second.next!, 3)
    expect([amounts(second), amounts(third)]).toEqual([['-4', '-3', '-2'], ['-1']])
    expect(third.next).toBeUndefined()
  })

  it('refuse a cursor that is none', async () => {
    for (const after of ['', '5', '5~', '0~1', "1'~1", '5~4~3'])
      await expect(wallets.olderEntries(customerId, after, 3)).rejects.toMatchObject({
        code: 'validation_failed',
      })
  })
})

it('a period that is none, or still to come, is refused; so is a customer without a wallet', async () => {
  goTo('2026-11-22T03:00:00.000Z')
  for (const [from, to] of [
    ['2026-11-31', '2026-12-01'],
    ['2026-11-02', '2026-11-01'],
    ['2025-01-01', '2026-11-01'],
    ['2026-12-01', '2026-12-31'],
  ] as const)
    await expect(wallets.statement(customerId, from, to, 10)).rejects.toMatchObject({
      code: 'validation_failed',
    })
  await expect(wallets.statement(uuidv7(), '2026-11-01', '2026-11-30', 10)).rejects.toMatchObject({
    code: 'not_found',
  })
})

it('when the ledger does not add up the difference is said', async () => {
  await move('top_up', 10_000_000n, '2026-11-05T06:00:00.000Z')
  await move('payment', -3_000_000n, '2026-11-06T06:00:00.000Z')
  // The database refuses to store such a thing, so a ledger that lost Rp 500 stands in.
  const broken: Ledger = {
    ...ledger,
    statement: async () => {
      throw new Error('statement does not add up at entry 1')
    },
    balanceAt: async (sql, id, at) => {
      const balanceMinor = await ledger.balanceAt(sql, id, at)
      return balanceMinor === 7_000_000n ? balanceMinor - 50_000n : balanceMinor
    },
  }
  const told = await createWallets(platform, { ledger: broken, audit: createAudit(platform) }).statement(
    customerId,
    '2026-11-01',
    '2026-11-30',
    10,
  )
  expect(told).toMatchObject({
    addsUp: false,
    difference: { amountMinor: '-50000' },
    incoming: { amount: { amountMinor: '10000000' } },
    outgoing: { amount: { amountMinor: '3000000' } },
    closing: { amount: { amountMinor: '6950000' } },
  })
})

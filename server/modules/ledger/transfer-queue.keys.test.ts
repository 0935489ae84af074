// Holds, reversals and exchanges under keys: the first answer again, for ever, with what was made then.
import { describe, expect, it } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import { createTransferQueue, type ExchangeOrder, type NewHold, type Reversal } from './index.ts'
import {
  balance,
  bank,
  ledger,
  other,
  platform,
  queue,
  transfer,
  useQueues,
  wallet,
} from './queue-for-tests.ts'

useQueues()

describe('under keys, what is not a plain transfer', () => {
  const ask = () => ({ ownerId: wallet, key: uuidv7() })
  const fund = (amountMinor: bigint) =>
    queue.submit({ ...ask(), transfers: [transfer(bank, wallet, amountMinor)] })
  const newHold = (amountMinor: bigint, more: Partial<NewHold> = {}): NewHold => ({
    id: uuidv7(),
    debitAccountId: wallet,
    creditAccountId: bank,
    amountMinor,
    currency: 'IDR',
    reference: 'TN-TEST-0001',
    ...more,
  })
  const held = async () => (await ledger.accounts(platform.db.read, [wallet])).get(wallet)!.heldMinor
  const counted = async (table: string) =>
    (await platform.db.read.one<{ rows: bigint }>(`SELECT count(*) AS rows FROM ledger.${table}`)).rows

  it('a hold is placed once, fifty times at once in two processes, and every answer names the same one', async () => {
    await fund(90n)
    const keyed = ask()
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, place) =>
        (place % 2 ? queue : other).placeHold({ ...keyed, hold: newHold(20n) }),
      ),
    )
    expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['held']))
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1)
    const open = await ledger.openHolds(platform.db.read, wallet)
    expect(open.map((hold) => [hold.id, hold.remainingMinor])).toEqual([[answers[0]!.id, 20n]])
  })

  it('another amount, other terms, another way of asking: the key is another one’s', async () => {
    await fund(90n)
    const keyed = ask()
    const first = newHold(20n)
    expect(await queue.placeHold({ ...keyed, hold: first })).toEqual({ outcome: 'held', id: first.id })
    const conflict = { outcome: 'idempotency_conflict' }
    for (const more of [
      { amountMinor: 21n },
      { reference: 'TN-TEST-0002' },
      { expiresAt: platform.clock.now() },
      { creditAccountId: uuidv7() },
      { debitAccountId: bank, creditAccountId: wallet },
    ])
      expect(await queue.placeHold({ ...keyed, hold: newHold(20n, more) })).toEqual(conflict)
    expect(await queue.voidHold({ ...keyed, holdId: first.id })).toEqual(conflict)
    expect(await queue.submit({ ...keyed, transfers: [transfer(wallet, bank, 20n)] })).toBe(conflict.outcome)
    expect(await queue.placeHold({ ...keyed, hold: newHold(20n) })).toEqual({ outcome: 'held', id: first.id })
    expect(await held()).toBe(20n)
  })

  it('of another owner is another key', async () => {
    await fund(90n)
    const keyed = ask()
    for (const ownerId of [wallet, bank])
      expect(await queue.placeHold({ ...keyed, ownerId, hold: newHold(5n) })).toMatchObject({
        outcome: 'held',
      })
    expect(await held()).toBe(10n)
  })

  it('a hold that was refused stays refused under its key, whatever comes in, and holds nothing', async () => {
    await fund(10n)
    const keyed = ask()
    const wants = () => queue.placeHold({ ...keyed, hold: newHold(11n) })
    expect(await wants()).toEqual({ outcome: 'insufficient_funds' })
    await fund(50n)
    expect(await wants()).toEqual({ outcome: 'insufficient_funds' })
    expect(await held()).toBe(0n)
    expect(await queue.placeHold({ ...ask(), hold: newHold(11n) })).toMatchObject({ outcome: 'held' })
  })

  it('what is held is held in the same batch: no two commands promise or spend the same money', async () => {
    await fund(100n)
    const answers = await Promise.all([
      ...Array.from({ length: 30 }, () => queue.placeHold({ ...ask(), hold: newHold(7n) })),
      ...Array.from({ length: 30 }, async () => ({
        outcome: await queue.submit({ ...ask(), transfers: [transfer(wallet, bank, 7n)] }),
      })),
    ])
    const count = (outcome: string) => answers.filter((answer) => answer.outcome === outcome).length
    expect(count('held') + count('posted')).toBe(14)
    expect(count('insufficient_funds')).toBe(46)
    expect(await balance(wallet)).toBe(100n - 7n * BigInt(count('posted')))
    expect(await held()).toBe(7n * BigInt(count('held')))
  })

  it('what came in within a batch may be promised in it', async () => {
    const [first, second] = await Promise.all([fund(60n), queue.placeHold({ ...ask(), hold: newHold(60n) })])
    expect(first).toBe('posted')
    expect(['held', 'insufficient_funds']).toContain(second.outcome)
    expect(await held()).toBe(second.outcome === 'held' ? 60n : 0n)
  })

  it('a hold is voided once, its key answers so for ever, and other keys hear that it is closed or that there is none', async () => {
    await fund(60n)
    const hold = newHold(60n)
    await queue.placeHold({ ...ask(), hold })
    const keyed = { ...ask(), holdId: hold.id }
    expect(await Promise.all([queue.voidHold(keyed), other.voidHold(keyed)])).toEqual([
      { outcome: 'voided' },
      { outcome: 'voided' },
    ])
    expect(await held()).toBe(0n)
    expect(await queue.voidHold({ ...ask(), holdId: hold.id })).toEqual({ outcome: 'hold_closed' })
    expect(await queue.voidHold({ ...keyed, holdId: uuidv7() })).toEqual({ outcome: 'idempotency_conflict' })
    const none = { ...ask(), holdId: uuidv7() }
    expect(await queue.voidHold(none)).toEqual({ outcome: 'hold_unknown' })
    // The answer stands, also when there is such a hold by now.
    await platform.db.transaction((tx) => ledger.placeHolds(tx, [newHold(5n, { id: none.holdId })]))
    expect(await queue.voidHold(none)).toEqual({ outcome: 'hold_unknown' })
    expect(await queue.voidHold(keyed)).toEqual({ outcome: 'voided' })
    expect(await held()).toBe(5n)
    expect(await queue.submit({ ...ask(), transfers: [transfer(wallet, bank, 55n)] })).toBe('posted')
  })

  it('fifty voids and posts of one hold under keys of their own: one of them ends it', async () => {
    await fund(60n)
    const hold = newHold(60n)
    await queue.placeHold({ ...ask(), hold })
    const answers = await Promise.all(
      Array.from({ length: 50 }, async (_, place) =>
        place % 2
          ? (await queue.voidHold({ ...ask(), holdId: hold.id })).outcome
          : other.submit({
              ...ask(),
              hold: { holdId: hold.id, transferId: uuidv7(), kind: 'test', accountIds: [wallet, bank] },
            }),
      ),
    )
    const ended = answers.filter((answer) => answer !== 'hold_closed')
    expect(ended).toHaveLength(1)
    expect(await balance(wallet)).toBe(ended[0] === 'voided' ? 60n : 0n)
    expect(await held()).toBe(0n)
  })

  it('what is given back never exceeds its origin, and a key gives back once and names what it gave', async () => {
    await fund(90n)
    const pay = transfer(wallet, bank, 50n)
    await queue.submit({ ...ask(), transfers: [pay] })
    const back = (amountMinor: bigint, more: Partial<Reversal> = {}): Reversal => ({
      id: uuidv7(),
      transferId: pay.id,
      amountMinor,
      kind: 'refund',
      reference: 'RF-TEST-0001',
      ...more,
    })
    const keyed = ask()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, place) =>
        (place % 2 ? queue : other).reverse({ ...keyed, reversal: back(20n) }),
      ),
    )
    expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['posted']))
    const made = await ledger.transfersByReference(platform.db.read, 'RF-TEST-0001', { limit: 1000 })
    expect(made.filter((row) => row.reversal_of === pay.id).map((row) => row.id)).toEqual([answers[0]!.id])
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1)
    expect(await queue.reverse({ ...keyed, reversal: back(21n) })).toEqual({
      outcome: 'idempotency_conflict',
    })
    expect(await queue.reverse({ ...keyed, reversal: back(20n, { kind: 'cancelled' }) })).toEqual({
      outcome: 'idempotency_conflict',
    })
    // Under keys of their own, at once, also as plain transfers that name their origin: thirty are left.
    const others = await Promise.all(
      Array.from({ length: 20 }, async (_, place) =>
        place % 2
          ? (await queue.reverse({ ...ask(), reversal: back(10n) })).outcome
          : other.submit({ ...ask(), transfers: [{ ...transfer(bank, wallet, 10n), reversalOf: pay.id }] }),
      ),
    )
    expect(others.filter((answer) => answer === 'posted')).toHaveLength(3)
    expect(others.filter((answer) => answer === 'refund_not_allowed')).toHaveLength(17)
    expect(await balance(wallet)).toBe(90n)
    expect(await queue.reverse({ ...ask(), reversal: back(1n, { transferId: uuidv7() }) })).toEqual({
      outcome: 'refund_not_allowed',
    })
  })

  it('linked legs that give back too much together, to another one or in another currency, give back nothing', async () => {
    await fund(90n)
    const pay = transfer(wallet, bank, 50n)
    await queue.submit({ ...ask(), transfers: [pay] })
    const back = (to: string, amountMinor: bigint) => ({
      ...transfer(bank, to, amountMinor),
      reversalOf: pay.id,
    })
    for (const transfers of [
      [back(wallet, 25n), back(wallet, 26n)],
      [back(wallet, 51n)],
      [{ ...back(wallet, 5n), currency: 'USD' as const }],
      [back(wallet, 5n), { ...transfer(wallet, bank, 5n), reversalOf: pay.id }],
    ])
      expect(await queue.submit({ ...ask(), transfers })).toBe('refund_not_allowed')
    expect(await queue.submit({ ...ask(), transfers: [back(wallet, 25n), back(wallet, 25n)] })).toBe('posted')
    expect(await balance(wallet)).toBe(90n)
  })

  it('a refused reversal leaves what it did not give back to others of its batch', async () => {
    await fund(100n)
    const pay = transfer(wallet, bank, 50n)
    await queue.submit({ ...ask(), transfers: [pay] })
    // Room for fifty more only: it is full now.
    await fund(50n)
    const reverse = () =>
      queue.reverse({
        ...ask(),
        reversal: {
          id: uuidv7(),
          transferId: pay.id,
          amountMinor: 50n,
          kind: 'refund',
          reference: 'RF-TEST-0001',
        },
      })
    expect((await Promise.all([reverse(), reverse()])).map(({ outcome }) => outcome)).toEqual([
      'balance_limit',
      'balance_limit',
    ])
    await queue.submit({ ...ask(), transfers: [transfer(wallet, bank, 50n)] })
    expect((await reverse()).outcome).toBe('posted')
  })

  it('an exchange is done once for a key, and says what was bought then', async () => {
    const [rupiah, dollars] = [uuidv7(), uuidv7()]
    await platform.db.transaction((tx) =>
      ledger.openAccounts(tx, [
        { id: rupiah, kind: 'customer_wallet', ownerId: rupiah, currency: 'IDR', minimumMinor: 0n },
        { id: dollars, kind: 'customer_wallet', ownerId: dollars, currency: 'SGD' },
      ]),
    )
    await queue.submit({ ...ask(), transfers: [transfer(bank, rupiah, 50_000n)] })
    const order = (more: Partial<ExchangeOrder> = {}): ExchangeOrder => ({
      fromAccountId: rupiah,
      toAccountId: dollars,
      sold: { amountMinor: 30_000n, currency: 'IDR' },
      boughtCurrency: 'SGD',
      rate: { numerator: 2n, denominator: 24_301n, source: 'treasury' },
      kind: 'exchange',
      reference: 'TF-TEST-0001',
      ...more,
    })
    const keyed = ask()
    const before = await counted('exchanges')
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, place) =>
        (place % 2 ? queue : other).exchange({ ...keyed, order: order() }),
      ),
    )
    expect(
      new Set(
        answers.map((answer) => JSON.stringify([answer.outcome, answer.id, String(answer.boughtMinor)])),
      ).size,
    ).toBe(1)
    expect(answers[0]).toMatchObject({ outcome: 'posted', boughtMinor: 2n })
    expect(await counted('exchanges')).toBe(before + 1n)
    const legs = await ledger.linked(platform.db.read, answers[0]!.id!)
    expect(legs.map((leg) => [leg.currency, leg.amount])).toEqual([
      ['IDR', 30_000n],
      ['SGD', 2n],
    ])
    for (const more of [
      { sold: { amountMinor: 30_001n, currency: 'IDR' as const } },
      { rate: { numerator: 2n, denominator: 24_301n, source: 'another' } },
      { rate: { numerator: 1n, denominator: 12_150n, source: 'treasury' } },
    ])
      expect(await queue.exchange({ ...keyed, order: order(more) })).toEqual({
        outcome: 'idempotency_conflict',
      })
    const poor = ask()
    expect(await queue.exchange({ ...poor, order: order() })).toEqual({ outcome: 'insufficient_funds' })
    await queue.submit({ ...ask(), transfers: [transfer(bank, rupiah, 50_000n)] })
    expect(await queue.exchange({ ...poor, order: order() })).toEqual({ outcome: 'insufficient_funds' })
    expect([await balance(rupiah), await balance(dollars)]).toEqual([70_000n, 2n])
    expect((await ledger.check(platform.db.read)).sumsPerCurrency).toEqual({ IDR: 0n, SGD: 0n })
  })

  it('what the locks moved is known to what is decided ahead of them', async () => {
    const own = createTransferQueue(platform, ledger)
    await fund(60n)
    expect(await own.placeHold({ ...ask(), hold: newHold(50n) })).toMatchObject({ outcome: 'held' })
    const spend = () => own.submit({ ...ask(), transfers: [transfer(wallet, bank, 11n)] })
    expect(await spend()).toBe('insufficient_funds')
    const [hold] = await ledger.openHolds(platform.db.read, wallet)
    await own.voidHold({ ...ask(), holdId: hold!.id })
    const { ahead } = own.statistics
    expect(await spend()).toBe('posted')
    expect(own.statistics.ahead).toBe(ahead + 1)
    await own.close()
  })

  it('what a batch gives free may be spent in it, and what it gives back is counted in it: none is decided twice', async () => {
    const own = createTransferQueue(platform, ledger, { ahead: false })
    await fund(60n)
    const hold = newHold(60n)
    await own.placeHold({ ...ask(), hold })
    const pay = transfer(wallet, bank, 50n)
    expect(
      await Promise.all([
        own.voidHold({ ...ask(), holdId: hold.id }),
        own.submit({ ...ask(), transfers: [pay] }),
      ]),
    ).toEqual([{ outcome: 'voided' }, 'posted'])
    const back = () =>
      own.reverse({
        ...ask(),
        reversal: {
          id: uuidv7(),
          transferId: pay.id,
          amountMinor: 20n,
          kind: 'refund',
          reference: 'RF-TEST-0001',
        },
      })
    const answers = await Promise.all([back(), back(), back()])
    expect(answers.map(({ outcome }) => outcome)).toEqual(['posted', 'posted', 'refund_not_allowed'])
    expect(own.statistics).toMatchObject({ batches: 3, halved: 0 })
    await own.close()
  })

  it('an id that is taken is said so, and its key is still free', async () => {
    await fund(60n)
    const taken = newHold(1n)
    const pay = transfer(wallet, bank, 1n)
    await queue.placeHold({ ...ask(), hold: taken })
    await queue.submit({ ...ask(), transfers: [pay] })
    const keyed = ask()
    const refused = { code: 'duplicate_reference' }
    await expect(queue.placeHold({ ...keyed, hold: newHold(2n, { id: taken.id }) })).rejects.toMatchObject(
      refused,
    )
    await expect(
      queue.submit({ ...keyed, transfers: [{ ...transfer(wallet, bank, 2n), id: pay.id }] }),
    ).rejects.toMatchObject(refused)
    const twice = transfer(wallet, bank, 1n)
    await expect(queue.submit({ ...keyed, transfers: [twice, { ...twice }] })).rejects.toMatchObject(refused)
    expect(await queue.placeHold({ ...keyed, hold: newHold(3n) })).toMatchObject({ outcome: 'held' })
    expect([await balance(wallet), await held()]).toEqual([59n, 4n])
  })
})

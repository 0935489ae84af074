// What callers give wrongly, by every way that leads into the ledger: refused in words of the catalogue, and nothing is done.
// What the program itself does wrongly stays a fault.
import { describe, expect, it } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import type { Currency } from '#contract/money.ts'
import type { Transaction } from '#platform/db.ts'
import { Refusal } from '#platform/refusal.ts'
import { accountKinds, type NewAccount } from './index.ts'
import { balance, bank, ledger, open, platform, post, read, transfer, useLedger } from './ledger-for-tests.ts'

useLedger()

/** `done`, the code of the refusal, or what the database said. */
const answerOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: Error) => (error instanceof Refusal ? error.code : error.message),
  )

describe('what is no amount', () => {
  const wrong: [string, unknown][] = [
    ['a number', 5],
    ['a fraction', 0.5],
    ['a text', '5'],
    ['nothing', null],
    ['zero', 0n],
    ['below zero', -1n],
    ['above int8', 2n ** 63n],
  ]
  it.each(wrong)(
    '%s is refused in words wherever it is given, and nothing is moved',
    async (_what, amount) => {
      const amountMinor = amount as bigint
      const account = await open()
      const paid = transfer(bank, account, 20n)
      await post(paid)
      const hold = transfer(account, bank, 10n)
      await platform.db.transaction((tx) => ledger.placeHolds(tx, [hold]))
      const order = {
        fromAccountId: account,
        toAccountId: bank,
        sold: { amountMinor: 1n, currency: 'IDR' as Currency },
        boughtCurrency: 'SGD' as Currency,
        rate: { numerator: 1n, denominator: 1n, source: 'test' },
        kind: 'exchange',
        reference: 'TF-TEST-0001',
      }
      const tries: ((tx: Transaction) => Promise<unknown>)[] = [
        (tx) => ledger.post(tx, [transfer(bank, account, amountMinor)]),
        (tx) => ledger.post(tx, [transfer(bank, account, 1n), transfer(bank, account, amountMinor)]),
        (tx) => ledger.postLinked(tx, [transfer(bank, account, 1n), transfer(account, bank, amountMinor)]),
        (tx) => ledger.placeHolds(tx, [transfer(account, bank, amountMinor)]),
        (tx) => ledger.postHold(tx, { holdId: hold.id, transferId: uuidv7(), amountMinor, kind: 'test' }),
        (tx) => ledger.reverse(tx, { ...paid, id: uuidv7(), transferId: paid.id, amountMinor }),
        (tx) => ledger.exchange(tx, { ...order, sold: { ...order.sold, amountMinor } }),
        (tx) => ledger.exchange(tx, { ...order, rate: { ...order.rate, numerator: amountMinor } }),
        (tx) => ledger.exchange(tx, { ...order, rate: { ...order.rate, denominator: amountMinor } }),
      ]
      for (const [place, ask] of tries.entries())
        await expect(platform.db.transaction(ask), `way ${place}`).rejects.toMatchObject({
          name: 'Refusal',
          code: 'validation_failed',
        })
      // Rooms that decide under locks themselves hear a verdict.
      await platform.db.transaction(async (tx) => {
        const accounts = await ledger.lockAccounts(tx, [bank, account])
        expect(accounts.apply(transfer(bank, account, amountMinor))).toBe('amount_invalid')
        expect(accounts.applyLinked([transfer(bank, account, amountMinor)])).toBe('amount_invalid')
        expect(accounts.applyHold(transfer(bank, account, amountMinor))).toBe('amount_invalid')
        expect(await accounts.write(platform.clock.now())).toEqual([])
      })
      expect(await read(account)).toMatchObject({ balanceMinor: 20n, heldMinor: 10n })
    },
  )
})

describe('a new account', () => {
  const fresh = (more: object): NewAccount => ({
    id: uuidv7(),
    kind: 'customer_wallet',
    ownerId: uuidv7(),
    currency: 'IDR',
    ...more,
  })
  const opened = (account: NewAccount) => platform.db.transaction((tx) => ledger.openAccounts(tx, [account]))

  it('is of a kind that the ledger knows: the types, the database and the checks have the same list', async () => {
    for (const kind of accountKinds) {
      const account = fresh({ kind })
      await opened(account)
      expect(await read(account.id)).toMatchObject({ kind })
    }
    await expect(opened(fresh({ kind: 'somebody' }))).rejects.toMatchObject({ code: 'validation_failed' })
    const { text } = await platform.db.read.one<{ text: string }>(
      `SELECT pg_get_constraintdef(oid) AS text FROM pg_constraint WHERE conname = 'account_kind'`,
    )
    expect([...text.matchAll(/'(\w+)'/g)].map(([, kind]) => kind).toSorted()).toEqual(accountKinds.toSorted())
  })

  it.each([
    [{ currency: 'XXX' }, 'currency_not_supported'],
    [{ currency: 'idr' }, 'currency_not_supported'],
    [{ id: '1' }, 'validation_failed'],
    [{ ownerId: 'me' }, 'validation_failed'],
    [{ minimumMinor: 1n }, 'validation_failed'],
    [{ minimumMinor: 0 }, 'validation_failed'],
    [{ minimumMinor: -(2n ** 64n) }, 'validation_failed'],
    [{ maximumMinor: -1n }, 'validation_failed'],
    [{ maximumMinor: 2n ** 63n }, 'validation_failed'],
    [{ maximumMinor: 0.5 }, 'validation_failed'],
    [{ monthlyCapMinor: -1n }, 'validation_failed'],
    [{ monthlyCapMinor: '5' }, 'validation_failed'],
  ])('%o is refused as %s', async (more, code) => {
    const account = fresh(more)
    await expect(opened(account)).rejects.toMatchObject({ name: 'Refusal', code })
  })

  it('may have the narrowest and the widest bounds', async () => {
    const largest = 2n ** 63n - 1n
    for (const more of [
      { minimumMinor: 0n, maximumMinor: 0n, monthlyCapMinor: 0n },
      { minimumMinor: -largest, maximumMinor: largest, monthlyCapMinor: largest },
    ]) {
      const account = fresh(more)
      await opened(account)
      expect(await read(account.id)).toMatchObject(more)
    }
  })
})

describe('what the database refuses because of what was asked', () => {
  const answer = (work: (tx: Transaction) => Promise<unknown>) => answerOf(platform.db.transaction(work))

  it('is said in words: an id that is taken, more given back than was paid, more at once than int8 holds', async () => {
    const [one, other] = [await open(), await open()]
    const paid = transfer(one, other, 10n)
    await post(paid)
    const hold = transfer(one, other, 1n)
    await platform.db.transaction((tx) => ledger.placeHolds(tx, [hold]))
    expect(await answer((tx) => ledger.post(tx, [{ ...transfer(one, other, 1n), id: paid.id }]))).toBe(
      'duplicate_reference',
    )
    expect(await answer((tx) => ledger.placeHolds(tx, [hold]))).toBe('duplicate_reference')
    const back = transfer(other, one, 6n, { reversalOf: paid.id })
    expect(await answer((tx) => ledger.postLinked(tx, [back, { ...back, id: uuidv7() }]))).toBe(
      'refund_not_allowed',
    )
    expect(await answer((tx) => ledger.post(tx, [{ ...back, reversalOf: hold.id }]))).toBe(
      'refund_not_allowed',
    )
    const largest = 2n ** 63n - 1n
    const [low, high] = [await open(), await open()]
    await post(transfer(low, high, largest))
    // From one end of int8 to the other at once: each balance fits, their difference does not.
    const across = () => transfer(high, low, largest)
    expect(await answer((tx) => ledger.postLinked(tx, [across(), across()]))).toBe('balance_limit')
    expect([await balance(one), await balance(low)]).toEqual([-10n, -largest])
    await post(across())
    await post(across())
  })

  it('on an account that was credited late, so that no rule has seen it, is said in words', async () => {
    const late = async (to: string) =>
      answer(async (tx) => {
        const accounts = await ledger.lockAccounts(tx, [bank])
        accounts.applyCreditingLate(transfer(bank, to, 10n))
        await accounts.write(platform.clock.now())
      })
    expect(await late(await open({ maximumMinor: 9n }))).toBe('balance_limit')
    expect(await late(await open({ monthlyCapMinor: 9n }))).toBe('monthly_incoming_limit')
    const closed = await open()
    await platform.db.transaction((tx) => ledger.close(tx, closed))
    expect(await late(closed)).toBe('account_inactive')
    expect(await late(await open())).toBe('done')
  })

  it('although the rules had accepted it stays a fault, so that it is seen', async () => {
    const account = await open({ minimumMinor: 0n })
    await expect(
      platform.db.transaction(async (tx) => {
        const accounts = await ledger.lockAccounts(tx, [account, bank])
        // As if the rules had let it pass.
        accounts.release(account, 1n)
        accounts.apply(transfer(account, bank, 1n))
        await accounts.write(platform.clock.now())
      }),
    ).rejects.toMatchObject({
      constraint: 'account_minimum',
    })
  })

  it('freezing for what nobody knows is refused', async () => {
    expect(await answer((tx) => ledger.freeze(tx, bank, 'somewhat' as 'both'))).toBe('validation_failed')
  })
})

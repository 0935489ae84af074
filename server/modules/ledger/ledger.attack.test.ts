// The ledger attacked through its own door: everything at once, the same key with other bodies, reversals past `reverse`, amounts at
// the end of int8, closed accounts, legs in another order. Whatever is tried, the books add up and no guard gives way.
import assert from 'node:assert/strict'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { uuidv7, type Uuid } from '#contract/ids.ts'
import { fixedClock } from '#platform/clock.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import {
  createLedger,
  createTransferQueue,
  type Ledger,
  type NewAccount,
  type PostableTransfer,
  type TransferQueue,
} from './index.ts'

let platform: TestPlatform
let ledger: Ledger
let queues: TransferQueue[]
let bank: Uuid

beforeAll(async () => {
  platform = await createTestPlatform()
  ledger = createLedger(platform)
  // As in two processes.
  queues = [createTransferQueue(platform, ledger), createTransferQueue(platform, ledger, { maximumSize: 8 })]
  bank = await open()
})
afterAll(async () => {
  await Promise.all(queues.map((queue) => queue.close()))
  await platform.close()
})
afterEach(async () => assert.deepEqual((await ledger.check(platform.db.read)).brokenAccounts, []))

const largest = 2n ** 63n - 1n

async function open(more: Partial<NewAccount> = {}): Promise<Uuid> {
  const id = uuidv7()
  await platform.db.transaction((tx) =>
    ledger.openAccounts(tx, [{ id, kind: 'customer_wallet', ownerId: uuidv7(), currency: 'IDR', ...more }]),
  )
  return id
}

async function funded(amountMinor: bigint, more: Partial<NewAccount> = {}): Promise<Uuid> {
  const id = await open({ minimumMinor: 0n, ...more })
  await post(transfer(bank, id, amountMinor))
  return id
}

const transfer = (
  debitAccountId: Uuid,
  creditAccountId: Uuid,
  amountMinor: bigint,
  more: Partial<PostableTransfer> = {},
): PostableTransfer => ({
  id: uuidv7(),
  debitAccountId,
  creditAccountId,
  amountMinor,
  currency: 'IDR',
  kind: 'test',
  reference: 'TN-TEST-0001',
  ...more,
})
const post = (...transfers: PostableTransfer[]) => platform.db.transaction((tx) => ledger.post(tx, transfers))
const submit = (place: number, ownerId: Uuid, key: Uuid, ...transfers: PostableTransfer[]) =>
  queues[place % 2]!.submit({ ownerId, key, transfers })
const read = async (id: Uuid) => (await ledger.accounts(platform.db.read, [id])).get(id)!
const balance = async (id: Uuid) => (await read(id)).balanceMinor
const reverse = (transferId: Uuid, amountMinor: bigint) =>
  platform.db.transaction((tx) =>
    ledger.reverse(tx, {
      id: uuidv7(),
      transferId,
      amountMinor,
      kind: 'refund',
      reference: 'RF-TEST-0001',
      effectiveAt: platform.clock.now(),
    }),
  )
/** `done`, or the code of the refusal or the constraint that refused. */
const answerOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    (answer) => (typeof answer === 'string' ? answer : 'done'),
    (error: { constraint?: string; code?: string }) => error.constraint ?? error.code ?? String(error),
  )
const count = (answers: readonly string[], answer: string) => answers.filter((one) => one === answer).length

describe('keys', () => {
  it('one key fifty times at once, each with another body: one moves, the others are conflicts, and so it stays', async () => {
    const wallet = await funded(10_000n)
    const shop = await open()
    const key = uuidv7()
    const ask = (place: number) => submit(place, wallet, key, transfer(wallet, shop, BigInt(place + 1)))
    const answers = await Promise.all(Array.from({ length: 50 }, (_, place) => ask(place)))
    expect([count(answers, 'posted'), count(answers, 'idempotency_conflict')]).toEqual([1, 49])
    const winner = answers.indexOf('posted')
    expect(await balance(shop)).toBe(BigInt(winner + 1))
    expect([await ask(winner), await ask((winner + 1) % 50)]).toEqual(['posted', 'idempotency_conflict'])
    expect(await balance(shop)).toBe(BigInt(winner + 1))
  })

  it('the same legs in another order are another body; each key keeps its own order', async () => {
    const wallet = await funded(100n)
    const shop = await open({ minimumMinor: 0n })
    const legs = () => [transfer(wallet, shop, 100n), transfer(shop, bank, 100n)]
    const [key, other] = [uuidv7(), uuidv7()]
    expect(await submit(0, wallet, other, ...legs().toReversed())).toBe('insufficient_funds')
    expect(await submit(0, wallet, key, ...legs())).toBe('posted')
    expect(await submit(1, wallet, key, ...legs().toReversed())).toBe('idempotency_conflict')
    expect(await submit(1, wallet, other, ...legs())).toBe('idempotency_conflict')
    expect([await balance(wallet), await balance(shop)]).toEqual([0n, 0n])
  })
})

describe('what is given back', () => {
  it('never exceeds its origin, by whichever way it is posted', async () => {
    const wallet = await funded(500n)
    const shop = await open()
    const pay = transfer(wallet, shop, 100n)
    await post(pay)
    const back = () => transfer(shop, wallet, 40n, { reversalOf: pay.id })
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, place) =>
        answerOf(
          [
            () => submit(place, wallet, uuidv7(), back()),
            () => submit(place, wallet, uuidv7(), back(), transfer(shop, bank, 1n)),
            () => post(back()),
            () => reverse(pay.id, 40n),
          ][place % 4]!(),
        ),
      ),
    )
    expect(count(answers, 'posted') + count(answers, 'done')).toBe(2)
    expect(new Set(answers)).not.toContain('system_error')
    expect(await balance(wallet)).toBe(480n)
    expect(await answerOf(reverse(pay.id, 21n))).toBe('refund_not_allowed')
    expect(await answerOf(reverse(pay.id, 20n))).toBe('done')
  })

  it('goes to whom its origin took from, in its currency, and has an origin', async () => {
    const wallet = await funded(100n)
    const [shop, stranger] = [await open(), await open({ monthlyCapMinor: 1n })]
    const pay = transfer(wallet, shop, 100n)
    await post(pay)
    for (const wrong of [
      // The cap of whom it does not belong to would not count it.
      transfer(shop, stranger, 50n, { reversalOf: pay.id }),
      transfer(wallet, shop, 0n, { reversalOf: pay.id }),
      transfer(shop, wallet, 50n, { reversalOf: uuidv7() }),
    ])
      expect(await answerOf(post(wrong))).toMatch(/refund_not_allowed|validation_failed/)
    const itself = transfer(shop, wallet, 50n)
    expect(await answerOf(post({ ...itself, reversalOf: itself.id }))).toBe('refund_not_allowed')
    expect([await balance(shop), await balance(wallet), await balance(stranger)]).toEqual([100n, 0n, 0n])
  })

  it('is counted by the database alone: nobody sets it back', async () => {
    const wallet = await funded(100n)
    const pay = transfer(wallet, bank, 100n)
    await post(pay)
    await reverse(pay.id, 60n)
    await expect(
      platform.db.read.run('UPDATE ledger.reversals SET reversed_amount = 1 WHERE transfer_id = $1', [
        pay.id,
      ]),
    ).rejects.toThrow(/what is recorded stays/)
    expect(await answerOf(reverse(pay.id, 41n))).toBe('refund_not_allowed')
  })
})

describe('at once', () => {
  it('fifty of post, void and expiry on one hold: one of them ends it, and the money is where its answer says', async () => {
    for (const moved of [-1, 0]) {
      const wallet = await funded(100n)
      const shop = await open()
      const expiresAt = new Date(platform.clock.now().getTime() + 1000)
      const hold = { ...transfer(wallet, shop, 60n), expiresAt }
      await platform.db.transaction((tx) => ledger.placeHolds(tx, [hold]))
      platform.clock.advance(1000 + moved)
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, place) => {
          const part = { holdId: hold.id, transferId: uuidv7(), kind: 'test' }
          if (place === 25) platform.clock.advance(1)
          return answerOf(
            [
              () => platform.db.transaction((tx) => ledger.postHold(tx, part)),
              () =>
                queues[place % 2]!.submit({
                  ownerId: wallet,
                  key: uuidv7(),
                  hold: { ...part, accountIds: [wallet, shop] },
                }),
              () => platform.db.transaction((tx) => ledger.voidHold(tx, hold.id)).then(() => 'voided'),
              () =>
                platform.db
                  .transaction((tx) => ledger.expireHolds(tx, 10))
                  .then((ended) => (ended > 0 ? 'expired' : 'nothing')),
            ][place % 4]!(),
          )
        }),
      )
      const ended = answers.filter((answer) => ['done', 'posted', 'voided', 'expired'].includes(answer))
      expect(ended).toHaveLength(1)
      const isPosted = ended[0] === 'done' || ended[0] === 'posted'
      // At its end it is never posted; a moment before, whoever comes first.
      expect(isPosted && moved === 0).toBe(false)
      expect([await balance(wallet), await balance(shop)]).toEqual(isPosted ? [40n, 60n] : [100n, 0n])
      expect((await read(wallet)).heldMinor).toBe(0n)
    }
  })

  it('frozen while it pays: what began after the freeze was answered is refused', async () => {
    const wallet = await funded(1000n)
    const freeze = (what: 'debits' | undefined) =>
      platform.db.transaction((tx) => ledger.freeze(tx, wallet, what))
    for (let round = 0; round < 5; round++) {
      let isFrozen = false
      const pay = async (place: number) => {
        const began = isFrozen
        const answer = await submit(place, wallet, uuidv7(), transfer(wallet, bank, 1n))
        return began ? `${answer} after the freeze` : answer
      }
      const before = Array.from({ length: 10 }, (_, place) => pay(place))
      const freezing = freeze('debits').then(() => (isFrozen = true))
      const during = Array.from({ length: 10 }, (_, place) => pay(place))
      await freezing
      const after = Array.from({ length: 10 }, (_, place) => pay(place))
      const answers = await Promise.all([...before, ...during, ...after])
      expect(count(answers, 'account_frozen after the freeze')).toBe(10)
      await freeze(undefined)
    }
    const paid = (await ledger.history(platform.db.read, wallet, { limit: 1000 })).length - 1
    expect(await balance(wallet)).toBe(1000n - BigInt(paid))
  })

  it('a maximum that is met from both sides is never passed, and what leaves makes room', async () => {
    const wallet = await funded(90n, { maximumMinor: 100n })
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, place) =>
        place % 2
          ? submit(place >> 1, wallet, uuidv7(), transfer(bank, wallet, 7n))
          : submit(place >> 1, wallet, uuidv7(), transfer(wallet, bank, 5n)),
      ),
    )
    expect(new Set(answers)).toEqual(new Set(['posted', 'balance_limit']))
    const entries = await ledger.history(platform.db.read, wallet, { limit: 1000 })
    for (const { balanceAfterMinor } of entries) {
      expect(balanceAfterMinor).toBeLessThanOrEqual(100n)
      expect(balanceAfterMinor).toBeGreaterThanOrEqual(0n)
    }
    expect(entries).toHaveLength(1 + count(answers, 'posted'))
  })

  it('closed while money comes: it is empty and closed, or open and has it', async () => {
    for (let round = 0; round < 10; round++) {
      const wallet = await open()
      const [paid, closed] = await Promise.all([
        answerOf(submit(round, bank, uuidv7(), transfer(bank, wallet, 5n))),
        answerOf(platform.db.transaction((tx) => ledger.close(tx, wallet))),
      ])
      expect([
        ['posted', 'conflict', 5n, undefined],
        ['account_closed', 'done', 0n, true],
      ]).toContainEqual([paid, closed, await balance(wallet), (await read(wallet)).closed])
    }
  })
})

describe('at the end of int8', () => {
  it('an account without bounds takes what fits, and refuses what does not by its code', async () => {
    const [one, other] = [await open(), await open()]
    expect(await answerOf(post(transfer(one, other, largest)))).toBe('done')
    expect([await balance(one), await balance(other)]).toEqual([-largest, largest])
    for (const amount of [1n, largest])
      expect(await answerOf(post(transfer(one, other, amount)))).toBe('insufficient_funds')
    const third = await open()
    expect(await answerOf(post(transfer(third, other, 1n)))).toBe('balance_limit')
    expect(await answerOf(post(transfer(one, third, 1n)))).toBe('insufficient_funds')
    expect(await answerOf(post(transfer(other, one, largest)))).toBe('done')
    for (const amount of [largest + 1n, 2n ** 64n, -largest, -(2n ** 63n)])
      expect(await answerOf(post(transfer(one, other, amount)))).toBe('validation_failed')
  })

  it('holds on an account without bounds never sum above it', async () => {
    const [one, other] = [await open(), await open()]
    const place = (...amounts: bigint[]) =>
      answerOf(
        platform.db.transaction((tx) =>
          ledger.placeHolds(
            tx,
            amounts.map((amount) => transfer(one, other, amount)),
          ),
        ),
      )
    expect(await place(largest, 1n)).toBe('insufficient_funds')
    expect(await place(largest - 1n)).toBe('done')
    expect(await place(2n)).toBe('insufficient_funds')
    expect(await place(1n)).toBe('done')
    expect((await read(one)).heldMinor).toBe(largest)
  })

  it('a rate that int8 does not hold is refused', async () => {
    const [rupiah, dollars] = [await open(), await open({ currency: 'USD' })]
    const exchange = (
      numerator: bigint,
      denominator: bigint,
      amountMinor = 100n,
      [toAccountId, boughtCurrency]: [Uuid, 'USD' | 'IDR'] = [dollars, 'USD'],
    ) =>
      answerOf(
        platform.db.transaction((tx) =>
          ledger.exchange(tx, {
            fromAccountId: rupiah,
            toAccountId,
            sold: { amountMinor, currency: 'IDR' },
            boughtCurrency,
            rate: { numerator, denominator, source: 'test' },
            kind: 'exchange',
            reference: 'TF-TEST-0001',
            effectiveAt: platform.clock.now(),
          }),
        ),
      )
    expect(await exchange(2n ** 64n, 2n ** 64n)).toBe('validation_failed')
    expect(await exchange(1n, 2n ** 63n, 2n ** 64n)).toBe('validation_failed')
    expect(await exchange(largest, 1n)).toBe('validation_failed')
    for (const [numerator, denominator] of [
      [0n, 1n],
      [1n, 0n],
      [-1n, -1n],
    ] as const)
      expect(await exchange(numerator, denominator)).toBe('validation_failed')
    expect(await exchange(1n, 1n, -100n)).toBe('validation_failed')
    expect(await exchange(largest, largest)).toBe('done')
    expect(await balance(dollars)).toBe(100n)
    expect(await exchange(largest - 100n, 1n, 1n)).toBe('done')
    expect(await balance(dollars)).toBe(largest)
    // The position gave all that int8 holds; from one unit on it gives again what it got back.
    expect(await exchange(1n, 1n, 1n)).toBe('insufficient_funds')
    expect(await exchange(1n, 1n, 1n, [bank, 'IDR'])).toBe('currency_not_supported')
  })
})

describe('currencies and accounts that do not fit', () => {
  it('legs of two currencies, an account of another one, and a currency that nobody knows move nothing', async () => {
    const wallet = await funded(100n)
    const dollars = await open({ currency: 'USD' })
    const yen = 'XXX' as 'USD'
    for (const legs of [
      [transfer(wallet, bank, 1n), transfer(bank, dollars, 1n)],
      [transfer(wallet, bank, 1n), transfer(dollars, bank, 1n, { currency: 'USD' })],
      [transfer(wallet, dollars, 1n, { currency: 'USD' })],
      [transfer(wallet, bank, 1n, { currency: yen })],
    ])
      expect(await submit(0, wallet, uuidv7(), ...legs)).toBe('currency_mismatch')
    expect([await balance(wallet), await balance(dollars)]).toEqual([100n, 0n])
  })

  it('a closed account takes nothing, by no way, and its hold can only be given free', async () => {
    const wallet = await funded(100n)
    const shop = await open()
    const hold = transfer(wallet, shop, 40n)
    await platform.db.transaction((tx) => ledger.placeHolds(tx, [hold]))
    await platform.db.transaction((tx) => ledger.close(tx, shop))
    const part = { holdId: hold.id, transferId: uuidv7(), kind: 'test' }
    expect(await submit(0, wallet, uuidv7(), transfer(wallet, shop, 1n))).toBe('account_closed')
    expect(await submit(0, wallet, uuidv7(), transfer(wallet, bank, 1n), transfer(bank, shop, 1n))).toBe(
      'account_closed',
    )
    expect(
      await queues[0]!.submit({
        ownerId: wallet,
        key: uuidv7(),
        hold: { ...part, accountIds: [wallet, shop] },
      }),
    ).toBe('account_closed')
    expect(await answerOf(platform.db.transaction((tx) => ledger.postHold(tx, part)))).toBe('conflict')
    expect(await answerOf(platform.db.transaction((tx) => ledger.voidHold(tx, hold.id)))).toBe('done')
    expect([await balance(wallet), (await read(wallet)).heldMinor, await balance(shop)]).toEqual([
      100n,
      0n,
      0n,
    ])
  })
})

describe('clocks', () => {
  it('two processes whose clocks stand on two sides of midnight keep the cap of the month together', async () => {
    const wallet = await open({ monthlyCapMinor: 100n })
    const [ahead, behind] = ['2026-11-30T17:00:00.100Z', '2026-11-30T16:59:59.900Z'].map((at) =>
      createLedger({ clock: fixedClock(at) }),
    )
    const comesIn = (through: Ledger) =>
      answerOf(
        platform.db.transaction((tx) => through.post(tx, [transfer(bank, wallet, 100n)])).then(() => 'done'),
      )
    expect(await comesIn(behind!)).toBe('done')
    expect(await comesIn(ahead!)).toBe('done')
    for (const through of [behind!, ahead!, behind!, ahead!])
      expect(await comesIn(through)).toBe('monthly_incoming_limit')
    expect(await balance(wallet)).toBe(200n)
  })
})

describe('sums above int8', () => {
  it('of what came in at once where no cap asks, and of all balances of a kind, are no fault', async () => {
    const [one, other] = [await open(), await open()]
    await platform.db.transaction((tx) =>
      ledger.postLinked(tx, [
        transfer(one, other, largest),
        transfer(other, one, largest),
        transfer(one, other, largest),
      ]),
    )
    const shops = [await open({ kind: 'shop_payable' }), await open({ kind: 'shop_payable' })]
    for (const shop of shops) await post(transfer(await open(), shop, largest))
    const rows = await ledger.trialBalance(platform.db.read)
    expect(rows.find(({ kind, currency }) => kind === 'shop_payable' && currency === 'IDR')).toMatchObject({
      accounts: 2n,
      balance: 2n * largest,
    })
    expect((await ledger.check(platform.db.read)).sumsPerCurrency['IDR']).toBe(0n)
  })
})

describe('a command', () => {
  it('that moves transfers and posts a hold at once is refused: neither is done', async () => {
    const wallet = await funded(100n)
    const hold = transfer(wallet, bank, 10n)
    await platform.db.transaction((tx) => ledger.placeHolds(tx, [hold]))
    const part = { holdId: hold.id, transferId: uuidv7(), kind: 'test', accountIds: [wallet, bank] as const }
    const both = { ownerId: wallet, key: uuidv7(), hold: part, transfers: [transfer(wallet, bank, 20n)] }
    expect(await answerOf(queues[0]!.submit(both))).toBe('validation_failed')
    expect(await read(wallet)).toMatchObject({ balanceMinor: 100n, heldMinor: 10n })
  })

  it('under the key of a posted hold that is of another kind is another body', async () => {
    const wallet = await funded(100n)
    const hold = transfer(wallet, bank, 10n)
    await platform.db.transaction((tx) => ledger.placeHolds(tx, [hold]))
    const key = uuidv7()
    const part = (kind: string) =>
      queues[0]!.submit({
        ownerId: wallet,
        key,
        hold: { holdId: hold.id, transferId: uuidv7(), amountMinor: 1n, kind, accountIds: [wallet, bank] },
      })
    expect([await part('one'), await part('other'), await part('one')]).toEqual([
      'posted',
      'idempotency_conflict',
      'posted',
    ])
  })
})

describe('times', () => {
  it('a batch that waited for its locks is recorded after those that it waited for', async () => {
    const wallet = await funded(100n)
    let waiting: Promise<string> | undefined
    await platform.db.transaction(async (tx) => {
      await ledger.lockAccounts(tx, [wallet, bank])
      waiting = submit(0, wallet, uuidv7(), transfer(wallet, bank, 5n))
      // Until it stands in line for the account.
      for (let lines = 0n; lines === 0n;)
        ({ lines } = await platform.db.read.one<{ lines: bigint }>(
          'SELECT count(*) AS lines FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()',
        ))
      platform.clock.advance(5000)
      await ledger.post(tx, [transfer(wallet, bank, 7n)])
    })
    expect(await waiting).toBe('posted')
    const entries = await ledger.history(platform.db.read, wallet, { limit: 10 })
    const moments = entries.map(({ recordedAt }) => recordedAt.getTime())
    expect(moments).toEqual(moments.toSorted((one, other) => other - one))
  })
})

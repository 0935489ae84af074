// What the ledger does beyond a single transfer: linked legs, exchange, caps and stops on accounts, two clocks, the stream of
// changes. Every guard is tried twice: through the rules, and past them against the database itself.
import { describe, expect, it } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import type { Currency } from '#contract/money.ts'
import { Refusal } from '#platform/refusal.ts'
import type { TransferRequest } from './index.ts'
import { balance, bank, ledger, open, platform, post, read, transfer, useLedger } from './ledger-for-tests.ts'
import { sealSettled } from './seal.ts'

// The middle of a month where the wallets are.
useLedger('2026-11-20T03:00:00.000Z')

const postLinked = (...legs: TransferRequest[]) =>
  platform.db.transaction((tx) => ledger.postLinked(tx, legs))

/** The row that a posting would write, written without asking the rules. */
const pastTheRules = (one: TransferRequest) =>
  platform.db.transaction(async (tx) => {
    const [from, to] = await Promise.all([read(one.debitAccountId), read(one.creditAccountId)])
    await tx.run(
      `INSERT INTO ledger.transfers (id, debit_account_id, credit_account_id, amount, currency, kind, reference, reversal_of,
         debit_balance_after, debit_entry, credit_balance_after, credit_entry, effective_at, recorded_at)
       VALUES ($1, $2, $3, $4, $5, 'test', 'TN-TEST-0001', $6, $7, $8, $9, $10, $11, $11)`,
      [
        one.id,
        one.debitAccountId,
        one.creditAccountId,
        one.amountMinor,
        one.currency,
        one.reversalOf ?? null,
        from.balanceMinor - one.amountMinor,
        from.entryCount + 1n,
        to.balanceMinor + one.amountMinor,
        to.entryCount + 1n,
        platform.clock.now(),
      ],
    )
  })

/** `done`, the code of the refusal, or what the database said. */
const answerOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: Error) => (error instanceof Refusal ? error.code : error.message),
  )

describe('a monthly cap', () => {
  it('lets in up to its sum, counts anew with the month where the wallet is, and not what is given back', async () => {
    const shop = await open()
    const capped = await open({ monthlyCapMinor: 100n })
    await post(transfer(bank, capped, 60n), transfer(bank, capped, 40n))
    await expect(post(transfer(bank, capped, 1n))).rejects.toMatchObject({ code: 'monthly_incoming_limit' })
    await expect(pastTheRules(transfer(bank, capped, 1n))).rejects.toThrow(/account_monthly/)
    const spent = transfer(capped, shop, 30n)
    await post(spent)
    await platform.db.transaction((tx) =>
      ledger.reverse(tx, {
        id: uuidv7(),
        transferId: spent.id,
        amountMinor: 30n,
        kind: 'returned',
        reference: 'TN-TEST-0001',
        effectiveAt: platform.clock.now(),
      }),
    )
    expect(await read(capped)).toMatchObject({ balanceMinor: 100n, incomingMinor: 100n })
    // 17:00 UTC on the last day is midnight in Jakarta.
    platform.clock.advance(Date.parse('2026-11-30T16:59:59Z') - platform.clock.now().getTime())
    await expect(post(transfer(bank, capped, 1n))).rejects.toMatchObject({ code: 'monthly_incoming_limit' })
    platform.clock.advance(1000)
    await post(transfer(bank, capped, 99n))
    expect(await read(capped)).toMatchObject({ balanceMinor: 199n, incomingMinor: 99n })
    await expect(post(transfer(bank, capped, 2n))).rejects.toMatchObject({ code: 'monthly_incoming_limit' })
  })

  it('that fifty try to fill at once is kept, together with a maximum balance', async () => {
    const capped = await open({ monthlyCapMinor: 20n, maximumMinor: 1000n })
    const tries = await Promise.allSettled(Array.from({ length: 50 }, () => post(transfer(bank, capped, 3n))))
    expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(6)
    expect(await balance(capped)).toBe(18n)
  })
})

describe('an account that is stopped', () => {
  const freeze = (id: string, what: 'debits' | 'credits' | 'both' | undefined) =>
    platform.db.transaction((tx) => ledger.freeze(tx, id, what))

  it.each([
    ['debits', true, false],
    ['credits', false, true],
    ['both', true, true],
    [undefined, false, false],
  ] as const)(
    'for %s refuses that side, in the rules and in the database',
    async (what, stopsOut, stopsIn) => {
      const account = await open()
      await post(transfer(bank, account, 10n))
      await freeze(account, what)
      for (const [out, stopped] of [
        [true, stopsOut],
        [false, stopsIn],
      ] as const) {
        const one = () => (out ? transfer(account, bank, 1n) : transfer(bank, account, 1n))
        const refused = ['account_frozen', 'a transfer does not follow from its accounts']
        expect([await answerOf(post(one())), await answerOf(pastTheRules(one()))]).toEqual(
          stopped ? refused : ['done', 'done'],
        )
      }
      expect(await read(account)).toMatchObject(what ? { frozen: what } : {})
    },
  )

  it('cannot promise money, and what it had promised can be given free', async () => {
    const account = await open({ minimumMinor: 0n })
    await post(transfer(bank, account, 10n))
    const hold = () => ({ ...transfer(account, bank, 4n), id: uuidv7() })
    const first = hold()
    await platform.db.transaction((tx) => ledger.placeHolds(tx, [first]))
    await freeze(account, 'debits')
    await expect(platform.db.transaction((tx) => ledger.placeHolds(tx, [hold()]))).rejects.toMatchObject({
      code: 'account_frozen',
    })
    const postIt = { holdId: first.id, transferId: uuidv7(), kind: 'test', effectiveAt: platform.clock.now() }
    await expect(platform.db.transaction((tx) => ledger.postHold(tx, postIt))).rejects.toMatchObject({
      code: 'account_frozen',
    })
    await platform.db.transaction((tx) => ledger.voidHold(tx, first.id))
    expect(await read(account)).toMatchObject({ balanceMinor: 10n, heldMinor: 0n })
  })

  it('frozen while fifty pay at once: what was paid before stands, nothing after', async () => {
    const account = await open({ minimumMinor: 0n })
    await post(transfer(bank, account, 1000n))
    let frozen = false
    const results = await Promise.all(
      Array.from({ length: 50 }, async (_, place) => {
        if (place === 20) {
          await freeze(account, 'both')
          frozen = true
          return 'frozen'
        }
        const startedAfter = frozen
        const answer = await post(transfer(account, bank, 1n)).then(
          () => 'posted',
          (error: { code: string }) => error.code,
        )
        return startedAfter && answer === 'posted' ? 'posted after the freeze' : answer
      }),
    )
    expect(new Set(results)).not.toContain('posted after the freeze')
    const paid = results.filter((answer) => answer === 'posted').length
    expect(await balance(account)).toBe(1000n - BigInt(paid))
    await expect(post(transfer(account, bank, 1n))).rejects.toMatchObject({ code: 'account_frozen' })
  })

  it('and closed is closed for ever, and only when it is empty', async () => {
    const account = await open()
    const close = () => platform.db.transaction((tx) => ledger.close(tx, account))
    await post(transfer(bank, account, 5n))
    await expect(close()).rejects.toMatchObject({ code: 'conflict' })
    await expect(
      platform.db.read.run('UPDATE ledger.accounts SET closed_at = now() WHERE id = $1', [account]),
    ).rejects.toThrow(/account_closed_empty/)
    await post(transfer(account, bank, 5n))
    await close()
    await close()
    for (const one of [() => transfer(bank, account, 1n), () => transfer(account, bank, 1n)]) {
      await expect(post(one())).rejects.toMatchObject({ code: 'account_inactive' })
      await expect(pastTheRules(one())).rejects.toThrow(/account_closed_empty|does not follow/)
    }
    const hold = transfer(account, bank, 1n)
    await expect(platform.db.transaction((tx) => ledger.placeHolds(tx, [hold]))).rejects.toMatchObject({
      code: 'account_inactive',
    })
    await expect(platform.db.transaction((tx) => ledger.close(tx, uuidv7()))).rejects.toMatchObject({
      code: 'recipient_unknown',
    })
  })
})

describe('linked legs', () => {
  it('n to m are posted together, in order, and known by their link', async () => {
    const [one, two, three] = [await open(), await open({ minimumMinor: 0n }), await open()]
    const legs = [
      transfer(bank, two, 50n),
      transfer(one, two, 20n),
      transfer(two, three, 70n),
      transfer(three, bank, 1n),
    ]
    await postLinked(...legs)
    expect(await Promise.all([one, two, three].map(balance))).toEqual([-20n, 0n, 69n])
    const linked = await ledger.linked(platform.db.read, legs[0]!.id)
    expect(linked.map((row) => row.id)).toEqual(legs.map((leg) => leg.id))
    await expect(platform.db.read.run('DELETE FROM ledger.links')).rejects.toThrow(/refused/)
  })

  it('are refused together: what an earlier leg would have done is undone, also within a batch', async () => {
    const [poor, rich] = [await open({ minimumMinor: 0n }), await open({ minimumMinor: 0n })]
    await post(transfer(bank, rich, 10n))
    await expect(postLinked(transfer(rich, poor, 8n), transfer(poor, bank, 9n))).rejects.toMatchObject({
      code: 'insufficient_funds',
    })
    const verdicts = await platform.db.transaction(async (tx) => {
      const accounts = await ledger.lockAccounts(tx, [bank, poor, rich])
      const answers = [
        accounts.applyLinked([transfer(rich, poor, 8n), transfer(poor, bank, 9n)]),
        accounts.applyLinked([transfer(rich, poor, 10n), transfer(poor, bank, 10n)]),
        accounts.applyLinked([transfer(rich, poor, 1n)]),
      ]
      await accounts.write(platform.clock.now())
      return answers
    })
    expect(verdicts).toEqual(['insufficient_funds', 'posted', 'insufficient_funds'])
    expect([await balance(poor), await balance(rich)]).toEqual([0n, 0n])
  })
})

describe('exchange', () => {
  const order = (from: string, to: string, amountMinor: bigint) => ({
    fromAccountId: from,
    toAccountId: to,
    sold: { amountMinor, currency: 'IDR' as Currency },
    boughtCurrency: 'SGD' as Currency,
    // SGD 1 costs Rp 12,150.50: one sen buys 2/24301 cents.
    rate: { numerator: 2n, denominator: 24_301n, source: 'treasury 2026-11-20' },
    kind: 'exchange',
    reference: 'TF-TEST-0001',
    effectiveAt: platform.clock.now(),
  })
  const exchange = (what: ReturnType<typeof order>) =>
    platform.db.transaction((tx) => ledger.exchange(tx, what))

  it('moves both currencies through their positions at the recorded rate, rounded down to what is whole', async () => {
    const [rupiah, dollars] = [await open({ minimumMinor: 0n }), await open({ currency: 'SGD' })]
    await post(transfer(bank, rupiah, 5_000_000n))
    const { linkId, boughtMinor } = await exchange(order(rupiah, dollars, 5_000_000n))
    expect([boughtMinor, await balance(rupiah), await balance(dollars)]).toEqual([411n, 0n, 411n])
    const position = await platform.db.read.rows<{ currency: string; balance: bigint }>(
      "SELECT currency, balance FROM ledger.accounts WHERE kind = 'exchange_position' ORDER BY currency",
    )
    expect(position).toEqual([
      { currency: 'IDR', balance: 5_000_000n },
      { currency: 'SGD', balance: -411n },
    ])
    expect((await ledger.linked(platform.db.read, linkId)).map((leg) => leg.currency)).toEqual(['IDR', 'SGD'])
    expect(
      Object.values((await ledger.check(platform.db.read)).sumsPerCurrency).every((sum) => sum === 0n),
    ).toBe(true)
    const recorded = await platform.db.read.one('SELECT * FROM ledger.exchanges WHERE link_id = $1', [linkId])
    expect(recorded).toMatchObject({ rate_numerator: 2n, rate_denominator: 24_301n, bought_amount: 411n })
  })

  it('refuses a rate or an amount that buys nothing, one currency, and more than there is; nothing is moved', async () => {
    const [rupiah, dollars] = [await open({ minimumMinor: 0n }), await open({ currency: 'SGD' })]
    await post(transfer(bank, rupiah, 100_000n))
    for (const [what, code] of [
      [order(rupiah, dollars, 12_150n), 'validation_failed'],
      [
        { ...order(rupiah, dollars, 100_000n), rate: { numerator: 0n, denominator: 1n, source: 'x' } },
        'validation_failed',
      ],
      [{ ...order(rupiah, dollars, 100_000n), boughtCurrency: 'IDR' as Currency }, 'currency_not_supported'],
      [order(rupiah, dollars, 1_000_000n), 'insufficient_funds'],
    ] as const)
      await expect(exchange(what)).rejects.toMatchObject({ code })
    expect([await balance(rupiah), await balance(dollars)]).toEqual([100_000n, 0n])
    await expect(
      platform.db.read.run(
        `INSERT INTO ledger.exchanges VALUES ($1, 100, 'IDR', 7, 'SGD', 2, 24301, 'x', now())`,
        [uuidv7()],
      ),
    ).rejects.toThrow(/exchange_at_rate/)
    await expect(platform.db.read.run("UPDATE ledger.exchanges SET rate_source = 'y'")).rejects.toThrow(
      /refused/,
    )
  })
})

describe('two clocks', () => {
  it('a balance as the books knew it, and as it turned out to be', async () => {
    const account = await open()
    const at = (minutes: number) => new Date(start + minutes * 60_000)
    const start = platform.clock.now().getTime()
    const after = (minutes: number) =>
      platform.clock.advance(start + minutes * 60_000 - platform.clock.now().getTime())
    await post(transfer(bank, account, 100n))
    after(10)
    await post(transfer(account, bank, 30n))
    after(20)
    // It happened at 5, and is recorded at 20; another one is agreed for 40.
    await post(
      transfer(bank, account, 7n, { effectiveAt: at(5) }),
      transfer(bank, account, 1000n, { effectiveAt: at(40) }),
    )
    after(50)
    const expected: [number, bigint, bigint][] = [
      [-1, 0n, 0n],
      [0, 100n, 100n],
      [4, 100n, 100n],
      [5, 100n, 107n],
      [10, 70n, 77n],
      [20, 1077n, 77n],
      [40, 1077n, 1077n],
    ]
    for (const [minute, recorded, effective] of expected)
      expect([
        minute,
        await ledger.balanceAt(platform.db.read, account, at(minute)),
        await ledger.balanceAt(platform.db.read, account, at(minute), 'effective'),
      ]).toEqual([minute, recorded, effective])
    expect(await ledger.balanceAt(platform.db.read, uuidv7(), at(0))).toBe(0n)
  })
})

describe('the stream of changes', () => {
  it('gives every committed transfer once, in ledger order, from any point, and nothing that could still be overtaken', async () => {
    const account = await open()
    await sealSettled(platform.db, platform.clock)
    const { upTo: began } = await readAll(0n)
    const ids: string[] = []
    for (let round = 0; round < 3; round++) {
      const batch = [transfer(bank, account, 1n), transfer(bank, account, 2n)]
      await post(...batch)
      ids.push(...batch.map((one) => one.id))
    }
    expect((await ledger.changes(platform.db.read, began, 100)).changes).toEqual([])
    await sealSettled(platform.db, platform.clock)
    const { changes, upTo } = await readAll(began)
    expect(changes.map((one) => one.id)).toEqual(ids)
    expect(changes.map((one) => one.sequence)).toEqual(
      changes.map((one) => one.sequence).toSorted((a, b) => Number(a - b)),
    )
    expect(changes.at(-1)).toMatchObject({
      credit_account_id: account,
      amount: 2n,
      credit_entry: 6n,
      credit_balance_after: 9n,
    })
    const half = changes[2]!.sequence
    expect((await readAll(half)).changes.map((one) => one.id)).toEqual(ids.slice(3))
    expect((await readAll(upTo)).changes).toEqual([])
  })

  async function readAll(after: bigint) {
    const changes = []
    for (;;) {
      const step = await ledger.changes(platform.db.read, after, 2)
      changes.push(...step.changes)
      if (step.upTo === after) return { changes, upTo: after }
      after = step.upTo
    }
  }
})

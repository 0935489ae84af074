// For tests only: a world of seven accounts in the real ledger beside a naive model of it, and the comparison of both.
// The model knows nothing of SQL, locks or triggers: balances, holds and entries as a person would write them down.
import assert from 'node:assert/strict'
import { uuidv7, type Uuid } from '#contract/ids.ts'
import type { Currency } from '#contract/money.ts'
import type { Transaction } from '#platform/db.ts'
import { Refusal } from '#platform/refusal.ts'
import { createTestPlatform } from '#platform/testing.ts'
import { createLedger } from './index.ts'
import {
  largest,
  shapes,
  type Model,
  type ModelAccount,
  type ModelBench,
  type ModelHold,
  type Move,
  type World,
} from './model-world-for-tests.ts'

export type { ModelBench, World } from './model-world-for-tests.ts'

export async function createModelBench(): Promise<ModelBench> {
  const platform = await createTestPlatform()
  const { db, clock } = platform
  const ledger = createLedger(platform)
  const answers = new Set<string>()

  async function newWorld(): Promise<World> {
    const began = clock.now().getTime()
    let model: Model = {
      accounts: shapes.map(([currency, minimum, maximum, cap]) => ({
        id: uuidv7(),
        currency,
        minimum,
        maximum,
        cap,
        month: '',
        incoming: 0n,
        frozen: undefined,
        balance: 0n,
        held: 0n,
        entries: [],
      })),
      holds: [],
      transfers: [],
    }
    await db.transaction((tx) =>
      ledger.openAccounts(
        tx,
        model.accounts.map(({ id, currency, minimum, maximum, cap }) => ({
          id,
          kind: 'customer_wallet' as const,
          ownerId: uuidv7(),
          currency,
          minimumMinor: minimum,
          maximumMinor: maximum,
          monthlyCapMinor: cap,
        })),
      ),
    )

    /** Does it in the model's copy and in the ledger: both succeed, or both refuse with the same code and change nothing. */
    async function both(inModel: (model: Model) => void, inLedger: (tx: Transaction) => Promise<unknown>) {
      const next = structuredClone(model)
      const expected = await answerOf(async () => inModel(next))
      // The refusal is swallowed inside the transaction, which commits: a refusal must have written nothing.
      const actual = await db.transaction((tx) => answerOf(() => inLedger(tx)))
      assert.equal(actual, expected)
      answers.add(actual)
      if (expected === 'done') model = next
      await compare()
    }

    function move(
      accounts: ModelAccount[],
      { debit, credit, amount }: Move,
      released = 0n,
      givesBack = false,
    ) {
      const [from, to] = [accounts[debit]!, accounts[credit]!]
      if (amount <= 0n || amount > largest) throw new Refusal('validation_failed')
      if (debit === credit) throw new Refusal('validation_failed')
      if (from.currency !== to.currency) throw new Refusal('currency_not_supported')
      if (isStopped(from, 'debits') || isStopped(to, 'credits')) throw new Refusal('account_frozen')
      if (from.minimum !== undefined && from.balance - from.held + released - amount < from.minimum)
        throw new Refusal('insufficient_funds')
      if (to.maximum !== undefined && to.balance + amount > to.maximum) throw new Refusal('balance_limit')
      const cameIn = to.month === monthNow() ? to.incoming : 0n
      if (to.cap !== undefined && !givesBack && cameIn + amount > to.cap)
        throw new Refusal('monthly_incoming_limit')
      to.incoming = cameIn + (givesBack ? 0n : amount)
      to.month = monthNow()
      from.held -= released
      for (const [account, change] of [
        [from, -amount],
        [to, amount],
      ] as const) {
        account.balance += change
        account.entries.push({ amount: change, after: account.balance, at: clock.now().getTime() })
      }
    }

    const request = (id: Uuid, { debit, credit, amount }: Move) => ({
      id,
      debitAccountId: model.accounts[debit]!.id,
      creditAccountId: model.accounts[credit]!.id,
      amountMinor: amount,
      currency: model.accounts[debit]!.currency,
      kind: 'test',
      reference: 'TN-TEST-0001',
      effectiveAt: clock.now(),
    })

    // Months are counted in Jakarta, seven hours ahead.
    const monthNow = () => new Date(clock.now().getTime() + 7 * 3_600_000).toISOString().slice(0, 7)

    async function compare() {
      const rows = await db.read.rows<Record<string, bigint | string>>(
        `SELECT id, balance, held, entry_count,
           (SELECT coalesce(sum(amount), 0)::bigint FROM ledger.entries WHERE account_id = account.id) AS total,
           (SELECT count(*) FROM ledger.entries WHERE account_id = account.id) AS entries,
           (SELECT coalesce(sum(remaining), 0)::bigint FROM ledger.holds WHERE debit_account_id = account.id AND state = 'open') AS open
         FROM ledger.accounts AS account WHERE id = ANY($1::uuid[])`,
        [model.accounts.map(({ id }) => id)],
        'model-compare',
      )
      const found = new Map(rows.map((row) => [row['id'], row]))
      const sums = new Map<Currency, bigint>()
      for (const account of model.accounts) {
        const row = found.get(account.id)!
        const { balance, held, entry_count, total, entries, open } = row as Record<string, bigint>
        assert.deepEqual(
          { balance, held, entry_count },
          { balance: account.balance, held: account.held, entry_count: BigInt(account.entries.length) },
        )
        assert.deepEqual({ total, entries, open }, { total: balance, entries: entry_count, open: held })
        if (account.minimum !== undefined) assert.ok(balance! - held! >= account.minimum)
        if (account.maximum !== undefined) assert.ok(balance! <= account.maximum)
        sums.set(account.currency, (sums.get(account.currency) ?? 0n) + balance!)
      }
      for (const [currency, sum] of sums) assert.equal(sum, 0n, `${currency} must sum to zero`)
      for (const { amount, reversed } of model.transfers) assert.ok(reversed <= amount)
    }

    const world: World = {
      post(moves) {
        const ids = moves.map(() => uuidv7())
        return both(
          ({ accounts, transfers }) =>
            moves.forEach((each, index) => {
              move(accounts, each)
              transfers.push({ ...each, id: ids[index]!, reversed: 0n })
            }),
          (tx) =>
            ledger.post(
              tx,
              moves.map((each, index) => request(ids[index]!, each)),
            ),
        )
      },

      postLinked(moves) {
        const ids = moves.map(() => uuidv7())
        return both(
          ({ accounts, transfers }) =>
            moves.forEach((each, index) => {
              move(accounts, each)
              transfers.push({ ...each, id: ids[index]!, reversed: 0n })
            }),
          (tx) =>
            ledger.postLinked(
              tx,
              moves.map((each, index) => request(ids[index]!, each)),
            ),
        )
      },

      freeze(which, frozen) {
        return both(
          ({ accounts }) => void (accounts[which]!.frozen = frozen),
          (tx) => ledger.freeze(tx, model.accounts[which]!.id, frozen),
        )
      },

      place(wanted) {
        const now = clock.now().getTime()
        const holds = wanted.map(({ lastsSeconds, ...each }) => ({
          ...each,
          id: uuidv7(),
          expiresAt: lastsSeconds === undefined ? undefined : now + lastsSeconds * 1000,
        }))
        return both(
          (next) =>
            holds.forEach((hold) => {
              const [from, to] = [next.accounts[hold.debit]!, next.accounts[hold.credit]!]
              if (hold.amount <= 0n || hold.amount > largest || hold.debit === hold.credit)
                throw new Refusal('validation_failed')
              if (from.currency !== to.currency) throw new Refusal('currency_not_supported')
              if (isStopped(from, 'debits')) throw new Refusal('account_frozen')
              if (from.minimum !== undefined && from.balance - from.held - hold.amount < from.minimum)
                throw new Refusal('insufficient_funds')
              from.held += hold.amount
              next.holds.push({ ...hold, posted: 0n, remaining: hold.amount, state: 'open' })
            }),
          (tx) =>
            ledger.placeHolds(
              tx,
              holds.map((hold) => ({
                ...request(hold.id, hold),
                expiresAt: hold.expiresAt === undefined ? undefined : new Date(hold.expiresAt),
              })),
            ),
        )
      },

      async postHold(which, part, last) {
        if (model.holds.length === 0) return
        const index = which % model.holds.length
        const id = uuidv7()
        await both(
          ({ accounts, holds, transfers }) => {
            const hold = holds[index]!
            const amount = part ?? hold.remaining
            const over = hold.expiresAt !== undefined && hold.expiresAt <= clock.now().getTime()
            if (hold.state !== 'open' || amount <= 0n || amount > hold.remaining || over)
              throw new Refusal('conflict')
            const remaining = last ? 0n : hold.remaining - amount
            const each = { debit: hold.debit, credit: hold.credit, amount }
            move(accounts, each, hold.remaining - remaining)
            transfers.push({ ...each, id, reversed: 0n })
            hold.posted += amount
            hold.remaining = remaining
            if (remaining === 0n) hold.state = 'posted'
          },
          (tx) =>
            ledger.postHold(tx, {
              holdId: model.holds[index]!.id,
              transferId: id,
              ...(part === undefined ? {} : { amountMinor: part }),
              last,
              kind: 'test',
              effectiveAt: clock.now(),
            }),
        )
      },

      async voidHold(which) {
        if (model.holds.length === 0) return
        const index = which % model.holds.length
        await both(
          ({ accounts, holds }) => close(accounts, holds[index]!, 'voided'),
          (tx) => ledger.voidHold(tx, model.holds[index]!.id),
        )
      },

      async expire() {
        const now = clock.now().getTime()
        const isOver = (hold: ModelHold) =>
          hold.state === 'open' && hold.expiresAt !== undefined && hold.expiresAt <= now
        const count = model.holds.filter(isOver).length
        await both(
          ({ accounts, holds }) => holds.filter(isOver).forEach((hold) => close(accounts, hold, 'expired')),
          async (tx) => assert.equal(await ledger.expireHolds(tx, 1000), count),
        )
      },

      async reverse(which, amount, from) {
        if (model.transfers.length === 0) return
        const index = which % model.transfers.length
        const id = uuidv7()
        await both(
          ({ accounts, transfers }) => {
            const origin = transfers[index]!
            const back = { debit: from ?? origin.credit, credit: origin.debit, amount }
            if (amount <= 0n) throw new Refusal('validation_failed')
            if (origin.reversed + amount > origin.amount) throw new Refusal('refund_not_allowed')
            move(accounts, back, 0n, true)
            origin.reversed += amount
            transfers.push({ ...back, id, reversed: 0n })
          },
          (tx) =>
            ledger.reverse(tx, {
              id,
              transferId: model.transfers[index]!.id,
              amountMinor: amount,
              kind: 'refund',
              reference: 'RF-TEST-0001',
              effectiveAt: clock.now(),
              ...(from === undefined ? {} : { from: model.accounts[from]!.id }),
            }),
        )
      },

      async wait(seconds) {
        clock.advance(seconds * 1000)
        await compare()
      },

      async statement(of, from, to) {
        const account = model.accounts[of]!
        const [fromMs, toMs] = [began + from * 1000, began + to * 1000]
        const before = account.entries.filter((entry) => entry.at < fromMs)
        const inside = account.entries.filter((entry) => entry.at >= fromMs && entry.at <= toMs)
        const opening = before.at(-1)?.after ?? 0n
        const statement = await db.transaction((tx) =>
          ledger.statement(tx, account.id, new Date(fromMs), new Date(toMs)),
        )
        assert.equal(statement.openingMinor, opening)
        assert.equal(statement.closingMinor, inside.at(-1)?.after ?? opening)
        assert.deepEqual(
          statement.entries.map((entry) => [entry.amountMinor, entry.balanceAfterMinor]),
          inside.map((entry) => [entry.amount, entry.after]),
        )
        assert.equal(
          await ledger.balanceAt(db.read, account.id, new Date(toMs)),
          inside.at(-1)?.after ?? opening,
        )
      },

      async readEverything() {
        for (const index of [1, 3]) {
          const account = model.accounts[index]!
          await world.statement(index, 0, 10_000)
          const history = await ledger.history(db.read, account.id, { limit: 1000 })
          assert.deepEqual(
            history.map((entry) => [entry.amountMinor, entry.balanceAfterMinor]),
            account.entries.map((entry) => [entry.amount, entry.after]).toReversed(),
          )
          const open = await ledger.openHolds(db.read, account.id)
          assert.deepEqual(
            open.map((hold) => [hold.id, hold.postedMinor, hold.remainingMinor]).toSorted(),
            model.holds
              .filter((hold) => hold.state === 'open' && hold.debit === index)
              .map((hold) => [hold.id, hold.posted, hold.remaining])
              .toSorted(),
          )
        }
      },

      async end() {
        clock.advance(60_000)
        await db.transaction((tx) => ledger.expireHolds(tx, 1000))
      },
    }
    // Short sequences should begin where something can happen.
    await world.post([
      { debit: 0, credit: 1, amount: 60n },
      { debit: 0, credit: 2, amount: 80n },
      { debit: 0, credit: 3, amount: 30n },
      { debit: 4, credit: 5, amount: 40n },
      { debit: 0, credit: 6, amount: 30n },
    ])
    return world
  }

  return {
    newWorld,
    check: () => ledger.check(db.read),
    reached: () => [...answers].toSorted(),
    close: () => platform.close(),
  }
}

const isStopped = (account: ModelAccount, side: 'debits' | 'credits') =>
  account.frozen === side || account.frozen === 'both'

function close(accounts: ModelAccount[], hold: ModelHold, state: 'voided' | 'expired') {
  if (hold.state !== 'open') throw new Refusal('conflict')
  accounts[hold.debit]!.held -= hold.remaining
  hold.remaining = 0n
  hold.state = state
}

async function answerOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work()
    return 'done'
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}

// For tests only: a world of seven accounts in the real ledger beside a naive model of it, and the comparison of both.
// What is done one after the other must agree step by step; what is done at once must agree with the model in some order.
import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import { uuidv7 } from '#contract/ids.ts'
import { createTestPlatform } from '#platform/testing.ts'
import { createActs } from './model-acts-for-tests.ts'
import { No, codeOf } from './model-naive-for-tests.ts'
import { createLedger, createTransferQueue, verifyLedger } from './index.ts'
import { readFigures, type Figures } from './model-read-for-tests.ts'
import { sealSettled } from './seal.ts'
import {
  shapes,
  type Act,
  type Model,
  type ModelAccount,
  type ModelBench,
  type World,
} from './model-world-for-tests.ts'

export type { ModelBench, World } from './model-world-for-tests.ts'

export async function createModelBench(): Promise<ModelBench> {
  const platform = await createTestPlatform()
  const { db, clock } = platform
  const ledger = createLedger(platform)
  const queue = createTransferQueue(platform, ledger)
  // As in a second process.
  const other = createTransferQueue(platform, ledger, { lanes: 1 })
  const positions = new Map(
    await Promise.all(
      [...new Set(shapes.map(([currency]) => currency))].map(
        async (currency) =>
          [
            currency,
            await db.transaction((tx) =>
              ledger.ensureSystemAccount(tx, { kind: 'exchange_position', currency }),
            ),
          ] as const,
      ),
    ),
  )
  const answers = new Set<string>()
  const now = () => clock.now().getTime()
  /** Without the ids and figures in it. */
  const heard = (answer: string) => void answers.add(answer.replaceAll(/ [0-9][0-9a-f-]*/g, ''))

  async function newWorld(): Promise<World> {
    const began = now()
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
        isClosed: false,
        balance: 0n,
        held: 0n,
        entries: [],
      })),
      holds: [],
      transfers: [],
      keys: new Map(),
      positions: new Map([...positions.keys()].map((currency, index) => [currency, shapes.length + index])),
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
    const stood = await ledger.accounts(db.read, [...positions.values()])
    for (const [currency, id] of positions) {
      const { balanceMinor: balance, entryCount } = stood.get(id)!
      model.accounts.push(positionOf(id, currency, balance, entryCount))
    }
    const acts = createActs({ db, clock, ledger, queues: [queue, other], model: () => model })

    /** The model after an act at a moment, and what it answers. A refusal changes nothing. */
    function imagine(from: Model, act: Act, at: number): { model: Model; answer: string } {
      const next = structuredClone(from)
      try {
        return { answer: act.inModel(next, at), model: next }
      } catch (error) {
        if (error instanceof No) return { answer: codeOf(error.verdict), model: from }
        throw error
      }
    }

    /** The database must say what the model says, and add up by itself. */
    function agree(found: Figures): void {
      assert.deepEqual(found, figuresOf(model))
      const sums = new Map<string, bigint>()
      model.accounts.forEach((account, index) => {
        const { balance, held, open, entries } = found.accounts[index]!
        if (!account.before)
          assert.equal(
            entries.reduce((sum, entry) => sum + entry.amount, 0n),
            balance,
          )
        assert.equal(open, held, 'what is held is the sum of open holds')
        if (account.minimum !== undefined) assert.ok(balance - held >= account.minimum)
        if (account.maximum !== undefined) assert.ok(balance <= account.maximum)
        if (account.cap !== undefined) assert.ok(account.incoming <= account.cap)
        sums.set(
          account.currency,
          (sums.get(account.currency) ?? 0n) + balance - (account.before?.balance ?? 0n),
        )
      })
      for (const [currency, sum] of sums) assert.equal(sum, 0n, `${currency} must sum to zero`)
      for (const { amount, reversed } of model.transfers) assert.ok(reversed <= amount)
    }

    async function compare(): Promise<void> {
      agree(await readFigures(db.read, model))
    }

    async function inTurn(act: Act | undefined): Promise<void> {
      if (!act) return
      const expected = imagine(model, act, now())
      assert.equal(await act.inLedger(), expected.answer)
      heard(expected.answer)
      model = expected.model
      await compare()
    }

    async function atOnce(given: readonly (Act | undefined)[], movesClockMs = 0): Promise<void> {
      const list = given.filter((act) => act !== undefined)
      const moments = movesClockMs > 0 ? [now(), now() + movesClockMs] : [now()]
      const under = list.map((act) => act.inLedger())
      if (movesClockMs > 0) {
        await new Promise((resolve) => setImmediate(resolve))
        clock.advance(movesClockMs)
      }
      const said = await Promise.all(under)
      said.forEach(heard)
      const found = await readFigures(db.read, model)
      const explained = explain(
        model,
        list.map((act, index) => ({ act, said: said[index]! })),
        moments,
        found,
      )
      assert.ok(
        explained,
        `no order explains: ${list.map(({ name }, index) => `${name} = ${said[index]}`).join(', ')}`,
      )
      model = explained
      // Which side of the moving clock an entry was recorded on is the ledger's to say.
      if (movesClockMs > 0)
        model.accounts.forEach((account, index) => {
          if (!account.before) account.entries = found.accounts[index]!.entries
        })
      agree(found)
    }

    function explain(
      from: Model,
      rest: readonly { act: Act; said: string }[],
      moments: readonly number[],
      found: Figures,
    ): Model | undefined {
      if (rest.length === 0) return looksLike(found, figuresOf(from), moments.length === 1) ? from : undefined
      for (const [index, { act, said }] of rest.entries())
        for (const at of moments) {
          const { model: next, answer } = imagine(from, act, at)
          if (answer !== said) continue
          const whole = explain(next, rest.toSpliced(index, 1), moments, found)
          if (whole) return whole
        }
      return undefined
    }

    const world: World = {
      ...acts,
      inTurn,
      atOnce,

      async raceHold(which, beforeMs, movesClockMs, key) {
        const open = model.holds.flatMap((hold, index) => (hold.state === 'open' ? [index] : []))
        if (open.length === 0) return
        const index = open[which % open.length]!
        const { expiresAt } = model.holds[index]!
        if (expiresAt !== undefined && expiresAt - beforeMs > now())
          clock.advance(expiresAt - beforeMs - now())
        const part = { which: index, part: undefined, last: false }
        await atOnce(
          [
            acts.postHold(index, 1n, false),
            key % 3 === 0
              ? acts.voidHold(index)
              : acts.submit({
                  owner: 1,
                  key,
                  ...(key % 3 === 1 ? { hold: part } : { voids: { which: index } }),
                }),
            acts.expire(),
          ],
          movesClockMs,
        )
      },

      // Through one queue: they may share a batch.
      batch: (asked) => atOnce(asked.map((each) => acts.submit(each, 0))),

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
        assert.equal(
          await ledger.balanceAt(db.read, account.id, new Date(toMs), 'effective'),
          account.entries.reduce((sum, entry) => (entry.happenedAt <= toMs ? sum + entry.amount : sum), 0n),
        )
      },

      async readEverything() {
        for (const index of [1, 3]) {
          const account = model.accounts[index]!
          await world.statement(index, 0, 10_000)
          const statement = await ledger.statement(db.read, account.id, new Date(began), new Date(now()))
          assert.equal(statement.closingHeldMinor, account.held)
          assert.equal(statement.closingMinor, account.balance)
          assert.equal(
            statement.closingAvailableMinor,
            account.balance - account.held - (account.minimum ?? 0n),
          )
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
    await inTurn(
      acts.post([
        { debit: 0, credit: 1, amount: 60n },
        { debit: 0, credit: 2, amount: 80n },
        { debit: 0, credit: 3, amount: 30n },
        { debit: 4, credit: 5, amount: 40n },
        { debit: 0, credit: 6, amount: 30n },
      ]),
    )
    return world
  }

  return {
    newWorld,
    async check() {
      const added = await ledger.check(db.read)
      await sealSettled(db, clock)
      const { findings, unsealed } = await verifyLedger(db.read, [], new Map())
      // Nothing is signed here, which the verifier says; what else it says is a fault.
      return {
        ...added,
        findings: findings.map(({ kind }) => kind).filter((kind) => kind !== 'no_checkpoints'),
        unsealed,
      }
    },
    reached: () => [...answers].toSorted(),
    async close() {
      await Promise.all([queue.close(), other.close()])
      await platform.close()
    },
  }
}

/** An account without bounds, shared with other worlds. */
const positionOf = (
  id: string,
  currency: ModelAccount['currency'],
  balance: bigint,
  entryCount: bigint,
): ModelAccount => ({
  id,
  currency,
  minimum: undefined,
  maximum: undefined,
  cap: undefined,
  month: '',
  incoming: 0n,
  frozen: undefined,
  isClosed: false,
  balance,
  held: 0n,
  entries: [],
  before: { balance, entryCount },
})

/** What the model expects to be read. */
function figuresOf({ accounts, holds }: Model): Figures {
  return {
    accounts: accounts.map(({ balance, held, entries, before }) => ({
      balance,
      held,
      entryCount: (before?.entryCount ?? 0n) + BigInt(entries.length),
      open: held,
      entries: before ? [] : entries,
    })),
    holds: holds
      .map(({ id, state, posted, remaining }) => ({ id, state, posted, remaining }))
      .toSorted((one, other) => (one.id < other.id ? -1 : 1)),
  }
}

function looksLike(found: Figures, expected: Figures, withMoments: boolean): boolean {
  if (withMoments) return isDeepStrictEqual(found, expected)
  const timeless = ({ accounts, holds }: Figures) => ({
    holds,
    accounts: accounts.map(({ entries, ...rest }) => ({
      ...rest,
      entries: entries.map(({ at: _at, happenedAt: _happenedAt, ...entry }) => entry),
    })),
  })
  return isDeepStrictEqual(timeless(found), timeless(expected))
}

// For tests only: what the model tests and the soak try: random sequences on the ledger, and on the rules alone.
// One place, so that both explore the same things.
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { maximumAmountMinor } from '#contract/money.ts'
import { afterTransfer, availableMinor, firstBreak, judgeTransfer, roomMinor } from './account.rules.ts'
import type { AccountState } from './ledger.ts'
import type { Act, Asked, KeyedAsk, ModelBench, World } from './model-world-for-tests.ts'

const account = fc.nat({ max: 6 })
const amount = fc.oneof(
  { weight: 10, arbitrary: fc.bigInt({ min: 1n, max: 60n }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(0n, -1n, 10_000n, 2n ** 63n, maximumAmountMinor, maximumAmountMinor - 90n),
  },
)
const part = fc.oneof(
  { weight: 3, arbitrary: fc.bigInt({ min: 1n, max: 12n }) },
  amount,
  fc.constant(undefined),
)
const transfer = fc.record({
  debit: account,
  credit: account,
  amount,
  datedSeconds: fc.oneof(
    { weight: 4, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.integer({ min: -20, max: 20 }) },
  ),
})
const transfers = fc.array(transfer, { minLength: 1, maxLength: 3 })
const wantedHold = fc.record({
  debit: account,
  credit: account,
  amount,
  lastsSeconds: fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }),
})
const holds = fc.array(wantedHold, { minLength: 1, maxLength: 2 })
const frozen = fc.constantFrom('debits', 'credits', 'both', undefined, undefined, undefined)
const holdPart = fc.record({ hold: fc.nat(), part, last: fc.boolean() })
const reversal = fc.record({
  transfer: fc.nat(),
  amount,
  from: fc.option(account, { nil: undefined }),
})
/** Mostly between the two currencies that there are. */
const exchange = fc.record({
  from: account,
  to: fc.oneof({ weight: 2, arbitrary: fc.constantFrom(4, 5) }, account),
  amount,
  rate: fc.constantFrom(
    { numerator: 1n, denominator: 1n },
    { numerator: 2n, denominator: 3n },
    { numerator: 3n, denominator: 2n },
    { numerator: 1n, denominator: 40n },
  ),
})
const body: fc.Arbitrary<Asked> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ moves: transfers }) },
  { weight: 2, arbitrary: fc.record({ hold: fc.record({ which: fc.nat(), part, last: fc.boolean() }) }) },
  { weight: 2, arbitrary: fc.record({ place: wantedHold }) },
  { weight: 1, arbitrary: fc.record({ voids: fc.record({ which: fc.nat() }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      reverse: fc.record({ which: fc.nat(), amount, from: fc.option(account, { nil: undefined, freq: 3 }) }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ exchange }) },
)
/** Few keys and owners, and often what was asked before: what comes twice is the point. */
const asked: fc.Arbitrary<KeyedAsk> = fc
  .tuple(
    fc.record({
      owner: fc.nat({ max: 1 }),
      key: fc.nat({ max: 5 }),
      again: fc.option(fc.nat(), { nil: undefined, freq: 3 }),
    }),
    body,
  )
  .map(([keyed, what]) => ({ ...keyed, ...what }))

/** Anything that may happen while something else does. A failing case prints it by name. */
const does = <Given>(
  name: string,
  given: fc.Arbitrary<Given>,
  make: (world: World, given: Given) => Act | undefined,
) =>
  given.map((value) => ({
    make: (world: World) => make(world, value),
    [fc.toStringMethod]: () => `${name}(${fc.stringify(value)})`,
  }))
const anyAct = fc.oneof(
  does('post', transfers, (world, list) => world.post(list)),
  does('submit', asked, (world, one) => world.submit(one)),
  does('submit', asked, (world, one) => world.submit(one)),
  does('postHold', holdPart, (world, { hold, part: of, last }) => world.postHold(hold, of, last)),
  does('void', fc.nat(), (world, hold) => world.voidHold(hold)),
  does('expire', fc.constant(undefined), (world) => world.expire()),
  does('reverse', reversal, (world, { transfer: origin, amount: back, from }) =>
    world.reverse(origin, back, from),
  ),
  does('place', holds, (world, list) => world.place(list)),
  does('exchange', exchange, (world, order) => world.exchange(order)),
  does('freeze', fc.tuple(account, frozen), (world, [which, what]) => world.freeze(which, what)),
  does('close', account, (world, which) => world.close(which)),
)

const command = <Given>(
  name: string,
  given: fc.Arbitrary<Given>,
  run: (world: World, given: Given) => Promise<void>,
) =>
  given.map((value): fc.AsyncCommand<object, World> => ({
    check: () => true,
    run: (_model: object, world: World) => run(world, value),
    toString: () => `${name}(${fc.stringify(value)})`,
  }))

const commands = fc.commands(
  [
    command(
      'fund',
      fc.record({ credit: fc.constantFrom(1, 2, 3, 6), amount }),
      (world, { credit, amount: funds }) => world.inTurn(world.post([{ debit: 0, credit, amount: funds }])),
    ),
    command('post', transfers, (world, list) => world.inTurn(world.post(list))),
    command('place', holds, (world, list) => world.inTurn(world.place(list))),
    command('postHold', holdPart, (world, { hold, part: of, last }) =>
      world.inTurn(world.postHold(hold, of, last)),
    ),
    command('exchange', exchange, (world, order) => world.inTurn(world.exchange(order))),
    command('postLinked', transfers, (world, list) => world.inTurn(world.postLinked(list))),
    command('freeze', fc.tuple(account, frozen), (world, [which, what]) =>
      world.inTurn(world.freeze(which, what)),
    ),
    command('nextMonth', fc.constant(31 * 86_400), (world, seconds) => world.wait(seconds)),
    command('void', fc.nat(), (world, hold) => world.inTurn(world.voidHold(hold))),
    command('expire', fc.constant(undefined), (world) => world.inTurn(world.expire())),
    command('reverse', reversal, (world, { transfer: origin, amount: back, from }) =>
      world.inTurn(world.reverse(origin, back, from)),
    ),
    command(
      'close',
      fc.record({ which: account, emptied: fc.boolean() }),
      async (world, { which, emptied }) => {
        if (emptied) await world.inTurn(world.empty(which))
        await world.inTurn(world.close(which))
      },
    ),
    command('submit', fc.array(asked, { minLength: 1, maxLength: 4 }), (world, list) => world.batch(list)),
    // A hold, and what becomes of it, all under keys.
    command(
      'holdUnderKeys',
      fc.record({
        key: fc.nat({ max: 5 }),
        wanted: wantedHold,
        then: fc.array(
          fc.record({
            key: fc.nat({ max: 5 }),
            posts: fc.option(fc.record({ part, last: fc.boolean() }), { nil: undefined }),
          }),
          { minLength: 1, maxLength: 3 },
        ),
      }),
      async (world, { key, wanted, then }) => {
        await world.inTurn(world.submit({ owner: 0, key, place: { ...wanted, debit: 0 } }))
        for (const { key: next, posts } of then) {
          const which = world.newestHold()
          await world.inTurn(
            world.submit({
              owner: 0,
              key: next,
              ...(posts ? { hold: { which, ...posts } } : { voids: { which } }),
            }),
          )
        }
      },
    ),
    command('atOnce', fc.array(anyAct, { minLength: 2, maxLength: 3 }), (world, list) =>
      world.atOnce(list.map(({ make }) => make(world))),
    ),
    command(
      'raceHold',
      fc.record({
        which: fc.nat(),
        beforeMs: fc.nat({ max: 2 }),
        movesClockMs: fc.nat({ max: 2 }),
        key: fc.nat({ max: 5 }),
      }),
      (world, { which, beforeMs, movesClockMs, key }) => world.raceHold(which, beforeMs, movesClockMs, key),
    ),
    command('wait', fc.integer({ min: 1, max: 5 }), (world, seconds) => world.wait(seconds)),
    command(
      'statement',
      fc.record({ account, from: fc.nat({ max: 30 }), to: fc.nat({ max: 30 }) }),
      (world, { account: of, from, to }) => world.statement(of, Math.min(from, to), Math.max(from, to)),
    ),
  ],
  { maxCommands: 14, size: 'max' },
)

/** Every sequence agrees with the model after every step. `onSequence` hears how many commands it had. */
export const ledgerProperty = (bench: ModelBench, onSequence: (commands: number) => void = () => undefined) =>
  fc.asyncProperty(commands, async (sequence) => {
    const world = await bench.newWorld()
    try {
      await fc.asyncModelRun(() => ({ model: {}, real: world }), sequence)
      await world.readEverything()
    } finally {
      await world.end()
    }
    onSequence([...sequence].length)
  })

const figure = fc.oneof(
  fc.bigInt({ min: 0n, max: 1000n }),
  fc.bigInt({ min: maximumAmountMinor - 5n, max: maximumAmountMinor }),
)
const bounds = fc.constantFrom<[bigint | undefined, bigint | undefined]>(
  [0n, undefined],
  [0n, 1000n],
  [-50n, 700n],
  [undefined, undefined],
  [0n, maximumAmountMinor],
)
const move = fc.record({
  debit: fc.nat({ max: 3 }),
  credit: fc.nat({ max: 3 }),
  amount: fc.oneof(figure, fc.constantFrom(0n, -1n, maximumAmountMinor + 1n)),
})

/** The rules keep every bound, every sum and every statement. */
export const rulesProperty = () =>
  fc.property(
    fc.array(bounds, { minLength: 4, maxLength: 4 }),
    fc.array(move, { minLength: 1, maxLength: 12, size: 'max' }),
    (limits, moves) => {
      const accounts = limits.map(([minimumMinor, maximumMinor], index): AccountState => ({
        id: `account ${index}`,
        kind: 'customer_wallet',
        currency: 'IDR',
        balanceMinor: 0n,
        heldMinor: 0n,
        entryCount: 0n,
        minimumMinor,
        maximumMinor,
      }))
      const entries = accounts.map(() => [] as { amountMinor: bigint; balanceAfterMinor: bigint }[])
      for (const { debit, credit, amount } of moves) {
        const [from, to] = [accounts[debit]!, accounts[credit]!]
        const [available, room] = [availableMinor(from), roomMinor(to)]
        const verdict = judgeTransfer({ amountMinor: amount, currency: 'IDR' }, from, to)
        const fits =
          amount > 0n &&
          amount <= maximumAmountMinor &&
          debit !== credit &&
          (available === undefined || available >= amount) &&
          (room === undefined || room >= amount) &&
          from.balanceMinor - amount >= -maximumAmountMinor &&
          to.balanceMinor + amount <= maximumAmountMinor
        assert.equal(verdict === 'posted', fits, verdict)
        if (!fits) continue
        const [fromAfter, toAfter] = afterTransfer({ amountMinor: amount }, from, to)
        accounts[debit] = fromAfter
        accounts[credit] = toAfter
        entries[debit]!.push({ amountMinor: -amount, balanceAfterMinor: fromAfter.balanceMinor })
        entries[credit]!.push({ amountMinor: amount, balanceAfterMinor: toAfter.balanceMinor })
      }
      assert.equal(
        accounts.reduce((sum, each) => sum + each.balanceMinor, 0n),
        0n,
      )
      accounts.forEach((each, index) => {
        assert.ok((availableMinor(each) ?? 0n) >= 0n)
        assert.ok((roomMinor(each) ?? 0n) >= 0n)
        assert.equal(each.entryCount, BigInt(entries[index]!.length))
        const statement = {
          currency: 'IDR' as const,
          openingMinor: 0n,
          entries: entries[index]!,
          closingMinor: each.balanceMinor,
        }
        assert.equal(firstBreak(statement), undefined)
        assert.equal(
          firstBreak({ ...statement, closingMinor: each.balanceMinor + 1n }),
          entries[index]!.length,
        )
        if (entries[index]!.length > 0) {
          assert.equal(firstBreak({ ...statement, openingMinor: 1n }), 0)
          assert.notEqual(firstBreak({ ...statement, entries: entries[index]!.slice(1) }), undefined)
        }
      })
    },
  )

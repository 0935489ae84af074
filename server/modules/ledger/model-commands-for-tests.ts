// For tests only: what the model tests and the soak try: random sequences on the ledger, and on the rules alone.
// One place, so that both explore the same things.
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { maximumAmountMinor } from '#contract/money.ts'
import { afterTransfer, availableMinor, firstBreak, judgeTransfer, roomMinor } from './account.rules.ts'
import type { AccountState } from './ledger.ts'
import type { ModelBench, World } from './model-for-tests.ts'

const account = fc.nat({ max: 6 })
const amount = fc.oneof(
  { weight: 8, arbitrary: fc.bigInt({ min: 1n, max: 60n }) },
  { weight: 1, arbitrary: fc.constantFrom(0n, -1n, 10_000n, 2n ** 63n) },
)
const transfer = fc.record({ debit: account, credit: account, amount })
const place = fc.record({
  debit: account,
  credit: account,
  amount,
  lastsSeconds: fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }),
})
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
    command('fund', fc.record({ credit: fc.nat({ max: 3 }), amount }), (world, { credit, amount: funds }) =>
      world.post([{ debit: 0, credit, amount: funds }]),
    ),
    command('post', fc.array(transfer, { minLength: 1, maxLength: 3 }), (world, list) => world.post(list)),
    command('place', fc.array(place, { minLength: 1, maxLength: 2 }), (world, list) => world.place(list)),
    command(
      'postHold',
      fc.record({ hold: fc.nat(), part: fc.option(amount, { nil: undefined }), last: fc.boolean() }),
      (world, { hold, part, last }) => world.postHold(hold, part, last),
    ),
    command('postLinked', fc.array(transfer, { minLength: 1, maxLength: 3 }), (world, list) =>
      world.postLinked(list),
    ),
    command(
      'freeze',
      fc.record({
        account,
        frozen: fc.constantFrom('debits', 'credits', 'both', undefined, undefined, undefined),
      }),
      (world, { account: which, frozen }) => world.freeze(which, frozen),
    ),
    command('nextMonth', fc.constant(31 * 86_400), (world, seconds) => world.wait(seconds)),
    command('void', fc.nat(), (world, hold) => world.voidHold(hold)),
    command('expire', fc.constant(undefined), (world) => world.expire()),
    command(
      'reverse',
      fc.record({ transfer: fc.nat(), amount, from: fc.option(account, { nil: undefined }) }),
      (world, { transfer: origin, amount: back, from }) => world.reverse(origin, back, from),
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

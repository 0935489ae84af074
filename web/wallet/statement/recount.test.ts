import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Statement, StatementEntry } from '../../../contract/customer.ts'
import { givenBackBy, groupByDay, recountStatement } from './recount.ts'

const idr = (amountMinor: bigint) => ({ amountMinor: amountMinor.toString(), currency: 'IDR' as const })
const at = '2026-11-20T06:00:00.000Z'

/** A statement as an honest server gives it: newest first. */
function statementOf(openingMinor: bigint, amounts: readonly bigint[], first = 7): Statement {
  let balance = openingMinor
  const entries = amounts.map((amount, index): StatementEntry => ({
    entry: String(first + index),
    kind: amount > 0n ? 'top_up' : 'payment',
    reference: 'TN-7Q2M-93TD',
    amount: idr(amount),
    balanceAfter: idr((balance += amount)),
    recordedAt: at,
    effectiveAt: at,
  }))
  const sum = (sign: 1 | -1) =>
    amounts
      .filter((amount) => amount > 0n === sign > 0)
      .reduce((total, amount) => total + amount * BigInt(sign), 0n)
  return {
    from: '2026-11-01',
    to: '2026-11-30',
    timeZone: 'Asia/Jakarta',
    opening: { amount: idr(openingMinor), at },
    incoming: { amount: idr(sum(1)), entries: amounts.filter((amount) => amount > 0n).length },
    outgoing: { amount: idr(sum(-1)), entries: amounts.filter((amount) => amount < 0n).length },
    closing: { amount: idr(balance), at },
    standing: { held: idr(0n), spendable: idr(balance), holds: [] },
    addsUp: true,
    entries: entries.reverse(),
    asOf: at,
  }
}
const recount = (statement: Statement) => recountStatement(statement, statement.entries)
const amounts = fc.array(
  fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }).filter((amount) => amount !== 0n),
  { maxLength: 30 },
)

describe('the page counts again', () => {
  it('and finds every honest statement right', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), amounts, (opening, moved) => {
        expect(recount(statementOf(opening, moved))).toEqual({ addsUp: true, differenceMinor: 0n })
      }),
      { seed: 20_261_122 },
    )
  })

  const honest = statementOf(84_200_000n, [235_000_000n, -34_900_000n, -4_200_000n])

  it('and says what is missing when an entry is', () => {
    const { entries } = honest
    const without = recountStatement(honest, [entries[0]!, entries[2]!])
    expect(without).toEqual({ addsUp: false, differenceMinor: -34_900_000n })
  })

  it.each([
    ['a closing that is less', { closing: { amount: idr(280_099_900n), at } }, -100n],
    ['an opening that is more', { opening: { amount: idr(84_200_100n), at } }, -100n],
    ['a sum that is not that of the entries', { incoming: { amount: idr(235_000_001n), entries: 1 } }, 0n],
    ['a count that is not that of the entries', { outgoing: { amount: idr(39_100_000n), entries: 3 } }, 0n],
    [
      'what is held and cannot be',
      { standing: { held: idr(5n), spendable: idr(280_100_000n), holds: [] } },
      0n,
    ],
  ])('and does not believe %s', (_name, wrong, differenceMinor) => {
    expect(recount({ ...honest, ...wrong })).toEqual({ addsUp: false, differenceMinor })
  })

  it('and sees two errors that cancel each other', () => {
    const entries = honest.entries.map((entry) =>
      entry.entry === '8' ? { ...entry, balanceAfter: idr(1n) } : entry,
    )
    expect(recountStatement(honest, entries)).toEqual({ addsUp: false, differenceMinor: 0n })
  })
})

it('a payment and all that gave it back point to each other', () => {
  const [refundTwo, refundOne, payment] = statementOf(0n, [-300n, 100n, 200n]).entries
  const entries = [
    { ...refundTwo!, givesBack: 'TN-7Q2M-93TD' },
    { ...refundOne!, givesBack: 'TN-7Q2M-93TD' },
    payment!,
  ]
  expect(
    givenBackBy(entries)
      .get('TN-7Q2M-93TD')
      ?.map(({ entry }) => entry),
  ).toEqual(['8', '9'])
})

it('days keep the order of the entries', () => {
  const [newest, older] = statementOf(0n, [1n, 2n]).entries
  const days = groupByDay([newest!, { ...older!, recordedAt: '2026-11-19T06:00:00.000Z' }], (time) =>
    time.slice(0, 10),
  )
  expect(days.map(({ day, entries }) => [day, entries.length])).toEqual([
    ['2026-11-20', 1],
    ['2026-11-19', 1],
  ])
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayAfter, judgePeriod, recount } from './statement.rules.ts'

const chain = (openingMinor: bigint, amounts: readonly bigint[]) => {
  let balance = openingMinor
  return amounts.map((amountMinor) => ({ amountMinor, balanceAfterMinor: (balance += amountMinor) }))
}

describe('recounting', () => {
  it('adds up whatever came and went', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 12n }),
        fc.array(fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }).filter((amount) => amount !== 0n)),
        (openingMinor, amounts) => {
          const closing = amounts.reduce((sum, amount) => sum + amount, openingMinor)
          const count = recount(openingMinor, chain(openingMinor, amounts), closing)
          expect(count).toMatchObject({ addsUp: true, differenceMinor: 0n })
          expect(openingMinor + count.incomingMinor - count.outgoingMinor).toBe(closing)
          expect(count.incomingEntries + count.outgoingEntries).toBe(amounts.length)
        },
      ),
      { seed: 20_261_122 },
    )
  })

  it('says how much is missing', () => {
    expect(recount(1000n, chain(1000n, [500n, -200n]), 1250n)).toMatchObject({
      addsUp: false,
      differenceMinor: -50n,
    })
  })

  it('sees a balance on the way that does not follow, although the sum fits', () => {
    const [first, second] = chain(1000n, [500n, -200n])
    expect(recount(1000n, [{ ...first!, balanceAfterMinor: 1501n }, second!], 1300n)).toMatchObject({
      addsUp: false,
      differenceMinor: 0n,
    })
  })

  it('an empty period closes as it opened', () => {
    expect(recount(700n, [], 700n).addsUp).toBe(true)
    expect(recount(700n, [], 701n)).toMatchObject({ addsUp: false, differenceMinor: 1n })
  })
})

describe('periods', () => {
  it.each([
    ['2026-11-01', '2026-11-30', undefined],
    ['2026-11-22', '2026-11-22', undefined],
    ['2024-01-01', '2024-12-31', undefined],
    ['2026-01-01', '2027-01-01', undefined],
    ['2026-01-01', '2027-01-02', 'to'],
    ['2026-11-02', '2026-11-01', 'to'],
    ['2026-02-30', '2026-03-01', 'from'],
    ['2026-02-01', '2026-02-29', 'to'],
    ['2026-13-01', '2026-13-02', 'from'],
  ])('%s to %s: %s', (from, to, wrong) => expect(judgePeriod(from, to)).toBe(wrong))

  it('knows the day after, over months and leap days', () => {
    expect(['2026-11-30', '2026-12-31', '2024-02-28'].map(dayAfter)).toEqual([
      '2026-12-01',
      '2027-01-01',
      '2024-02-29',
    ])
  })
})

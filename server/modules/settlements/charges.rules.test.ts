// Fees, reserves and pay-out days, as a person would reckon them.
import { describe, expect, it } from 'vitest'
import { addDays, chargesOf, nextPayOutAt, releasableMinor, releaseDayOf } from './charges.rules.ts'

const terms = (feeBasisPoints: number, feeFixedMinor: bigint, reserveBasisPoints: number) => ({
  feeBasisPoints,
  feeFixedMinor,
  reserveBasisPoints,
})

describe('charges', () => {
  it.each([
    ['0.7 % of Rp 200.000', terms(70, 0n, 0), 20_000_000n, 140_000n, 0n],
    ['down to whole rupiah', terms(70, 0n, 500), 9_999_900n, 69_900n, 499_900n],
    ['with a fixed part', terms(70, 50_000n, 0), 20_000_000n, 190_000n, 0n],
    ['never more than the payment', terms(70, 500_000n, 500), 100_000n, 100_000n, 0n],
    ['a reserve of what the fee leaves', terms(100, 0n, 10_000), 10_000n, 100n, 9_900n],
    ['nothing', terms(0, 0n, 0), 123n, 0n, 0n],
  ])('%s', (_name, each, amountMinor, feeMinor, reserveMinor) => {
    expect(chargesOf(each, amountMinor, 'IDR')).toEqual({ feeMinor, reserveMinor })
  })
  it('knows currencies without minor units', () => {
    expect(chargesOf(terms(70, 0n, 0), 1000n, 'JPY').feeMinor).toBe(7n)
  })
})

describe('the next pay-out', () => {
  const at = (after: string, holidays: string[] = [], zone = 'Asia/Jakarta') =>
    nextPayOutAt({ zone, payOutMinute: 600 }, new Date(after), new Set(holidays)).toISOString()
  it.each([
    ['later today', '2026-11-20T02:59:59Z', '2026-11-20T03:00:00.000Z'],
    ['not now again', '2026-11-20T03:00:00Z', '2026-11-23T03:00:00.000Z'],
    ['after a weekend', '2026-11-21T01:00:00Z', '2026-11-23T03:00:00.000Z'],
  ])('%s', (_name, after, expected) => {
    expect(at(after)).toBe(expected)
  })
  it('passes holidays', () => {
    expect(at('2026-12-24T04:00:00Z', ['2026-12-25'])).toBe('2026-12-28T03:00:00.000Z')
  })
  it('is at ten in the shop’s own zone', () => {
    expect(at('2026-11-19T20:00:00Z', [], 'Asia/Jayapura')).toBe('2026-11-20T01:00:00.000Z')
  })
  it('ends its search in a calendar that has no working day', () => {
    const days = Array.from({ length: 400 }, (_, index) => addDays('2026-11-20', index))
    expect(() => at('2026-11-20T02:00:00Z', days)).toThrow(RangeError)
  })
})

describe('the reserve', () => {
  it('is free after whole days of the shop', () => {
    // 23:30 on the 20th in Jakarta.
    expect(releaseDayOf({ zone: 'Asia/Jakarta', reserveDays: 7 }, new Date('2026-11-20T16:30:00Z'))).toBe(
      '2026-11-27',
    )
  })
  it.each([
    ['all that is due', 100n, 60n, 40n],
    ['less what refunds took', 70n, 60n, 10n],
    ['nothing when they took more than was due', 50n, 60n, 0n],
  ])('gives %s', (_name, balance, notDue, free) => {
    expect(releasableMinor(balance, notDue)).toBe(free)
  })
})

// What is taken from a shop's credit, and when a pay-out leaves. Pure: terms and amounts in, amounts and times out.
import { minorPerMajor, type Currency } from '#contract/money.ts'
import { dayIn, instantOf } from '#platform/days.ts'
import type { Terms } from './settlement.ts'

/** Fee and reserve of one payment, rounded down to whole units of the currency; together never more than the payment. */
export function chargesOf(
  terms: Pick<Terms, 'feeBasisPoints' | 'feeFixedMinor' | 'reserveBasisPoints'>,
  amountMinor: bigint,
  currency: Currency,
): { feeMinor: bigint; reserveMinor: bigint } {
  const unit = minorPerMajor(currency)
  const share = (basisPoints: number) => ((amountMinor * BigInt(basisPoints)) / 10_000n / unit) * unit
  const smaller = (one: bigint, other: bigint) => (one < other ? one : other)
  const feeMinor = smaller(share(terms.feeBasisPoints) + terms.feeFixedMinor, amountMinor)
  return { feeMinor, reserveMinor: smaller(share(terms.reserveBasisPoints), amountMinor - feeMinor) }
}

/** A calendar day so many days later; both `YYYY-MM-DD`. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)
}

export function isWorkingDay(day: string, holidays: ReadonlySet<string>): boolean {
  const weekday = new Date(day).getUTCDay()
  return weekday !== 0 && weekday !== 6 && !holidays.has(day)
}

/** The first pay-out after `after`: on a working day, at the shop's minute. `holidays` are days of the shop's calendar. */
export function nextPayOutAt(
  terms: Pick<Terms, 'zone' | 'payOutMinute'>,
  after: Date,
  holidays: ReadonlySet<string>,
): Date {
  // A calendar without a working day in a whole year is no calendar: the search ends there.
  for (let day = dayIn(terms.zone, after), tries = 0; tries < 366; day = addDays(day, 1), tries++) {
    const at = instantOf(terms.zone, day, terms.payOutMinute)
    if (at > after && isWorkingDay(day, holidays)) return at
  }
  throw new RangeError('the calendar has no working day within a year')
}

/** The day on which what is kept back at `at` is free: whole days in the shop's zone. */
export function releaseDayOf(terms: Pick<Terms, 'zone' | 'reserveDays'>, at: Date): string {
  return addDays(dayIn(terms.zone, at), terms.reserveDays)
}

/** What of a reserve is free: all of it but what is not due yet. What refunds took is missing from the earliest days. */
export function releasableMinor(reserveBalanceMinor: bigint, notDueMinor: bigint): bigint {
  return reserveBalanceMinor > notDueMinor ? reserveBalanceMinor - notDueMinor : 0n
}

// Deadlines in working days: the same minute of the clock, so many working days later, in the service's time zone. Pure.
import { dayIn, instantOf } from '#platform/days.ts'

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
}

function isWorkingDay(day: string, holidays: ReadonlySet<string>): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return weekday !== 0 && weekday !== 6 && !holidays.has(day)
}

/** The day (`YYYY-MM-DD`) that is the `count`-th working day after the day of `from`. Throws RangeError without one in two years. */
export function workingDayAfter(
  zone: string,
  from: Date,
  count: number,
  holidays: ReadonlySet<string>,
): string {
  let day = dayIn(zone, from)
  for (let left = count, tries = 0; tries < 732; tries++) {
    day = dayAfter(day)
    if (isWorkingDay(day, holidays) && --left <= 0) return day
  }
  throw new RangeError('the calendar has too few working days')
}

/** `from`, `count` (1 or more) working days later at the same minute of the wall clock. What comes on a free day counts from the next one. */
export function addWorkingDays(zone: string, from: Date, count: number, holidays: ReadonlySet<string>): Date {
  const minute = Math.floor((from.getTime() - instantOf(zone, dayIn(zone, from)).getTime()) / 60_000)
  return instantOf(zone, workingDayAfter(zone, from, count, holidays), minute)
}

/** The last minute of that working day: a promise to people names a day. */
export function endOfWorkingDay(
  zone: string,
  from: Date,
  count: number,
  holidays: ReadonlySet<string>,
): Date {
  return instantOf(zone, workingDayAfter(zone, from, count, holidays), 24 * 60 - 1)
}

// When people answer: opening hours of each channel as data, and time that only passes while somebody is there.
// Pure: no clock is read here. A day belongs to the zone of the policy, whatever its length in hours.
import { dayIn, instantOf } from '#platform/days.ts'

export interface ServicePolicy {
  /** False while no engine of ours receives it: such a channel is shown as unavailable, whatever the hours. */
  connected: boolean
  /** IANA zone in which days and minutes are meant. */
  zone: string
  /** ISO days of the week on which the channel opens: 1 is Monday, 7 is Sunday. */
  workingDays: readonly number[]
  /** Minutes after midnight; `toMinute` is the first closed one and may pass 1440, into the next day. */
  fromMinute: number
  toMinute: number
  /** Days (`YYYY-MM-DD`) on which it stays closed although it is a working day. */
  holidays: ReadonlySet<string>
}

export type ServiceChannel = 'chat' | 'voice' | 'email' | 'social'

const officeHours = {
  zone: 'Asia/Jakarta',
  workingDays: [1, 2, 3, 4, 5],
  fromMinute: 9 * 60,
  toMinute: 18 * 60,
}

/** Only the chat is ours so far: nothing here receives calls, mail or messages of social networks yet. */
const connected: Readonly<Record<ServiceChannel, boolean>> = {
  chat: true,
  voice: false,
  email: false,
  social: false,
}

/** The hours of a channel, with the holidays that are known now. */
export const policyOf = (channel: ServiceChannel, holidays: ReadonlySet<string>): ServicePolicy => ({
  ...officeHours,
  connected: connected[channel],
  holidays,
})

/** A first reply is due after this much open time. */
export const firstReplyWithinMs = 2 * 60_000

const farthestDays = 400

interface Span {
  from: number
  to: number
}

function dayAfter(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}

function isWorkingDay(policy: ServicePolicy, day: string): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay() || 7
  return policy.workingDays.includes(weekday) && !policy.holidays.has(day)
}

/** Open times that end after `at`, in order; spans that touch come as one, up to the horizon. */
function* openSpans(policy: ServicePolicy, at: Date): Generator<Span> {
  const { fromMinute, toMinute } = policy
  if (fromMinute < 0 || fromMinute >= 1440 || toMinute <= fromMinute || toMinute - fromMinute > 1440)
    throw new RangeError('a channel opens within its day and for at most a day at a time')
  const today = dayIn(policy.zone, at)
  let open: Span | undefined
  // Yesterday's hours may reach into today.
  for (let ahead = -1; ahead <= farthestDays; ahead++) {
    const day = dayAfter(today, ahead)
    if (!isWorkingDay(policy, day)) continue
    const from = instantOf(policy.zone, day, fromMinute).getTime()
    const to = instantOf(policy.zone, day, toMinute).getTime()
    if (open && from <= open.to) open.to = Math.max(open.to, to)
    else {
      if (open && open.to > at.getTime()) yield open
      open = { from, to }
    }
  }
  if (open && open.to > at.getTime()) yield open
}

function nextSpan(policy: ServicePolicy, at: Date): Span {
  for (const span of openSpans(policy, at)) return span
  throw new RangeError('the channel does not open within a year')
}

/** Whether somebody answers at this instant; the closing minute itself is closed. */
export function isOpen(policy: ServicePolicy, at: Date): boolean {
  for (const span of openSpans(policy, at)) return span.from <= at.getTime()
  return false
}

/** The next instant at which it is open: `at` itself while it is. Throws RangeError when it does not open within a year. */
export function opensAt(policy: ServicePolicy, at: Date): Date {
  return new Date(Math.max(nextSpan(policy, at).from, at.getTime()))
}

/**
 * The end of the open time that `at` lies in, or of the next one while it is closed. A channel that never closes is
 * given the end of the days looked at, more than a year ahead. Throws RangeError when it does not open within a year.
 */
export function closesAt(policy: ServicePolicy, at: Date): Date {
  return new Date(nextSpan(policy, at).to)
}

/**
 * The instant at which `milliseconds` of open time have passed since `start`. Time outside the hours does not count.
 * Throws RangeError when the channel is not open for that long within a year.
 */
export function addOpenTime(policy: ServicePolicy, start: Date, milliseconds: number): Date {
  let left = milliseconds
  for (const span of openSpans(policy, start)) {
    const from = Math.max(span.from, start.getTime())
    if (left <= span.to - from) return new Date(from + left)
    left -= span.to - from
  }
  throw new RangeError('the channel is not open for that long within a year')
}

export function firstReplyDueAt(policy: ServicePolicy, openedAt: Date): Date {
  return addOpenTime(policy, openedAt, firstReplyWithinMs)
}

import { describe, expect, test } from 'vitest'
import {
  addOpenTime,
  closesAt,
  firstReplyDueAt,
  isOpen,
  opensAt,
  policyOf,
  type ServicePolicy,
} from './hours.rules.ts'

const jakarta: ServicePolicy = {
  connected: true,
  zone: 'Asia/Jakarta',
  workingDays: [1, 2, 3, 4, 5],
  fromMinute: 540,
  toMinute: 1080,
  holidays: new Set(['2026-12-25']),
}
const berlin: ServicePolicy = { ...jakarta, zone: 'Europe/Berlin', holidays: new Set() }
const always: ServicePolicy = {
  ...jakarta,
  workingDays: [1, 2, 3, 4, 5, 6, 7],
  fromMinute: 0,
  toMinute: 1440,
  holidays: new Set(),
}
// Working nights: Monday to Friday from 22:00 until 06:00 of the next day.
const nights: ServicePolicy = { ...jakarta, fromMinute: 22 * 60, toMinute: 30 * 60, holidays: new Set() }

/** `2026-11-20 09:00` on a wall clock at +07:00. */
const wib = (text: string) => new Date(`${text.replace(' ', 'T')}:00+07:00`)
const utc = (text: string) => new Date(`${text.replace(' ', 'T')}:00Z`)

describe('open or closed', () => {
  // 20 November 2026 is a Friday.
  test.each<[string, ServicePolicy, Date, Date | 'open', Date]>([
    ['before opening', jakarta, wib('2026-11-20 08:59'), wib('2026-11-20 09:00'), wib('2026-11-20 18:00')],
    ['at opening', jakarta, wib('2026-11-20 09:00'), 'open', wib('2026-11-20 18:00')],
    ['in the last minute', jakarta, wib('2026-11-20 17:59'), 'open', wib('2026-11-20 18:00')],
    [
      'at closing on Friday',
      jakarta,
      wib('2026-11-20 18:00'),
      wib('2026-11-23 09:00'),
      wib('2026-11-23 18:00'),
    ],
    ['at midnight', jakarta, wib('2026-11-20 00:00'), wib('2026-11-20 09:00'), wib('2026-11-20 18:00')],
    ['on Saturday', jakarta, wib('2026-11-21 12:00'), wib('2026-11-23 09:00'), wib('2026-11-23 18:00')],
    ['late on Sunday', jakarta, wib('2026-11-22 23:59'), wib('2026-11-23 09:00'), wib('2026-11-23 18:00')],
    ['on a holiday', jakarta, wib('2026-12-25 10:00'), wib('2026-12-28 09:00'), wib('2026-12-28 18:00')],
    [
      'the evening before it',
      jakarta,
      wib('2026-12-24 20:00'),
      wib('2026-12-28 09:00'),
      wib('2026-12-28 18:00'),
    ],
    ['late at night', nights, wib('2026-11-20 23:00'), 'open', wib('2026-11-21 06:00')],
    ['early in that night', nights, wib('2026-11-21 05:59'), 'open', wib('2026-11-21 06:00')],
    ['after the night', nights, wib('2026-11-21 06:00'), wib('2026-11-23 22:00'), wib('2026-11-24 06:00')],
    ['in a night off', nights, wib('2026-11-23 02:00'), wib('2026-11-23 22:00'), wib('2026-11-24 06:00')],
    // Berlin leaves summer time on 25 October 2026 and enters it on 28 March 2027.
    ['in summer time', berlin, utc('2026-10-23 07:00'), 'open', utc('2026-10-23 16:00')],
    ['over its end', berlin, utc('2026-10-23 16:00'), utc('2026-10-26 08:00'), utc('2026-10-26 17:00')],
    ['over its beginning', berlin, utc('2027-03-26 17:00'), utc('2027-03-29 07:00'), utc('2027-03-29 16:00')],
  ])('%s', (_name, policy, at, opens, closes) => {
    expect(isOpen(policy, at)).toBe(opens === 'open')
    expect(opensAt(policy, at)).toEqual(opens === 'open' ? at : opens)
    expect(closesAt(policy, at)).toEqual(closes)
  })

  test('a channel that never closes is open at midnight, without an end in sight', () => {
    expect(isOpen(always, wib('2026-11-22 00:00'))).toBe(true)
    expect(closesAt(always, wib('2026-11-22 00:00')) > wib('2027-11-22 00:00')).toBe(true)
  })
})

describe('open time', () => {
  const hour = 3_600_000
  test.each<[string, ServicePolicy, Date, number, Date]>([
    ['within a day', jakarta, wib('2026-11-20 09:00'), hour, wib('2026-11-20 10:00')],
    ['exactly until closing', jakarta, wib('2026-11-20 17:00'), hour, wib('2026-11-20 18:00')],
    ['over a weekend', jakarta, wib('2026-11-20 17:30'), hour, wib('2026-11-23 09:30')],
    ['from a Sunday', jakarta, wib('2026-11-22 12:00'), hour, wib('2026-11-23 10:00')],
    ['over a holiday', jakarta, wib('2026-12-24 17:30'), hour, wib('2026-12-28 09:30')],
    ['over many days', jakarta, wib('2026-11-20 09:00'), 20 * hour, wib('2026-11-24 11:00')],
    ['nothing, while open', jakarta, wib('2026-11-20 12:00'), 0, wib('2026-11-20 12:00')],
    ['around the clock', always, wib('2026-11-20 23:30'), hour, wib('2026-11-21 00:30')],
    ['through a night', nights, wib('2026-11-20 23:30'), 7 * hour, wib('2026-11-23 22:30')],
    ['over the end of summer time', berlin, utc('2026-10-23 15:30'), hour, utc('2026-10-26 08:30')],
    // The night between has 25 hours there: all of them count.
    [
      'through the longest day',
      { ...always, zone: 'Europe/Berlin' },
      utc('2026-10-24 22:00'),
      25 * hour,
      utc('2026-10-25 23:00'),
    ],
  ])('%s', (_name, policy, start, milliseconds, end) =>
    expect(addOpenTime(policy, start, milliseconds)).toEqual(end),
  )

  test.each<[string, Date, Date]>([
    ['at once', wib('2026-11-20 10:00'), wib('2026-11-20 10:02')],
    ['when the last minute is short', wib('2026-11-20 17:59'), wib('2026-11-23 09:01')],
    ['on Friday evening', wib('2026-11-20 21:14'), wib('2026-11-23 09:02')],
  ])('a first reply is due two open minutes later: %s', (_name, openedAt, dueAt) =>
    expect(firstReplyDueAt(jakarta, openedAt)).toEqual(dueAt),
  )
})

test.each<[string, Partial<ServicePolicy>]>([
  ['closes before it opens', { fromMinute: 600, toMinute: 600 }],
  ['opens on the next day', { fromMinute: 1440, toMinute: 1500 }],
  ['is open for more than a day', { fromMinute: 0, toMinute: 1441 }],
])('a policy that %s is refused', (_name, change) =>
  expect(() => isOpen({ ...jakarta, ...change }, wib('2026-11-20 10:00'))).toThrow(RangeError),
)

test('a channel that never opens says so', () => {
  const never = { ...jakarta, workingDays: [] }
  expect(isOpen(never, wib('2026-11-20 10:00'))).toBe(false)
  expect(() => opensAt(never, wib('2026-11-20 10:00'))).toThrow(RangeError)
  expect(() => addOpenTime(never, wib('2026-11-20 10:00'), 1)).toThrow(RangeError)
})

test('chat is open in office hours, and only chat is connected', () => {
  const holidays = new Set(['2026-08-17'])
  expect(isOpen(policyOf('chat', holidays), wib('2026-11-20 10:00'))).toBe(true)
  expect(isOpen(policyOf('chat', holidays), wib('2026-08-17 10:00'))).toBe(false)
  const channels = ['chat', 'voice', 'email', 'social'] as const
  expect(channels.filter((channel) => policyOf(channel, holidays).connected)).toEqual(['chat'])
})

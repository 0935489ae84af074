import { describe, expect, it } from 'vitest'
import { formatClock, formatDate, formatDateLong, formatDeadline, formatTime, zoneName } from './time.ts'
import type { Language } from '../language.ts'

/** Friday 20 November 2026, 14:06 in Jakarta. */
const now = '2026-11-20T07:06:00Z'

describe('moments', () => {
  it.each<[string, Language, string]>([
    ['2026-11-20T06:42:07Z', 'en', '13:42'],
    ['2026-11-20T06:42:07Z', 'id', '13.42'],
    ['2026-11-20T06:42:07Z', 'zh', '13:42'],
    // 17:00Z is the next day in Jakarta: today's first minute.
    ['2026-11-19T17:00:00Z', 'en', '00:00'],
    ['2026-11-19T16:59:00Z', 'en', 'Yesterday 23:59'],
    ['2026-11-19T12:32:00Z', 'id', 'Kemarin 19.32'],
    ['2026-11-19T12:32:00Z', 'zh', '昨天 19:32'],
    ['2026-11-17T08:08:00Z', 'en', 'Tue 17 Nov, 15:08'],
    ['2026-11-17T08:08:00Z', 'id', 'Sel 17 Nov, 15.08'],
    ['2026-11-17T08:08:00Z', 'zh', '11月17日 15:08'],
    ['2025-08-03T03:00:00Z', 'id', '3 Agu 2025, 10.00'],
    ['2025-08-03T03:00:00Z', 'zh', '2025年8月3日 10:00'],
    ['2026-11-20T17:00:00Z', 'en', 'Sat 21 Nov, 00:00'],
  ])('%s in %s is %s', (at, language, text) => {
    expect(formatTime(at, { language, now })).toBe(text)
  })

  it('shows seconds in traces and the zone once a screen', () => {
    expect(formatTime('2026-11-20T06:42:07Z', { language: 'id', now, seconds: true })).toBe('13.42.07')
    expect(formatTime('2026-11-18T06:42:07Z', { language: 'en', now, zoneName: true })).toBe(
      'Wed 18 Nov, 13:42 WIB',
    )
    expect(
      formatClock('2026-11-20T06:42:07Z', { language: 'en', zone: 'Asia/Jayapura', zoneName: true }),
    ).toBe('15:42 WIT')
    expect(zoneName('Asia/Singapore', now)).toBe('GMT+8')
  })

  it('is the day of the given zone', () => {
    expect(formatTime('2026-11-19T18:00:00Z', { language: 'en', now, zone: 'UTC' })).toBe('Yesterday 18:00')
  })
})

describe('dates and promises', () => {
  it.each<[Language, string, string, string]>([
    ['en', 'Tue, 24 Nov', 'Tue 24 Nov, 13:42', 'Tuesday, 24 November'],
    ['id', 'Sel, 24 Nov', 'Sel 24 Nov, 13.42', 'Selasa, 24 November'],
    ['zh', '11月24日（周二）', '11月24日（周二）13:42', '11月24日 星期二'],
  ])('in %s', (language, deadline, withTime, long) => {
    const at = '2026-11-24T06:42:00Z'
    expect(formatDeadline(at, { language, now })).toBe(deadline)
    expect(formatDeadline(at, { language, now, withTime: true })).toBe(withTime)
    expect(formatDateLong(at, { language })).toBe(long)
  })

  it('due today is a time, never "in two hours"', () => {
    expect(formatDeadline('2026-11-20T08:42:00Z', { language: 'en', now })).toBe('15:42')
  })

  it.each<[Language, string]>([
    ['en', 'yesterday 23:59'],
    ['id', 'kemarin 23.59'],
    ['zh', '昨天 23:59'],
  ])('behind other words in %s: %s', (language, text) => {
    expect(formatTime('2026-11-19T16:59:00Z', { language, now, inSentence: true })).toBe(text)
  })

  it('another year has its year', () => {
    expect(formatDate('2027-01-04T06:00:00Z', { language: 'en', now })).toBe('4 Jan 2027')
  })
})

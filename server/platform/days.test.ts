// Days and midnights in any time zone: also where the clocks change at midnight, so that no limit ends early or never.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayIn, instantOf, nextMidnight } from './days.ts'

const day = 86_400_000

describe('Asia/Jakarta', () => {
  it.each([
    ['2026-11-20T16:59:59.999Z', '2026-11-20', '2026-11-20T17:00:00.000Z'],
    ['2026-11-20T17:00:00.000Z', '2026-11-21', '2026-11-21T17:00:00.000Z'],
    ['2026-12-31T17:00:00.000Z', '2027-01-01', '2027-01-01T17:00:00.000Z'],
    ['2028-02-28T17:00:00.000Z', '2028-02-29', '2028-02-29T17:00:00.000Z'],
  ])('%s is on %s, which ends at %s', (at, name, ends) => {
    expect(dayIn('Asia/Jakarta', new Date(at))).toBe(name)
    expect(nextMidnight('Asia/Jakarta', new Date(at)).toISOString()).toBe(ends)
  })
})

describe('where the clocks change', () => {
  it.each([
    [
      'at midnight there is no 00:00',
      'America/Sao_Paulo',
      '2018-11-03T12:00:00Z',
      '2018-11-04T03:00:00.000Z',
    ],
    ['the same, east of Greenwich', 'Africa/Cairo', '2026-04-23T12:00:00Z', '2026-04-23T22:00:00.000Z'],
    [
      'at one o’clock it is midnight again',
      'America/Havana',
      '2026-10-31T12:00:00Z',
      '2026-11-01T04:00:00.000Z',
    ],
    ['the hour before it', 'America/Sao_Paulo', '2018-11-04T02:30:00Z', '2018-11-04T03:00:00.000Z'],
    ['a short day', 'Europe/Berlin', '2026-03-29T12:00:00Z', '2026-03-29T22:00:00.000Z'],
    ['a long day', 'Europe/Berlin', '2026-10-25T12:00:00Z', '2026-10-25T23:00:00.000Z'],
    ['a half hour', 'Australia/Lord_Howe', '2026-04-04T18:00:00Z', '2026-04-05T13:30:00.000Z'],
    ['three quarters', 'Asia/Kathmandu', '2026-04-04T18:00:00Z', '2026-04-04T18:15:00.000Z'],
  ])('%s', (_name, zone, at, ends) => {
    expect(nextMidnight(zone, new Date(at)).toISOString()).toBe(ends)
  })

  it('a minute of the day is what the wall clock shows', () => {
    expect(instantOf('Asia/Jakarta', '2026-11-20', 8 * 60).toISOString()).toBe('2026-11-20T01:00:00.000Z')
    expect(instantOf('Europe/Berlin', '2026-03-29', 4 * 60).toISOString()).toBe('2026-03-29T02:00:00.000Z')
    expect(instantOf('Europe/Berlin', '2026-03-29', 60).toISOString()).toBe('2026-03-29T00:00:00.000Z')
  })
})

it('every moment has a next midnight within two days, and the day changes exactly there', () => {
  const zones = Intl.supportedValuesOf('timeZone').filter((zone) => !zone.startsWith('Etc/'))
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.date({ min: new Date('2015-01-01'), max: new Date('2035-01-01'), noInvalidDate: true }),
      (zone, at) => {
        const midnight = nextMidnight(zone, at)
        expect(midnight.getTime()).toBeGreaterThan(at.getTime())
        expect(midnight.getTime() - at.getTime()).toBeLessThanOrEqual(2 * day)
        expect(dayIn(zone, new Date(midnight.getTime() - 1))).toBe(dayIn(zone, at))
        expect(dayIn(zone, midnight)).not.toBe(dayIn(zone, at))
      },
    ),
    { numRuns: 2000, seed: 20261120 },
  )
})

it('what is kept of one moment never answers for another day', () => {
  const zones = ['Asia/Jakarta', 'America/Sao_Paulo', 'America/Havana', 'Africa/Cairo', 'Pacific/Apia']
  const asked = (zone: string, at: Date) =>
    new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(at)
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.date({ min: new Date('2011-01-01'), max: new Date('2027-01-01'), noInvalidDate: true }),
      fc.array(fc.integer({ min: -2 * day, max: 2 * day }), { minLength: 1, maxLength: 6 }),
      (zone, at, steps) => {
        const midnight = nextMidnight(zone, at)
        for (const step of steps) {
          const other = new Date(at.getTime() + step)
          expect(dayIn(zone, other)).toBe(asked(zone, other))
          const isOutside = other < at || other >= midnight
          expect(isOutside || nextMidnight(zone, other).getTime() === midnight.getTime()).toBe(true)
        }
        // What a caller does with an answer changes nobody else's.
        nextMidnight(zone, at).setTime(0)
        expect(nextMidnight(zone, at)).toEqual(midnight)
      },
    ),
    { numRuns: 300 },
  )
})

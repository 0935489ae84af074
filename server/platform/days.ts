// Days and midnights in a time zone, for limits per day and working hours. Works for any IANA zone.

const formatters = new Map<string, Intl.DateTimeFormat>()

function partsIn(zone: string, at: Date): Record<string, number> {
  let formatter = formatters.get(zone)
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formatters.set(zone, formatter)
  }
  return Object.fromEntries(formatter.formatToParts(at).map((part) => [part.type, Number(part.value)]))
}

function offsetMs(zone: string, at: Date): number {
  const parts = partsIn(zone, at)
  const asUtc = Date.UTC(
    parts['year']!,
    parts['month']! - 1,
    parts['day']!,
    parts['hour']!,
    parts['minute']!,
    parts['second']!,
  )
  return asUtc - Math.floor(at.getTime() / 1000) * 1000
}

// Every payment asks what day it is and until when: of each zone the last answer is kept, for as long as it holds.
const days = new Map<string, { from: Date; day: string; midnight: Date }>()

function knownDay(zone: string, at: Date) {
  const known = days.get(zone)
  return known && at >= known.from && at < known.midnight ? known : undefined
}

/** The day as people there call it, `YYYY-MM-DD`. */
export function dayIn(zone: string, at: Date): string {
  const known = knownDay(zone, at)
  if (known) return known.day
  const parts = partsIn(zone, at)
  return `${parts['year']}-${String(parts['month']).padStart(2, '0')}-${String(parts['day']).padStart(2, '0')}`
}

/**
 * The instant at which a wall clock there shows this day and minute. Where it shows it twice, the first time; where the
 * clocks skip it, as much later as they skip: the day that has no 00:00 begins at 01:00.
 */
export function instantOf(zone: string, day: string, minuteOfDay = 0): Date {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  const wall = Date.UTC(year, month - 1, date, 0, minuteOfDay)
  const before = offsetMs(zone, new Date(wall - 86_400_000))
  const after = offsetMs(zone, new Date(wall + 86_400_000))
  const shows = [before, after]
    .map((offset) => wall - offset)
    .filter((at) => at + offsetMs(zone, new Date(at)) === wall)
  return new Date(shows.length > 0 ? Math.min(...shows) : wall - before)
}

/** Midnight after `at`. */
export function nextMidnight(zone: string, at: Date): Date {
  const known = knownDay(zone, at)
  if (known) return new Date(known.midnight)
  const day = dayIn(zone, at)
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  const midnight = instantOf(zone, new Date(Date.UTC(year, month - 1, date + 1)).toISOString().slice(0, 10))
  days.set(zone, { from: new Date(at), day, midnight })
  return new Date(midnight)
}

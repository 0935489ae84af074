// The days from asking to the promised date, as a strip: what is over, today, days off, what comes, the last one.
// The day of asking does not count: the promise begins with the next working day.

export type StripDay = { day: string; kind: 'past' | 'today' | 'off' | 'next' | 'last' }
export type Strip = {
  days: StripDay[]
  /** Working day `number` of `of`; 0 before the first. */ number: number
  of: number
}

const dayMs = 86_400_000
const longestDays = 62
const dayAfter = (day: string): string => new Date(Date.parse(day) + dayMs).toISOString().slice(0, 10)

function isOff(day: string, holidays: readonly string[]): boolean {
  const weekday = new Date(day).getUTCDay()
  return weekday === 0 || weekday === 6 || holidays.includes(day)
}

/** All days are `YYYY-MM-DD` in the wallet's zone. A promise before the asking gives a strip of one day. */
export function workingDayStrip(
  asked: string,
  promised: string,
  today: string,
  holidays: readonly string[] = [],
): Strip {
  const last = promised < asked ? asked : promised
  const days: StripDay[] = []
  let [number, of] = [0, 0]
  for (let day = asked; day <= last && days.length < longestDays; day = dayAfter(day)) {
    const off = isOff(day, holidays)
    if (day > asked && !off) {
      of++
      if (day <= today) number++
    }
    const kind = day === today ? 'today' : day === last ? 'last' : off ? 'off' : day < today ? 'past' : 'next'
    days.push({ day, kind })
  }
  return { days, number, of }
}

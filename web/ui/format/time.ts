// Times as text, in the wallet's zone, 24 hours. Today shows only the time, yesterday the word,
// this year no year. `now` is always given or the reader's own clock: display only, never a decision.

import { currentLanguage, type Language } from '../language.ts'

export const walletZone = 'Asia/Jakarta'

export type Instant = Date | string | number
export type TimeOptions = {
  language?: Language
  /** IANA zone; the wallet's by default. */
  zone?: string
  now?: Instant
  /** Traces show seconds. */
  seconds?: boolean
  /** Adds "WIB": once a screen. */
  zoneName?: boolean
  /** Behind other words: "since yesterday 19:32". */
  inSentence?: boolean
}

type Calendar = {
  year: number
  month: number
  day: number
  weekday: number
  hour: string
  minute: string
  second: string
}

const weekdays: Record<Language, string[]> = {
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
  id: ['Min', 'Sen', 'Sel', 'Rab', 'Kam', 'Jum', 'Sab'],
  zh: ['周日', '周一', '周二', '周三', '周四', '周五', '周六'],
}
const weekdaysLong: Record<Language, string[]> = {
  en: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
  id: ['Minggu', 'Senin', 'Selasa', 'Rabu', 'Kamis', 'Jumat', 'Sabtu'],
  zh: ['星期日', '星期一', '星期二', '星期三', '星期四', '星期五', '星期六'],
}
const months: Record<'en' | 'id', string[]> = {
  en: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
  id: ['Jan', 'Feb', 'Mar', 'Apr', 'Mei', 'Jun', 'Jul', 'Agu', 'Sep', 'Okt', 'Nov', 'Des'],
}
const monthsLong: Record<'en' | 'id', string[]> = {
  en: 'January February March April May June July August September October November December'.split(' '),
  id: 'Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember'.split(' '),
}
const yesterday: Record<Language, string> = { en: 'Yesterday', id: 'Kemarin', zh: '昨天' }
const indonesianZones: Record<string, string> = {
  'Asia/Jakarta': 'WIB',
  'Asia/Pontianak': 'WIB',
  'Asia/Makassar': 'WITA',
  'Asia/Jayapura': 'WIT',
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function calendarOf(at: Instant, zone: string): Calendar {
  let formatter = formatters.get(zone)
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US-u-hc-h23', {
      timeZone: zone,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
    formatters.set(zone, formatter)
  }
  const part = Object.fromEntries(
    formatter.formatToParts(new Date(at)).map(({ type, value }) => [type, value]),
  ) as Record<string, string>
  return {
    year: Number(part.year),
    month: Number(part.month),
    day: Number(part.day),
    weekday: weekdays.en.indexOf(part.weekday!),
    hour: part.hour!,
    minute: part.minute!,
    second: part.second!,
  }
}

/** Days since the epoch of the calendar day, for counting days apart without the clock. */
const dayNumber = ({ year, month, day }: Calendar): number => Date.UTC(year, month - 1, day) / 86_400_000

function clock({ hour, minute, second }: Calendar, language: Language, seconds?: boolean): string {
  return [hour, minute, ...(seconds ? [second] : [])].join(language === 'id' ? '.' : ':')
}

function dateText({ year, month, day }: Calendar, language: Language, withYear: boolean): string {
  if (language === 'zh') return `${withYear ? `${year}年` : ''}${month}月${day}日`
  return `${day} ${months[language][month - 1]}${withYear ? ` ${year}` : ''}`
}

/** "WIB" in western Indonesia; elsewhere the offset, "GMT+8". */
export function zoneName(zone = walletZone, at: Instant = Date.now()): string {
  const offset = (): string | undefined =>
    new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'shortOffset' })
      .formatToParts(new Date(at))
      .find(({ type }) => type === 'timeZoneName')?.value
  return indonesianZones[zone] ?? offset() ?? zone
}

/** The clock time alone: "13:42", "13.42" in Indonesian. */
export function formatClock(
  at: Instant,
  { language = currentLanguage(), zone = walletZone, seconds, zoneName: named }: TimeOptions = {},
): string {
  return `${clock(calendarOf(at, zone), language, seconds)}${named ? ` ${zoneName(zone, at)}` : ''}`
}

/** "13:42" · "Yesterday 19:32" · "Fri 20 Nov, 13:42 WIB" · "11月20日 13:18" · with the year when it is another one. */
export function formatTime(at: Instant, options: TimeOptions = {}): string {
  const {
    language = currentLanguage(),
    zone = walletZone,
    now = Date.now(),
    seconds,
    zoneName: named,
    inSentence,
  } = options
  const then = calendarOf(at, zone)
  const today = calendarOf(now, zone)
  const daysAgo = dayNumber(today) - dayNumber(then)
  const time = `${clock(then, language, seconds)}${named ? ` ${zoneName(zone, at)}` : ''}`
  if (daysAgo === 0) return time
  if (daysAgo === 1) {
    const word = yesterday[language]
    return `${inSentence ? word.toLowerCase() : word} ${time}`
  }
  return `${formatDate(at, { language, zone, now })}${language === 'zh' ? '' : ','} ${time}`
}

/** "Fri 20 Nov", "Jum 20 Nov", "11月20日"; another year: "20 Nov 2025". */
export function formatDate(
  at: Instant,
  { language = currentLanguage(), zone = walletZone, now = Date.now() }: TimeOptions = {},
): string {
  const then = calendarOf(at, zone)
  const otherYear = then.year !== calendarOf(now, zone).year
  const date = dateText(then, language, otherYear)
  return otherYear || language === 'zh' ? date : `${weekdays[language][then.weekday]} ${date}`
}

/** In full, for a title: "Tuesday, 24 November", "Selasa, 24 November", "11月24日 星期二". */
export function formatDateLong(
  at: Instant,
  { language = currentLanguage(), zone = walletZone }: TimeOptions = {},
): string {
  const then = calendarOf(at, zone)
  if (language === 'zh') return `${then.month}月${then.day}日 ${weekdaysLong.zh[then.weekday]}`
  return `${weekdaysLong[language][then.weekday]}, ${then.day} ${monthsLong[language][then.month - 1]}`
}

/** "Fri", "Jum", "周五". */
export const weekdayShort = (at: Instant, language = currentLanguage(), zone = walletZone): string =>
  weekdays[language][calendarOf(at, zone).weekday]!

/** "Ms Lin joined 2023", "Nov 2026": month and year. */
export function formatMonth(
  at: Instant,
  { language = currentLanguage(), zone = walletZone }: TimeOptions = {},
): string {
  const then = calendarOf(at, zone)
  return language === 'zh'
    ? `${then.year}年${then.month}月`
    : `${months[language][then.month - 1]} ${then.year}`
}

/**
 * A promise: weekday and date first, never relative. Today it is the time alone: "15:42".
 * Another day "Tue, 24 Nov", with `withTime` "Tue 24 Nov, 13:42"; Chinese "11月24日（周二）".
 */
export function formatDeadline(
  at: Instant,
  { withTime, ...options }: TimeOptions & { withTime?: boolean } = {},
): string {
  const { language = currentLanguage(), zone = walletZone, now = Date.now() } = options
  const then = calendarOf(at, zone)
  const today = calendarOf(now, zone)
  if (dayNumber(then) === dayNumber(today)) return clock(then, language)
  const date = dateText(then, language, then.year !== today.year)
  const weekday = weekdays[language][then.weekday]!
  if (language === 'zh') return `${date}（${weekday}）${withTime ? clock(then, language) : ''}`
  return withTime ? `${weekday} ${date}, ${clock(then, language)}` : `${weekday}, ${date}`
}

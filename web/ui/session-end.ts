// Why the person is asked to sign in again, in words. The server says it only to who held the session that ended.

import type { ProblemValues } from '../../contract/errors.ts'
import { i18n, localeOf, type Language } from './language.ts'

/** The largest unit that divides the minutes: "30 minutes", "12 hours", "30 days". */
function span(minutes: number, language: Language): string {
  const [count, unit] =
    minutes % 1440 === 0
      ? [minutes / 1440, 'day']
      : minutes % 60 === 0
        ? [minutes / 60, 'hour']
        : [minutes, 'minute']
  return new Intl.NumberFormat(localeOf[language], { style: 'unit', unit, unitDisplay: 'long' }).format(count)
}

/** The reason in the reader's language; undefined when the server told none. `values` are those of session_expired. */
export function sessionEndText(values: ProblemValues | undefined, language: Language): string | undefined {
  const { end, afterMinutes } = values ?? {}
  if (end === 'elsewhere') return i18n._('session.end.elsewhere')
  if ((end !== 'unused' && end !== 'age') || typeof afterMinutes !== 'number') return undefined
  return i18n._(`session.end.${end}`, { time: span(afterMinutes, language) })
}

// Values that came with a text of the server, as a reader sees them: money, times, the rest as it is.

import { currentLanguage, type Language } from '../language.ts'
import { formatMoney, type MoneyValue } from './money.ts'
import { formatDeadline } from './time.ts'

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d/

/** Money becomes "Rp 125.000", an ISO 8601 time "Fri 20 Nov, 13:42" (today "13:42"); names and counts stay. */
export function shownValue(value: unknown, language: Language = currentLanguage()): string | number {
  if (typeof value === 'object' && value !== null && 'amountMinor' in value)
    return formatMoney(value as MoneyValue, { language })
  if (typeof value === 'string' && isoTime.test(value))
    return formatDeadline(value, { language, withTime: true })
  return value as string | number
}

export const shownValues = (
  values: Readonly<Record<string, unknown>> | undefined,
  language: Language = currentLanguage(),
): Record<string, string | number> =>
  Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, shownValue(value, language)]))

// Days and times as a document needs them: others read it, later and elsewhere, so the year and the zone are always said.

import { formatDate, formatTime } from '../../ui/format/time.ts'
import type { Language } from '../../ui/language.ts'

/** No day is today, yesterday or in this year. */
const never = { now: 0 }

/** A day of the calendar, `2026-11-01`: "1 Nov 2026". */
export const paperDay = (day: string, language: Language): string =>
  formatDate(`${day}T05:00:00.000Z`, { language, ...never })

/** "22 Nov 2026, 18:49 WIB". */
export const paperTime = (at: string, language: Language): string =>
  formatTime(at, { language, zoneName: true, ...never })

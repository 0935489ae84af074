// The months that a statement can be of: from the one in which the wallet was opened to the present one, newest first.

import { walletZone } from '../../ui/format/time.ts'

/** `key` is `2026-11`; `from` and `to` are its first and last day. */
export type StatementMonth = { key: string; from: string; to: string }

const monthFormat = new Intl.DateTimeFormat('en-CA', {
  timeZone: walletZone,
  year: 'numeric',
  month: '2-digit',
})
/** `2026-11`, in the wallet's zone. */
export const monthKey = (at: string | number | Date): string => monthFormat.format(new Date(at)).slice(0, 7)

function monthOf(key: string): StatementMonth {
  const [year, month] = key.split('-').map(Number) as [number, number]
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate()
  return { key, from: `${key}-01`, to: `${key}-${lastDay}` }
}

/** Never empty, never more than `most`. `since` and `now` are instants; months are those of the wallet's zone. */
export function monthsBetween(
  since: string | number | Date,
  now: string | number | Date,
  most = 60,
): StatementMonth[] {
  const [first, last] = [monthKey(since), monthKey(now)]
  const months: StatementMonth[] = []
  let [year, month] = last.split('-').map(Number) as [number, number]
  while (months.length < most) {
    const key = `${year}-${String(month).padStart(2, '0')}`
    if (months.length > 0 && key < first) break
    months.push(monthOf(key))
    if (--month === 0) [year, month] = [year - 1, 12]
  }
  return months
}

// Public holidays: the one list that deadlines, pay-outs and the hours of the desk go by. Rows, because those that follow the moon
// are decreed each year; read anew each time, so that what an operator adds holds at once.
import type { Sql } from './db.ts'

/** The country in which our own people work. */
export const serviceCalendar = 'ID'

/** Days as `YYYY-MM-DD`, in the calendar's own time zones. Unknown calendars have none. */
export async function readHolidays(
  sql: Sql,
  calendar: string = serviceCalendar,
): Promise<ReadonlySet<string>> {
  const rows = await sql.rows<{ day: string }>(
    'SELECT day::text AS day FROM platform.holidays WHERE calendar = $1',
    [calendar],
  )
  return new Set(rows.map((row) => row.day))
}

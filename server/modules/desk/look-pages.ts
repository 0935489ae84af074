// Pages of looks: newest first, by the time and id of the last row seen.
import { isUuid } from '#contract/ids.ts'
import { Refusal } from '#platform/refusal.ts'
import type { LookCursor, LookRow } from './look.sql.ts'

/** Throws validation_failed for what is no cursor of ours. */
export function readLookCursor(text: string | undefined): LookCursor | undefined {
  if (text === undefined) return undefined
  const [time, id] = text.split('~')
  const at = new Date(time ?? '')
  if (Number.isNaN(at.getTime()) || !isUuid(id))
    throw new Refusal('validation_failed', { field: 'querystring.after' })
  return { at, id }
}

/** The cursor behind a full page; nothing behind the last one. */
export function nextLook(rows: readonly LookRow[], limit: number): { next?: string } {
  const last = rows.at(-1)
  return last && rows.length === limit ? { next: `${last.at.toISOString()}~${last.id}` } : {}
}

// Slows down guessing and flooding: wrong tries with a growing lock, and counts inside a sliding window.
// Rows are locked in the order of their keys. Where tries must not slip past a limit by coming at the same time,
// the caller charges a try before it is judged. All times are business time.
import type { Sql, Transaction } from './db.ts'

export interface BackOff {
  /** Wrong tries before the first lock. */
  freeTries: number
  firstLockMs: number
  maximumLockMs: number
  /** Quiet time after which old wrong tries are forgotten. */
  forgetAfterMs: number
}

export type Throttle = { verdict: 'go' } | { verdict: 'stop'; untilAt: Date }

/** How long the lock after this many wrong tries lasts; 0 while tries are free. Doubles with each further one. */
export function lockMs(rule: BackOff, wrongTries: number): number {
  if (wrongTries < rule.freeTries) return 0
  return Math.min(rule.maximumLockMs, rule.firstLockMs * 2 ** Math.min(30, wrongTries - rule.freeTries))
}

/** Counts a try under `key` as wrong, unless the key is locked: then nothing is counted. Call `forgiveTries` when it was right. */
export async function chargeTry(tx: Transaction, key: string, rule: BackOff, now: Date): Promise<Throttle> {
  const row = await tx.one<{ wrong_tries: number; last_at: Date | null; locked_until: Date | null }>(
    `INSERT INTO platform.attempts (key) VALUES ($1) ON CONFLICT (key) DO UPDATE SET key = excluded.key
     RETURNING wrong_tries, last_at, locked_until`,
    [key],
  )
  if (row.locked_until && row.locked_until > now) return { verdict: 'stop', untilAt: row.locked_until }
  const quiet = row.last_at === null || now.getTime() - row.last_at.getTime() >= rule.forgetAfterMs
  const wrongTries = (quiet ? 0 : row.wrong_tries) + 1
  const lock = lockMs(rule, wrongTries)
  await tx.run(
    'UPDATE platform.attempts SET wrong_tries = $2, last_at = $3, locked_until = $4 WHERE key = $1',
    [key, wrongTries, now, lock > 0 ? new Date(now.getTime() + lock) : null],
  )
  return { verdict: 'go' }
}

/** The try was right: the key starts anew. */
export async function forgiveTries(tx: Transaction, key: string): Promise<void> {
  await tx.run('UPDATE platform.attempts SET wrong_tries = 0, locked_until = NULL WHERE key = $1', [key])
}

export interface Window {
  key: string
  limit: number
  windowMs: number
}

/** Takes one place in each window, or none when one of them is full; `untilAt` is when there is a place again. */
export async function takePlaces(tx: Transaction, windows: readonly Window[], now: Date): Promise<Throttle> {
  const rows = await tx.rows<WindowRow>(
    `INSERT INTO platform.rate_windows (key) SELECT unnest($1::text[]) ON CONFLICT (key) DO UPDATE SET key = excluded.key
     RETURNING key, taken_at`,
    [windows.map((window) => window.key).sort()],
  )
  const { kept, throttle } = placesAt(rows, windows, now)
  if (throttle.verdict === 'stop') return throttle
  for (const [key, inside] of kept) await saveWindow(tx, key, [...inside, now])
  return { verdict: 'go' }
}

/** Whether each window has a place, without taking one. */
export async function checkPlaces(sql: Sql, windows: readonly Window[], now: Date): Promise<Throttle> {
  const rows = await sql.rows<WindowRow>(
    'SELECT key, taken_at FROM platform.rate_windows WHERE key = ANY($1)',
    [windows.map((window) => window.key)],
  )
  return placesAt(rows, windows, now).throttle
}

interface WindowRow {
  key: string
  taken_at: Date[]
}

function placesAt(rows: readonly WindowRow[], windows: readonly Window[], now: Date) {
  const taken = new Map(rows.map((row) => [row.key, row.taken_at]))
  const kept = new Map<string, Date[]>()
  let untilMs = 0
  for (const window of windows) {
    const from = now.getTime() - window.windowMs
    const inside = (taken.get(window.key) ?? []).filter((at) => at.getTime() > from)
    kept.set(window.key, inside)
    if (inside.length >= window.limit)
      untilMs = Math.max(untilMs, inside[inside.length - window.limit]!.getTime() + window.windowMs)
  }
  const throttle: Throttle = untilMs > 0 ? { verdict: 'stop', untilAt: new Date(untilMs) } : { verdict: 'go' }
  return { kept, throttle }
}

/** Gives back the newest place in each window: what was taken did not count after all. */
export async function giveBackPlaces(tx: Transaction, keys: readonly string[]): Promise<void> {
  const rows = await tx.rows<WindowRow>(
    'SELECT key, taken_at FROM platform.rate_windows WHERE key = ANY($1) ORDER BY key FOR UPDATE',
    [keys],
  )
  for (const row of rows) await saveWindow(tx, row.key, row.taken_at.slice(0, -1))
}

async function saveWindow(tx: Transaction, key: string, places: readonly Date[]): Promise<void> {
  await tx.run('UPDATE platform.rate_windows SET taken_at = $2::timestamptz[], last_at = $3 WHERE key = $1', [
    key,
    places,
    places.at(-1) ?? null,
  ])
}

/** Removes what has been quiet since `before`; called by a job of whoever charges. */
export async function forgetQuiet(tx: Transaction, before: Date): Promise<number> {
  const attempts = await tx.run(
    'DELETE FROM platform.attempts WHERE last_at < $1 AND (locked_until IS NULL OR locked_until < $1)',
    [before],
  )
  return (
    attempts +
    (await tx.run('DELETE FROM platform.rate_windows WHERE last_at < $1 OR last_at IS NULL', [before]))
  )
}

/** The network that an address belongs to: the address itself, or the /64 that a provider gives one home in IPv6. */
export function networkOf(ip: string): string {
  const plain = ip.toLowerCase().replace(/%.*$/, '')
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain)
  if (mapped) return mapped[1]!
  if (!plain.includes(':')) return plain
  const [head = '', tail = ''] = plain.split('::')
  const left = head.split(':').filter(Boolean)
  const right = plain.includes('::') ? tail.split(':').filter(Boolean) : []
  const groups = [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right]
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}

// Sessions of any kind of person: a random token in a cookie, its hash in the database, looked up for many requests at once.
// Nothing is cached: a session that was ended is refused by the very next request, and who held it is told why.
import type { ProblemValues, SessionEnd } from '#contract/errors.ts'
import { uuidv7 } from '#contract/ids.ts'
import { createBatchReader } from './batch-reader.ts'
import type { Clock } from './clock.ts'
import { readCookie, type RequestWithHeaders } from './cookies.ts'
import type { Database, Sql, Transaction } from './db.ts'
import { hashToken, newToken } from './keys.ts'
import { Refusal } from './refusal.ts'

/** A session as its table has it, alive or not. */
export interface SessionTimes {
  session_id: string
  token_hash: Buffer
  last_seen_at: Date
  expires_at: Date
  revoked_at: Date | null
}

export interface SessionKind<Row extends SessionTimes, Session, Owner> {
  cookie: string
  /** From signing in, whatever is done. */
  absoluteMs: number
  /** From the last use. */
  idleMs: number
  /** How exactly the last use is noted: a write for each request would cost more than it tells. */
  touchEveryMs: number
  read(sql: Sql, tokenHashes: readonly Buffer[]): Promise<Row[]>
  touch(sql: Sql, ids: readonly string[], now: Date): Promise<void>
  revokeByToken(tx: Transaction, tokenHash: Buffer, now: Date): Promise<Owner | undefined>
  /** Undefined when the person may not come in any more. */
  sessionOf(row: Row): Session | undefined
}

/** What the open session is saved as. `tokenHash`: SHA-256; the token itself goes to the browser alone. */
export interface NewSession {
  id: string
  tokenHash: Buffer
  createdAt: Date
  expiresAt: Date
}

type EndValues = ProblemValues & { end: SessionEnd }
type Found<Session> = { session: Session } | { ended: EndValues }

export function createSessionKeeper<Row extends SessionTimes, Session, Owner>(
  db: Database,
  clock: Clock,
  kind: SessionKind<Row, Session, Owner>,
) {
  const { cookie, absoluteMs, idleMs, touchEveryMs } = kind
  /** Why it has ended; undefined while it lives. */
  const endOf = (row: Row, now: Date): EndValues | undefined => {
    if (row.revoked_at !== null) return { end: 'elsewhere' }
    if (row.expires_at <= now) return { end: 'age', afterMinutes: absoluteMs / 60_000 }
    if (row.last_seen_at.getTime() + idleMs <= now.getTime())
      return { end: 'unused', afterMinutes: idleMs / 60_000 }
    return undefined
  }

  const find = createBatchReader<Found<Session>>(async (keys) => {
    const rows = await kind.read(
      db.read,
      keys.map((key) => Buffer.from(key, 'base64')),
    )
    const now = clock.now()
    const stale: string[] = []
    const found = rows.map((row): [string, Found<Session>] => {
      const key = row.token_hash.toString('base64')
      const ended = endOf(row, now)
      const session = ended ? undefined : kind.sessionOf(row)
      if (!session) return [key, { ended: ended ?? { end: 'elsewhere' } }]
      if (row.last_seen_at.getTime() + touchEveryMs <= now.getTime()) stale.push(row.session_id)
      return [key, { session }]
    })
    if (stale.length > 0) await kind.touch(db.read, stale.sort(), now)
    return new Map(found)
  })

  const hashOf = (request: RequestWithHeaders) => {
    const token = readCookie(request, cookie)
    return token ? hashToken(token) : undefined
  }
  const look = async (request: RequestWithHeaders): Promise<Found<Session> | undefined> => {
    const hash = hashOf(request)
    return hash && find(hash.toString('base64'))
  }

  return {
    async optional(request: RequestWithHeaders): Promise<Session | undefined> {
      const found = await look(request)
      return found && 'session' in found ? found.session : undefined
    },
    /** Throws session_expired; with `values.end` and `values.afterMinutes` when the request holds a session that has ended. */
    async authenticate(request: RequestWithHeaders): Promise<Session> {
      const found = await look(request)
      if (found && 'session' in found) return found.session
      throw new Refusal('session_expired', found?.ended)
    },
    /** A new session with a new token, written by `save`; the one that the browser had before ends. */
    async open(
      tx: Transaction,
      request: RequestWithHeaders,
      save: (session: NewSession) => Promise<void>,
    ): Promise<{ token: string; sessionId: string }> {
      const now = clock.now()
      const before = hashOf(request)
      if (before) await kind.revokeByToken(tx, before, now)
      const { token, hash } = newToken()
      const sessionId = uuidv7()
      const expiresAt = new Date(now.getTime() + absoluteMs)
      await save({ id: sessionId, tokenHash: hash, createdAt: now, expiresAt })
      return { token, sessionId }
    },
    /** Ends the request's session; undefined when it has none. */
    async close(tx: Transaction, request: RequestWithHeaders): Promise<Owner | undefined> {
      const hash = hashOf(request)
      return hash && kind.revokeByToken(tx, hash, clock.now())
    },
  }
}

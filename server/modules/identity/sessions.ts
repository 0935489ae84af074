// Sessions: a random token in a cookie, its hash in the database, looked up for many requests at once.
// Nothing is cached: a session that was ended is refused by the very next request.
import { uuidv7 } from '#contract/ids.ts'
import { createBatchReader } from '#platform/batch-reader.ts'
import type { Clock } from '#platform/clock.ts'
import { readCookie, type RequestWithHeaders } from '#platform/cookies.ts'
import type { Database, Transaction } from '#platform/db.ts'
import { hashToken, newToken } from '#platform/keys.ts'
import { Refusal } from '#platform/refusal.ts'
import { readSessions, revokeAll, revokeByToken, saveSession, touchSessions } from './sessions.sql.ts'

export const sessionCookie = 'tuntas_session'
/** A wallet on one's own phone: 30 days at most, and 12 hours without use. Payments need the PIN all the same. */
export const absoluteMs = 30 * 24 * 3_600_000
export const idleMs = 12 * 3_600_000
/** How exactly the last use is noted: a write for each request would cost more than it tells. */
const touchEveryMs = 10 * 60_000

export interface Session {
  customerId: string
  sessionId: string
}

export interface Sessions {
  /** Throws session_expired. */
  authenticate(request: RequestWithHeaders): Promise<Session>
  optional(request: RequestWithHeaders): Promise<Session | undefined>
  /** A new session with a new token; the one that the browser had before ends. */
  open(
    tx: Transaction,
    request: RequestWithHeaders,
    who: { customerId: string; deviceId: string },
  ): Promise<{ token: string; sessionId: string }>
  /** Ends the request's session; undefined when it has none. */
  close(tx: Transaction, request: RequestWithHeaders): Promise<Session | undefined>
  closeAll(tx: Transaction, customerId: string, exceptId?: string): Promise<string[]>
}

export function createSessions(db: Database, clock: Clock): Sessions {
  const find = createBatchReader<Session>(async (keys) => {
    const now = clock.now()
    const ago = (ms: number) => new Date(now.getTime() - ms)
    const alive = await readSessions(
      db.read,
      keys.map((key) => Buffer.from(key, 'base64')),
      { now, idleSince: ago(idleMs), staleBefore: ago(touchEveryMs) },
    )
    const stale = alive.filter((row) => row.stale)
    if (stale.length > 0) await touchSessions(db.read, stale.map((row) => row.id).sort(), now)
    return new Map(
      alive.map((row) => [
        row.token_hash.toString('base64'),
        { customerId: row.customer_id, sessionId: row.id },
      ]),
    )
  })

  const tokenHash = (request: RequestWithHeaders) => {
    const token = readCookie(request, sessionCookie)
    return token ? hashToken(token) : undefined
  }

  const sessions: Sessions = {
    async optional(request) {
      const hash = tokenHash(request)
      return hash && find(hash.toString('base64'))
    },
    async authenticate(request) {
      const session = await sessions.optional(request)
      if (!session) throw new Refusal('session_expired')
      return session
    },
    async open(tx, request, { customerId, deviceId }) {
      const now = clock.now()
      const before = tokenHash(request)
      if (before) await revokeByToken(tx, before, now)
      const { token, hash } = newToken()
      const sessionId = uuidv7()
      await saveSession(tx, {
        id: sessionId,
        tokenHash: hash,
        customerId,
        deviceId,
        createdAt: now,
        expiresAt: new Date(now.getTime() + absoluteMs),
      })
      return { token, sessionId }
    },
    async close(tx, request) {
      const hash = tokenHash(request)
      const row = hash && (await revokeByToken(tx, hash, clock.now()))
      return row && { customerId: row.customer_id, sessionId: row.id }
    },
    closeAll: (tx, customerId, exceptId) => revokeAll(tx, customerId, exceptId, clock.now()),
  }
  return sessions
}

// Customers' sessions: how long they last, and what a session of theirs knows. The rest is platform/sessions.ts.
import type { Clock } from '#platform/clock.ts'
import type { RequestWithHeaders } from '#platform/cookies.ts'
import type { Database, Transaction } from '#platform/db.ts'
import { createSessionKeeper } from '#platform/sessions.ts'
import { readSessions, revokeAll, revokeByToken, saveSession, touchSessions } from './sessions.sql.ts'

export const sessionCookie = 'tuntas_session'
/** A wallet on one's own phone: 30 days at most, and 12 hours without use. Payments need the PIN all the same. */
export const absoluteMs = 30 * 24 * 3_600_000
export const idleMs = 12 * 3_600_000

export interface Session {
  customerId: string
  sessionId: string
}

export type Sessions = ReturnType<typeof createSessions>

export function createSessions(db: Database, clock: Clock) {
  const keeper = createSessionKeeper(db, clock, {
    cookie: sessionCookie,
    absoluteMs,
    idleMs,
    touchEveryMs: 10 * 60_000,
    read: readSessions,
    touch: touchSessions,
    sessionOf: (row): Session => ({ customerId: row.customer_id, sessionId: row.session_id }),
    isConstant: true,
    async revokeByToken(tx, tokenHash, now): Promise<Session | undefined> {
      const row = await revokeByToken(tx, tokenHash, now)
      return row && { customerId: row.customer_id, sessionId: row.id }
    },
  })
  return {
    ...keeper,
    open: (tx: Transaction, request: RequestWithHeaders, who: { customerId: string; deviceId: string }) =>
      keeper.open(tx, request, (session) => saveSession(tx, { ...session, ...who })),
    closeAll: (tx: Transaction, customerId: string, exceptId?: string) =>
      revokeAll(tx, customerId, exceptId, clock.now()),
  }
}

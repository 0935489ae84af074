// Agents' sessions: shorter than customers', and with the agent's role as it is now on every request.
import type { Clock } from '#platform/clock.ts'
import type { RequestWithHeaders } from '#platform/cookies.ts'
import type { Database, Transaction } from '#platform/db.ts'
import { createSessionKeeper } from '#platform/sessions.ts'
import type { Actor } from './staff.rules.ts'
import { readSessions, revokeByToken, saveSession, touchSessions, type StaffSessionRow } from './staff.sql.ts'

export const staffCookie = 'tuntas_staff'
/** One working day, and half an hour without use. */
export const absoluteMs = 12 * 3_600_000
export const idleMs = 30 * 60_000

export interface StaffSession extends Actor {
  sessionId: string
  displayName: string
  email: string
  available: boolean
  /** When the password was last typed again in this session. */
  presentAt?: Date | undefined
}

export function createStaffSessions(db: Database, clock: Clock) {
  const keeper = createSessionKeeper(db, clock, {
    cookie: staffCookie,
    absoluteMs,
    idleMs,
    touchEveryMs: 60_000,
    read: readSessions,
    touch: touchSessions,
    sessionOf: (row) => (row.disabled ? undefined : sessionOf(row)),
    async revokeByToken(tx, tokenHash, now) {
      const row = await revokeByToken(tx, tokenHash, now)
      return row && { sessionId: row.id, agentId: row.agent_id }
    },
  })
  return {
    authenticate: keeper.authenticate,
    isLiving: keeper.isLiving,
    close: keeper.close,
    open: (tx: Transaction, request: RequestWithHeaders, agentId: string) =>
      keeper.open(tx, request, (session) => saveSession(tx, { ...session, agentId })),
  }
}

export type StaffSessions = ReturnType<typeof createStaffSessions>

function sessionOf(row: Omit<StaffSessionRow, 'token_hash'>): StaffSession {
  return {
    sessionId: row.session_id,
    agentId: row.id,
    role: row.role,
    customerId: row.customer_id ?? undefined,
    displayName: row.display_name,
    email: row.email,
    available: row.available,
    presentAt: row.present_at ?? undefined,
  }
}

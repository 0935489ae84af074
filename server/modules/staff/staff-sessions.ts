// Agents' sessions: shorter than customers', and with the agent's role as it is now on every request.
import { uuidv7 } from '#contract/ids.ts'
import { createBatchReader } from '#platform/batch-reader.ts'
import type { Clock } from '#platform/clock.ts'
import { readCookie, type RequestWithHeaders } from '#platform/cookies.ts'
import type { Database, Transaction } from '#platform/db.ts'
import { hashToken, newToken } from '#platform/keys.ts'
import { Refusal } from '#platform/refusal.ts'
import type { Actor } from './staff.rules.ts'
import { readSessions, revokeByToken, saveSession, touchSessions, type StaffSessionRow } from './staff.sql.ts'

export const staffCookie = 'tuntas_staff'
/** One working day, and half an hour without use. */
export const absoluteMs = 12 * 3_600_000
export const idleMs = 30 * 60_000
const touchEveryMs = 60_000

export interface StaffSession extends Actor {
  sessionId: string
  displayName: string
  email: string
  available: boolean
  /** When the password was last typed again in this session. */
  presentAt?: Date | undefined
}

export function createStaffSessions(db: Database, clock: Clock) {
  const isAlive = (row: StaffSessionRow, now: Date) =>
    !row.disabled &&
    row.revoked_at === null &&
    row.expires_at > now &&
    row.last_seen_at.getTime() + idleMs > now.getTime()

  const find = createBatchReader<StaffSession>(async (keys) => {
    const rows = await readSessions(
      db.read,
      keys.map((key) => Buffer.from(key, 'base64')),
    )
    const now = clock.now()
    const alive = rows.filter((row) => isAlive(row, now))
    const stale = alive.filter((row) => row.last_seen_at.getTime() + touchEveryMs <= now.getTime())
    if (stale.length > 0) await touchSessions(db.read, stale.map((row) => row.session_id).sort(), now)
    return new Map(alive.map((row) => [row.token_hash.toString('base64'), sessionOf(row)]))
  })

  const hashOf = (request: RequestWithHeaders) => {
    const token = readCookie(request, staffCookie)
    return token ? hashToken(token) : undefined
  }

  return {
    /** Throws session_expired. */
    async authenticate(request: RequestWithHeaders): Promise<StaffSession> {
      const hash = hashOf(request)
      const session = hash && (await find(hash.toString('base64')))
      if (!session) throw new Refusal('session_expired')
      return session
    },
    /** A new token; the session that the browser had before ends. */
    async open(tx: Transaction, request: RequestWithHeaders, agentId: string) {
      const now = clock.now()
      const before = hashOf(request)
      if (before) await revokeByToken(tx, before, now)
      const { token, hash } = newToken()
      const sessionId = uuidv7()
      await saveSession(tx, {
        id: sessionId,
        tokenHash: hash,
        agentId,
        createdAt: now,
        expiresAt: new Date(now.getTime() + absoluteMs),
      })
      return { token, sessionId }
    },
    async close(tx: Transaction, request: RequestWithHeaders) {
      const hash = hashOf(request)
      const row = hash && (await revokeByToken(tx, hash, clock.now()))
      return row && { sessionId: row.id, agentId: row.agent_id }
    },
  }
}

export type StaffSessions = ReturnType<typeof createStaffSessions>

function sessionOf(row: StaffSessionRow): StaffSession {
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

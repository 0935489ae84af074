// All SQL on sessions. Only the SHA-256 of a token is ever sent to the database.
import { byteas } from '#platform/arrays.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import type { NewSession, SessionTimes } from '#platform/sessions.ts'

export interface SessionRow extends SessionTimes {
  customer_id: string
}
export type SessionState = Omit<SessionRow, 'token_hash'>

/** Sessions alive or not: who held one that has ended is told why. */
export function readSessions(sql: Sql, tokenHashes: readonly Buffer[]): Promise<SessionRow[]> {
  return sql.rows(
    `SELECT id AS session_id, token_hash, customer_id, last_seen_at, expires_at, revoked_at
     FROM identity.sessions WHERE token_hash = ANY($1::bytea[])`,
    [byteas(tokenHashes)],
    'identity-read-sessions',
  )
}

export async function saveSession(
  tx: Transaction,
  session: NewSession & { customerId: string; deviceId: string | undefined },
): Promise<void> {
  await tx.run(
    `INSERT INTO identity.sessions (id, token_hash, customer_id, device_id, created_at, last_seen_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $5, $6)`,
    [
      session.id,
      session.tokenHash,
      session.customerId,
      session.deviceId ?? null,
      session.createdAt,
      session.expiresAt,
    ],
  )
}

export async function touchSessions(sql: Sql, ids: readonly string[], now: Date): Promise<void> {
  await sql.run(
    'UPDATE identity.sessions SET last_seen_at = $2 WHERE id = ANY($1::uuid[]) AND last_seen_at < $2',
    [ids, now],
  )
}

/** Ends a session; returns whose it was, or undefined when there was none that lives. */
export function revokeByToken(
  tx: Transaction,
  tokenHash: Buffer,
  now: Date,
): Promise<{ id: string; customer_id: string } | undefined> {
  return tx.maybe(
    `UPDATE identity.sessions SET revoked_at = $2 WHERE token_hash = $1 AND revoked_at IS NULL
     RETURNING id, customer_id`,
    [tokenHash, now],
  )
}

/** Ends all sessions of a customer but one; returns their ids. */
export async function revokeAll(
  tx: Transaction,
  customerId: string,
  exceptId: string | undefined,
  now: Date,
): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(
    `UPDATE identity.sessions SET revoked_at = $3
     WHERE customer_id = $1 AND revoked_at IS NULL AND id IS DISTINCT FROM $2 RETURNING id`,
    [customerId, exceptId ?? null, now],
  )
  return rows.map((row) => row.id)
}

/** Removes sessions that ended long ago. */
export function deleteOldSessions(sql: Sql, before: Date): Promise<number> {
  return sql.run('DELETE FROM identity.sessions WHERE expires_at < $1 OR revoked_at < $1', [before])
}

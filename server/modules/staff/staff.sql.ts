// All SQL on agents, their sessions, and their grants.
import type { Sql, Transaction } from '#platform/db.ts'
import type { NewSession, SessionTimes } from '#platform/sessions.ts'
import type { Role } from './staff.rules.ts'

export interface AgentRow {
  id: string
  email: string
  display_name: string
  role: Role
  disabled: boolean
  available: boolean
  customer_id: string | null
}

const agentColumns = `agent.id, agent.email, agent.display_name, agent.role, agent.disabled, agent.available,
  agent.customer_id`

export interface NewAgent {
  id: string
  email: string
  displayName: string
  role: Role
  passwordHash: string
  available: boolean
  customerId: string | undefined
  createdAt: Date
}

export async function saveAgents(tx: Transaction, agents: readonly NewAgent[]): Promise<void> {
  await tx.run(
    `INSERT INTO staff.agents (id, email, display_name, role, password_hash, available, customer_id, created_at)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[], $7::uuid[],
       $8::timestamptz[])`,
    [
      agents.map((agent) => agent.id),
      agents.map((agent) => agent.email),
      agents.map((agent) => agent.displayName),
      agents.map((agent) => agent.role),
      agents.map((agent) => agent.passwordHash),
      agents.map((agent) => agent.available),
      agents.map((agent) => agent.customerId ?? null),
      agents.map((agent) => agent.createdAt),
    ],
  )
}

export function readByEmail(
  sql: Sql,
  email: string,
): Promise<(AgentRow & { password_hash: string }) | undefined> {
  return sql.maybe(
    `SELECT ${agentColumns}, agent.password_hash FROM staff.agents AS agent WHERE email = $1`,
    [email],
  )
}

export function readAgents(sql: Sql, ids: readonly string[]): Promise<AgentRow[]> {
  return sql.rows(`SELECT ${agentColumns} FROM staff.agents AS agent WHERE id = ANY($1::uuid[])`, [ids])
}

/** Signed in: a session of theirs was seen since `$2` and has not ended at `$1`. */
const isSignedIn = `NOT agent.disabled AND EXISTS (
  SELECT FROM staff.sessions AS session WHERE session.agent_id = agent.id
    AND session.revoked_at IS NULL AND session.expires_at > $1 AND session.last_seen_at > $2)`

/** Who takes cases and is signed in. */
export function readAvailable(sql: Sql, now: Date, seenAfter: Date): Promise<AgentRow[]> {
  return sql.rows(
    `SELECT ${agentColumns} FROM staff.agents AS agent
     WHERE agent.available AND agent.role IN ('agent', 'lead') AND ${isSignedIn} ORDER BY agent.id`,
    [now, seenAfter],
  )
}

/** Who of them is signed in, whatever their switch says. */
export async function readSignedIn(
  sql: Sql,
  ids: readonly string[],
  now: Date,
  seenAfter: Date,
): Promise<string[]> {
  const rows = await sql.rows<{ id: string }>(
    `SELECT agent.id FROM staff.agents AS agent WHERE agent.id = ANY($3::uuid[]) AND ${isSignedIn}`,
    [now, seenAfter, ids],
  )
  return rows.map((row) => row.id)
}

export async function saveAvailable(sql: Sql, agentId: string, available: boolean): Promise<void> {
  await sql.run('UPDATE staff.agents SET available = $2 WHERE id = $1', [agentId, available])
}

export function lockAgent(tx: Transaction, agentId: string): Promise<AgentRow | undefined> {
  return tx.maybe(`SELECT ${agentColumns} FROM staff.agents AS agent WHERE id = $1 FOR UPDATE`, [agentId])
}

/** Writes role and access, and numbers the change; the numbers follow the order of commits. */
export async function saveAccess(
  tx: Transaction,
  agent: { id: string; role: Role; disabled: boolean },
  now: Date,
): Promise<void> {
  await tx.run(
    'UPDATE staff.agents SET role = $2, disabled = $3, available = available AND NOT $3 WHERE id = $1',
    [agent.id, agent.role, agent.disabled],
  )
  // Rare and short: whoever numbers a change waits for the one before to commit.
  await tx.run('LOCK TABLE staff.access_changes IN EXCLUSIVE MODE')
  await tx.run(
    `INSERT INTO staff.access_changes (sequence, agent_id, changed_at)
     SELECT coalesce(max(sequence), 0) + 1, $1, $2 FROM staff.access_changes`,
    [agent.id, now],
  )
}

export async function lastAccessChange(sql: Sql): Promise<bigint> {
  const row = await sql.one<{ last: bigint }>(
    'SELECT coalesce(max(sequence), 0) AS last FROM staff.access_changes',
  )
  return row.last
}

export function accessChangesAfter(
  sql: Sql,
  sequence: bigint,
): Promise<{ sequence: bigint; agent_id: string }[]> {
  return sql.rows(
    'SELECT sequence, agent_id FROM staff.access_changes WHERE sequence > $1 ORDER BY sequence',
    [sequence],
  )
}

export interface StaffSessionRow extends AgentRow, SessionTimes {
  present_at: Date | null
}

/** With the agent as they are now, so that a changed role counts at once. */
export function readSessions(sql: Sql, tokenHashes: readonly Buffer[]): Promise<StaffSessionRow[]> {
  return sql.rows(
    `SELECT session.id AS session_id, session.token_hash, session.last_seen_at, session.expires_at,
            session.revoked_at, session.present_at, ${agentColumns}
     FROM staff.sessions AS session JOIN staff.agents AS agent ON agent.id = session.agent_id
     WHERE session.token_hash = ANY($1::bytea[])`,
    [tokenHashes],
    'staff-read-sessions',
  )
}

export async function saveSession(tx: Transaction, session: NewSession & { agentId: string }): Promise<void> {
  await tx.run(
    `INSERT INTO staff.sessions (id, token_hash, agent_id, created_at, last_seen_at, expires_at)
     VALUES ($1, $2, $3, $4, $4, $5)`,
    [session.id, session.tokenHash, session.agentId, session.createdAt, session.expiresAt],
  )
}

export async function touchSessions(sql: Sql, ids: readonly string[], now: Date): Promise<void> {
  await sql.run(
    'UPDATE staff.sessions SET last_seen_at = $2 WHERE id = ANY($1::uuid[]) AND last_seen_at < $2',
    [ids, now],
  )
}

/** False when the session has ended. */
export async function savePresence(tx: Transaction, sessionId: string, now: Date): Promise<boolean> {
  const count = await tx.run(
    'UPDATE staff.sessions SET present_at = $2 WHERE id = $1 AND revoked_at IS NULL',
    [sessionId, now],
  )
  return count === 1
}

export function revokeByToken(
  tx: Transaction,
  tokenHash: Buffer,
  now: Date,
): Promise<{ id: string; agent_id: string } | undefined> {
  return tx.maybe(
    `UPDATE staff.sessions SET revoked_at = $2 WHERE token_hash = $1 AND revoked_at IS NULL
     RETURNING id, agent_id`,
    [tokenHash, now],
  )
}

export async function revokeAll(tx: Transaction, agentId: string, now: Date): Promise<void> {
  await tx.run('UPDATE staff.sessions SET revoked_at = $2 WHERE agent_id = $1 AND revoked_at IS NULL', [
    agentId,
    now,
  ])
}

export function deleteOldSessions(sql: Sql, before: Date): Promise<number> {
  return sql.run('DELETE FROM staff.sessions WHERE expires_at < $1 OR revoked_at < $1', [before])
}

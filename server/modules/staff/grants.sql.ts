// All SQL on grants: which agent may look at which customer, because of which case, until when.
import type { Sql, Transaction } from '#platform/db.ts'

export interface Grant {
  agentId: string
  customerId: string
  caseId: string
  untilAt: Date
}

/** A grant that stands already is moved to the new end. */
export async function saveGrants(tx: Transaction, grants: readonly Grant[], now: Date): Promise<void> {
  await tx.run(
    `INSERT INTO staff.grants (agent_id, customer_id, case_id, granted_at, until_at)
     SELECT agent_id, customer_id, case_id, $5, max(until_at)
     FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[]) AS g (agent_id, customer_id, case_id, until_at)
     GROUP BY agent_id, customer_id, case_id ORDER BY agent_id, customer_id, case_id
     ON CONFLICT (agent_id, customer_id, case_id)
     DO UPDATE SET until_at = excluded.until_at, granted_at = excluded.granted_at`,
    [
      grants.map((grant) => grant.agentId),
      grants.map((grant) => grant.customerId),
      grants.map((grant) => grant.caseId),
      grants.map((grant) => grant.untilAt),
      now,
    ],
  )
}

/** Ends what a case gave: to one agent, or to everybody. */
export async function endGrants(
  tx: Transaction,
  caseId: string,
  agentId: string | undefined,
  now: Date,
): Promise<void> {
  await tx.run(
    `UPDATE staff.grants SET until_at = $3
     WHERE case_id = $1 AND ($2::uuid IS NULL OR agent_id = $2) AND until_at > $3`,
    [caseId, agentId ?? null, now],
  )
}

export async function hasGrant(sql: Sql, agentId: string, customerId: string, now: Date): Promise<boolean> {
  const row = await sql.one<{ granted: boolean }>(
    `SELECT EXISTS (
       SELECT FROM staff.grants WHERE agent_id = $1 AND customer_id = $2 AND until_at > $3
     ) AS granted`,
    [agentId, customerId, now],
  )
  return row.granted
}

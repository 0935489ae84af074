// SQL on looks: which agent saw what of whom, because of which case. Only how long a contact is shown ever changes.
import type { Sql, Transaction } from '#platform/db.ts'

export interface LookRow {
  id: string
  at: Date
  agent_id: string
  agent_name: string
  customer_id: string
  field: string
  reason: string
  number: bigint
  reference: string | null
  visible_until: Date | null
}

export interface NewLook {
  id: string
  customerId: string
  caseId: string
  agentId: string
  agentName: string
  field: string
  reason: string
  at: Date
  reference?: string
  visibleUntil?: Date
}

/** False when this money was looked at in this hour already, by the same agent for the same case. */
export async function insertLook(tx: Transaction, look: NewLook): Promise<boolean> {
  const count = await tx.run(
    `INSERT INTO desk.looks (id, customer_id, case_id, agent_id, agent_name, field, reason, at, reference, visible_until)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`,
    [
      look.id,
      look.customerId,
      look.caseId,
      look.agentId,
      look.agentName,
      look.field,
      look.reason,
      look.at,
      look.reference ?? null,
      look.visibleUntil ?? null,
    ],
  )
  return count > 0
}

/** What is shown because of a case is shown no longer. */
export async function endReveals(tx: Transaction, caseId: string, now: Date): Promise<void> {
  await tx.run('UPDATE desk.looks SET visible_until = $2 WHERE case_id = $1 AND visible_until > $2', [
    caseId,
    now,
  ])
}

const columns = `look.id, look.at, look.agent_id, look.agent_name, look.customer_id, look.field, look.reason, "case".number,
  look.reference, look.visible_until`
const tables = 'desk.looks AS look JOIN desk.cases AS "case" ON "case".id = look.case_id'

export async function readLooks(
  sql: Sql,
  by: { customerId: string; caseId?: string },
  limit: number,
): Promise<LookRow[]> {
  return sql.rows<LookRow>(
    `SELECT ${columns} FROM ${tables}
     WHERE look.customer_id = $1 AND ($2::uuid IS NULL OR look.case_id = $2) ORDER BY look.at DESC, look.id DESC LIMIT $3`,
    [by.customerId, by.caseId ?? null, limit],
  )
}

/** Everybody's looks, newest first: for auditors. */
export async function readAllLooks(
  sql: Sql,
  before: { at: Date; id: string } | undefined,
  limit: number,
): Promise<LookRow[]> {
  return sql.rows<LookRow>(
    `SELECT ${columns} FROM ${tables}
     WHERE $1::timestamptz IS NULL OR (look.at, look.id) < ($1, $2::uuid) ORDER BY look.at DESC, look.id DESC LIMIT $3`,
    [before?.at ?? null, before?.id ?? null, limit],
  )
}

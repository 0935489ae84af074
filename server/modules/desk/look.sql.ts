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
  /** Of the case that it was for; NULL when it was for another reason. */
  number: bigint | null
  reference: string | null
  visible_until: Date | null
}

export interface NewLook {
  id: string
  customerId: string
  caseId: string | undefined
  agentId: string
  agentName: string
  field: string
  reason: string
  at: Date
  reference: string | undefined
  visibleUntil: Date | undefined
  fileId?: string | undefined
}

/** False when the same person looked at the same in this hour already, for the same reason and case. */
export async function insertLook(tx: Transaction, look: NewLook): Promise<boolean> {
  const count = await tx.run(
    `INSERT INTO desk.looks (id, customer_id, case_id, agent_id, agent_name, field, reason, at, reference, visible_until, file_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING`,
    [
      look.id,
      look.customerId,
      look.caseId ?? null,
      look.agentId,
      look.agentName,
      look.field,
      look.reason,
      look.at,
      look.reference ?? null,
      look.visibleUntil ?? null,
      look.fileId ?? null,
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
const tables = 'desk.looks AS look LEFT JOIN desk.cases AS "case" ON "case".id = look.case_id'

/** Where a page ended: newest first. */
export interface LookCursor {
  at: Date
  id: string
}

export async function readLooks(
  sql: Sql,
  by: { customerId: string; caseId?: string; before?: LookCursor | undefined },
  limit: number,
): Promise<LookRow[]> {
  return sql.rows<LookRow>(
    `SELECT ${columns} FROM ${tables}
     WHERE look.customer_id = $1 AND ($2::uuid IS NULL OR look.case_id = $2)
       AND ($4::timestamptz IS NULL OR (look.at, look.id) < ($4, $5::uuid))
     ORDER BY look.at DESC, look.id DESC LIMIT $3`,
    [by.customerId, by.caseId ?? null, limit, by.before?.at ?? null, by.before?.id ?? null],
  )
}

/** What an auditor looks for; what is left out does not matter. */
export interface LookSearch {
  before?: LookCursor | undefined
  agentId?: string | undefined
  customerId?: string | undefined
  from?: Date | undefined
  /** Not included. */
  until?: Date | undefined
  /** A word of it fits when it is in the agent's name, or one of these customers, the reference, or the case is meant. */
  text?:
    | {
        name: string
        customerIds: readonly string[]
        reference: string | undefined
        caseNumber: bigint | undefined
      }
    | undefined
}

/** Looks of all staff at all customers, newest first: for auditors. */
export async function searchLooks(sql: Sql, search: LookSearch, limit: number): Promise<LookRow[]> {
  const { before, text } = search
  return sql.rows<LookRow>(
    `SELECT ${columns} FROM ${tables}
     WHERE ($1::timestamptz IS NULL OR (look.at, look.id) < ($1, $2::uuid))
       AND ($4::uuid IS NULL OR look.agent_id = $4) AND ($5::uuid IS NULL OR look.customer_id = $5)
       AND ($6::timestamptz IS NULL OR look.at >= $6) AND ($7::timestamptz IS NULL OR look.at < $7)
       AND ($8::text IS NULL OR strpos(lower(look.agent_name), lower($8)) > 0 OR look.customer_id = ANY($9::uuid[])
         OR look.reference = $10 OR "case".number = $11)
     ORDER BY look.at DESC, look.id DESC LIMIT $3`,
    [
      before?.at ?? null,
      before?.id ?? null,
      limit,
      search.agentId ?? null,
      search.customerId ?? null,
      search.from ?? null,
      search.until ?? null,
      text?.name ?? null,
      text?.customerIds ?? [],
      text?.reference ?? null,
      text?.caseNumber ?? null,
    ],
  )
}

// Which case holds a reference: for rooms that act because of a case. The case is the reason; who may act, they ask of staff.
import type { Sql } from '#platform/db.ts'

/** The open case, when it holds this reference. */
export async function findHolding(
  sql: Sql,
  caseId: string,
  reference: string,
): Promise<{ customerId: string; agentId: string | undefined; conversationId: string } | undefined> {
  const row = await sql.maybe<{ customer_id: string; agent_id: string | null; conversation_id: string }>(
    `SELECT held_by.customer_id, held_by.agent_id, talk.id AS conversation_id
     FROM desk.case_references AS held JOIN desk.cases AS held_by ON held_by.id = held.case_id
     JOIN desk.conversations AS talk ON talk.case_id = held_by.id
     WHERE held.case_id = $1 AND held.reference = $2 AND held_by.state IN ('waiting_agent', 'waiting_customer')`,
    [caseId, reference],
  )
  return (
    row && {
      customerId: row.customer_id,
      agentId: row.agent_id ?? undefined,
      conversationId: row.conversation_id,
    }
  )
}

/** The case of each reference that has one: an open one before a solved one, then the newest. */
export async function casesAbout(sql: Sql, references: readonly string[]): Promise<Map<string, string>> {
  const rows = await sql.rows<{ reference: string; case_id: string }>(
    `SELECT DISTINCT ON (held.reference) held.reference, held.case_id
     FROM desk.case_references AS held JOIN desk.cases AS held_by ON held_by.id = held.case_id
     WHERE held.reference = ANY($1::text[])
     ORDER BY held.reference, held_by.state <> 'solved' DESC, held.attached_at DESC, held.case_id`,
    [references],
  )
  return new Map(rows.map((row) => [row.reference, row.case_id]))
}

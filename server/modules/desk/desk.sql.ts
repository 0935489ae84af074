// SQL on cases and conversations. A case and its conversation are locked together, by the conversation's id, first of all.
import type { Locale } from '#contract/schema.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import type { CaseRecord, CaseState } from './case.ts'

export interface CaseRow {
  id: string
  number: bigint
  conversation_id: string
  customer_id: string
  subject: string
  channel: CaseRecord['channel']
  language: Locale
  state: CaseState
  agent_id: string | null
  joined_agent_id: string | null
  preview: string
  opened_at: Date
  updated_at: Date
  waiting_since: Date | null
  first_reply_due_at: Date
  first_replied_at: Date | null
  last_sequence: number
  customer_read: number
  agent_read: number
  sign_one: string
  sign_two: string
  sign_number: number
  expects_code: boolean
  digits_tail: string
  outcome: CaseRecord['outcome'] | null
  solved_by: CaseRecord['solvedBy'] | null
  closings: number
  escalated_at: Date | null
  waits_on: CaseRecord['waitsOn'] | null
}

export const columns = `"case".id, "case".number, conversation.id AS conversation_id, "case".customer_id, "case".subject, "case".channel,
  "case".language, "case".state, "case".agent_id, "case".joined_agent_id, "case".preview, "case".opened_at, "case".updated_at,
  "case".first_reply_due_at, "case".first_replied_at, conversation.last_sequence, conversation.customer_read, conversation.agent_read,
  conversation.sign_one, conversation.sign_two, conversation.sign_number, conversation.expects_code, conversation.digits_tail,
  "case".outcome, "case".solved_by, "case".closings, "case".escalated_at, "case".waits_on, "case".waiting_since`
export const tables =
  'desk.conversations AS conversation JOIN desk.cases AS "case" ON "case".id = conversation.case_id'

export function toCase(row: CaseRow): CaseRecord {
  return {
    id: row.id,
    number: row.number,
    conversationId: row.conversation_id,
    customerId: row.customer_id,
    subject: row.subject,
    channel: row.channel,
    language: row.language,
    state: row.state,
    agentId: row.agent_id ?? undefined,
    joinedAgentId: row.joined_agent_id ?? undefined,
    preview: row.preview,
    openedAt: row.opened_at,
    updatedAt: row.updated_at,
    waitingSince: row.waiting_since ?? undefined,
    firstReplyDueAt: row.first_reply_due_at,
    firstRepliedAt: row.first_replied_at ?? undefined,
    lastSequence: row.last_sequence,
    customerRead: row.customer_read,
    agentRead: row.agent_read,
    sign: { pictures: [row.sign_one, row.sign_two], number: row.sign_number },
    expectsCode: row.expects_code,
    digitsTail: row.digits_tail,
    outcome: row.outcome ?? undefined,
    solvedBy: row.solved_by ?? undefined,
    closings: row.closings,
    escalatedAt: row.escalated_at ?? undefined,
    waitsOn: row.waits_on ?? undefined,
  }
}

export async function insertCase(
  tx: Transaction,
  fresh: Pick<
    CaseRecord,
    'id' | 'conversationId' | 'customerId' | 'subject' | 'channel' | 'language' | 'sign'
  > & { firstReplyDueAt: Date; waitsOn: CaseRecord['waitsOn'] },
  now: Date,
): Promise<void> {
  await tx.run(
    `INSERT INTO desk.cases (id, customer_id, subject, channel, language, state, created_at, opened_at, updated_at, first_reply_due_at, waits_on)
     VALUES ($1, $2, $3, $4, $5, 'new', $6, $6, $6, $7, $8)`,
    [
      fresh.id,
      fresh.customerId,
      fresh.subject,
      fresh.channel,
      fresh.language,
      now,
      fresh.firstReplyDueAt,
      fresh.waitsOn ?? null,
    ],
  )
  await tx.run(
    'INSERT INTO desk.conversations (id, case_id, customer_id, sign_one, sign_two, sign_number) VALUES ($1, $2, $3, $4, $5, $6)',
    [fresh.conversationId, fresh.id, fresh.customerId, ...fresh.sign.pictures, fresh.sign.number],
  )
}

export async function lockByConversation(
  tx: Transaction,
  conversationIds: readonly string[],
): Promise<CaseRecord[]> {
  const rows = await tx.rows<CaseRow>(
    `SELECT ${columns} FROM ${tables} WHERE conversation.id = ANY($1::uuid[]) ORDER BY conversation.id FOR NO KEY UPDATE`,
    [conversationIds],
    'desk-lock',
  )
  return rows.map(toCase)
}

export async function readCases(sql: Sql, ids: readonly string[]): Promise<CaseRecord[]> {
  return (
    await sql.rows<CaseRow>(`SELECT ${columns} FROM ${tables} WHERE "case".id = ANY($1::uuid[])`, [ids])
  ).map(toCase)
}

export async function readByConversation(sql: Sql, conversationId: string): Promise<CaseRecord | undefined> {
  const row = await sql.maybe<CaseRow>(
    `SELECT ${columns} FROM ${tables} WHERE conversation.id = $1`,
    [conversationId],
    'desk-read-conversation',
  )
  return row && toCase(row)
}

export async function listOfCustomer(sql: Sql, customerId: string, limit: number): Promise<CaseRecord[]> {
  const rows = await sql.rows<CaseRow>(
    `SELECT ${columns} FROM ${tables} WHERE "case".customer_id = $1 AND "case".state <> 'new' ORDER BY "case".updated_at DESC LIMIT $2`,
    [customerId, limit],
  )
  return rows.map(toCase)
}

/** The customer's case that is not solved about this reference, or about nothing in particular. */
export async function findOpenCase(
  sql: Sql,
  customerId: string,
  reference: string | undefined,
): Promise<CaseRecord | undefined> {
  const row = await sql.maybe<CaseRow>(
    `SELECT ${columns} FROM ${tables}
     WHERE "case".customer_id = $1 AND "case".state <> 'solved' AND CASE WHEN $2::text IS NULL
       THEN NOT EXISTS (SELECT 1 FROM desk.case_references AS held WHERE held.case_id = "case".id)
       ELSE EXISTS (SELECT 1 FROM desk.case_references AS held WHERE held.case_id = "case".id AND held.reference = $2) END
     ORDER BY "case".created_at DESC LIMIT 1`,
    [customerId, reference ?? null],
  )
  return row && toCase(row)
}

/** Saves what sending, taking and solving change, for many cases in one statement. */
export async function saveCases(tx: Transaction, cases: readonly CaseRecord[], now: Date): Promise<void> {
  await tx.run(
    `UPDATE desk.cases AS "case" SET state = changed.state, agent_id = changed.agent_id, joined_agent_id = changed.joined_agent_id,
       preview = changed.preview, opened_at = changed.opened_at, updated_at = changed.updated_at,
       first_reply_due_at = changed.first_reply_due_at, first_replied_at = changed.first_replied_at, language = changed.language,
       outcome = changed.outcome, solved_by = changed.solved_by, closings = changed.closings, escalated_at = changed.escalated_at,
       waits_on = changed.waits_on, waiting_since = changed.waiting_since,
       solved_at = CASE WHEN changed.state = 'solved' THEN coalesce("case".solved_at, $11) END
     FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::timestamptz[],
       $9::timestamptz[], $10::text[], $12::text[], $13::text[], $14::int[], $15::timestamptz[], $16::text[], $17::timestamptz[])
       AS changed (id, state, agent_id, joined_agent_id, preview, opened_at, updated_at, first_reply_due_at, first_replied_at, language,
         outcome, solved_by, closings, escalated_at, waits_on, waiting_since)
     WHERE "case".id = changed.id`,
    [
      cases.map((record) => record.id),
      cases.map((record) => record.state),
      cases.map((record) => record.agentId ?? null),
      cases.map((record) => record.joinedAgentId ?? null),
      cases.map((record) => record.preview),
      cases.map((record) => record.openedAt),
      cases.map((record) => record.updatedAt),
      cases.map((record) => record.firstReplyDueAt),
      cases.map((record) => record.firstRepliedAt ?? null),
      cases.map((record) => record.language),
      now,
      cases.map((record) => record.outcome ?? null),
      cases.map((record) => record.solvedBy ?? null),
      cases.map((record) => record.closings),
      cases.map((record) => record.escalatedAt ?? null),
      cases.map((record) => record.waitsOn ?? null),
      cases.map((record) => record.waitingSince ?? null),
    ],
    'desk-save-cases',
  )
  await tx.run(
    `UPDATE desk.conversations AS conversation SET last_sequence = changed.last_sequence, customer_read = changed.customer_read,
       agent_read = changed.agent_read, expects_code = changed.expects_code, digits_tail = changed.digits_tail
     FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::boolean[], $6::text[])
       AS changed (id, last_sequence, customer_read, agent_read, expects_code, digits_tail)
     WHERE conversation.id = changed.id`,
    [
      cases.map((record) => record.conversationId),
      cases.map((record) => record.lastSequence),
      cases.map((record) => record.customerRead),
      cases.map((record) => record.agentRead),
      cases.map((record) => record.expectsCode),
      cases.map((record) => record.digitsTail),
    ],
    'desk-save-conversations',
  )
}

export async function countOpenByAgent(sql: Sql, agentIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await sql.rows<{ agent_id: string; count: bigint }>(
    `SELECT agent_id, count(*) FROM desk.cases WHERE agent_id = ANY($1::uuid[]) AND state IN ('waiting_agent', 'waiting_customer') GROUP BY agent_id`,
    [agentIds],
  )
  return new Map(rows.map((row) => [row.agent_id, Number(row.count)]))
}

/** Whose cases wait for an answer of theirs. */
export async function findAgentsWaitedFor(sql: Sql): Promise<string[]> {
  const rows = await sql.rows<{ agent_id: string }>(
    "SELECT DISTINCT agent_id FROM desk.cases WHERE state = 'waiting_agent' AND agent_id IS NOT NULL",
  )
  return rows.map((row) => row.agent_id)
}

/** Conversations that wait for one of these agents, the earliest promise first. */
export async function findWaitingFor(
  sql: Sql,
  agentIds: readonly string[],
  limit: number,
): Promise<string[]> {
  const rows = await sql.rows<{ id: string }>(
    `SELECT conversation.id FROM ${tables}
     WHERE "case".agent_id = ANY($1::uuid[]) AND "case".state = 'waiting_agent'
     ORDER BY "case".first_reply_due_at, "case".id LIMIT $2`,
    [agentIds, limit],
  )
  return rows.map((row) => row.id)
}

export async function attachReference(
  tx: Transaction,
  caseId: string,
  reference: string,
  now: Date,
): Promise<void> {
  await tx.run(
    'INSERT INTO desk.case_references (case_id, reference, attached_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
    [caseId, reference, now],
  )
}

export async function readReferences(sql: Sql, caseIds: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await sql.rows<{ case_id: string; reference: string }>(
    'SELECT case_id, reference FROM desk.case_references WHERE case_id = ANY($1::uuid[]) ORDER BY attached_at, reference',
    [caseIds],
  )
  const byCase = new Map<string, string[]>()
  for (const row of rows) byCase.set(row.case_id, [...(byCase.get(row.case_id) ?? []), row.reference])
  return byCase
}

/** Cases that hold one of these references, once for each reference: their money has changed. */
export async function findCasesHolding(
  sql: Sql,
  references: readonly string[],
): Promise<{ id: string; conversation_id: string; customer_id: string; reference: string }[]> {
  return sql.rows(
    `SELECT "case".id, conversation.id AS conversation_id, "case".customer_id, held.reference
     FROM desk.case_references AS held JOIN desk.cases AS "case" ON "case".id = held.case_id
     JOIN desk.conversations AS conversation ON conversation.case_id = "case".id
     WHERE held.reference = ANY($1::text[])`,
    [references],
  )
}

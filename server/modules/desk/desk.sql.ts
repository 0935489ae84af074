// SQL on cases and conversations. A case and its conversation are locked together, by the conversation's id, first of all.
import type { Locale } from '#contract/schema.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import type { CaseRecord, CaseState } from './case.ts'

interface CaseRow {
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
  first_reply_due_at: Date
  first_replied_at: Date | null
  last_sequence: number
  customer_read: number
  agent_read: number
  sign_one: string
  sign_two: string
  sign_number: number
  expects_code: boolean
}

const columns = `"case".id, "case".number, conversation.id AS conversation_id, "case".customer_id, "case".subject, "case".channel,
  "case".language, "case".state, "case".agent_id, "case".joined_agent_id, "case".preview, "case".opened_at, "case".updated_at,
  "case".first_reply_due_at, "case".first_replied_at, conversation.last_sequence, conversation.customer_read, conversation.agent_read,
  conversation.sign_one, conversation.sign_two, conversation.sign_number, conversation.expects_code`
const tables =
  'desk.conversations AS conversation JOIN desk.cases AS "case" ON "case".id = conversation.case_id'

function toCase(row: CaseRow): CaseRecord {
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
    firstReplyDueAt: row.first_reply_due_at,
    firstRepliedAt: row.first_replied_at ?? undefined,
    lastSequence: row.last_sequence,
    customerRead: row.customer_read,
    agentRead: row.agent_read,
    sign: { pictures: [row.sign_one, row.sign_two], number: row.sign_number },
    expectsCode: row.expects_code,
  }
}

export async function insertCase(
  tx: Transaction,
  fresh: Pick<
    CaseRecord,
    'id' | 'conversationId' | 'customerId' | 'subject' | 'channel' | 'language' | 'sign'
  > & { firstReplyDueAt: Date },
  now: Date,
): Promise<void> {
  await tx.run(
    `INSERT INTO desk.cases (id, customer_id, subject, channel, language, state, created_at, opened_at, updated_at, first_reply_due_at)
     VALUES ($1, $2, $3, $4, $5, 'new', $6, $6, $6, $7)`,
    [fresh.id, fresh.customerId, fresh.subject, fresh.channel, fresh.language, now, fresh.firstReplyDueAt],
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
       solved_at = CASE WHEN changed.state = 'solved' THEN coalesce("case".solved_at, $11) END
     FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::timestamptz[],
       $9::timestamptz[], $10::text[])
       AS changed (id, state, agent_id, joined_agent_id, preview, opened_at, updated_at, first_reply_due_at, first_replied_at, language)
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
    ],
    'desk-save-cases',
  )
  await tx.run(
    `UPDATE desk.conversations AS conversation SET last_sequence = changed.last_sequence, customer_read = changed.customer_read,
       agent_read = changed.agent_read, expects_code = changed.expects_code
     FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::boolean[]) AS changed (id, last_sequence, customer_read, agent_read, expects_code)
     WHERE conversation.id = changed.id`,
    [
      cases.map((record) => record.conversationId),
      cases.map((record) => record.lastSequence),
      cases.map((record) => record.customerRead),
      cases.map((record) => record.agentRead),
      cases.map((record) => record.expectsCode),
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

export type CaseView = 'mine' | 'team' | 'at_risk' | 'solved'

export interface QueueCursor {
  /** Whether rows without a first reply are still being read. */
  unreplied: boolean
  at: Date
  id: string
}

/** A page of the queue: those that wait for their first reply by promise, then the others by what moved last. */
export async function readQueue(
  sql: Sql,
  query: {
    view: CaseView
    agentId: string
    /** The reader's own wallet: its cases are not theirs to see (R12). */
    exceptCustomer: string | undefined
    riskBefore: Date
    waitsBefore: Date
    cursor: QueueCursor | undefined
    limit: number
  },
): Promise<CaseRecord[]> {
  const { view, cursor } = query
  const parameters = [
    query.agentId,
    query.riskBefore,
    query.waitsBefore,
    cursor?.at ?? null,
    cursor?.id ?? null,
    query.limit,
    query.exceptCustomer ?? null,
  ]
  const others = 'AND ($7::uuid IS NULL OR "case".customer_id <> $7)'
  const mine = view === 'mine' ? 'AND "case".agent_id = $1' : 'AND ($1::uuid IS NOT NULL)'
  const unused = 'AND ($2::timestamptz IS NOT NULL AND $3::timestamptz IS NOT NULL)'
  if (view === 'solved') {
    const rows = await sql.rows<CaseRow>(
      `SELECT ${columns} FROM ${tables} WHERE "case".state = 'solved' ${mine} ${others} ${unused}
       AND ($4::timestamptz IS NULL OR ("case".updated_at, "case".id) < ($4, $5::uuid))
       ORDER BY "case".updated_at DESC, "case".id DESC LIMIT $6`,
      parameters,
    )
    return rows.map(toCase)
  }
  const open = `"case".state IN ('waiting_agent', 'waiting_customer')`
  const first =
    cursor && !cursor.unreplied
      ? []
      : await sql.rows<CaseRow>(
          `SELECT ${columns} FROM ${tables} WHERE ${open} AND "case".first_replied_at IS NULL ${mine} ${others} AND ($3::timestamptz IS NOT NULL)
           AND (${view === 'at_risk' ? '"case".first_reply_due_at <= $2' : '$2::timestamptz IS NOT NULL'})
           AND ($4::timestamptz IS NULL OR ("case".first_reply_due_at, "case".id) > ($4, $5::uuid))
           ORDER BY "case".first_reply_due_at, "case".id LIMIT $6`,
          parameters,
        )
  if (first.length >= query.limit) return first.map(toCase)
  const rest = await sql.rows<CaseRow>(
    `SELECT ${columns} FROM ${tables} WHERE ${open} AND "case".first_replied_at IS NOT NULL ${mine} ${others} AND ($2::timestamptz IS NOT NULL)
     AND (${view === 'at_risk' ? `"case".state = 'waiting_agent' AND "case".updated_at <= $3` : '$3::timestamptz IS NOT NULL'})
     AND ($4::timestamptz IS NULL OR ("case".updated_at, "case".id) < ($4, $5::uuid))
     ORDER BY "case".updated_at DESC, "case".id DESC LIMIT $6`,
    [
      ...parameters.slice(0, 3),
      cursor && !cursor.unreplied ? cursor.at : null,
      cursor && !cursor.unreplied ? cursor.id : null,
      query.limit - first.length,
      query.exceptCustomer ?? null,
    ],
  )
  return [...first, ...rest].map(toCase)
}

export async function countViews(
  sql: Sql,
  agentId: string,
  exceptCustomer: string | undefined,
  riskBefore: Date,
  waitsBefore: Date,
): Promise<{ mine: number; team: number; at_risk: number }> {
  const row = await sql.one<{ mine: bigint; team: bigint; at_risk: bigint }>(
    `SELECT count(*) FILTER (WHERE agent_id = $1) AS mine, count(*) AS team,
       count(*) FILTER (WHERE CASE WHEN first_replied_at IS NULL THEN first_reply_due_at <= $2
         ELSE state = 'waiting_agent' AND updated_at <= $3 END) AS at_risk
     FROM desk.cases WHERE state IN ('waiting_agent', 'waiting_customer') AND ($4::uuid IS NULL OR customer_id <> $4)`,
    [agentId, riskBefore, waitsBefore, exceptCustomer ?? null],
  )
  return { mine: Number(row.mine), team: Number(row.team), at_risk: Number(row.at_risk) }
}

export async function searchCases(
  sql: Sql,
  by: {
    number: bigint | undefined
    reference: string | undefined
    customerIds: readonly string[]
    exceptCustomer: string | undefined
  },
  limit: number,
): Promise<CaseRecord[]> {
  const rows = await sql.rows<CaseRow>(
    `SELECT ${columns} FROM ${tables} WHERE "case".state <> 'new' AND ($5::uuid IS NULL OR "case".customer_id <> $5) AND ("case".number = $1 OR "case".customer_id = ANY($3::uuid[])
       OR EXISTS (SELECT 1 FROM desk.case_references AS held WHERE held.case_id = "case".id AND held.reference = $2))
     ORDER BY "case".updated_at DESC LIMIT $4`,
    [by.number ?? null, by.reference ?? null, by.customerIds, limit, by.exceptCustomer ?? null],
  )
  return rows.map(toCase)
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

/** Open cases that hold one of these references, once for each reference: their money has changed. */
export async function findCasesHolding(
  sql: Sql,
  references: readonly string[],
): Promise<{ id: string; agent_id: string | null; customer_id: string; reference: string }[]> {
  return sql.rows(
    `SELECT "case".id, "case".agent_id, "case".customer_id, held.reference FROM desk.case_references AS held JOIN desk.cases AS "case" ON "case".id = held.case_id
     WHERE held.reference = ANY($1::text[]) AND "case".state IN ('waiting_agent', 'waiting_customer')`,
    [references],
  )
}

export interface LookRow {
  at: Date
  agent_name: string
  field: string
  reason: string
  number: bigint
}

export async function insertLook(
  tx: Transaction,
  look: {
    id: string
    customerId: string
    caseId: string
    agentId: string
    agentName: string
    field: string
    reason: string
    at: Date
  },
): Promise<void> {
  await tx.run(
    'INSERT INTO desk.looks (id, customer_id, case_id, agent_id, agent_name, field, reason, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
    [look.id, look.customerId, look.caseId, look.agentId, look.agentName, look.field, look.reason, look.at],
  )
}

export async function readLooks(
  sql: Sql,
  by: { customerId: string; caseId?: string },
  limit: number,
): Promise<LookRow[]> {
  return sql.rows<LookRow>(
    `SELECT look.at, look.agent_name, look.field, look.reason, "case".number FROM desk.looks AS look JOIN desk.cases AS "case" ON "case".id = look.case_id
     WHERE look.customer_id = $1 AND ($2::uuid IS NULL OR look.case_id = $2) ORDER BY look.at DESC LIMIT $3`,
    [by.customerId, by.caseId ?? null, limit],
  )
}

export interface WallRow {
  waiting: bigint
  longest_wait: number | null
  overdue: bigint
  open: bigint
  solved_today: bigint
  median_first_reply: number | null
}

export async function readWall(sql: Sql, now: Date, dayStart: Date): Promise<WallRow> {
  return sql.one<WallRow>(
    `SELECT count(*) FILTER (WHERE state = 'waiting_agent') AS waiting,
       extract(epoch FROM max($1 - updated_at) FILTER (WHERE state = 'waiting_agent'))::float8 AS longest_wait,
       count(*) FILTER (WHERE state IN ('waiting_agent', 'waiting_customer') AND first_replied_at IS NULL AND first_reply_due_at < $1) AS overdue,
       count(*) FILTER (WHERE state IN ('waiting_agent', 'waiting_customer')) AS open,
       count(*) FILTER (WHERE state = 'solved' AND solved_at >= $2) AS solved_today,
       (percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM first_replied_at - opened_at))
         FILTER (WHERE first_replied_at >= $2))::float8 AS median_first_reply
     FROM desk.cases WHERE state <> 'new'`,
    [now, dayStart],
  )
}

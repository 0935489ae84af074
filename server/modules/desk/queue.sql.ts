// SQL on the queue, the search and the figures of the wall: rows are read as they are now.
import type { Sql } from '#platform/db.ts'
import type { CaseRecord } from './case.ts'
import { columns, tables, toCase, type CaseRow } from './desk.sql.ts'

export type CaseView = 'mine' | 'team' | 'at_risk' | 'escalated' | 'waiting_money' | 'solved'

/**
 * In this order: `unreplied`, those that wait for their first reply, by promise; `waiting`, those answered before that wait for us
 * again, the longest on top; `moved`, those that wait for nobody here, what moved last on top.
 */
export const queueParts = ['unreplied', 'waiting', 'moved'] as const
export type QueuePart = (typeof queueParts)[number]

export interface QueueCursor {
  part: QueuePart
  at: Date
  id: string
}

/** In which part a case stands, and by which time. */
export function placeOf(record: CaseRecord, view: CaseView): Pick<QueueCursor, 'part' | 'at'> {
  if (view !== 'solved' && view !== 'waiting_money') {
    if (!record.firstRepliedAt) return { part: 'unreplied', at: record.firstReplyDueAt }
    if (record.waitingSince) return { part: 'waiting', at: record.waitingSince }
  }
  return { part: 'moved', at: record.updatedAt }
}

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
  // Nobody of the staff is asked in these: what moved last stands first.
  if (view === 'solved' || view === 'waiting_money') {
    const rows = await sql.rows<CaseRow>(
      `SELECT ${columns} FROM ${tables} WHERE "case".state = '${view}' ${mine} ${others} ${unused}
       AND ($4::timestamptz IS NULL OR ("case".updated_at, "case".id) < ($4, $5::uuid))
       ORDER BY "case".updated_at DESC, "case".id DESC LIMIT $6`,
      parameters,
    )
    return rows.map(toCase)
  }
  const escalated = view === 'escalated' ? 'AND "case".escalated_at IS NOT NULL' : ''
  const atRisk = view === 'at_risk'
  const parts: Record<QueuePart, { where: string; after: string; order: string }> = {
    unreplied: {
      where: `"case".state IN ('waiting_agent', 'waiting_customer') AND "case".first_replied_at IS NULL ${atRisk ? 'AND "case".first_reply_due_at <= $2' : ''}`,
      after: '("case".first_reply_due_at, "case".id) >',
      order: '"case".first_reply_due_at, "case".id',
    },
    waiting: {
      where: `"case".state = 'waiting_agent' AND "case".first_replied_at IS NOT NULL ${atRisk ? 'AND "case".waiting_since <= $3' : ''}`,
      after: '("case".waiting_since, "case".id) >',
      order: '"case".waiting_since, "case".id',
    },
    moved: {
      where: `"case".state = 'waiting_customer' AND "case".first_replied_at IS NOT NULL ${atRisk ? 'AND false' : ''}`,
      after: '("case".updated_at, "case".id) <',
      order: '"case".updated_at DESC, "case".id DESC',
    },
  }
  const found: CaseRow[] = []
  for (const part of queueParts.slice(cursor ? queueParts.indexOf(cursor.part) : 0)) {
    if (found.length >= query.limit) break
    const from = cursor?.part === part ? cursor : undefined
    const { where, after, order } = parts[part]
    found.push(
      ...(await sql.rows<CaseRow>(
        `SELECT ${columns} FROM ${tables} WHERE ${where} ${escalated} ${mine} ${others} ${unused}
         AND ($4::timestamptz IS NULL OR ${after} ($4, $5::uuid)) ORDER BY ${order} LIMIT $6`,
        [
          ...parameters.slice(0, 3),
          from?.at ?? null,
          from?.id ?? null,
          query.limit - found.length,
          query.exceptCustomer ?? null,
        ],
      )),
    )
  }
  return found.map(toCase)
}

export async function countViews(
  sql: Sql,
  agentId: string,
  exceptCustomer: string | undefined,
  riskBefore: Date,
  waitsBefore: Date,
): Promise<Record<Exclude<CaseView, 'solved'>, number>> {
  const row = await sql.one<Record<Exclude<CaseView, 'solved'>, bigint>>(
    `SELECT count(*) FILTER (WHERE agent_id = $1 AND state <> 'waiting_money') AS mine,
       count(*) FILTER (WHERE state <> 'waiting_money') AS team,
       count(*) FILTER (WHERE state <> 'waiting_money' AND CASE WHEN first_replied_at IS NULL THEN first_reply_due_at <= $2
         ELSE state = 'waiting_agent' AND waiting_since <= $3 END) AS at_risk,
       count(*) FILTER (WHERE state <> 'waiting_money' AND escalated_at IS NOT NULL) AS escalated,
       count(*) FILTER (WHERE state = 'waiting_money') AS waiting_money
     FROM desk.cases WHERE state IN ('waiting_agent', 'waiting_customer', 'waiting_money') AND ($4::uuid IS NULL OR customer_id <> $4)`,
    [agentId, riskBefore, waitsBefore, exceptCustomer ?? null],
  )
  return {
    mine: Number(row.mine),
    team: Number(row.team),
    at_risk: Number(row.at_risk),
    escalated: Number(row.escalated),
    waiting_money: Number(row.waiting_money),
  }
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

export interface WallRow {
  waiting: bigint
  longest_wait: number | null
  overdue: bigint
  open: bigint
  solved_today: bigint
  solved_by_helper_today: bigint
  escalated: bigint
  median_first_reply: number | null
}

export async function readWall(sql: Sql, now: Date, dayStart: Date): Promise<WallRow> {
  return sql.one<WallRow>(
    `SELECT count(*) FILTER (WHERE state = 'waiting_agent') AS waiting,
       extract(epoch FROM max($1 - waiting_since))::float8 AS longest_wait,
       count(*) FILTER (WHERE state IN ('waiting_agent', 'waiting_customer') AND first_replied_at IS NULL AND first_reply_due_at < $1) AS overdue,
       count(*) FILTER (WHERE state IN ('waiting_agent', 'waiting_customer')) AS open,
       count(*) FILTER (WHERE state = 'solved' AND solved_at >= $2) AS solved_today,
       count(*) FILTER (WHERE state = 'solved' AND solved_at >= $2 AND solved_by = 'helper') AS solved_by_helper_today,
       count(*) FILTER (WHERE state IN ('waiting_agent', 'waiting_customer') AND escalated_at IS NOT NULL) AS escalated,
       (percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM first_replied_at - opened_at))
         FILTER (WHERE first_replied_at >= $2))::float8 AS median_first_reply
     FROM desk.cases WHERE state <> 'new'`,
    [now, dayStart],
  )
}

export interface SatisfactionRow {
  count: bigint
  mean: number | null
  content: bigint
}

/** Ratings given since then, whoever solved the case. */
export async function readSatisfaction(sql: Sql, since: Date): Promise<SatisfactionRow> {
  return sql.one<SatisfactionRow>(
    'SELECT count(*), avg(score)::float8 AS mean, count(*) FILTER (WHERE score >= 4) AS content FROM desk.ratings WHERE rated_at >= $1',
    [since],
  )
}

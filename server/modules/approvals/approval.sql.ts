// All SQL on approvals. Whoever changes one holds its row's lock; the table refuses to rewrite what was proposed.
import type { Currency } from '#contract/money.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import type { ApprovalRecord, ApprovalState, Payload } from './approval.ts'

interface ApprovalRow {
  id: string
  number: bigint
  kind: string
  reference: string
  amount_minor: bigint
  currency: Currency
  beneficiary_customer_id: string
  case_id: string | null
  requested_by: string | null
  requested_by_name: string
  involved: string[]
  requested_at: Date
  reason: string
  expires_at: Date
  payload: Payload
  payload_hash: Buffer
  state: ApprovalState
  decided_by: string | null
  decided_by_name: string | null
  closed_at: Date | null
  decision_note: string | null
  found_payload: Payload | null
}

const recordOf = (row: ApprovalRow): ApprovalRecord => ({
  id: row.id,
  number: row.number,
  kind: row.kind,
  reference: row.reference,
  amountMinor: row.amount_minor,
  currency: row.currency,
  beneficiaryCustomerId: row.beneficiary_customer_id,
  caseId: row.case_id ?? undefined,
  requestedBy: row.requested_by ?? undefined,
  requestedByName: row.requested_by_name,
  involved: row.involved,
  requestedAt: row.requested_at,
  reason: row.reason,
  expiresAt: row.expires_at,
  payload: row.payload,
  payloadHash: row.payload_hash,
  state: row.state,
  decidedBy: row.decided_by ?? undefined,
  decidedByName: row.decided_by_name ?? undefined,
  closedAt: row.closed_at ?? undefined,
  decisionNote: row.decision_note ?? undefined,
  foundPayload: row.found_payload ?? undefined,
})

export type NewApproval = Omit<
  ApprovalRecord,
  'number' | 'state' | 'decidedBy' | 'decidedByName' | 'closedAt' | 'decisionNote' | 'foundPayload'
>

export async function insertApproval(tx: Transaction, approval: NewApproval): Promise<bigint> {
  const row = await tx.one<{ number: bigint }>(
    `INSERT INTO approvals.approvals (id, kind, reference, amount_minor, currency, beneficiary_customer_id, case_id,
       requested_by, requested_by_name, involved, requested_at, reason, expires_at, payload, payload_hash)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) RETURNING number`,
    [
      approval.id,
      approval.kind,
      approval.reference,
      approval.amountMinor,
      approval.currency,
      approval.beneficiaryCustomerId,
      approval.caseId ?? null,
      approval.requestedBy ?? null,
      approval.requestedByName,
      approval.involved,
      approval.requestedAt,
      approval.reason,
      approval.expiresAt,
      JSON.stringify(approval.payload),
      approval.payloadHash,
    ],
  )
  return row.number
}

export async function readApproval(sql: Sql, id: string): Promise<ApprovalRecord | undefined> {
  const row = await sql.maybe<ApprovalRow>('SELECT * FROM approvals.approvals WHERE id = $1', [id])
  return row && recordOf(row)
}

export async function lockApproval(tx: Transaction, id: string): Promise<ApprovalRecord | undefined> {
  const row = await tx.maybe<ApprovalRow>('SELECT * FROM approvals.approvals WHERE id = $1 FOR UPDATE', [id])
  return row && recordOf(row)
}

/** Only under its lock. */
export async function closeApproval(
  tx: Transaction,
  id: string,
  end: {
    state: Exclude<ApprovalState, 'waiting'>
    at: Date
    by?: { agentId: string; name: string } | undefined
    note?: string | undefined
    foundPayload?: Payload | undefined
  },
): Promise<void> {
  const count = await tx.run(
    `UPDATE approvals.approvals SET state = $2, closed_at = $3, decided_by = $4, decided_by_name = $5, decision_note = $6,
       found_payload = $7
     WHERE id = $1 AND state = 'waiting'`,
    [
      id,
      end.state,
      end.at,
      end.by?.agentId ?? null,
      end.by?.name ?? null,
      end.note ?? null,
      end.foundPayload === undefined ? null : JSON.stringify(end.foundPayload),
    ],
  )
  if (count !== 1) throw new Error(`approval ${id} was closed without its lock`)
}

export async function readDueIds(sql: Sql, now: Date, limit: number): Promise<string[]> {
  const rows = await sql.rows<{ id: string }>(
    `SELECT id FROM approvals.approvals WHERE state = 'waiting' AND expires_at <= $1 ORDER BY expires_at LIMIT $2`,
    [now, limit],
  )
  return rows.map((row) => row.id)
}

/** Those that wait, the one that ends first on top; none of the reader's own wallet (R12). */
export async function readWaiting(
  sql: Sql,
  exceptCustomer: string | undefined,
  limit: number,
): Promise<ApprovalRecord[]> {
  const rows = await sql.rows<ApprovalRow>(
    `SELECT * FROM approvals.approvals
     WHERE state = 'waiting' AND ($1::uuid IS NULL OR beneficiary_customer_id <> $1)
     ORDER BY expires_at, id LIMIT $2`,
    [exceptCustomer ?? null, limit],
  )
  return rows.map(recordOf)
}

/** Those that a member of staff had a hand in or decided, newest first. */
export async function readOf(sql: Sql, agentId: string, limit: number): Promise<ApprovalRecord[]> {
  const rows = await sql.rows<ApprovalRow>(
    `SELECT * FROM approvals.approvals WHERE involved @> ARRAY[$1::uuid] ORDER BY requested_at DESC, id DESC LIMIT $2`,
    [agentId, limit],
  )
  return rows.map(recordOf)
}

/** Those that ended, newest first. */
export async function readClosed(
  sql: Sql,
  exceptCustomer: string | undefined,
  limit: number,
): Promise<ApprovalRecord[]> {
  const rows = await sql.rows<ApprovalRow>(
    `SELECT * FROM approvals.approvals
     WHERE state <> 'waiting' AND ($1::uuid IS NULL OR beneficiary_customer_id <> $1)
     ORDER BY closed_at DESC, id DESC LIMIT $2`,
    [exceptCustomer ?? null, limit],
  )
  return rows.map(recordOf)
}

// All SQL on refunds, their rules and their calendar. Rows of one payment are locked together, after the payment's own row.
import type { Sql, Transaction } from '#platform/db.ts'
import type { RefundRecord, RefundRules } from './refund.ts'

// One list for reading and writing: column, and the member of the record.
const columns = [
  ['number', 'number'],
  ['payment_number', 'paymentNumber'],
  ['order_id', 'orderId'],
  ['customer_id', 'customerId'],
  ['merchant_id', 'merchantId'],
  ['amount', 'amountMinor'],
  ['currency', 'currency'],
  ['reason', 'reason'],
  ['note', 'note'],
  ['asked_by', 'askedBy'],
  ['requested_by_agent', 'requestedByAgent'],
  ['case_id', 'caseId'],
  ['asked_at', 'askedAt'],
  ['state', 'state'],
  ['owner', 'owner'],
  ['until_at', 'untilAt'],
  ['promised_by', 'promisedBy'],
  ['late_told', 'lateTold'],
  ['shop_answer', 'shopAnswer'],
  ['shop_note', 'shopNote'],
  ['shop_answered_at', 'shopAnsweredAt'],
  ['review_cause', 'reviewCause'],
  ['review_since', 'reviewSince'],
  ['escalations', 'escalations'],
  ['decision', 'decision'],
  ['decision_note', 'decisionNote'],
  ['decided_by', 'decidedBy'],
  ['decided_at', 'decidedAt'],
  ['approval_id', 'approvalId'],
  ['proposed_payload', 'proposedPayload'],
  ['approved_by', 'approvedBy'],
  ['approved_at', 'approvedAt'],
  ['cleared_at', 'clearedAt'],
  ['waiting_for', 'waitingFor'],
  ['next_try_at', 'nextTryAt'],
  ['fee_returned', 'feeReturnedMinor'],
  ['transfer_id', 'transferId'],
  ['effective_at', 'effectiveAt'],
  ['closed_at', 'closedAt'],
] as const satisfies readonly (readonly [string, keyof RefundRecord])[]

const names = columns.map(([column]) => column)
const places = columns.map((_, index) => `$${index + 1}`)

function toRefund(row: Record<string, unknown>): RefundRecord {
  return Object.fromEntries(
    columns.map(([column, member]) => [member, row[column] ?? undefined]),
  ) as unknown as RefundRecord
}

const valuesOf = (refund: RefundRecord) =>
  columns.map(([, member]) => {
    const value = refund[member]
    return member === 'proposedPayload' && value !== undefined ? JSON.stringify(value) : (value ?? null)
  })

export async function takeNumber(tx: Transaction): Promise<bigint> {
  return (await tx.one<{ number: bigint }>("SELECT nextval('refunds.numbers') AS number")).number
}

export async function insertRefund(tx: Transaction, refund: RefundRecord): Promise<void> {
  await tx.run(
    `INSERT INTO refunds.refunds (${names.join(', ')}) VALUES (${places.join(', ')})`,
    valuesOf(refund),
  )
}

/** Writes the whole row; what was asked never changes. */
export async function saveRefund(tx: Transaction, refund: RefundRecord): Promise<void> {
  const fixed = new Set([
    'number',
    'payment_number',
    'amount',
    'currency',
    'customer_id',
    'merchant_id',
    'asked_at',
  ])
  const set = columns.flatMap(([column], index) => (fixed.has(column) ? [] : [`${column} = $${index + 1}`]))
  await tx.run(
    `UPDATE refunds.refunds SET ${set.join(', ')} WHERE number = $1 AND payment_number = $2 AND customer_id = $4
       AND merchant_id = $5 AND amount = $6 AND currency = $7 AND asked_at = $13`,
    valuesOf(refund),
  )
}

/** Every refund of a payment, locked: sums over them are exact until the commit. */
export async function lockOfPayment(tx: Transaction, paymentNumber: bigint): Promise<RefundRecord[]> {
  const rows = await tx.rows<Record<string, unknown>>(
    'SELECT * FROM refunds.refunds WHERE payment_number = $1 ORDER BY number FOR UPDATE',
    [paymentNumber],
  )
  return rows.map(toRefund)
}

export async function readRefunds(sql: Sql, numbers: readonly bigint[]): Promise<RefundRecord[]> {
  const rows = await sql.rows<Record<string, unknown>>(
    'SELECT * FROM refunds.refunds WHERE number = ANY($1::bigint[])',
    [numbers],
  )
  return rows.map(toRefund)
}

export async function readOfPayment(sql: Sql, paymentNumber: bigint): Promise<RefundRecord[]> {
  const rows = await sql.rows<Record<string, unknown>>(
    'SELECT * FROM refunds.refunds WHERE payment_number = $1 ORDER BY number DESC',
    [paymentNumber],
  )
  return rows.map(toRefund)
}

/** Of many payments at once. */
export async function readOfPayments(
  sql: Sql,
  paymentNumbers: readonly bigint[],
): Promise<Map<bigint, RefundRecord[]>> {
  const rows = await sql.rows<Record<string, unknown>>(
    'SELECT * FROM refunds.refunds WHERE payment_number = ANY($1::bigint[]) ORDER BY number DESC',
    [paymentNumbers],
  )
  return Map.groupBy(rows.map(toRefund), (refund) => refund.paymentNumber)
}

/** A customer's refunds, newest first, strictly older than the cursor. */
export async function listOfCustomer(
  sql: Sql,
  customerId: string,
  before: { at: Date; number: bigint } | undefined,
  limit: number,
): Promise<RefundRecord[]> {
  const rows = await sql.rows<Record<string, unknown>>(
    `SELECT * FROM refunds.refunds
     WHERE customer_id = $1 AND ($2::timestamptz IS NULL OR (effective_at, number) < ($2, $3::bigint))
     ORDER BY effective_at DESC, number DESC LIMIT $4`,
    [customerId, before?.at ?? null, before?.number ?? null, limit],
  )
  return rows.map(toRefund)
}

/** A customer's refunds that have not ended, the newest first. */
export async function listOpenOfCustomer(
  sql: Sql,
  customerId: string,
  limit: number,
): Promise<RefundRecord[]> {
  const rows = await sql.rows<Record<string, unknown>>(
    `SELECT * FROM refunds.refunds WHERE customer_id = $1 AND closed_at IS NULL
     ORDER BY effective_at DESC, number DESC LIMIT $2`,
    [customerId, limit],
  )
  return rows.map(toRefund)
}

/** A shop's refunds, newest first, below a number. */
export async function listOfMerchant(
  sql: Sql,
  merchantId: string,
  options: { state?: string | undefined; before?: bigint | undefined; limit: number },
): Promise<RefundRecord[]> {
  const rows = await sql.rows<Record<string, unknown>>(
    `SELECT * FROM refunds.refunds
     WHERE merchant_id = $1 AND ($2::text IS NULL OR state = $2) AND ($3::bigint IS NULL OR number < $3)
     ORDER BY number DESC LIMIT $4`,
    [merchantId, options.state ?? null, options.before ?? null, options.limit],
  )
  return rows.map(toRefund)
}

export async function listInReview(
  sql: Sql,
  exceptCustomer: string | undefined,
  limit: number,
): Promise<RefundRecord[]> {
  const rows = await sql.rows<Record<string, unknown>>(
    `SELECT * FROM refunds.refunds WHERE state = 'in_review' AND closed_at IS NULL AND ($1::uuid IS NULL OR customer_id <> $1)
     ORDER BY until_at, number LIMIT $2`,
    [exceptCustomer ?? null, limit],
  )
  return rows.map(toRefund)
}

/** A refund whose moment has come. */
export interface Due {
  at: Date
  number: bigint
}

/** What is due, longest first, those after `after` in that order. */
const findDue =
  (moment: 'until_at' | 'promised_by') =>
  (sql: Sql, now: Date, after: Due | undefined, limit: number): Promise<Due[]> =>
    sql.rows<Due>(
      `SELECT ${moment} AS at, number FROM refunds.refunds
       WHERE closed_at IS NULL AND ${moment} <= $1
         AND ($2::timestamptz IS NULL OR (${moment}, number) > ($2, $3::bigint))
       ORDER BY ${moment}, number LIMIT $4`,
      [now, after?.at ?? null, after?.number ?? null, limit],
    )

export const findOverdue = findDue('until_at')
export const findLate = findDue('promised_by')

/** What waits for money or room, longest without a try first. */
export async function listWaiting(sql: Sql, limit: number): Promise<RefundRecord[]> {
  const rows = await sql.rows<Record<string, unknown>>(
    `SELECT * FROM refunds.refunds WHERE state = 'waiting_for_funds' ORDER BY next_try_at, number LIMIT $1`,
    [limit],
  )
  return rows.map(toRefund)
}

/** Those that wait for a second person, whose yes is asked for exactly what was proposed. */
export async function listAwaitingApproval(sql: Sql, limit: number): Promise<RefundRecord[]> {
  const rows = await sql.rows<Record<string, unknown>>(
    `SELECT * FROM refunds.refunds WHERE state = 'awaiting_approval' ORDER BY until_at, number LIMIT $1`,
    [limit],
  )
  return rows.map(toRefund)
}

export async function readRules(sql: Sql, currency: string): Promise<RefundRules> {
  const row = await sql.maybe<
    Record<string, number> & { staff_alone_up_to: bigint; shop_agreed_up_to: bigint }
  >('SELECT * FROM refunds.rules WHERE currency = $1', [currency])
  if (!row) throw new Error(`no rules for refunds in ${currency}`)
  return {
    requestWithinDays: row['request_within_days']!,
    shopAnswerDays: row['shop_answer_days']!,
    reviewDays: row['review_days']!,
    leadDays: row['lead_days']!,
    approvalDays: row['approval_days']!,
    fundsDays: row['funds_days']!,
    promiseDays: row['promise_days']!,
    lateDays: row['late_days']!,
    staffAloneUpToMinor: row.staff_alone_up_to,
    shopAgreedUpToMinor: row.shop_agreed_up_to,
  }
}

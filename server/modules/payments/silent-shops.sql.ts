// All SQL on payments above the limit whose shop stays silent, and on what staff decided about them.
import type { Currency } from '#contract/money.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import { dutyOf, type Duty } from '#platform/duty.ts'

export interface SilentDecision {
  decision: 'return' | 'wait'
  note: string
  decidedBy: string
  decidedAt: Date
  approvalId: string | undefined
}

export interface SilentRow {
  number: bigint
  customer_id: string
  merchant_id: string
  left: bigint
  currency: Currency
  answer_due_at: Date
  open_again_at: Date | null
  decide_seconds: number
}

/** Payments that wait for a person: past their deadline, above the limit, and no second person is asked yet. */
export function readSilent(
  sql: Sql,
  now: Date,
  exceptCustomer: string | undefined,
  limit: number,
): Promise<SilentRow[]> {
  return sql.rows<SilentRow>(
    `SELECT payment.number, payment.customer_id, payment.merchant_id, payment.amount - payment.refunded AS left, payment.currency,
       payment.answer_due_at, decided.open_again_at, rule.decide_seconds
     FROM payments.payments AS payment
     JOIN payments.silent_shop_rules AS rule ON rule.currency = payment.currency
     LEFT JOIN payments.silent_shop_decisions AS decided ON decided.payment_number = payment.number
     WHERE payment.state = 'completed' AND payment.told_at IS NULL AND payment.answer_due_at <= $1
       AND payment.amount > rule.returned_up_to AND payment.returning_since IS NULL AND decided.approval_id IS NULL
       AND ($2::uuid IS NULL OR payment.customer_id <> $2)
     ORDER BY payment.answer_due_at, payment.number LIMIT $3`,
    [now, exceptCustomer ?? null, limit],
  )
}

/** Read under the payment's lock. */
export async function readDecision(sql: Sql, number: bigint): Promise<SilentDecision | undefined> {
  const row = await sql.maybe<{
    decision: SilentDecision['decision']
    note: string
    decided_by: string
    decided_at: Date
    approval_id: string | null
  }>('SELECT * FROM payments.silent_shop_decisions WHERE payment_number = $1', [number])
  return (
    row && {
      decision: row.decision,
      note: row.note,
      decidedBy: row.decided_by,
      decidedAt: row.decided_at,
      approvalId: row.approval_id ?? undefined,
    }
  )
}

export async function saveDecision(
  tx: Transaction,
  number: bigint,
  { decision, note, decidedBy, decidedAt, approvalId }: SilentDecision,
): Promise<void> {
  await tx.run(
    `INSERT INTO payments.silent_shop_decisions (payment_number, decision, note, decided_by, decided_at, approval_id)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (payment_number) DO UPDATE SET decision = excluded.decision, note = excluded.note,
       decided_by = excluded.decided_by, decided_at = excluded.decided_at, approval_id = excluded.approval_id`,
    [number, decision, note, decidedBy, decidedAt, approvalId ?? null],
  )
}

/** Nobody is asked any more. What the first person decided is not worth less time for the next one: it begins again. */
export async function endApproval(
  tx: Transaction,
  number: bigint,
  approvalId: string,
  at: Date,
): Promise<void> {
  await tx.run(
    `UPDATE payments.silent_shop_decisions SET approval_id = NULL, open_again_at = $3
     WHERE payment_number = $1 AND approval_id = $2`,
    [number, approvalId, at],
  )
}

/** Whose turn it is: the row's times in, the deadline out. */
export const dutyOfSilent = (
  row: Pick<SilentRow, 'answer_due_at' | 'open_again_at' | 'decide_seconds'>,
  now: Date,
): Duty => {
  const from = Math.max(row.answer_due_at.getTime(), row.open_again_at?.getTime() ?? 0)
  return dutyOf(new Date(from + row.decide_seconds * 1000), row.decide_seconds, now)
}

/** Who decides about a payment above the limit that is past its deadline, and until when; undefined for every other one. */
export async function readSilentDuty(
  sql: Sql,
  number: bigint,
  now: Date,
): Promise<(Duty & { owner: 'staff' | 'second_person' }) | undefined> {
  const row = await sql.maybe<
    Pick<SilentRow, 'answer_due_at' | 'open_again_at' | 'decide_seconds'> & { is_asked: boolean }
  >(
    `SELECT payment.answer_due_at, decided.open_again_at, rule.decide_seconds, decided.approval_id IS NOT NULL AS is_asked
     FROM payments.payments AS payment
     JOIN payments.silent_shop_rules AS rule ON rule.currency = payment.currency
     LEFT JOIN payments.silent_shop_decisions AS decided ON decided.payment_number = payment.number
     WHERE payment.number = $1 AND payment.state = 'completed' AND payment.told_at IS NULL
       AND payment.answer_due_at <= $2 AND payment.amount > rule.returned_up_to AND payment.returning_since IS NULL`,
    [number, now],
  )
  return row && { ...dutyOfSilent(row, now), owner: row.is_asked ? 'second_person' : 'staff' }
}

export async function saveAnswerDue(tx: Transaction, number: bigint, answerDueAt: Date): Promise<void> {
  await tx.run('UPDATE payments.payments SET answer_due_at = $2 WHERE number = $1', [number, answerDueAt])
}

// All SQL on the payments' tables. Set-based: a batch of payments is written by one statement a table.
import { bigints, byteas, texts, times, uuids } from '#platform/arrays.ts'
import type { ErrorCode, ProblemValues } from '#contract/errors.ts'
import type { Currency } from '#contract/money.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import type { DecidedPayment, PaymentRecord, PayOutcome } from './payment.ts'

export async function takeNumbers(tx: Transaction, count: number): Promise<bigint[]> {
  const rows = await tx.rows<{ number: bigint }>(
    "SELECT nextval('payments.numbers') AS number FROM generate_series(1, $1)",
    [count],
    'payments-numbers',
  )
  return rows.map((row) => row.number)
}

/** Numbers are taken for many payments at once; those that a process took and did not use are never used. */
export function numberPool(): (tx: Transaction, count: number) => Promise<bigint[]> {
  const pool: bigint[] = []
  return async (tx, count) => {
    // Two batches may come here at once: each adds at least what it then takes out.
    if (pool.length < count) pool.push(...(await takeNumbers(tx, 2000 + count)))
    return pool.splice(0, count)
  }
}

export interface RememberedOutcome {
  customer_id: string
  key: string
  body_hash: Buffer
  outcome: PayOutcome
}

export async function readOutcomes(
  tx: Transaction,
  asked: readonly { customerId: string; key: string }[],
): Promise<RememberedOutcome[]> {
  return tx.rows<RememberedOutcome>(
    `SELECT known.customer_id, known.key, known.body_hash, known.outcome
     FROM unnest($1::uuid[], $2::uuid[]) AS asked (customer_id, key)
     JOIN payments.idempotency AS known ON known.customer_id = asked.customer_id AND known.key = asked.key`,
    [uuids(asked.map((entry) => entry.customerId)), uuids(asked.map((entry) => entry.key))],
    'payments-read-outcomes',
  )
}

/**
 * Writes what a batch decided, as one statement: the answers under their keys, and the payments that stand in history.
 * Until when a shop may answer follows from the rule of its currency as it is at the commit.
 */
export async function saveDecided(
  tx: Transaction,
  outcomes: readonly { customerId: string; key: string; bodyHash: Buffer; outcome: PayOutcome }[],
  payments: readonly DecidedPayment[],
  now: Date,
): Promise<void> {
  await tx.run(
    `WITH answered AS (
       INSERT INTO payments.idempotency (customer_id, key, body_hash, outcome, created_at)
       SELECT customer_id, key, body_hash, outcome::jsonb, $5
       FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::text[]) AS o (customer_id, key, body_hash, outcome)
     )
     INSERT INTO payments.payments (number, order_id, customer_id, merchant_id, amount, currency, failure_code, failure_values,
       transfer_id, spendable_after, effective_at, state, answer_due_at)
     SELECT number, order_id, customer_id, merchant_id, amount, currency, failure_code, failure_values::jsonb,
       transfer_id, spendable_after, $5, CASE WHEN failure_code IS NULL THEN 'completed' ELSE 'failed' END,
       CASE WHEN failure_code IS NULL THEN $5 + make_interval(secs => coalesce(answer_seconds, ${usualAnswerSeconds})) END
     FROM unnest($6::bigint[], $7::uuid[], $8::uuid[], $9::uuid[], $10::bigint[], $11::text[], $12::text[], $13::text[],
       $14::uuid[], $15::bigint[])
       AS p (number, order_id, customer_id, merchant_id, amount, currency, failure_code, failure_values, transfer_id, spendable_after)
     LEFT JOIN payments.silent_shop_rules AS rule USING (currency)`,
    [
      uuids(outcomes.map((entry) => entry.customerId)),
      uuids(outcomes.map((entry) => entry.key)),
      byteas(outcomes.map((entry) => entry.bodyHash)),
      texts(outcomes.map((entry) => JSON.stringify(entry.outcome))),
      now,
      bigints(payments.map((payment) => payment.number)),
      uuids(payments.map((payment) => payment.orderId)),
      uuids(payments.map((payment) => payment.customerId)),
      uuids(payments.map((payment) => payment.merchantId)),
      bigints(payments.map((payment) => payment.amountMinor)),
      texts(payments.map((payment) => payment.currency)),
      texts(payments.map((payment) => payment.failureCode)),
      texts(
        payments.map((payment) => (payment.failureValues ? JSON.stringify(payment.failureValues) : null)),
      ),
      uuids(payments.map((payment) => payment.transferId)),
      bigints(payments.map((payment) => payment.spendableAfterMinor)),
    ],
    'payments-save-decided',
  )
}

/** Payments of the past, with all that was decided on them then. */
export async function insertPayments(tx: Transaction, payments: readonly PaymentRecord[]): Promise<void> {
  await tx.run(
    `INSERT INTO payments.payments (number, order_id, customer_id, merchant_id, amount, currency, state, failure_code, failure_values,
       transfer_id, spendable_after, effective_at, answer_due_at)
     SELECT number, order_id, customer_id, merchant_id, amount, currency, state, failure_code, failure_values::jsonb,
       transfer_id, spendable_after, effective_at, answer_due_at
     FROM unnest($1::bigint[], $2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[],
       $10::uuid[], $11::bigint[], $12::timestamptz[], $13::timestamptz[])
       AS p (number, order_id, customer_id, merchant_id, amount, currency, state, failure_code, failure_values,
         transfer_id, spendable_after, effective_at, answer_due_at)`,
    [
      bigints(payments.map((payment) => payment.number)),
      uuids(payments.map((payment) => payment.orderId)),
      uuids(payments.map((payment) => payment.customerId)),
      uuids(payments.map((payment) => payment.merchantId)),
      bigints(payments.map((payment) => payment.amountMinor)),
      texts(payments.map((payment) => payment.currency)),
      texts(payments.map((payment) => payment.state)),
      texts(payments.map((payment) => payment.failureCode ?? null)),
      texts(
        payments.map((payment) => (payment.failureValues ? JSON.stringify(payment.failureValues) : null)),
      ),
      uuids(payments.map((payment) => payment.transferId ?? null)),
      bigints(payments.map((payment) => payment.spendableAfterMinor ?? null)),
      times(payments.map((payment) => payment.effectiveAt)),
      times(payments.map((payment) => payment.answerDueAt ?? null)),
    ],
    'payments-insert',
  )
}

interface PaymentRow {
  number: bigint
  order_id: string
  customer_id: string
  merchant_id: string
  amount: bigint
  currency: Currency
  state: PaymentRecord['state']
  failure_code: ErrorCode | null
  failure_values: ProblemValues | null
  transfer_id: string | null
  spendable_after: bigint | null
  effective_at: Date
  answer_due_at: Date | null
  told_at: Date | null
  credited_at: Date | null
  returned_at: Date | null
  returning_since: Date | null
  refunded: bigint
  fee_refunded: bigint
}

function toPayment(row: PaymentRow): PaymentRecord {
  return {
    number: row.number,
    orderId: row.order_id,
    customerId: row.customer_id,
    merchantId: row.merchant_id,
    amountMinor: row.amount,
    currency: row.currency,
    state: row.state,
    failureCode: row.failure_code ?? undefined,
    failureValues: row.failure_values ?? undefined,
    transferId: row.transfer_id ?? undefined,
    spendableAfterMinor: row.spendable_after ?? undefined,
    effectiveAt: row.effective_at,
    answerDueAt: row.answer_due_at ?? undefined,
    toldAt: row.told_at ?? undefined,
    creditedAt: row.credited_at ?? undefined,
    returnedAt: row.returned_at ?? undefined,
    returningSince: row.returning_since ?? undefined,
    refundedMinor: row.refunded,
    feeRefundedMinor: row.fee_refunded,
  }
}

export async function readPayments(sql: Sql, numbers: readonly bigint[]): Promise<PaymentRecord[]> {
  return (
    await sql.rows<PaymentRow>('SELECT * FROM payments.payments WHERE number = ANY($1::bigint[])', [numbers])
  ).map(toPayment)
}

/** The payment that stands for an order: at most one that did not fail. */
export async function readPaymentOfOrder(sql: Sql, orderId: string): Promise<PaymentRecord | undefined> {
  const row = await sql.maybe<PaymentRow>(
    "SELECT * FROM payments.payments WHERE order_id = $1 AND state <> 'failed'",
    [orderId],
  )
  return row && toPayment(row)
}

/** A customer's payments, newest first, strictly older than the cursor. */
export async function listPayments(
  sql: Sql,
  customerId: string,
  before: { at: Date; number: bigint } | undefined,
  limit: number,
): Promise<PaymentRecord[]> {
  const rows = await sql.rows<PaymentRow>(
    `SELECT * FROM payments.payments
     WHERE customer_id = $1 AND ($2::timestamptz IS NULL OR (effective_at, number) < ($2, $3::bigint))
     ORDER BY effective_at DESC, number DESC LIMIT $4`,
    [customerId, before?.at ?? null, before?.number ?? null, limit],
  )
  return rows.map(toPayment)
}

export async function lockPayments(tx: Transaction, numbers: readonly bigint[]): Promise<PaymentRecord[]> {
  const rows = await tx.rows<PaymentRow>(
    'SELECT * FROM payments.payments WHERE number = ANY($1::bigint[]) ORDER BY number FOR NO KEY UPDATE',
    [numbers],
  )
  return rows.map(toPayment)
}

export async function saveCredited(tx: Transaction, numbers: readonly bigint[], at: Date): Promise<void> {
  await tx.run(
    'UPDATE payments.payments SET told_at = $2, credited_at = $2 WHERE number = ANY($1::bigint[])',
    [numbers, at],
  )
}

export async function saveReturned(tx: Transaction, number: bigint, at: Date): Promise<void> {
  await tx.run("UPDATE payments.payments SET state = 'refunded', returned_at = $2 WHERE number = $1", [
    number,
    at,
  ])
}

/** Adds to what went back; the CHECK refuses more than was paid. When nothing is left the payment is refunded. */
export async function saveRefunded(
  tx: Transaction,
  refund: { number: bigint; amountMinor: bigint; feeMinor: bigint },
  at: Date,
): Promise<void> {
  await tx.run(
    `UPDATE payments.payments SET refunded = refunded + $2, fee_refunded = fee_refunded + $3,
       state = CASE WHEN refunded + $2 = amount THEN 'refunded' ELSE state END,
       returned_at = CASE WHEN refunded + $2 = amount THEN $4::timestamptz ELSE returned_at END
     WHERE number = $1`,
    [refund.number, refund.amountMinor, refund.feeMinor, at],
  )
}

/** What goes back by itself, or waits for its wallet; longest waiting first, those after `after` in that order. */
export async function findUnanswered(
  sql: Sql,
  now: Date,
  after: { dueAt: Date; number: bigint } | undefined,
  limit: number,
): Promise<{ dueAt: Date; number: bigint }[]> {
  const rows = await sql.rows<{ due_at: Date; number: bigint }>(
    `SELECT payment.answer_due_at AS due_at, payment.number
     FROM payments.payments AS payment JOIN payments.silent_shop_rules AS rule ON rule.currency = payment.currency
     WHERE payment.state = 'completed' AND payment.told_at IS NULL AND payment.answer_due_at <= $1
       AND (payment.amount <= rule.returned_up_to OR payment.returning_since IS NOT NULL)
       AND ($2::timestamptz IS NULL OR (payment.answer_due_at, payment.number) > ($2, $3::bigint))
     ORDER BY payment.answer_due_at, payment.number LIMIT $4`,
    [now, after?.dueAt ?? null, after?.number ?? null, limit],
  )
  return rows.map((row) => ({ dueAt: row.due_at, number: row.number }))
}

/** Where no rule is written for a currency. */
export const usualAnswerSeconds = 7200

export interface SilentShopRule {
  answerSeconds: number
  returnedUpToMinor: bigint
}

export async function readSilentShopRules(sql: Sql): Promise<Map<string, SilentShopRule>> {
  const rows = await sql.rows<{ currency: string; answer_seconds: number; returned_up_to: bigint }>(
    'SELECT * FROM payments.silent_shop_rules',
    [],
    'payments-rules',
  )
  return new Map(
    rows.map((row) => [
      row.currency,
      { answerSeconds: row.answer_seconds, returnedUpToMinor: row.returned_up_to },
    ]),
  )
}

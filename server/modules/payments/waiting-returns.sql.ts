// All SQL on payments that go back and wait for their customer's wallet.
import type { Currency } from '#contract/money.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import type { ReturnWaitsFor, WaitingReturn } from './return-duty.ts'

interface WaitingRow {
  payment_number: bigint
  waits_for: ReturnWaitsFor
  since: Date
  until_at: Date
  next_try_at: Date
  decide_seconds: number
}

const toWaiting = (row: WaitingRow): WaitingReturn => ({
  waitsFor: row.waits_for,
  since: row.since,
  untilAt: row.until_at,
  nextTryAt: row.next_try_at,
  decideSeconds: row.decide_seconds,
})

/** What waits of these, by number: nothing that went back meanwhile, whichever way. */
export async function readWaitingReturns(
  sql: Sql,
  numbers: readonly bigint[],
): Promise<Map<bigint, WaitingReturn>> {
  const rows = await sql.rows<WaitingRow>(
    `SELECT waiting.*, rule.decide_seconds
     FROM payments.waiting_returns AS waiting
     JOIN payments.payments AS payment ON payment.number = waiting.payment_number
     JOIN payments.silent_shop_rules AS rule ON rule.currency = payment.currency
     WHERE waiting.payment_number = ANY($1::bigint[]) AND payment.state = 'completed'`,
    [numbers],
  )
  return new Map(rows.map((row) => [row.payment_number, toWaiting(row)]))
}

/** Under the payment's lock: it goes back as soon as it can, and waits for this. The deadline is that of its currency's rule. */
export async function saveWaitingReturn(
  tx: Transaction,
  number: bigint,
  wait: { waitsFor: ReturnWaitsFor; since: Date; nextTryAt: Date },
): Promise<void> {
  await tx.run(
    `WITH decided AS (
       UPDATE payments.payments SET returning_since = coalesce(returning_since, $3) WHERE number = $1 RETURNING number, currency
     )
     INSERT INTO payments.waiting_returns (payment_number, waits_for, since, until_at, next_try_at)
     SELECT decided.number, $2, $3, $3::timestamptz + make_interval(secs => rule.wait_seconds), $4
     FROM decided JOIN payments.silent_shop_rules AS rule USING (currency)
     ON CONFLICT (payment_number) DO UPDATE SET waits_for = excluded.waits_for, since = excluded.since,
       until_at = excluded.until_at, next_try_at = excluded.next_try_at`,
    [number, wait.waitsFor, wait.since, wait.nextTryAt],
  )
}

export async function saveNextTry(tx: Transaction, number: bigint, nextTryAt: Date): Promise<void> {
  await tx.run('UPDATE payments.waiting_returns SET next_try_at = $2 WHERE payment_number = $1', [
    number,
    nextTryAt,
  ])
}

/** Staff looked at it and leave it to wait: as long again as at first. */
export async function saveWaitOn(tx: Transaction, number: bigint, at: Date): Promise<void> {
  await tx.run(
    `UPDATE payments.waiting_returns AS waiting SET until_at = $2::timestamptz + make_interval(secs => rule.wait_seconds)
     FROM payments.payments AS payment JOIN payments.silent_shop_rules AS rule ON rule.currency = payment.currency
     WHERE waiting.payment_number = $1 AND payment.number = $1`,
    [number, at],
  )
}

export async function endWaitingReturn(tx: Transaction, number: bigint): Promise<void> {
  await tx.run('DELETE FROM payments.waiting_returns WHERE payment_number = $1', [number])
}

export interface ReturnForStaff extends WaitingReturn {
  number: bigint
  customerId: string
  merchantId: string
  leftMinor: bigint
  currency: Currency
}

/** What has waited so long that staff must look at it, the longest first. */
export async function readReturnsForStaff(
  sql: Sql,
  now: Date,
  exceptCustomer: string | undefined,
  limit: number,
): Promise<ReturnForStaff[]> {
  const rows = await sql.rows<
    WaitingRow & { customer_id: string; merchant_id: string; left: bigint; currency: Currency }
  >(
    `SELECT waiting.*, rule.decide_seconds, payment.customer_id, payment.merchant_id, payment.currency,
       payment.amount - payment.refunded AS left
     FROM payments.waiting_returns AS waiting
     JOIN payments.payments AS payment ON payment.number = waiting.payment_number
     JOIN payments.silent_shop_rules AS rule ON rule.currency = payment.currency
     WHERE payment.state = 'completed' AND waiting.until_at <= $1 AND ($2::uuid IS NULL OR payment.customer_id <> $2)
     ORDER BY waiting.until_at, waiting.payment_number LIMIT $3`,
    [now, exceptCustomer ?? null, limit],
  )
  return rows.map((row) => ({
    ...toWaiting(row),
    number: row.payment_number,
    customerId: row.customer_id,
    merchantId: row.merchant_id,
    leftMinor: row.left,
    currency: row.currency,
  }))
}

// Top-ups of the past, for demo data. The money itself is moved by the ledger, by the same caller in the same transaction.
import type { Sql, Transaction } from '#platform/db.ts'
import type { TopUp } from './top-up.ts'

/** Running numbers for top-ups to be written in this transaction, rising. */
export async function takeTopUpNumbers(tx: Transaction, count: number): Promise<bigint[]> {
  const rows = await tx.rows<{ number: bigint }>(
    "SELECT nextval('funding.top_up_numbers') AS number FROM generate_series(1, $1)",
    [count],
  )
  return rows.map((row) => row.number)
}

/** The numbers that customers already have. */
export async function virtualAccountsOf(
  sql: Sql,
  customerIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await sql.rows<{ customer_id: string; number: string }>(
    'SELECT customer_id, number FROM funding.virtual_accounts WHERE customer_id = ANY($1::uuid[])',
    [customerIds],
  )
  return new Map(rows.map((row) => [row.customer_id, row.number]))
}

export async function importTopUps(tx: Transaction, topUps: readonly TopUp[]): Promise<void> {
  await tx.run(
    `INSERT INTO funding.top_ups (number, customer_id, partner_id, bank_name, payment_request_id, virtual_account, amount,
       currency, bank_reference, bank_paid_at, state, failure_code, transfer_id, balance_after, effective_at,
       decide_by)
     SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::text[],
       $9::text[], $10::timestamptz[], $11::text[], $12::text[], $13::uuid[], $14::bigint[], $15::timestamptz[],
       $16::timestamptz[])`,
    [
      topUps.map((topUp) => topUp.number),
      topUps.map((topUp) => topUp.customerId),
      topUps.map((topUp) => topUp.partnerId),
      topUps.map((topUp) => topUp.bankName),
      topUps.map((topUp) => topUp.paymentRequestId),
      topUps.map((topUp) => topUp.virtualAccountNumber),
      topUps.map((topUp) => topUp.amountMinor),
      topUps.map((topUp) => topUp.currency),
      topUps.map((topUp) => topUp.bankReference ?? null),
      topUps.map((topUp) => topUp.bankPaidAt ?? null),
      topUps.map((topUp) => topUp.state),
      topUps.map((topUp) => topUp.failureCode ?? null),
      topUps.map((topUp) => topUp.transferId),
      topUps.map((topUp) => topUp.balanceAfterMinor ?? null),
      topUps.map((topUp) => topUp.effectiveAt),
      topUps.map((topUp) => topUp.decideBy ?? null),
    ],
  )
}

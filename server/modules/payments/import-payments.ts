// Payments of the past, for demo data: written with all that became of them. The money itself is moved by the ledger, by the
// same caller in the same transaction.
import type { Transaction } from '#platform/db.ts'
import { insertPayments, takeNumbers } from './payment.sql.ts'
import type { PaymentRecord } from './payment.ts'

/** Running numbers for payments to be written in this transaction, rising. */
export const takePaymentNumbers: (tx: Transaction, count: number) => Promise<bigint[]> = takeNumbers

export async function importPayments(tx: Transaction, payments: readonly PaymentRecord[]): Promise<void> {
  await insertPayments(tx, payments)
  const later = payments.filter((payment) => payment.toldAt ?? payment.returnedAt)
  await tx.run(
    `UPDATE payments.payments AS payment
     SET told_at = later.told_at, credited_at = later.credited_at, returned_at = later.returned_at
     FROM unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[], $4::timestamptz[])
       AS later (number, told_at, credited_at, returned_at)
     WHERE payment.number = later.number`,
    [
      later.map((payment) => payment.number),
      later.map((payment) => payment.toldAt ?? null),
      later.map((payment) => payment.creditedAt ?? null),
      later.map((payment) => payment.returnedAt ?? null),
    ],
  )
}

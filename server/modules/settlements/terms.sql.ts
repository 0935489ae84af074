// All SQL on shops' terms and reserves.
import { bigints, dates, uuids } from '#platform/arrays.ts'
import type { Currency } from '#contract/money.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import type { StoredTerms } from './settlement.ts'

interface TermsRow {
  merchant_id: string
  currency: Currency
  fee_basis_points: number
  fee_fixed: bigint
  reserve_basis_points: number
  reserve_days: number
  zone: string
  calendar: string
  pay_out_minute: number
  minimum_pay_out: bigint
  bank_code: string
  account_number: string
  account_name: string
  payable_account_id: string
  reserve_account_id: string
  fees_account_id: string
  next_due_at: Date
  settled_entry: bigint
  settled_at: Date
}

function toTerms(row: TermsRow): StoredTerms {
  return {
    merchantId: row.merchant_id,
    currency: row.currency,
    feeBasisPoints: row.fee_basis_points,
    feeFixedMinor: row.fee_fixed,
    reserveBasisPoints: row.reserve_basis_points,
    reserveDays: row.reserve_days,
    zone: row.zone,
    calendar: row.calendar,
    payOutMinute: row.pay_out_minute,
    minimumPayOutMinor: row.minimum_pay_out,
    bank: {
      bankCode: row.bank_code,
      accountNumber: row.account_number,
      accountName: row.account_name,
    },
    payableAccountId: row.payable_account_id,
    reserveAccountId: row.reserve_account_id,
    feesAccountId: row.fees_account_id,
    nextDueAt: row.next_due_at,
    settledEntry: row.settled_entry,
    settledAt: row.settled_at,
  }
}

/** Writes or replaces what a shop agreed to. How far its settlements have come stays as it is. */
export async function saveTerms(tx: Transaction, terms: StoredTerms): Promise<void> {
  await tx.run(
    `INSERT INTO settlements.terms (merchant_id, currency, fee_basis_points, fee_fixed, reserve_basis_points, reserve_days, zone,
       calendar, pay_out_minute, minimum_pay_out, bank_code, account_number, account_name, payable_account_id, reserve_account_id,
       fees_account_id, next_due_at, settled_entry, settled_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
     ON CONFLICT (merchant_id) DO UPDATE SET fee_basis_points = excluded.fee_basis_points, fee_fixed = excluded.fee_fixed,
       reserve_basis_points = excluded.reserve_basis_points, reserve_days = excluded.reserve_days, zone = excluded.zone,
       calendar = excluded.calendar, pay_out_minute = excluded.pay_out_minute, minimum_pay_out = excluded.minimum_pay_out,
       bank_code = excluded.bank_code, account_number = excluded.account_number, account_name = excluded.account_name,
       next_due_at = excluded.next_due_at`,
    [
      terms.merchantId,
      terms.currency,
      terms.feeBasisPoints,
      terms.feeFixedMinor,
      terms.reserveBasisPoints,
      terms.reserveDays,
      terms.zone,
      terms.calendar,
      terms.payOutMinute,
      terms.minimumPayOutMinor,
      terms.bank.bankCode,
      terms.bank.accountNumber,
      terms.bank.accountName,
      terms.payableAccountId,
      terms.reserveAccountId,
      terms.feesAccountId,
      terms.nextDueAt,
      terms.settledEntry,
      terms.settledAt,
    ],
  )
}

export async function readTerms(sql: Sql, merchantIds: readonly string[]): Promise<Map<string, StoredTerms>> {
  const rows = await sql.rows<TermsRow>(
    'SELECT * FROM settlements.terms WHERE merchant_id = ANY($1::uuid[])',
    [merchantIds],
    'settlements-terms',
  )
  return new Map(rows.map((row) => [row.merchant_id, toTerms(row)]))
}

/** One shop whose pay-out is due, that is not on hold, and that no other process has in hand. Locked until the transaction ends. */
export async function lockDueTerms(tx: Transaction, now: Date): Promise<StoredTerms | undefined> {
  const row = await tx.maybe<TermsRow>(
    `SELECT * FROM settlements.terms WHERE next_due_at <= $1 AND on_hold_since IS NULL ORDER BY next_due_at, merchant_id LIMIT 1
     FOR NO KEY UPDATE SKIP LOCKED`,
    [now],
  )
  return row && toTerms(row)
}

export async function saveNextDue(tx: Transaction, merchantId: string, nextDueAt: Date): Promise<void> {
  await tx.run('UPDATE settlements.terms SET next_due_at = $2 WHERE merchant_id = $1', [
    merchantId,
    nextDueAt,
  ])
}

export async function saveSettledUpTo(
  tx: Transaction,
  merchantId: string,
  settledEntry: bigint,
  settledAt: Date,
): Promise<void> {
  await tx.run('UPDATE settlements.terms SET settled_entry = $2, settled_at = $3 WHERE merchant_id = $1', [
    merchantId,
    settledEntry,
    settledAt,
  ])
}

export interface KeptBack {
  merchantId: string
  releaseDay: string
  amountMinor: bigint
}

/** Adds to what is free on a day. In one order, so that two that add at once do not wait for each other. */
export async function addReserves(tx: Transaction, kept: readonly KeptBack[]): Promise<void> {
  if (kept.length === 0) return
  await tx.run(
    `INSERT INTO settlements.reserves (merchant_id, release_day, amount)
     SELECT merchant_id, release_day, sum(amount)::bigint
     FROM unnest($1::uuid[], $2::date[], $3::bigint[]) AS kept (merchant_id, release_day, amount)
     GROUP BY merchant_id, release_day ORDER BY merchant_id, release_day
     ON CONFLICT (merchant_id, release_day) DO UPDATE SET amount = reserves.amount + excluded.amount`,
    [
      uuids(kept.map((each) => each.merchantId)),
      dates(kept.map((each) => each.releaseDay)),
      bigints(kept.map((each) => each.amountMinor)),
    ],
    'settlements-add-reserves',
  )
}

/** What of a shop's reserve is not free yet on this day. */
export async function readNotDue(sql: Sql, merchantId: string, day: string): Promise<bigint> {
  const row = await sql.one<{ amount: bigint }>(
    `SELECT coalesce(sum(amount), 0)::bigint AS amount FROM settlements.reserves
     WHERE merchant_id = $1 AND release_day > $2::date`,
    [merchantId, day],
  )
  return row.amount
}

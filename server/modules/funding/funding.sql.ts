// All SQL on the funding's tables.
import type { Currency } from '#contract/money.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import type { TopUp } from './top-up.ts'

export async function readVirtualAccount(sql: Sql, customerId: string): Promise<string | undefined> {
  const row = await sql.maybe<{ number: string }>(
    'SELECT number FROM funding.virtual_accounts WHERE customer_id = $1',
    [customerId],
  )
  return row?.number
}

export async function findCustomer(sql: Sql, virtualAccountNumber: string): Promise<string | undefined> {
  const row = await sql.maybe<{ customer_id: string }>(
    'SELECT customer_id FROM funding.virtual_accounts WHERE number = $1',
    [virtualAccountNumber],
  )
  return row?.customer_id
}

export async function takeRunningNumbers(tx: Transaction, count: number): Promise<bigint[]> {
  const rows = await tx.rows<{ number: bigint }>(
    "SELECT nextval('funding.virtual_account_numbers') AS number FROM generate_series(1, $1)",
    [count],
  )
  return rows.map((row) => row.number)
}

/** Who has a number keeps it. */
export async function insertVirtualAccounts(
  tx: Transaction,
  accounts: readonly { customerId: string; number: string }[],
  givenAt: Date,
): Promise<void> {
  await tx.run(
    `INSERT INTO funding.virtual_accounts (customer_id, number, given_at)
     SELECT customer_id, number, $3 FROM unnest($1::uuid[], $2::text[]) AS a (customer_id, number)
     ON CONFLICT (customer_id) DO NOTHING`,
    [accounts.map((account) => account.customerId), accounts.map((account) => account.number), givenAt],
  )
}

export interface TopUpRow {
  number: bigint
  customer_id: string
  partner_id: string
  bank_name: string
  payment_request_id: string
  virtual_account: string
  amount: bigint
  currency: Currency
  bank_reference: string | null
  bank_paid_at: Date | null
  state: TopUp['state']
  failure_code: TopUp['failureCode'] | null
  transfer_id: string
  balance_after: bigint | null
  effective_at: Date
  sender_bank_code: string | null
  sender_account: string | null
  sender_name: string | null
  decide_by: Date | null
  closed_at: Date | null
}

/** Of a top-up, as `toTopUp` reads them. */
export const columns = `number, customer_id, partner_id, bank_name, payment_request_id, virtual_account, amount, currency, bank_reference,
  bank_paid_at, state, failure_code, transfer_id, balance_after, effective_at, sender_bank_code, sender_account, sender_name,
  decide_by, closed_at`

export function toTopUp(row: TopUpRow): TopUp {
  return {
    number: row.number,
    customerId: row.customer_id,
    partnerId: row.partner_id,
    bankName: row.bank_name,
    paymentRequestId: row.payment_request_id,
    virtualAccountNumber: row.virtual_account,
    amountMinor: row.amount,
    currency: row.currency,
    bankReference: row.bank_reference ?? undefined,
    bankPaidAt: row.bank_paid_at ?? undefined,
    state: row.state,
    failureCode: row.failure_code ?? undefined,
    transferId: row.transfer_id,
    balanceAfterMinor: row.balance_after ?? undefined,
    effectiveAt: row.effective_at,
    sender:
      row.sender_bank_code === null
        ? undefined
        : {
            bankCode: row.sender_bank_code,
            accountNumber: row.sender_account!,
            accountName: row.sender_name!,
          },
    decideBy: row.decide_by ?? undefined,
    closedAt: row.closed_at ?? undefined,
  }
}

export async function findTopUp(
  sql: Sql,
  partnerId: string,
  paymentRequestId: string,
): Promise<TopUp | undefined> {
  const row = await sql.maybe<TopUpRow>(
    `SELECT ${columns} FROM funding.top_ups WHERE partner_id = $1 AND payment_request_id = $2`,
    [partnerId, paymentRequestId],
  )
  return row && toTopUp(row)
}

export async function takeTopUpNumber(tx: Transaction): Promise<bigint> {
  return (await tx.one<{ number: bigint }>("SELECT nextval('funding.top_up_numbers') AS number")).number
}

/** Throws a violation of `top_ups_bank_reference` when another transaction wrote this reference first. */
export async function insertTopUp(tx: Transaction, topUp: TopUp): Promise<void> {
  await tx.run(
    `INSERT INTO funding.top_ups (${columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
       $16, $17, $18, $19, $20)`,
    [
      topUp.number,
      topUp.customerId,
      topUp.partnerId,
      topUp.bankName,
      topUp.paymentRequestId,
      topUp.virtualAccountNumber,
      topUp.amountMinor,
      topUp.currency,
      topUp.bankReference ?? null,
      topUp.bankPaidAt ?? null,
      topUp.state,
      topUp.failureCode ?? null,
      topUp.transferId,
      topUp.balanceAfterMinor ?? null,
      topUp.effectiveAt,
      topUp.sender?.bankCode ?? null,
      topUp.sender?.accountNumber ?? null,
      topUp.sender?.accountName ?? null,
      topUp.decideBy ?? null,
      topUp.closedAt ?? null,
    ],
  )
}

export async function readTopUps(sql: Sql, numbers: readonly bigint[]): Promise<TopUp[]> {
  const rows = await sql.rows<TopUpRow>(
    `SELECT ${columns} FROM funding.top_ups WHERE number = ANY($1::bigint[])`,
    [numbers],
  )
  return rows.map(toTopUp)
}

/** Newest first, strictly before (effectiveAt, number). */
export async function listTopUps(
  sql: Sql,
  customerId: string,
  before: { at: Date; number: bigint } | undefined,
  limit: number,
): Promise<TopUp[]> {
  const rows = await sql.rows<TopUpRow>(
    `SELECT ${columns} FROM funding.top_ups
     WHERE customer_id = $1 AND ($2::timestamptz IS NULL OR (effective_at, number) < ($2, $3::bigint))
     ORDER BY effective_at DESC, number DESC LIMIT $4`,
    [customerId, before?.at ?? null, before?.number ?? null, limit],
  )
  return rows.map(toTopUp)
}

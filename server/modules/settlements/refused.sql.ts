// All SQL on refused pay-outs: what waits for a decision, what was decided, accounts that shops gave, and holding a shop's pay-outs.
import type { Currency } from '#contract/money.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import { dutyOf, type Duty } from '#platform/duty.ts'
import type { BankAccount } from './settlement.ts'

export interface RefusedRow {
  number: bigint
  merchant_id: string
  currency: Currency
  net: bigint
  closed_at: Date
  next_due_at: Date
  on_hold_since: Date | null
  hold_decided_at: Date | null
  hold_seconds: number
  has_given: boolean
}

/** The newest pay-out of each shop when it was refused, nobody is asked to approve, and it was not decided to send it again. */
export function readRefused(sql: Sql, limit: number): Promise<RefusedRow[]> {
  return sql.rows<RefusedRow>(
    `SELECT refused.number, refused.merchant_id, refused.currency, refused.net, refused.closed_at, terms.next_due_at,
       terms.on_hold_since, decided.decided_at AS hold_decided_at, coalesce(rule.hold_seconds, 86400) AS hold_seconds,
       given.id IS NOT NULL AS has_given
     FROM settlements.settlements AS refused
     JOIN settlements.terms AS terms ON terms.merchant_id = refused.merchant_id
     LEFT JOIN settlements.decision_rules AS rule ON rule.currency = refused.currency
     LEFT JOIN settlements.decisions AS decided ON decided.settlement = refused.number
     LEFT JOIN settlements.given_accounts AS given ON given.merchant_id = refused.merchant_id AND given.closed_at IS NULL
     WHERE refused.state = 'refused' AND decided.approval_id IS NULL
       AND (decided.decision IS NULL OR decided.decision = 'hold' OR decided.settlement IS NULL)
       AND NOT EXISTS (SELECT FROM settlements.settlements AS later
                       WHERE later.merchant_id = refused.merchant_id AND later.number > refused.number)
     ORDER BY refused.closed_at, refused.number LIMIT $1`,
    [limit],
  )
}

/** Pay-outs that were stopped are somebody's too: an agent's until the day by which to look again, then a lead's. */
export const dutyOfHold = (
  row: Pick<RefusedRow, 'hold_decided_at' | 'hold_seconds'> & { on_hold_since: Date },
  now: Date,
): Duty => {
  const from = Math.max(row.on_hold_since.getTime(), row.hold_decided_at?.getTime() ?? 0)
  return dutyOf(new Date(from + row.hold_seconds * 1000), row.hold_seconds, now)
}

/** Undefined while the shop is paid out. `number` is its refused pay-out. */
export async function readHoldDuty(sql: Sql, number: bigint, now: Date): Promise<Duty | undefined> {
  const row = await sql.maybe<Pick<RefusedRow, 'hold_decided_at' | 'hold_seconds'> & { on_hold_since: Date }>(
    `SELECT terms.on_hold_since, decided.decided_at AS hold_decided_at, coalesce(rule.hold_seconds, 86400) AS hold_seconds
     FROM settlements.settlements AS refused
     JOIN settlements.terms AS terms ON terms.merchant_id = refused.merchant_id
     LEFT JOIN settlements.decision_rules AS rule ON rule.currency = refused.currency
     LEFT JOIN settlements.decisions AS decided ON decided.settlement = refused.number
     WHERE refused.number = $1 AND terms.on_hold_since IS NOT NULL`,
    [number],
  )
  return row && dutyOfHold(row, now)
}

/** Whether a later pay-out of the shop was made; it carries the money of this one. */
export async function hasLater(sql: Sql, merchantId: string, number: bigint): Promise<boolean> {
  return (
    (await sql.maybe('SELECT FROM settlements.settlements WHERE merchant_id = $1 AND number > $2 LIMIT 1', [
      merchantId,
      number,
    ])) !== undefined
  )
}

/** Pay-outs of the shop up to this one, newest first, that were refused without one in between that was not. */
export async function countRefusedInARow(sql: Sql, merchantId: string, number: bigint): Promise<number> {
  const row = await sql.one<{ count: number }>(
    `SELECT count(*)::int AS count FROM settlements.settlements
     WHERE merchant_id = $1 AND number <= $2 AND state = 'refused' AND number > coalesce(
       (SELECT max(number) FROM settlements.settlements WHERE merchant_id = $1 AND number < $2 AND state <> 'refused'), 0)`,
    [merchantId, number],
  )
  return row.count
}

export async function readAloneUpTo(sql: Sql, currency: Currency): Promise<bigint> {
  const row = await sql.maybe<{ alone_up_to: bigint }>(
    'SELECT alone_up_to FROM settlements.decision_rules WHERE currency = $1',
    [currency],
  )
  return row?.alone_up_to ?? 0n
}

/** Before the shop's pay-outs: the order in which a settlement is made. */
export async function lockHold(
  tx: Transaction,
  merchantId: string,
): Promise<{ onHoldSince: Date | undefined }> {
  const row = await tx.one<{ on_hold_since: Date | null }>(
    'SELECT on_hold_since FROM settlements.terms WHERE merchant_id = $1 FOR NO KEY UPDATE',
    [merchantId],
  )
  return { onHoldSince: row.on_hold_since ?? undefined }
}

export async function readHold(sql: Sql, merchantId: string): Promise<Date | undefined> {
  const row = await sql.maybe<{ on_hold_since: Date | null }>(
    'SELECT on_hold_since FROM settlements.terms WHERE merchant_id = $1',
    [merchantId],
  )
  return row?.on_hold_since ?? undefined
}

export async function saveHold(tx: Transaction, merchantId: string, since: Date): Promise<void> {
  await tx.run(
    'UPDATE settlements.terms SET on_hold_since = coalesce(on_hold_since, $2) WHERE merchant_id = $1',
    [merchantId, since],
  )
}

/** The next pay-out is due now, unless it was due before. */
export async function savePayOutNow(tx: Transaction, merchantId: string, now: Date): Promise<void> {
  await tx.run(
    'UPDATE settlements.terms SET on_hold_since = NULL, next_due_at = least(next_due_at, $2) WHERE merchant_id = $1',
    [merchantId, now],
  )
}

export async function saveBank(tx: Transaction, merchantId: string, bank: BankAccount): Promise<void> {
  await tx.run(
    'UPDATE settlements.terms SET bank_code = $2, account_number = $3, account_name = $4 WHERE merchant_id = $1',
    [merchantId, bank.bankCode, bank.accountNumber, bank.accountName],
  )
}

export interface GivenAccount extends BankAccount {
  id: string
  givenAt: Date
}

export async function readGiven(sql: Sql, merchantId: string): Promise<GivenAccount | undefined> {
  const row = await sql.maybe<{
    id: string
    bank_code: string
    account_number: string
    account_name: string
    given_at: Date
  }>('SELECT * FROM settlements.given_accounts WHERE merchant_id = $1 AND closed_at IS NULL', [merchantId])
  return (
    row && {
      id: row.id,
      bankCode: row.bank_code,
      accountNumber: row.account_number,
      accountName: row.account_name,
      givenAt: row.given_at,
    }
  )
}

export async function closeGiven(tx: Transaction, id: string, takenUp: boolean, at: Date): Promise<void> {
  await tx.run('UPDATE settlements.given_accounts SET closed_at = $3, taken_up = $2 WHERE id = $1', [
    id,
    takenUp,
    at,
  ])
}

export async function insertGiven(tx: Transaction, merchantId: string, given: GivenAccount): Promise<void> {
  await tx.run(
    `INSERT INTO settlements.given_accounts (id, merchant_id, bank_code, account_number, account_name, given_at)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [given.id, merchantId, given.bankCode, given.accountNumber, given.accountName, given.givenAt],
  )
}

export interface PayOutDecision {
  decision: 'retry' | 'use_account' | 'hold'
  note: string
  decidedBy: string
  decidedAt: Date
  approvalId: string | undefined
}

export async function readPayOutDecision(sql: Sql, number: bigint): Promise<PayOutDecision | undefined> {
  const row = await sql.maybe<{
    decision: PayOutDecision['decision']
    note: string
    decided_by: string
    decided_at: Date
    approval_id: string | null
  }>('SELECT * FROM settlements.decisions WHERE settlement = $1', [number])
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

export async function savePayOutDecision(
  tx: Transaction,
  number: bigint,
  decided: PayOutDecision,
): Promise<void> {
  await tx.run(
    `INSERT INTO settlements.decisions (settlement, decision, note, decided_by, decided_at, approval_id)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (settlement) DO UPDATE SET decision = excluded.decision, note = excluded.note,
       decided_by = excluded.decided_by, decided_at = excluded.decided_at, approval_id = excluded.approval_id`,
    [
      number,
      decided.decision,
      decided.note,
      decided.decidedBy,
      decided.decidedAt,
      decided.approvalId ?? null,
    ],
  )
}

/** Nobody approved: it stands before staff again, as if nothing had been decided. */
export async function dropPayOutDecision(tx: Transaction, number: bigint, approvalId: string): Promise<void> {
  await tx.run('DELETE FROM settlements.decisions WHERE settlement = $1 AND approval_id = $2', [
    number,
    approvalId,
  ])
}

export async function endApproval(tx: Transaction, number: bigint, approvalId: string): Promise<void> {
  await tx.run(
    'UPDATE settlements.decisions SET approval_id = NULL WHERE settlement = $1 AND approval_id = $2',
    [number, approvalId],
  )
}

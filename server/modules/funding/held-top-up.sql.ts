// All SQL on held top-ups: their rules, what staff decided about them, and the way back to the sender.
import type { Currency } from '#contract/money.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import { columns, toTopUp, type TopUpRow } from './funding.sql.ts'
import type { Sender, TopUp } from './top-up.ts'

export interface HoldRule {
  /** How long an agent has to decide, and then a lead. */
  decideSeconds: number
  /** Above it a second person must approve. */
  aloneUpToMinor: bigint
}

export async function readHoldRule(sql: Sql, currency: Currency): Promise<HoldRule> {
  const row = await sql.maybe<{ decide_seconds: number; alone_up_to: bigint }>(
    'SELECT decide_seconds, alone_up_to FROM funding.hold_rules WHERE currency = $1',
    [currency],
  )
  // A currency without a rule: a day, and always two people.
  return { decideSeconds: row?.decide_seconds ?? 86_400, aloneUpToMinor: row?.alone_up_to ?? 0n }
}

/** Locked after the wallet of its customer. */
export async function lockTopUp(tx: Transaction, number: bigint): Promise<TopUp | undefined> {
  const row = await tx.maybe<TopUpRow>(
    `SELECT ${columns} FROM funding.top_ups WHERE number = $1 FOR NO KEY UPDATE`,
    [number],
  )
  return row && toTopUp(row)
}

/** Held ones for which nobody is asked to approve yet, the longest held first. */
export async function readHeld(
  sql: Sql,
  exceptCustomer: string | undefined,
  limit: number,
): Promise<TopUp[]> {
  const rows = await sql.rows<TopUpRow>(
    `SELECT ${columns} FROM funding.top_ups AS top_up
     WHERE state = 'suspended' AND ($1::uuid IS NULL OR customer_id <> $1)
       AND NOT EXISTS (SELECT FROM funding.top_up_decisions AS decided
                       WHERE decided.top_up_number = top_up.number AND decided.approval_id IS NOT NULL)
     ORDER BY decide_by, number LIMIT $2`,
    [exceptCustomer ?? null, limit],
  )
  return rows.map(toTopUp)
}

export interface TopUpDecision {
  decision: 'credit' | 'return'
  note: string
  decidedBy: string
  decidedAt: Date
  approvalId: string | undefined
}

export async function readDecision(sql: Sql, number: bigint): Promise<TopUpDecision | undefined> {
  const row = await sql.maybe<{
    decision: TopUpDecision['decision']
    note: string
    decided_by: string
    decided_at: Date
    approval_id: string | null
  }>('SELECT * FROM funding.top_up_decisions WHERE top_up_number = $1', [number])
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

export async function saveDecision(tx: Transaction, number: bigint, decided: TopUpDecision): Promise<void> {
  await tx.run(
    `INSERT INTO funding.top_up_decisions (top_up_number, decision, note, decided_by, decided_at, approval_id)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (top_up_number) DO UPDATE SET decision = excluded.decision, note = excluded.note,
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

export async function endApproval(tx: Transaction, number: bigint, approvalId: string): Promise<void> {
  await tx.run(
    'UPDATE funding.top_up_decisions SET approval_id = NULL WHERE top_up_number = $1 AND approval_id = $2',
    [number, approvalId],
  )
}

export async function saveCredited(
  tx: Transaction,
  number: bigint,
  credit: { transferId: string; balanceAfterMinor: bigint; at: Date },
): Promise<void> {
  await tx.run(
    `UPDATE funding.top_ups SET state = 'completed', transfer_id = $2, balance_after = $3, closed_at = $4, decide_by = NULL
     WHERE number = $1 AND state = 'suspended'`,
    [number, credit.transferId, credit.balanceAfterMinor, credit.at],
  )
}

export async function saveReturning(tx: Transaction, number: bigint): Promise<void> {
  await tx.run(
    "UPDATE funding.top_ups SET state = 'returning', decide_by = NULL WHERE number = $1 AND state = 'suspended'",
    [number],
  )
}

export async function saveReturned(
  tx: Transaction,
  number: bigint,
  transferId: string,
  at: Date,
): Promise<void> {
  await tx.run(
    `UPDATE funding.top_ups SET state = 'returned', transfer_id = $2, closed_at = $3
     WHERE number = $1 AND state = 'returning'`,
    [number, transferId, at],
  )
}

/** Nobody approved: somebody of the staff decides again. */
export async function saveDecideBy(tx: Transaction, number: bigint, decideBy: Date): Promise<void> {
  await tx.run("UPDATE funding.top_ups SET decide_by = $2 WHERE number = $1 AND state = 'suspended'", [
    number,
    decideBy,
  ])
}

/** The bank refused to take it back: staff decide again. */
export async function saveHeldAgain(tx: Transaction, number: bigint, decideBy: Date): Promise<void> {
  await tx.run(
    "UPDATE funding.top_ups SET state = 'suspended', decide_by = $2 WHERE number = $1 AND state = 'returning'",
    [number, decideBy],
  )
}

export interface Return {
  id: string
  topUpNumber: bigint
  partnerReference: string
  amountMinor: bigint
  currency: Currency
  to: Sender
  holdId: string
  transferId: string
  state: 'paying' | 'paid' | 'refused'
  calls: number
  nextCallAt: Date | undefined
  bankReference: string | undefined
  refusal: string | undefined
  madeAt: Date
  closedAt: Date | undefined
}

interface ReturnRow {
  id: string
  top_up_number: bigint
  partner_reference: string
  amount: bigint
  currency: Currency
  bank_code: string
  account_number: string
  account_name: string
  hold_id: string
  transfer_id: string
  state: Return['state']
  calls: number
  next_call_at: Date | null
  bank_reference: string | null
  refusal: string | null
  made_at: Date
  closed_at: Date | null
}

const toReturn = (row: ReturnRow): Return => ({
  id: row.id,
  topUpNumber: row.top_up_number,
  partnerReference: row.partner_reference,
  amountMinor: row.amount,
  currency: row.currency,
  to: { bankCode: row.bank_code, accountNumber: row.account_number, accountName: row.account_name },
  holdId: row.hold_id,
  transferId: row.transfer_id,
  state: row.state,
  calls: row.calls,
  nextCallAt: row.next_call_at ?? undefined,
  bankReference: row.bank_reference ?? undefined,
  refusal: row.refusal ?? undefined,
  madeAt: row.made_at,
  closedAt: row.closed_at ?? undefined,
})

/** Tries to send a top-up back so far; the reference of the next one counts from here. */
export async function countReturns(tx: Transaction, number: bigint): Promise<number> {
  return (
    await tx.one<{ count: number }>(
      'SELECT count(*)::int AS count FROM funding.returns WHERE top_up_number = $1',
      [number],
    )
  ).count
}

/** Throws a violation of `returns_once` when one is on its way or was paid. */
export async function insertReturn(tx: Transaction, back: Return): Promise<void> {
  await tx.run(
    `INSERT INTO funding.returns (id, top_up_number, partner_reference, amount, currency, bank_code, account_number, account_name,
       hold_id, transfer_id, state, next_call_at, made_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'paying', $11, $11)`,
    [
      back.id,
      back.topUpNumber,
      back.partnerReference,
      back.amountMinor,
      back.currency,
      back.to.bankCode,
      back.to.accountNumber,
      back.to.accountName,
      back.holdId,
      back.transferId,
      back.madeAt,
    ],
  )
}

/** The last of each top-up. */
export async function readLastReturns(sql: Sql, numbers: readonly bigint[]): Promise<Map<bigint, Return>> {
  const rows = await sql.rows<ReturnRow>(
    `SELECT DISTINCT ON (top_up_number) * FROM funding.returns WHERE top_up_number = ANY($1::bigint[])
     ORDER BY top_up_number, made_at DESC, id DESC`,
    [numbers],
  )
  return new Map(rows.map((row) => [row.top_up_number, toReturn(row)]))
}

/** Takes those about which the bank must be asked now. The call is counted in the same statement. */
export async function claimDueReturns(
  sql: Sql,
  now: Date,
  limit: number,
  claimSeconds: number,
): Promise<Return[]> {
  const rows = await sql.rows<ReturnRow>(
    `UPDATE funding.returns SET calls = calls + 1, claimed_until = now() + make_interval(secs => $3)
     WHERE id IN (
       SELECT id FROM funding.returns
       WHERE state = 'paying' AND next_call_at <= $1 AND (claimed_until IS NULL OR claimed_until < now())
       ORDER BY next_call_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED)
     RETURNING *`,
    [now, limit, claimSeconds],
  )
  return rows.map(toReturn)
}

/** Locked after its top-up. */
export async function lockReturn(tx: Transaction, id: string): Promise<Return> {
  return toReturn(
    await tx.one<ReturnRow>('SELECT * FROM funding.returns WHERE id = $1 FOR NO KEY UPDATE', [id]),
  )
}

export async function saveNextCall(sql: Sql, id: string, nextCallAt: Date): Promise<void> {
  await sql.run(
    "UPDATE funding.returns SET next_call_at = $2, claimed_until = NULL WHERE id = $1 AND state = 'paying'",
    [id, nextCallAt],
  )
}

export async function saveReturnClosed(
  tx: Transaction,
  id: string,
  end: { state: 'paid'; bankReference: string } | { state: 'refused'; refusal: string },
  at: Date,
): Promise<void> {
  await tx.run(
    `UPDATE funding.returns SET state = $2, bank_reference = $3, refusal = $4, closed_at = $5, next_call_at = NULL,
       claimed_until = NULL WHERE id = $1`,
    [
      id,
      end.state,
      end.state === 'paid' ? end.bankReference : null,
      end.state === 'refused' ? end.refusal : null,
      at,
    ],
  )
}

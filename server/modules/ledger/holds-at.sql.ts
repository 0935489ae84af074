// What was held at a moment, read off what the ledger keeps: when each hold was placed and closed, and what was posted of it
// until then. Reads only; nothing of it is stored.
import type { Sql } from '#platform/db.ts'
import type { Currency } from '#contract/money.ts'
import type { Hold } from './ledger.ts'

export interface HoldAtRow {
  id: string
  debit_account_id: string
  credit_account_id: string
  amount: bigint
  taken: bigint
  currency: Currency
  reference: string
  expires_at: Date | null
}

/** The holds of an account that were open at a moment, both named in SQL. A posting carries its hold's reference, whose index finds it. */
export const holdsAt = (account: string, moment: string): string =>
  `SELECT hold.id, hold.debit_account_id, hold.credit_account_id, hold.amount, hold.currency, hold.reference, hold.expires_at, hold.placed_at,
     (SELECT coalesce(sum(transfer.amount), 0)::bigint FROM ledger.transfers AS transfer
      WHERE transfer.reference = hold.reference AND transfer.hold_id = hold.id AND transfer.recorded_at <= ${moment}) AS taken
   FROM ledger.holds AS hold
   WHERE hold.debit_account_id = ${account} AND hold.placed_at <= ${moment} AND (hold.closed_at IS NULL OR hold.closed_at > ${moment})`

export const toHoldAt = (row: HoldAtRow): Hold => ({
  id: row.id,
  debitAccountId: row.debit_account_id,
  creditAccountId: row.credit_account_id,
  amountMinor: row.amount,
  postedMinor: row.taken,
  remainingMinor: row.amount - row.taken,
  currency: row.currency,
  reference: row.reference,
  state: 'open',
  expiresAt: row.expires_at ?? undefined,
})

/** The holds that were open on an account at a moment, as they were then, oldest first. */
export async function readHoldsAt(sql: Sql, accountId: string, at: Date): Promise<Hold[]> {
  const rows = await sql.rows<HoldAtRow>(
    `SELECT * FROM (${holdsAt('$1', '$2')}) AS held ORDER BY placed_at, id`,
    [accountId, at],
  )
  return rows.map(toHoldAt)
}

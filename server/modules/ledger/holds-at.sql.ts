// What was held at a moment, read off what the ledger keeps: when each hold was placed and closed, and what was posted of it
// until then. Reads only; nothing of it is stored.
import type { Sql } from '#platform/db.ts'
import type { Currency } from '#contract/money.ts'
import type { Hold } from './ledger.ts'

/** The holds that were open on an account at a moment, as they were then, oldest first. */
export async function readHoldsAt(sql: Sql, accountId: string, at: Date): Promise<Hold[]> {
  const rows = await sql.rows<{
    id: string
    debit_account_id: string
    credit_account_id: string
    amount: bigint
    taken: bigint
    currency: Currency
    reference: string
    expires_at: Date | null
  }>(
    // A posting carries its hold's reference, whose index finds it.
    `SELECT hold.id, hold.debit_account_id, hold.credit_account_id, hold.amount, hold.currency, hold.reference, hold.expires_at,
       (SELECT coalesce(sum(transfer.amount), 0)::bigint FROM ledger.transfers AS transfer
        WHERE transfer.reference = hold.reference AND transfer.hold_id = hold.id AND transfer.recorded_at <= $2) AS taken
     FROM ledger.holds AS hold
     WHERE hold.debit_account_id = $1 AND hold.placed_at <= $2 AND (hold.closed_at IS NULL OR hold.closed_at > $2)
     ORDER BY hold.placed_at, hold.id`,
    [accountId, at],
  )
  return rows.map((row) => ({
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
  }))
}

// All SQL that reads what was given back. The database counts it by itself when a reversal is posted.
import { uuids } from '#platform/arrays.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import type { Origin } from './locked-reversals.ts'
import type { Currency } from '#contract/money.ts'

/** Transfers that shall be given back: they never change, so they are read before anything is locked. */
export async function readOrigins(sql: Sql, ids: readonly string[]): Promise<Origin[]> {
  const rows = await sql.rows<{
    id: string
    debit_account_id: string
    credit_account_id: string
    amount: bigint
    currency: Currency
  }>(
    'SELECT id, debit_account_id, credit_account_id, amount, currency FROM ledger.transfers WHERE id = ANY($1::uuid[])',
    [uuids(ids)],
    'ledger-read-origins',
  )
  return rows.map((row) => ({
    id: row.id,
    debitAccountId: row.debit_account_id,
    creditAccountId: row.credit_account_id,
    amountMinor: row.amount,
    currency: row.currency,
  }))
}

/**
 * What was given back of transfers so far. Exact when the account that each origin took from is locked: whoever gives back
 * must credit it.
 */
export async function readReversedMinor(
  tx: Transaction,
  ids: readonly string[],
): Promise<Map<string, bigint>> {
  const rows = await tx.rows<{ transfer_id: string; reversed_amount: bigint }>(
    'SELECT transfer_id, reversed_amount FROM ledger.reversals WHERE transfer_id = ANY($1::uuid[])',
    [uuids(ids)],
    'ledger-read-reversed',
  )
  return new Map(rows.map((row) => [row.transfer_id, row.reversed_amount]))
}

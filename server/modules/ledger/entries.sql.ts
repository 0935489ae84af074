// All SQL that reads entries: by keyset and index, in a time that does not grow with the history.
import type { Sql } from '#platform/db.ts'
import type { Entry } from './ledger.ts'

interface EntryRow {
  entry: bigint
  transfer_id: string
  kind: string
  reference: string
  amount: bigint
  balance_after: bigint
  other_account_id: string
  effective_at: Date
  recorded_at: Date
}

function toEntry(row: EntryRow): Entry {
  return {
    entry: row.entry,
    transferId: row.transfer_id,
    kind: row.kind,
    reference: row.reference,
    amountMinor: row.amount,
    balanceAfterMinor: row.balance_after,
    otherAccountId: row.other_account_id,
    effectiveAt: row.effective_at,
    recordedAt: row.recorded_at,
  }
}

/** Newest first, below `before` when given: two index scans, the limit inside each. */
export async function readEntries(
  sql: Sql,
  accountId: string,
  before: bigint | undefined,
  limit: number,
): Promise<Entry[]> {
  const rows = await sql.rows<EntryRow>(
    `SELECT * FROM (
       (SELECT debit_entry AS entry, id AS transfer_id, kind, reference, -amount AS amount, debit_balance_after AS balance_after,
               credit_account_id AS other_account_id, effective_at, recorded_at
        FROM ledger.transfers WHERE debit_account_id = $1 AND debit_entry < $2 ORDER BY debit_entry DESC LIMIT $3)
       UNION ALL
       (SELECT credit_entry, id, kind, reference, amount, credit_balance_after, debit_account_id, effective_at, recorded_at
        FROM ledger.transfers WHERE credit_account_id = $1 AND credit_entry < $2 ORDER BY credit_entry DESC LIMIT $3)
     ) AS both_sides ORDER BY entry DESC LIMIT $3`,
    [accountId, before ?? 9_223_372_036_854_775_807n, limit],
  )
  return rows.map(toEntry)
}

/** Oldest first. Entry numbers have no gaps: what lies between two of them is as many rows as their difference. */
export async function readEntriesBetween(
  sql: Sql,
  accountId: string,
  after: bigint,
  upTo: bigint,
): Promise<Entry[]> {
  const rows = await sql.rows<EntryRow>(
    `SELECT debit_entry AS entry, id AS transfer_id, kind, reference, -amount AS amount, debit_balance_after AS balance_after,
            credit_account_id AS other_account_id, effective_at, recorded_at
     FROM ledger.transfers WHERE debit_account_id = $1 AND debit_entry > $2 AND debit_entry <= $3
     UNION ALL
     SELECT credit_entry, id, kind, reference, amount, credit_balance_after, debit_account_id, effective_at, recorded_at
     FROM ledger.transfers WHERE credit_account_id = $1 AND credit_entry > $2 AND credit_entry <= $3
     ORDER BY entry`,
    [accountId, after, upTo],
  )
  return rows.map(toEntry)
}

/** The number of the last entry recorded at or before a moment; 0 when there was none. */
export async function readEntryNumberAt(sql: Sql, accountId: string, recordedAt: Date): Promise<bigint> {
  const { entry } = await sql.one<{ entry: bigint | null }>('SELECT ledger.entry_at($1, $2) AS entry', [
    accountId,
    recordedAt,
  ])
  return entry ?? 0n
}

/** The balance after an entry; 0 before the first. */
export async function readBalanceAfter(sql: Sql, accountId: string, entry: bigint): Promise<bigint> {
  const row = await sql.maybe<{ balance: bigint }>(
    `SELECT debit_balance_after AS balance FROM ledger.transfers WHERE debit_account_id = $1 AND debit_entry = $2
     UNION ALL
     SELECT credit_balance_after FROM ledger.transfers WHERE credit_account_id = $1 AND credit_entry = $2`,
    [accountId, entry],
  )
  return row?.balance ?? 0n
}

/**
 * What the other clock makes of a balance: entries that happened by then but were recorded later count, those recorded by
 * then that happened later do not. Only entries with two different times are looked at.
 */
export async function readDatedDifference(sql: Sql, accountId: string, at: Date): Promise<bigint> {
  const { difference } = await sql.one<{ difference: bigint }>(
    `SELECT coalesce(sum(CASE WHEN effective_at <= $2 THEN amount ELSE -amount END), 0)::bigint AS difference
     FROM (
       SELECT -amount AS amount, effective_at, recorded_at FROM ledger.transfers
       WHERE debit_account_id = $1 AND effective_at <> recorded_at
       UNION ALL
       SELECT amount, effective_at, recorded_at FROM ledger.transfers
       WHERE credit_account_id = $1 AND effective_at <> recorded_at
     ) AS dated
     WHERE (effective_at <= $2) <> (recorded_at <= $2)`,
    [accountId, at],
  )
  return difference
}

// What a statement begins and ends with, in one statement of SQL: balance and holds of both ends are of one snapshot, whatever is
// posted meanwhile.
import type { Sql } from '#platform/db.ts'
import type { Currency } from '#contract/money.ts'
import { holdsAt, toHoldAt, type HoldAtRow } from './holds-at.sql.ts'
import type { Hold } from './ledger.ts'

/** How an account stood at a moment. */
export interface StatementEnd {
  /** The number of its last entry; 0 before the first. */
  entry: bigint
  balanceMinor: bigint
  holds: Hold[]
  /** What comes after it is there: the next entry, or else what the account itself says. */
  isFollowed: boolean
}

export interface StatementEnds {
  currency: Currency
  minimumMinor: bigint | undefined
  opening: StatementEnd
  closing: StatementEnd
}

/** undefined: no such account. */
export async function readStatementEnds(
  sql: Sql,
  accountId: string,
  openingAt: Date,
  closingAt: Date,
): Promise<StatementEnds | undefined> {
  const rows = await sql.rows<
    {
      currency: Currency
      minimum: bigint | null
      place: bigint
      entry: bigint
      balance: bigint
      followed: boolean
    } & (HoldAtRow | { id: null })
  >(
    `WITH ends AS MATERIALIZED (
       SELECT account.id AS account_id, account.currency, account.minimum, account.entry_count, account.balance AS newest, place, moment,
         ledger.entry_at(account.id, moment) AS entry
       FROM ledger.accounts AS account CROSS JOIN unnest(ARRAY[$2, $3]::timestamptz[]) WITH ORDINALITY AS asked (moment, place)
       WHERE account.id = $1
     ), stood AS MATERIALIZED (
       SELECT *, coalesce(
         (SELECT debit_balance_after FROM ledger.transfers WHERE debit_account_id = account_id AND debit_entry = entry),
         (SELECT credit_balance_after FROM ledger.transfers WHERE credit_account_id = account_id AND credit_entry = entry),
         0) AS balance
       FROM ends
     )
     SELECT stood.currency, minimum, place, entry, balance,
       CASE WHEN entry = entry_count THEN balance = newest
            ELSE EXISTS (SELECT FROM ledger.transfers WHERE debit_account_id = account_id AND debit_entry = entry + 1)
              OR EXISTS (SELECT FROM ledger.transfers WHERE credit_account_id = account_id AND credit_entry = entry + 1) END AS followed,
       held.id, held.debit_account_id, held.credit_account_id, held.amount, held.taken, held.reference, held.expires_at
     FROM stood LEFT JOIN LATERAL (${holdsAt('account_id', 'moment')}) AS held ON true
     ORDER BY place, held.placed_at, held.id`,
    [accountId, openingAt, closingAt],
  )
  if (rows.length === 0) return undefined
  const end = (place: bigint): StatementEnd => {
    const its = rows.filter((row) => row.place === place)
    const { entry, balance, followed } = its[0]!
    return {
      entry,
      balanceMinor: balance,
      isFollowed: followed,
      holds: its.flatMap((row) => (row.id === null ? [] : [toHoldAt(row)])),
    }
  }
  return {
    currency: rows[0]!.currency,
    minimumMinor: rows[0]!.minimum ?? undefined,
    opening: end(1n),
    closing: end(2n),
  }
}

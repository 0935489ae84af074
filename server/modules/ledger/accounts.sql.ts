// All SQL on accounts. They are always locked in one order, customers' wallets first, then by id, so that two batches never
// wait for each other in a circle. Balances are never written here: posting and holding move them.
import { uuids } from '#platform/arrays.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import type { Currency } from '#contract/money.ts'
import type { AccountKind, AccountState, NewAccount } from './ledger.ts'

interface AccountRow {
  id: string
  kind: AccountKind
  currency: Currency
  balance: bigint
  held: bigint
  entry_count: bigint
  minimum: bigint | null
  maximum: bigint | null
  monthly_cap: bigint | null
  /** NULL without a cap, and before the first money of the month. */
  incoming: bigint | null
  frozen: AccountState['frozen'] | null
  closed: boolean | null
}

// What came in counts for the month of `$2`, or for a later one when another process's clock has crossed its beginning already.
const accountColumns = `id, kind, currency, balance, held, entry_count, minimum, maximum, monthly_cap,
  CASE WHEN incoming_month >= ledger.month_of($2) THEN incoming END AS incoming, frozen, nullif(closed_at IS NOT NULL, false) AS closed`

function toState(row: AccountRow): AccountState {
  return {
    id: row.id,
    kind: row.kind,
    currency: row.currency,
    balanceMinor: row.balance,
    heldMinor: row.held,
    entryCount: row.entry_count,
    minimumMinor: row.minimum ?? undefined,
    maximumMinor: row.maximum ?? undefined,
    ...(row.monthly_cap === null
      ? {}
      : { monthlyCapMinor: row.monthly_cap, incomingMinor: row.incoming ?? 0n }),
    ...(row.frozen === null ? {} : { frozen: row.frozen }),
    ...(row.closed === null ? {} : { closed: true as const }),
  }
}

export async function insertAccounts(
  tx: Transaction,
  accounts: readonly NewAccount[],
  openedAt: Date,
): Promise<void> {
  await tx.run(
    `INSERT INTO ledger.accounts (id, kind, owner_id, currency, minimum, maximum, monthly_cap, opened_at)
     SELECT *, $8 FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[])
     ON CONFLICT DO NOTHING`,
    [
      accounts.map((account) => account.id),
      accounts.map((account) => account.kind),
      accounts.map((account) => account.ownerId ?? null),
      accounts.map((account) => account.currency),
      accounts.map((account) => account.minimumMinor ?? null),
      accounts.map((account) => account.maximumMinor ?? null),
      accounts.map((account) => account.monthlyCapMinor ?? null),
      openedAt,
    ],
  )
}

export async function findAccount(
  sql: Sql,
  kind: AccountKind,
  ownerId: string | undefined,
  currency: Currency,
): Promise<string | undefined> {
  const row = await sql.maybe<{ id: string }>(
    'SELECT id FROM ledger.accounts WHERE kind = $1 AND owner_id IS NOT DISTINCT FROM $2 AND currency = $3',
    [kind, ownerId ?? null, currency],
  )
  return row?.id
}

/** The one order in which accounts are locked. */
export const lockOrder = "(kind = 'customer_wallet') DESC, id"

export async function lockAccountRows(
  tx: Transaction,
  ids: readonly string[],
  now: Date,
): Promise<AccountState[]> {
  const rows = await tx.rows<AccountRow>(
    `SELECT ${accountColumns} FROM ledger.accounts WHERE id = ANY($1::uuid[]) ORDER BY ${lockOrder} FOR NO KEY UPDATE`,
    [uuids(ids), now],
    'ledger-lock-accounts',
  )
  return rows.map(toState)
}

/** The wallets' accounts of customers: the first in the order, so nothing but their owners need be known. */
export async function lockWalletAccountRows(
  tx: Transaction,
  ownerIds: readonly string[],
  now: Date,
): Promise<AccountState[]> {
  const rows = await tx.rows<AccountRow>(
    `SELECT ${accountColumns} FROM ledger.accounts WHERE owner_id = ANY($1::uuid[]) AND kind = 'customer_wallet'
     ORDER BY id FOR NO KEY UPDATE`,
    [uuids(ownerIds), now],
    'ledger-lock-wallet-accounts',
  )
  return rows.map(toState)
}

export async function readAccountRows(sql: Sql, ids: readonly string[], now: Date): Promise<AccountState[]> {
  const rows = await sql.rows<AccountRow>(
    `SELECT ${accountColumns} FROM ledger.accounts WHERE id = ANY($1::uuid[])`,
    [uuids(ids), now],
    'ledger-read-accounts',
  )
  return rows.map(toState)
}

/** Locked by the caller. NULL takes the stop away. */
export async function saveFrozen(
  tx: Transaction,
  id: string,
  frozen: AccountState['frozen'] | undefined,
): Promise<void> {
  await tx.run('UPDATE ledger.accounts SET frozen = $2 WHERE id = $1', [id, frozen ?? null])
}

export async function saveClosed(tx: Transaction, id: string, closedAt: Date): Promise<void> {
  await tx.run('UPDATE ledger.accounts SET closed_at = $2 WHERE id = $1 AND closed_at IS NULL', [
    id,
    closedAt,
  ])
}

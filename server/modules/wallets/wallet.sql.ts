// All SQL on the wallets' tables. Wallet rows are locked in the order of their customers' ids, before anything else of a spend.
import { bigints, dates, integers, uuids } from '#platform/arrays.ts'
import type { Currency } from '#contract/money.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import type { WalletState, WalletStatus } from './wallet.rules.ts'

interface WalletRow {
  customer_id: string
  account_id: string
  currency: Currency
  status: WalletStatus
  frozen_at: Date | null
  per_transaction: bigint
  per_day: bigint
  count_per_day: number
  maximum_balance: bigint
  spent_day: string | null
  spent_minor: bigint
  spent_count: number
}

const select = `SELECT wallet.customer_id, wallet.account_id, wallet.currency, wallet.status, wallet.frozen_at,
    limits.per_transaction, limits.per_day, limits.count_per_day, limits.maximum_balance,
    wallet.spent_day::text, wallet.spent_minor, wallet.spent_count
  FROM wallets.wallets AS wallet JOIN wallets.limit_sets AS limits ON limits.name = wallet.limit_set
  WHERE wallet.customer_id = ANY($1::uuid[])`

function toState(row: WalletRow): WalletState {
  return {
    customerId: row.customer_id,
    accountId: row.account_id,
    currency: row.currency,
    status: row.status,
    frozenAt: row.frozen_at ?? undefined,
    perTransactionMinor: row.per_transaction,
    perDayMinor: row.per_day,
    countPerDay: row.count_per_day,
    maximumBalanceMinor: row.maximum_balance,
    spentDay: row.spent_day ?? undefined,
    spentMinor: row.spent_minor,
    spentCount: row.spent_count,
  }
}

export async function lockWalletRows(
  tx: Transaction,
  customerIds: readonly string[],
): Promise<WalletState[]> {
  const rows = await tx.rows<WalletRow>(
    `${select} ORDER BY wallet.customer_id FOR NO KEY UPDATE OF wallet`,
    [customerIds],
    'wallets-lock',
  )
  return rows.map(toState)
}

export async function readWalletRows(sql: Sql, customerIds: readonly string[]): Promise<WalletState[]> {
  return (await sql.rows<WalletRow>(select, [customerIds], 'wallets-read')).map(toState)
}

export interface NewWallet {
  customerId: string
  accountId: string
  currency: Currency
  limitSet: string
}

export async function insertWallets(
  tx: Transaction,
  wallets: readonly NewWallet[],
  openedAt: Date,
): Promise<void> {
  await tx.run(
    `INSERT INTO wallets.wallets (customer_id, account_id, currency, limit_set, status, opened_at)
     SELECT customer_id, account_id, currency, limit_set, 'active', $5
     FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) AS w (customer_id, account_id, currency, limit_set)`,
    [
      wallets.map((wallet) => wallet.customerId),
      wallets.map((wallet) => wallet.accountId),
      wallets.map((wallet) => wallet.currency),
      wallets.map((wallet) => wallet.limitSet),
      openedAt,
    ],
  )
}

export async function readMaximumBalance(sql: Sql, limitSet: string): Promise<bigint> {
  return (
    await sql.one<{ maximum_balance: bigint }>(
      'SELECT maximum_balance FROM wallets.limit_sets WHERE name = $1',
      [limitSet],
    )
  ).maximum_balance
}

export async function saveSpending(tx: Transaction, wallets: readonly WalletState[]): Promise<void> {
  await tx.run(
    `UPDATE wallets.wallets AS wallet SET spent_day = spent.day, spent_minor = spent.minor, spent_count = spent.count
     FROM unnest($1::uuid[], $2::date[], $3::bigint[], $4::int[]) AS spent (customer_id, day, minor, count)
     WHERE wallet.customer_id = spent.customer_id`,
    [
      uuids(wallets.map((wallet) => wallet.customerId)),
      dates(wallets.map((wallet) => wallet.spentDay)),
      bigints(wallets.map((wallet) => wallet.spentMinor)),
      integers(wallets.map((wallet) => wallet.spentCount)),
    ],
    'wallets-save-spending',
  )
}

export async function saveStatus(
  tx: Transaction,
  customerId: string,
  status: WalletStatus,
  frozenAt: Date | undefined,
): Promise<void> {
  await tx.run('UPDATE wallets.wallets SET status = $2, frozen_at = $3 WHERE customer_id = $1', [
    customerId,
    status,
    frozenAt ?? null,
  ])
}

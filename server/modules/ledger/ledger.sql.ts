// All SQL on the ledger's tables. Accounts are always locked in one order, customers' wallets first, then by id, so that
// two batches never wait for each other in a circle.
import { bigints, texts, times, uuids } from '#platform/arrays.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import type { AccountKind, AccountState, Entry, Hold, NewAccount, NewHold, PostedTransfer } from './ledger.ts'
import type { Currency } from '#contract/money.ts'

interface AccountRow {
  id: string
  kind: AccountKind
  currency: Currency
  balance: bigint
  held: bigint
  entry_count: bigint
  minimum: bigint | null
  maximum: bigint | null
}

const accountColumns = 'id, kind, currency, balance, held, entry_count, minimum, maximum'

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
  }
}

export async function insertAccounts(
  tx: Transaction,
  accounts: readonly NewAccount[],
  openedAt: Date,
): Promise<void> {
  await tx.run(
    `INSERT INTO ledger.accounts (id, kind, owner_id, currency, minimum, maximum, opened_at)
     SELECT *, $7 FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::bigint[], $6::bigint[])
     ON CONFLICT DO NOTHING`,
    [
      accounts.map((account) => account.id),
      accounts.map((account) => account.kind),
      accounts.map((account) => account.ownerId ?? null),
      accounts.map((account) => account.currency),
      accounts.map((account) => account.minimumMinor ?? null),
      accounts.map((account) => account.maximumMinor ?? null),
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

const lockOrder = "(kind = 'customer_wallet') DESC, id"

export async function lockAccountRows(tx: Transaction, ids: readonly string[]): Promise<AccountState[]> {
  const rows = await tx.rows<AccountRow>(
    `SELECT ${accountColumns} FROM ledger.accounts WHERE id = ANY($1::uuid[]) ORDER BY ${lockOrder} FOR NO KEY UPDATE`,
    [uuids(ids)],
    'ledger-lock-accounts',
  )
  return rows.map(toState)
}

/** The wallets' accounts of customers: the first in the order, so nothing but their owners need be known. */
export async function lockWalletAccountRows(
  tx: Transaction,
  ownerIds: readonly string[],
): Promise<AccountState[]> {
  const rows = await tx.rows<AccountRow>(
    `SELECT ${accountColumns} FROM ledger.accounts WHERE owner_id = ANY($1::uuid[]) AND kind = 'customer_wallet'
     ORDER BY id FOR NO KEY UPDATE`,
    [uuids(ownerIds)],
    'ledger-lock-wallet-accounts',
  )
  return rows.map(toState)
}

export async function readAccountRows(sql: Sql, ids: readonly string[]): Promise<AccountState[]> {
  const rows = await sql.rows<AccountRow>(
    `SELECT ${accountColumns} FROM ledger.accounts WHERE id = ANY($1::uuid[])`,
    [ids],
    'ledger-read-accounts',
  )
  return rows.map(toState)
}

/**
 * Writes transfers in order. Where the credited account was not locked before (`creditEntry` undefined), it is locked here,
 * in the order of ids after all others, and its entries are counted on from what stands there: a shop that half of all
 * payments go to is held by a batch only while it writes and commits.
 */
export async function insertTransfers(
  tx: Transaction,
  transfers: readonly PostedTransfer[],
  recordedAt: Date,
): Promise<void> {
  const late = transfers.filter((transfer) => transfer.creditEntry === undefined)
  await tx.run(
    `${late.length > 0 ? lockLate : ''}
     INSERT INTO ledger.transfers (id, debit_account_id, credit_account_id, amount, currency, kind, reference, reversal_of, hold_id,
       debit_balance_after, debit_entry, credit_balance_after, credit_entry, effective_at, recorded_at)
     SELECT id, debit, credit, amount, currency, kind, reference, reversal_of, hold_id, debit_after, debit_entry,
       ${late.length > 0 ? countedOn : 'credit_after, credit_entry'}, effective_at, $15
     FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::uuid[],
       $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::timestamptz[]) WITH ORDINALITY
       AS t (id, debit, credit, amount, currency, kind, reference, reversal_of, hold_id,
         debit_after, debit_entry, credit_after, credit_entry, effective_at, place)
     ${late.length > 0 ? joinLate : ''}
     ORDER BY place`,
    [
      uuids(transfers.map((transfer) => transfer.id)),
      uuids(transfers.map((transfer) => transfer.debitAccountId)),
      uuids(transfers.map((transfer) => transfer.creditAccountId)),
      bigints(transfers.map((transfer) => transfer.amountMinor)),
      texts(transfers.map((transfer) => transfer.currency)),
      texts(transfers.map((transfer) => transfer.kind)),
      texts(transfers.map((transfer) => transfer.reference)),
      uuids(transfers.map((transfer) => transfer.reversalOf)),
      uuids(transfers.map((transfer) => transfer.holdId)),
      bigints(transfers.map((transfer) => transfer.debitBalanceAfterMinor)),
      bigints(transfers.map((transfer) => transfer.debitEntry)),
      bigints(transfers.map((transfer) => transfer.creditBalanceAfterMinor)),
      bigints(transfers.map((transfer) => transfer.creditEntry)),
      times(transfers.map((transfer) => transfer.effectiveAt)),
      recordedAt,
      ...(late.length > 0 ? [uuids([...new Set(late.map((transfer) => transfer.creditAccountId))])] : []),
    ],
    late.length > 0 ? 'ledger-insert-transfers-late' : 'ledger-insert-transfers',
  )
}

const lockLate = `WITH late AS (
       SELECT id AS account_id, balance, entry_count FROM ledger.accounts WHERE id = ANY($16::uuid[])
       ORDER BY ${lockOrder} FOR NO KEY UPDATE
     )`
const joinLate = `LEFT JOIN late ON late.account_id = t.credit AND t.credit_entry IS NULL
     WINDOW credited AS (PARTITION BY t.credit ORDER BY place)`
const countedOn = `coalesce(credit_after, balance + (sum(amount) OVER credited)::bigint),
       coalesce(credit_entry, entry_count + row_number() OVER credited)`

export interface TransferRow {
  id: string
  debit_account_id: string
  credit_account_id: string
  amount: bigint
  currency: Currency
  kind: string
  reference: string
  reversal_of: string | null
  effective_at: Date
  recorded_at: Date
}

export async function readTransfers(sql: Sql, ids: readonly string[]): Promise<TransferRow[]> {
  return sql.rows<TransferRow>('SELECT * FROM ledger.transfers WHERE id = ANY($1::uuid[])', [ids])
}

export async function readTransfersByReference(sql: Sql, reference: string): Promise<TransferRow[]> {
  return sql.rows<TransferRow>('SELECT * FROM ledger.transfers WHERE reference = $1 ORDER BY sequence', [
    reference,
  ])
}

/** Adds to what was reversed of a transfer; the CHECK refuses more than it moved, whatever ran at the same time. */
export async function addReversal(tx: Transaction, transferId: string, amountMinor: bigint): Promise<void> {
  await tx.run(
    `INSERT INTO ledger.reversals (transfer_id, amount, reversed_amount)
     SELECT id, amount, $2 FROM ledger.transfers WHERE id = $1
     ON CONFLICT (transfer_id) DO UPDATE SET reversed_amount = reversals.reversed_amount + excluded.reversed_amount`,
    [transferId, amountMinor],
  )
}

export async function readReversed(sql: Sql, transferId: string): Promise<bigint> {
  const row = await sql.maybe<{ reversed_amount: bigint }>(
    'SELECT reversed_amount FROM ledger.reversals WHERE transfer_id = $1',
    [transferId],
  )
  return row?.reversed_amount ?? 0n
}

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

/** The entry that was the last one recorded at or before a moment. */
export async function readEntryAt(sql: Sql, accountId: string, recordedAt: Date): Promise<Entry | undefined> {
  const row = await sql.maybe<EntryRow>(
    'SELECT * FROM ledger.entries WHERE account_id = $1 AND recorded_at <= $2 ORDER BY entry DESC LIMIT 1',
    [accountId, recordedAt],
  )
  return row && toEntry(row)
}

export async function readEntriesBetween(
  sql: Sql,
  accountId: string,
  after: bigint,
  upTo: bigint,
): Promise<Entry[]> {
  const rows = await sql.rows<EntryRow>(
    'SELECT * FROM ledger.entries WHERE account_id = $1 AND entry > $2 AND entry <= $3 ORDER BY entry',
    [accountId, after, upTo],
  )
  return rows.map(toEntry)
}

export async function insertHolds(tx: Transaction, holds: readonly NewHold[], placedAt: Date): Promise<void> {
  await tx.run(
    `INSERT INTO ledger.holds (id, debit_account_id, credit_account_id, amount, remaining, currency, reference, state, expires_at, placed_at)
     SELECT id, debit, credit, amount, amount, currency, reference, 'open', expires_at, $8
     FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::text[], $7::timestamptz[])
       AS h (id, debit, credit, amount, currency, reference, expires_at)`,
    [
      holds.map((hold) => hold.id),
      holds.map((hold) => hold.debitAccountId),
      holds.map((hold) => hold.creditAccountId),
      holds.map((hold) => hold.amountMinor),
      holds.map((hold) => hold.currency),
      holds.map((hold) => hold.reference),
      holds.map((hold) => hold.expiresAt ?? null),
      placedAt,
    ],
  )
}

interface HoldRow {
  id: string
  debit_account_id: string
  credit_account_id: string
  amount: bigint
  posted: bigint
  remaining: bigint
  currency: Currency
  reference: string
  state: Hold['state']
  expires_at: Date | null
}

function toHold(row: HoldRow): Hold {
  return {
    id: row.id,
    debitAccountId: row.debit_account_id,
    creditAccountId: row.credit_account_id,
    amountMinor: row.amount,
    postedMinor: row.posted,
    remainingMinor: row.remaining,
    currency: row.currency,
    reference: row.reference,
    state: row.state,
    expiresAt: row.expires_at ?? undefined,
  }
}

export async function lockHold(tx: Transaction, id: string): Promise<Hold | undefined> {
  const row = await tx.maybe<HoldRow>('SELECT * FROM ledger.holds WHERE id = $1 FOR UPDATE', [id])
  return row && toHold(row)
}

export async function readOpenHolds(sql: Sql, accountId: string): Promise<Hold[]> {
  const rows = await sql.rows<HoldRow>(
    "SELECT * FROM ledger.holds WHERE debit_account_id = $1 AND state = 'open' ORDER BY placed_at",
    [accountId],
  )
  return rows.map(toHold)
}

export async function saveHold(tx: Transaction, hold: Hold, closedAt: Date | undefined): Promise<void> {
  await tx.run(
    'UPDATE ledger.holds SET posted = $2, remaining = $3, state = $4, closed_at = $5 WHERE id = $1',
    [hold.id, hold.postedMinor, hold.remainingMinor, hold.state, closedAt ?? null],
  )
}

export async function findExpiredHolds(sql: Sql, now: Date, limit: number): Promise<string[]> {
  const rows = await sql.rows<{ id: string }>(
    "SELECT id FROM ledger.holds WHERE state = 'open' AND expires_at <= $1 ORDER BY expires_at LIMIT $2",
    [now, limit],
  )
  return rows.map((row) => row.id)
}

export interface TrialBalanceRow {
  currency: Currency
  kind: AccountKind
  accounts: bigint
  balance: bigint
  held: bigint
}

export async function readTrialBalance(sql: Sql): Promise<TrialBalanceRow[]> {
  return sql.rows<TrialBalanceRow>(
    `SELECT currency, kind, count(*) AS accounts, sum(balance)::bigint AS balance, sum(held)::bigint AS held
     FROM ledger.accounts GROUP BY currency, kind ORDER BY currency, kind`,
  )
}

/** Accounts whose balance, count or holds do not follow from their entries: must be none. */
export async function findBrokenAccounts(sql: Sql): Promise<string[]> {
  const rows = await sql.rows<{ id: string }>(
    `SELECT account.id FROM ledger.accounts AS account
     LEFT JOIN (SELECT account_id, sum(amount) AS total, count(*) AS entries FROM ledger.entries GROUP BY account_id) AS summed
       ON summed.account_id = account.id
     LEFT JOIN (SELECT debit_account_id, sum(remaining) AS held FROM ledger.holds WHERE state = 'open' GROUP BY 1) AS holding
       ON holding.debit_account_id = account.id
     WHERE account.balance <> coalesce(summed.total, 0) OR account.entry_count <> coalesce(summed.entries, 0)
        OR account.held <> coalesce(holding.held, 0)`,
  )
  return rows.map((row) => row.id)
}

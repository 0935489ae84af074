// All SQL on holds. A hold is locked after its accounts; what is held follows from the holds by the database itself.
import { bigints, texts, times, uuids } from '#platform/arrays.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import type { Currency } from '#contract/money.ts'
import type { Hold, NewHold } from './ledger.ts'

export async function insertHolds(tx: Transaction, holds: readonly NewHold[], placedAt: Date): Promise<void> {
  await tx.run(
    `INSERT INTO ledger.holds (id, debit_account_id, credit_account_id, amount, remaining, currency, reference, state, expires_at, placed_at)
     SELECT id, debit, credit, amount, amount, currency, reference, 'open', expires_at, $8
     FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::text[], $7::timestamptz[])
       AS h (id, debit, credit, amount, currency, reference, expires_at)`,
    [
      uuids(holds.map((hold) => hold.id)),
      uuids(holds.map((hold) => hold.debitAccountId)),
      uuids(holds.map((hold) => hold.creditAccountId)),
      bigints(holds.map((hold) => hold.amountMinor)),
      texts(holds.map((hold) => hold.currency)),
      texts(holds.map((hold) => hold.reference)),
      times(holds.map((hold) => hold.expiresAt)),
      placedAt,
    ],
    'ledger-insert-holds',
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

/** Locked in the order of ids, after their accounts. Who is unknown is missing. */
export async function lockHoldRows(tx: Transaction, ids: readonly string[]): Promise<Hold[]> {
  const rows = await tx.rows<HoldRow>(
    'SELECT * FROM ledger.holds WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE',
    [uuids(ids)],
    'ledger-lock-holds',
  )
  return rows.map(toHold)
}

/** Not locked: between which accounts holds are never changes. */
export async function readHoldAccounts(
  sql: Sql,
  ids: readonly string[],
): Promise<{ id: string; debit_account_id: string; credit_account_id: string }[]> {
  return sql.rows(
    'SELECT id, debit_account_id, credit_account_id FROM ledger.holds WHERE id = ANY($1::uuid[])',
    [uuids(ids)],
    'ledger-read-hold-accounts',
  )
}

export async function readOpenHolds(sql: Sql, accountId: string): Promise<Hold[]> {
  const rows = await sql.rows<HoldRow>(
    "SELECT * FROM ledger.holds WHERE debit_account_id = $1 AND state = 'open' ORDER BY placed_at",
    [accountId],
  )
  return rows.map(toHold)
}

export async function saveHolds(tx: Transaction, holds: readonly Hold[], closedAt: Date): Promise<void> {
  await tx.run(
    `UPDATE ledger.holds AS hold SET posted = changed.posted, remaining = changed.remaining, state = changed.state,
       closed_at = CASE WHEN changed.state = 'open' THEN NULL ELSE $5::timestamptz END
     FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[]) AS changed (id, posted, remaining, state)
     WHERE hold.id = changed.id`,
    [
      uuids(holds.map((hold) => hold.id)),
      bigints(holds.map((hold) => hold.postedMinor)),
      bigints(holds.map((hold) => hold.remainingMinor)),
      texts(holds.map((hold) => hold.state)),
      closedAt,
    ],
    'ledger-save-holds',
  )
}

export async function findExpiredHolds(sql: Sql, now: Date, limit: number): Promise<string[]> {
  const rows = await sql.rows<{ id: string }>(
    "SELECT id FROM ledger.holds WHERE state = 'open' AND expires_at <= $1 ORDER BY expires_at LIMIT $2",
    [now, limit],
  )
  return rows.map((row) => row.id)
}

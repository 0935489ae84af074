// All SQL on transfers: written once, set-based; never changed.
import { bigints, texts, times, uuids } from '#platform/arrays.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import type { Currency } from '#contract/money.ts'
import { lockOrder } from './accounts.sql.ts'
import type { AccountKind, PostedTransfer } from './ledger.ts'

/**
 * Writes transfers in order. Where the credited account was not locked before (`creditEntry` undefined), it is locked here,
 * in the order of ids after all others, and its entries are counted on from what stands there: a shop that half of all
 * payments go to is held by a batch only while it writes and commits. What the batch itself adds is counted here.
 */
export async function insertTransfers(
  tx: Transaction,
  transfers: readonly PostedTransfer[],
  recordedAt: Date,
): Promise<void> {
  const late = new Map<string, { addedMinor: bigint; entries: bigint }>()
  const credits = transfers.map((transfer) => {
    if (transfer.creditEntry !== undefined)
      return { balanceAfter: transfer.creditBalanceAfterMinor, entry: transfer.creditEntry }
    const counted = late.get(transfer.creditAccountId) ?? { addedMinor: 0n, entries: 0n }
    counted.addedMinor += transfer.amountMinor
    counted.entries++
    late.set(transfer.creditAccountId, counted)
    return { balanceAfter: counted.addedMinor, entry: counted.entries }
  })
  await tx.run(
    `${late.size > 0 ? lockLate : ''}
     INSERT INTO ledger.transfers (id, debit_account_id, credit_account_id, amount, currency, kind, reference, reversal_of, hold_id,
       debit_balance_after, debit_entry, credit_balance_after, credit_entry, effective_at, recorded_at)
     SELECT id, debit, credit, amount, currency, kind, reference, reversal_of, hold_id, debit_after, debit_entry,
       ${late.size > 0 ? countedOn : 'credit_after, credit_entry'}, effective_at, $15
     FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::uuid[],
       $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::timestamptz[]) WITH ORDINALITY
       AS t (id, debit, credit, amount, currency, kind, reference, reversal_of, hold_id,
         debit_after, debit_entry, credit_after, credit_entry, effective_at, place)
     ${late.size > 0 ? joinLate : ''}
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
      bigints(credits.map((credit) => credit.balanceAfter)),
      bigints(credits.map((credit) => credit.entry)),
      times(transfers.map((transfer) => transfer.effectiveAt ?? recordedAt)),
      recordedAt,
      ...(late.size > 0 ? [uuids([...late.keys()])] : []),
    ],
    late.size > 0 ? 'ledger-insert-transfers-late' : 'ledger-insert-transfers',
  )
}

const lockLate = `WITH late AS (
       SELECT id AS account_id, balance, entry_count FROM ledger.accounts WHERE id = ANY($16::uuid[])
       ORDER BY ${lockOrder} FOR NO KEY UPDATE
     )`
const joinLate = 'LEFT JOIN late ON late.account_id = t.credit'
const countedOn = 'credit_after + coalesce(balance, 0), credit_entry + coalesce(entry_count, 0)'

export interface TransferRow {
  /** The place in the ledger's order. */
  sequence: bigint
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

/** In ledger order above a sequence: by index alone, however many transfers a reference has. */
export async function readTransfersByReference(
  sql: Sql,
  reference: string,
  after: bigint,
  limit: number,
): Promise<TransferRow[]> {
  return sql.rows<TransferRow>(
    'SELECT * FROM ledger.transfers WHERE reference = $1 AND sequence > $2 ORDER BY sequence LIMIT $3',
    [reference, after, limit],
  )
}

/** Posted together or not at all: which, and in which order. */
export async function insertLinks(
  tx: Transaction,
  links: readonly { linkId: string; transferIds: readonly string[] }[],
): Promise<void> {
  const rows = links.flatMap(({ linkId, transferIds }) =>
    transferIds.map((transferId, index) => ({ linkId, transferId, place: BigInt(index + 1) })),
  )
  await tx.run(
    `INSERT INTO ledger.links (transfer_id, link_id, place) SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[])`,
    [
      uuids(rows.map((row) => row.transferId)),
      uuids(rows.map((row) => row.linkId)),
      bigints(rows.map((row) => row.place)),
    ],
    'ledger-insert-links',
  )
}

export async function readLinked(sql: Sql, linkId: string): Promise<TransferRow[]> {
  return sql.rows<TransferRow>(
    `SELECT transfer.* FROM ledger.links AS link JOIN ledger.transfers AS transfer ON transfer.id = link.transfer_id
     WHERE link.link_id = $1 ORDER BY link.place`,
    [linkId],
  )
}

const changesAtOnce = 8192n

/**
 * Committed transfers in ledger order above `after`, and up to where they are whole: never above the last seal, since below
 * it nothing can appear any more.
 */
export async function readChanges(
  sql: Sql,
  after: bigint,
  limit: number,
): Promise<{ changes: ChangeRow[]; upTo: bigint }> {
  const { sealed } = await sql.one<{ sealed: bigint | null }>(
    'SELECT last_sequence AS sealed FROM ledger.seals ORDER BY number DESC LIMIT 1',
  )
  const end = sealed !== null && sealed < after + changesAtOnce ? sealed : after + changesAtOnce
  if (end <= after) return { changes: [], upTo: after }
  const changes = await sql.rows<ChangeRow>(
    'SELECT * FROM ledger.transfers WHERE sequence > $1 AND sequence <= $2 ORDER BY sequence LIMIT $3',
    [after, end, limit],
  )
  return { changes, upTo: changes.length === limit ? changes.at(-1)!.sequence : end }
}

export interface ChangeRow extends TransferRow {
  hold_id: string | null
  debit_balance_after: bigint
  debit_entry: bigint
  credit_balance_after: bigint
  credit_entry: bigint
}

export interface TrialBalanceRow {
  currency: Currency
  kind: AccountKind
  accounts: bigint
  balance: bigint
  held: bigint
}

export async function readTrialBalance(sql: Sql): Promise<TrialBalanceRow[]> {
  const rows = await sql.rows<Omit<TrialBalanceRow, 'balance' | 'held'> & { balance: string; held: string }>(
    `SELECT currency, kind, count(*) AS accounts, sum(balance)::text AS balance, sum(held)::text AS held
     FROM ledger.accounts GROUP BY currency, kind ORDER BY currency, kind`,
  )
  // Each balance fits int8, their sum need not.
  return rows.map((row) => ({ ...row, balance: BigInt(row.balance), held: BigInt(row.held) }))
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

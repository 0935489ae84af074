// All SQL of the seals. Nothing here locks a transfer or an account, or makes a writer wait.
import type { Sql, Transaction } from '#platform/db.ts'
import type { Seal, SealedParts, SealedTransfer, SealForm } from './seal-hash.ts'
import { microseconds } from './seal-parts.sql.ts'

export type StoredSeal = Seal & { hash: Buffer }

interface SealRow {
  /** Not there in a copy from before the third form, null for the seals from then. */
  form?: SealForm | null
  number: bigint
  last_sequence: bigint
  transfers: bigint
  total: bigint
  root: Buffer
  hash: Buffer
  sealed_at: Date
  links: bigint | null
  links_root: Buffer | null
  last_event: bigint | null
  events: bigint | null
  events_root: Buffer | null
  last_batch: bigint | null
  keys: bigint | null
  keys_root: Buffer | null
}

/** A seal of the first form has none of them. One that has lost only some is no longer what was hashed, which the verifier finds. */
function toParts(row: SealRow): SealedParts | undefined {
  if (row.links_root == null || row.events_root == null || row.keys_root == null) return undefined
  return {
    links: { count: row.links ?? 0n, root: row.links_root },
    events: { last: row.last_event ?? 0n, count: row.events ?? 0n, root: row.events_root },
    keys: { last: row.last_batch ?? 0n, count: row.keys ?? 0n, root: row.keys_root },
  }
}

/** What a row says of its form is hashed too, so a form that was changed is found like any other figure. */
const toSeal = (row: SealRow, parts = toParts(row)): StoredSeal => ({
  form: parts === undefined ? 1 : (row.form ?? 2),
  number: row.number,
  lastSequence: row.last_sequence,
  transfers: row.transfers,
  total: row.total,
  root: row.root,
  hash: row.hash,
  parts,
  sealedAt: row.sealed_at,
})

/** One sealer at a time, by the lock on seal 0; false when another has it. */
export async function takeTurn(tx: Transaction): Promise<boolean> {
  return (
    (await tx.maybe('SELECT number FROM ledger.seals WHERE number = 0 FOR UPDATE SKIP LOCKED')) !== undefined
  )
}

/** The newest seal; undefined only in a database where even the first was deleted. */
export async function readLastSeal(sql: Sql): Promise<StoredSeal | undefined> {
  const row = await sql.maybe<SealRow>('SELECT * FROM ledger.seals ORDER BY number DESC LIMIT 1')
  return row && toSeal(row)
}

export async function readSealsFrom(sql: Sql, number: bigint, limit: number): Promise<StoredSeal[]> {
  const rows = await sql.rows<SealRow>(
    'SELECT * FROM ledger.seals WHERE number >= $1 ORDER BY number LIMIT $2',
    [number, limit],
  )
  return rows.map((row) => toSeal(row))
}

export async function insertSeal(tx: Transaction, seal: StoredSeal): Promise<void> {
  const { links, events, keys } = seal.parts ?? {}
  await tx.run(
    `INSERT INTO ledger.seals (number, last_sequence, transfers, total, root, hash, sealed_at,
       links, links_root, last_event, events, events_root, last_batch, keys, keys_root, form)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
    [
      seal.number,
      seal.lastSequence,
      seal.transfers,
      seal.total,
      seal.root,
      seal.hash,
      seal.sealedAt,
      links?.count,
      links?.root,
      events?.last,
      events?.count,
      events?.root,
      keys?.last,
      keys?.count,
      keys?.root,
      seal.form,
    ],
  )
}

/** False in a copy of a version that sealed nothing but transfers. */
export async function hasParts(sql: Sql): Promise<boolean> {
  const { there } = await sql.one<{ there: boolean }>(
    `SELECT to_regclass('ledger.events') IS NOT NULL AND to_regclass('ledger.key_batches') IS NOT NULL AS there`,
  )
  return there
}

/** Within a transaction: ranges are read through their indexes, or whole tables again as the server thinks best. */
export async function preferIndexes(sql: Sql, yes: boolean): Promise<void> {
  const way = yes ? 'off' : 'on'
  await sql.rows(
    `SELECT set_config('enable_seqscan', $1, true), set_config('enable_hashjoin', $1, true), set_config('enable_mergejoin', $1, true)`,
    [way],
  )
}

/** The highest numbers that any transaction was ever given, committed or not. 0 when none was. */
export interface Given {
  transfers: bigint
  events: bigint
  keys: bigint
}

export function readGiven(sql: Sql): Promise<Given> {
  return sql.one<Given>(
    `SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('ledger.transfers', 'sequence')::regclass), 0) AS transfers,
       coalesce(pg_sequence_last_value(pg_get_serial_sequence('ledger.events', 'sequence')::regclass), 0) AS events,
       coalesce(pg_sequence_last_value('ledger.key_batches'), 0) AS keys`,
  )
}

const writers = `SELECT DISTINCT virtualtransaction FROM pg_locks
  WHERE locktype = 'relation' AND relation IN ('ledger.transfers'::regclass, 'ledger.events'::regclass, 'ledger.idempotency'::regclass)
    AND mode = 'RowExclusiveLock' AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`

/** Transactions that write what is sealed: whoever inserts holds this lock from before its first number until its end. */
export async function readWriters(sql: Sql): Promise<string[]> {
  const rows = await sql.rows<{ virtualtransaction: string }>(writers)
  return rows.map((row) => row.virtualtransaction)
}

/** Which of them still run. A prepared transaction gives up its name but not its lock: any of those counts. */
export async function readStillWriting(sql: Sql, transactions: readonly string[]): Promise<string[]> {
  const rows = await sql.rows<{ virtualtransaction: string }>(
    `${writers} AND (virtualtransaction = ANY($1) OR virtualtransaction LIKE '-1/%')`,
    [transactions],
  )
  return rows.map((row) => row.virtualtransaction)
}

/** Only for an account's first entry: who it belongs to. */
export const opens = (side: 'debit' | 'credit') =>
  `CASE WHEN ${side}_entry = 1 THEN (SELECT concat(account.kind, '/', account.owner_id, '/', account.currency)
     FROM ledger.accounts AS account WHERE account.id = ${side}_account_id) END`

// The same bytes as transferRecord in seal-record.ts; seal.test.ts compares both. Every column has one of PostgreSQL's own types,
// for its number is hashed too. Texts are sent as UTF-8: it is what the driver asks of the server.
const leaf = `sha256(record_send(ROW(sequence, id, debit_account_id, credit_account_id, amount, reversal_of, hold_id,
  debit_balance_after, debit_entry, credit_balance_after, credit_entry, effective_at, recorded_at,
  currency::text, kind::text, reference::text, ${opens('debit')}, ${opens('credit')})))`

/** Count and leaves, of the third form, of the transfers above `after` up to `upTo`, in ledger order. */
export async function readLeaves(
  sql: Sql,
  after: bigint,
  upTo: bigint,
): Promise<{ count: bigint; leaves: Buffer }> {
  const { count, leaves } = await sql.one<{ count: bigint; leaves: Buffer | null }>(
    `SELECT count(*) AS count, string_agg(leaf, ''::bytea ORDER BY sequence) AS leaves
     FROM (SELECT sequence, ${leaf} AS leaf FROM ledger.transfers WHERE sequence > $1 AND sequence <= $2) AS stripe`,
    [after, upTo],
  )
  return { count, leaves: leaves ?? Buffer.alloc(0) }
}

/** The first sequence above `after` that a transfer has, or undefined. */
export async function readNextSequence(sql: Sql, after: bigint, upTo: bigint): Promise<bigint | undefined> {
  const { next } = await sql.one<{ next: bigint | null }>(
    'SELECT min(sequence) AS next FROM ledger.transfers WHERE sequence > $1 AND sequence <= $2',
    [after, upTo],
  )
  return next ?? undefined
}

/** Transfers above `after` up to `upTo` in ledger order, as texts and with nothing left out: what the verifier hashes by itself. */
export function readSealedTransfers(sql: Sql, after: bigint, upTo: bigint): Promise<SealedTransfer[]> {
  return sql.rows<SealedTransfer>(
    `SELECT sequence::text, id::text, debit_account_id::text AS "debitAccountId", credit_account_id::text AS "creditAccountId",
       amount::text, currency, kind, reference, reversal_of::text AS "reversalOf", hold_id::text AS "holdId",
       debit_balance_after::text AS "debitBalanceAfter", debit_entry::text AS "debitEntry",
       credit_balance_after::text AS "creditBalanceAfter", credit_entry::text AS "creditEntry",
       ${microseconds('effective_at')}::text AS "effectiveAtMicroseconds", ${microseconds('recorded_at')}::text AS "recordedAtMicroseconds",
       ${opens('debit')} AS "debitOpens", ${opens('credit')} AS "creditOpens"
     FROM ledger.transfers WHERE sequence > $1 AND sequence <= $2 ORDER BY ledger.transfers.sequence`,
    [after, upTo],
  )
}

/** What every account says of itself, by id, in pages. */
export function readAccountsAfter(
  sql: Sql,
  after: string,
  limit: number,
): Promise<{ id: string; currency: string; balance: bigint; entries: bigint }[]> {
  return sql.rows(
    `SELECT id, currency, balance, entry_count AS entries FROM ledger.accounts WHERE id > $1 ORDER BY id LIMIT $2`,
    [after, limit],
  )
}

export interface SummarizedIndex {
  index: string
  table: string
}
/** As these indexes were made. */
export const pagesPerRange = 32n

/**
 * Summarizes ranges from the page `from` on (undefined: the last `most`), `most` at once, and not the newest, which still fills.
 * Answers which pages are done. Never waits for a lock for longer than some milliseconds.
 */
export async function summarizeRanges(
  tx: Transaction,
  { index, table }: SummarizedIndex,
  from: bigint | undefined,
  most: number,
): Promise<{ from: bigint; upTo: bigint }> {
  await tx.run(`SET LOCAL lock_timeout = '5ms'`)
  const { pages } = await tx.one<{ pages: bigint }>(
    `SELECT pg_relation_size($1::regclass) / current_setting('block_size')::bigint AS pages`,
    [table],
  )
  const full = (pages / pagesPerRange - 1n) * pagesPerRange
  const length = BigInt(most) * pagesPerRange
  const first = from ?? (full > length ? full - length : 0n)
  const upTo = full < first + length ? full : first + length
  if (upTo > first)
    await tx.rows(
      'SELECT brin_summarize_range($1::regclass, page) FROM generate_series($2::bigint, $3::bigint - 1, $4::bigint) AS page',
      [index, first, upTo, pagesPerRange],
    )
  return { from: first, upTo }
}

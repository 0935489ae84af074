// All SQL of the seals. Nothing here locks a transfer or an account, or makes a writer wait.
import type { Sql, Transaction } from '#platform/db.ts'
import type { Seal, SealedTransfer } from './seal-hash.ts'

export type StoredSeal = Seal & { hash: Buffer }

interface SealRow {
  number: bigint
  last_sequence: bigint
  transfers: bigint
  total: bigint
  root: Buffer
  hash: Buffer
  sealed_at: Date
}

const toSeal = (row: SealRow): StoredSeal => ({
  number: row.number,
  lastSequence: row.last_sequence,
  transfers: row.transfers,
  total: row.total,
  root: row.root,
  hash: row.hash,
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
  return rows.map(toSeal)
}

export async function insertSeal(tx: Transaction, seal: StoredSeal): Promise<void> {
  await tx.run(
    `INSERT INTO ledger.seals (number, last_sequence, transfers, total, root, hash, sealed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [seal.number, seal.lastSequence, seal.transfers, seal.total, seal.root, seal.hash, seal.sealedAt],
  )
}

/** The highest sequence that any transaction was ever given, committed or not. 0 when none was. */
export async function readGivenSequence(sql: Sql): Promise<bigint> {
  const { last } = await sql.one<{ last: bigint | null }>(
    "SELECT pg_sequence_last_value(pg_get_serial_sequence('ledger.transfers', 'sequence')::regclass) AS last",
  )
  return last ?? 0n
}

const writers = `SELECT DISTINCT virtualtransaction FROM pg_locks
  WHERE locktype = 'relation' AND relation = 'ledger.transfers'::regclass AND mode = 'RowExclusiveLock' AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`

/** Transactions that write transfers now: whoever inserts holds this lock from before its first sequence until its end. */
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

const microseconds = (column: string) => `(extract(epoch FROM ${column}) * 1000000)::bigint`
const withLength = (column: string) => `octet_length(${column}), ':', ${column}`
/** Only for an account's first entry: who it belongs to. */
const opens = (side: 'debit' | 'credit') =>
  `CASE WHEN ${side}_entry = 1 THEN (SELECT concat(account.kind, '/', account.owner_id, '/', account.currency)
     FROM ledger.accounts AS account WHERE account.id = ${side}_account_id) END`

// The same bytes as transferText in seal-hash.ts; seal.test.ts compares both.
const text = `concat(sequence, '|', id, '|', debit_account_id, '|', credit_account_id, '|', amount, '|', reversal_of, '|', hold_id,
  '|', debit_balance_after, '|', debit_entry, '|', credit_balance_after, '|', credit_entry,
  '|', ${microseconds('effective_at')}, '|', ${microseconds('recorded_at')},
  '|', ${withLength('currency')}, '|', ${withLength('kind')}, '|', ${withLength('reference')},
  '|', ${opens('debit')}, '|', ${opens('credit')})`
const leaf = `sha256('\\x00'::bytea || convert_to(${text}, 'UTF8'))`

/** Count and leaves of the transfers above `after` up to `upTo`, in ledger order. */
export async function readLeaves(
  sql: Sql,
  after: bigint,
  upTo: bigint,
): Promise<{ transfers: bigint; leaves: Buffer }> {
  const { transfers, leaves } = await sql.one<{ transfers: bigint; leaves: Buffer | null }>(
    `SELECT count(*) AS transfers, string_agg(leaf, ''::bytea ORDER BY sequence) AS leaves
     FROM (SELECT sequence, ${leaf} AS leaf FROM ledger.transfers WHERE sequence > $1 AND sequence <= $2) AS stripe`,
    [after, upTo],
  )
  return { transfers, leaves: leaves ?? Buffer.alloc(0) }
}

/** The first sequence above `after` that a transfer has, or undefined. */
export async function readNextSequence(sql: Sql, after: bigint, upTo: bigint): Promise<bigint | undefined> {
  const { next } = await sql.one<{ next: bigint | null }>(
    'SELECT min(sequence) AS next FROM ledger.transfers WHERE sequence > $1 AND sequence <= $2',
    [after, upTo],
  )
  return next ?? undefined
}

/** Transfers above `after` up to `upTo` in ledger order, as texts and with nothing left out: what the verifier hashes itself. */
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

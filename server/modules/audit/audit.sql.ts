// All SQL of the audit record. Entries are only ever added.
import { texts, times } from '#platform/arrays.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import type { AuditEntry } from './audit.ts'
import { canonicalOf, contentHash, type StoredEntry } from './chain.ts'

/** Adds entries as one batch and queues it for the chain, as one statement. */
export async function saveEntries(tx: Transaction, entries: readonly AuditEntry[]): Promise<void> {
  await tx.run(
    `WITH added AS (
       INSERT INTO audit.batches (entries, content_hash) VALUES ($8, $9) RETURNING batch
     ), queued AS (
       INSERT INTO audit.unsealed SELECT batch FROM added
     )
     INSERT INTO audit.entries (batch, ordinal, who_kind, who_id, action, resource_kind, resource_id, detail, at)
     SELECT batch, ordinal, who_kind, who_id, action, resource_kind, resource_id, detail::jsonb, at
     FROM added, unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
       WITH ORDINALITY AS e (who_kind, who_id, action, resource_kind, resource_id, detail, at, ordinal)`,
    [
      texts(entries.map((entry) => entry.who.kind)),
      texts(entries.map((entry) => entry.who.id)),
      texts(entries.map((entry) => entry.action)),
      texts(entries.map((entry) => entry.resource.kind)),
      texts(entries.map((entry) => entry.resource.id)),
      texts(entries.map((entry) => JSON.stringify(entry.detail ?? {}))),
      times(entries.map((entry) => entry.at)),
      entries.length,
      contentHash(entries.map(canonicalOf)),
    ],
    'audit-save-entries',
  )
}

const columns = 'batch, ordinal, who_kind, who_id, action, resource_kind, resource_id, detail, at'

/** The end of the chain, locked: one sealer at a time. */
export function lockHead(tx: Transaction): Promise<{ sequence: bigint; hash: Buffer }> {
  return tx.one('SELECT sequence, hash FROM audit.chain_head FOR UPDATE')
}

export interface UnsealedBatch {
  batch: bigint
  entries: number
  content_hash: Buffer
}

/** Takes batches out of the queue, oldest first. */
export async function takeUnsealed(tx: Transaction, limit: number): Promise<UnsealedBatch[]> {
  const rows = await tx.rows<UnsealedBatch>(
    `WITH taken AS (
       DELETE FROM audit.unsealed WHERE ctid = ANY (ARRAY(SELECT ctid FROM audit.unsealed ORDER BY batch LIMIT $1))
       RETURNING batch
     )
     SELECT batch, entries, content_hash FROM taken JOIN audit.batches USING (batch) ORDER BY batch`,
    [limit],
  )
  return rows
}

export interface Seal {
  sequence: bigint
  batch: bigint
  hash: Buffer
  mac: Buffer
}

export async function saveSeals(tx: Transaction, seals: readonly Seal[]): Promise<void> {
  const last = seals.at(-1)
  if (!last) return
  await tx.run(
    `INSERT INTO audit.seals (sequence, batch, hash, mac)
     SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bytea[])`,
    [
      seals.map((seal) => seal.sequence),
      seals.map((seal) => seal.batch),
      seals.map((seal) => seal.hash),
      seals.map((seal) => seal.mac),
    ],
  )
  await tx.run('UPDATE audit.chain_head SET sequence = $1, hash = $2', [last.sequence, last.hash])
}

export interface SealedBatch {
  sequence: bigint
  batch: bigint
  hash: Buffer
  mac: Buffer
  /** NULL when the batch is gone. */
  entries: number | null
}

/** A stretch of the chain, in order. */
export function sealsAfter(sql: Sql, sequence: bigint, limit: number): Promise<SealedBatch[]> {
  return sql.rows(
    `SELECT seal.sequence, seal.batch, seal.hash, seal.mac, recorded.entries
     FROM audit.seals AS seal LEFT JOIN audit.batches AS recorded ON recorded.batch = seal.batch
     WHERE seal.sequence > $1 ORDER BY seal.sequence LIMIT $2`,
    [sequence, limit],
  )
}

export function entriesOfBatches(sql: Sql, batches: readonly bigint[]): Promise<StoredEntry[]> {
  return sql.rows(`SELECT ${columns} FROM audit.entries WHERE batch = ANY($1) ORDER BY batch, ordinal`, [
    batches,
  ])
}

/** Entries that wait for the sealer, and batches that are neither sealed nor waiting: those were slipped in or cut loose. */
export async function outsideChain(sql: Sql): Promise<{ waiting: bigint; firstLoose: bigint | null }> {
  return sql.one(
    `SELECT (SELECT coalesce(sum(entries), 0)::bigint FROM audit.unsealed JOIN audit.batches USING (batch)) AS waiting,
            (SELECT min(entry.batch) FROM audit.entries AS entry
             WHERE NOT EXISTS (SELECT FROM audit.seals AS seal WHERE seal.batch = entry.batch)
               AND NOT EXISTS (SELECT FROM audit.unsealed WHERE batch = entry.batch)) AS "firstLoose"`,
  )
}

export function readHead(sql: Sql): Promise<{ sequence: bigint; hash: Buffer }> {
  return sql.one('SELECT sequence, hash FROM audit.chain_head')
}

/** Entries about one resource, newest first. */
export function entriesAbout(sql: Sql, kind: string, id: string, limit: number): Promise<StoredEntry[]> {
  return sql.rows(
    `SELECT ${columns} FROM audit.entries WHERE resource_kind = $1 AND resource_id = $2
     ORDER BY batch DESC, ordinal DESC LIMIT $3`,
    [kind, id, limit],
  )
}

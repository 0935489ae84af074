// All SQL of the audit record. Entries are only ever added.
import type { Sql, Transaction } from '#platform/db.ts'
import type { AuditEntry } from './audit.ts'
import type { StoredEntry } from './chain.ts'

/** Adds entries and queues them for the chain, as one statement. */
export async function saveEntries(tx: Transaction, entries: readonly AuditEntry[]): Promise<void> {
  await tx.run(
    `WITH saved AS (
       INSERT INTO audit.entries (who_kind, who_id, action, resource_kind, resource_id, detail, at)
       SELECT who_kind, who_id, action, resource_kind, resource_id, detail::jsonb, at
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
         AS e (who_kind, who_id, action, resource_kind, resource_id, detail, at)
       RETURNING id
     )
     INSERT INTO audit.unsealed SELECT id FROM saved`,
    [
      entries.map((entry) => entry.who.kind),
      entries.map((entry) => entry.who.id ?? null),
      entries.map((entry) => entry.action),
      entries.map((entry) => entry.resource.kind),
      entries.map((entry) => entry.resource.id ?? null),
      entries.map((entry) => JSON.stringify(entry.detail ?? {})),
      entries.map((entry) => entry.at),
    ],
    'audit-save-entries',
  )
}

const columns = 'id, who_kind, who_id, action, resource_kind, resource_id, detail, at'

/** The end of the chain, locked: one sealer at a time. */
export function lockHead(tx: Transaction): Promise<{ sequence: bigint; hash: Buffer }> {
  return tx.one('SELECT sequence, hash FROM audit.chain_head FOR UPDATE')
}

/** Takes entries out of the queue, oldest first. */
export async function takeUnsealed(tx: Transaction, limit: number): Promise<StoredEntry[]> {
  const taken = await tx.rows<{ entry_id: bigint }>(
    `DELETE FROM audit.unsealed WHERE ctid = ANY (ARRAY(SELECT ctid FROM audit.unsealed ORDER BY entry_id LIMIT $1))
     RETURNING entry_id`,
    [limit],
  )
  if (taken.length === 0) return []
  return tx.rows<StoredEntry>(`SELECT ${columns} FROM audit.entries WHERE id = ANY($1) ORDER BY id`, [
    taken.map((row) => row.entry_id),
  ])
}

export interface Seal {
  sequence: bigint
  entryId: bigint
  hash: Buffer
  mac: Buffer
}

export async function saveSeals(tx: Transaction, seals: readonly Seal[]): Promise<void> {
  const last = seals.at(-1)
  if (!last) return
  await tx.run(
    `INSERT INTO audit.seals (sequence, entry_id, hash, mac)
     SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bytea[])`,
    [
      seals.map((seal) => seal.sequence),
      seals.map((seal) => seal.entryId),
      seals.map((seal) => seal.hash),
      seals.map((seal) => seal.mac),
    ],
  )
  await tx.run('UPDATE audit.chain_head SET sequence = $1, hash = $2', [last.sequence, last.hash])
}

export interface SealedRow {
  sequence: bigint
  entry_id: bigint
  hash: Buffer
  mac: Buffer
  /** NULL when the entry is gone. */
  id: bigint | null
}

/** A stretch of the chain with its entries, in order. */
export function sealsAfter(sql: Sql, sequence: bigint, limit: number): Promise<(SealedRow & StoredEntry)[]> {
  return sql.rows(
    `SELECT seal.sequence, seal.entry_id, seal.hash, seal.mac, ${columns}
     FROM audit.seals AS seal LEFT JOIN audit.entries AS entry ON entry.id = seal.entry_id
     WHERE seal.sequence > $1 ORDER BY seal.sequence LIMIT $2`,
    [sequence, limit],
  )
}

/** How many entries wait for the sealer, and how many are neither sealed nor waiting: those were slipped in or cut loose. */
export async function outsideChain(
  sql: Sql,
): Promise<{ waiting: bigint; loose: bigint; firstLoose: bigint | null }> {
  return sql.one(
    `SELECT (SELECT count(*) FROM audit.unsealed) AS waiting, count(*) AS loose, min(entry.id) AS "firstLoose"
     FROM audit.entries AS entry
     WHERE NOT EXISTS (SELECT FROM audit.seals AS seal WHERE seal.entry_id = entry.id)
       AND NOT EXISTS (SELECT FROM audit.unsealed WHERE entry_id = entry.id)`,
  )
}

export function readHead(sql: Sql): Promise<{ sequence: bigint; hash: Buffer }> {
  return sql.one('SELECT sequence, hash FROM audit.chain_head')
}

/** Entries about one resource, newest first. */
export function entriesAbout(sql: Sql, kind: string, id: string, limit: number): Promise<StoredEntry[]> {
  return sql.rows(
    `SELECT ${columns} FROM audit.entries WHERE resource_kind = $1 AND resource_id = $2 ORDER BY id DESC LIMIT $3`,
    [kind, id, limit],
  )
}

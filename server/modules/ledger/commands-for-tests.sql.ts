// For tests and measurements: the table of keys that the measured command layer keeps: the first answer of each key, for ever.
import { byteas, texts, uuids } from '#platform/arrays.ts'
import type { Sql, Transaction } from '#platform/db.ts'

export async function createKeys(sql: Sql): Promise<void> {
  await sql.run('CREATE SCHEMA IF NOT EXISTS bench')
  await sql.run(
    `CREATE TABLE IF NOT EXISTS bench.keys (
       owner_id uuid NOT NULL, key uuid NOT NULL, body_hash bytea NOT NULL, outcome text NOT NULL, PRIMARY KEY (owner_id, key))`,
  )
}

export interface KeyRow {
  key: string
  body_hash: Buffer
  outcome: string
}

export function readKeys(
  tx: Transaction,
  owners: readonly string[],
  keys: readonly string[],
): Promise<KeyRow[]> {
  return tx.rows<KeyRow>(
    `SELECT key, body_hash, outcome FROM unnest($1::uuid[], $2::uuid[]) AS asked (owner_id, key) JOIN bench.keys USING (owner_id, key)`,
    [uuids(owners), uuids(keys)],
    'bench-read-keys',
  )
}

export async function insertKeys(
  tx: Transaction,
  rows: readonly { ownerId: string; key: string; bodyHash: Buffer; outcome: string }[],
): Promise<void> {
  if (rows.length === 0) return
  await tx.run(
    `INSERT INTO bench.keys (owner_id, key, body_hash, outcome) SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::text[])`,
    [
      uuids(rows.map((row) => row.ownerId)),
      uuids(rows.map((row) => row.key)),
      byteas(rows.map((row) => row.bodyHash)),
      texts(rows.map((row) => row.outcome)),
    ],
    'bench-insert-keys',
  )
}

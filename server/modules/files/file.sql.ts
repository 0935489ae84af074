// All SQL on files. Their bytes stand apart: nothing reads them but who shows or proves them.
import type { MediaType } from '#contract/files.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import type { StoredFile } from './file.ts'

interface FileRow {
  id: string
  customer_id: string
  media_type: MediaType
  byte_length: number
  width: number | null
  height: number | null
  content_hash: Buffer
  added_at: Date
  linked_at: Date | null
}

const columns =
  'file.id, file.customer_id, file.media_type, file.byte_length, file.width, file.height, file.content_hash, file.added_at, file.linked_at'

const toFile = (row: FileRow): StoredFile => ({
  id: row.id,
  customerId: row.customer_id,
  mediaType: row.media_type,
  byteLength: row.byte_length,
  width: row.width ?? undefined,
  height: row.height ?? undefined,
  contentHash: row.content_hash,
  addedAt: row.added_at,
  linkedAt: row.linked_at ?? undefined,
})

export interface NewFile extends Omit<StoredFile, 'linkedAt'> {
  uploadKey: string
  sourceHash: Buffer
}

/** False when this customer's key has brought a file before. */
export async function insertFile(tx: Transaction, file: NewFile): Promise<boolean> {
  const count = await tx.run(
    `INSERT INTO files.files (id, customer_id, upload_key, source_hash, content_hash, media_type, byte_length, width, height, added_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT ON CONSTRAINT files_once DO NOTHING`,
    [
      file.id,
      file.customerId,
      file.uploadKey,
      file.sourceHash,
      file.contentHash,
      file.mediaType,
      file.byteLength,
      file.width ?? null,
      file.height ?? null,
      file.addedAt,
    ],
  )
  return count === 1
}

export async function insertContent(tx: Transaction, fileId: string, content: Buffer): Promise<void> {
  await tx.run('INSERT INTO files.contents (file_id, content) VALUES ($1, $2)', [fileId, content])
}

export async function readUploaded(
  sql: Sql,
  customerId: string,
  uploadKey: string,
): Promise<{ file: StoredFile; sourceHash: Buffer } | undefined> {
  const row = await sql.maybe<FileRow & { source_hash: Buffer }>(
    `SELECT ${columns}, file.source_hash FROM files.files AS file WHERE file.customer_id = $1 AND file.upload_key = $2`,
    [customerId, uploadKey],
  )
  return row && { file: toFile(row), sourceHash: row.source_hash }
}

/** Locked until the commit: nobody removes them meanwhile. In one order. */
export async function lockFiles(tx: Transaction, ids: readonly string[]): Promise<StoredFile[]> {
  const rows = await tx.rows<FileRow>(
    `SELECT ${columns} FROM files.files AS file WHERE file.id = ANY($1::uuid[]) ORDER BY file.id FOR UPDATE`,
    [ids],
  )
  return rows.map(toFile)
}

/** Answers the ids that the subject did not hold before. */
export async function insertLinks(
  tx: Transaction,
  subject: string,
  ids: readonly string[],
  now: Date,
): Promise<string[]> {
  const rows = await tx.rows<{ file_id: string }>(
    `INSERT INTO files.links (file_id, subject, linked_at) SELECT id, $2, $3 FROM unnest($1::uuid[]) AS linked (id)
     ON CONFLICT DO NOTHING RETURNING file_id`,
    [ids, subject, now],
  )
  await tx.run('UPDATE files.files SET linked_at = $2 WHERE id = ANY($1::uuid[]) AND linked_at IS NULL', [
    ids,
    now,
  ])
  return rows.map((row) => row.file_id)
}

/** Which files each subject holds, in the order in which they were added. */
export async function readLinked(
  sql: Sql,
  subjects: readonly string[],
): Promise<{ subject: string; file: StoredFile }[]> {
  const rows = await sql.rows<FileRow & { subject: string }>(
    `SELECT ${columns}, link.subject FROM files.links AS link JOIN files.files AS file ON file.id = link.file_id
     WHERE link.subject = ANY($1::text[]) ORDER BY file.added_at, file.id`,
    [subjects],
  )
  return rows.map((row) => ({ subject: row.subject, file: toFile(row) }))
}

/** SHA-256 of what a subject's files hold now: of the bytes themselves, not of what was noted when they came. */
export async function hashContents(sql: Sql, subject: string): Promise<string[]> {
  const rows = await sql.rows<{ hash: string }>(
    `SELECT encode(sha256(content.content), 'hex') AS hash
     FROM files.links AS link LEFT JOIN files.contents AS content ON content.file_id = link.file_id
     WHERE link.subject = $1 ORDER BY hash`,
    [subject],
  )
  return rows.map((row) => row.hash ?? 'missing')
}

export async function readFile(
  sql: Sql,
  id: string,
): Promise<{ file: StoredFile; content: Buffer } | undefined> {
  const row = await sql.maybe<FileRow & { content: Buffer }>(
    `SELECT ${columns}, content.content FROM files.files AS file JOIN files.contents AS content ON content.file_id = file.id
     WHERE file.id = $1`,
    [id],
  )
  return row && { file: toFile(row), content: row.content }
}

export async function readOwner(sql: Sql, id: string): Promise<string | undefined> {
  return (await sql.maybe<{ customer_id: string }>('SELECT customer_id FROM files.files WHERE id = $1', [id]))
    ?.customer_id
}

/** Only what nothing holds. */
export async function deleteUnlinked(tx: Transaction, customerId: string, id: string): Promise<boolean> {
  return (
    (await tx.run('DELETE FROM files.files WHERE id = $1 AND customer_id = $2 AND linked_at IS NULL', [
      id,
      customerId,
    ])) === 1
  )
}

export async function deleteOldUnlinked(
  tx: Transaction,
  before: Date,
  limit: number,
): Promise<{ id: string; customerId: string }[]> {
  const rows = await tx.rows<{ id: string; customer_id: string }>(
    `DELETE FROM files.files WHERE id IN (
       SELECT id FROM files.files WHERE linked_at IS NULL AND added_at <= $1 ORDER BY added_at LIMIT $2 FOR UPDATE SKIP LOCKED)
     RETURNING id, customer_id`,
    [before, limit],
  )
  return rows.map((row) => ({ id: row.id, customerId: row.customer_id }))
}

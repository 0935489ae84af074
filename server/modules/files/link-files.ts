// What holds a file: a conversation, a refund. Linked in the commit of what it belongs to, only by whose it is; from then on it
// stays. Another customer's file looks like none at all (R2).
import type { Attachment } from '#contract/files.ts'
import type { Transaction } from '#platform/db.ts'
import { Refusal } from '#platform/refusal.ts'
import type { Audit, AuditEntry } from '#modules/audit/index.ts'
import { attachmentOf } from './file.ts'
import * as store from './file.sql.ts'

export interface Linking {
  /** Whose files they must be. */
  customerId: string
  who: AuditEntry['who']
  /** A conversation's id or a refund's reference. */
  subject: string
  fileIds: readonly string[]
  /** How many the subject may hold in all. */
  most: number
  /** Staff may use only what this subject holds already: the conversation of their case. */
  onlyOf?: string | undefined
}

/** Throws file_missing, file_limit, and then nothing was written. */
export async function linkFiles(
  tx: Transaction,
  audit: Pick<Audit, 'record'>,
  linking: Linking,
  now: Date,
): Promise<Attachment[]> {
  const { customerId, subject, most } = linking
  const ids = [...new Set(linking.fileIds)]
  const files = new Map((await store.lockFiles(tx, ids)).map((file) => [file.id, file]))
  const held = await store.readLinked(tx, [subject, ...(linking.onlyOf ? [linking.onlyOf] : [])])
  const holds = (holder: string, id: string) =>
    held.some((link) => link.subject === holder && link.file.id === id)
  const isTheirs = (id: string) =>
    files.get(id)?.customerId === customerId && (linking.onlyOf === undefined || holds(linking.onlyOf, id))
  if (!ids.every(isTheirs)) throw new Refusal('file_missing')
  const fresh = ids.filter((id) => !holds(subject, id))
  if (held.filter((link) => link.subject === subject).length + fresh.length > most)
    throw new Refusal('file_limit', { maximum: most })
  await store.insertLinks(tx, subject, ids, now)
  await audit.record(
    tx,
    fresh.map((id) => ({
      who: linking.who,
      action: 'file.attached',
      resource: { kind: 'file', id },
      at: now,
      detail: { to: subject, contentHash: files.get(id)!.contentHash.toString('hex') },
    })),
  )
  return ids.map((id) => attachmentOf(files.get(id)!))
}

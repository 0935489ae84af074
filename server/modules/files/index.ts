// Files: pictures and documents of customers, kept whole in the database. Shown to whose they are, and by other rooms to staff
// with a reason. A file that something holds never changes and never goes.
import { fileLimits, type Attachment } from '#contract/files.ts'
import type { RequestWithHeaders } from '#platform/cookies.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import type { Face } from '#platform/http.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import type { Audit } from '#modules/audit/index.ts'
import { createFileAdder, type FileAdder } from './add-file.ts'
import { attachmentOf } from './file.ts'
import { fileRoutes } from './file.routes.ts'
import * as store from './file.sql.ts'
import { linkFiles, type Linking } from './link-files.ts'
import type { FileToSend } from './send-file.ts'

export type { Linking } from './link-files.ts'
export { fileAnswer, sendFile, type FileToSend } from './send-file.ts'

export interface Files extends FileAdder {
  customerRoutes(api: Face): void
  /** In the commit of what will hold them. Throws file_missing, file_limit; then nothing was written. */
  link(tx: Transaction, linking: Linking): Promise<Attachment[]>
  /** What each subject holds; a subject without files is missing. */
  heldBy(sql: Sql, subjects: readonly string[]): Promise<Map<string, Attachment[]>>
  /** SHA-256 of each file of a subject as its bytes are now, sorted: what an approval is bound to. */
  fingerprints(sql: Sql, subject: string): Promise<string[]>
  /** A file, when one of these subjects holds it. The caller has decided who may look, and recorded it. */
  readHeld(subjects: readonly string[], fileId: string): Promise<FileToSend | undefined>
  readOwn(customerId: string, fileId: string): Promise<FileToSend | undefined>
  /** Throws not_found, conflict when something holds it. */
  remove(customerId: string, fileId: string): Promise<void>
  /** Removes what was added more than a day ago and never sent; answers how many. The job calls it. */
  removeUnsent(): Promise<number>
}

const everyMs = 60_000
const batchSize = 100

export function createFiles(
  platform: Platform,
  needs: {
    audit: Pick<Audit, 'record'>
    /** Throws session_expired. */
    authenticateCustomer(request: RequestWithHeaders): Promise<{ customerId: string }>
  },
): Files {
  const { db, clock } = platform

  const removed = (
    tx: Transaction,
    ids: readonly string[],
    who: { kind: 'customer' | 'system'; id?: string },
  ) =>
    needs.audit.record(
      tx,
      ids.map((id) => ({
        who,
        action: 'file.removed',
        resource: { kind: 'file', id },
        at: clock.now(),
        detail: {},
      })),
    )

  async function read(fileId: string): Promise<(FileToSend & { customerId: string }) | undefined> {
    const found = await store.readFile(db.read, fileId)
    if (!found) return undefined
    const { mediaType, contentHash, customerId } = found.file
    return { mediaType, contentHash, customerId, content: found.content }
  }

  const files: Files = {
    ...createFileAdder(platform, needs.audit),
    customerRoutes: (api) => fileRoutes(api, files, needs.authenticateCustomer),
    link: (tx, linking) => linkFiles(tx, needs.audit, linking, clock.now()),
    async heldBy(sql, subjects) {
      const held = new Map<string, Attachment[]>()
      if (subjects.length === 0) return held
      for (const { subject, file } of await store.readLinked(sql, subjects))
        held.set(subject, [...(held.get(subject) ?? []), attachmentOf(file)])
      return held
    },
    fingerprints: store.hashContents,
    async readHeld(subjects, fileId) {
      const held = await store.readLinked(db.read, subjects)
      return held.some(({ file }) => file.id === fileId) ? read(fileId) : undefined
    },
    async readOwn(customerId, fileId) {
      // Whose it is first: the bytes of others are not even read.
      if ((await store.readOwner(db.read, fileId)) !== customerId) return undefined
      return read(fileId)
    },
    async remove(customerId, fileId) {
      await db.transaction(async (tx) => {
        if (await store.deleteUnlinked(tx, customerId, fileId))
          return removed(tx, [fileId], { kind: 'customer', id: customerId })
        throw new Refusal((await store.readOwner(tx, fileId)) === customerId ? 'conflict' : 'not_found')
      })
    },
    async removeUnsent() {
      const before = new Date(clock.now().getTime() - fileLimits.unsentHours * 3_600_000)
      return db.transaction(async (tx) => {
        const gone = await store.deleteOldUnlinked(tx, before, batchSize)
        await removed(
          tx,
          gone.map(({ id }) => id),
          { kind: 'system' },
        )
        return gone.length
      })
    },
  }
  platform.jobs.loop('files-unsent', everyMs, () => files.removeUnsent())
  return files
}

// Adding a file: looked into, cleaned, and kept once for each key. The same key with other bytes is refused; what is refused by
// its content leaves nothing behind but a counted try.
import { createHash } from 'node:crypto'
import { fileLimits, type Attachment } from '#contract/files.ts'
import { uuidv7 } from '#contract/ids.ts'
import { sameHash } from '#platform/keys.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import { takePlaces } from '#platform/throttle.ts'
import type { Audit } from '#modules/audit/index.ts'
import { cleanFile } from './clean.ts'
import { attachmentOf } from './file.ts'
import * as store from './file.sql.ts'

const dayMs = 86_400_000
/** Bodies are large: so many may be sent in an hour, whatever comes of them. */
const triesPerHour = 120

const sha256 = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest()

export interface FileAdder {
  /** Before the body is read. Throws file_limit. */
  mayTry(customerId: string): Promise<void>
  /** Throws the refusals of its content, file_limit, idempotency_conflict. */
  add(customerId: string, key: string, bytes: Buffer): Promise<Attachment>
}

export function createFileAdder(
  { db, clock }: Pick<Platform, 'db' | 'clock'>,
  audit: Pick<Audit, 'record'>,
): FileAdder {
  const full = (maximum: number, untilAt: Date) =>
    new Refusal('file_limit', { maximum, untilAt: untilAt.toISOString() })

  return {
    async mayTry(customerId) {
      const window = { key: `files.tries:${customerId}`, limit: triesPerHour, windowMs: 3_600_000 }
      const throttle = await db.transaction((tx) => takePlaces(tx, [window], clock.now()))
      if (throttle.verdict === 'stop') throw full(triesPerHour, throttle.untilAt)
    },
    async add(customerId, key, bytes) {
      const cleaned = cleanFile(bytes)
      if (cleaned.verdict === 'refused') throw new Refusal(cleaned.code, cleaned.values, cleaned.why)
      const { mediaType, content, width, height } = cleaned
      const now = clock.now()
      const sourceHash = sha256(bytes)
      const file = {
        id: uuidv7(now.getTime()),
        customerId,
        mediaType,
        byteLength: content.length,
        width,
        height,
        contentHash: sha256(content),
        addedAt: now,
      }
      return db.transaction(async (tx) => {
        if (!(await store.insertFile(tx, { ...file, uploadKey: key, sourceHash }))) {
          const first = await store.readUploaded(tx, customerId, key)
          if (!first) throw new Refusal('conflict')
          if (!sameHash(first.sourceHash, sourceHash)) throw new Refusal('idempotency_conflict')
          return attachmentOf(first.file)
        }
        const window = { key: `files.day:${customerId}`, limit: fileLimits.perDay, windowMs: dayMs }
        const throttle = await takePlaces(tx, [window], now)
        if (throttle.verdict === 'stop') throw full(fileLimits.perDay, throttle.untilAt)
        await store.insertContent(tx, file.id, content)
        const added = { ...file, linkedAt: undefined }
        await audit.record(tx, [
          {
            who: { kind: 'customer', id: customerId },
            action: 'file.added',
            resource: { kind: 'file', id: file.id },
            at: now,
            detail: {
              mediaType,
              byteLength: content.length,
              contentHash: file.contentHash.toString('hex'),
              takenOutBytes: bytes.length - content.length,
            },
          },
        ])
        return attachmentOf(added)
      })
    },
  }
}

// The audit record: who did what, and who saw what. Written in the commit of what it tells; sealed after it,
// so that the chain makes no writer wait. What was written is never changed or removed.
import type { Sql, Transaction } from '#platform/db.ts'
import { deriveKey } from '#platform/keys.ts'
import type { Platform } from '#platform/platform.ts'
import type { AuditEntry } from './audit.ts'
import { entriesAbout, readHead, saveEntries } from './audit.sql.ts'
import type { StoredEntry } from './chain.ts'
import { seal } from './seal.ts'
import { verifyChain, type ChainAnchor, type ChainReport } from './verify.ts'

export type { AuditEntry, WhoKind } from './audit.ts'
export type { StoredEntry } from './chain.ts'
export type { ChainAnchor, ChainReport } from './verify.ts'

export interface Audit {
  /** Adds entries in the caller's transaction, as one statement. */
  record(tx: Transaction, entries: readonly AuditEntry[]): Promise<void>
  /** Gives places in the chain to what was committed; returns how many. The job calls it every second. */
  seal(): Promise<number>
  /** Walks the whole chain and tells the first break. `anchor` is a head noted elsewhere: shows a cut tail. */
  verify(sql: Sql, anchor?: ChainAnchor): Promise<ChainReport>
  /** The end of the chain, to be noted outside this database. */
  head(): Promise<ChainAnchor>
  /** Entries about one resource, newest first. */
  about(kind: string, id: string, limit?: number): Promise<StoredEntry[]>
}

export function createAudit(platform: Platform): Audit {
  const key = deriveKey(platform.config.pepper, 'audit chain')
  const audit: Audit = {
    async record(tx, entries) {
      if (entries.length > 0) await saveEntries(tx, entries)
    },
    seal: () => seal(platform.db, key),
    verify: (sql, anchor) => verifyChain(sql, key, anchor),
    async head() {
      const { sequence, hash } = await readHead(platform.db.read)
      return { sequence, hash: hash.toString('hex') }
    },
    about: (kind, id, limit = 100) => entriesAbout(platform.db.read, kind, id, limit),
  }
  // Once a second, however much there is: many small seals would cost a busy house more than what they seal.
  platform.jobs.loop('audit-seal', 1000, () => audit.seal(), 1000)
  // The log lies outside the database: a tail that is cut off later no longer ends where the log says.
  platform.jobs.loop('audit-head', 3_600_000, async () => {
    const { sequence, hash } = await audit.head()
    platform.log.info({ sequence: sequence.toString(), hash }, 'audit chain head')
  })
  return audit
}

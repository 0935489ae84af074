// Where the sealer reads, the index knows a range of pages only once somebody has summarized it; what is not summarized is read
// whole for every seal. The server does that by itself only now and then, and on a busy ledger the tail would grow to a million
// rows. So the sealer does it, for ranges that are full: a summary of a range that still fills would make every insert dearer.
// Must never happen: that anybody waits for this, or that sealing fails because of it.
import type { Database } from '#platform/db.ts'
import type { Logger } from '#platform/log.ts'
import { pagesPerRange, summarizeRanges, type SummarizedIndex } from './seal.sql.ts'

const indexes: readonly SummarizedIndex[] = [
  { index: 'ledger.transfers_sequence', table: 'ledger.transfers' },
  { index: 'ledger.idempotency_batch', table: 'ledger.idempotency' },
]
/** Ranges at once, some milliseconds of work; and how far back a process that has just started looks. */
const most = 256

/** A lock that is not there at once: a VACUUM is at it, which does the same. */
const lockNotAvailable = '55P03'

export function createTails(db: Database, log: Pick<Logger, 'warn'>): { summarize(): Promise<void> } {
  const done = new Map<string, bigint>()
  let told = false
  return {
    async summarize() {
      for (const each of indexes)
        try {
          await db.transaction(async (tx) => {
            const { from, upTo } = await summarizeRanges(tx, each, done.get(each.index), most)
            if (upTo > from) done.set(each.index, upTo)
          })
        } catch (error) {
          if ((error as { code?: string }).code === lockNotAvailable || told) continue
          told = true
          log.warn({ error, index: each.index, pagesPerRange }, 'the tail of an index cannot be summarized')
        }
    },
  }
}

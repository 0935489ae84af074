// Gives each committed batch of entries its place in the chain. One sealer at a time, by the lock on the chain's end.
import type { Database } from '#platform/db.ts'
import { lockHead, saveSeals, takeUnsealed, type Seal } from './audit.sql.ts'
import { chainHash, chainMac } from './chain.ts'

/** Seals up to `limit` batches; returns how many entries they hold. */
export function seal(db: Database, key: Buffer, limit = 5000): Promise<number> {
  return db.transaction(async (tx) => {
    const head = await lockHead(tx)
    let { sequence, hash } = head
    let entries = 0
    const seals: Seal[] = []
    for (const taken of await takeUnsealed(tx, limit)) {
      sequence += 1n
      hash = chainHash(sequence, hash, taken.batch, taken.content_hash)
      seals.push({ sequence, batch: taken.batch, hash, mac: chainMac(key, hash) })
      entries += taken.entries
    }
    await saveSeals(tx, seals)
    return entries
  })
}

// Gives each committed entry its place in the chain. One sealer at a time, by the lock on the chain's end.
import type { Database } from '#platform/db.ts'
import { lockHead, saveSeals, takeUnsealed, type Seal } from './audit.sql.ts'
import { chainHash, chainMac } from './chain.ts'

/** Seals up to `limit` entries; returns how many. */
export function seal(db: Database, key: Buffer, limit = 5000): Promise<number> {
  return db.transaction(async (tx) => {
    const head = await lockHead(tx)
    let { sequence, hash } = head
    const seals: Seal[] = []
    for (const entry of await takeUnsealed(tx, limit)) {
      sequence += 1n
      hash = chainHash(sequence, hash, entry)
      seals.push({ sequence, entryId: entry.id, hash, mac: chainMac(key, hash) })
    }
    await saveSeals(tx, seals)
    return seals.length
  })
}

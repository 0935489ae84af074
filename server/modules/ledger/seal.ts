// Seals what the ledger has committed, in ledger order, after the commit: no writer ever waits for it.
// Must never happen: a seal over a range in which a transfer can still appear.
import type { Clock } from '#platform/clock.ts'
import type { Database, Transaction } from '#platform/db.ts'
import { merkleRoot, sealHash } from './seal-hash.ts'
import * as store from './seal.sql.ts'

/** Sequences in one seal at most: a stripe is read, hashed and verified on its own. */
export const stripeLength = 8192n

export interface SealOptions {
  /** How long to wait for the writers that were under way; beyond it the next call tries again. */
  patienceMs?: number
  stripe?: bigint
}

/**
 * The highest sequence below which nothing is on its way any more; undefined when a writer does not end in time.
 * Sequences do not commit in order. So: read the last one given, then who writes at this moment. Whoever got one of those
 * numbers either has ended or is among these writers, because a writer holds its lock on the table before it gets its
 * first number. When they have ended, no transfer can appear up to there. All in one session: after a crash of
 * the server numbers can be given again, and the session is gone with what it had read.
 */
export async function settledSequence(tx: Transaction, patienceMs: number): Promise<bigint | undefined> {
  const given = await store.readGivenSequence(tx)
  let writing = await store.readWriters(tx)
  const until = performance.now() + patienceMs
  for (let pauseMs = 2; writing.length > 0; pauseMs = Math.min(50, pauseMs * 2)) {
    if (performance.now() > until) return undefined
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
    writing = await store.readStillWriting(tx, writing)
  }
  return given
}

/** Seals everything that is settled; returns how many transfers. 0 when another process is at it. */
export function sealSettled(db: Database, clock: Clock, options: SealOptions = {}): Promise<number> {
  const { patienceMs = 1000, stripe = stripeLength } = options
  return db.transaction(async (tx) => {
    if (!(await store.takeTurn(tx))) return 0
    const upTo = await settledSequence(tx, patienceMs)
    if (upTo === undefined) return 0
    // A range of a large table is read through its index, whatever the statistics say of the newest rows.
    await tx.run('SET LOCAL enable_seqscan = off')
    let last = await store.readLastSeal(tx)
    if (!last) throw new Error('ledger.seals has lost its first row: the chain cannot go on')
    let sealed = 0n
    while (last.lastSequence < upTo) {
      const after: bigint = last.lastSequence
      const within = (end: bigint) => (end < upTo ? end : upTo)
      let end = within(after + stripe)
      let { transfers, leaves } = await store.readLeaves(tx, after, end)
      if (transfers === 0n) {
        // Nothing but numbers that nobody used: the seal reaches over them to the next transfers.
        const next = await store.readNextSequence(tx, after, upTo)
        if (next === undefined) break
        end = within(next + stripe - 1n)
        ;({ transfers, leaves } = await store.readLeaves(tx, after, end))
      }
      const seal = {
        number: last.number + 1n,
        lastSequence: end,
        transfers,
        total: last.total + transfers,
        root: merkleRoot(leaves),
        sealedAt: clock.now(),
      }
      const made: store.StoredSeal = { ...seal, hash: sealHash(seal, last.hash) }
      await store.insertSeal(tx, made)
      sealed += transfers
      last = made
    }
    return Number(sealed)
  })
}

// For tests only: a chain of seals computed anew over what the tables hold now, in any form, as who has every right could do it.
import type { Transaction } from '#platform/db.ts'
import { merkleRoot, sealHash } from './seal-hash.ts'
import { readTextLeaves, readTextPart } from './seal-old-forms-for-tests.ts'
import { readPartRoot } from './seal-parts.sql.ts'
import { belowAllNumbers } from './seal.ts'
import { insertSeal, readLeaves, readSealsFrom, type StoredSeal } from './seal.sql.ts'

/** A seal over what the tables hold now in the ranges of another one, after the seal before it. */
export async function sealAgain(tx: Transaction, before: StoredSeal, like: StoredSeal): Promise<StoredSeal> {
  const [readPart, leavesOf] = like.form === 3 ? [readPartRoot, readLeaves] : [readTextPart, readTextLeaves]
  const part = async (name: 'events' | 'keys') => {
    const last = like.parts![name].last
    const after = before.parts?.[name].last ?? belowAllNumbers
    return { last, ...(await readPart(tx, name, after, last)) }
  }
  const transfers = await leavesOf(tx, before.lastSequence, like.lastSequence)
  const body = {
    ...like,
    transfers: transfers.count,
    total: before.total + transfers.count,
    root: merkleRoot(transfers.leaves),
    parts: like.parts && {
      links: await readPart(tx, 'links', before.lastSequence, like.lastSequence),
      events: await part('events'),
      keys: await part('keys'),
    },
  }
  const made: StoredSeal = { ...body, hash: sealHash(body, before.hash) }
  await insertSeal(tx, made)
  return made
}

/** Computes the whole chain anew over what the tables hold now: consistent in itself, without a key. */
export async function rebuildChain(
  tx: Transaction,
  change: (seal: StoredSeal) => StoredSeal | undefined = (seal) => seal,
): Promise<StoredSeal> {
  const seals = await readSealsFrom(tx, 0n, 1000)
  await tx.run('DELETE FROM ledger.seals WHERE number > 0')
  let before = seals[0]!
  for (const seal of seals.slice(1)) {
    const like = change(seal)
    if (like) before = await sealAgain(tx, before, { ...like, number: before.number + 1n })
  }
  return before
}

// Walks the chain from its beginning and tells the first place where it does not hold. Reads only.
import type { Sql } from '#platform/db.ts'
import { sameHash } from '#platform/keys.ts'
import { entriesOfBatches, outsideChain, readHead, sealsAfter } from './audit.sql.ts'
import { canonical, chainHash, chainMac, contentHash, firstHash } from './chain.ts'

/** A place in the chain and its hash in hex, as noted at some time outside the database. */
export interface ChainAnchor {
  sequence: bigint
  hash: string
}

export type ChainReport =
  /** Counts of entries. */
  | { verdict: 'whole'; sealed: bigint; waiting: bigint; head: ChainAnchor }
  | {
      verdict: 'broken'
      /** The place in the chain, or the batch's number when it stands outside the chain. */
      at: bigint
      cause:
        | 'seal_missing'
        | 'entry_missing'
        | 'entry_changed'
        | 'not_made_here'
        | 'tail_cut'
        | 'anchor_differs'
        | 'entry_outside_chain'
    }

export async function verifyChain(
  sql: Sql,
  key: Buffer,
  anchor?: ChainAnchor,
  stretch = 500,
): Promise<ChainReport> {
  // The head first: what is sealed meanwhile only makes the chain longer than it.
  const head = await readHead(sql)
  let sequence = 0n
  let sealed = 0n
  let hash: Buffer = firstHash
  const broken = (at: bigint, cause: Extract<ChainReport, { verdict: 'broken' }>['cause']): ChainReport => ({
    verdict: 'broken',
    at,
    cause,
  })
  for (;;) {
    const rows = await sealsAfter(sql, sequence, stretch)
    if (rows.length === 0) break
    const texts = new Map<bigint, string[]>()
    for (const entry of await entriesOfBatches(
      sql,
      rows.map((row) => row.batch),
    ))
      texts.set(entry.batch, [...(texts.get(entry.batch) ?? []), canonical(entry)])
    for (const row of rows) {
      sequence += 1n
      if (row.sequence !== sequence) return broken(sequence, 'seal_missing')
      const entries = texts.get(row.batch) ?? []
      if (row.entries === null || entries.length < row.entries) return broken(sequence, 'entry_missing')
      sealed += BigInt(entries.length)
      hash = chainHash(sequence, hash, row.batch, contentHash(entries))
      if (!sameHash(hash, row.hash)) return broken(sequence, 'entry_changed')
      if (!sameHash(chainMac(key, hash), row.mac)) return broken(sequence, 'not_made_here')
      if (anchor?.sequence === sequence && anchor.hash !== hash.toString('hex'))
        return broken(sequence, 'anchor_differs')
      if (head.sequence === sequence && !sameHash(head.hash, hash)) return broken(sequence, 'tail_cut')
    }
  }
  if (sequence < head.sequence || (anchor && sequence < anchor.sequence))
    return broken(sequence + 1n, 'tail_cut')
  const outside = await outsideChain(sql)
  if (outside.firstLoose !== null) return broken(outside.firstLoose, 'entry_outside_chain')
  return {
    verdict: 'whole',
    sealed,
    waiting: outside.waiting,
    head: { sequence, hash: hash.toString('hex') },
  }
}

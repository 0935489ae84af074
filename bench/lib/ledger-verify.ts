// After a measurement: the database must hold exactly what was acknowledged, sums must be zero, every balance must follow
// from its entries, and the chain of seals must prove it. What is not proven is not measured.
import { readFileSync } from 'node:fs'
import {
  createLedger,
  folderStore,
  readPublicKeys,
  verifyLedger,
  type Checkpoint,
} from '#modules/ledger/index.ts'
import { systemClock } from '#platform/clock.ts'
import { createDatabase } from '#platform/db.ts'
import { checksumModulus } from './ledger-load.ts'

export interface Acknowledged {
  commands: number
  transfers: number
  /** Sum of the last 48 bits of the transfers' ids, modulo 2^48. */
  checksum: number
}

export interface Verdict {
  sums: boolean
  brokenAccounts: number
  acknowledged: number
  committed: number
  /** The same transfers, not only as many. */
  same: boolean
  keys: number
  chain: boolean
  sealed: number
  complete: boolean
}

export async function verifyWorld(
  connectionString: string,
  sealFolder: string,
  acknowledged: Acknowledged,
): Promise<Verdict> {
  const db = createDatabase({ connectionString, maximumConnections: 1 })
  try {
    const ledger = createLedger({ clock: systemClock })
    const check = await ledger.check(db.read)
    const counts = await db.read.one<{ transfers: bigint; checksum: bigint; keys: bigint }>(
      `SELECT count(*) AS transfers, (coalesce(sum(('x' || right(id::text, 12))::bit(48)::bigint), 0) % $1::bigint)::bigint AS checksum,
         (SELECT count(*) FROM ledger.idempotency WHERE body_hash <> sha256('grown')) AS keys
       FROM ledger.transfers WHERE kind IN ('bench', 'hold_posted')`,
      [checksumModulus],
    )
    const store = folderStore(`${sealFolder}/checkpoints`)
    const keys = readPublicKeys(readFileSync(`${sealFolder}/checkpoints/public-key.pem`, 'utf8'))
    const checkpoints: Checkpoint[] = []
    for (const name of await store.list()) checkpoints.push(JSON.parse(await store.get(name)) as Checkpoint)
    const report = await db.transaction(async (tx) => {
      await tx.run('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY')
      return verifyLedger(tx, checkpoints, keys)
    })
    for (const { kind, detail } of report.findings.slice(0, 5)) console.error(`${kind}: ${detail}`)
    const verdict = {
      sums: Object.values(check.sumsPerCurrency).every((sum) => sum === 0n),
      brokenAccounts: check.brokenAccounts.length,
      acknowledged: acknowledged.transfers,
      committed: Number(counts.transfers),
      same: Number(counts.checksum) === acknowledged.checksum,
      keys: Number(counts.keys),
      chain: report.whole && report.unsealed === 0n,
      sealed: Number(report.transfers),
    }
    return {
      ...verdict,
      complete:
        verdict.sums &&
        verdict.brokenAccounts === 0 &&
        verdict.acknowledged === verdict.committed &&
        verdict.same &&
        verdict.keys === acknowledged.commands &&
        verdict.chain,
    }
  } finally {
    await db.close()
  }
}

// For tests only: a small ledger with sealed transfers and signed checkpoints, and hands that reach past its guards.
import { generateKeyPairSync, createPublicKey, type KeyObject } from 'node:crypto'
import { uuidv7 } from '#contract/ids.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import { createLedger, type Ledger } from './index.ts'
import {
  readPublicKeys,
  shipCheckpoint,
  signCheckpoint,
  type Checkpoint,
  type CheckpointStore,
} from './seal-checkpoints.ts'
import type { CheckpointBody } from './seal-hash.ts'
import { sealSettled } from './seal.ts'

/** Checkpoints in memory, under the same rules as in a folder. */
export function memoryStore(): CheckpointStore & { all(): Checkpoint[] } {
  const kept = new Map<string, string>()
  return {
    async put(name, text) {
      if (kept.has(name)) throw new Error(`${name} is there already`)
      kept.set(name, text)
    },
    list: async () => [...kept.keys()].toSorted(),
    get: async (name) => kept.get(name)!,
    all: () => [...kept.values()].map((text) => JSON.parse(text) as Checkpoint),
  }
}

export interface SealBench {
  platform: TestPlatform
  ledger: Ledger
  bank: string
  wallets: readonly string[]
  checkpoints: ReturnType<typeof memoryStore>
  keys: Map<string, KeyObject>
  /** Posts this many transfers between the accounts, each in a transaction of its own. */
  post(count: number): Promise<void>
  seal(stripe?: bigint): Promise<number>
  ship(): Promise<Checkpoint | undefined>
  /** Signs any state with the key that the verifier trusts. */
  sign(body: CheckpointBody): Checkpoint
  /** Does what it is told without any guard, then undoes it: as an attacker with all rights in the database. */
  asAttacker<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

export async function createSealBench(): Promise<SealBench> {
  const platform = await createTestPlatform()
  const { db, clock } = platform
  const ledger = createLedger(platform)
  const pair = generateKeyPairSync('ed25519')
  const pem = String(createPublicKey(pair.privateKey).export({ type: 'spki', format: 'pem' }))
  const keys = readPublicKeys(pem)
  const key = { id: [...keys.keys()][0]!, privateKey: pair.privateKey }
  const checkpoints = memoryStore()
  const wallets = Array.from({ length: 4 }, () => uuidv7())
  const bank = await db.transaction(async (tx) => {
    await ledger.openAccounts(
      tx,
      wallets.map((id) => ({
        id,
        kind: 'customer_wallet' as const,
        ownerId: uuidv7(),
        currency: 'IDR' as const,
        minimumMinor: 0n,
      })),
    )
    return ledger.ensureSystemAccount(tx, { kind: 'bank_clearing', currency: 'IDR' })
  })
  let posted = 0
  return {
    platform,
    ledger,
    bank,
    wallets,
    checkpoints,
    keys,
    async post(count) {
      for (let index = 0; index < count; index++) {
        clock.advance(1000)
        posted++
        const [from, to] =
          posted <= wallets.length
            ? [bank, wallets[posted - 1]!]
            : [wallets[posted % wallets.length]!, wallets[(posted + 1) % wallets.length]!]
        await db.transaction((tx) =>
          ledger.post(tx, [
            {
              id: uuidv7(),
              debitAccountId: from,
              creditAccountId: to,
              amountMinor: from === bank ? 100_000n : 10n + BigInt(posted),
              currency: 'IDR',
              kind: 'test',
              reference: `TN-TEST-${posted}`,
              effectiveAt: clock.now(),
            },
          ]),
        )
      }
    },
    seal: (stripe) => sealSettled(db, clock, stripe === undefined ? {} : { stripe }),
    ship: () => shipCheckpoint(db.read, clock, key, checkpoints),
    sign: (body) => signCheckpoint(body, key),
    async asAttacker(work) {
      let result: { of: Awaited<ReturnType<typeof work>> } | undefined
      await db
        .transaction(async (tx) => {
          await tx.run("SET LOCAL session_replication_role = 'replica'")
          result = { of: await work(tx) }
          throw new Undone()
        })
        .catch((error: unknown) => {
          if (!(error instanceof Undone)) throw error
        })
      return result!.of
    },
    close: () => platform.close(),
  }
}

class Undone extends Error {}

/** All sealed ranges as the table has them. */
export function sealedRanges(
  sql: Sql,
): Promise<{ last_sequence: bigint; transfers: bigint; total: bigint; events: bigint }[]> {
  return sql.rows(
    'SELECT last_sequence, transfers, total, events FROM ledger.seals WHERE number > 0 ORDER BY number',
  )
}

// One process that writes the ledger under measurement: the ledger, a command layer with keys, and its callers.
// Asked over IPC. One of the workers of a database also seals what is committed, as the product does.
import { setTimeout } from 'node:timers/promises'
import { uuidv7 } from '#contract/ids.ts'
import { createLedger, createSeals, createTransferQueue, folderStore } from '#modules/ledger/index.ts'
import { systemClock } from '#platform/clock.ts'
import { createDatabase } from '#platform/db.ts'
import { createJobs } from '#platform/jobs.ts'
import { createLogger } from '#platform/log.ts'
import { runCallers, type PlacedHold, type Shape } from './lib/ledger-load.ts'
import { accountCount, accountId, currency } from './lib/ledger-world.ts'

const [connectionString = '', sealFolder = ''] = (process.argv[2] ?? '').split(' ')
const db = createDatabase({ connectionString, maximumConnections: 4 })
const ledger = createLedger({ clock: systemClock })
const tuned = (name: string) => (process.env[name] ? Number(process.env[name]) : undefined)
const maximumSize = tuned('TUNTAS_BENCH_BATCH')
const lanes = tuned('TUNTAS_BENCH_LANES')
const queue = createTransferQueue({ db, clock: systemClock }, ledger, {
  ...(maximumSize ? { maximumSize } : {}),
  ...(lanes ? { lanes } : {}),
})
const holds: PlacedHold[] = []

const log = createLogger({ level: 'error' })
const jobs = createJobs(log)
const seals = sealFolder
  ? createSeals(
      { db, clock: systemClock, jobs, log },
      {
        privateKeyFile: `${sealFolder}/key.pem`,
        publicKeyFile: `${sealFolder}/checkpoints/public-key.pem`,
        checkpoints: folderStore(`${sealFolder}/checkpoints`),
      },
    )
  : undefined
jobs.start()

/** Holds for the shape `holds` to post. */
async function placeHolds(count: number): Promise<number> {
  const pageLength = 500
  for (let done = 0; done < count; done += pageLength) {
    const page = Array.from({ length: pageLength }, () => {
      const from = Math.floor(Math.random() * accountCount)
      const to = (from + 1 + Math.floor(Math.random() * (accountCount - 1))) % accountCount
      return {
        id: uuidv7(),
        debitAccountId: accountId(from),
        creditAccountId: accountId(to),
        amountMinor: 100n,
        currency,
        reference: 'TN-0000-0000',
      }
    })
    await db.transaction((tx) => ledger.placeHolds(tx, page))
    holds.push(
      ...page.map((hold) => ({
        holdId: hold.id,
        accountIds: [hold.debitAccountId, hold.creditAccountId] as const,
      })),
    )
  }
  return holds.length
}

async function isSealed(): Promise<boolean> {
  const { done } = await db.read.one<{ done: boolean }>(
    `SELECT last_sequence >= coalesce(pg_sequence_last_value(pg_get_serial_sequence('ledger.transfers', 'sequence')::regclass), 0)
       AND coalesce(last_batch, 0) >= coalesce(pg_sequence_last_value('ledger.key_batches'), 0) AS done
     FROM ledger.seals ORDER BY number DESC LIMIT 1`,
  )
  return done
}

const tasks: Record<string, (argument: never) => Promise<unknown>> = {
  placeHolds,
  run: ({ shape, callers, seconds }: { shape: Shape; callers: number; seconds: number }) =>
    runCallers({ shape, callers, seconds, holds, submit: (command) => queue.submit(command) }),
  statistics: async () => ({ ...queue.statistics }),
  /** Seals what is left and signs the end. While the sealer's own job is at it, its turn is waited for. */
  async seal() {
    while (!(await isSealed())) if ((await seals!.seal()) === 0) await setTimeout(100)
    await seals!.checkpoint()
  },
}

process.on('message', async ({ id, task, argument }: { id: number; task: string; argument: never }) => {
  try {
    process.send!({ id, result: await tasks[task]!(argument) })
  } catch (error) {
    process.send!({ id, error: String((error as Error).stack) })
  }
})
process.on('disconnect', () => process.exit(0))
process.send!({})

// For tests only: a process that writes the ledger and dies where it is told to, without a word: before or after any statement of a
// batch, before its commit, while the commit is under way, after it and before the answer. It never stops properly.
import { systemClock } from '#platform/clock.ts'
import { createDatabase, type Database, type DedicatedConnection, type Transaction } from '#platform/db.ts'
import { createJobs } from '#platform/jobs.ts'
import { createLogger } from '#platform/log.ts'
import { Refusal } from '#platform/refusal.ts'
import type { Ask } from './crash-load-for-tests.ts'
import { createLedger, createSeals, createTransferQueue, sealPlaces } from './index.ts'

/** Where a worker ends itself. `step` counts the statements of the transaction from 0. */
export type FaultPoint =
  | { at: 'before_statement' | 'after_statement'; step: number }
  | { at: 'before_commit' | 'during_commit' | 'after_commit' }

export type Told =
  | { do: 'ask'; id: number; ask: Ask }
  /** Dies in the transaction that comes after so many others. */
  | { do: 'die'; point: FaultPoint; afterBatches: number }

export type Said = { ready: true } | { id: number; outcome: string } | { id: number; fault: string }

const [connectionString = '', dataFolder = ''] = process.argv.slice(2)
let armed: { point: FaultPoint; afterBatches: number } | undefined

const die = () => process.kill(process.pid, 'SIGKILL')

/** The same, but it dies in the transaction for which it is armed. */
function faulty<Of extends Pick<DedicatedConnection, 'transaction'>>(connection: Of): Of {
  return {
    ...connection,
    async transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
      const point = armed && armed.afterBatches-- <= 0 ? armed.point : undefined
      if (!point) return connection.transaction(work)
      let step = 0
      const around =
        <Given extends unknown[], Answer>(statement: (...given: Given) => Promise<Answer>) =>
        async (...given: Given): Promise<Answer> => {
          const here = step++
          if (point.at === 'before_statement' && point.step === here) die()
          const answer = await statement(...given)
          if (point.at === 'after_statement' && point.step === here) die()
          return answer
        }
      const result = await connection.transaction(async (tx) => {
        const committing = () => {
          if (point.at === 'before_commit') die()
          // Sent: the server is somewhere in it.
          if (point.at === 'during_commit') setTimeout(die, Math.random() * 4)
        }
        let isCommitting = false
        const done = await work({
          inTransaction: true,
          rows: around(tx.rows) as Transaction['rows'],
          one: around(tx.one) as Transaction['one'],
          maybe: around(tx.maybe) as Transaction['maybe'],
          run: around(tx.run),
          heard: tx.heard,
          commitAfter(statements) {
            isCommitting = true
            committing()
            return tx.commitAfter(statements)
          },
        })
        if (!isCommitting) committing()
        return done
      })
      if (point.at === 'after_commit') die()
      return result
    },
  }
}

const db = createDatabase({ connectionString, maximumConnections: 3 })
const ledger = createLedger({ clock: systemClock })
const wrapped: Database = { ...faulty(db), dedicated: async () => faulty(await db.dedicated()) }
const queue = createTransferQueue({ db: wrapped, clock: systemClock }, ledger, { maximumSize: 32 })
if (dataFolder) {
  const log = createLogger({ level: 'silent' })
  const jobs = createJobs(log)
  createSeals({ db, clock: systemClock, jobs, log }, sealPlaces(dataFolder))
  jobs.start()
}

process.on('message', (told: Told) => {
  if (told.do === 'die') {
    armed = { point: told.point, afterBatches: told.afterBatches }
    return
  }
  const say = (said: Said) => process.send!(said)
  answer(told.ask).then(
    (outcome) => say({ id: told.id, outcome }),
    (error: unknown) => say({ id: told.id, fault: error instanceof Refusal ? error.code : faultOf(error) }),
  )
})
process.on('disconnect', () => process.exit(0))
process.send!({ ready: true } satisfies Said)

const faultOf = (error: unknown) =>
  `broken: ${(error as { constraint?: string }).constraint ?? String(error)}`

/** What can be asked is safe to ask again: by its key, by the id of the hold, or because it does what is left to do. */
async function answer(ask: Ask): Promise<string> {
  if (ask.do === 'submit') return queue.submit(ask.command)
  if (ask.do === 'place' && ask.key) {
    const { key, hold } = ask
    const { outcome, id } = await queue.placeHold({ ownerId: hold.debitAccountId, key, hold })
    return outcome === 'held' && id === hold.id ? 'done' : outcome
  }
  if (ask.do === 'void' && ask.key) {
    const { key, ownerId, holdId } = ask
    const { outcome } = await queue.voidHold({ ownerId, key, holdId })
    return outcome === 'voided' ? 'done' : outcome
  }
  try {
    return await wrapped.transaction(async (tx) => {
      if (ask.do === 'place') await ledger.placeHolds(tx, [ask.hold])
      else if (ask.do === 'void') await ledger.voidHold(tx, ask.holdId)
      else await ledger.expireHolds(tx, 20)
      return 'done'
    })
  } catch (error) {
    // It is there: the try that nobody answered was done.
    if (!(error instanceof Refusal)) throw error
    if (ask.do === 'place' && error.code === 'duplicate_reference') return 'done'
    if (['conflict', 'insufficient_funds'].includes(error.code)) return error.code
    throw error
  }
}

// Group commit: concurrent commands are collected, decided one by one in one set-based transaction, answered after its commit.
// A batch closes when a lane is free, never by a timer. One command that breaks its batch is found by halving and fails alone.
import { isConnectionError, type Database, type DedicatedConnection, type Transaction } from './db.ts'
import { Refusal } from './refusal.ts'

export interface GroupCommitOptions<Command, Outcome> {
  db: Database
  /** Loads and locks for all, decides each, writes all. One outcome per command, in order. Runs again after a conflict. */
  run(tx: Transaction, commands: readonly Command[]): Promise<readonly Outcome[]>
  /** Commands in one transaction at most. */
  maximumSize?: number
  /** Batches on their way at once, each on a connection of its own. */
  lanes?: number
  /** So many commands must wait before a batch starts beside another one. Default: half of the maximum size. */
  overlapFrom?: number
  /** Commands waiting at most; more are refused with `busy`. */
  maximumWaiting?: number
  onCommitted?: (commands: readonly Command[], outcomes: readonly Outcome[]) => void
  /**
   * What to answer when a batch fails, instead of looking for the one that broke it: for a step with another one behind it.
   * A lost connection is still `outcome_unknown`.
   */
  onFailedBatch?: () => Outcome
}

export interface GroupCommitStatistics {
  batches: number
  commands: number
  largest: number
  halved: number
}

export interface GroupCommit<Command, Outcome> {
  /** Resolves after the commit. Rejects with Refusal `busy`, `outcome_unknown` (ask again with the same key) or the command's own fault. */
  submit(command: Command): Promise<Outcome>
  /** Waits for everything accepted so far, then gives the connections back. */
  close(): Promise<void>
  readonly statistics: GroupCommitStatistics
}

interface Waiting<Command, Outcome> {
  command: Command
  resolve(outcome: Outcome): void
  reject(error: unknown): void
}

export function createGroupCommit<Command, Outcome>(
  options: GroupCommitOptions<Command, Outcome>,
): GroupCommit<Command, Outcome> {
  const maximumSize = options.maximumSize ?? 256
  const overlapFrom = options.overlapFrom ?? Math.ceil(maximumSize / 2)
  const maximumWaiting = options.maximumWaiting ?? 10_000
  const statistics = { batches: 0, commands: 0, largest: 0, halved: 0 }
  const idle: DedicatedConnection[] = []
  const working = new Set<Promise<void>>()
  let waiting: Waiting<Command, Outcome>[] = []
  let lanes: Promise<void> | undefined
  let closed = false
  let scheduled = false

  async function openLanes() {
    for (let lane = 0; lane < (options.lanes ?? 2); lane++) idle.push(await options.db.dedicated())
  }

  /** `release` frees the connection: the next batch is on its way before the callers of this one are answered. */
  async function commit(
    connection: DedicatedConnection,
    batch: Waiting<Command, Outcome>[],
    release: () => void,
  ): Promise<void> {
    const commands = batch.map((entry) => entry.command)
    let outcomes: readonly Outcome[]
    try {
      outcomes = await connection.transaction(async (tx) => {
        const answers = await options.run(tx, commands)
        // Before the commit: a batch that was committed must never run again.
        if (answers.length !== batch.length) throw new Error('a batch step must answer every command')
        return answers
      })
    } catch (error) {
      if (isConnectionError(error)) {
        const unknown = new Refusal(
          'outcome_unknown',
          undefined,
          'the database did not answer; ask again with the same key',
        )
        for (const entry of batch) entry.reject(unknown)
        return
      }
      if (options.onFailedBatch) {
        release()
        for (const entry of batch) entry.resolve(options.onFailedBatch())
        return
      }
      if (batch.length === 1) return batch[0]!.reject(error)
      statistics.halved++
      const middle = batch.length >> 1
      await commit(connection, batch.slice(0, middle), () => undefined)
      return commit(connection, batch.slice(middle), () => undefined)
    }
    statistics.batches++
    statistics.commands += batch.length
    statistics.largest = Math.max(statistics.largest, batch.length)
    release()
    batch.forEach((entry, index) => entry.resolve(outcomes[index]!))
    options.onCommitted?.(commands, outcomes)
  }

  function drain() {
    scheduled = false
    // A second batch at once is worth its locks only when it is well filled; else the commands wait for one larger batch.
    while (idle.length > 0 && waiting.length > 0 && (working.size === 0 || waiting.length >= overlapFrom)) {
      const connection = idle.pop()!
      const batch = waiting.slice(0, maximumSize)
      waiting = waiting.slice(maximumSize)
      let released = false
      const release = () => {
        if (released) return
        released = true
        idle.push(connection)
        working.delete(work)
        drain()
      }
      const work: Promise<void> = commit(connection, batch, release)
        .catch((error: unknown) => batch.forEach((entry) => entry.reject(error)))
        .finally(release)
      working.add(work)
    }
  }

  return {
    statistics,
    submit(command) {
      if (closed) return Promise.reject(new Refusal('shutting_down'))
      if (waiting.length >= maximumWaiting) return Promise.reject(new Refusal('busy'))
      return new Promise<Outcome>((resolve, reject) => {
        waiting.push({ command, resolve, reject })
        lanes ??= openLanes()
        if (!scheduled) {
          scheduled = true
          // After the current turn of the event loop, so that requests read together are decided together.
          lanes.then(() => setImmediate(drain), reject)
        }
      })
    },
    async close() {
      closed = true
      await lanes
      while (waiting.length > 0 || working.size > 0) {
        drain()
        await Promise.race([...working, new Promise((resolve) => setImmediate(resolve))])
      }
      await Promise.all(idle.map((connection) => connection.close()))
    },
  }
}

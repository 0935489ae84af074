// The ledger usable alone: commands with a key each, collected and committed in groups. A key answers for ever what it
// answered first, refusals on the merits included; the same key with another body is refused.
// Two ways lead to a posting. Ahead of the locks: quick, for transfers that nothing speaks against. Under the locks: for all
// that is left, and for every refusal.
import { violatedConstraint, type Database, type Transaction } from '#platform/db.ts'
import { createGroupCommit, type GroupCommitStatistics } from '#platform/group-commit.ts'
import { Refusal } from '#platform/refusal.ts'
import { createDecideAhead } from './decide-ahead.ts'
import type { Ledger } from './index.ts'
import { insertKeys, readKeys } from './keys.sql.ts'
import {
  accountsOf,
  needsLocks,
  sortOut,
  type Decided,
  type TransferCommand,
  type TransferOutcome,
} from './transfer-commands.ts'

export type { TransferCommand, TransferOutcome } from './transfer-commands.ts'

export interface TransferQueue {
  /** Answers after the commit. Throws Refusal `busy` or `outcome_unknown`: ask again with the same key. */
  submit(command: TransferCommand): Promise<TransferOutcome>
  close(): Promise<void>
  /** Of both ways; `ahead` counts the commands that were answered ahead of the locks. */
  readonly statistics: GroupCommitStatistics & { ahead: number }
}

export interface TransferQueueOptions {
  maximumSize?: number
  lanes?: number
  /** `false`: never ahead of the locks, where several processes always write to the same accounts. */
  ahead?: boolean
}

export function createTransferQueue(
  platform: { db: Database; clock: { now(): Date } },
  ledger: Ledger,
  options: TransferQueueOptions = {},
): TransferQueue {
  const deciding = createDecideAhead(platform.clock)
  const ahead = createGroupCommit<TransferCommand, Decided>({
    db: platform.db,
    ...options,
    run: deciding.run,
    // Whatever went wrong there is found out under the locks.
    onFailedBatch: () => undefined,
  })
  const underLocks = createGroupCommit<TransferCommand, TransferOutcome>({
    db: platform.db,
    ...options,
    run: (tx, commands) => decideUnderLocks(tx, ledger, commands, platform.clock),
    onCommitted: (commands) => deciding.forget(commands.flatMap(accountsOf)),
  })
  let answeredAhead = 0

  async function submitUnderLocks(command: TransferCommand): Promise<TransferOutcome> {
    try {
      return await underLocks.submit(command)
    } catch (error) {
      // The same key came with other accounts at the same moment and was first: now it is known, and answers.
      if (violatedConstraint(error) === 'ledger_idempotency') return underLocks.submit(command)
      throw error
    }
  }

  return {
    async submit(command) {
      if ((command.transfers?.length ?? 0) === 0 && !command.hold)
        throw new Refusal('validation_failed', undefined, 'a command moves something')
      if (command.transfers && command.hold)
        throw new Refusal('validation_failed', undefined, 'a command moves transfers or posts a hold')
      if (options.ahead !== false && !needsLocks(command) && deciding.isCalm()) {
        const outcome = await ahead.submit(command)
        if (outcome !== undefined) {
          answeredAhead++
          return outcome
        }
      }
      return submitUnderLocks(command)
    },
    async close() {
      await ahead.close()
      // What it left undecided is on its way to the locks by then.
      await new Promise((resolve) => setImmediate(resolve))
      await underLocks.close()
    },
    get statistics() {
      const [one, other] = [ahead.statistics, underLocks.statistics]
      return {
        batches: one.batches + other.batches,
        commands: answeredAhead + other.commands,
        largest: Math.max(one.largest, other.largest),
        halved: other.halved,
        ahead: answeredAhead,
      }
    },
  }
}

/** Locks for all, looks the keys up under the locks, decides each in turn, writes all with the commit. */
async function decideUnderLocks(
  tx: Transaction,
  ledger: Ledger,
  commands: readonly TransferCommand[],
  clock: { now(): Date },
): Promise<TransferOutcome[]> {
  const holdIds = commands.flatMap(({ hold }) => hold?.holdId ?? [])
  const [accounts, stored, holds] = await Promise.all([
    ledger.lockAccounts(tx, commands.flatMap(accountsOf)),
    readKeys(tx, commands),
    holdIds.length > 0 ? ledger.lockHolds(tx, holdIds) : undefined,
  ])
  // After the locks: an account's entries stand in the order of their times.
  const now = clock.now()
  const { outcomes, fresh } = sortOut(commands, stored, (command) =>
    command.hold ? holds!.post(accounts, command.hold, now) : accounts.applyLinked(command.transfers!),
  )
  await tx.commitAfter([
    // First the holds: what they give free is there when the transfers take it.
    holds ? holds.write(now) : Promise.resolve(),
    accounts.write(now),
    insertKeys(tx, fresh),
  ])
  return outcomes as TransferOutcome[]
}

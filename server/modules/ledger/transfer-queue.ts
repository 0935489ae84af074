// The ledger usable alone: commands with a key each, collected and committed in groups. A key answers for ever what it
// answered first, refusals on the merits included; the same key with another body is refused.
// Two ways lead to a posting. Ahead of the locks: quick, for transfers that nothing speaks against. Under the locks: for all
// that is left, and for every refusal.
import type { Uuid } from '#contract/ids.ts'
import { violatedConstraint, type Database } from '#platform/db.ts'
import { createGroupCommit, type GroupCommitStatistics } from '#platform/group-commit.ts'
import { createDecideAhead } from './decide-ahead.ts'
import { createDecideUnderLocks } from './decide-under-locks.ts'
import type { ExchangeOrder } from './exchange.ts'
import type { Ledger } from './index.ts'
import { checkIdLength } from './input.ts'
import type { NewHold } from './ledger.ts'
import type { Reversal } from './locked-reversals.ts'
import {
  answerOf,
  checkCommand,
  needsLocks,
  type AnyCommand,
  type Decided,
  type Keyed,
  type KeyedAnswer,
  type TransferCommand,
  type TransferOutcome,
} from './transfer-commands.ts'

export type { Keyed, KeyedAnswer, TransferCommand, TransferOutcome } from './transfer-commands.ts'

/**
 * All answer after the commit, and for ever the same. Throw Refusal `busy` or `outcome_unknown`: ask again with the same key;
 * `validation_failed` for what is no command and `duplicate_reference` for an id that is taken: nothing is remembered.
 */
export interface TransferQueue {
  submit(command: TransferCommand): Promise<TransferOutcome>
  /** `held` with the id of the hold, or why not. Until when it is held is part of what the key stands for. */
  placeHold(command: Keyed & { hold: NewHold }): Promise<KeyedAnswer>
  /** `voided`, `hold_closed` or `hold_unknown`. */
  voidHold(command: Keyed & { holdId: Uuid }): Promise<KeyedAnswer>
  /** `posted` with the id of the reversal, `refund_not_allowed` above what is left of its origin, or why not. */
  reverse(command: Keyed & { reversal: Reversal }): Promise<KeyedAnswer>
  /** `posted` with the id of the linked legs and what was bought, or why not. */
  exchange(command: Keyed & { order: ExchangeOrder }): Promise<KeyedAnswer>
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
  const decidingUnderLocks = createDecideUnderLocks(ledger, platform.clock)
  const underLocks = createGroupCommit<AnyCommand, string>({
    db: platform.db,
    ...options,
    run: decidingUnderLocks.run,
    onCommitted: (commands) => deciding.forget(decidingUnderLocks.touchedBy(commands)),
  })
  let answeredAhead = 0

  async function submitUnderLocks(command: AnyCommand): Promise<string> {
    try {
      return await underLocks.submit(command)
    } catch (error) {
      // An id that is none may be what broke it.
      checkCommand(command)
      // The same key came with other accounts at the same moment and was first: now it is known, and answers.
      if (violatedConstraint(error) === 'ledger_idempotency') return underLocks.submit(command)
      throw error
    }
  }

  async function ask(command: AnyCommand): Promise<KeyedAnswer> {
    checkCommand(command)
    return answerOf(await submitUnderLocks(command))
  }

  return {
    async submit(command) {
      checkCommand(command, checkIdLength)
      if (options.ahead !== false && !needsLocks(command) && deciding.isCalm()) {
        const outcome = await ahead.submit(command)
        if (outcome !== undefined) {
          answeredAhead++
          return outcome as TransferOutcome
        }
      }
      return (await submitUnderLocks(command)) as TransferOutcome
    },
    placeHold: ({ ownerId, key, hold }) => ask({ ownerId, key, newHold: hold }),
    voidHold: ({ ownerId, key, holdId }) => ask({ ownerId, key, voidedHoldId: holdId }),
    reverse: ({ ownerId, key, reversal }) => ask({ ownerId, key, reversal }),
    exchange: ({ ownerId, key, order }) => ask({ ownerId, key, order }),
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

// The ledger usable alone: commands with a key each, collected and committed in groups. A key answers for ever what it
// answered first, refusals on the merits included; the same key with another body is refused.
import { hash } from 'node:crypto'
import type { Uuid } from '#contract/ids.ts'
import { violatedConstraint, type Database, type Transaction } from '#platform/db.ts'
import { createGroupCommit, type GroupCommit } from '#platform/group-commit.ts'
import { Refusal } from '#platform/refusal.ts'
import type { TransferVerdict } from './account.rules.ts'
import type { Ledger } from './index.ts'
import type { HoldVerdict, PostHold } from './holds.ts'
import type { PostableTransfer } from './ledger.ts'
import { insertKeys, readKeys } from './keys.sql.ts'

export interface TransferCommand {
  /** Whose key it is: the same key of another owner is another key. */
  ownerId: Uuid
  key: Uuid
  /** One transfer, or legs that succeed or fail together. */
  transfers?: readonly PostableTransfer[]
  /** Posts an open hold, whole or in part; between these two accounts. */
  hold?: PostHold & { accountIds: readonly [Uuid, Uuid] }
}

export type TransferOutcome = TransferVerdict | HoldVerdict | 'idempotency_conflict'

export interface TransferQueue {
  /** Answers after the commit. Throws Refusal `busy` or `outcome_unknown`: ask again with the same key. */
  submit(command: TransferCommand): Promise<TransferOutcome>
  close(): Promise<void>
  readonly statistics: GroupCommit<TransferCommand, TransferOutcome>['statistics']
}

export interface TransferQueueOptions {
  maximumSize?: number
  lanes?: number
}

export function createTransferQueue(
  platform: { db: Database; clock: { now(): Date } },
  ledger: Ledger,
  options: TransferQueueOptions = {},
): TransferQueue {
  const commit = createGroupCommit<TransferCommand, TransferOutcome>({
    db: platform.db,
    ...options,
    run: (tx, commands) => decide(tx, ledger, commands, platform.clock.now()),
  })
  return {
    async submit(command) {
      if ((command.transfers?.length ?? 0) === 0 && !command.hold)
        throw new Refusal('validation_failed', undefined, 'a command moves something')
      try {
        return await commit.submit(command)
      } catch (error) {
        // The same key came with other accounts at the same moment and was first: now it is known, and answers.
        if (violatedConstraint(error) === 'ledger_idempotency') return commit.submit(command)
        throw error
      }
    },
    close: () => commit.close(),
    get statistics() {
      return commit.statistics
    },
  }
}

/** What makes two requests with one key the same: everything but the ids that the caller made for this try. */
function bodyHash({ transfers, hold }: TransferCommand): Buffer {
  let text = hold ? `hold ${hold.holdId} ${hold.amountMinor ?? 'all'} ${hold.last ?? false}` : ''
  for (const leg of transfers ?? [])
    text += `${leg.debitAccountId} ${leg.creditAccountId} ${leg.amountMinor} ${leg.currency} ${leg.reversalOf ?? '-'} ${JSON.stringify([leg.kind, leg.reference])}\n`
  return hash('sha256', text, 'buffer')
}

/** Locks for all, looks the keys up under the locks, decides each in turn, writes all with the commit. */
async function decide(
  tx: Transaction,
  ledger: Ledger,
  commands: readonly TransferCommand[],
  now: Date,
): Promise<TransferOutcome[]> {
  const accountIds: Uuid[] = []
  for (const { transfers, hold } of commands) {
    for (const leg of transfers ?? []) accountIds.push(leg.debitAccountId, leg.creditAccountId)
    if (hold) accountIds.push(...hold.accountIds)
  }
  const holdIds = commands.flatMap(({ hold }) => hold?.holdId ?? [])
  const [accounts, stored, holds] = await Promise.all([
    ledger.lockAccounts(tx, accountIds),
    readKeys(tx, commands),
    holdIds.length > 0 ? ledger.lockHolds(tx, holdIds) : undefined,
  ])
  const known = new Map(
    stored.map((row) => [`${row.owner_id} ${row.key}`, { bodyHash: row.body_hash, outcome: row.outcome }]),
  )
  const fresh: { ownerId: Uuid; key: Uuid; bodyHash: Buffer; outcome: string }[] = []
  const outcomes = commands.map((command): TransferOutcome => {
    const place = `${command.ownerId} ${command.key}`
    const body = bodyHash(command)
    const before = known.get(place)
    if (before)
      return before.bodyHash.equals(body) ? (before.outcome as TransferOutcome) : 'idempotency_conflict'
    const outcome = command.hold
      ? holds!.post(accounts, command.hold, now)
      : accounts.applyLinked(command.transfers!)
    known.set(place, { bodyHash: body, outcome })
    fresh.push({ ownerId: command.ownerId, key: command.key, bodyHash: body, outcome })
    return outcome
  })
  await tx.commitAfter([
    // First the holds: what they give free is there when the transfers take it.
    holds ? holds.write(now) : Promise.resolve(),
    accounts.write(now),
    insertKeys(tx, fresh),
  ])
  return outcomes
}

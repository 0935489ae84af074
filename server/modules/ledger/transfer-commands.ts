// Commands with keys: what makes two of them the same, and which of a batch are new.
import { hash } from 'node:crypto'
import type { Uuid } from '#contract/ids.ts'
import type { TransferVerdict } from './account.rules.ts'
import type { HoldVerdict, PostHold } from './holds.ts'
import type { KeyRow, NewKey } from './keys.sql.ts'
import type { PostableTransfer } from './ledger.ts'

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

/** `undefined`: not decided. */
export type Decided = TransferOutcome | undefined

/** The accounts that a command touches, some of them twice. */
export function accountsOf({ transfers, hold }: TransferCommand): Uuid[] {
  const ids: Uuid[] = hold ? [...hold.accountIds] : []
  for (const leg of transfers ?? []) ids.push(leg.debitAccountId, leg.creditAccountId)
  return ids
}

/** Holds and reversals lock more than accounts: they are never decided ahead of the locks. */
export const needsLocks = ({ transfers, hold }: TransferCommand): boolean =>
  hold !== undefined || (transfers?.some((leg) => leg.reversalOf) ?? false)

/** What makes two requests with one key the same: everything but the ids that the caller made for this try. */
export function bodyHash({ transfers, hold }: TransferCommand): Buffer {
  let text = hold ? `hold ${hold.holdId} ${hold.amountMinor ?? 'all'} ${hold.last ?? false} ${hold.kind}` : ''
  for (const leg of transfers ?? [])
    text += `${leg.debitAccountId} ${leg.creditAccountId} ${leg.amountMinor} ${leg.currency} ${leg.reversalOf ?? '-'} ${JSON.stringify([leg.kind, leg.reference])}\n`
  return hash('sha256', text, 'buffer')
}

/** Where a key stands among all owners' keys, however its letters are written. */
export const placeOf = (owner: Uuid, key: Uuid): string => `${owner} ${key}`.toLowerCase()

/**
 * Goes through a batch in order. Known keys answer what they answered first, or a conflict; the others are decided, and those
 * that were come back as keys to keep. A key that was left undecided stays so for the rest of the batch.
 */
export function sortOut(
  commands: readonly TransferCommand[],
  stored: readonly KeyRow[],
  decide: (command: TransferCommand, place: string) => Decided,
): { outcomes: Decided[]; fresh: (NewKey & { place: string })[] } {
  const known = new Map<string, { bodyHash: Buffer; outcome: Decided }>()
  for (const row of stored)
    known.set(placeOf(row.owner_id, row.key), {
      bodyHash: row.body_hash,
      outcome: row.outcome as TransferOutcome,
    })
  const fresh: (NewKey & { place: string })[] = []
  const outcomes = commands.map((command): Decided => {
    const place = placeOf(command.ownerId, command.key)
    const body = bodyHash(command)
    const before = known.get(place)
    if (before) {
      if (before.outcome === undefined) return undefined
      return before.bodyHash.equals(body) ? before.outcome : 'idempotency_conflict'
    }
    const outcome = decide(command, place)
    known.set(place, { bodyHash: body, outcome })
    if (outcome !== undefined)
      fresh.push({ ownerId: command.ownerId, key: command.key, bodyHash: body, outcome, place })
    return outcome
  })
  return { outcomes, fresh }
}

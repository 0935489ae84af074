// Commands with keys: what they ask for, what makes two of them the same, and which of a batch are new.
import { hash } from 'node:crypto'
import type { Uuid } from '#contract/ids.ts'
import { Refusal } from '#platform/refusal.ts'
import type { TransferVerdict } from './account.rules.ts'
import { checkExchange, type ExchangeOrder } from './exchange.ts'
import type { HoldVerdict, PostHold } from './holds.ts'
import { checkHold, checkId, checkPart, checkReversal, checkTransfer } from './input.ts'
import type { KeyRow, NewKey } from './keys.sql.ts'
import type { NewHold, PostableTransfer } from './ledger.ts'
import type { Reversal } from './locked-reversals.ts'

/** Whose key it is, and the key: the same key of another owner is another key. */
export interface Keyed {
  ownerId: Uuid
  key: Uuid
}

export interface TransferCommand extends Keyed {
  /** One transfer, or legs that succeed or fail together. */
  transfers?: readonly PostableTransfer[]
  /** Posts an open hold, whole or in part; between these two accounts. */
  hold?: PostHold & { accountIds: readonly [Uuid, Uuid] }
}

/** One of everything that can be asked under a key. */
export interface AnyCommand extends TransferCommand {
  newHold?: NewHold
  voidedHoldId?: Uuid
  reversal?: Reversal
  order?: ExchangeOrder
}

export type TransferOutcome =
  TransferVerdict | HoldVerdict | 'held' | 'voided' | 'refund_not_allowed' | 'idempotency_conflict'

/** The first answer to a key. */
export interface KeyedAnswer {
  outcome: TransferOutcome
  /** Of the hold, the reversal or the exchange that was made when the key came first. */
  id?: Uuid
  /** Of an exchange. */
  boughtMinor?: bigint
}

/** An answer as it is kept: the outcome, then what was made. `undefined`: not decided. */
export type Decided = string | undefined

export function answerOf(decided: string): KeyedAnswer {
  const [outcome, id, boughtMinor] = decided.split(' ')
  return {
    outcome: outcome as TransferOutcome,
    ...(id ? { id } : {}),
    ...(boughtMinor ? { boughtMinor: BigInt(boughtMinor) } : {}),
  }
}

/** Throws validation_failed (or currency_not_supported) for a command that is none: it is not remembered. */
export function checkCommand(command: AnyCommand, checkIdBy = checkId): void {
  const { transfers, hold, newHold, voidedHoldId, reversal, order } = command
  checkIdBy(command.ownerId, 'ownerId')
  checkIdBy(command.key, 'key')
  const asked = [transfers, hold, newHold, voidedHoldId, reversal, order].filter((part) => part !== undefined)
  if (asked.length !== 1 || transfers?.length === 0)
    throw new Refusal('validation_failed', undefined, 'a command asks for one thing')
  if (transfers) for (const transfer of transfers) checkTransfer(transfer, checkIdBy)
  if (hold) {
    checkPart(hold)
    for (const id of hold.accountIds) checkId(id, 'accountIds')
  }
  if (newHold) checkHold(newHold)
  if (voidedHoldId !== undefined) checkId(voidedHoldId, 'holdId')
  if (reversal) checkReversal(reversal)
  if (order) checkExchange(order)
}

/** The accounts that a command names, some of them twice. */
export function accountsOf({ transfers, hold, newHold, order }: AnyCommand): Uuid[] {
  const ids: Uuid[] = hold ? [...hold.accountIds] : []
  for (const leg of transfers ?? []) ids.push(leg.debitAccountId, leg.creditAccountId)
  if (newHold) ids.push(newHold.debitAccountId, newHold.creditAccountId)
  if (order) ids.push(order.fromAccountId, order.toAccountId)
  return ids
}

/** Only transfers that give nothing back are decided ahead of the locks: all else locks more than the accounts it names. */
export const needsLocks = ({ transfers }: AnyCommand): boolean =>
  !transfers || transfers.some((leg) => leg.reversalOf)

/**
 * What makes two requests with one key the same: everything but the ids that the caller made for this try, and when it says
 * that it happened.
 */
export function bodyHash({ transfers, hold, newHold, voidedHoldId, reversal, order }: AnyCommand): Buffer {
  let text = ''
  for (const leg of transfers ?? [])
    text += `${leg.debitAccountId} ${leg.creditAccountId} ${leg.amountMinor} ${leg.currency} ${leg.reversalOf ?? '-'} ${JSON.stringify([leg.kind, leg.reference])}\n`
  if (hold) text = `hold ${hold.holdId} ${hold.amountMinor ?? 'all'} ${hold.last ?? false} ${hold.kind}`
  if (newHold) {
    const { debitAccountId, creditAccountId, amountMinor, currency, reference, expiresAt } = newHold
    // Until when money is promised is part of the promise.
    text = `place ${debitAccountId} ${creditAccountId} ${amountMinor} ${currency} ${expiresAt?.getTime() ?? '-'} ${JSON.stringify(reference)}`
  }
  if (voidedHoldId !== undefined) text = `void ${voidedHoldId}`
  if (reversal) {
    const { transferId, amountMinor, from, kind, reference } = reversal
    text = `reverse ${transferId} ${amountMinor} ${from ?? '-'} ${JSON.stringify([kind, reference])}`
  }
  if (order) {
    const { fromAccountId, toAccountId, sold, boughtCurrency, rate, kind, reference } = order
    text = `exchange ${fromAccountId} ${toAccountId} ${sold.amountMinor} ${sold.currency} ${boughtCurrency} ${rate.numerator}/${rate.denominator} ${JSON.stringify([rate.source, kind, reference])}`
  }
  return hash('sha256', text, 'buffer')
}

/** Where a key stands among all owners' keys, however its letters are written. */
export const placeOf = (owner: Uuid, key: Uuid): string => `${owner} ${key}`.toLowerCase()

/**
 * Goes through a batch in order. Known keys answer what they answered first, or a conflict; the others are decided, and those
 * that were come back as keys to keep. A key that was left undecided stays so for the rest of the batch.
 */
export function sortOut<Command extends TransferCommand>(
  commands: readonly Command[],
  stored: readonly KeyRow[],
  decide: (command: Command, place: string) => Decided,
): { outcomes: Decided[]; fresh: (NewKey & { place: string })[] } {
  const known = new Map<string, { bodyHash: Buffer; outcome: Decided }>()
  for (const row of stored)
    known.set(placeOf(row.owner_id, row.key), { bodyHash: row.body_hash, outcome: row.outcome })
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

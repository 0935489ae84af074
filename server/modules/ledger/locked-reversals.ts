// What may still be given back of transfers, with what was decided on them so far in this transaction. Decided under the lock of
// the account that each origin took from, which every reversal of it must credit; the database counts behind.
import type { Uuid } from '#contract/ids.ts'
import type { Currency } from '#contract/money.ts'
import type { PostableTransfer } from './ledger.ts'

/** A posted transfer that may be given back. */
export interface Origin {
  id: Uuid
  debitAccountId: Uuid
  creditAccountId: Uuid
  amountMinor: bigint
  currency: Currency
}

export interface Reversal {
  id: Uuid
  transferId: Uuid
  amountMinor: bigint
  kind: string
  reference: string
  /** When it happened; left out: when it is recorded. */
  effectiveAt?: Date | undefined
  /** Who gives it back, when it is not who got it. */
  from?: Uuid | undefined
}

/** Transfers together give back no more than what is left of each origin, to whom it took from and in its currency. */
export interface LockedReversals {
  fit(transfers: readonly PostableTransfer[]): boolean
  /** They are posted: so much less is left. */
  take(transfers: readonly PostableTransfer[]): void
}

/** A transfer in the opposite direction of its origin. */
export function reversalOf(origin: Origin, reversal: Reversal): PostableTransfer {
  return {
    id: reversal.id,
    debitAccountId: reversal.from ?? origin.creditAccountId,
    creditAccountId: origin.debitAccountId,
    amountMinor: reversal.amountMinor,
    currency: origin.currency,
    kind: reversal.kind,
    reference: reversal.reference,
    effectiveAt: reversal.effectiveAt,
    reversalOf: origin.id,
  }
}

/** `reversed`: what was given back of each before, none when missing. */
export function lockedReversals(
  origins: ReadonlyMap<Uuid, Origin>,
  reversed: ReadonlyMap<Uuid, bigint>,
): LockedReversals {
  const left = new Map<Uuid, bigint>()
  for (const { id, amountMinor } of origins.values()) left.set(id, amountMinor - (reversed.get(id) ?? 0n))
  return {
    fit(transfers) {
      const wanted = new Map<Uuid, bigint>()
      for (const { reversalOf: originId, creditAccountId, currency, amountMinor } of transfers) {
        if (originId === undefined) continue
        const origin = origins.get(originId)
        if (origin?.debitAccountId !== creditAccountId || origin.currency !== currency) return false
        const sum = (wanted.get(originId) ?? 0n) + amountMinor
        if (sum > left.get(originId)!) return false
        wanted.set(originId, sum)
      }
      return true
    },
    take(transfers) {
      for (const { reversalOf: originId, amountMinor } of transfers)
        if (originId !== undefined) left.set(originId, left.get(originId)! - amountMinor)
    },
  }
}

// Holds under their locks, with what was decided on them so far in this transaction: like accounts, each decision sees the
// ones before it, and `write` saves all as one statement.
import type { Uuid } from '#contract/ids.ts'
import type { Transaction } from '#platform/db.ts'
import type { TransferVerdict } from './account.rules.ts'
import type { Hold } from './ledger.ts'
import type { LockedAccounts } from './locked-accounts.ts'
import { saveHolds } from './holds.sql.ts'

export type HoldVerdict = 'hold_unknown' | 'hold_closed' | 'hold_expired' | 'hold_exceeded'

export interface PostHold {
  holdId: Uuid
  transferId: Uuid
  /** Left out: all that remains. */
  amountMinor?: bigint
  /** Gives free what is left after this part. */
  last?: boolean
  kind: string
  /** When it happened; left out: when it is recorded. */
  effectiveAt?: Date | undefined
}

export interface LockedHolds {
  get(id: Uuid): Hold | undefined
  /** Posts a part of a hold on its accounts, which are locked in `accounts`. */
  post(accounts: LockedAccounts, post: PostHold, now: Date): TransferVerdict | HoldVerdict
  /** Gives an open hold free; false when it is closed. */
  end(id: Uuid, state: 'voided' | 'expired'): boolean
  /** Saves what was decided. Before the accounts write: what is given free must be free when a transfer takes it. */
  write(now: Date): Promise<void>
}

export function lockedHolds(tx: Transaction, rows: readonly Hold[]): LockedHolds {
  const holds = new Map(rows.map((row) => [row.id, row]))
  const changed = new Map<Uuid, Hold>()
  function change(hold: Hold) {
    holds.set(hold.id, hold)
    changed.set(hold.id, hold)
  }
  return {
    get: (id) => holds.get(id),
    post(accounts, { holdId, transferId, amountMinor, last, kind, effectiveAt }, now) {
      const hold = holds.get(holdId)
      if (!hold) return 'hold_unknown'
      if (hold.state !== 'open') return 'hold_closed'
      if (hold.expiresAt && hold.expiresAt <= now) return 'hold_expired'
      const amount = amountMinor ?? hold.remainingMinor
      // What is no amount at all, the accounts say.
      if (amount > hold.remainingMinor) return 'hold_exceeded'
      const remaining = last ? 0n : hold.remainingMinor - amount
      const verdict = accounts.apply(
        {
          id: transferId,
          debitAccountId: hold.debitAccountId,
          creditAccountId: hold.creditAccountId,
          amountMinor: amount,
          currency: hold.currency,
          kind,
          reference: hold.reference,
          effectiveAt,
          holdId,
        },
        hold.remainingMinor - remaining,
      )
      if (verdict === 'posted')
        change({
          ...hold,
          postedMinor: hold.postedMinor + amount,
          remainingMinor: remaining,
          state: remaining === 0n ? 'posted' : 'open',
        })
      return verdict
    },
    end(id, state) {
      const hold = holds.get(id)
      if (hold?.state !== 'open') return false
      change({ ...hold, remainingMinor: 0n, state })
      return true
    },
    async write(now) {
      const list = [...changed.values()]
      changed.clear()
      if (list.length > 0) await saveHolds(tx, list, now)
    },
  }
}

// Holds: money that is promised and cannot be spent, until it is posted (whole or in parts), voided or expires.
// A hold is locked after its accounts: post against void against expiry is decided by who holds the accounts' locks.
import type { Uuid } from '#contract/ids.ts'
import type { Clock } from '#platform/clock.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import { Refusal } from '#platform/refusal.ts'
import type { TransferVerdict } from './account.rules.ts'
import { checkHold, checkId, checkLimit, checkPart } from './input.ts'
import type { Hold, NewHold, PostedTransfer } from './ledger.ts'
import type { LockedAccounts } from './locked-accounts.ts'
import { lockedHolds, type LockedHolds, type PostHold } from './locked-holds.ts'
import * as store from './holds.sql.ts'

export type { HoldVerdict, LockedHolds, PostHold } from './locked-holds.ts'

export interface Holds {
  /** Holds all or none; insufficient_funds when the account has less available. */
  placeHolds(tx: Transaction, holds: readonly NewHold[]): Promise<void>
  /** Locks holds for a batch; their accounts must be locked before. */
  lockHolds(tx: Transaction, ids: readonly Uuid[]): Promise<LockedHolds>
  /**
   * Posts a part (or all that remains) of an open hold. `last` gives the rest free. Throws conflict when it is closed or
   * smaller, not_found when there is none.
   */
  postHold(tx: Transaction, post: PostHold): Promise<PostedTransfer>
  /** Gives an open hold free. Throws conflict when it is closed, not_found when there is none. */
  voidHold(tx: Transaction, holdId: Uuid): Promise<void>
  /** Gives holds free whose time is over by the clock; returns how many. */
  expireHolds(tx: Transaction, limit: number): Promise<number>
  openHolds(sql: Sql, accountId: Uuid): Promise<Hold[]>
}

export function createHolds(
  clock: Clock,
  needs: {
    lockAccounts(tx: Transaction, ids: readonly Uuid[]): Promise<LockedAccounts>
    refusalOf(verdict: Exclude<TransferVerdict, 'posted'>): Refusal
  },
): Holds {
  const lockHolds = async (tx: Transaction, ids: readonly Uuid[]) =>
    lockedHolds(tx, await store.lockHoldRows(tx, [...new Set(ids)]))

  /** Accounts first, then the holds: the one order. */
  async function lockBoth(
    tx: Transaction,
    ids: readonly Uuid[],
  ): Promise<{ accounts: LockedAccounts; holds: LockedHolds }> {
    const between = await store.readHoldAccounts(tx, ids)
    const accounts = await needs.lockAccounts(
      tx,
      between.flatMap((row) => [row.debit_account_id, row.credit_account_id]),
    )
    return { accounts, holds: await lockHolds(tx, ids) }
  }

  return {
    lockHolds,

    async placeHolds(tx, holds) {
      holds.forEach(checkHold)
      const accounts = await needs.lockAccounts(
        tx,
        holds.flatMap((hold) => [hold.debitAccountId, hold.creditAccountId]),
      )
      for (const hold of holds) {
        const verdict = accounts.applyHold(hold)
        if (verdict !== 'posted') throw needs.refusalOf(verdict)
      }
      await accounts.write(clock.now())
    },

    async postHold(tx, post) {
      checkPart(post)
      const { accounts, holds } = await lockBoth(tx, [post.holdId])
      const verdict = holds.post(accounts, post, clock.now())
      switch (verdict) {
        case 'posted':
          break
        case 'hold_unknown':
          throw new Refusal('not_found', undefined, 'no such hold')
        case 'balance_limit':
        case 'monthly_incoming_limit':
        case 'account_frozen':
          throw new Refusal(verdict, undefined, `ledger: ${verdict}`)
        default:
          throw new Refusal('conflict', undefined, `ledger: ${verdict}`)
      }
      // The hold gives free before the transfer takes.
      await holds.write(clock.now())
      return (await accounts.write(clock.now()))[0]!
    },

    async voidHold(tx, holdId) {
      checkId(holdId, 'holdId')
      const { holds } = await lockBoth(tx, [holdId])
      const hold = holds.get(holdId)
      if (!hold) throw new Refusal('not_found', undefined, 'no such hold')
      if (!holds.end(holdId, 'voided')) throw new Refusal('conflict', undefined, `the hold is ${hold.state}`)
      await holds.write(clock.now())
    },

    async expireHolds(tx, limit) {
      checkLimit(limit)
      const now = clock.now()
      const over = await store.findExpiredHolds(tx, now, limit)
      if (over.length === 0) return 0
      const { holds } = await lockBoth(tx, over)
      // Posted or voided since the search: nothing is left to expire.
      const expired = over.filter((id) => holds.end(id, 'expired'))
      await holds.write(now)
      return expired.length
    },

    openHolds: store.readOpenHolds,
  }
}

// Holds: money that is promised and cannot be spent, until it is posted (whole or in parts), voided or expires.
// A hold is locked after its accounts: post against void against expiry is decided by who holds the accounts' locks.
import type { Uuid } from '#contract/ids.ts'
import { maximumAmountMinor } from '#contract/money.ts'
import type { Clock } from '#platform/clock.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import { Refusal } from '#platform/refusal.ts'
import { availableMinor, stops } from './account.rules.ts'
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
  /** Posts a part (or all that remains) of an open hold. `last` gives the rest free. Throws conflict when it is closed or smaller. */
  postHold(tx: Transaction, post: PostHold): Promise<PostedTransfer>
  /** Gives an open hold free. Throws conflict when it is closed. */
  voidHold(tx: Transaction, holdId: Uuid): Promise<void>
  /** Gives holds free whose time is over by the clock; returns how many. */
  expireHolds(tx: Transaction, limit: number): Promise<number>
  openHolds(sql: Sql, accountId: Uuid): Promise<Hold[]>
}

export function createHolds(
  clock: Clock,
  needs: { lockAccounts(tx: Transaction, ids: readonly Uuid[]): Promise<LockedAccounts> },
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
      const accounts = await needs.lockAccounts(
        tx,
        holds.flatMap((hold) => [hold.debitAccountId, hold.creditAccountId]),
      )
      const wanted = new Map<Uuid, bigint>()
      for (const hold of holds) {
        const account = accounts.get(hold.debitAccountId)
        const other = accounts.get(hold.creditAccountId)
        if (hold.amountMinor <= 0n || hold.amountMinor > maximumAmountMinor)
          throw new Refusal('validation_failed', undefined, 'a hold is above zero and within int8')
        if (hold.debitAccountId === hold.creditAccountId)
          throw new Refusal('validation_failed', undefined, 'a hold is between two accounts')
        if (!account || !other) throw new Refusal('recipient_unknown')
        if (account.currency !== hold.currency || other.currency !== hold.currency)
          throw new Refusal('currency_not_supported')
        if (account.closed || other.closed) throw new Refusal('account_inactive')
        if (stops(account, 'debits')) throw new Refusal('account_frozen')
        const total = (wanted.get(account.id) ?? 0n) + hold.amountMinor
        const available = availableMinor(account)
        if (available !== undefined && available < total) throw new Refusal('insufficient_funds')
        // An account without bounds still ends where int8 ends.
        if (account.heldMinor + total > maximumAmountMinor) throw new Refusal('insufficient_funds')
        wanted.set(account.id, total)
      }
      await store.insertHolds(tx, holds, clock.now())
    },

    async postHold(tx, post) {
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
      const { holds } = await lockBoth(tx, [holdId])
      const hold = holds.get(holdId)
      if (!hold) throw new Refusal('not_found', undefined, 'no such hold')
      if (!holds.end(holdId, 'voided')) throw new Refusal('conflict', undefined, `the hold is ${hold.state}`)
      await holds.write(clock.now())
    },

    async expireHolds(tx, limit) {
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

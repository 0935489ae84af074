// Holds: money that is promised and cannot be spent, until it is posted (whole or in parts), voided or expires.
// A hold is locked after its accounts: post against void against expiry is decided by who holds the accounts' locks.
import type { Uuid } from '#contract/ids.ts'
import { maximumAmountMinor } from '#contract/money.ts'
import type { Clock } from '#platform/clock.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import { Refusal } from '#platform/refusal.ts'
import { availableMinor } from './account.rules.ts'
import type { Hold, NewHold, PostedTransfer } from './ledger.ts'
import type { LockedAccounts } from './locked-accounts.ts'
import * as store from './ledger.sql.ts'

export interface Holds {
  /** Holds all or none; insufficient_funds when the account has less available. */
  placeHolds(tx: Transaction, holds: readonly NewHold[]): Promise<void>
  /** Posts a part (or all that remains) of an open hold. `last` gives the rest free. Throws conflict when it is closed or smaller. */
  postHold(
    tx: Transaction,
    post: {
      holdId: Uuid
      transferId: Uuid
      amountMinor?: bigint
      last?: boolean
      kind: string
      effectiveAt: Date
    },
  ): Promise<PostedTransfer>
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
  async function lockOpen(tx: Transaction, holdId: Uuid): Promise<{ hold: Hold; accounts: LockedAccounts }> {
    const seen = await tx.maybe<{ debit_account_id: string; credit_account_id: string }>(
      'SELECT debit_account_id, credit_account_id FROM ledger.holds WHERE id = $1',
      [holdId],
    )
    if (!seen) throw new Refusal('not_found', undefined, 'no such hold')
    const accounts = await needs.lockAccounts(tx, [seen.debit_account_id, seen.credit_account_id])
    const hold = (await store.lockHold(tx, holdId))!
    if (hold.state !== 'open') throw new Refusal('conflict', undefined, `the hold is ${hold.state}`)
    return { hold, accounts }
  }

  return {
    async placeHolds(tx, holds) {
      const accounts = await needs.lockAccounts(
        tx,
        holds.flatMap((hold) => [hold.debitAccountId, hold.creditAccountId]),
      )
      const wanted = new Map<Uuid, bigint>()
      for (const hold of holds) {
        const account = accounts.get(hold.debitAccountId)
        if (hold.amountMinor <= 0n || hold.amountMinor > maximumAmountMinor)
          throw new Refusal('validation_failed', undefined, 'a hold is above zero and within int8')
        if (hold.debitAccountId === hold.creditAccountId)
          throw new Refusal('validation_failed', undefined, 'a hold is between two accounts')
        if (!account || !accounts.get(hold.creditAccountId)) throw new Refusal('recipient_unknown')
        if (
          account.currency !== hold.currency ||
          accounts.get(hold.creditAccountId)!.currency !== hold.currency
        )
          throw new Refusal('currency_not_supported')
        const total = (wanted.get(account.id) ?? 0n) + hold.amountMinor
        const available = availableMinor(account)
        if (available !== undefined && available < total) throw new Refusal('insufficient_funds')
        wanted.set(account.id, total)
      }
      await store.insertHolds(tx, holds, clock.now())
    },

    async postHold(tx, { holdId, transferId, amountMinor, last, kind, effectiveAt }) {
      const { hold, accounts } = await lockOpen(tx, holdId)
      const amount = amountMinor ?? hold.remainingMinor
      if (amount <= 0n || amount > hold.remainingMinor)
        throw new Refusal('conflict', undefined, 'more than the hold still has')
      if (hold.expiresAt && hold.expiresAt <= clock.now())
        throw new Refusal('conflict', undefined, 'the hold is over')
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
      if (verdict !== 'posted')
        throw new Refusal(
          verdict === 'balance_limit' ? 'balance_limit' : 'conflict',
          undefined,
          `ledger: ${verdict}`,
        )
      // Decided first, so that a refusal has written nothing; the hold gives free before the transfer takes.
      await store.saveHold(
        tx,
        {
          ...hold,
          postedMinor: hold.postedMinor + amount,
          remainingMinor: remaining,
          state: remaining === 0n ? 'posted' : 'open',
        },
        remaining === 0n ? clock.now() : undefined,
      )
      return (await accounts.write(clock.now()))[0]!
    },

    async voidHold(tx, holdId) {
      const { hold } = await lockOpen(tx, holdId)
      await store.saveHold(tx, { ...hold, remainingMinor: 0n, state: 'voided' }, clock.now())
    },

    async expireHolds(tx, limit) {
      const now = clock.now()
      let expired = 0
      for (const id of await store.findExpiredHolds(tx, now, limit)) {
        const { hold } = await lockOpen(tx, id).catch((error: unknown) => {
          // Posted or voided since the search: nothing is left to expire.
          if (error instanceof Refusal && error.code === 'conflict') return { hold: undefined }
          throw error
        })
        if (!hold) continue
        await store.saveHold(tx, { ...hold, remainingMinor: 0n, state: 'expired' }, now)
        expired++
      }
      return expired
    },

    openHolds: store.readOpenHolds,
  }
}

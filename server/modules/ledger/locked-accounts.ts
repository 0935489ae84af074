// Accounts under their locks, with the transfers decided on them so far in this transaction.
// Each `apply` sees what the ones before it did; `write` posts all that were accepted, as one statement.
import type { Uuid } from '#contract/ids.ts'
import type { Transaction } from '#platform/db.ts'
import { afterTransfer, judgeHold, judgeTransfer, type TransferVerdict } from './account.rules.ts'
import { inWords } from './faults.ts'
import { insertHolds } from './holds.sql.ts'
import type { AccountState, NewHold, PostableTransfer, PostedTransfer } from './ledger.ts'
import { insertLinks, insertTransfers } from './ledger.sql.ts'

export interface LockedAccounts {
  get(id: Uuid): AccountState | undefined
  /** Decides one transfer on the accounts as they now stand, and accepts it when the verdict is `posted`. */
  apply(transfer: PostableTransfer, releasedMinor?: bigint): TransferVerdict
  /**
   * Decides transfers that succeed or fail together, each on what those before it did. `posted`, or the first verdict that
   * is not: then none of them is accepted.
   */
  applyLinked(legs: readonly PostableTransfer[]): TransferVerdict
  /**
   * Decides one transfer whose credited account is not locked here but when it is written: an account without a maximum,
   * which is only credited here, so that it cannot refuse. The database's own checks stand behind.
   */
  applyCreditingLate(transfer: PostableTransfer): TransferVerdict
  /** Decides one hold, and accepts it when the verdict is `posted`: what it holds cannot be spent by what comes after. */
  applyHold(hold: NewHold): TransferVerdict
  /** A hold on this account gives so much free: what comes after may spend it. */
  release(id: Uuid, amountMinor: bigint): void
  /**
   * Posts what was accepted, and places the holds. Call once, in the same transaction as the locks. Throws Refusal
   * duplicate_reference for an id that is taken, refund_not_allowed for a reversal of more than its origin.
   */
  write(recordedAt: Date): Promise<PostedTransfer[]>
}

export function lockedAccounts(tx: Transaction, rows: readonly AccountState[]): LockedAccounts {
  return accountsInHand(tx, new Map(rows.map((row) => [row.id, row])))
}

/** The same on accounts that the caller keeps: what is accepted changes them there. */
export function accountsInHand(tx: Transaction, accounts: Map<Uuid, AccountState>): LockedAccounts {
  const accepted: PostedTransfer[] = []
  const links: { linkId: Uuid; transferIds: Uuid[] }[] = []
  const holds: NewHold[] = []
  const locked: LockedAccounts = {
    get: (id) => accounts.get(id),
    apply(transfer, releasedMinor = 0n) {
      const debit = accounts.get(transfer.debitAccountId)
      const credit = accounts.get(transfer.creditAccountId)
      const verdict = judgeTransfer(transfer, debit, credit, releasedMinor)
      if (verdict !== 'posted') return verdict
      const [debitAfter, creditAfter] = afterTransfer(transfer, debit!, credit!)
      debitAfter.heldMinor -= releasedMinor
      accounts.set(debitAfter.id, debitAfter).set(creditAfter.id, creditAfter)
      accepted.push({
        ...transfer,
        debitBalanceAfterMinor: debitAfter.balanceMinor,
        debitEntry: debitAfter.entryCount,
        creditBalanceAfterMinor: creditAfter.balanceMinor,
        creditEntry: creditAfter.entryCount,
      })
      return verdict
    },
    applyLinked(legs) {
      const before = new Map<Uuid, AccountState | undefined>()
      for (const leg of legs)
        for (const id of [leg.debitAccountId, leg.creditAccountId])
          if (!before.has(id)) before.set(id, accounts.get(id))
      const count = accepted.length
      for (const leg of legs) {
        const verdict = locked.apply(leg)
        if (verdict === 'posted') continue
        accepted.length = count
        for (const [id, account] of before) if (account) accounts.set(id, account)
        return verdict
      }
      if (legs.length > 1) links.push({ linkId: legs[0]!.id, transferIds: legs.map((leg) => leg.id) })
      return 'posted'
    },
    applyCreditingLate(transfer) {
      const debit = accounts.get(transfer.debitAccountId)
      if (accounts.has(transfer.creditAccountId))
        throw new Error('an account is credited late only when it is not locked yet')
      // What the credited account is known to be: of the same currency, without bounds.
      const verdict = judgeTransfer(transfer, debit, unbounded(transfer))
      if (verdict !== 'posted') return verdict
      const [debitAfter] = afterTransfer(transfer, debit!, unbounded(transfer))
      accounts.set(debitAfter.id, debitAfter)
      accepted.push({
        ...transfer,
        debitBalanceAfterMinor: debitAfter.balanceMinor,
        debitEntry: debitAfter.entryCount,
        creditBalanceAfterMinor: undefined,
        creditEntry: undefined,
      })
      return verdict
    },
    applyHold(hold) {
      const debit = accounts.get(hold.debitAccountId)
      const verdict = judgeHold(hold, debit, accounts.get(hold.creditAccountId))
      if (verdict !== 'posted') return verdict
      accounts.set(debit!.id, { ...debit!, heldMinor: debit!.heldMinor + hold.amountMinor })
      holds.push(hold)
      return verdict
    },
    release(id, amountMinor) {
      const account = accounts.get(id)
      if (account) accounts.set(id, { ...account, heldMinor: account.heldMinor - amountMinor })
    },
    async write(recordedAt) {
      const posted = accepted.splice(0)
      const linked = links.splice(0)
      const placed = holds.splice(0)
      const writes: Promise<void>[] = []
      if (posted.length > 0) writes.push(insertTransfers(tx, posted, recordedAt))
      if (linked.length > 0) writes.push(insertLinks(tx, linked))
      // After the transfers: what came in with them may be promised.
      if (placed.length > 0) writes.push(insertHolds(tx, placed, recordedAt))
      await inWords(Promise.all(writes))
      return posted
    },
  }
  return locked
}

/** Stands for a credited account that is not read: the kind tells nothing, balance and entries are the database's to count. */
function unbounded(transfer: PostableTransfer): AccountState {
  return {
    id: transfer.creditAccountId,
    kind: 'shop_unacknowledged',
    currency: transfer.currency,
    balanceMinor: 0n,
    heldMinor: 0n,
    entryCount: 0n,
    minimumMinor: undefined,
    maximumMinor: undefined,
  }
}

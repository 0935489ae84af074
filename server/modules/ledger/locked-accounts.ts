// Accounts under their locks, with the transfers decided on them so far in this transaction.
// Each `apply` sees what the ones before it did; `write` posts all that were accepted, as one statement.
import type { Uuid } from '#contract/ids.ts'
import type { Transaction } from '#platform/db.ts'
import { afterTransfer, judgeTransfer, type TransferVerdict } from './account.rules.ts'
import type { AccountState, PostedTransfer, TransferRequest } from './ledger.ts'
import { insertTransfers } from './ledger.sql.ts'

export interface LockedAccounts {
  get(id: Uuid): AccountState | undefined
  /** Decides one transfer on the accounts as they now stand, and accepts it when the verdict is `posted`. */
  apply(transfer: TransferRequest, releasedMinor?: bigint): TransferVerdict
  /** Posts what was accepted. Call once, in the same transaction as the locks. */
  write(recordedAt: Date): Promise<PostedTransfer[]>
}

export function lockedAccounts(tx: Transaction, rows: readonly AccountState[]): LockedAccounts {
  const accounts = new Map(rows.map((row) => [row.id, row]))
  const accepted: PostedTransfer[] = []
  return {
    get: (id) => accounts.get(id),
    apply(transfer, releasedMinor = 0n) {
      const debit = accounts.get(transfer.debitAccountId)
      const credit = accounts.get(transfer.creditAccountId)
      const verdict = judgeTransfer(transfer, debit, credit, releasedMinor)
      if (verdict !== 'posted') return verdict
      const [debitAfter, creditAfter] = afterTransfer(transfer.amountMinor, debit!, credit!)
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
    async write(recordedAt) {
      const posted = accepted.splice(0)
      if (posted.length > 0) await insertTransfers(tx, posted, recordedAt)
      return posted
    },
  }
}

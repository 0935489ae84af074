// What accounts allow, decided on values read under their locks. Pure: figures in, verdict out.
import { maximumAmountMinor } from '#contract/money.ts'
import type { AccountState, NewHold, TransferRequest } from './ledger.ts'

export type TransferVerdict =
  | 'posted'
  | 'amount_invalid'
  | 'same_account'
  | 'account_unknown'
  | 'currency_mismatch'
  | 'insufficient_funds'
  | 'balance_limit'
  | 'monthly_incoming_limit'
  | 'account_frozen'
  | 'account_closed'

/** What may leave the account now: balance less what is held less what must stay. Unbounded accounts answer undefined. */
export function availableMinor(account: AccountState): bigint | undefined {
  return account.minimumMinor === undefined
    ? undefined
    : account.balanceMinor - account.heldMinor - account.minimumMinor
}

/** What the account may still take in; undefined when it has no maximum. */
export function roomMinor(account: AccountState): bigint | undefined {
  return account.maximumMinor === undefined ? undefined : account.maximumMinor - account.balanceMinor
}

/**
 * May this transfer be posted on these accounts as they stand? `releasedMinor` is what a hold of the same transfer gives
 * free in the same moment.
 */
export function judgeTransfer(
  transfer: Pick<TransferRequest, 'amountMinor' | 'currency' | 'reversalOf'>,
  debit: AccountState | undefined,
  credit: AccountState | undefined,
  releasedMinor = 0n,
): TransferVerdict {
  if (!isAmount(transfer.amountMinor)) return 'amount_invalid'
  if (!debit || !credit) return 'account_unknown'
  if (debit.id === credit.id) return 'same_account'
  if (debit.currency !== transfer.currency || credit.currency !== transfer.currency)
    return 'currency_mismatch'
  if (debit.closed || credit.closed) return 'account_closed'
  if (stops(debit, 'debits') || stops(credit, 'credits')) return 'account_frozen'
  const available = availableMinor(debit)
  if (available !== undefined && available + releasedMinor < transfer.amountMinor) return 'insufficient_funds'
  const room = roomMinor(credit)
  if (room !== undefined && room < transfer.amountMinor) return 'balance_limit'
  if (
    credit.monthlyCapMinor !== undefined &&
    transfer.reversalOf === undefined &&
    (credit.incomingMinor ?? 0n) + transfer.amountMinor > credit.monthlyCapMinor
  )
    return 'monthly_incoming_limit'
  // Accounts without bounds still end where int8 ends.
  if (debit.balanceMinor - transfer.amountMinor < -maximumAmountMinor) return 'insufficient_funds'
  if (credit.balanceMinor + transfer.amountMinor > maximumAmountMinor) return 'balance_limit'
  return 'posted'
}

/** May this much be promised on these accounts as they stand? What is promised can be spent no more. */
export function judgeHold(
  hold: Pick<NewHold, 'amountMinor' | 'currency'>,
  debit: AccountState | undefined,
  credit: AccountState | undefined,
): TransferVerdict {
  if (!isAmount(hold.amountMinor)) return 'amount_invalid'
  if (!debit || !credit) return 'account_unknown'
  if (debit.id === credit.id) return 'same_account'
  if (debit.currency !== hold.currency || credit.currency !== hold.currency) return 'currency_mismatch'
  if (debit.closed || credit.closed) return 'account_closed'
  if (stops(debit, 'debits')) return 'account_frozen'
  const available = availableMinor(debit)
  if (available !== undefined && available < hold.amountMinor) return 'insufficient_funds'
  // An account without bounds still ends where int8 ends.
  if (debit.heldMinor + hold.amountMinor > maximumAmountMinor) return 'insufficient_funds'
  return 'posted'
}

/** Rooms that move money under locks come here without having been asked what they give: a number is no amount. */
const isAmount = (amountMinor: unknown): boolean =>
  typeof amountMinor === 'bigint' && amountMinor > 0n && amountMinor <= maximumAmountMinor

/** Is this side of the account stopped? */
export function stops(account: AccountState, side: 'debits' | 'credits'): boolean {
  return account.frozen === side || account.frozen === 'both'
}

/** Both accounts after a posted transfer. What is given back does not count as coming in. */
export function afterTransfer(
  { amountMinor, reversalOf }: Pick<TransferRequest, 'amountMinor' | 'reversalOf'>,
  debit: AccountState,
  credit: AccountState,
): [AccountState, AccountState] {
  const counts = credit.monthlyCapMinor !== undefined && reversalOf === undefined
  return [
    { ...debit, balanceMinor: debit.balanceMinor - amountMinor, entryCount: debit.entryCount + 1n },
    {
      ...credit,
      balanceMinor: credit.balanceMinor + amountMinor,
      entryCount: credit.entryCount + 1n,
      ...(counts ? { incomingMinor: (credit.incomingMinor ?? 0n) + amountMinor } : {}),
    },
  ]
}

/** Entries between two balances. */
export interface Statement {
  openingMinor: bigint
  entries: readonly { amountMinor: bigint; balanceAfterMinor: bigint }[]
  closingMinor: bigint
}

/** Opening plus every entry must give every balance on the way and the closing one. Answers the first entry that does not, or undefined. */
export function firstBreak(statement: Statement): number | undefined {
  let balance = statement.openingMinor
  for (const [index, entry] of statement.entries.entries()) {
    balance += entry.amountMinor
    if (balance !== entry.balanceAfterMinor) return index
  }
  return balance === statement.closingMinor ? undefined : statement.entries.length
}

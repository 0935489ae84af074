// May this wallet spend this amount now? Status first, then the limits; the balance is the ledger's to decide.
import type { Currency } from '#contract/money.ts'

export type WalletStatus = 'active' | 'frozen' | 'restricted' | 'inactive'

export interface WalletState {
  customerId: string
  accountId: string
  currency: Currency
  status: WalletStatus
  frozenAt: Date | undefined
  perTransactionMinor: bigint
  perDayMinor: bigint
  countPerDay: number
  maximumBalanceMinor: bigint
  /** The day (YYYY-MM-DD in the wallet's zone) that the two counters are of. */
  spentDay: string | undefined
  spentMinor: bigint
  spentCount: number
}

export type SpendVerdict =
  | { verdict: 'allowed' }
  | { verdict: 'account_frozen'; since: Date }
  | { verdict: 'account_restricted' }
  | { verdict: 'account_inactive' }
  | { verdict: 'currency_not_supported' }
  | { verdict: 'transaction_limit'; limitMinor: bigint }
  | { verdict: 'daily_limit'; limitMinor: bigint; usedMinor: bigint }
  | { verdict: 'count_limit'; limit: number }

/** What was spent on `today`: yesterday's counters count for nothing. */
export function usedToday(wallet: WalletState, today: string): { minor: bigint; count: number } {
  return wallet.spentDay === today
    ? { minor: wallet.spentMinor, count: wallet.spentCount }
    : { minor: 0n, count: 0 }
}

export function judgeSpend(
  wallet: WalletState,
  amountMinor: bigint,
  currency: Currency,
  today: string,
): SpendVerdict {
  switch (wallet.status) {
    case 'frozen':
      return { verdict: 'account_frozen', since: wallet.frozenAt! }
    case 'restricted':
      return { verdict: 'account_restricted' }
    case 'inactive':
      return { verdict: 'account_inactive' }
    case 'active':
  }
  if (wallet.currency !== currency) return { verdict: 'currency_not_supported' }
  if (amountMinor > wallet.perTransactionMinor)
    return { verdict: 'transaction_limit', limitMinor: wallet.perTransactionMinor }
  const used = usedToday(wallet, today)
  if (used.minor + amountMinor > wallet.perDayMinor)
    return { verdict: 'daily_limit', limitMinor: wallet.perDayMinor, usedMinor: used.minor }
  if (used.count + 1 > wallet.countPerDay) return { verdict: 'count_limit', limit: wallet.countPerDay }
  return { verdict: 'allowed' }
}

export function afterSpend(wallet: WalletState, amountMinor: bigint, today: string): WalletState {
  const used = usedToday(wallet, today)
  return { ...wallet, spentDay: today, spentMinor: used.minor + amountMinor, spentCount: used.count + 1 }
}

// Where does a transfer go that the bank has taken already? Into the wallet, or to suspense where staff decide. Never back,
// never lost: a freeze stops money that leaves, not money that comes.
import type { WalletStatus } from '#modules/wallets/index.ts'

export type TopUpVerdict =
  { verdict: 'credit' } | { verdict: 'suspend'; code: 'balance_limit' | 'account_inactive' }

export function judgeTopUp(facts: {
  status: WalletStatus
  balanceMinor: bigint
  maximumBalanceMinor: bigint
  amountMinor: bigint
}): TopUpVerdict {
  if (facts.status === 'inactive') return { verdict: 'suspend', code: 'account_inactive' }
  if (facts.balanceMinor + facts.amountMinor > facts.maximumBalanceMinor)
    return { verdict: 'suspend', code: 'balance_limit' }
  return { verdict: 'credit' }
}

/** Whether two names are written the same, letter case, accents, spaces and marks aside. A hint for people, never a decision. */
export function isSameName(one: string, other: string): boolean {
  const plain = (name: string) =>
    name
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]/gu, '')
  return plain(one) === plain(other)
}

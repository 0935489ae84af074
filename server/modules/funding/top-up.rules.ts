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

/**
 * Who must decide a held top-up and until when: an agent until `decideBy`, then a lead, each time for as long again. There is
 * always an owner and a deadline ahead.
 */
export function dutyOf(
  decideBy: Date,
  decideSeconds: number,
  now: Date,
): { untilAt: Date; isEscalated: boolean } {
  if (decideBy > now) return { untilAt: decideBy, isEscalated: false }
  const step = decideSeconds * 1000
  const steps = Math.floor((now.getTime() - decideBy.getTime()) / step) + 1
  return { untilAt: new Date(decideBy.getTime() + steps * step), isEscalated: true }
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

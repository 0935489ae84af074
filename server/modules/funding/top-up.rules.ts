// Where does a transfer go that the bank has taken already? Into the wallet, or to suspense where staff decide. Never back,
// never lost: a freeze stops money that leaves, not money that comes.
import type { AccountState } from '#modules/ledger/index.ts'
import type { WalletState } from '#modules/wallets/index.ts'
import type { HoldReason } from './top-up.ts'

export type TopUpVerdict = { verdict: 'credit' } | { verdict: 'suspend'; code: HoldReason }

/** `account` is the wallet's own in the ledger; locked, nothing that it would refuse comes as a surprise. */
export function judgeTopUp(
  wallet: Pick<WalletState, 'status' | 'maximumBalanceMinor'>,
  account: Pick<AccountState, 'balanceMinor' | 'frozen' | 'closed' | 'monthlyCapMinor' | 'incomingMinor'>,
  amountMinor: bigint,
): TopUpVerdict {
  const suspend = (code: HoldReason): TopUpVerdict => ({ verdict: 'suspend', code })
  if (wallet.status === 'inactive' || account.closed) return suspend('account_inactive')
  // Not the customer's own freeze: somebody stopped what comes in.
  if (account.frozen === 'credits' || account.frozen === 'both') return suspend('account_frozen')
  if (account.balanceMinor + amountMinor > wallet.maximumBalanceMinor) return suspend('balance_limit')
  const { monthlyCapMinor } = account
  if (monthlyCapMinor !== undefined && (account.incomingMinor ?? 0n) + amountMinor > monthlyCapMinor)
    return suspend('monthly_incoming_limit')
  return { verdict: 'credit' }
}

/** The most that can come in now and still go into the wallet: what its balance and its month both have room for. */
export function roomForTopUp(
  wallet: Pick<WalletState, 'maximumBalanceMinor'>,
  account: Pick<AccountState, 'balanceMinor' | 'monthlyCapMinor' | 'incomingMinor'>,
): bigint {
  const rooms = [wallet.maximumBalanceMinor - account.balanceMinor]
  if (account.monthlyCapMinor !== undefined)
    rooms.push(account.monthlyCapMinor - (account.incomingMinor ?? 0n))
  return rooms.reduce((least, room) => (room < least ? room : least))
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

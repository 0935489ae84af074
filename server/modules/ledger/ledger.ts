// The words of the ledger: accounts, transfers, entries, holds. Amounts are bigint minor units of one currency.
import type { Uuid } from '#contract/ids.ts'
import type { Currency } from '#contract/money.ts'

/** What an account is for. Those with an owner exist once per owner and currency, the others once per currency. */
export const accountKinds = [
  'customer_wallet',
  // Paid by the customer; the shop does not know yet.
  'shop_unacknowledged',
  // The shop acknowledged: this is what Tuntas owes the shop.
  'shop_payable',
  // Kept back from a shop for a while, for refunds that come after it was paid out.
  'shop_reserve',
  // Mirrors our money at a bank: below zero by what came in from outside.
  'bank_clearing',
  // Arrived at the bank without a wallet that could take it.
  'top_up_suspense',
  'fees',
  // Paid by customers for their bills: this is what Tuntas owes the biller.
  'biller_payable',
  // What Tuntas gives away: below zero by all that was given and not taken back.
  'rewards',
  // Between two currencies: what was sold of one and bought of the other.
  'exchange_position',
] as const
export type AccountKind = (typeof accountKinds)[number]

export interface AccountState {
  id: Uuid
  kind: AccountKind
  currency: Currency
  balanceMinor: bigint
  heldMinor: bigint
  entryCount: bigint
  /** undefined: may go below zero. */
  minimumMinor: bigint | undefined
  maximumMinor: bigint | undefined
  /** What may come in within a month; with it what came in this month. */
  monthlyCapMinor?: bigint
  incomingMinor?: bigint
  /** What is stopped. */
  frozen?: 'debits' | 'credits' | 'both'
  closed?: true
}

export interface NewAccount {
  id: Uuid
  kind: AccountKind
  ownerId?: Uuid | undefined
  currency: Currency
  minimumMinor?: bigint | undefined
  maximumMinor?: bigint | undefined
  monthlyCapMinor?: bigint | undefined
}

export interface TransferRequest {
  id: Uuid
  debitAccountId: Uuid
  creditAccountId: Uuid
  amountMinor: bigint
  currency: Currency
  /** What it is in the words of its room, e.g. `payment`, `top_up`. */
  kind: string
  /** The reference that people know it by, e.g. TN-7Q2M-93TD. */
  reference: string
  /** When it happened; recordedAt is when the ledger took it. */
  effectiveAt: Date
  reversalOf?: Uuid | undefined
  holdId?: Uuid | undefined
}

/** What may be posted: without a time of its own it happened when the ledger takes it. */
export type PostableTransfer = Omit<TransferRequest, 'effectiveAt'> & { effectiveAt?: Date | undefined }

export interface PostedTransfer extends PostableTransfer {
  debitBalanceAfterMinor: bigint
  debitEntry: bigint
  /** undefined when the credited account was locked only at the writing: the database knows them. */
  creditBalanceAfterMinor: bigint | undefined
  creditEntry: bigint | undefined
}

export interface NewHold {
  id: Uuid
  debitAccountId: Uuid
  creditAccountId: Uuid
  amountMinor: bigint
  currency: Currency
  reference: string
  expiresAt?: Date | undefined
}

export interface Hold extends NewHold {
  postedMinor: bigint
  remainingMinor: bigint
  state: 'open' | 'posted' | 'voided' | 'expired'
}

export interface Entry {
  entry: bigint
  transferId: Uuid
  kind: string
  reference: string
  /** Positive came in, negative went out. */
  amountMinor: bigint
  balanceAfterMinor: bigint
  otherAccountId: Uuid
  effectiveAt: Date
  recordedAt: Date
}

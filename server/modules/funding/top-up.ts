// A top-up: one bank transfer that arrived on a customer's virtual account.
import type { Currency } from '#contract/money.ts'

export interface TopUp {
  number: bigint
  customerId: string
  partnerId: string
  bankName: string
  paymentRequestId: string
  virtualAccountNumber: string
  amountMinor: bigint
  currency: Currency
  /** The number on the sender's receipt. */
  bankReference: string | undefined
  /** When the bank says it happened. */
  bankPaidAt: Date | undefined
  state: 'completed' | 'suspended'
  failureCode: 'balance_limit' | 'account_inactive' | undefined
  transferId: string
  balanceAfterMinor: bigint | undefined
  /** When we took it in, in business time. */
  effectiveAt: Date
}

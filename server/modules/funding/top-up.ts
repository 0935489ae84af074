// A top-up: one bank transfer that arrived on a customer's virtual account.
import type { HeldTopUp } from '#contract/decisions.ts'
import type { Currency } from '#contract/money.ts'

export interface Sender {
  /** The bank's clearing code, digits only. */
  bankCode: string
  accountNumber: string
  accountName: string
}

/** Why a wallet does not take money that has arrived for it. */
export type HoldReason = NonNullable<HeldTopUp['cannotCredit']>

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
  /** Where it came from, when the bank told; only there it can go back. */
  sender?: Sender | undefined
  /** `suspended`: held until staff decide. `returning`: the bank is asked to take it back. */
  state: 'completed' | 'suspended' | 'returning' | 'returned'
  /** Why it was held; one that was credited later keeps it. */
  failureCode: HoldReason | undefined
  /** While held: until when an agent decides; then a lead. */
  decideBy?: Date | undefined
  /** When a held one came to its end. */
  closedAt?: Date | undefined
  transferId: string
  balanceAfterMinor: bigint | undefined
  /** When we took it in, in business time. */
  effectiveAt: Date
}

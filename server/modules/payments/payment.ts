// A payment in words: what is asked, what comes of it, what is stored.
import type { ErrorCode, ProblemValues } from '#contract/errors.ts'
import type { Currency } from '#contract/money.ts'

export interface PayCommand {
  customerId: string
  /** Must live in the transaction that moves the money. Undefined: whoever asks is no session. */
  sessionId?: string | undefined
  /** The customer's own key: the same key and body gives the first answer again. */
  key: string
  /** Keyed hash of everything the answer depends on. */
  bodyHash: Buffer
  orderId: string
  pin: string
  expected: { amountMinor: bigint; currency: string }
}

/** What is remembered under the key, and answered: a payment or a refusal on the merits. */
export type PayOutcome =
  | {
      paid: true
      number: string
      orderId: string
      amountMinor: string
      currency: Currency
      merchantName: string
      spendableAfterMinor: string
      paidAt: string
      returnUrl?: string
    }
  | { paid: false; code: ErrorCode; values?: ProblemValues }

/** A payment as its batch decides it: posted when it has a transfer, failed when it has a code. */
export type DecidedPayment = Pick<
  PaymentRecord,
  | 'number'
  | 'orderId'
  | 'customerId'
  | 'merchantId'
  | 'amountMinor'
  | 'currency'
  | 'failureCode'
  | 'failureValues'
  | 'transferId'
  | 'spendableAfterMinor'
>

export interface PaymentRecord {
  number: bigint
  orderId: string
  customerId: string
  merchantId: string
  amountMinor: bigint
  currency: Currency
  state: 'completed' | 'failed' | 'refunded'
  failureCode: ErrorCode | undefined
  failureValues: ProblemValues | undefined
  transferId: string | undefined
  spendableAfterMinor: bigint | undefined
  effectiveAt: Date
  answerDueAt: Date | undefined
  toldAt: Date | undefined
  creditedAt: Date | undefined
  returnedAt: Date | undefined
  /** Its shop stayed silent and all that is left goes back, decided then: at once, or when the wallet can take it. */
  returningSince?: Date | undefined
  /** What refunds gave back so far, and of the shop's fee with it; a payment without refunds may leave them out. */
  refundedMinor?: bigint | undefined
  feeRefundedMinor?: bigint | undefined
}

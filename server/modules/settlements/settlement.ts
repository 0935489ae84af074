// A settlement in words: a shop's terms, one pay-out with its sums and lines. Amounts are minor units of the shop's currency.
import type { Currency } from '#contract/money.ts'

export interface BankAccount {
  /** The bank's clearing code, digits only. */
  bankCode: string
  accountNumber: string
  accountName: string
}

/** What a shop agreed to. */
export interface Terms {
  merchantId: string
  /** Of each payment: basis points (1/100 %) and a fixed part. */
  feeBasisPoints: number
  feeFixedMinor: bigint
  /** Kept back of each payment for so many days. */
  reserveBasisPoints: number
  reserveDays: number
  /** Pay-outs leave on working days of the calendar, at this minute of the day in this zone. */
  zone: string
  calendar: string
  payOutMinute: number
  /** Less waits for the next pay-out. */
  minimumPayOutMinor: bigint
  bank: BankAccount
}

export interface StoredTerms extends Terms {
  currency: Currency
  payableAccountId: string
  reserveAccountId: string
  feesAccountId: string
  nextDueAt: Date
  settledEntry: bigint
  settledAt: Date
}

export type SettlementState = 'paying' | 'paid' | 'refused'

export interface Sums {
  payments: number
  grossMinor: bigint
  feesMinor: bigint
  reservedMinor: bigint
  releasedMinor: bigint
  /** Refunds and corrections that the shop bore; below zero when they gave it something. */
  refundedMinor: bigint
}

export interface Line {
  kind: 'payment' | 'refund' | 'reserve_release'
  reference: string
  grossMinor: bigint
  feeMinor: bigint
  reserveMinor: bigint
  netMinor: bigint
  effectiveAt: Date
}

export interface Settlement extends Sums {
  number: bigint
  merchantId: string
  currency: Currency
  /** `YYYY-MM-DD` in the shop's zone. */
  day: string
  periodFrom: Date
  periodTo: Date
  entryFrom: bigint
  entryTo: bigint
  carriedMinor: bigint
  netMinor: bigint
  bank: BankAccount
  state: SettlementState
  partnerReference: string
  holdId: string | undefined
  transferId: string
  calls: number
  nextCallAt: Date | undefined
  bankReference: string | undefined
  refusal: string | undefined
  closedAt: Date | undefined
}

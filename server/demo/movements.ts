// What happens in the demo's story, in words: orders, top-ups, and payments with their ends. Plain values, no decisions.
import type { ErrorCode, ProblemValues } from '#contract/errors.ts'
import type { DemoCustomer } from './people.ts'
import type { DemoGood, DemoShop } from './shops.ts'

export interface DemoOrder {
  id: string
  shop: DemoShop
  /** Where the story asks for a certain number; the others count on. */
  merchantReference?: string
  lines: readonly (DemoGood & { quantity: number })[]
  totalMinor: bigint
  createdAt: Date
}

/** What the shop's system answers to one try: a status, or why there was no answer. */
export type ShopAnswer = { httpStatus: number } | { noAnswer: string }

export type PaymentEnd =
  /** The shop acknowledged, after so many tries without success. */
  | { state: 'credited'; failedTries: number; answerMs: number; failedAnswer: ShopAnswer }
  /** The shop stayed silent until the deadline: the money went back. */
  | { state: 'returned'; answer: ShopAnswer }
  /** The shop is silent now; `untilDue`: its deadline is over, and the money goes back as the story goes on. */
  | { state: 'waiting'; answer: ShopAnswer; untilDue?: true }
  | { state: 'failed'; code: ErrorCode; values?: ProblemValues }

export interface DemoTopUp {
  kind: 'top_up'
  id: string
  customer: DemoCustomer
  amountMinor: bigint
  at: Date
}

export interface DemoPayment {
  kind: 'payment'
  id: string
  customer: DemoCustomer
  order: DemoOrder
  at: Date
  end: PaymentEnd
}

export type Movement = DemoTopUp | DemoPayment

/** What the story must know of the house it plays in. */
export interface StoryFrame {
  now: Date
  /** Midnight so many days ago, in the service's zone. */
  midnight(daysAgo: number): Date
  /** How long a shop may stay silent before the money goes back. */
  answerWithinMs: number
  limits: Readonly<Record<'basic' | 'verified', SpendingLimits>>
}

export interface SpendingLimits {
  perTransactionMinor: bigint
  perDayMinor: bigint
  maximumBalanceMinor: bigint
}

export const rupiah = (amount: number): bigint => BigInt(amount) * 100n
export const second = 1000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour

// Orders, shops and webhooks in words, and which state of an order may follow which.
import type { Currency } from '#contract/money.ts'
import type { Order, WebhookEvent } from '#contract/merchant.ts'
import type { ShopRefund } from '#contract/refund.ts'

export type OrderState = Order['state']

/** Lifecycle as data. A paid order whose money went back is cancelled. */
export const orderTransitions: Record<OrderState, readonly OrderState[]> = {
  open: ['paid', 'cancelled', 'expired'],
  paid: ['cancelled'],
  cancelled: [],
  expired: [],
}

export interface Merchant {
  id: string
  name: string
  city: string | undefined
  category: string
  status: 'active' | 'blocked'
  verified: boolean
  currency: Currency
  unacknowledgedAccountId: string
  payableAccountId: string
}

export interface OrderRecord {
  id: string
  merchantId: string
  merchantReference: string
  totalMinor: bigint
  currency: Currency
  lines: Order['lines']
  state: OrderState
  returnUrl: string | undefined
  cancelUrl: string | undefined
  createdAt: Date
  expiresAt: Date
  customerId: string | undefined
  paymentNumber: bigint | undefined
}

/** What paying needs to know of an order and its shop: read for every payment, so nothing more. */
export type OrderToPay = Pick<
  OrderRecord,
  'id' | 'merchantId' | 'totalMinor' | 'currency' | 'state' | 'expiresAt' | 'returnUrl'
>
export type ShopToPay = Pick<Merchant, 'id' | 'name' | 'status' | 'unacknowledgedAccountId'>

/** What became of telling the shop that an order is paid. */
export interface TellingShop {
  state: 'waiting' | 'acknowledged' | 'given_up' | 'superseded' | 'no_address'
  attempts: number
  lastAttemptAt: Date | undefined
  lastHttpStatus: number | undefined
  lastNoAnswer: string | undefined
  nextAttemptAt: Date | undefined
  acknowledgedAt: Date | undefined
  /** Not before this moment may anybody have it asked again; undefined: at once. */
  askAgainFrom: Date | undefined
}

export type WebhookType = WebhookEvent['type']

/** What a shop is told of a refund of one of its orders. */
export interface RefundWebhook {
  type: 'refund.requested' | 'refund.paid' | 'refund.declined'
  merchantId: string
  orderId: string
  data: ShopRefund
}

/** Seconds of business time after each failed try: quick at first, then about hourly; 13 tries over about 9 hours. */
export const retryDelaysSeconds = [5, 15, 60, 300, 600, 1200, 1800, 3600, 3600, 3600, 7200, 7200] as const

/** When to try again after `attempts` failed tries; undefined: give up. */
export function nextAttemptAfter(attempts: number, now: Date): Date | undefined {
  const delay = retryDelaysSeconds[attempts - 1]
  return delay === undefined ? undefined : new Date(now.getTime() + delay * 1000)
}

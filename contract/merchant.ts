// The shops' face: requests and answers of /merchant/v1, and the webhooks that shops receive.
// `Authorization: Bearer KEY_ID`, `Tuntas-Timestamp` (Unix seconds, at most 300 s off) and
// `Tuntas-Signature: v1,BASE64(HMAC-SHA256(secret, TIMESTAMP.METHOD.PATH.IDEMPOTENCY_KEY.BODY))`.
import { Type, type Static } from 'typebox'
import {
  AmountMinorSchema,
  CurrencySchema,
  MoneySchema,
  ReferenceSchema,
  TimeSchema,
  UuidSchema,
  oneOf,
} from './schema.ts'

const OrderMoneySchema = Type.Object(
  { amountMinor: AmountMinorSchema, currency: CurrencySchema },
  { additionalProperties: false },
)

export const OrderLineSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200 }),
    detail: Type.Optional(Type.String({ maxLength: 200 })),
    quantity: Type.Integer({ minimum: 1, maximum: 100000 }),
    amount: OrderMoneySchema,
  },
  { additionalProperties: false },
)

/** POST /merchant/v1/orders with Idempotency-Key → 201 Order. `total` must be the sum of the lines. */
export const CreateOrderSchema = Type.Object(
  {
    merchantReference: Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9._/-]+$' }),
    total: OrderMoneySchema,
    lines: Type.Array(OrderLineSchema, { minItems: 1, maxItems: 100 }),
    expiresInSeconds: Type.Optional(Type.Integer({ minimum: 60, maximum: 86400, default: 900 })),
    returnUrl: Type.Optional(Type.String({ maxLength: 2000 })),
    cancelUrl: Type.Optional(Type.String({ maxLength: 2000 })),
  },
  { additionalProperties: false },
)

export const OrderSchema = Type.Object({
  id: UuidSchema,
  merchantReference: Type.String(),
  total: MoneySchema,
  lines: Type.Array(OrderLineSchema),
  state: oneOf('open', 'paid', 'cancelled', 'expired'),
  /** Where to send the customer. */
  checkoutUrl: Type.String(),
  createdAt: TimeSchema,
  expiresAt: TimeSchema,
  payment: Type.Optional(Type.Object({ reference: ReferenceSchema, paidAt: TimeSchema })),
})
export type Order = Static<typeof OrderSchema>
// GET  /merchant/v1/orders/:id → Order
// POST /merchant/v1/orders/:id/cancel with Idempotency-Key → Order (order_paid when too late)
// GET  /merchant/v1/me → MerchantSelf
export const MerchantSelfSchema = Type.Object({
  id: UuidSchema,
  name: Type.String(),
  webhookUrl: Type.Optional(Type.String()),
  balance: MoneySchema,
})

/**
 * The body of a webhook (Standard Webhooks: headers webhook-id, webhook-timestamp, webhook-signature; HMAC-SHA256 with
 * the shop's `whsec_…` secret). Any 2xx answer is the acknowledgement; everything else is retried with backoff under
 * the same webhook-id. A shop must handle the same id twice.
 */
export const WebhookEventSchema = Type.Object({
  type: oneOf('order.paid', 'order.cancelled', 'order.expired'),
  timestamp: TimeSchema,
  data: OrderSchema,
})
export type WebhookEvent = Static<typeof WebhookEventSchema>

// The shops' face: requests and answers of /merchant/v1, and the webhooks that shops receive.
// `Authorization: Bearer KEY_ID`, `Tuntas-Timestamp` (Unix seconds, at most 300 s off) and
// `Tuntas-Signature: v1,BASE64(HMAC-SHA256(secret, TIMESTAMP.METHOD.PATH.IDEMPOTENCY_KEY.BODY))`.
import { Type, type Static } from 'typebox'
import { ShopRefundSchema } from './refund.ts'
import {
  AmountMinorSchema,
  CurrencySchema,
  MoneySchema,
  ReferenceSchema,
  SignedMoneySchema,
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
export const OrderWebhookSchema = Type.Object({
  type: oneOf('order.paid', 'order.cancelled', 'order.expired'),
  timestamp: TimeSchema,
  data: OrderSchema,
})
export type OrderWebhook = Static<typeof OrderWebhookSchema>
/** `refund.requested` asks for an answer until `answerBy`; `refund.declined` comes for every end without money. */
export const RefundWebhookSchema = Type.Object({
  type: oneOf('refund.requested', 'refund.paid', 'refund.declined'),
  timestamp: TimeSchema,
  data: ShopRefundSchema,
})
export type RefundWebhookEvent = Static<typeof RefundWebhookSchema>
export const WebhookEventSchema = Type.Union([OrderWebhookSchema, RefundWebhookSchema])
export type WebhookEvent = Static<typeof WebhookEventSchema>

/** One pay-out to the shop's bank: `net` = carried + gross − fees − reserved + released − refunded. */
export const SettlementSchema = Type.Object({
  /** ST-…; also the remark of the transfer on the shop's bank statement. */
  number: ReferenceSchema,
  /** `paying`: sent, the bank has not said yet that it is done. `refused`: the next settlement carries the money. */
  state: oneOf('paying', 'paid', 'refused'),
  /** The day of the pay-out in the shop's zone. */
  day: Type.String({ format: 'date' }),
  period: Type.Object({ from: TimeSchema, to: TimeSchema }),
  payments: Type.Integer(),
  gross: MoneySchema,
  fees: MoneySchema,
  /** Kept back of these payments, and given free of what was kept back before. */
  reserved: MoneySchema,
  released: MoneySchema,
  refunded: SignedMoneySchema,
  carried: SignedMoneySchema,
  net: MoneySchema,
  account: Type.Object({ bankCode: Type.String(), accountNumber: Type.String(), name: Type.String() }),
  bankReference: Type.Optional(Type.String()),
  refusal: Type.Optional(Type.String()),
  closedAt: Type.Optional(TimeSchema),
})
export type Settlement = Static<typeof SettlementSchema>

/** GET /merchant/v1/settlements?after=&limit= → newest first; `next` is the cursor of the page after this one. */
export const SettlementListSchema = Type.Object({
  /** Owed to the shop and free; on its way to the bank; kept back. */
  balance: MoneySchema,
  onItsWay: MoneySchema,
  reserve: MoneySchema,
  nextPayOutAt: Type.Optional(TimeSchema),
  settlements: Type.Array(SettlementSchema),
  next: Type.Optional(Type.String()),
})

/** What a settlement consists of: a payment (TN-…), a refund or correction (its reference), or a reserve that is free again. */
export const SettlementLineSchema = Type.Object({
  kind: oneOf('payment', 'refund', 'reserve_release'),
  reference: Type.String(),
  gross: MoneySchema,
  fee: MoneySchema,
  reserve: MoneySchema,
  net: SignedMoneySchema,
  effectiveAt: TimeSchema,
})
/** GET /merchant/v1/settlements/:number?after=&limit= → the settlement with a page of its lines, in the ledger's order. */
export const SettlementDetailSchema = Type.Object({
  ...SettlementSchema.properties,
  lines: Type.Array(SettlementLineSchema),
  next: Type.Optional(Type.String()),
})

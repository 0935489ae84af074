// The checkout page's API: what is to be paid, paying it, cancelling it. Reading an order is public: its id is a secret link.
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { CheckoutSchema, PaymentSchema, PaySchema, type Checkout } from '#contract/customer.ts'
import { referenceOf } from '#contract/ids.ts'
import { money } from '#contract/money.ts'
import { UuidSchema } from '#contract/schema.ts'
import { idempotencyKey, type Face } from '#platform/http.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import type { Merchants, OrderRecord } from '#modules/merchants/index.ts'
import type { Wallets } from '#modules/wallets/index.ts'
import type { Payments } from './index.ts'

export interface CheckoutNeeds {
  payments: Payments
  merchants: Merchants
  wallets: Wallets
  authenticate(request: FastifyRequest): Promise<{ customerId: string }>
  /** Whose session it is; that it lives is asked where the money moves. */
  ownerOf(request: FastifyRequest): Promise<{ customerId: string; sessionId: string }>
  /** The signed-in customer, or undefined when nobody is. */
  optional(request: FastifyRequest): Promise<{ customerId: string } | undefined>
  /** Name and masked contact for the payer's own eyes. */
  payerOf(customerId: string): Promise<{ displayName: string; contact: string }>
  pinLockedUntil(customerId: string): Promise<Date | undefined>
}

const tags = ['Checkout']
const params = Type.Object({ orderId: UuidSchema })

export function checkoutRoutes(api: Face, platform: Platform, needs: CheckoutNeeds): void {
  const { db, clock } = platform
  const { payments, merchants, wallets } = needs

  async function present(order: OrderRecord, customerId: string | undefined): Promise<Checkout> {
    const shop = (await merchants.readMerchants(db.read, [order.merchantId])).get(order.merchantId)!
    const payment =
      customerId && order.customerId === customerId ? await payments.paymentOfOrder(order.id) : undefined
    const state = order.state === 'open' && order.expiresAt <= clock.now() ? 'expired' : order.state
    return {
      orderId: order.id,
      merchant: { name: shop.name, ...(shop.city ? { city: shop.city } : {}), verified: shop.verified },
      merchantReference: order.merchantReference,
      lines: order.lines.map((line) => ({ ...line })),
      total: money(order.totalMinor, order.currency),
      state,
      expiresAt: order.expiresAt.toISOString(),
      shopAnswerDeadlineSeconds: await payments.silentShopSeconds(order.currency),
      ...(state !== 'open' && order.returnUrl ? { returnUrl: order.returnUrl } : {}),
      ...(order.cancelUrl ? { cancelUrl: order.cancelUrl } : {}),
      ...(customerId ? { payer: await payerOf(customerId, order) } : {}),
      ...(payment ? { payment: { reference: referenceOf('TN', payment.number), state: payment.state } } : {}),
    }
  }

  async function payerOf(customerId: string, order: OrderRecord) {
    const [wallet, payer, pinLockedUntil] = await Promise.all([
      wallets.view(customerId),
      needs.payerOf(customerId),
      needs.pinLockedUntil(customerId),
    ])
    const after = BigInt(wallet.spendable.amountMinor) - order.totalMinor
    return {
      ...payer,
      spendable: wallet.spendable,
      ...(after >= 0n && wallet.currency === order.currency
        ? { spendableAfter: money(after, order.currency) }
        : {}),
      ...(pinLockedUntil ? { pinLockedUntil: pinLockedUntil.toISOString() } : {}),
    }
  }

  async function findOrder(orderId: string): Promise<OrderRecord> {
    const order = (await merchants.readOrders(db.read, [orderId])).get(orderId)
    if (!order) throw new Refusal('not_found')
    return order
  }

  api.get(
    '/api/checkout/:orderId',
    { schema: { tags, summary: 'What is to be paid', params, response: { 200: CheckoutSchema } } },
    async (request) => {
      const payer = await needs.optional(request)
      return present(await findOrder(request.params.orderId), payer?.customerId)
    },
  )

  api.post(
    '/api/checkout/:orderId/pay',
    {
      schema: {
        tags,
        summary: 'Pay an order with the PIN',
        description:
          'Needs an Idempotency-Key. The same key and body gives the first answer again, refusals included.',
        params,
        body: PaySchema,
        response: { 200: PaymentSchema },
      },
    },
    async (request) => {
      const { customerId, sessionId } = await needs.ownerOf(request)
      return payments.pay({
        customerId,
        sessionId,
        key: idempotencyKey(request),
        orderId: request.params.orderId,
        ...request.body,
      })
    },
  )

  api.post(
    '/api/checkout/:orderId/cancel',
    {
      schema: {
        tags,
        summary: 'Cancel an order that is not paid',
        params,
        response: { 200: CheckoutSchema },
      },
    },
    async (request) => {
      const { customerId } = await needs.authenticate(request)
      await db.transaction(async (tx) => {
        const order = (await merchants.lockOrders(tx, [request.params.orderId])).get(request.params.orderId)
        if (!order) throw new Refusal('not_found')
        if (order.state === 'paid') throw new Refusal('order_paid')
        if (order.state === 'open') await merchants.close(tx, order, 'cancelled')
      })
      platform.events.wake()
      return present(await findOrder(request.params.orderId), customerId)
    },
  )
}

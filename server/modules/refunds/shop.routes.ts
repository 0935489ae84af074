// Refunds for shops: read what is asked, answer it, give money back by themselves. In the scope that proves the signature.
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { parseReference } from '#contract/ids.ts'
import {
  AnswerRefundSchema,
  RefundStateSchema,
  ShopGivesBackSchema,
  ShopRefundSchema,
  type ShopRefund,
} from '#contract/refund.ts'
import { ReferenceSchema, UuidSchema } from '#contract/schema.ts'
import { idempotencyKey, type Face } from '#platform/http.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import type { ShopCaller } from '#modules/merchants/index.ts'
import type { RefundNeeds } from './needs.ts'
import type { Refunds } from './index.ts'
import { amountOf, numberOf } from './refund.routes.ts'
import type { RefundRecord } from './refund.ts'
import * as store from './refund.sql.ts'
import { shopRefundOf } from './trace-refund.ts'

const tags = ['Refunds']
const params = Type.Object({ reference: ReferenceSchema })
const pageSize = 50

export function shopRefundRoutes(
  api: Face,
  platform: Platform,
  needs: RefundNeeds,
  refunds: Refunds,
  caller: ShopCaller,
): void {
  const { db } = platform

  async function present(list: readonly RefundRecord[]): Promise<ShopRefund[]> {
    const orders = await needs.merchants.readOrders(db.read, [
      ...new Set(list.map((refund) => refund.orderId)),
    ])
    return list.map((refund) => shopRefundOf(refund, orders.get(refund.orderId)!))
  }

  async function own(request: FastifyRequest, number: bigint): Promise<ShopRefund> {
    const [refund] = await store.readRefunds(db.read, [number])
    if (!refund || refund.merchantId !== caller.merchantOf(request)) throw new Refusal('not_found')
    return (await present([refund]))[0]!
  }

  api.get(
    '/merchant/v1/refunds',
    {
      schema: {
        tags,
        summary: 'Refunds of your orders, newest first',
        description:
          'With state=asking_shop those that wait for your answer. `next` goes on below the last one.',
        querystring: Type.Object({
          state: Type.Optional(RefundStateSchema),
          after: Type.Optional(ReferenceSchema),
        }),
        response: {
          200: Type.Object({ refunds: Type.Array(ShopRefundSchema), next: Type.Optional(ReferenceSchema) }),
        },
      },
    },
    async (request) => {
      const { state, after } = request.query
      const list = await store.listOfMerchant(db.read, caller.merchantOf(request), {
        state,
        before: after === undefined ? undefined : parseReference(after)?.number,
        limit: pageSize,
      })
      const presented = await present(list)
      const last = presented.at(-1)
      return { refunds: presented, ...(last && list.length === pageSize ? { next: last.reference } : {}) }
    },
  )

  api.get(
    '/merchant/v1/refunds/:reference',
    { schema: { tags, summary: 'One refund', params, response: { 200: ShopRefundSchema } } },
    (request) => own(request, numberOf('RF', request.params.reference)),
  )

  api.post(
    '/merchant/v1/refunds/:reference/answer',
    {
      schema: {
        tags,
        summary: 'Agree to a refund or refuse it',
        description:
          'Needs an Idempotency-Key. The same answer again is no fault, another one is conflict. Silence until `answerBy` lets Tuntas decide; a late yes still counts.',
        params,
        body: AnswerRefundSchema,
        response: { 200: ShopRefundSchema },
      },
    },
    async (request) => {
      idempotencyKey(request)
      const number = numberOf('RF', request.params.reference)
      const { answer, note } = request.body
      await refunds.answer(caller.merchantOf(request), number, { answer, note })
      return own(request, number)
    },
  )

  api.post(
    '/merchant/v1/orders/:id/refunds',
    {
      schema: {
        tags,
        summary: 'Give money back by yourself',
        description:
          'Needs an Idempotency-Key. Without an amount all that is left of the payment. Large amounts wait for a second person at Tuntas.',
        params: Type.Object({ id: UuidSchema }),
        body: ShopGivesBackSchema,
        response: { 200: ShopRefundSchema },
      },
    },
    async (request) => {
      const merchantId = caller.merchantOf(request)
      const payment = await needs.payments.ofOrder(db.read, request.params.id)
      if (!payment || payment.merchantId !== merchantId) throw new Refusal('not_found')
      const { amountMinor, reason, note } = request.body
      const number = await refunds.request({
        by: { kind: 'merchant', id: merchantId },
        key: idempotencyKey(request),
        paymentNumber: payment.number,
        amountMinor: amountOf(amountMinor),
        reason,
        note,
      })
      return own(request, number)
    },
  )
}

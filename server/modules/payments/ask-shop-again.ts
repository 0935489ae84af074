// A customer, or an agent for a case, has the shop told of a payment once more now: not more often than the shops' rule allows.
// It moves no money; it only makes the next try due, under the payment's lock, and is recorded.
import { Type } from 'typebox'
import { parseReference } from '#contract/ids.ts'
import { ReferenceSchema } from '#contract/schema.ts'
import { TransactionDetailSchema } from '#contract/trace.ts'
import type { RequestWithHeaders } from '#platform/cookies.ts'
import type { Transaction } from '#platform/db.ts'
import type { Face } from '#platform/http.ts'
import { publish } from '#platform/outbox.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import type { Audit } from '#modules/audit/index.ts'
import type { Merchants } from '#modules/merchants/index.ts'
import { lockPayments } from './payment.sql.ts'

/** False when there is no such payment of this customer, the shop knows of it, or it was asked too short ago. */
export type AskShopAgain = (
  tx: Transaction,
  reference: string,
  customerId: string,
  by: { kind: 'customer' | 'agent'; id: string },
) => Promise<boolean>

export function createAskShopAgain(
  platform: Platform,
  rooms: { merchants: Merchants; audit: Audit },
): AskShopAgain {
  return async (tx, reference, customerId, by) => {
    const parsed = parseReference(reference)
    if (parsed?.prefix !== 'TN') return false
    const [payment] = await lockPayments(tx, [parsed.number])
    // Another customer's payment looks like none at all (R1).
    if (!payment || payment.customerId !== customerId) return false
    if (payment.state !== 'completed' || payment.toldAt) return false
    if (!(await rooms.merchants.tellAgain(tx, payment.orderId))) return false
    const now = platform.clock.now()
    await rooms.audit.record(tx, [
      {
        who: by,
        action: 'payment.shop_asked_again',
        resource: { kind: 'payment', id: reference },
        at: now,
      },
    ])
    await publish(
      tx,
      [
        {
          type: 'payment.shop_asked_again',
          key: reference,
          payload: { reference, by: by.kind },
          customerId,
          merchantId: payment.merchantId,
          liveCustomer: [{ type: 'transaction.changed', reference }],
        },
      ],
      now,
    )
    return true
  }
}

export function askShopAgainRoutes(
  api: Face,
  platform: Platform,
  needs: {
    authenticate(request: RequestWithHeaders): Promise<{ customerId: string }>
    askShopAgain: AskShopAgain
    wakeDelivery(): void
  },
): void {
  api.post(
    '/api/transactions/:reference/ask-shop-again',
    {
      schema: {
        tags: ['Wallet'],
        summary: 'Tell the shop of a payment again now',
        params: Type.Object({ reference: ReferenceSchema }),
        response: { 200: TransactionDetailSchema },
      },
    },
    async (request) => {
      const { customerId } = await needs.authenticate(request)
      const { reference } = request.params
      const asked = await platform.db.transaction((tx) =>
        needs.askShopAgain(tx, reference, customerId, { kind: 'customer', id: customerId }),
      )
      const detail = await platform.references.detail(reference, customerId)
      if (!detail) throw new Refusal('not_found')
      if (!asked) throw new Refusal('conflict')
      needs.wakeDelivery()
      platform.events.wake()
      return detail
    },
  )
}

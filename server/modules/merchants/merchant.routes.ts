// The shops' API. Every request is signed over its raw bytes; nothing is parsed before the signature holds.
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { uuidv7 } from '#contract/ids.ts'
import { money } from '#contract/money.ts'
import { CreateOrderSchema, MerchantSelfSchema, OrderSchema } from '#contract/merchant.ts'
import { UuidSchema } from '#contract/schema.ts'
import { idempotencyKey, type Face } from '#platform/http.ts'
import { deriveKey, keyedHash, sameHash } from '#platform/keys.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import { decrypt } from '#platform/secrets.ts'
import type { Ledger } from '#modules/ledger/index.ts'
import type { Merchants } from './index.ts'
import { findOrderFault } from './order.rules.ts'
import * as store from './order.sql.ts'
import { verifyRequest } from './signature.ts'
import type { OrderRecord } from './order.ts'

const tags = ['Orders']
const params = Type.Object({ id: UuidSchema })

export interface MerchantRoutesNeeds {
  merchants: Merchants & { secretsKey: Buffer }
  ledger: Ledger
  /** Paid times for presenting orders: the payments room knows them. */
  paidAt(orderId: string): Promise<Date | undefined>
}

/** Who signed a request of this scope: for routes of other rooms that stand in the same scope, after these. */
export interface ShopCaller {
  /** The shop's id; only after the signature held. */
  merchantOf(request: FastifyRequest): string
}

export function merchantRoutes(
  api: Face,
  platform: Platform,
  { merchants, ledger, paidAt }: MerchantRoutesNeeds,
): ShopCaller {
  const { db, clock } = platform
  const bodyKey = deriveKey(platform.config.pepper, 'merchant request bodies')
  const rawBodies = new WeakMap<FastifyRequest, string>()
  const callers = new WeakMap<FastifyRequest, string>()

  api.removeContentTypeParser('application/json')
  api.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    rawBodies.set(request, body as string)
    try {
      done(null, body === '' ? undefined : JSON.parse(body as string, refuseMember))
    } catch (error) {
      done(error instanceof Refusal ? error : new Refusal('malformed', undefined, 'the body is not JSON'))
    }
  })

  api.addHook('preValidation', async (request) => {
    const keyId = /^Bearer (tk_[0-9a-f]{24})$/.exec(request.headers.authorization ?? '')?.[1]
    const key = keyId ? await store.findKey(db.read, keyId) : undefined
    if (!key) throw new Refusal('key_invalid')
    const header = (name: string) =>
      typeof request.headers[name] === 'string' ? (request.headers[name] as string) : ''
    const signed = verifyRequest(
      decrypt(merchants.secretsKey, key.secret),
      {
        timestamp: header('tuntas-timestamp'),
        method: request.method,
        path: request.url,
        idempotencyKey: header('idempotency-key'),
        body: rawBodies.get(request) ?? '',
      },
      header('tuntas-signature'),
      // Real time: the sandbox moves business time, not the shops' clocks.
      Date.now(),
    )
    if (!signed) throw new Refusal('signature_invalid')
    callers.set(request, key.merchant_id)
  })

  async function ownOrder(request: FastifyRequest, id: string): Promise<OrderRecord> {
    const order = (await merchants.readOrders(db.read, [id])).get(id)
    if (!order || order.merchantId !== callers.get(request)) throw new Refusal('not_found')
    return order
  }
  const answer = async (order: OrderRecord) =>
    merchants.present(order, order.state === 'paid' ? await paidAt(order.id) : undefined)

  api.post(
    '/merchant/v1/orders',
    { schema: { tags, summary: 'Create an order', body: CreateOrderSchema, response: { 201: OrderSchema } } },
    async (request, reply) => {
      const merchantId = callers.get(request)!
      const key = idempotencyKey(request)
      const merchant = (await merchants.readMerchants(db.read, [merchantId])).get(merchantId)!
      if (merchant.status !== 'active') throw new Refusal('merchant_blocked')
      const fault = findOrderFault(request.body, merchant.currency)
      if (fault) throw new Refusal('validation_failed', { field: 'body' }, fault)
      const now = clock.now()
      const order: OrderRecord = {
        id: uuidv7(),
        merchantId,
        merchantReference: request.body.merchantReference,
        totalMinor: BigInt(request.body.total.amountMinor),
        currency: merchant.currency,
        lines: request.body.lines,
        state: 'open',
        returnUrl: request.body.returnUrl,
        cancelUrl: request.body.cancelUrl,
        createdAt: now,
        expiresAt: new Date(now.getTime() + (request.body.expiresInSeconds ?? 900) * 1000),
        customerId: undefined,
        paymentNumber: undefined,
      }
      const bodyHash = keyedHash(bodyKey, rawBodies.get(request) ?? '')
      const orderId = await db.transaction(async (tx) => {
        if (
          !(await store.claimIdempotency(tx, {
            merchantId,
            key,
            bodyHash,
            orderId: order.id,
            createdAt: now,
          }))
        ) {
          const first = (await store.findIdempotency(tx, merchantId, key))!
          if (!sameHash(first.body_hash, bodyHash)) throw new Refusal('idempotency_conflict')
          return first.order_id
        }
        const inserted = await merchants.createOrders(tx, [order])
        if (inserted.length === 0)
          throw new Refusal('duplicate_reference', { merchantReference: order.merchantReference })
        return order.id
      })
      return reply.code(201).send(await answer(await ownOrder(request, orderId)))
    },
  )

  api.get(
    '/merchant/v1/orders/:id',
    { schema: { tags, summary: 'Read an order', params, response: { 200: OrderSchema } } },
    async (request) => answer(await ownOrder(request, request.params.id)),
  )

  api.post(
    '/merchant/v1/orders/:id/cancel',
    {
      schema: { tags, summary: 'Cancel an order that is still open', params, response: { 200: OrderSchema } },
    },
    async (request) => {
      idempotencyKey(request)
      await ownOrder(request, request.params.id)
      await db.transaction(async (tx) => {
        const order = (await merchants.lockOrders(tx, [request.params.id])).get(request.params.id)!
        if (order.state === 'paid') throw new Refusal('order_paid')
        if (order.state === 'open') await merchants.close(tx, order, 'cancelled')
      })
      return answer(await ownOrder(request, request.params.id))
    },
  )

  api.get(
    '/merchant/v1/me',
    { schema: { tags: ['Shop'], summary: 'Who this key is', response: { 200: MerchantSelfSchema } } },
    async (request) => {
      const merchant = (await merchants.readMerchants(db.read, [callers.get(request)!])).get(
        callers.get(request)!,
      )!
      const accounts = await ledger.accounts(db.read, [merchant.payableAccountId])
      const target = await store.readWebhookTarget(db.read, merchant.id)
      return {
        id: merchant.id,
        name: merchant.name,
        ...(target.webhook_url ? { webhookUrl: target.webhook_url } : {}),
        balance: money(accounts.get(merchant.payableAccountId)!.balanceMinor, merchant.currency),
      }
    },
  )

  return {
    merchantOf(request) {
      const merchantId = callers.get(request)
      if (!merchantId) throw new Refusal('key_invalid')
      return merchantId
    },
  }
}

/**
 * Prototype pollution (P3): such a member is a fault, not something to clean. An amount that is a JSON number was already
 * rounded by the parser (M9), so it is refused before the schema would make a string of it.
 */
function refuseMember(name: string, value: unknown): unknown {
  if (name === '__proto__' || name === 'constructor') throw new SyntaxError('forbidden member')
  if (name === 'amountMinor' && typeof value === 'number')
    throw new Refusal('validation_failed', { field: 'body.amountMinor' }, 'amountMinor: must be string')
  return value
}

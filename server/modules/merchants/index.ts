// Shops: who they are, their signed API, their orders, and telling them what happened.
import { uuidv7 } from '#contract/ids.ts'
import { money, type Currency } from '#contract/money.ts'
import type { Order, OrderWebhook } from '#contract/merchant.ts'
import { referenceOf } from '#contract/ids.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import { deriveKey } from '#platform/keys.ts'
import type { Platform } from '#platform/platform.ts'
import { decrypt, encrypt } from '#platform/secrets.ts'
import type { Ledger } from '#modules/ledger/index.ts'
import { randomBytes } from 'node:crypto'
import { deliverDueWebhooks } from './deliver-webhooks.ts'
import type { Merchant, OrderRecord, OrderToPay, ShopToPay, RefundWebhook, TellingShop } from './order.ts'
import * as orders from './order.sql.ts'
import * as webhooks from './webhook.sql.ts'

export { importOrders, triesUntil, type PastOrder, type PastTelling } from './import-orders.ts'
export { judgeOrder } from './order.rules.ts'
export { merchantRoutes } from './merchant.routes.ts'
export type { ShopCaller } from './merchant.routes.ts'
export { signRequest } from './signature.ts'
export type { Merchant, OrderRecord, RefundWebhook, TellingShop } from './order.ts'

export interface NewMerchant {
  id?: string
  name: string
  city?: string
  category: string
  verified?: boolean
  currency?: Currency
  webhookUrl?: string
}

/** What a shop must be given once: none of it can be read again. */
export interface MerchantCredentials {
  merchantId: string
  keyId: string
  secret: string
  webhookSecret: string
}

export interface Merchants {
  createMerchant(tx: Transaction, merchant: NewMerchant): Promise<MerchantCredentials>
  readMerchants(sql: Sql, ids: readonly string[]): Promise<Map<string, Merchant>>
  /** The secrets of a demo shop again, for its page in the sandbox. Shops themselves see them once only. */
  readCredentials(sql: Sql, merchantId: string): Promise<MerchantCredentials>
  /** Where the shop hears our webhooks from now on; those that wait go there too. */
  moveWebhooks(sql: Sql, merchantId: string, webhookUrl: string): Promise<void>
  /** Locked in the order of their ids; after the wallets', before the accounts' locks. */
  lockOrders(tx: Transaction, ids: readonly string[]): Promise<Map<string, OrderRecord>>
  /** The same locks, with the shops: for the hot path. */
  lockOrdersWithShops(
    tx: Transaction,
    ids: readonly string[],
  ): Promise<{ orders: Map<string, OrderToPay>; shops: Map<string, ShopToPay> }>
  readOrders(sql: Sql, ids: readonly string[]): Promise<Map<string, OrderRecord>>
  /** Orders made in bulk, for demo data and measurements: the same checks as the API's, no idempotency key. */
  createOrders(tx: Transaction, wanted: readonly OrderRecord[]): Promise<string[]>
  savePaid: typeof orders.savePaidOrders
  /** Closes an order and stops telling its shop anything older; the shop is told of the end. */
  close(tx: Transaction, order: OrderRecord, state: 'cancelled' | 'expired'): Promise<void>
  /** Tells the shop of a refund, by the same signed, repeated delivery as of orders. */
  tellRefund(tx: Transaction, webhook: RefundWebhook): Promise<void>
  /** When asking the shop for this refund ended because it has no address to be told at; undefined otherwise. */
  refundUntold(sql: Sql, orderId: string, reference: string): Promise<Date | undefined>
  tellings(sql: Sql, orderIds: readonly string[]): Promise<Map<string, TellingShop>>
  /** Makes the next try to tell the shop due now; false when there is nothing to tell, or it was asked too short ago. */
  tellAgain(tx: Transaction, orderId: string): Promise<boolean>
  present(order: OrderRecord, paidAt?: Date): Order
  /** Orders were paid: tell their shops at once instead of at the next look. */
  wakeDelivery(): void
  /** Takes one round of due deliveries; the loop does it by itself. */
  deliverDue(): Promise<number>
  /** Ends orders whose time is over. */
  expireDue(): Promise<number>
}

export function createMerchants(
  platform: Platform,
  rooms: { ledger: Ledger },
): Merchants & { secretsKey: Buffer } {
  const { clock, config } = platform
  const secretsKey = deriveKey(config.pepper, 'merchant secrets')

  function present(order: OrderRecord, paidAt?: Date): Order {
    return {
      id: order.id,
      merchantReference: order.merchantReference,
      total: money(order.totalMinor, order.currency),
      lines: order.lines,
      state: order.state,
      checkoutUrl: `${config.customersUrl}/pay/${order.id}`,
      createdAt: order.createdAt.toISOString(),
      expiresAt: order.expiresAt.toISOString(),
      ...(order.state === 'paid' && order.paymentNumber !== undefined && paidAt
        ? { payment: { reference: referenceOf('TN', order.paymentNumber), paidAt: paidAt.toISOString() } }
        : {}),
    }
  }

  async function tellShops(
    tx: Transaction,
    type: OrderWebhook['type'],
    list: readonly { order: OrderRecord; at: Date }[],
  ): Promise<void> {
    await webhooks.insertWebhooks(
      tx,
      list.map(({ order, at }) => {
        const event: OrderWebhook = { type, timestamp: at.toISOString(), data: present(order, at) }
        return {
          id: uuidv7(),
          merchantId: order.merchantId,
          orderId: order.id,
          type,
          body: JSON.stringify(event),
          eventAt: at,
        }
      }),
      clock.now(),
    )
  }

  async function close(tx: Transaction, order: OrderRecord, state: 'cancelled' | 'expired'): Promise<void> {
    const now = clock.now()
    await orders.saveClosedOrder(tx, order.id, state, now)
    await webhooks.supersedeWebhooks(tx, order.id, now)
    await tellShops(tx, state === 'cancelled' ? 'order.cancelled' : 'order.expired', [
      { order: { ...order, state }, at: now },
    ])
  }

  const deliverDue = () => deliverDueWebhooks(platform, secretsKey, present)

  async function expireDue(): Promise<number> {
    const count = await platform.db.transaction(async (tx) => {
      const now = clock.now()
      const after = await orders.readSweptUntil(tx)
      const expired = await orders.lockExpiredOrders(tx, after, now, 200)
      for (const order of expired) await close(tx, order, 'expired')
      if (expired.length < 200) await orders.saveSwept(tx, after, now)
      return expired.length
    })
    if (count > 0) delivery.wake()
    return count
  }

  const delivery = platform.jobs.loop('webhooks', 500, deliverDue)
  platform.jobs.loop('order-expiry', 2000, expireDue)
  return {
    secretsKey,
    present,
    close,
    deliverDue,
    expireDue,
    async createMerchant(tx, wanted) {
      const id = wanted.id ?? uuidv7()
      const currency = wanted.currency ?? 'IDR'
      const secret = randomBytes(32).toString('base64url')
      const webhookSecret = `whsec_${randomBytes(24).toString('base64')}`
      const keyId = `tk_${randomBytes(12).toString('hex')}`
      const account = (kind: 'shop_unacknowledged' | 'shop_payable') =>
        rooms.ledger.ensureSystemAccount(tx, { kind, currency, ownerId: id, minimumMinor: 0n })
      await orders.insertMerchant(
        tx,
        {
          id,
          name: wanted.name,
          city: wanted.city,
          category: wanted.category,
          status: 'active',
          verified: wanted.verified ?? true,
          currency,
          webhookUrl: wanted.webhookUrl,
          webhookSecret: encrypt(secretsKey, webhookSecret),
          unacknowledgedAccountId: await account('shop_unacknowledged'),
          payableAccountId: await account('shop_payable'),
        },
        clock.now(),
      )
      await orders.insertKey(
        tx,
        { id: keyId, merchantId: id, secret: encrypt(secretsKey, secret) },
        clock.now(),
      )
      return { merchantId: id, keyId, secret, webhookSecret }
    },
    readMerchants: orders.readMerchants,
    moveWebhooks: orders.saveWebhookUrl,
    async readCredentials(sql, merchantId) {
      const key = await orders.readNewestKey(sql, merchantId)
      const webhookSecret = (await orders.readWebhookTarget(sql, merchantId)).webhook_secret!
      return {
        merchantId,
        keyId: key.id,
        secret: decrypt(secretsKey, key.secret),
        webhookSecret: decrypt(secretsKey, webhookSecret),
      }
    },
    lockOrders: async (tx, ids) =>
      new Map((await orders.lockOrderRows(tx, ids)).map((order) => [order.id, order])),
    async lockOrdersWithShops(tx, ids) {
      const rows = await orders.lockOrdersWithShops(tx, ids)
      return {
        orders: new Map(rows.map(({ order }) => [order.id, order])),
        shops: new Map(rows.map(({ shop }) => [shop.id, shop])),
      }
    },
    readOrders: async (sql, ids) =>
      new Map((await orders.readOrders(sql, ids)).map((order) => [order.id, order])),
    createOrders: orders.insertOrders,
    savePaid: orders.savePaidOrders,
    async tellRefund(tx, { type, merchantId, orderId, data }) {
      const now = clock.now()
      const body = JSON.stringify({ type, timestamp: now.toISOString(), data })
      await webhooks.insertWebhooks(tx, [{ id: uuidv7(), merchantId, orderId, type, body }], now)
    },
    wakeDelivery: () => delivery.wake(),
    refundUntold: webhooks.readRefundUntold,
    tellings: webhooks.readTellings,
    tellAgain: (tx, orderId) => webhooks.hastenWebhook(tx, orderId, clock.now()),
  }
}

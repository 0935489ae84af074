// The shops' own records. An order is paid when a signed webhook says so, never because a browser came back.
import { randomUUID } from 'node:crypto'
import type { Locale } from '../../contract/schema.ts'
import type { Database } from '../platform/database.ts'
import type { Settings, ShopAccount } from '../platform/settings.ts'
import { catalogueOf, type Catalogue } from './goods.ts'
import { createOrder, type NewOrder } from './merchant-client.ts'
import { receiveRefund } from './refunds.ts'
import { shopTexts } from '../texts/shop.ts'
import { isAboutRefund, openWebhook } from './webhook.ts'

export type OrderState = 'new' | 'waiting' | 'paid' | 'cancelled' | 'expired' | 'refunded'

export interface OrderLine {
  sku: string
  title: string
  maker: string
  quantity: number
  amountMinor: string
}

export interface ShopOrder {
  id: string
  shop: string
  number: string
  lines: OrderLine[]
  total_minor: bigint
  state: OrderState
  idempotency_key: string
  tuntas_order_id: string | null
  checkout_url: string | null
  payment: string | null
  problem: string | null
  created_at: Date
  webhooks: { type: string; times: number; receivedAt: string }[]
}

export interface Shop extends ShopAccount {
  catalogue: Catalogue
}

export type Basket = ReadonlyMap<string, number>

const orderColumns = `id, shop, number, lines, total_minor, state, idempotency_key, tuntas_order_id, checkout_url, payment, problem, created_at,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('type', type, 'times', times, 'receivedAt', received_at) ORDER BY received_at), '[]')
   FROM sandbox.shop_webhooks AS webhook WHERE webhook.order_id = shop_orders.id) AS webhooks`

const stateOf = { 'order.paid': 'paid', 'order.cancelled': 'cancelled', 'order.expired': 'expired' } as const

export type Shops = ReturnType<typeof createShops>

export function createShops(parts: { db: Database; settings: Settings }) {
  const { db, settings } = parts
  const list: readonly Shop[] = settings.shops.map((shop) => ({ ...shop, catalogue: catalogueOf(shop.slug) }))
  const bySlug = new Map(list.map((shop) => [shop.slug, shop]))

  async function findOrder(shop: Shop, number: string): Promise<ShopOrder | undefined> {
    return db.maybe<ShopOrder>(
      `SELECT ${orderColumns} FROM sandbox.shop_orders WHERE shop = $1 AND number = $2`,
      [shop.slug, number],
    )
  }

  /** Asks Tuntas for a place to pay. Repeating it is harmless: the order keeps its key. */
  async function requestPayment(shop: Shop, order: ShopOrder, locale: Locale): Promise<ShopOrder> {
    const idr = (amountMinor: bigint | string) => ({
      amountMinor: amountMinor.toString(),
      currency: 'IDR' as const,
    })
    const goodsMinor = order.lines.reduce((sum, line) => sum + BigInt(line.amountMinor), 0n)
    const page = `${settings.sandboxUrl}/shop/${shop.slug}/orders/${order.number}`
    const request: NewOrder = {
      merchantReference: order.number,
      total: idr(order.total_minor),
      lines: [
        ...order.lines.map((line) => ({
          name: line.title,
          detail: line.maker,
          quantity: line.quantity,
          amount: idr(line.amountMinor),
        })),
        { name: shopTexts[locale].shipping, quantity: 1, amount: idr(order.total_minor - goodsMinor) },
      ],
      expiresInSeconds: 900,
      returnUrl: page,
      cancelUrl: page,
    }
    const answer = await createOrder(
      { customersUrl: settings.customersUrl, shop },
      order.idempotency_key,
      request,
    )
    if (answer.outcome === 'done')
      await db.rows(
        `UPDATE sandbox.shop_orders SET tuntas_order_id = $2, checkout_url = $3, problem = NULL, changed_at = now(),
           state = CASE state WHEN 'new' THEN 'waiting' ELSE state END
         WHERE id = $1`,
        [order.id, answer.result.id, answer.result.checkoutUrl],
      )
    else
      await db.rows('UPDATE sandbox.shop_orders SET problem = $2, changed_at = now() WHERE id = $1', [
        order.id,
        answer.outcome === 'refused' ? answer.code : 'no_answer',
      ])
    return (await findOrder(shop, order.number))!
  }

  return {
    list,
    find: (slug: string) => bySlug.get(slug),
    findOrder,
    requestPayment,

    async orders(shop: Shop): Promise<ShopOrder[]> {
      return db.rows<ShopOrder>(
        `SELECT ${orderColumns} FROM sandbox.shop_orders WHERE shop = $1 ORDER BY created_at DESC LIMIT 100`,
        [shop.slug],
      )
    },

    /** Writes the order down first, then asks Tuntas; undefined when the basket is empty. */
    async placeOrder(shop: Shop, basket: Basket, locale: Locale): Promise<ShopOrder | undefined> {
      const lines = basketLines(shop, basket)
      if (lines.length === 0) return undefined
      const total = lines.reduce((sum, line) => sum + BigInt(line.amountMinor), shop.catalogue.shippingMinor)
      const [row] = await db.rows<{ number: string }>(
        `INSERT INTO sandbox.shop_orders (id, shop, number, lines, total_minor, state, idempotency_key)
         VALUES ($1, $2, $3 || nextval('sandbox.shop_order_numbers'), $4, $5, 'new', $6) RETURNING number`,
        [randomUUID(), shop.slug, `${shop.catalogue.prefix}-`, JSON.stringify(lines), total, randomUUID()],
      )
      return requestPayment(shop, (await findOrder(shop, row!.number))!, locale)
    },

    /**
     * Takes a webhook for one of `candidates`. `false` when no shop's secret fits. The same webhook-id again changes nothing:
     * its row and the order's state are written together.
     */
    async receiveWebhook(
      candidates: readonly Shop[],
      headers: Record<string, string | string[] | undefined>,
      body: Buffer,
    ): Promise<boolean> {
      for (const shop of candidates) {
        const received = openWebhook(shop.webhookSecret, headers, body)
        if (!received) continue
        const { id, event } = received
        await db.transaction(async (query) => {
          const [order] = await query<{ id: string; state: OrderState }>(
            'SELECT id, state FROM sandbox.shop_orders WHERE shop = $1 AND number = $2 FOR UPDATE',
            [shop.slug, event.data.merchantReference],
          )
          const [kept] = await query<{ times: number }>(
            `INSERT INTO sandbox.shop_webhooks (shop, webhook_id, type, order_id) VALUES ($1, $2, $3, $4)
             ON CONFLICT (shop, webhook_id) DO UPDATE SET times = shop_webhooks.times + 1 RETURNING times`,
            [shop.slug, id, event.type, order?.id ?? null],
          )
          if (kept!.times > 1) return
          if (isAboutRefund(event)) return receiveRefund(query, shop.slug, event)
          // Paid is final here: an older event that comes late does not take it back, nor does one take a refund back.
          if (!order || order.state === 'paid' || order.state === 'refunded') return
          await query(
            `UPDATE sandbox.shop_orders SET state = $2, payment = coalesce($3, payment), tuntas_order_id = $4, changed_at = now()
             WHERE id = $1`,
            [order.id, stateOf[event.type], event.data.payment?.reference ?? null, event.data.id],
          )
        })
        return true
      }
      return false
    },
  }
}

/** What is in the basket, with amounts; goods that the shop no longer has are left out. */
export function basketLines(shop: Shop, basket: Basket): OrderLine[] {
  return shop.catalogue.goods.flatMap((good) => {
    const quantity = basket.get(good.sku) ?? 0
    if (quantity <= 0) return []
    const amountMinor = (good.priceMinor * BigInt(quantity)).toString()
    return [{ sku: good.sku, title: good.title, maker: good.maker, quantity, amountMinor }]
  })
}

export const maximumQuantity = 20

/** The basket in its cookie: `sku.2~sku.1`. Anything unreadable is an empty basket. */
export function readBasket(text: string | undefined): Map<string, number> {
  const basket = new Map<string, number>()
  for (const [, sku, quantity] of (text ?? '').matchAll(/([a-z0-9-]{1,40})\.([0-9]{1,2})(?:~|$)/g))
    if (Number(quantity) > 0) basket.set(sku!, Math.min(Number(quantity), maximumQuantity))
  return basket
}

export function writeBasket(basket: Basket): string {
  return [...basket]
    .filter(([, quantity]) => quantity > 0)
    .map(([sku, quantity]) => `${sku}.${quantity}`)
    .join('~')
}

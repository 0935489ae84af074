// All SQL on shops, keys and orders.
import { uuidv7 } from '#contract/ids.ts'
import { bigints, uuids } from '#platform/arrays.ts'
import type { Currency } from '#contract/money.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import type { Merchant, OrderRecord, OrderState, OrderToPay, ShopToPay } from './order.ts'

interface MerchantRow {
  id: string
  name: string
  city: string | null
  category: string
  status: Merchant['status']
  verified: boolean
  currency: Currency
  unacknowledged_account_id: string
  payable_account_id: string
}

function toMerchant(row: MerchantRow): Merchant {
  return {
    id: row.id,
    name: row.name,
    city: row.city ?? undefined,
    category: row.category,
    status: row.status,
    verified: row.verified,
    currency: row.currency,
    unacknowledgedAccountId: row.unacknowledged_account_id,
    payableAccountId: row.payable_account_id,
  }
}

export async function insertMerchant(
  tx: Transaction,
  merchant: Merchant & { webhookUrl: string | undefined; webhookSecret: Buffer },
  joinedAt: Date,
): Promise<void> {
  await tx.run(
    `INSERT INTO merchants.merchants (id, name, city, category, status, verified, currency, webhook_url, webhook_secret,
       unacknowledged_account_id, payable_account_id, joined_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      merchant.id,
      merchant.name,
      merchant.city ?? null,
      merchant.category,
      merchant.status,
      merchant.verified,
      merchant.currency,
      merchant.webhookUrl ?? null,
      merchant.webhookSecret,
      merchant.unacknowledgedAccountId,
      merchant.payableAccountId,
      joinedAt,
    ],
  )
}

export async function insertKey(
  tx: Transaction,
  key: { id: string; merchantId: string; secret: Buffer },
  createdAt: Date,
): Promise<void> {
  await tx.run('INSERT INTO merchants.keys (id, merchant_id, secret, created_at) VALUES ($1, $2, $3, $4)', [
    key.id,
    key.merchantId,
    key.secret,
    createdAt,
  ])
}

export async function findKey(
  sql: Sql,
  id: string,
): Promise<{ merchant_id: string; secret: Buffer } | undefined> {
  return sql.maybe(
    'SELECT merchant_id, secret FROM merchants.keys WHERE id = $1 AND revoked_at IS NULL',
    [id],
    'merchants-key',
  )
}

export async function saveWebhookUrl(sql: Sql, merchantId: string, webhookUrl: string): Promise<void> {
  await sql.run('UPDATE merchants.merchants SET webhook_url = $2 WHERE id = $1 AND webhook_url <> $2', [
    merchantId,
    webhookUrl,
  ])
}

export async function readNewestKey(sql: Sql, merchantId: string): Promise<{ id: string; secret: Buffer }> {
  return sql.one(
    `SELECT id, secret FROM merchants.keys WHERE merchant_id = $1 AND revoked_at IS NULL
     ORDER BY created_at DESC, id LIMIT 1`,
    [merchantId],
  )
}

export async function readMerchants(sql: Sql, ids: readonly string[]): Promise<Map<string, Merchant>> {
  const rows = await sql.rows<MerchantRow>(
    'SELECT * FROM merchants.merchants WHERE id = ANY($1::uuid[])',
    [ids],
    'merchants-read',
  )
  return new Map(rows.map((row) => [row.id, toMerchant(row)]))
}

export async function readWebhookTarget(
  sql: Sql,
  merchantId: string,
): Promise<{ webhook_url: string | null; webhook_secret: Buffer | null }> {
  return sql.one(
    'SELECT webhook_url, webhook_secret FROM merchants.merchants WHERE id = $1',
    [merchantId],
    'merchants-webhook-target',
  )
}

interface OrderRow {
  id: string
  merchant_id: string
  merchant_reference: string
  total: bigint
  currency: Currency
  lines: OrderRecord['lines']
  state: OrderState
  return_url: string | null
  cancel_url: string | null
  created_at: Date
  expires_at: Date
  customer_id: string | null
  payment_number: bigint | null
}

function toOrder(row: OrderRow): OrderRecord {
  return {
    id: row.id,
    merchantId: row.merchant_id,
    merchantReference: row.merchant_reference,
    totalMinor: row.total,
    currency: row.currency,
    lines: row.lines,
    state: row.state,
    returnUrl: row.return_url ?? undefined,
    cancelUrl: row.cancel_url ?? undefined,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    customerId: row.customer_id ?? undefined,
    paymentNumber: row.payment_number ?? undefined,
  }
}

/** Inserts new orders; those whose shop reference already stands are left out of the answer. */
export async function insertOrders(tx: Transaction, orders: readonly OrderRecord[]): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(
    `INSERT INTO merchants.orders (id, merchant_id, merchant_reference, total, currency, lines, state, return_url, cancel_url,
       created_at, expires_at)
     SELECT id, merchant_id, merchant_reference, total, currency, lines::jsonb, 'open', return_url, cancel_url, created_at, expires_at
     FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[],
       $9::timestamptz[], $10::timestamptz[])
       AS o (id, merchant_id, merchant_reference, total, currency, lines, return_url, cancel_url, created_at, expires_at)
     ON CONFLICT (merchant_id, merchant_reference) DO NOTHING RETURNING id`,
    [
      orders.map((order) => order.id),
      orders.map((order) => order.merchantId),
      orders.map((order) => order.merchantReference),
      orders.map((order) => order.totalMinor),
      orders.map((order) => order.currency),
      orders.map((order) => JSON.stringify(order.lines)),
      orders.map((order) => order.returnUrl ?? null),
      orders.map((order) => order.cancelUrl ?? null),
      orders.map((order) => order.createdAt),
      orders.map((order) => order.expiresAt),
    ],
  )
  return rows.map((row) => row.id)
}

export async function lockOrderRows(tx: Transaction, ids: readonly string[]): Promise<OrderRecord[]> {
  const rows = await tx.rows<OrderRow>(
    'SELECT * FROM merchants.orders WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE',
    [ids],
    'orders-lock',
  )
  return rows.map(toOrder)
}

interface OrderToPayRow {
  id: string
  merchant_id: string
  total: bigint
  currency: Currency
  state: OrderState
  expires_at: Date
  return_url: string | null
  shop_name: string
  shop_status: Merchant['status']
  unacknowledged_account_id: string
}

/** Orders locked as by `lockOrderRows`, with their shops as they are now, in one round trip. */
export async function lockOrdersWithShops(
  tx: Transaction,
  ids: readonly string[],
): Promise<{ order: OrderToPay; shop: ShopToPay }[]> {
  const rows = await tx.rows<OrderToPayRow>(
    `SELECT purchase.id, purchase.merchant_id, purchase.total, purchase.currency, purchase.state, purchase.expires_at,
       purchase.return_url, shop.name AS shop_name, shop.status AS shop_status, shop.unacknowledged_account_id
     FROM merchants.orders AS purchase JOIN merchants.merchants AS shop ON shop.id = purchase.merchant_id
     WHERE purchase.id = ANY($1::uuid[]) ORDER BY purchase.id FOR NO KEY UPDATE OF purchase`,
    [uuids(ids)],
    'orders-lock-with-shops',
  )
  return rows.map((row) => ({
    order: {
      id: row.id,
      merchantId: row.merchant_id,
      totalMinor: row.total,
      currency: row.currency,
      state: row.state,
      expiresAt: row.expires_at,
      returnUrl: row.return_url ?? undefined,
    },
    shop: {
      id: row.merchant_id,
      name: row.shop_name,
      status: row.shop_status,
      unacknowledgedAccountId: row.unacknowledged_account_id,
    },
  }))
}

export async function readOrders(sql: Sql, ids: readonly string[]): Promise<OrderRecord[]> {
  return (
    await sql.rows<OrderRow>(
      'SELECT * FROM merchants.orders WHERE id = ANY($1::uuid[])',
      [ids],
      'orders-read',
    )
  ).map(toOrder)
}

export async function findOrderByReference(
  sql: Sql,
  merchantId: string,
  merchantReference: string,
): Promise<OrderRecord | undefined> {
  const row = await sql.maybe<OrderRow>(
    'SELECT * FROM merchants.orders WHERE merchant_id = $1 AND merchant_reference = $2',
    [merchantId, merchantReference],
  )
  return row && toOrder(row)
}

/** Marks orders paid and queues what tells their shops, as one statement: paid and not to be told does not exist. */
export async function savePaidOrders(
  tx: Transaction,
  orders: readonly { id: string; customerId: string; paymentNumber: bigint }[],
  paidAt: Date,
): Promise<void> {
  await tx.run(
    `WITH paid AS (
       SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $5::uuid[]) AS p (id, customer_id, payment_number, webhook_id)
     ), marked AS (
       UPDATE merchants.orders AS target
       SET state = 'paid', customer_id = paid.customer_id, payment_number = paid.payment_number, closed_at = $4
       FROM paid WHERE target.id = paid.id
       RETURNING paid.webhook_id, target.merchant_id, target.id
     )
     INSERT INTO merchants.webhooks (id, merchant_id, order_id, type, event_at, state, created_at, next_attempt_at)
     SELECT webhook_id, merchant_id, id, 'order.paid', $4, 'waiting', $4, $4 FROM marked`,
    [
      uuids(orders.map((order) => order.id)),
      uuids(orders.map((order) => order.customerId)),
      bigints(orders.map((order) => order.paymentNumber)),
      paidAt,
      uuids(orders.map(() => uuidv7(paidAt.getTime()))),
    ],
    'orders-save-paid',
  )
}

export async function saveClosedOrder(
  tx: Transaction,
  id: string,
  state: 'cancelled' | 'expired',
  closedAt: Date,
): Promise<void> {
  await tx.run('UPDATE merchants.orders SET state = $2, closed_at = $3 WHERE id = $1', [id, state, closedAt])
}

/** Open orders whose time is over, locked; those that a payment holds right now are left for the next round. */
export async function lockExpiredOrders(
  tx: Transaction,
  after: Date | number,
  now: Date,
  limit: number,
): Promise<OrderRecord[]> {
  const rows = await tx.rows<OrderRow>(
    `SELECT * FROM merchants.orders WHERE expires_at > $1 AND expires_at <= $2 AND state = 'open'
     ORDER BY expires_at LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED`,
    [after === -Infinity ? '-infinity' : after, now, limit],
  )
  return rows.map(toOrder)
}

/** Since when orders may stand open although their time is over; -Infinity: since ever. */
export async function readSweptUntil(sql: Sql): Promise<Date | number> {
  return (await sql.one<{ swept_until: Date | number }>('SELECT swept_until FROM merchants.expiry'))
    .swept_until
}

/**
 * Everything up to `now` was looked at: the mark moves to just before the first order that is still open, or nearly to
 * `now`; an order lives 60 seconds at least, so one that is committed later ends after the mark.
 */
export async function saveSwept(tx: Transaction, after: Date | number, now: Date): Promise<void> {
  await tx.run(
    `UPDATE merchants.expiry SET swept_until = greatest(swept_until, coalesce(
       (SELECT expires_at - interval '1 millisecond' FROM merchants.orders
        WHERE expires_at > $1 AND expires_at <= $2 AND state = 'open' ORDER BY expires_at LIMIT 1), $2::timestamptz - interval '30 seconds'))`,
    [after === -Infinity ? '-infinity' : after, now],
  )
}

export async function findIdempotency(
  sql: Sql,
  merchantId: string,
  key: string,
): Promise<{ body_hash: Buffer; order_id: string } | undefined> {
  return sql.maybe(
    'SELECT body_hash, order_id FROM merchants.idempotency WHERE merchant_id = $1 AND key = $2',
    [merchantId, key],
  )
}

/** True when this call is the first with the key. A concurrent one waits here for the first to commit. */
export async function claimIdempotency(
  tx: Transaction,
  claim: { merchantId: string; key: string; bodyHash: Buffer; orderId: string; createdAt: Date },
): Promise<boolean> {
  const count = await tx.run(
    `INSERT INTO merchants.idempotency (merchant_id, key, body_hash, order_id, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
    [claim.merchantId, claim.key, claim.bodyHash, claim.orderId, claim.createdAt],
  )
  return count === 1
}

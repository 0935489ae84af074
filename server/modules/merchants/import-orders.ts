// Orders of the past with what their shops were told, for demo data: written as they would stand had they happened here.
// Never for orders that are open: those go through the API's checks.
import { uuidv7 } from '#contract/ids.ts'
import type { Order, OrderWebhook } from '#contract/merchant.ts'
import type { Transaction } from '#platform/db.ts'
import { nextAttemptAfter, type OrderRecord } from './order.ts'

export interface PastTry {
  at: Date
  httpStatus?: number | undefined
  /** Why there was no answer, e.g. `timeout`. */
  noAnswer?: string | undefined
  durationMs: number
}

export interface PastTelling {
  type: OrderWebhook['type']
  createdAt: Date
  state: 'waiting' | 'acknowledged' | 'superseded'
  tries: readonly PastTry[]
  /** Only while it waits. */
  nextTryAt?: Date | undefined
  closedAt?: Date | undefined
  /** The order as the shop was told it. */
  order: OrderRecord
  paidAt?: Date | undefined
}

export interface PastOrder {
  order: OrderRecord
  closedAt: Date
  tellings: readonly PastTelling[]
}

/** When a shop that never answers is asked, from the first try on, until a moment; and when the next try would be. */
export function triesUntil(firstTryAt: Date, until: Date): { at: Date[]; next: Date | undefined } {
  const at: Date[] = []
  let next: Date | undefined = firstTryAt
  while (next && next <= until) {
    at.push(next)
    next = nextAttemptAfter(at.length, next)
  }
  return { at, next }
}

/** Writes closed orders, their webhooks and the tries, one statement a table. */
export async function importOrders(
  tx: Transaction,
  orders: readonly PastOrder[],
  present: (order: OrderRecord, paidAt?: Date) => Order,
): Promise<void> {
  await insertOrders(tx, orders)
  const tellings = orders.flatMap((past) =>
    past.tellings.map((telling) => ({ ...telling, id: uuidv7(telling.createdAt.getTime()) })),
  )
  await tx.run(
    `INSERT INTO merchants.webhooks (id, merchant_id, order_id, type, body, state, attempts, created_at, next_attempt_at, closed_at, event_at)
     SELECT w.*, w.created_at FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::int[], $8::timestamptz[],
       $9::timestamptz[], $10::timestamptz[])
       AS w (id, merchant_id, order_id, type, body, state, attempts, created_at, next_attempt_at, closed_at)`,
    [
      tellings.map((telling) => telling.id),
      tellings.map((telling) => telling.order.merchantId),
      tellings.map((telling) => telling.order.id),
      tellings.map((telling) => telling.type),
      tellings.map(({ type, createdAt, order, paidAt }) => {
        const event: OrderWebhook = {
          type,
          timestamp: createdAt.toISOString(),
          data: present(order, paidAt),
        }
        return JSON.stringify(event)
      }),
      tellings.map((telling) => telling.state),
      tellings.map((telling) => telling.tries.length),
      tellings.map((telling) => telling.createdAt),
      tellings.map((telling) => telling.nextTryAt ?? null),
      tellings.map((telling) => telling.closedAt ?? null),
    ],
  )
  const tries = tellings.flatMap((telling) =>
    telling.tries.map((each, index) => ({ ...each, webhookId: telling.id, attempt: index + 1 })),
  )
  await tx.run(
    `INSERT INTO merchants.webhook_attempts (webhook_id, attempt, at, http_status, no_answer, duration_ms)
     SELECT * FROM unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::int[], $5::text[], $6::int[])`,
    [
      tries.map((each) => each.webhookId),
      tries.map((each) => each.attempt),
      tries.map((each) => each.at),
      tries.map((each) => each.httpStatus ?? null),
      tries.map((each) => each.noAnswer ?? null),
      tries.map((each) => each.durationMs),
    ],
  )
}

async function insertOrders(tx: Transaction, orders: readonly PastOrder[]): Promise<void> {
  await tx.run(
    `INSERT INTO merchants.orders (id, merchant_id, merchant_reference, total, currency, lines, state, created_at, expires_at,
       closed_at, customer_id, payment_number)
     SELECT id, merchant_id, merchant_reference, total, currency, lines::jsonb, state, created_at, expires_at, closed_at,
       customer_id, payment_number
     FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::timestamptz[],
       $9::timestamptz[], $10::timestamptz[], $11::uuid[], $12::bigint[])
       AS o (id, merchant_id, merchant_reference, total, currency, lines, state, created_at, expires_at, closed_at,
         customer_id, payment_number)`,
    [
      orders.map(({ order }) => order.id),
      orders.map(({ order }) => order.merchantId),
      orders.map(({ order }) => order.merchantReference),
      orders.map(({ order }) => order.totalMinor),
      orders.map(({ order }) => order.currency),
      orders.map(({ order }) => JSON.stringify(order.lines)),
      orders.map(({ order }) => order.state),
      orders.map(({ order }) => order.createdAt),
      orders.map(({ order }) => order.expiresAt),
      orders.map(({ closedAt }) => closedAt),
      orders.map(({ order }) => order.customerId ?? null),
      orders.map(({ order }) => order.paymentNumber ?? null),
    ],
  )
}

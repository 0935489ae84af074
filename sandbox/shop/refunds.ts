// Requests to give money back, in the shops' own records: heard by webhook or asked for, answered by hand or by a switch.
// An answer is written down before it is sent and sent under one key until Tuntas has it; it never becomes another answer.
import { randomUUID } from 'node:crypto'
import type { RefundWebhookEvent } from '../../contract/merchant.ts'
import type { ShopRefund } from '../../contract/refund.ts'
import type { Database } from '../platform/database.ts'
import type { Settings, ShopAccount } from '../platform/settings.ts'
import type { World } from '../platform/world.ts'
import { answerRefund, readWaitingRefunds } from './merchant-client.ts'

export interface KnownRefund {
  shop: string
  reference: string
  order_number: string
  payment: string
  amount_minor: bigint
  reason: ShopRefund['reason']
  note: string
  state: ShopRefund['state']
  asked_at: Date
  answer_by: Date | null
  answer: 'agree' | 'refuse' | null
  answer_key: string
  answer_sent: boolean
  problem: string | null
}

const columns = `shop, reference, order_number, payment, amount_minor, reason, note, state, asked_at, answer_by, answer, answer_key,
  answer_sent, problem`
const turnMs = 400

/** Writes what Tuntas says of a refund. It never goes back: once ended, a late `asking_shop` changes nothing. */
async function keep(query: Database['rows'], shop: string, told: ShopRefund): Promise<void> {
  await query(
    `INSERT INTO sandbox.shop_refunds (shop, reference, order_id, order_number, payment, amount_minor, reason, note, state, asked_at,
       answer_by, answer_key)
     VALUES ($1, $2, (SELECT id FROM sandbox.shop_orders WHERE shop = $1 AND number = $3), $3, $4, $5, $6, $7, $8, $9, $10, $11)
     ON CONFLICT (shop, reference) DO UPDATE SET changed_at = now(),
       state = CASE WHEN shop_refunds.state IN ('paid', 'declined', 'withdrawn', 'overtaken') THEN shop_refunds.state
                    WHEN excluded.state = 'asking_shop' THEN shop_refunds.state ELSE excluded.state END`,
    [
      shop,
      told.reference,
      told.merchantReference,
      told.payment,
      told.amount.amountMinor,
      told.reason,
      told.note ?? '',
      told.state,
      told.askedAt,
      told.answerBy ?? null,
      randomUUID(),
    ],
  )
}

/** A webhook about a refund, in the transaction that counts the webhook. Paid back whole, the order says so. */
export async function receiveRefund(
  query: Database['rows'],
  shop: string,
  event: RefundWebhookEvent,
): Promise<void> {
  await keep(query, shop, event.data)
  if (event.type !== 'refund.paid') return
  await query(
    `UPDATE sandbox.shop_orders AS own SET state = 'refunded', payment = coalesce(payment, $3), changed_at = now()
     WHERE shop = $1 AND number = $2
       AND total_minor <= (SELECT sum(amount_minor) FROM sandbox.shop_refunds AS refund
                           WHERE refund.shop = own.shop AND refund.order_number = own.number AND refund.state = 'paid')`,
    [shop, event.data.merchantReference, event.data.payment],
  )
}

export type ShopRefunds = ReturnType<typeof createShopRefunds>

export function createShopRefunds(parts: { db: Database; settings: Settings; world: World }) {
  const { db, settings, world } = parts
  const { customersUrl } = settings
  const bySlug = new Map(settings.shops.map((shop) => [shop.slug, shop]))
  let timer: NodeJS.Timeout | undefined
  let working: Promise<void> | undefined
  let stopped = true

  async function send(refund: KnownRefund): Promise<void> {
    const shop = bySlug.get(refund.shop)
    if (!shop || !refund.answer) return
    const outcome = await answerRefund(
      { customersUrl, shop },
      refund.reference,
      refund.answer_key,
      refund.answer,
    )
    if (outcome.outcome === 'done')
      return db.transaction(async (query) => {
        await keep(query, refund.shop, outcome.result)
        await query(
          'UPDATE sandbox.shop_refunds SET answer_sent = true, problem = NULL WHERE shop = $1 AND reference = $2',
          [refund.shop, refund.reference],
        )
      })
    const isFinal = outcome.outcome === 'refused'
    await db.rows(
      'UPDATE sandbox.shop_refunds SET answer_sent = $3, problem = $4, changed_at = now() WHERE shop = $1 AND reference = $2',
      [refund.shop, refund.reference, isFinal, isFinal ? outcome.code : 'no_answer'],
    )
  }

  /** What the switch answers, and what was answered and did not arrive yet. */
  async function turn(): Promise<void> {
    const { up, refunds } = world.switches.shop
    if (!up) return
    if (refunds !== 'silent')
      await db.rows(
        `UPDATE sandbox.shop_refunds SET answer = $1, changed_at = now() WHERE answer IS NULL AND state = 'asking_shop'`,
        [refunds],
      )
    const due = await db.rows<KnownRefund>(
      `SELECT ${columns} FROM sandbox.shop_refunds WHERE answer IS NOT NULL AND NOT answer_sent LIMIT 20`,
    )
    for (const refund of due) await send(refund)
  }

  function wake(afterMs = 0): void {
    if (stopped) return
    clearTimeout(timer)
    timer = setTimeout(() => {
      working ??= turn()
        .catch(() => undefined)
        .finally(() => {
          working = undefined
          wake(turnMs)
        })
    }, afterMs)
  }

  return {
    /** Newest first. Asks Tuntas what waits too: a shop that was down when it was told still finds it. `fresh` says whether it answered. */
    async list(shop: ShopAccount): Promise<{ refunds: KnownRefund[]; fresh: boolean }> {
      const waiting = await readWaitingRefunds({ customersUrl, shop })
      if (waiting.outcome === 'done')
        await db.transaction(async (query) => {
          for (const refund of waiting.result) await keep(query, shop.slug, refund)
        })
      const refunds = await db.rows<KnownRefund>(
        `SELECT ${columns} FROM sandbox.shop_refunds WHERE shop = $1 ORDER BY asked_at DESC, reference LIMIT 50`,
        [shop.slug],
      )
      return { refunds, fresh: waiting.outcome === 'done' }
    },

    /** The shopkeeper's answer; the first one stands. False when the shop knows no such refund. */
    async answer(shop: ShopAccount, reference: string, answer: 'agree' | 'refuse'): Promise<boolean> {
      await db.rows(
        `UPDATE sandbox.shop_refunds SET answer = $3, changed_at = now() WHERE shop = $1 AND reference = $2 AND answer IS NULL`,
        [shop.slug, reference, answer],
      )
      const known = await db.maybe<KnownRefund>(
        `SELECT ${columns} FROM sandbox.shop_refunds WHERE shop = $1 AND reference = $2`,
        [shop.slug, reference],
      )
      if (known && !known.answer_sent) await send(known)
      return known !== undefined
    },

    start(): void {
      stopped = false
      wake()
    },
    async stop(): Promise<void> {
      stopped = true
      clearTimeout(timer)
      await working
    },
  }
}

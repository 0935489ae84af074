// Tells shops what happened, again and again until they acknowledge. No transaction is open while a shop is asked.
// Every try is kept as evidence: the trace of a payment shows it to the customer and to the agent.
import { Webhook } from 'standardwebhooks'
import { referenceOf } from '#contract/ids.ts'
import { decrypt } from '#platform/secrets.ts'
import { publish } from '#platform/outbox.ts'
import type { Platform } from '#platform/platform.ts'
import type { Order, WebhookEvent } from '#contract/merchant.ts'
import { nextAttemptAfter, type OrderRecord } from './order.ts'
import { readOrders, readWebhookTarget } from './order.sql.ts'
import { postOutside } from './post-outside.ts'
import { claimDueWebhooks, saveAttempt, type AttemptResult, type ClaimedWebhook } from './webhook.sql.ts'

const timeoutMs = 5000
const atOnce = 16
/** Twice what a try may take: after a death the shop waits no longer than this, and no living try is repeated. */
const claimSeconds = (2 * timeoutMs) / 1000

const noAddress = 'no_address'

/** The state of the order that a webhook tells, whatever became of the order since. */
const stateTold = {
  'order.paid': 'paid',
  'order.cancelled': 'cancelled',
  'order.expired': 'expired',
} as const

async function tell(
  platform: Platform,
  key: Buffer,
  webhook: ClaimedWebhook,
  body: string,
): Promise<Omit<AttemptResult, 'at'>> {
  const started = performance.now()
  const answer = (httpStatus: number | undefined, noAnswer?: string) => ({
    body,
    httpStatus,
    noAnswer,
    durationMs: Math.round(performance.now() - started),
  })
  const target = await readWebhookTarget(platform.db.read, webhook.merchant_id)
  if (!target.webhook_url || !target.webhook_secret) return answer(undefined, noAddress)
  try {
    const sentAt = new Date()
    const signature = new Webhook(decrypt(key, target.webhook_secret)).sign(webhook.id, sentAt, body)
    const status = await postOutside(new URL(target.webhook_url), {
      timeoutMs,
      insideAllowed: platform.config.sandbox,
      headers: {
        'content-type': 'application/json',
        'webhook-id': webhook.id,
        'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
        'webhook-signature': signature,
      },
      body,
    })
    return answer(status)
  } catch (error) {
    const { name, code } = error as { name: string; code?: string }
    return answer(undefined, (code ?? name).toLowerCase())
  }
}

async function record(platform: Platform, webhook: ClaimedWebhook, result: AttemptResult): Promise<void> {
  const acknowledged = result.httpStatus !== undefined && result.httpStatus >= 200 && result.httpStatus < 300
  await platform.db.transaction(async (tx) => {
    // An address does not come by waiting; but for a payment money waits, so that is tried to the end.
    const untold = result.noAnswer === noAddress && webhook.type !== 'order.paid'
    const nextAttemptAt =
      acknowledged || untold ? undefined : nextAttemptAfter(webhook.attempts + 1, result.at)
    const ended = untold ? 'no_address' : 'given_up'
    const state = acknowledged ? 'acknowledged' : nextAttemptAt ? 'waiting' : ended
    const stands = await saveAttempt(tx, webhook.id, result, { state, nextAttemptAt })
    const [order] = await readOrders(tx, [webhook.order_id])
    const reference = order?.paymentNumber === undefined ? undefined : referenceOf('TN', order.paymentNumber)
    await publish(
      tx,
      [
        {
          type: acknowledged && stands ? 'webhook.acknowledged' : 'webhook.attempted',
          key: webhook.order_id,
          payload: {
            orderId: webhook.order_id,
            webhookType: webhook.type,
            paymentNumber: order?.paymentNumber?.toString() ?? null,
            ...(reference ? { reference } : {}),
          },
          merchantId: webhook.merchant_id,
          customerId: order?.customerId,
          // A failed try changes what the payment's trace says.
          liveCustomer: reference ? [{ type: 'transaction.changed', reference }] : [],
        },
      ],
      result.at,
    )
  })
}

/** Takes what is due and tells it; returns how many were told. Safe in several processes. */
export async function deliverDueWebhooks(
  platform: Platform,
  key: Buffer,
  present: (order: OrderRecord, paidAt?: Date) => Order,
): Promise<number> {
  async function bodyOf(webhook: ClaimedWebhook): Promise<string> {
    const [order] = await readOrders(platform.db.read, [webhook.order_id])
    const type = webhook.type as keyof typeof stateTold
    const event: WebhookEvent = {
      type,
      timestamp: webhook.event_at.toISOString(),
      data: present({ ...order!, state: stateTold[type] }, webhook.event_at),
    }
    return JSON.stringify(event)
  }

  const due = await claimDueWebhooks(platform.db.read, platform.clock.now(), atOnce, claimSeconds)
  await Promise.all(
    due.map(async (webhook) => {
      const result = await tell(platform, key, webhook, webhook.body ?? (await bodyOf(webhook)))
      await record(platform, webhook, { ...result, at: platform.clock.now() })
    }),
  )
  if (due.length > 0) platform.events.wake()
  return due.length
}

// Tells shops what happened, again and again until they acknowledge. No transaction is open while a shop is asked.
// Every try is kept as evidence: the trace of a payment shows it to the customer and to the agent.
import { Webhook } from 'standardwebhooks'
import { referenceOf } from '#contract/ids.ts'
import { decrypt } from '#platform/secrets.ts'
import { publish } from '#platform/outbox.ts'
import type { Platform } from '#platform/platform.ts'
import { nextAttemptAfter } from './order.ts'
import { readOrders, readWebhookTarget } from './order.sql.ts'
import { postOutside } from './post-outside.ts'
import { claimDueWebhooks, saveAttempt, type AttemptResult, type ClaimedWebhook } from './webhook.sql.ts'

const timeoutMs = 5000
const atOnce = 16

async function tell(
  platform: Platform,
  key: Buffer,
  webhook: ClaimedWebhook,
): Promise<Omit<AttemptResult, 'at'>> {
  const started = performance.now()
  const answer = (httpStatus: number | undefined, noAnswer?: string) => ({
    httpStatus,
    noAnswer,
    durationMs: Math.round(performance.now() - started),
  })
  const target = await readWebhookTarget(platform.db.read, webhook.merchant_id)
  if (!target.webhook_url || !target.webhook_secret) return answer(undefined, 'no_address')
  try {
    const sentAt = new Date()
    const signature = new Webhook(decrypt(key, target.webhook_secret)).sign(webhook.id, sentAt, webhook.body)
    const status = await postOutside(new URL(target.webhook_url), {
      timeoutMs,
      insideAllowed: platform.config.sandbox,
      headers: {
        'content-type': 'application/json',
        'webhook-id': webhook.id,
        'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
        'webhook-signature': signature,
      },
      body: webhook.body,
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
    const nextAttemptAt = acknowledged ? undefined : nextAttemptAfter(webhook.attempts + 1, result.at)
    const state = acknowledged ? 'acknowledged' : nextAttemptAt ? 'waiting' : 'given_up'
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
export async function deliverDueWebhooks(platform: Platform, key: Buffer): Promise<number> {
  const due = await claimDueWebhooks(platform.db.read, platform.clock.now(), atOnce, 30)
  await Promise.all(
    due.map(async (webhook) => {
      const result = await tell(platform, key, webhook)
      await record(platform, webhook, { ...result, at: platform.clock.now() })
    }),
  )
  if (due.length > 0) platform.events.wake()
  return due.length
}

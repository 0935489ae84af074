// All SQL on webhooks and their tries.
import type { Sql, Transaction } from '#platform/db.ts'
import type { TellingShop, WebhookType } from './order.ts'

export interface NewWebhook {
  id: string
  merchantId: string
  orderId: string
  type: WebhookType
  /** Left out, it is made of the order at the first try. */
  body?: string | undefined
  /** When it became true; left out: now. */
  eventAt?: Date | undefined
}

export async function insertWebhooks(
  tx: Transaction,
  webhooks: readonly NewWebhook[],
  now: Date,
): Promise<void> {
  await tx.run(
    `INSERT INTO merchants.webhooks (id, merchant_id, order_id, type, body, event_at, state, created_at, next_attempt_at)
     SELECT id, merchant_id, order_id, type, body, event_at, 'waiting', $7, $7
     FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[])
       AS w (id, merchant_id, order_id, type, body, event_at)`,
    [
      webhooks.map((webhook) => webhook.id),
      webhooks.map((webhook) => webhook.merchantId),
      webhooks.map((webhook) => webhook.orderId),
      webhooks.map((webhook) => webhook.type),
      webhooks.map((webhook) => webhook.body ?? null),
      webhooks.map((webhook) => webhook.eventAt ?? now),
      now,
    ],
  )
}

export interface ClaimedWebhook {
  id: string
  merchant_id: string
  order_id: string
  type: WebhookType
  event_at: Date
  /** NULL until the first try. */
  body: string | null
  attempts: number
}

/** Takes what is due for one process. The claim runs out by itself, so a killed process loses nothing. */
export async function claimDueWebhooks(
  sql: Sql,
  now: Date,
  limit: number,
  claimSeconds: number,
): Promise<ClaimedWebhook[]> {
  return sql.rows<ClaimedWebhook>(
    `UPDATE merchants.webhooks AS webhook SET claimed_until = clock_timestamp() + make_interval(secs => $3)
     WHERE id IN (
       SELECT id FROM merchants.webhooks
       WHERE state = 'waiting' AND next_attempt_at <= $1 AND (claimed_until IS NULL OR claimed_until < clock_timestamp())
       ORDER BY next_attempt_at LIMIT $2 FOR UPDATE SKIP LOCKED)
     RETURNING id, merchant_id, order_id, type, event_at, body, attempts`,
    [now, limit, claimSeconds],
  )
}

export interface AttemptResult {
  at: Date
  /** What was sent. */
  body: string
  httpStatus: number | undefined
  noAnswer: string | undefined
  durationMs: number
}

/** Records a try; answers false when the webhook was closed meanwhile (superseded): then nothing is changed but the try is kept. */
export async function saveAttempt(
  tx: Transaction,
  webhookId: string,
  result: AttemptResult,
  next: { state: 'waiting' | 'acknowledged' | 'given_up' | 'no_address'; nextAttemptAt: Date | undefined },
): Promise<boolean> {
  const row = await tx.one<{ state: string; attempts: number }>(
    'UPDATE merchants.webhooks SET attempts = attempts + 1, claimed_until = NULL, body = coalesce(body, $2) WHERE id = $1 RETURNING state, attempts',
    [webhookId, result.body],
  )
  await tx.run(
    'INSERT INTO merchants.webhook_attempts (webhook_id, attempt, at, http_status, no_answer, duration_ms) VALUES ($1, $2, $3, $4, $5, $6)',
    [
      webhookId,
      row.attempts,
      result.at,
      result.httpStatus ?? null,
      result.noAnswer ?? null,
      result.durationMs,
    ],
  )
  if (row.state !== 'waiting') return false
  await tx.run(
    'UPDATE merchants.webhooks SET state = $2, next_attempt_at = $3, closed_at = $4 WHERE id = $1',
    [webhookId, next.state, next.nextAttemptAt ?? null, next.state === 'waiting' ? null : result.at],
  )
  return true
}

/** Nothing that says "paid" may go out any more. */
export async function supersedeWebhooks(tx: Transaction, orderId: string, now: Date): Promise<void> {
  await tx.run(
    "UPDATE merchants.webhooks SET state = 'superseded', next_attempt_at = NULL, closed_at = $2 WHERE order_id = $1 AND state = 'waiting'",
    [orderId, now],
  )
}

/** Makes the next try due now, also after the last one; false when nobody may ask yet, or there is nothing to ask. */
export async function hastenWebhook(tx: Transaction, orderId: string, now: Date): Promise<boolean> {
  const count = await tx.run(
    `UPDATE merchants.webhooks AS webhook
     SET state = 'waiting', closed_at = NULL, next_attempt_at = $2, asked_again_at = $2 FROM merchants.ask_again_rule AS rule
     WHERE webhook.order_id = $1 AND webhook.type = 'order.paid' AND webhook.state IN ('waiting', 'given_up') AND webhook.attempts > 0
       AND (webhook.asked_again_at IS NULL OR webhook.asked_again_at + make_interval(secs => rule.minimum_gap_seconds) <= $2)`,
    [orderId, now],
  )
  return count > 0
}

/** When a request for money back could not be told, because its shop has no address; undefined when it was, or may be. */
export async function readRefundUntold(
  sql: Sql,
  orderId: string,
  reference: string,
): Promise<Date | undefined> {
  const row = await sql.maybe<{ closed_at: Date }>(
    `SELECT closed_at FROM merchants.webhooks
     WHERE order_id = $1 AND type = 'refund.requested' AND state = 'no_address'
       AND body::jsonb #>> '{data,reference}' = $2
     ORDER BY closed_at DESC LIMIT 1`,
    [orderId, reference],
  )
  return row?.closed_at
}

export async function readTellings(sql: Sql, orderIds: readonly string[]): Promise<Map<string, TellingShop>> {
  const rows = await sql.rows<{
    order_id: string
    state: TellingShop['state']
    attempts: number
    next_attempt_at: Date | null
    closed_at: Date | null
    at: Date | null
    http_status: number | null
    no_answer: string | null
    ask_again_from: Date | null
  }>(
    `SELECT webhook.order_id, webhook.state, webhook.attempts, webhook.next_attempt_at, webhook.closed_at,
            attempt.at, attempt.http_status, attempt.no_answer,
            webhook.asked_again_at + make_interval(secs => rule.minimum_gap_seconds) AS ask_again_from
     FROM merchants.ask_again_rule AS rule CROSS JOIN merchants.webhooks AS webhook
     LEFT JOIN merchants.webhook_attempts AS attempt ON attempt.webhook_id = webhook.id AND attempt.attempt = webhook.attempts
     WHERE webhook.order_id = ANY($1::uuid[]) AND webhook.type = 'order.paid'`,
    [orderIds],
  )
  return new Map(
    rows.map((row) => [
      row.order_id,
      {
        state: row.state,
        attempts: row.attempts,
        lastAttemptAt: row.at ?? undefined,
        lastHttpStatus: row.http_status ?? undefined,
        lastNoAnswer: row.no_answer ?? undefined,
        nextAttemptAt: row.next_attempt_at ?? undefined,
        acknowledgedAt: row.state === 'acknowledged' ? (row.closed_at ?? undefined) : undefined,
        askAgainFrom: row.ask_again_from ?? undefined,
      },
    ]),
  )
}

// Is this webhook really from Tuntas? Standard Webhooks: id, time and body signed with the shop's secret.
import { timingSafeEqual } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { Value } from 'typebox/value'
import { WebhookEventSchema, type WebhookEvent } from '../../contract/merchant.ts'

export interface ReceivedWebhook {
  id: string
  event: WebhookEvent
}

const windowMs = 300_000

/**
 * The event, or undefined when the signature, the time or the body is wrong. `worldNow` is this world's time, which may be
 * ahead of the machine's: a stamp is fresh when it fits either.
 */
export function openWebhook(
  secret: string,
  headers: Record<string, string | string[] | undefined>,
  body: Buffer,
  worldNow: Date,
): ReceivedWebhook | undefined {
  const read = (name: string) => (typeof headers[name] === 'string' ? headers[name] : '')
  const [id, timestamp, signature] = [
    read('webhook-id'),
    read('webhook-timestamp'),
    read('webhook-signature'),
  ]
  if (!id || !verified(secret, { id, timestamp, signature }, body, worldNow)) return undefined
  try {
    const event: unknown = JSON.parse(body.toString())
    return Value.Check(WebhookEventSchema, event) ? { id, event } : undefined
  } catch {
    return undefined
  }
}

function verified(
  secret: string,
  stamp: { id: string; timestamp: string; signature: string },
  body: Buffer,
  worldNow: Date,
): boolean {
  const webhook = new Webhook(secret)
  const headers = {
    'webhook-id': stamp.id,
    'webhook-timestamp': stamp.timestamp,
    'webhook-signature': stamp.signature,
  }
  try {
    webhook.verify(body.toString(), headers, { jsonParse: false })
    return true
  } catch {
    // `verify` knows the machine's time only; the same check with this world's time follows.
    if (!/^[0-9]{1,12}$/.test(stamp.timestamp)) return false
    const at = new Date(Number(stamp.timestamp) * 1000)
    if (Math.abs(at.getTime() - worldNow.getTime()) > windowMs) return false
    const expected = Buffer.from(webhook.sign(stamp.id, at, body.toString()))
    return stamp.signature.split(' ').some((given) => {
      const bytes = Buffer.from(given)
      return bytes.length === expected.length && timingSafeEqual(bytes, expected)
    })
  }
}

// Is this webhook really from Tuntas? Standard Webhooks: id, time and body signed with the shop's secret.
import { Webhook } from 'standardwebhooks'
import { Value } from 'typebox/value'
import { WebhookEventSchema, type RefundWebhookEvent, type WebhookEvent } from '../../contract/merchant.ts'

export interface ReceivedWebhook {
  id: string
  event: WebhookEvent
}

export function isAboutRefund(event: WebhookEvent): event is RefundWebhookEvent {
  return event.type.startsWith('refund.')
}

/** The event, or undefined when the signature, the time (five minutes) or the body is wrong. */
export function openWebhook(
  secret: string,
  headers: Record<string, string | string[] | undefined>,
  body: Buffer,
): ReceivedWebhook | undefined {
  const read = (name: string) => (typeof headers[name] === 'string' ? headers[name] : '')
  const stamp = {
    'webhook-id': read('webhook-id'),
    'webhook-timestamp': read('webhook-timestamp'),
    'webhook-signature': read('webhook-signature'),
  }
  try {
    const event = new Webhook(secret).verify(body, stamp)
    return Value.Check(WebhookEventSchema, event) ? { id: stamp['webhook-id'], event } : undefined
  } catch {
    return undefined
  }
}

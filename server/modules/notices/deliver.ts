// Delivers what is due: claim in a short transaction, send outside any transaction, then mark.
// At least once: a crash between sending and marking sends it again under the same id. No secret reaches a log.
import type { Logger } from '#platform/log.ts'
import type { Clock } from '#platform/clock.ts'
import type { Database } from '#platform/db.ts'
import { claimDue, markFailed, markSent, type ClaimedMessage } from './notices.sql.ts'
import { openValues } from './secrets.ts'
import { isTemplateName, render } from './templates.ts'
import type { Carriers } from './carriers.ts'

const leaseMs = 60_000
const giveUpAfterMs = 24 * 3_600_000
const atOnce = 20

/** The wait before try number `tries + 1`: 5 s, doubling, at most 15 minutes. */
export function retryDelayMs(tries: number): number {
  return Math.min(15 * 60_000, 5000 * 2 ** Math.min(20, tries - 1))
}

export interface DeliveryParts {
  db: Database
  clock: Clock
  log: Logger
  key: Buffer
  carriers: Carriers
}

/** One round; returns how many messages were taken. */
export async function deliverDue(parts: DeliveryParts): Promise<number> {
  const now = parts.clock.now()
  const messages = await claimDue(parts.db, now, new Date(now.getTime() + leaseMs), atOnce)
  await Promise.all(messages.map((message) => deliver(parts, message)))
  return messages.length
}

async function deliver(parts: DeliveryParts, message: ClaimedMessage): Promise<void> {
  try {
    await send(parts, message)
  } catch (error) {
    const now = parts.clock.now()
    const tooOld = now.getTime() - message.created_at.getTime() >= giveUpAfterMs
    const reason = error instanceof Error ? error.message.slice(0, 200) : 'unknown'
    await markFailed(
      parts.db,
      message.id,
      reason,
      tooOld ? undefined : new Date(now.getTime() + retryDelayMs(message.tries)),
    )
    // The reason may name the receiver: it stays in the row.
    parts.log.warn({ messageId: message.id, tries: message.tries }, 'message not delivered')
    return
  }
  await markSent(parts.db, message.id, parts.clock.now())
}

async function send({ key, carriers }: DeliveryParts, message: ClaimedMessage): Promise<void> {
  if (!isTemplateName(message.template)) throw new Error(`no template ${message.template}`)
  const values = message.secret ? openValues(key, message.id, message.secret) : (message.content ?? {})
  const words = render(message.template, message.locale, values)
  if (message.channel === 'sms')
    await carriers.sms({ id: message.id, to: message.recipient, text: words.text })
  else
    await carriers.email({
      id: message.id,
      to: message.recipient,
      subject: words.subject,
      text: words.text,
      locale: message.locale,
    })
}

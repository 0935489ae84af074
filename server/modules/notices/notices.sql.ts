// All SQL on the messages to people.
import type { Database, Transaction } from '#platform/db.ts'

export interface NewMessage {
  id: string
  customerId: string | undefined
  channel: 'sms' | 'email'
  recipient: string
  template: string
  locale: string
  content: Record<string, string> | undefined
  secret: Buffer | undefined
  expiresAt: Date | undefined
}

export async function saveMessages(
  tx: Transaction,
  messages: readonly NewMessage[],
  now: Date,
): Promise<void> {
  await tx.run(
    `INSERT INTO notices.messages
       (id, customer_id, channel, recipient, template, locale, content, secret, expires_at, next_try_at, created_at)
     SELECT id, customer_id, channel, recipient, template, locale, content::jsonb, secret, expires_at, $10, $10
     FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[], $9::timestamptz[])
       AS m (id, customer_id, channel, recipient, template, locale, content, secret, expires_at)`,
    [
      messages.map((message) => message.id),
      messages.map((message) => message.customerId ?? null),
      messages.map((message) => message.channel),
      messages.map((message) => message.recipient),
      messages.map((message) => message.template),
      messages.map((message) => message.locale),
      messages.map((message) => (message.content ? JSON.stringify(message.content) : null)),
      messages.map((message) => message.secret ?? null),
      messages.map((message) => message.expiresAt ?? null),
      now,
    ],
  )
}

export interface ClaimedMessage {
  id: string
  channel: 'sms' | 'email'
  recipient: string
  template: string
  locale: 'en' | 'id-ID' | 'zh-CN'
  content: Record<string, string> | null
  secret: Buffer | null
  tries: number
  created_at: Date
}

/** Ends what has expired, then takes due messages until `leaseUntil`: another process leaves them alone so long. */
export function claimDue(
  db: Database,
  now: Date,
  leaseUntil: Date,
  limit: number,
): Promise<ClaimedMessage[]> {
  return db.transaction(async (tx) => {
    await tx.run(
      `UPDATE notices.messages SET state = 'expired', secret = NULL WHERE id IN (
         SELECT id FROM notices.messages WHERE state = 'waiting' AND next_try_at <= $1 AND expires_at <= $1
         FOR UPDATE SKIP LOCKED)`,
      [now],
    )
    return tx.rows<ClaimedMessage>(
      `UPDATE notices.messages SET next_try_at = $2, tries = tries + 1 WHERE id IN (
         SELECT id FROM notices.messages WHERE state = 'waiting' AND next_try_at <= $1
         ORDER BY next_try_at LIMIT $3 FOR UPDATE SKIP LOCKED)
       RETURNING id, channel, recipient, template, locale, content, secret, tries, created_at`,
      [now, leaseUntil, limit],
    )
  })
}

export async function markSent(db: Database, id: string, now: Date): Promise<void> {
  await db.read.run(
    `UPDATE notices.messages SET state = 'sent', secret = NULL, sent_at = $2, last_error = NULL
     WHERE id = $1 AND state = 'waiting'`,
    [id, now],
  )
}

/** Without a next time the message is given up. */
export async function markFailed(
  db: Database,
  id: string,
  error: string,
  nextTryAt: Date | undefined,
): Promise<void> {
  await db.read.run(
    nextTryAt
      ? `UPDATE notices.messages SET last_error = $2, next_try_at = $3 WHERE id = $1 AND state = 'waiting'`
      : `UPDATE notices.messages SET last_error = $2, state = 'given_up', secret = NULL WHERE id = $1 AND state = 'waiting'`,
    nextTryAt ? [id, error, nextTryAt] : [id, error],
  )
}

// The phone's memory: every SMS and e-mail that the product sent, newest first.
import type { Database } from '../platform/database.ts'

export interface PhoneMessage {
  id: string
  channel: 'sms' | 'email'
  to: string
  from: string
  subject: string
  text: string
  /** A code of six digits in the text, for quick copying. */
  code?: string | undefined
  receivedAt: string
}

interface Row {
  id: bigint
  channel: 'sms' | 'email'
  recipient: string
  sender: string
  subject: string
  body: string
  received_at: Date
}

export interface Inbox {
  /** `messageId` is the sender's own: the same one again is the same message. */
  receive(
    message: Pick<PhoneMessage, 'channel' | 'to' | 'from' | 'subject' | 'text'> & {
      messageId?: string | undefined
    },
  ): Promise<void>
  /** Newest first; of one recipient when told. */
  messages(to?: string, limit?: number): Promise<PhoneMessage[]>
  recipients(): Promise<{ to: string; count: number; latestAt: Date }[]>
}

const keptMessages = 5000

/** The six digits of a code, when exactly one such group stands in the text. */
export function findCode(text: string): string | undefined {
  const codes = new Set(text.match(/(?<![0-9.])[0-9]{6}(?![0-9])/g))
  return codes.size === 1 ? [...codes][0] : undefined
}

/** Phone numbers and e-mail addresses as they are compared: no spaces, lower case. */
export function normaliseRecipient(text: string): string {
  return text.includes('@') ? text.trim().toLowerCase() : text.replace(/[\s()-]/g, '')
}

export function createInbox(db: Database): Inbox {
  return {
    async receive({ channel, to, from, subject, text, messageId }) {
      const clean = (value: string, length: number) => value.replaceAll('\u0000', '').slice(0, length)
      const [row] = await db.rows<{ id: bigint }>(
        `INSERT INTO sandbox.phone_messages (channel, recipient, sender, subject, body, message_id)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (message_id) DO NOTHING RETURNING id`,
        [
          channel,
          clean(normaliseRecipient(to), 320),
          clean(from, 320),
          clean(subject, 500),
          clean(text, 20_000),
          messageId ?? null,
        ],
      )
      if (row && row.id % 500n === 0n)
        await db.rows('DELETE FROM sandbox.phone_messages WHERE id <= $1', [row.id - BigInt(keptMessages)])
    },
    async messages(to, limit = 50) {
      const rows = await db.rows<Row>(
        `SELECT id, channel, recipient, sender, subject, body, received_at FROM sandbox.phone_messages
         WHERE $1::text IS NULL OR recipient = $1 ORDER BY id DESC LIMIT $2`,
        [to === undefined ? null : normaliseRecipient(to), limit],
      )
      return rows.map((row) => ({
        id: row.id.toString(),
        channel: row.channel,
        to: row.recipient,
        from: row.sender,
        subject: row.subject,
        text: row.body,
        code: findCode(row.body),
        receivedAt: row.received_at.toISOString(),
      }))
    },
    async recipients() {
      const rows = await db.rows<{ recipient: string; count: bigint; latest_at: Date }>(
        `SELECT recipient, count(*) AS count, max(received_at) AS latest_at FROM sandbox.phone_messages
         GROUP BY recipient ORDER BY max(id) DESC LIMIT 100`,
      )
      return rows.map((row) => ({ to: row.recipient, count: Number(row.count), latestAt: row.latest_at }))
    },
  }
}

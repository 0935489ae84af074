// SQL on messages. The order of a conversation is its sequence; nothing that was stored is changed.
import type { Attachment } from '#contract/files.ts'
import type { Locale } from '#contract/schema.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import type { StoredMessage } from './case.ts'

interface MessageRow {
  conversation_id: string
  sequence: number
  id: string
  client_message_id: string | null
  author: StoredMessage['author']
  kind: StoredMessage['kind']
  author_id: string | null
  author_name: string | null
  text: string
  fact: string | null
  fact_values: Record<string, unknown> | null
  redactions: string[]
  language: Locale | null
  files: Attachment[] | null
  stored_at: Date
}

function toMessage(row: MessageRow): StoredMessage {
  return {
    conversationId: row.conversation_id,
    sequence: row.sequence,
    id: row.id,
    clientMessageId: row.client_message_id ?? undefined,
    author: row.author,
    kind: row.kind,
    authorId: row.author_id ?? undefined,
    authorName: row.author_name ?? undefined,
    text: row.text,
    fact: row.fact ?? undefined,
    factValues: row.fact_values ?? undefined,
    redactions: row.redactions,
    language: row.language ?? undefined,
    files: row.files ?? undefined,
    storedAt: row.stored_at,
  }
}

export async function findSent(
  tx: Transaction,
  asked: readonly { conversationId: string; clientMessageId: string }[],
): Promise<StoredMessage[]> {
  const rows = await tx.rows<MessageRow>(
    `SELECT message.* FROM unnest($1::uuid[], $2::uuid[]) AS asked (conversation_id, client_message_id)
     JOIN desk.messages AS message ON message.conversation_id = asked.conversation_id AND message.client_message_id = asked.client_message_id`,
    [asked.map((entry) => entry.conversationId), asked.map((entry) => entry.clientMessageId)],
    'desk-find-sent',
  )
  return rows.map(toMessage)
}

export async function insertMessages(tx: Transaction, messages: readonly StoredMessage[]): Promise<void> {
  await tx.run(
    `INSERT INTO desk.messages (conversation_id, sequence, id, client_message_id, author, kind, author_id, author_name, text, fact,
       fact_values, redactions, language, stored_at, files)
     SELECT conversation_id, sequence, id, client_message_id, author, kind, author_id, author_name, text, fact,
       fact_values::jsonb, redactions::text[], language, stored_at, files::jsonb
     FROM unnest($1::uuid[], $2::int[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::uuid[], $8::text[], $9::text[], $10::text[],
       $11::text[], $12::text[], $13::text[], $14::timestamptz[], $15::text[])
       AS m (conversation_id, sequence, id, client_message_id, author, kind, author_id, author_name, text, fact, fact_values, redactions, language, stored_at, files)`,
    [
      messages.map((message) => message.conversationId),
      messages.map((message) => message.sequence),
      messages.map((message) => message.id),
      messages.map((message) => message.clientMessageId ?? null),
      messages.map((message) => message.author),
      messages.map((message) => message.kind),
      messages.map((message) => message.authorId ?? null),
      messages.map((message) => message.authorName ?? null),
      messages.map((message) => message.text),
      messages.map((message) => message.fact ?? null),
      messages.map((message) => (message.factValues ? JSON.stringify(message.factValues) : null)),
      messages.map((message) => `{${message.redactions.join(',')}}`),
      messages.map((message) => message.language ?? null),
      messages.map((message) => message.storedAt),
      messages.map((message) => (message.files ? JSON.stringify(message.files) : null)),
    ],
    'desk-insert-messages',
  )
}

export async function readMessages(
  sql: Sql,
  conversationId: string,
  after: number,
  limit: number,
  withNotes: boolean,
): Promise<StoredMessage[]> {
  const rows = await sql.rows<MessageRow>(
    `SELECT * FROM desk.messages WHERE conversation_id = $1 AND sequence > $2 AND ($4 OR kind <> 'note') ORDER BY sequence LIMIT $3`,
    [conversationId, after, limit, withNotes],
  )
  return rows.map(toMessage)
}

/** Whether the customer wrote, or chose, after this message. */
export async function hasWrittenSince(sql: Sql, conversationId: string, sequence: number): Promise<boolean> {
  const rows = await sql.rows(
    "SELECT FROM desk.messages WHERE conversation_id = $1 AND sequence > $2 AND author = 'customer' LIMIT 1",
    [conversationId, sequence],
  )
  return rows.length > 0
}

export interface TalkSummary {
  conversation_id: string
  /** Texts of the customer that no agent has read; texts for the customer, and that an agent solved it, that they have not. */
  unread_by_agent: bigint
  unread_by_customer: bigint
}

export async function countUnread(
  sql: Sql,
  conversationIds: readonly string[],
): Promise<Map<string, TalkSummary>> {
  const rows = await sql.rows<TalkSummary>(
    `SELECT conversation.id AS conversation_id,
       count(*) FILTER (WHERE message.author = 'customer' AND message.sequence > conversation.agent_read) AS unread_by_agent,
       count(*) FILTER (WHERE (message.author IN ('agent', 'helper') AND message.kind = 'text' OR message.fact = 'case_solved')
                          AND message.sequence > conversation.customer_read) AS unread_by_customer
     FROM desk.conversations AS conversation
     JOIN desk.messages AS message ON message.conversation_id = conversation.id
       AND message.sequence > least(conversation.agent_read, conversation.customer_read)
     WHERE conversation.id = ANY($1::uuid[]) GROUP BY conversation.id`,
    [conversationIds],
  )
  return new Map(rows.map((row) => [row.conversation_id, row]))
}

export async function readLastForCustomer(
  sql: Sql,
  conversationIds: readonly string[],
): Promise<Map<string, StoredMessage>> {
  const rows = await sql.rows<MessageRow>(
    `SELECT last.* FROM unnest($1::uuid[]) AS wanted (id) CROSS JOIN LATERAL (
       SELECT * FROM desk.messages WHERE conversation_id = wanted.id AND kind = 'text' ORDER BY sequence DESC LIMIT 1) AS last`,
    [conversationIds],
  )
  return new Map(rows.map((row) => [row.conversation_id, toMessage(row)]))
}

export async function saveRead(
  sql: Sql,
  conversationId: string,
  side: 'customer' | 'agent',
  sequence: number,
): Promise<void> {
  const column = side === 'customer' ? 'customer_read' : 'agent_read'
  await sql.run(
    `UPDATE desk.conversations SET ${column} = least($2, last_sequence) WHERE id = $1 AND ${column} < least($2, last_sequence)`,
    [conversationId, sequence],
  )
}

// A conversation as lines on the screen: days, who speaks from here on, messages, what is still on its way.

import type { Message } from '../../../contract/desk.ts'
import type { OutgoingMessage } from './outbox.ts'

export type ThreadLine =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'speaker'; key: string; author: 'agent' | 'helper'; name?: string; at: string }
  | { kind: 'fact'; key: string; message: Message }
  | { kind: 'message'; key: string; message: Message }
  | { kind: 'outgoing'; key: string; item: OutgoingMessage }

export type DayOf = (at: string) => string

/**
 * `messages` in order of sequence; of `outbox` only this conversation's, without what is stored already.
 * A key is stable from "on its way" to "stored", so that a bubble does not jump.
 */
export function threadOf(
  messages: readonly Message[],
  outbox: readonly OutgoingMessage[],
  conversationId: string,
  dayOf: DayOf,
): ThreadLine[] {
  const lines: ThreadLine[] = []
  const storedIds = new Set(messages.map((message) => message.clientMessageId))
  let day = ''
  let speaker = ''
  const startDay = (at: string): void => {
    if (dayOf(at) === day) return
    day = dayOf(at)
    speaker = ''
    lines.push({ kind: 'day', key: `day-${day}`, at })
  }
  for (const message of messages) {
    startDay(message.storedAt)
    if (message.kind === 'fact' || message.author === 'system') {
      lines.push({ kind: 'fact', key: message.id, message })
      speaker = ''
      continue
    }
    if (message.author === 'customer') speaker = ''
    else {
      const who = `${message.author}:${message.authorId ?? message.authorName ?? ''}`
      if (who !== speaker)
        lines.push({
          kind: 'speaker',
          key: `speaker-${message.id}`,
          author: message.author,
          name: message.authorName,
          at: message.storedAt,
        })
      speaker = who
    }
    lines.push({ kind: 'message', key: message.clientMessageId ?? message.id, message })
  }
  for (const item of outbox) {
    if (item.conversationId !== conversationId || storedIds.has(item.clientMessageId)) continue
    startDay(item.writtenAt)
    lines.push({ kind: 'outgoing', key: item.clientMessageId, item })
  }
  return lines
}

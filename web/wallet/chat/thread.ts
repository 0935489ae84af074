// A conversation as lines on the screen: days, who speaks from here on, messages, the helper's diagnosis with what was
// picked of its choices, what is still on its way.

import type { Message } from '../../../contract/desk.ts'
import type { Choice } from '../../../contract/diagnosis.ts'
import type { OutgoingMessage } from './outbox.ts'

export type ThreadLine =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'speaker'; key: string; author: 'agent' | 'helper'; name?: string; at: string }
  | { kind: 'fact'; key: string; message: Message }
  | { kind: 'message'; key: string; message: Message }
  /** `latest` of its reference: there the choices stand open. */
  | { kind: 'diagnosis'; key: string; message: Message; picked: Choice[]; latest: boolean }
  /** A choice that was made elsewhere, for instance on the payment's page. */
  | { kind: 'chose'; key: string; choice: Choice; at: string }
  | { kind: 'outgoing'; key: string; item: OutgoingMessage }

export type DayOf = (at: string) => string
type DiagnosisLine = Extract<ThreadLine, { kind: 'diagnosis' }>

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
  const diagnoses = new Map<string, DiagnosisLine>()
  for (const message of messages) {
    startDay(message.storedAt)
    if (message.fact === 'chose') {
      const { choice, reference } = (message.factValues ?? {}) as { choice: Choice; reference: string }
      const asked = diagnoses.get(reference)
      if (asked?.message.diagnosis?.choices.includes(choice)) {
        if (!asked.picked.includes(choice)) asked.picked.push(choice)
      } else lines.push({ kind: 'chose', key: message.id, choice, at: message.storedAt })
      speaker = ''
      continue
    }
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
    if (message.diagnosis) {
      const former = diagnoses.get(message.diagnosis.reference)
      if (former) former.latest = false
      const line: DiagnosisLine = { kind: 'diagnosis', key: message.id, message, picked: [], latest: true }
      diagnoses.set(message.diagnosis.reference, line)
      lines.push(line)
    } else lines.push({ kind: 'message', key: message.clientMessageId ?? message.id, message })
  }
  for (const item of outbox) {
    if (item.conversationId !== conversationId || storedIds.has(item.clientMessageId)) continue
    startDay(item.writtenAt)
    lines.push({ kind: 'outgoing', key: item.clientMessageId, item })
  }
  return lines
}

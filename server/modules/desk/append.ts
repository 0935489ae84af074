// Adds lines to the thread of a locked case, each with the next number, and tells them to the screens.
import type { Message } from '#contract/desk.ts'
import type { Diagnosis } from '#contract/diagnosis.ts'
import { uuidv7 } from '#contract/ids.ts'
import type { OutboxEvent } from '#platform/outbox.ts'
import { presentMessage, presentToCustomer, type CaseRecord, type Fact, type StoredMessage } from './case.ts'

export type NewMessage = Omit<StoredMessage, 'conversationId' | 'sequence' | 'id' | 'storedAt'>

/** The caller holds the conversation's lock, and saves both the case and the message. */
export function append(record: CaseRecord, message: NewMessage, now: Date): StoredMessage {
  record.lastSequence += 1
  return {
    ...message,
    conversationId: record.conversationId,
    sequence: record.lastSequence,
    id: uuidv7(now.getTime()),
    storedAt: now,
  }
}

const empty: Omit<NewMessage, 'author' | 'kind'> = {
  clientMessageId: undefined,
  authorId: undefined,
  authorName: undefined,
  text: '',
  fact: undefined,
  factValues: undefined,
  redactions: [],
  language: undefined,
}

export const factOf = (fact: Fact, values?: Record<string, unknown>): NewMessage => ({
  ...empty,
  author: 'system',
  kind: 'fact',
  fact,
  factValues: values,
})

/** What a customer picked: theirs, but not their words. */
export const chosenOf = (customerId: string, choice: string, reference: string): NewMessage => ({
  ...factOf('chose', { choice, reference }),
  author: 'customer',
  authorId: customerId,
})

export const diagnosisOf = (diagnosis: Diagnosis): NewMessage => ({
  ...empty,
  author: 'helper',
  kind: 'diagnosis',
  factValues: diagnosis,
})

/** One event per stored message; a note is for the desk alone. */
export function tell(
  messages: readonly StoredMessage[],
  cases: ReadonlyMap<string, CaseRecord>,
): OutboxEvent[] {
  return messages.map((stored) => {
    const record = cases.get(stored.conversationId)!
    const event = (message: Message) => ({ type: 'message.stored' as const, caseId: record.id, message })
    return {
      type: 'message.stored',
      key: stored.conversationId,
      payload: { messageId: stored.id, caseId: record.id, sequence: stored.sequence },
      customerId: record.customerId,
      liveCustomer: stored.kind === 'note' ? undefined : [event(presentToCustomer(stored))],
      // Nobody of the staff knows of a case that is not asked yet.
      liveDesk: record.state === 'new' ? undefined : [event(presentMessage(stored)), caseChanged(record)],
    }
  })
}

const caseChanged = (record: CaseRecord) => ({
  type: 'case.changed' as const,
  caseId: record.id,
  ...(record.agentId ? { agentId: record.agentId } : {}),
})

/** The case is another than before, on both sides. */
export function tellChanged(record: CaseRecord, payload: Record<string, unknown> = {}): OutboxEvent {
  return {
    type: 'case.changed',
    key: record.conversationId,
    payload: { caseId: record.id, ...payload },
    customerId: record.customerId,
    liveCustomer: [{ type: 'conversation.changed', conversationId: record.conversationId }],
    liveDesk: [caseChanged(record)],
  }
}

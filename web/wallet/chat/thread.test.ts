import { describe, expect, it } from 'vitest'
import type { Message } from '../../../contract/desk.ts'
import { mergeMessages } from './messages.ts'
import { threadOf } from './thread.ts'

const message = (sequence: number, more: Partial<Message> = {}): Message => ({
  id: `m${sequence}`,
  conversationId: 'talk',
  sequence,
  author: 'customer',
  kind: 'text',
  text: `text ${sequence}`,
  redactions: [],
  storedAt: '2026-11-20T07:00:00.000Z',
  ...more,
})
const bagus = { author: 'agent', authorId: 'bagus', authorName: 'Bagus' } as const
const outgoing = (clientMessageId: string, conversationId = 'talk') => ({
  clientMessageId,
  conversationId,
  text: 'still here?',
  language: 'en' as const,
  writtenAt: '2026-11-20T08:00:00.000Z',
})
const dayOf = (at: string) => at.slice(0, 10)
const kinds = (lines: ReturnType<typeof threadOf>) => lines.map((line) => `${line.kind}:${line.key}`)

describe('a conversation as lines', () => {
  it('names an agent once for several messages, and again after somebody else', () => {
    const messages = [message(1), message(2, bagus), message(3, bagus), message(4), message(5, bagus)]
    expect(kinds(threadOf(messages, [], 'talk', dayOf))).toEqual([
      'day:day-2026-11-20',
      'message:m1',
      'speaker:speaker-m2',
      'message:m2',
      'message:m3',
      'message:m4',
      'speaker:speaker-m5',
      'message:m5',
    ])
  })

  it('puts what is on its way last, only of this conversation, and not when it is stored', () => {
    const lines = threadOf(
      [message(1, { clientMessageId: 'a' })],
      [outgoing('a'), outgoing('b'), outgoing('c', 'other')],
      'talk',
      dayOf,
    )
    expect(kinds(lines)).toEqual(['day:day-2026-11-20', 'message:a', 'outgoing:b'])
  })

  it('starts a new day with its date', () => {
    const lines = threadOf(
      [message(1), message(2, { storedAt: '2026-11-21T01:00:00.000Z' })],
      [],
      'talk',
      dayOf,
    )
    expect(lines.filter((line) => line.kind === 'day')).toHaveLength(2)
  })

  it('draws facts in the middle', () => {
    expect(
      threadOf([message(1, { author: 'system', kind: 'fact', fact: 'solved' })], [], 'talk', dayOf)[1]?.kind,
    ).toBe('fact')
  })
})

describe('stored messages from two sources', () => {
  it('has each once, in order, and never a note', () => {
    const merged = mergeMessages(
      [message(1), message(3)],
      [message(3), message(2), message(4, { kind: 'note' })],
    )
    expect(merged.map(({ sequence }) => sequence)).toEqual([1, 2, 3])
  })
})

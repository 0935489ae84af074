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

describe('the helper in the talk', () => {
  const diagnosis = {
    reference: 'TN-7Q2M-93TD',
    facts: [],
    choices: ['wait_with_notice', 'ask_money_back', 'person'],
    asOf: '2026-11-20T07:00:00.000Z',
  } satisfies Message['diagnosis']
  const helper = { author: 'helper', kind: 'diagnosis', diagnosis } as const
  const chose = (choice: string, reference = 'TN-7Q2M-93TD') =>
    ({ kind: 'fact', fact: 'chose', factValues: { choice, reference } }) as const
  const diagnoses = (messages: Message[]) =>
    threadOf(messages, [], 'talk', dayOf).filter((line) => line.kind === 'diagnosis')

  it('says once that it is the helper, and what was picked stays marked in its place', () => {
    const messages = [message(1, helper), message(2, chose('wait_with_notice')), message(3, chose('person'))]
    expect(kinds(threadOf(messages, [], 'talk', dayOf))).toEqual([
      'day:day-2026-11-20',
      'speaker:speaker-m1',
      'diagnosis:m1',
    ])
    expect(diagnoses(messages)[0]).toMatchObject({ picked: ['wait_with_notice', 'person'], latest: true })
  })

  it('leaves the choices open only where it wrote last about the same money', () => {
    const messages = [message(1, helper), message(2, chose('wait_with_notice')), message(3, helper)]
    expect(diagnoses(messages)).toMatchObject([
      { picked: ['wait_with_notice'], latest: false },
      { picked: [], latest: true },
    ])
  })

  it('shows what was chosen elsewhere as the customer’s own line', () => {
    const elsewhere = [message(1, helper), message(2, chose('withdraw_refund', 'RF-3HK8-51WA'))]
    expect(threadOf(elsewhere, [], 'talk', dayOf).at(-1)).toMatchObject({
      kind: 'chose',
      choice: 'withdraw_refund',
    })
  })

  it('a choice made twice is marked once', () => {
    const messages = [message(1, helper), message(2, chose('person')), message(3, chose('person'))]
    expect(diagnoses(messages)[0]).toMatchObject({ picked: ['person'] })
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

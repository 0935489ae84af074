// Messages in their order, once each, with holes seen.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Message } from '../../../../contract/desk.ts'
import { hasGap, lastWithoutGap, mergeMessages, startsGroup } from './messages.ts'

const message = (sequence: number, change: Partial<Message> = {}): Message => ({
  id: `m${sequence}`,
  conversationId: 'talk',
  sequence,
  author: 'customer',
  kind: 'text',
  text: String(sequence),
  redactions: [],
  storedAt: new Date(Date.UTC(2026, 10, 20, 7, sequence)).toISOString(),
  ...change,
})

test('however they come, doubled and out of order, each stands once and in order', () => {
  const batches = fc.array(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 12 }), { maxLength: 12 })
  fc.assert(
    fc.property(batches, (came) => {
      const all = came.reduce<readonly Message[]>(
        (known, batch) =>
          mergeMessages(
            known,
            batch.map((sequence) => message(sequence)),
          ),
        [],
      )
      const expected = [...new Set(came.flat())].sort((left, right) => left - right)
      expect(all.map(({ sequence }) => sequence)).toEqual(expected)
      expect(hasGap(all)).toBe(expected.some((sequence, index) => sequence !== index + 1))
    }),
    { seed: 20_261_122 },
  )
})

test('nothing new is the same list, so that nothing is drawn again', () => {
  const known = [message(1), message(2)]
  expect(mergeMessages(known, [message(2)])).toBe(known)
})

test('what is read again begins after the last message before the hole', () => {
  expect(lastWithoutGap([message(1), message(2), message(5)])).toBe(2)
  expect(lastWithoutGap([message(2)])).toBe(0)
  expect(lastWithoutGap([])).toBe(0)
})

test('a group ends with its author, its kind, or five minutes of silence', () => {
  expect(startsGroup(message(1), undefined)).toBe(true)
  expect(startsGroup(message(2), message(1))).toBe(false)
  expect(startsGroup(message(2, { author: 'agent' }), message(1))).toBe(true)
  expect(startsGroup(message(2, { kind: 'note' }), message(1))).toBe(true)
  expect(startsGroup(message(9), message(1))).toBe(true)
})

// Nothing is closed over words of the customer that the agent has not seen.

import { expect, test } from 'vitest'
import type { Message } from '../../../../contract/desk.ts'
import { ApiProblem } from '../../../ui/index.ts'
import { isRefusedForWords, lastSeen, wroteSince } from './written.ts'

const message = (sequence: number, author: Message['author'] = 'customer'): Message => ({
  id: `m${sequence}`,
  conversationId: 'talk',
  sequence,
  author,
  kind: 'text',
  text: 'Hello',
  redactions: [],
  storedAt: '2026-11-20T07:00:00.000Z',
})

test('what was seen ends before the first hole, and is nothing while nothing is read', () => {
  expect(lastSeen(undefined)).toBe(0)
  expect(lastSeen([message(1), message(2)])).toBe(2)
  expect(lastSeen([message(1), message(3)])).toBe(1)
})

test('only what the customer wrote after that stops a closing', () => {
  expect(wroteSince(undefined, 0)).toBe(false)
  expect(wroteSince([message(1), message(2, 'agent'), message(3, 'system')], 1)).toBe(false)
  expect(wroteSince([message(1), message(2, 'agent'), message(3)], 2)).toBe(true)
})

test('a refusal for such words is told from any other conflict', () => {
  const conflict = { code: 'conflict', title: 'Somebody was quicker', retry: 'never', status: 409 } as const
  const refused = new ApiProblem({ ...conflict, values: { reason: 'customer_wrote' } })
  expect(isRefusedForWords(refused)).toBe(true)
  expect(isRefusedForWords(new ApiProblem(conflict))).toBe(false)
  expect(isRefusedForWords(null)).toBe(false)
})

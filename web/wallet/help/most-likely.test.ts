import { expect, it } from 'vitest'
import type { TransactionSummary } from '../data/types.ts'
import { mostLikely } from './most-likely.ts'

const movement = (reference: string, kind: string, state: string) =>
  ({ reference, kind, state }) as TransactionSummary
const recent = [
  movement('newest', 'top_up', 'completed'),
  movement('paid', 'payment', 'completed'),
  movement('hangs', 'payment', 'unknown'),
  movement('kept', 'top_up', 'held'),
]

it.each([
  ['a payment that hangs', 'payments', recent, 'hangs'],
  ['the newest payment when none hangs', 'payments', recent.slice(0, 2), 'paid'],
  ['a top-up that is held', 'money_in', recent, 'kept'],
  ['the newest top-up when none is held', 'money_in', recent.slice(0, 2), 'newest'],
  ['nothing for a question that is not about money', 'safety', recent, undefined],
  ['nothing when there is none', 'payments', [], undefined],
])('%s', (_name, topic, movements, reference) => {
  expect(mostLikely(topic, movements)?.reference).toBe(reference)
})

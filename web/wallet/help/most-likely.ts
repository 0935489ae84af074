// Which of the customer's movements a question is probably about.

import type { TransactionSummary } from '../data/types.ts'

const isOf: Record<string, (movement: TransactionSummary) => boolean> = {
  payments: ({ kind }) => kind !== 'top_up',
  money_in: ({ kind }) => kind === 'top_up',
}
const stuck: ReadonlySet<string> = new Set(['unknown', 'pending', 'held', 'failed'])

/** Of those that the topic of the answer is about, what is not done, else the newest; a topic that is not about money has none. */
export function mostLikely(
  topic: string,
  newestFirst: readonly TransactionSummary[],
): TransactionSummary | undefined {
  const candidates = newestFirst.filter((movement) => isOf[topic]?.(movement))
  return candidates.find(({ state }) => stuck.has(state)) ?? candidates[0]
}

// How a case seems to have ended, from the money that it holds: a first choice for whoever solves it, never more.
// Pure. The agent decides; a choice that no fact supports is `solved`.

import type { CaseOutcome, Message } from '../../../../contract/desk.ts'
import type { TransactionDetail } from '../../../../contract/trace.ts'

export const outcomes: readonly CaseOutcome[] = [
  'money_returned',
  'shop_delivered',
  'explained',
  'not_possible',
  'withdrawn',
  'solved',
]

export const isOutcome = (value: unknown): value is CaseOutcome => outcomes.some((each) => each === value)

type Facts = Pick<TransactionDetail, 'kind' | 'state' | 'hops' | 'refund'>

const isDone = (money: Facts, key: string): boolean =>
  money.hops.some((hop) => hop.key === key && hop.state === 'done')

/** Something of this money has still to happen. */
export const stillMoves = (money: Facts): boolean =>
  money.refund?.owner !== undefined || money.hops.some((hop) => hop.state === 'now' || hop.state === 'stuck')

/** The outcome that the money tells; undefined when it tells none. */
export function outcomeFrom(details: readonly Facts[]): CaseOutcome | undefined {
  const refundIs = (state: string): boolean => details.some(({ refund }) => refund?.state === state)
  if (
    refundIs('paid') ||
    refundIs('overtaken') ||
    details.some((money) => money.state === 'refunded' || isDone(money, 'returned'))
  )
    return 'money_returned'
  // What still moves has not ended in any way yet.
  if (details.some(stillMoves)) return undefined
  if (refundIs('declined')) return 'not_possible'
  if (refundIs('withdrawn')) return 'withdrawn'
  if (details.some((money) => isDone(money, 'shop_credited'))) return 'shop_delivered'
  return undefined
}

export type Reopening = {
  /** What the customer wrote was missing. */ missing?: string
  /** How it had ended, where that is known. */ outcome?: CaseOutcome
}

/** What stands before the newest "not solved" of a case, and what its customer misses; undefined when there is none. */
export function reopeningOf(messages: readonly Message[]): Reopening | undefined {
  const at = messages.findLastIndex(({ fact }) => fact === 'case_not_solved')
  if (at < 0) return undefined
  const missing = messages.slice(at + 1).find(({ author, kind }) => author === 'customer' && kind === 'text')
  const closed = messages
    .slice(0, at)
    .findLast(({ fact }) => fact === 'case_solved' || fact === 'case_settled')
  const outcome = closed?.factValues?.['outcome']
  return { ...(missing ? { missing: missing.text } : {}), ...(isOutcome(outcome) ? { outcome } : {}) }
}

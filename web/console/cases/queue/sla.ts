// Which clock stands on a case: the promise of the first reply while it is open, then who waits for whom.
// A late reply is never shown as kept.

import type { CaseCard } from '../../../../contract/desk.ts'

export type CaseClock =
  /** The first reply is due; `seconds` left. */
  | { kind: 'due'; state: 'calm' | 'risk'; seconds: number; dueAt: string }
  /** The first reply is over its time by `seconds`. */
  | { kind: 'over'; state: 'over'; seconds: number }
  /** We have answered before, and the customer waits again since `seconds`. */
  | { kind: 'waits'; state: 'calm' | 'risk'; seconds: number }
  | { kind: 'customer'; state: 'paused' }
  /** The helper waits with the customer for the money. */
  | { kind: 'money'; state: 'paused'; waitsOn: CaseCard['waitsOn'] }
  | { kind: 'solved'; state: 'met'; outcome: CaseCard['outcome'] }

export type Promised = Pick<
  CaseCard,
  'state' | 'firstReplyDueAt' | 'firstRepliedAt' | 'waitingSince' | 'updatedAt' | 'waitsOn' | 'outcome'
>

/** Since when the customer of a case that waits for us waits. */
export const waitsFrom = ({
  waitingSince,
  updatedAt,
}: Pick<CaseCard, 'waitingSince' | 'updatedAt'>): string => waitingSince ?? updatedAt

/** From here on a promise is at risk. */
export const riskSeconds = 5 * 60

export function clockOf(card: Promised, nowMs: number): CaseClock {
  if (card.state === 'solved') return { kind: 'solved', state: 'met', outcome: card.outcome }
  if (card.state === 'waiting_money') return { kind: 'money', state: 'paused', waitsOn: card.waitsOn }
  if (!card.firstRepliedAt) {
    const seconds = Math.round((Date.parse(card.firstReplyDueAt) - nowMs) / 1000)
    if (seconds < 0) return { kind: 'over', state: 'over', seconds: -seconds }
    return {
      kind: 'due',
      state: seconds <= riskSeconds ? 'risk' : 'calm',
      seconds,
      dueAt: card.firstReplyDueAt,
    }
  }
  if (card.state === 'waiting_customer') return { kind: 'customer', state: 'paused' }
  const seconds = Math.max(0, Math.round((nowMs - Date.parse(waitsFrom(card))) / 1000))
  return { kind: 'waits', state: seconds >= riskSeconds ? 'risk' : 'calm', seconds }
}

export type FirstReply = { kept: boolean; seconds: number }

/** How long the first reply took, and whether that was within the promise; undefined while there is none. */
export function firstReplyOf({
  openedAt,
  firstReplyDueAt,
  firstRepliedAt,
}: Pick<CaseCard, 'openedAt' | 'firstReplyDueAt' | 'firstRepliedAt'>): FirstReply | undefined {
  if (!firstRepliedAt) return undefined
  const seconds = Math.round((Date.parse(firstRepliedAt) - Date.parse(openedAt)) / 1000)
  return { kept: Date.parse(firstRepliedAt) <= Date.parse(firstReplyDueAt), seconds: Math.max(0, seconds) }
}

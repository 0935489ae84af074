// How a refund's states look, and which of them are still open.

import { Ban, CircleCheck, Undo2, type LucideIcon } from 'lucide-react'
import type { RefundState } from '../../../contract/refund.ts'
import type { Tone } from '../../ui/index.ts'

export const refundLooks: Record<RefundState, { tone: Tone; icon: LucideIcon }> = {
  asking_shop: { tone: 'back', icon: Undo2 },
  in_review: { tone: 'back', icon: Undo2 },
  awaiting_approval: { tone: 'back', icon: Undo2 },
  waiting_for_funds: { tone: 'back', icon: Undo2 },
  paid: { tone: 'ok', icon: CircleCheck },
  declined: { tone: 'hold', icon: Ban },
  withdrawn: { tone: 'hold', icon: Ban },
  overtaken: { tone: 'ok', icon: CircleCheck },
}

const closed: readonly RefundState[] = ['paid', 'declined', 'withdrawn', 'overtaken']
export const isOpenRefund = (state: RefundState): boolean => !closed.includes(state)

const openWays: Partial<Record<RefundState, number>> = {
  asking_shop: 0.25,
  in_review: 0.5,
  awaiting_approval: 0.75,
  waiting_for_funds: 0.75,
}
/** How much of its way a refund has behind it, 0 to 1. By its state, not by its steps: later ones are added as it goes, and it only moves on. */
export const wayOfRefund = (state: RefundState): number => openWays[state] ?? 1

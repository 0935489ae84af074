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

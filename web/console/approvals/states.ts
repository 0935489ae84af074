// How an approval's state looks: icon and colour; its word is approval.state.STATE.

import { CircleCheck, CircleX, Clock, RotateCcw, TimerOff, type LucideIcon } from 'lucide-react'
import type { Approval } from '../../../contract/refund.ts'
import type { Tone } from '../../ui/index.ts'

export const stateLooks: Record<Approval['state'], { tone: Tone; icon: LucideIcon }> = {
  waiting: { tone: 'wait', icon: Clock },
  approved: { tone: 'ok', icon: CircleCheck },
  declined: { tone: 'fail', icon: CircleX },
  expired: { tone: 'hold', icon: TimerOff },
  voided: { tone: 'hold', icon: RotateCcw },
}

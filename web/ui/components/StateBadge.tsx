// The state of money, always as icon and word together: colour never speaks alone.

import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleX,
  Clock,
  Lock,
  Snowflake,
  Undo2,
  type LucideIcon,
} from 'lucide-react'
import { t } from '../i18n.ts'
import { useLanguage } from '../language.ts'
import { Icon } from './Icon.tsx'

export type MoneyState =
  'completed' | 'pending' | 'unknown' | 'failed' | 'refunded' | 'refunding' | 'held' | 'cancelled' | 'frozen'
/** Token family of a state: its ink, tint, line and solid. */
export type Tone = 'ok' | 'wait' | 'fail' | 'back' | 'hold'

export const stateLooks: Record<MoneyState, { tone: Tone; icon: LucideIcon }> = {
  completed: { tone: 'ok', icon: CircleCheck },
  pending: { tone: 'wait', icon: Clock },
  unknown: { tone: 'wait', icon: CircleDashed },
  failed: { tone: 'fail', icon: CircleX },
  refunded: { tone: 'back', icon: Undo2 },
  refunding: { tone: 'back', icon: Undo2 },
  held: { tone: 'hold', icon: Lock },
  cancelled: { tone: 'hold', icon: Ban },
  frozen: { tone: 'hold', icon: Snowflake },
}

/** `plain` in lists, `chip` on details. `word` replaces the usual word, never the icon. */
export function StateBadge({
  state,
  look = 'plain',
  word,
}: {
  state: MoneyState
  look?: 'plain' | 'chip'
  word?: string
}) {
  useLanguage()
  const { tone, icon } = stateLooks[state]
  return (
    <span className={`st ${tone} ${look === 'chip' ? 'chip' : ''}`}>
      <Icon of={icon} />
      {word ?? t(`state.${state}`)}
    </span>
  )
}

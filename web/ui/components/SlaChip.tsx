// A promise's clock. Relative times are for the console only; the text changes once a minute and is
// no live region, so that it never talks over an agent's work.

import { AlarmClock, Check, CirclePause, Clock, Hourglass, Scale, type LucideIcon } from 'lucide-react'
import { formatDuration } from '../format/duration.ts'
import type { Instant } from '../format/time.ts'
import { t } from '../i18n.ts'
import { Icon } from './Icon.tsx'

export type SlaState = 'calm' | 'risk' | 'over' | 'met' | 'paused' | 'law'
const looks: Record<SlaState, { tone: string; icon: LucideIcon }> = {
  calm: { tone: '', icon: Clock },
  risk: { tone: 'wait', icon: Hourglass },
  over: { tone: 'fail', icon: AlarmClock },
  met: { tone: 'ok', icon: Check },
  paused: { tone: '', icon: CirclePause },
  law: { tone: 'hold', icon: Scale },
}

export function SlaChip({ state, text }: { state: SlaState; text: string }) {
  const { tone, icon } = looks[state]
  return (
    <span className={`sla ${tone}`}>
      <Icon of={icon} />
      {text}
    </span>
  )
}

const riskSeconds = 5 * 60

/** State and words of a promise that is due at `dueAt`: "1 h 31 left", "3 min left", "4 min over". */
export function slaOf(dueAt: Instant, now: Instant = Date.now()): { state: SlaState; text: string } {
  const seconds = Math.round((new Date(dueAt).getTime() - new Date(now).getTime()) / 1000)
  if (seconds < 0) return { state: 'over', text: t('sla.over', { time: formatDuration(-seconds) }) }
  return {
    state: seconds <= riskSeconds ? 'risk' : 'calm',
    text: t('sla.left', { time: formatDuration(seconds) }),
  }
}

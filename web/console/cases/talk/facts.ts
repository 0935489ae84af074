// Facts of the system in words: `fact.FACT` with its values. A fact without words shows the server's plain text.

import {
  CircleCheck,
  CornerUpLeft,
  Info,
  Link2,
  RotateCcw,
  UserRoundCheck,
  type LucideIcon,
} from 'lucide-react'
import type { Choice } from '../../../../contract/diagnosis.ts'
import type { Message } from '../../../../contract/desk.ts'
import {
  formatDuration,
  formatMoney,
  formatTime,
  hasText,
  type Language,
  type MoneyValue,
} from '../../../ui/index.ts'
import { t, type MessageId } from '../../texts.ts'
import { isOutcome } from '../closing/outcome.ts'

const icons: Record<string, LucideIcon> = {
  agent_joined: UserRoundCheck,
  agent_left: CornerUpLeft,
  agent_absent: CornerUpLeft,
  case_solved: CircleCheck,
  case_settled: CircleCheck,
  case_reopened: RotateCcw,
  case_not_solved: RotateCcw,
  reference_attached: Link2,
}
export const factIcon = (fact: string | undefined): LucideIcon => icons[fact ?? ''] ?? Info

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d/

/** A value as people read it: money, times and spans in the reader's way, all else as it is. */
export function shownValue(name: string, value: unknown, language: Language, nowMs: number): string | number {
  if (typeof value === 'object' && value !== null && 'amountMinor' in value)
    return formatMoney(value as MoneyValue, { language })
  if (typeof value === 'number') return name.endsWith('Seconds') ? formatDuration(value, language) : value
  const text = typeof value === 'string' ? value : ''
  return isoTime.test(text) ? formatTime(text, { language, now: nowMs }) : text
}

export function factWords(message: Message, language: Language, nowMs: number): string {
  const id = `fact.${message.fact}`
  const at = formatTime(message.storedAt, { language, now: nowMs })
  if (!message.fact || !hasText(id)) return [message.text, at].filter(Boolean).join(' · ')
  if (message.fact === 'chose') {
    const choice = t(`diagnosis.choice.${String(message.factValues?.['choice']) as Choice}`)
    return `${t('fact.chose', { choice })} · ${at}`
  }
  const outcome = message.factValues?.['outcome']
  if (message.fact === 'case_solved' && isOutcome(outcome) && outcome !== 'solved') {
    const name = String(message.factValues?.['name'] ?? '')
    return `${t('fact.case_solved_as', { name, outcome: t(`case.outcome.${outcome}`) })} · ${at}`
  }
  const values = Object.entries(message.factValues ?? {}).map(([name, value]) => [
    name,
    shownValue(name, value, language, nowMs),
  ])
  return `${t(id as MessageId, Object.fromEntries(values))} · ${at}`
}

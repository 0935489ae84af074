// The sentence that says first where the money is: the server names it, and it is read off the same hops that
// the trace shows. A sentence with a promise of time is only said when the time is known.

import type { TransactionDetail } from '../../../contract/trace.ts'
import { formatDeadline, hasText, stateLooks, walletZone, type Language, type Tone } from '../../ui/index.ts'
import { CircleDashed, type LucideIcon } from 'lucide-react'
import { t, type MessageId } from '../texts.ts'

type Facts = Pick<TransactionDetail, 'kind' | 'state' | 'hops' | 'sentence'>
export type Sentence = { title: string; body: string; tone: Tone; icon: LucideIcon }

/** Keys to try, the most exact first: the server's own, then by kind and state, then by state alone. */
export const sentenceKeys = ({ sentence, kind, state }: Facts): string[] => [
  sentence,
  `${kind}_${state}`,
  `any_${state}`,
]

/** The time by which the open hop is over, one way or the other. */
const openUntil = (hops: Facts['hops']): string | undefined =>
  hops.find((hop) => hop.state === 'stuck' || hop.state === 'now')?.untilAt

export function sentenceOf(detail: Facts, language: Language, now?: Date): Sentence | null {
  const key = sentenceKeys(detail).find((candidate) => hasText(`sentence.${candidate}.title`))
  if (!key) return null
  const untilAt = openUntil(detail.hops)
  const until = untilAt && formatDeadline(untilAt, { language, zone: walletZone, withTime: true, now })
  const timed = `sentence.${key}.body.until`
  const open = detail.hops.some((hop) => hop.state === 'stuck' || hop.state === 'now')
  return {
    title: t(`sentence.${key}.title` as MessageId),
    body: until && hasText(timed) ? t(timed as MessageId, { until }) : t(`sentence.${key}.body` as MessageId),
    // Taken, but not where it belongs yet: green would say too much.
    ...(open && detail.state === 'completed'
      ? { tone: 'wait' as const, icon: CircleDashed }
      : stateLooks[detail.state]),
  }
}

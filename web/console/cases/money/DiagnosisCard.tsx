// The helper's diagnosis of the money above the talk, read live: the sentences that the customer reads, so that both sides
// talk about the same facts. The helper is never shown as a person.

import { useQuery } from '@tanstack/react-query'
import { Check, ChevronDown, Clock } from 'lucide-react'
import {
  Avatar,
  Icon,
  byItselfText,
  factTexts,
  formatClock,
  unbroken,
  useLanguage,
} from '../../../ui/index.ts'
import { moneyKeys, moneyRequests } from '../../data/money-requests.ts'
import { useIsTall, useWidth } from '../../frame/width.ts'
import { t } from '../../texts.ts'

export function DiagnosisCard({ caseId, reference }: { caseId: string; reference: string }) {
  const language = useLanguage()
  const width = useWidth()
  const isTall = useIsTall()
  const { data } = useQuery({
    queryKey: moneyKeys.diagnosis(caseId, reference),
    queryFn: ({ signal }) => moneyRequests.diagnosis(caseId, reference, signal),
    refetchOnMount: 'always',
    // Who may not see the money is told so by its panel; the diagnosis adds nothing then, and is not asked for again.
    refetchInterval: ({ state }) => (state.status === 'error' ? false : 60_000),
    retry: false,
  })
  if (!data) return null
  const facts = factTexts(data, language)
  const byItself = byItselfText(data, language)
  if (facts.length === 0) return null
  return (
    // Where it would leave the talk a few lines, it is one line: the talk begins with the same sentences.
    <details className="card diagnosis-card" open={isTall && (width === 'wide' || width === 'middle')}>
      <summary>
        <Avatar kind="helper" size="s" />
        <span className="semi">{t('diagnosis.card')}</span>
        <span className="mute t13">{t('diagnosis.card.as_customer')}</span>
        <span className="grow" />
        <time className="mute t13 num" dateTime={data.asOf}>
          {formatClock(data.asOf, { language })}
        </time>
        <Icon of={ChevronDown} size="sm" />
      </summary>
      <ul>
        {facts.map((fact) => (
          <li key={fact}>
            <Icon of={Check} size="sm" />
            <span>{unbroken(fact)}</span>
          </li>
        ))}
        {byItself && (
          <li data-next>
            <Icon of={Clock} size="sm" />
            <span>{unbroken(byItself)}</span>
          </li>
        )}
      </ul>
    </details>
  )
}

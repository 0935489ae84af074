// On top of a case that its customer reopened: what is missing, how it had ended, and who has to answer.
// Nobody is asked for the story again, and nobody learns only by a refusal that a supervisor has it.

import { RotateCcw } from 'lucide-react'
import type { CaseDetail } from '../../../../contract/desk.ts'
import { Callout } from '../../../ui/index.ts'
import { t } from '../../texts.ts'
import { useCaseRights } from '../rights.ts'
import { useMessages } from '../useCase.ts'
import { RatingLine } from './Closed.tsx'
import { reopeningOf } from './outcome.ts'

export function NotSolved({ detail }: { detail: CaseDetail }) {
  const { forLeads } = useCaseRights(detail)
  const { data = [] } = useMessages(detail.id)
  const { missing, outcome } = reopeningOf(data) ?? {}
  const { rating } = detail
  return (
    <section className="not-solved" aria-label={t('escalated.title')}>
      <Callout tone="wait" icon={RotateCcw} title={t('escalated.title')}>
        {forLeads && (
          <p>
            {detail.agentName === undefined
              ? t('escalated.lead_needed')
              : t('escalated.lead_has', { name: detail.agentName })}
          </p>
        )}
        <dl className="not-solved-facts t13">
          {missing && (
            <div>
              <dt>{t('escalated.missing')}</dt>
              <dd className="not-solved-missing" dir="auto">
                {missing}
              </dd>
            </div>
          )}
          {(outcome ?? rating) && (
            <div>
              <dt>{t('escalated.before')}</dt>
              <dd>
                {outcome && t(`case.outcome.${outcome}`)}
                {outcome && ' · '}
                {rating ? <RatingLine rating={rating} /> : t('rating.none')}
              </dd>
            </div>
          )}
        </dl>
      </Callout>
    </section>
  )
}

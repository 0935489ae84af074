// What a person must decide before money can go on: the one whose time ends first on top.

import { Scale } from 'lucide-react'
import { useLocation } from 'wouter'
import type { Decision } from '../../../contract/refund.ts'
import { A, Money, SlaChip, formatTime, useLanguage } from '../../ui/index.ts'
import { leftOf } from '../approvals/words.ts'
import { useNow } from '../data/clock.ts'
import { WorkList } from '../frame/WorkList.tsx'
import { t } from '../texts.ts'
import { DecisionSheet } from './DecisionSheet.tsx'
import { PlaceMoneySheet } from './PlaceMoneySheet.tsx'
import { useDecisions } from './useDecisions.ts'
import { whyWords } from './words.ts'

export function DecisionsPage({ reference }: { reference?: string }) {
  const [, navigate] = useLocation()
  const query = useDecisions()
  const { data } = query
  const opened = data?.decisions.find((each) => each.reference === reference)
  return (
    <>
      <WorkList
        query={query}
        count={data?.decisions.length}
        empty={{ icon: Scale, title: t('decisions.empty'), body: t('decisions.empty.body') }}
        head={<p className="mute work-lead">{t('decisions.lead')}</p>}
      >
        {data?.decisions.map((decision) => (
          <li key={decision.reference}>
            <Row decision={decision} />
          </li>
        ))}
      </WorkList>
      {reference !== undefined && data && /^(TP|ST)-/.test(reference) && (
        <PlaceMoneySheet
          key={reference}
          reference={reference}
          caseId={opened?.caseId}
          onClose={() => navigate('/decisions')}
        />
      )}
      {reference !== undefined && data && !/^(TP|ST)-/.test(reference) && (
        <DecisionSheet
          key={reference}
          reference={reference}
          decision={opened}
          onClose={() => navigate('/decisions')}
        />
      )}
    </>
  )
}

function Row({ decision }: { decision: Decision }) {
  const language = useLanguage()
  const now = useNow()
  const { customerName, partyName, untilAt, since, escalated } = decision
  return (
    <A className="work-row" href={`/decisions/${decision.reference}`}>
      <Money amount={decision.amount} size={18} sign="none" className="work-amount semi" />
      <span className="work-what">
        <span className="semi">{t(`decision.kind.${decision.kind}`)}</span>
        <span className="work-line">
          <span className="tag num">{decision.reference}</span>
          {[customerName, partyName].filter(Boolean).join(' · ')}
        </span>
        <span className="work-line t13 mute">
          {whyWords(decision)} ·{' '}
          {t('decision.since', { at: formatTime(since, { language, now, inSentence: true }) })}
        </span>
      </span>
      <span className="work-state">
        <SlaChip {...leftOf(untilAt, now, language)} />
        {escalated ? (
          <span className="st wait t13">{t('decision.escalated')}</span>
        ) : (
          <span className="t13 mute">{t('decision.owner.agent')}</span>
        )}
      </span>
    </A>
  )
}

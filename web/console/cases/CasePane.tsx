// One case: what it is about, the money live from the ledger, the talk, and what one can do. The money is pinned,
// the talk scrolls, the actions are pinned.

import { ChevronLeft, UserRound } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { CaseDetail } from '../../../contract/desk.ts'
import { Icon, IconButton, Skeleton, channelIcons, formatTime, useLanguage } from '../../ui/index.ts'
import { useNow } from '../data/clock.ts'
import { useMe } from '../data/workplace.tsx'
import { Failed } from '../frame/Failed.tsx'
import { t } from '../texts.ts'
import { CaseActions } from './CaseActions.tsx'
import { NotSolved } from './closing/NotSolved.tsx'
import { useCaseRights } from './rights.ts'
import { DiagnosisCard } from './money/DiagnosisCard.tsx'
import { MoneyActions } from './money/MoneyActions.tsx'
import { MoneyPanel } from './money/MoneyPanel.tsx'
import { useShownReference } from './money/shown.ts'
import { CaseClock, FirstReply } from './queue/CaseClock.tsx'
import { Composer } from './talk/Composer.tsx'
import { Talk } from './talk/Talk.tsx'
import { useCase } from './useCase.ts'
import { languageName, subjectOf } from './words.ts'

export type CasePaneProps = {
  caseId: string
  /** The way back to the queue, where it is not beside the case. */
  onQueue?: () => void
  /** Opens the customer, where they are not beside the case. */
  onCustomer?: () => void
}

export function CasePane({ caseId, onQueue, onCustomer }: CasePaneProps) {
  const { data, isError, error, refetch, isFetching } = useCase(caseId)
  usePageTitle(data)
  return (
    <main className="case">
      {data ? (
        <Loaded detail={data} onQueue={onQueue} onCustomer={onCustomer} />
      ) : (
        <>
          <header className="case-head">{onQueue && <Back onQueue={onQueue} />}</header>
          {isError ? (
            <div className="case-problem">
              <Failed read={{ error, isFetching, refetch }} />
            </div>
          ) : (
            <Skeleton rows={5} />
          )}
        </>
      )}
    </main>
  )
}

function Loaded({ detail, onQueue, onCustomer }: Omit<CasePaneProps, 'caseId'> & { detail: CaseDetail }) {
  const me = useMe()
  const { forLeads } = useCaseRights(detail)
  const [shown, pick] = useShownReference(detail)
  return (
    <>
      <CaseHead detail={detail} onQueue={onQueue} onCustomer={onCustomer} />
      {detail.escalated && detail.state !== 'solved' && <NotSolved detail={detail} />}
      {shown && (
        <MoneyPanel
          key={shown}
          caseId={detail.id}
          reference={shown}
          solved={detail.state === 'solved'}
          forLeads={forLeads}
          colleague={detail.agentId === me.agentId ? undefined : detail.agentName}
          onPick={detail.references.length > 1 ? pick : undefined}
        />
      )}
      {shown && <DiagnosisCard key={`${shown} diagnosis`} caseId={detail.id} reference={shown} />}
      <Talk detail={detail} />
      <Composer detail={detail} />
      <CaseActions
        detail={detail}
        money={shown && <MoneyActions key={shown} detail={detail} reference={shown} onPick={pick} />}
      />
    </>
  )
}

const Back = ({ onQueue }: { onQueue: () => void }) => (
  <IconButton icon={ChevronLeft} label={t('case.to_queue')} onClick={onQueue} />
)

function CaseHead({ detail, onQueue, onCustomer }: Omit<CasePaneProps, 'caseId'> & { detail: CaseDetail }) {
  const language = useLanguage()
  const me = useMe()
  const now = useNow()
  const handled = handledBy(detail, me.agentId)
  const facts = [
    t(`channel.${detail.channel}`),
    languageName(detail.language),
    ...(handled ? [handled] : []),
    t('case.opened', { at: formatTime(detail.openedAt, { language, now }) }),
    ...(detail.waitsOn ? [t(`case.waits_on.${detail.waitsOn}`)] : []),
  ]
  return (
    <header className="case-head">
      {onQueue && <Back onQueue={onQueue} />}
      <div className="grow case-title">
        <div className="case-title-line">
          <h2 className="t18">{subjectOf(detail.subject)}</h2>
          <span className="tag num">{detail.number}</span>
        </div>
        <div className="case-facts t13 mute">
          <Icon of={channelIcons[detail.channel]} size="xs" />
          <span>{facts.join(' · ')}</span>
        </div>
      </div>
      <span className="case-clocks">
        <FirstReply card={detail} now={now} />
        {detail.firstRepliedAt && <CaseClock card={detail} now={now} />}
      </span>
      {onCustomer && <IconButton icon={UserRound} label={t('customer.open')} onClick={onCustomer} />}
    </header>
  )
}

/** Who has the case, in words; nobody has one that the helper has closed. */
function handledBy({ agentId, agentName, state }: CaseDetail, reader: string): string | undefined {
  if (agentId === reader) return t('case.yours')
  if (agentId !== undefined) return t('case.of', { name: agentName ?? '' })
  if (state === 'solved') return undefined
  return t(state === 'waiting_money' ? 'case.with_helper' : 'case.nobody')
}

/** The tab's title names the case, so that agents find it among their tabs; never the customer. */
function usePageTitle(detail: CaseDetail | undefined): void {
  const [usual] = useState(() => t('app.title'))
  useEffect(() => {
    if (detail) document.title = `${detail.number} · ${t('app.title')}`
    return () => {
      document.title = usual
    }
  }, [detail, usual])
}

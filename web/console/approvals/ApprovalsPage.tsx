// What needs a second person: what waits, what one asked for, what was decided. One opens in a panel beside the list.

import { Stamp } from 'lucide-react'
import { useLocation, useSearchParams } from 'wouter'
import type { Approval } from '../../../contract/refund.ts'
import { A, Icon, Money, SlaChip, formatCount, formatTime, useLanguage } from '../../ui/index.ts'
import { useNow } from '../data/clock.ts'
import { approvalViews, type ApprovalView } from '../data/money-requests.ts'
import { useMe } from '../data/workplace.tsx'
import { WorkList } from '../frame/WorkList.tsx'
import { t } from '../texts.ts'
import { ApprovalSheet } from './ApprovalSheet.tsx'
import { stateLooks } from './states.ts'
import { useApprovals } from './useApprovals.ts'
import { kindTitle, leftOf, reasonWords } from './words.ts'

const viewOf = (text: string | null): ApprovalView => approvalViews.find((view) => view === text) ?? 'waiting'

export function ApprovalsPage({ approvalId }: { approvalId?: string }) {
  const language = useLanguage()
  const [search] = useSearchParams()
  const [, navigate] = useLocation()
  const view = viewOf(search.get('view'))
  const query = useApprovals(view)
  const { data } = query
  return (
    <>
      <WorkList
        query={query}
        count={data?.approvals.length}
        empty={{
          icon: Stamp,
          title: t(`approvals.empty.${view}`),
          body: t(`approvals.empty.${view}.body`),
        }}
        head={
          <nav className="queue-views work-views" aria-label={t('approvals.views')}>
            {approvalViews.map((each) => (
              <A
                key={each}
                href={`/approvals?view=${each}`}
                aria-current={each === view ? 'page' : undefined}
              >
                {t(`approvals.view.${each}`)}
                {data && each === 'waiting' && (
                  <span className="num queue-count"> {formatCount(data.counts.waiting, language)}</span>
                )}
              </A>
            ))}
          </nav>
        }
      >
        {data?.approvals.map((approval) => (
          <li key={approval.id}>
            <Row approval={approval} view={view} />
          </li>
        ))}
      </WorkList>
      {approvalId !== undefined && (
        <ApprovalSheet
          key={approvalId}
          approvalId={approvalId}
          onClose={() => navigate(`/approvals?view=${view}`)}
        />
      )}
    </>
  )
}

function Row({ approval, view }: { approval: Approval; view: ApprovalView }) {
  const language = useLanguage()
  const me = useMe()
  const now = useNow()
  const { state, requestedBy } = approval
  const look = stateLooks[state]
  const at = formatTime(approval.requestedAt, { language, now })
  return (
    <A className="work-row" href={`/approvals/${approval.id}?view=${view}`}>
      <Money amount={approval.amount} size={18} sign="none" className="work-amount semi" />
      <span className="work-what">
        <span className="semi">{kindTitle(approval.kind)}</span>
        <span className="work-line">
          <span className="tag num">{approval.number}</span>
          {t('approval.to', { name: approval.customerName })}
        </span>
        <span className="work-line t13 mute">
          {requestedBy.agentId === me.agentId
            ? t('approval.asked_by_you', { at })
            : t('approval.asked', { name: requestedBy.name, at })}
          {' · '}
          {reasonWords(approval.reason)}
        </span>
      </span>
      <span className="work-state">
        {state === 'waiting' ? (
          <>
            <SlaChip {...leftOf(approval.expiresAt, now, language)} />
            {!approval.mayDecide && <span className="t12 mute">{t('approval.for_another')}</span>}
          </>
        ) : (
          <>
            <span className={`st ${look.tone}`}>
              <Icon of={look.icon} />
              {t(`approval.state.${state}`)}
            </span>
            {approval.decidedAt && (
              <span className="t12 mute num">{formatTime(approval.decidedAt, { language, now })}</span>
            )}
          </>
        )}
      </span>
    </A>
  )
}

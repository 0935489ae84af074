// A movement of money, live from the ledger, with its trace across. It is read, never kept: when it cannot be read
// again, it says since when.

import { ChevronDown, ChevronUp, Hourglass } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import type { TransactionDetail } from '../../../../contract/trace.ts'
import {
  Callout,
  FreshnessLine,
  Icon,
  Money,
  Reference,
  Skeleton,
  StateBadge,
  Trace,
  formatDeadline,
  formatTime,
  hopName,
  isSettled,
  movementIcon,
  toProblem,
  useLanguage,
  wholeIn,
  type Freshness,
} from '../../../ui/index.ts'
import { CustomersFiles } from '../../data/CustomersFiles.tsx'
import { useNow } from '../../data/clock.ts'
import { useIsShort, useWidth } from '../../frame/width.ts'
import { Failed } from '../../frame/Failed.tsx'
import { t } from '../../texts.ts'
import { useMoney } from '../useCase.ts'
import { secondPersonLine } from './RefundFactList.tsx'

export type MoneyPanelProps = {
  caseId: string
  reference: string
  solved: boolean
  /** A supervisor has to answer the case, and this reader is none. */ forLeads: boolean
  /** The colleague who has the case. */ colleague?: string
  /** Shows another movement that the case holds. */ onPick?: ((reference: string) => void) | undefined
}

export function MoneyPanel({ caseId, reference, solved, forLeads, colleague, onPick }: MoneyPanelProps) {
  const { data, isError, error, isFetching, refetch } = useMoney(caseId, reference)
  if (!data)
    return (
      <section className="card money-panel money-panel-empty" aria-label={t('money.panel')}>
        {isError && toProblem(error).code === 'reason_required' ? (
          <Callout
            tone="hold"
            title={
              solved
                ? t('money.solved')
                : forLeads
                  ? t('money.with_lead')
                  : colleague
                    ? t('money.with_colleague', { name: colleague })
                    : t('money.take_first')
            }
          >
            {t('money.take_first.body')}
          </Callout>
        ) : isError ? (
          <Failed read={{ error, isFetching, refetch }} />
        ) : (
          <Skeleton rows={2} />
        )}
      </section>
    )
  const kind = isError ? 'stale' : isFetching ? 'refreshing' : 'live'
  return <Shown caseId={caseId} money={data} freshness={{ kind, at: data.asOf }} onPick={onPick} />
}

type ShownProps = Pick<MoneyPanelProps, 'caseId' | 'onPick'> & {
  money: TransactionDetail
  freshness: Freshness
}

function Shown({ caseId, money, freshness, onPick }: ShownProps) {
  const language = useLanguage()
  const now = useNow()
  // Where there is little room the talk comes first: the trace opens on request and says in one line where it is stuck.
  const phone = useWidth() === 'phone'
  const short = useIsShort()
  const folds = phone || short
  const [unfolded, setOpen] = useState(false)
  const open = !folds || unfolded
  const stuck = money.hops.find((hop) => hop.state === 'stuck')
  const owners = {
    customer: t('trace.owner.customer.desk'),
    ...(money.kind === 'payment' || money.kind === 'refund' ? { shop: money.party.name } : {}),
  }
  return (
    <section
      className="card money-panel"
      aria-label={t('money.panel')}
      aria-busy={freshness.kind === 'refreshing' || undefined}
    >
      <div className="money-panel-head">
        <span className="av sq" aria-hidden="true">
          <Icon of={movementIcon(money)} />
        </span>
        <div className="grow">
          <div className="money-panel-party">
            <span className="semi">{money.party.name}</span>{' '}
            <span className="mute">
              {money.merchantReference
                ? wholeIn(t('money.order', { number: money.merchantReference }), money.merchantReference)
                : t(`money.kind.${money.kind}`)}
            </span>
          </div>
          <div className="money-panel-facts t13 mute">
            <Reference reference={money.reference} />
            <span aria-hidden="true">·</span>
            <time dateTime={money.effectiveAt}>{formatTime(money.effectiveAt, { language, now })}</time>
            <span aria-hidden="true">·</span>
            <FreshnessLine freshness={freshness} />
          </div>
        </div>
        <Money
          amount={money.amount}
          size={18}
          sign={Number(money.amount.amountMinor) > 0 ? 'in' : 'none'}
          muted={!isSettled(money.state)}
        />
        <StateBadge state={money.state} look="chip" />
      </div>
      {open && <Trace hops={money.hops} layout="across" audience="agent" ownerNames={owners} now={now} />}
      <MoneyLinks money={money} traced={open} onPick={onPick} />
      {money.refund?.evidence && (
        <div className="money-links">
          <span className="t13 mute">{t('refund.fact.evidence')}</span>
          <CustomersFiles files={money.refund.evidence} of={{ caseId }} />
        </div>
      )}
      {folds && (
        <button
          type="button"
          className="link money-panel-fold"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <Icon of={open ? ChevronUp : stuck ? Hourglass : ChevronDown} size="xs" />
          {open
            ? t('money.fold')
            : stuck
              ? t('trace.stuck_at', { hop: hopName(stuck, 'agent') })
              : t('trace.label')}
        </button>
      )}
    </section>
  )
}

/** From a payment to its refunds, from a refund to its payment, with the words of its state. */
function MoneyLinks({
  money,
  traced,
  onPick,
}: {
  money: TransactionDetail
  /** The trace stands above and says who decides, and until when. */ traced: boolean
  onPick: MoneyPanelProps['onPick']
}) {
  const language = useLanguage()
  const now = useNow(60_000)
  const { refund, refunds = [] } = money
  if (!refund && refunds.length === 0) return null
  const link = (reference: string): ReactNode =>
    onPick ? (
      <button key={reference} type="button" className="link num" onClick={() => onPick(reference)}>
        {reference}
      </button>
    ) : (
      <span key={reference} className="num">
        {reference}
      </span>
    )
  return (
    <div className="money-links t13">
      {refund && (
        <>
          <span className="med">{t(`refund.state.${refund.state}`)}</span>
          {refund.proposed && (
            <span>
              {t('refund.fact.decision')}: {t(`refund.proposed.${refund.proposed.by}`)}
            </span>
          )}
          {refund.proposed && !traced && <span>{secondPersonLine(refund, language, now)}</span>}
          <span className="mute">{t(`refund.reason.${refund.reason}`)}</span>
          {refund.promisedBy && refund.owner && (
            <span className="mute">
              {t('refund.promised_line', {
                at: formatDeadline(refund.promisedBy, { language, now, withTime: true }),
              })}
            </span>
          )}
          <span className="mute">
            {t('refund.of_payment')} {link(refund.payment)}
          </span>
          {refund.proposed?.note && (
            <blockquote className="money-links-note" dir="auto">
              {refund.proposed.note}
            </blockquote>
          )}
        </>
      )}
      {refunds.length > 0 && (
        <span className="mute">
          {t('refund.refunds_of')} {refunds.map(link)}
        </span>
      )}
    </div>
  )
}

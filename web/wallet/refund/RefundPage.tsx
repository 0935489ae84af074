// One refund (RF-…): the promised date first, then its way step by step, then what was asked and what was answered.

import { MessageCircleQuestion } from 'lucide-react'
import {
  A,
  Callout,
  FileRow,
  FreshnessLine,
  Icon,
  Money,
  Reference,
  Trace,
  formatMoney,
  formatTime,
  toProblem,
  useLanguage,
} from '../../ui/index.ts'
import type { RefundFacts } from '../../../contract/refund.ts'
import { ownFile } from '../attach/own-file.ts'
import { useTransaction } from '../data/queries.ts'
import type { Detail } from '../data/types.ts'
import { ButtonLinkTo } from '../frame/ButtonLinkTo.tsx'
import { Loaded } from '../frame/Loaded.tsx'
import { Page } from '../frame/Page.tsx'
import { t } from '../texts.ts'
import { monthKey } from '../statement/months.ts'
import { PartyLine } from '../transaction/PartyLine.tsx'
import { PaymentComesBackSooner } from './ComesBackSooner.tsx'
import { isOpenRefund, refundLooks } from './refund-looks.ts'
import { RefundPromise } from './RefundPromise.tsx'
import { WithdrawRefund } from './WithdrawRefund.tsx'
import './refund.css'

export default function RefundPage({ reference }: { reference: string }) {
  useLanguage()
  const read = useTransaction(reference)
  const detail = read.data
  const missing = !detail && read.error && [400, 404].includes(toProblem(read.error).status)
  return (
    <Page
      title={t('refund.title')}
      section="history"
      back="/history"
      dock={
        <>
          <ButtonLinkTo
            href={missing ? '/help/new' : `/help/new?about=${reference}`}
            look="secondary"
            icon={MessageCircleQuestion}
            wide
          >
            {missing ? t('status.ask') : t('refund.ask_about')}
          </ButtonLinkTo>
          {detail?.refund?.canWithdraw && <WithdrawRefund detail={detail} />}
        </>
      }
    >
      <Loaded read={read} rows={6} asOf={detail?.asOf}>
        {(loaded) =>
          loaded.refund && (
            <Refund
              detail={loaded}
              refund={loaded.refund}
              freshness={read.isError ? 'stale' : read.isFetching ? 'refreshing' : 'live'}
            />
          )
        }
      </Loaded>
    </Page>
  )
}

function Refund({
  detail,
  refund,
  freshness,
}: {
  detail: Detail
  refund: RefundFacts
  freshness: 'live' | 'refreshing' | 'stale'
}) {
  useLanguage()
  const { tone, icon } = refundLooks[refund.state]
  return (
    <>
      <section className="refund-head">
        <PartyLine {...detail} />
        <div className="refund-amount">
          <Money amount={refund.amount} size={36} />
          <span className={`st chip ${tone}`}>
            <Icon of={icon} />
            {t(`refund.state.${refund.state}`)}
          </span>
        </div>
      </section>
      <div className="stack" aria-live="polite">
        {isOpenRefund(refund.state) ? (
          <>
            <PaymentComesBackSooner reference={refund.payment} />
            {refund.waitingFor === 'wallet_room' && (
              <Callout tone="wait" title={t('refund.room')}>
                {t('refund.room.body')}
              </Callout>
            )}
            {refund.waitingFor === 'wallet_stopped' && (
              <Callout tone="wait" title={t('refund.stopped')}>
                {t('refund.stopped.body')}
              </Callout>
            )}
            {refund.promisedBy && (
              <RefundPromise refund={refund} promisedBy={refund.promisedBy} asOf={detail.asOf} />
            )}
          </>
        ) : (
          <Ended detail={detail} refund={refund} />
        )}
      </div>
      <section className="card pad">
        <div className="section-head">
          <h2>{t('refund.way')}</h2>
          <FreshnessLine freshness={{ kind: freshness, at: detail.asOf }} />
        </div>
        <Trace hops={detail.hops} ownerNames={{ shop: detail.party.name }} />
      </section>
      <Asked detail={detail} refund={refund} />
    </>
  )
}

/** What became of it, in words. */
function Ended({ detail, refund }: { detail: Detail; refund: RefundFacts }) {
  const language = useLanguage()
  const { state } = refund
  const { tone, icon } = refundLooks[state]
  if (state === 'paid') {
    const at = detail.hops.findLast((hop) => hop.key === 'paid_back')?.at ?? detail.effectiveAt
    return (
      <Callout
        tone={tone}
        icon={icon}
        title={t('refund.paid.title', { amount: formatMoney(refund.amount, { language }) })}
      >
        {t('refund.paid.body', { at: formatTime(at, { language }) })}{' '}
        <A href={`/statement?month=${monthKey(at)}&see=${detail.reference}`}>{t('refund.paid.statement')}</A>
      </Callout>
    )
  }
  if (state === 'overtaken' && refund.cameBack) {
    const { amount, at } = refund.cameBack
    return (
      <Callout tone={tone} icon={icon} title={t('refund.overtaken.title')}>
        {t('refund.overtaken.body', {
          amount: formatMoney(amount, { language }),
          at: formatTime(at, { language }),
        })}{' '}
        <A href={`/transactions/${refund.payment}`}>{t('refund.overtaken.payment')}</A>
      </Callout>
    )
  }
  if (state !== 'declined' && state !== 'withdrawn') return null
  return (
    <Callout tone={tone} icon={icon} title={t(`refund.${state}.title`)}>
      {t(`refund.${state}.body`)}
      {state === 'declined' && refund.decisionNote && (
        <blockquote className="refund-quote" dir="auto">
          {refund.decisionNote}
        </blockquote>
      )}
    </Callout>
  )
}

function Asked({ detail, refund }: { detail: Detail; refund: RefundFacts }) {
  const language = useLanguage()
  const quotes = [
    [t('refund.facts.note'), refund.note],
    [t('refund.facts.shop_note'), refund.shopNote],
    [t('refund.facts.decision'), refund.state === 'declined' ? undefined : refund.decisionNote],
  ] as const
  return (
    <section className="card pad stack">
      <h2>{t('refund.facts')}</h2>
      <dl className="kv t14">
        <dt>{t('refund.facts.reason')}</dt>
        <dd>{t(`refund.reason.${refund.reason}`)}</dd>
        <dt>{t('refund.facts.asked_by')}</dt>
        <dd>
          {t(`refund.facts.asked_by.${refund.askedBy}`)} ·{' '}
          <time dateTime={refund.askedAt}>{formatTime(refund.askedAt, { language, zoneName: true })}</time>
        </dd>
        <dt>{t('refund.facts.payment')}</dt>
        <dd>
          <A className="ref" href={`/transactions/${refund.payment}`}>
            {refund.payment}
          </A>
        </dd>
        <dt>{t('transaction.reference')}</dt>
        <dd>
          <Reference reference={detail.reference} />
        </dd>
      </dl>
      {refund.evidence && (
        <figure className="refund-figure">
          <figcaption className="t13 mute">{t('refund.facts.evidence')}</figcaption>
          <FileRow files={refund.evidence} addressOf={ownFile} />
        </figure>
      )}
      {quotes.map(
        ([name, text]) =>
          text && (
            <figure key={name} className="refund-figure">
              <figcaption className="t13 mute">{name}</figcaption>
              <blockquote className="refund-quote" dir="auto">
                {text}
              </blockquote>
            </figure>
          ),
      )}
    </section>
  )
}

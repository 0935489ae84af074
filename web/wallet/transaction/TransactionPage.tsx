// One movement of money: first the sentence that says where it is, then the trace, then the receipt.

import { MessageCircleQuestion } from 'lucide-react'
import { useParams } from 'wouter'
import {
  Callout,
  FreshnessLine,
  Icon,
  Money,
  Reference,
  StateBadge,
  Trace,
  hasText,
  isSettled,
  movementIcon,
  problemText,
  toProblem,
  useLanguage,
} from '../../ui/index.ts'
import type { ErrorCode, ProblemValues } from '../../../contract/errors.ts'
import { useTransaction } from '../data/queries.ts'
import type { Detail } from '../data/types.ts'
import { ButtonLinkTo } from '../frame/ButtonLinkTo.tsx'
import { Loaded } from '../frame/Loaded.tsx'
import { Page } from '../frame/Page.tsx'
import { paperTime } from '../statement/on-paper.ts'
import { laterPage, t, type MessageId } from '../texts.ts'
import { PartyLine } from './PartyLine.tsx'
import { RefundsOfPayment } from './RefundsOfPayment.tsx'
import { sentenceOf } from './sentence.ts'
import { WhatNow } from './WhatNow.tsx'

const RefundPage = laterPage(() => import('../refund/RefundPage.tsx'))

/** A refund has a page of its own at the same kind of address. */
export default function TransactionPage() {
  const { reference = '' } = useParams<{ reference: string }>()
  return reference.startsWith('RF-') ? (
    <RefundPage key={reference} reference={reference} />
  ) : (
    <MovementPage key={reference} reference={reference} />
  )
}

function MovementPage({ reference }: { reference: string }) {
  useLanguage()
  const read = useTransaction(reference)
  // A talk about what does not exist cannot be opened either.
  const missing = !read.data && read.error && [400, 404].includes(toProblem(read.error).status)
  return (
    <Page
      title={read.data ? t(`kind.${read.data.kind}`) : t('kind.any')}
      section="history"
      back="/history"
      dock={
        <ButtonLinkTo
          href={missing ? '/help/new' : `/help/new?about=${reference}`}
          look="primary"
          icon={MessageCircleQuestion}
          wide
        >
          {missing ? t('status.ask') : t('transaction.help')}
        </ButtonLinkTo>
      }
    >
      <Loaded read={read} rows={5} asOf={read.data?.asOf}>
        {(detail) => <Movement detail={detail} fetching={read.isFetching} stale={read.isError} />}
      </Loaded>
    </Page>
  )
}

function Movement({ detail, fetching, stale }: { detail: Detail; fetching: boolean; stale: boolean }) {
  const language = useLanguage()
  const sentence = sentenceOf(detail, language)
  const incoming = !detail.amount.amountMinor.startsWith('-')
  return (
    <>
      <section className="movement-head">
        <span className="av l tile" aria-hidden="true">
          <Icon of={movementIcon(detail)} size="lg" />
        </span>
        <div className="grow">
          <PartyLine {...detail} />
          <Money
            amount={detail.amount}
            sign={incoming ? 'in' : 'none'}
            muted={!isSettled(detail.state)}
            size={28}
          />
        </div>
      </section>
      <div aria-live="polite">
        {sentence ? (
          <Callout tone={sentence.tone} icon={sentence.icon} title={sentence.title}>
            {sentence.body}
          </Callout>
        ) : (
          <StateBadge state={detail.state} look="chip" />
        )}
      </div>
      {/* A top-up that is held did not fail: its sentence and its trace say where it stands. */}
      {detail.failure && detail.kind !== 'top_up' && <Failure failure={detail.failure} />}
      {detail.hops.length > 0 && (
        <section className="card pad">
          <div className="section-head">
            <h2>{t('transaction.where')}</h2>
            <FreshnessLine
              freshness={{ kind: stale ? 'stale' : fetching ? 'refreshing' : 'live', at: detail.asOf }}
            />
          </div>
          <Trace hops={detail.hops} />
        </section>
      )}
      <RefundsOfPayment references={detail.refunds ?? []} />
      <WhatNow key={detail.reference} reference={detail.reference} stale={stale} />
      <Receipt detail={detail} />
    </>
  )
}

function Failure({ failure }: { failure: NonNullable<Detail['failure']> }) {
  const text = problemText({
    code: failure.code as ErrorCode,
    values: (failure.values ?? {}) as ProblemValues,
  })
  return (
    <Callout tone={text.tone} title={text.title}>
      {text.body}
    </Callout>
  )
}

/** What a customer shows a shop or a bank, so its time needs no other day to be understood. */
function Receipt({ detail }: { detail: Detail }) {
  const language = useLanguage()
  const kind: MessageId = `kind.${detail.kind}`
  return (
    <section className="card pad stack" aria-label={t('transaction.receipt')}>
      <h2>{t('transaction.receipt')}</h2>
      <dl className="kv t14">
        <dt>{t('transaction.time')}</dt>
        <dd>
          <time dateTime={detail.effectiveAt}>{paperTime(detail.effectiveAt, language)}</time>
        </dd>
        <dt>{t('transaction.kind')}</dt>
        <dd>{hasText(kind) ? t(kind) : detail.kind}</dd>
        <dt>{detail.amount.amountMinor.startsWith('-') ? t('transaction.to') : t('transaction.from')}</dt>
        <dd>{detail.party.name}</dd>
        {detail.merchantReference && (
          <>
            <dt>{t('transaction.order_number')}</dt>
            <dd>
              <span className="ref whole">{detail.merchantReference}</span>
            </dd>
          </>
        )}
        {detail.fee && (
          <>
            <dt>{t('transaction.fee')}</dt>
            <dd>
              <Money amount={detail.fee} />
            </dd>
          </>
        )}
        {detail.balanceAfter && (
          <>
            <dt>{t('transaction.balance_after')}</dt>
            <dd>
              <Money amount={detail.balanceAfter} />
            </dd>
          </>
        )}
        <dt>{t('transaction.reference')}</dt>
        <dd>
          <Reference reference={detail.reference} />
        </dd>
      </dl>
    </section>
  )
}

// What became of an order: no answer yet, paid, or ended without a payment. "No answer yet" asks for nothing:
// it finds out by itself.

import { Ban, CircleDashed, Clock, Undo2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import {
  A,
  Button,
  Callout,
  Icon,
  Money,
  Reference,
  StateBadge,
  formatClock,
  formatMoney,
  useLanguage,
} from '../../ui/index.ts'
import { useTransaction } from '../data/queries.ts'
import type { Checkout } from '../data/types.ts'
import { t } from '../texts.ts'
import { sentenceOf } from '../transaction/sentence.ts'
import type { Paid } from './attempt.ts'
import { safeUrl } from './OrderPanel.tsx'
import { PanelHeading } from './PanelHeading.tsx'

const returnAfterSeconds = 8

export function Finding({ checkout, hasPin }: { checkout: Checkout; hasPin: boolean }) {
  const language = useLanguage()
  return (
    <div className="outcome" role="status" data-testid="pay-finding">
      <span className="outcome-sign wait" aria-hidden="true">
        <Icon of={CircleDashed} size="lg" className="slow-spin" />
      </span>
      <PanelHeading>{t('pay.finding.title')}</PanelHeading>
      <p>{t('pay.finding.body', { amount: formatMoney(checkout.total, { language }) })}</p>
      <p className="mute t14">{hasPin ? t('pay.finding.repeat') : t('pay.finding.ask')}</p>
    </div>
  )
}

export function PaidNow({ checkout, paid }: { checkout: Checkout; paid: Paid }) {
  const language = useLanguage()
  const { data: detail } = useTransaction(paid.reference)
  const shop = checkout.merchant.name
  const back = safeUrl(paid.payment?.returnUrl ?? checkout.returnUrl)
  const returned = checkout.payment?.state === 'refunded' || detail?.state === 'refunded'
  const sentence = detail && sentenceOf(detail, language)
  if (returned)
    return (
      <div className="outcome" data-testid="pay-returned">
        <span className="outcome-sign back" aria-hidden="true">
          <Icon of={Undo2} size="lg" />
        </span>
        <PanelHeading>{t('pay.returned')}</PanelHeading>
        <p>{t('pay.returned.body', { amount: formatMoney(checkout.total, { language }), shop })}</p>
        <A className="btn pri wide" href={`/transactions/${paid.reference}`}>
          {t('pay.see_money')}
        </A>
      </div>
    )
  return (
    <div className="outcome" data-testid="pay-paid">
      <svg className="drawn-check" viewBox="0 0 64 64" aria-hidden="true">
        <circle cx="32" cy="32" r="30" />
        <path d="m20 33 8.5 8.5L45 24" />
      </svg>
      <PanelHeading>{t('pay.paid', { shop })}</PanelHeading>
      <Money amount={checkout.total} size={36} />
      <dl className="kv t14">
        {paid.payment && (
          <>
            <dt>{t('pay.paid.at')}</dt>
            <dd className="num">{formatClock(paid.payment.paidAt, { language, zoneName: true })}</dd>
            <dt>{t('checkout.after')}</dt>
            <dd>
              <Money amount={paid.payment.spendableAfter} />
            </dd>
          </>
        )}
        <dt>{t('transaction.reference')}</dt>
        <dd>
          <Reference reference={paid.reference} />
        </dd>
      </dl>
      <div aria-live="polite">
        {sentence && (
          <Callout tone={sentence.tone} icon={sentence.icon} title={sentence.title}>
            {sentence.body}
          </Callout>
        )}
      </div>
      {back && <ReturnToShop url={back} shop={shop} automatic={Boolean(paid.payment)} />}
      <A className="btn quiet wide" href={`/transactions/${paid.reference}`}>
        {t('pay.see_money')}
      </A>
    </div>
  )
}

/** Goes back by itself after a few seconds, unless the customer stops it or somebody only looks at an old order. */
function ReturnToShop({ url, shop, automatic }: { url: string; shop: string; automatic: boolean }) {
  const [left, setLeft] = useState<number | null>(automatic ? returnAfterSeconds : null)
  useEffect(() => {
    if (left === null) return
    if (left === 0) {
      location.assign(url)
      return
    }
    const timer = setTimeout(() => setLeft(left - 1), 1000)
    return () => clearTimeout(timer)
  }, [left, url])
  return (
    <>
      <a className="btn pri wide" href={url}>
        {t('checkout.back', { shop })}
      </a>
      {left !== null && (
        <p className="return-line">
          <span aria-hidden="true">{t('pay.return_in', { seconds: left })}</span>
          <span className="sr">{t('pay.return_soon')}</span>
          <Button look="quiet" small onClick={() => setLeft(null)}>
            {t('pay.stay')}
          </Button>
        </p>
      )}
    </>
  )
}

/** An order that can no longer be paid, and was not paid by this customer. */
export function Ended({ checkout, nothingTaken }: { checkout: Checkout; nothingTaken?: boolean }) {
  useLanguage()
  const state = checkout.state === 'open' ? 'expired' : checkout.state
  const back = safeUrl(
    state === 'cancelled'
      ? (checkout.cancelUrl ?? checkout.returnUrl)
      : (checkout.returnUrl ?? checkout.cancelUrl),
  )
  return (
    <div className="outcome" data-testid={`order-${state}`}>
      <span className="outcome-sign hold" aria-hidden="true">
        <Icon of={state === 'expired' ? Clock : Ban} size="lg" />
      </span>
      <PanelHeading>{t(`order.${state}.title`)}</PanelHeading>
      {state === 'cancelled' && <StateBadge state="cancelled" look="chip" />}
      <p>{t(`order.${state}.body`)}</p>
      {nothingTaken && <p className="mute">{t('pay.nothing_taken')}</p>}
      {back && (
        <a className="btn pri wide" href={back}>
          {t('checkout.back', { shop: checkout.merchant.name })}
        </a>
      )}
    </div>
  )
}

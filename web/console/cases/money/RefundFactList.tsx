// What a refund is about: who asked for what and why, what the shop said, what was decided. As told, never guessed.

import type { ReactNode } from 'react'
import type { RefundFacts } from '../../../../contract/refund.ts'
import {
  Money,
  Reference,
  formatDeadline,
  formatMoney,
  formatTime,
  useLanguage,
  type Instant,
  type Language,
} from '../../../ui/index.ts'
import { CustomersFiles } from '../../data/CustomersFiles.tsx'
import { useNow } from '../../data/clock.ts'
import { t } from '../../texts.ts'

/** Who decides after us, and until when. */
export const secondPersonLine = ({ untilAt }: RefundFacts, language: Language, now: Instant): string =>
  t('refund.second_person', {
    at: untilAt ? formatDeadline(untilAt, { language, now, withTime: true }) : '',
  })

export function RefundFactList({ reference, facts }: { reference: string; facts: RefundFacts }) {
  const language = useLanguage()
  const now = useNow(60_000)
  const rows: [string, ReactNode][] = [
    [t('refund.fact.state'), t(`refund.state.${facts.state}`)],
    [t('refund.fact.reason'), t(`refund.reason.${facts.reason}`)],
    [
      t('refund.fact.asked'),
      t(`refund.asked_by.${facts.askedBy}`, { at: formatTime(facts.askedAt, { language, now }) }),
    ],
    [t('refund.fact.payment'), <Reference key="payment" reference={facts.payment} />],
    [t('refund.fact.paid'), <Money key="paid" amount={facts.paid} sign="none" />],
  ]
  if (facts.cameBack)
    rows.push([
      t('refund.fact.came_back'),
      t('refund.came_back', {
        amount: formatMoney(facts.cameBack.amount, { language }),
        at: formatTime(facts.cameBack.at, { language, now, inSentence: true }),
      }),
    ])
  if (facts.promisedBy)
    rows.push([
      t('refund.fact.promised'),
      formatDeadline(facts.promisedBy, { language, now, withTime: true }),
    ])
  if (facts.proposed) {
    rows.push([t('refund.fact.decision'), t(`refund.proposed.${facts.proposed.by}`)])
    rows.push([t('refund.fact.second_person'), secondPersonLine(facts, language, now)])
  }
  if (facts.shopAnswer) rows.push([t('refund.fact.shop'), t(`refund.shop.${facts.shopAnswer}`)])
  const quotes: [string, string | undefined][] = [
    [t('refund.fact.note'), facts.note],
    [t('refund.fact.shop_note'), facts.shopNote],
    [t('refund.fact.decision'), facts.decisionNote ?? facts.proposed?.note],
  ]
  return (
    <section className="refund-facts">
      <dl className="payload">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {facts.evidence && (
        <figure className="refund-quote">
          <figcaption className="t13 mute">{t('refund.fact.evidence')}</figcaption>
          <CustomersFiles files={facts.evidence} of={{ refund: reference }} />
        </figure>
      )}
      {quotes.map(
        ([name, text]) =>
          text && (
            <figure key={name} className="refund-quote">
              <figcaption className="t13 mute">{name}</figcaption>
              <blockquote>{text}</blockquote>
            </figure>
          ),
      )}
    </section>
  )
}

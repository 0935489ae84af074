// Refunds that are still on their way, above everything else on the first screen: how far each is, and by when.

import { Undo2 } from 'lucide-react'
import { A, Icon, Money, formatDeadline, useLanguage } from '../../ui/index.ts'
import { useTransaction } from '../data/queries.ts'
import { t } from '../texts.ts'
import { wayOfRefund } from './refund-looks.ts'

export default function RefundsOnTheWay({ references }: { references: readonly string[] }) {
  return (
    <>
      {references.map((reference) => (
        <RefundCard key={reference} reference={reference} />
      ))}
    </>
  )
}

function RefundCard({ reference }: { reference: string }) {
  const language = useLanguage()
  const { data: detail } = useTransaction(reference)
  const refund = detail?.refund
  if (!detail || !refund) return null
  return (
    <A className="card pad refund-card" href={`/transactions/${reference}`} data-testid="refund-card">
      <span className="refund-card-line">
        <span className="st back semi">
          <Icon of={Undo2} />
          {t('refund.home', { state: t(`refund.state.${refund.state}`) })}
        </span>
        <Money amount={refund.amount} />
      </span>
      <span className="refund-bar" aria-hidden="true">
        <i style={{ width: `${wayOfRefund(refund.state) * 100}%` }} />
      </span>
      <span className="refund-card-line t14 mute">
        <span>{detail.party.name}</span>
        {refund.promisedBy && (
          <span className="num">
            {t('refund.home.by', { at: formatDeadline(refund.promisedBy, { language }) })}
          </span>
        )}
      </span>
    </A>
  )
}

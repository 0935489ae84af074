// The refunds of a payment, newest first, each with its own state: live, like the payment itself.

import { MoneyRow, useLanguage } from '../../ui/index.ts'
import { useTransaction } from '../data/queries.ts'
import { t } from '../texts.ts'

export function RefundsOfPayment({ references }: { references: readonly string[] }) {
  useLanguage()
  if (references.length === 0) return null
  return (
    <section className="card pad">
      <h2>{t('refund.of_payment')}</h2>
      <ul className="refund-rows">
        {references.map((reference) => (
          <RefundRow key={reference} reference={reference} />
        ))}
      </ul>
    </section>
  )
}

function RefundRow({ reference }: { reference: string }) {
  const { data } = useTransaction(reference)
  return <li>{data && <MoneyRow money={data} href={`/transactions/${reference}`} />}</li>
}

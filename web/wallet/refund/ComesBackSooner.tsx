// Beside a refund that takes days: that the same money comes back today by itself. Says nothing where that is not so.

import { Undo2 } from 'lucide-react'
import { Callout, formatDeadline, useLanguage } from '../../ui/index.ts'
import type { Detail } from '../data/types.ts'
import { useTransaction } from '../data/queries.ts'
import { t } from '../texts.ts'
import { comesBackAt } from './sooner.ts'

export function ComesBackSooner({ payment }: { payment: Pick<Detail, 'hops'> }) {
  const language = useLanguage()
  const at = comesBackAt(payment)
  if (!at) return null
  return (
    <Callout tone="back" icon={Undo2} title={t('refund.sooner')}>
      {t('refund.sooner.body', { at: formatDeadline(at, { language, withTime: true }) })}
    </Callout>
  )
}

/** For the page of a refund, which knows its payment by reference. */
export function PaymentComesBackSooner({ reference }: { reference: string }) {
  const { data } = useTransaction(reference)
  return data ? <ComesBackSooner payment={data} /> : null
}

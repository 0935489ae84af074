// Payments of this device that still have no answer: they are shown until their order has told what became of them.

import { CircleDashed } from 'lucide-react'
import { A, Callout, formatTime, useLanguage } from '../../ui/index.ts'
import { t } from '../texts.ts'
import { openAttempts } from './store.ts'

export function OpenAttempts({ customerId }: { customerId: string }) {
  const language = useLanguage()
  const attempts = openAttempts(customerId)
  if (!attempts.length) return null
  return (
    <ul className="rows">
      {attempts.map((attempt) => (
        <li key={attempt.orderId}>
          <Callout tone="wait" icon={CircleDashed} title={t('pay.finding.title')}>
            {t('pay.open_attempt', { at: formatTime(attempt.startedAt, { language }) })}{' '}
            <A href={`/pay/${attempt.orderId}`}>{t('pay.open_attempt.see')}</A>
          </Callout>
        </li>
      ))}
    </ul>
  )
}

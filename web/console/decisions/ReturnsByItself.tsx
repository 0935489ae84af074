// Beside a refund that people decide: that its payment goes back by itself at a set time. Says nothing where that is not so.

import { Undo2 } from 'lucide-react'
import type { RefundFacts } from '../../../contract/refund.ts'
import { Callout, formatDeadline, useLanguage } from '../../ui/index.ts'
import { useNow } from '../data/clock.ts'
import { t } from '../texts.ts'

export function ReturnsByItself({ refund }: { refund: RefundFacts | undefined }) {
  const language = useLanguage()
  const now = useNow(60_000)
  if (!refund?.returnsAt) return null
  return (
    <Callout tone="wait" icon={Undo2} title={t('decision.returns')}>
      <p>
        {Date.parse(refund.returnsAt) > now
          ? t('decision.returns.body', {
              at: formatDeadline(refund.returnsAt, { language, now, withTime: true }),
            })
          : t('decision.returns.due')}
      </p>
    </Callout>
  )
}

// How long an order can still be paid. The figure runs on screen; readers are told the time once.

import { Timer } from 'lucide-react'
import { Icon, formatClock, formatCountdown, useLanguage } from '../../ui/index.ts'
import { useSecondsUntil } from '../enter/CodeStep.tsx'
import { t } from '../texts.ts'

export function CountdownChip({ until }: { until: string }) {
  const language = useLanguage()
  const seconds = useSecondsUntil(until)
  return (
    <span className={`countdown ${seconds < 60 ? 'soon' : ''}`}>
      <Icon of={Timer} size="xs" />
      <span aria-hidden="true">
        {seconds > 0 ? t('checkout.left', { time: formatCountdown(seconds) }) : t('checkout.over')}
      </span>
      <span className="sr">{t('checkout.until', { at: formatClock(until, { language }) })}</span>
    </span>
  )
}

// The promised date as the title, and the working days until then. Late is said, with what follows from it.

import {
  Callout,
  formatDateLong,
  formatDeadline,
  useLanguage,
  walletZone,
  weekdayShort,
} from '../../ui/index.ts'
import type { RefundFacts } from '../../../contract/refund.ts'
import { t } from '../texts.ts'
import { workingDayStrip } from './working-days.ts'

const dayFormat = new Intl.DateTimeFormat('en-CA', { timeZone: walletZone })
const dayOf = (at: string): string => dayFormat.format(new Date(at))

export function RefundPromise({
  refund,
  promisedBy,
  asOf,
}: {
  refund: RefundFacts
  promisedBy: string
  asOf: string
}) {
  const language = useLanguage()
  if (asOf > promisedBy)
    return (
      <Callout tone="wait" title={t('refund.late')}>
        {t('refund.late.body', { at: formatDeadline(promisedBy, { language }) })}
      </Callout>
    )
  const { days, number, of } = workingDayStrip(
    dayOf(refund.askedAt),
    dayOf(promisedBy),
    dayOf(asOf),
    refund.holidays,
  )
  const counted = t('refund.day', { number, of })
  const agreed = refund.state === 'waiting_for_funds'
  return (
    <section className="card pad refund-promise">
      <h2>
        <span className="t14 mute">{t(agreed ? 'refund.in_balance_by' : 'refund.result_by')}</span>
        <time className="t22 semi" dateTime={promisedBy}>
          {formatDateLong(promisedBy, { language })}
        </time>
      </h2>
      <ol className={`days ${days.length > 10 ? 'weeks' : ''}`} aria-label={counted}>
        {days.map(({ day, kind }) => (
          <li key={day} className={kind} aria-current={kind === 'today' ? 'date' : undefined}>
            {weekdayShort(`${day}T05:00:00.000Z`, language)}
            <b>{Number(day.slice(8))}</b>
          </li>
        ))}
      </ol>
      <p className="t13 mute">
        {counted}
        {language === 'zh' ? '。' : '. '}
        {t('refund.day.promise')}
      </p>
    </section>
  )
}

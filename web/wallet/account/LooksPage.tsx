// Which agent looked at what of the customer's data and money, when and why. Nothing is left out.

import { Eye } from 'lucide-react'
import { A, Empty, formatClock, formatTime, hasText, useLanguage } from '../../ui/index.ts'
import { useLooks } from '../data/queries.ts'
import { Loaded } from '../frame/Loaded.tsx'
import { Page } from '../frame/Page.tsx'
import { t, type MessageId } from '../texts.ts'

const worded = (prefix: 'looks.field' | 'looks.reason', key: string): string =>
  hasText(`${prefix}.${key}`) ? t(`${prefix}.${key}` as MessageId) : key

export default function LooksPage() {
  const language = useLanguage()
  const read = useLooks()
  return (
    <Page title={t('looks.title')} section="account" back="/account">
      <p className="mute">{t('looks.body')}</p>
      <Loaded read={read} rows={3}>
        {({ looks }) =>
          looks.length ? (
            <ul className="card looks">
              {looks.map((look, index) => (
                <li key={`${look.at}-${index}`}>
                  <p className="semi">
                    {look.field === 'money'
                      ? t('looks.line.money', { name: look.agentName })
                      : t('looks.line', { name: look.agentName, field: worded('looks.field', look.field) })}
                  </p>
                  {look.reference && (
                    <p className="t14">
                      <A className="ref look-money" href={`/transactions/${look.reference}`}>
                        {look.reference}
                      </A>
                    </p>
                  )}
                  <p className="t14">{t('looks.reason', { reason: worded('looks.reason', look.reason) })}</p>
                  <p className="t13 mute num">
                    <time dateTime={look.at}>{formatTime(look.at, { language })}</time> · {look.caseNumber}
                    {look.visibleUntil && (
                      <> · {t('looks.until', { at: formatClock(look.visibleUntil, { language }) })}</>
                    )}
                  </p>
                </li>
              ))}
            </ul>
          ) : (
            <Empty icon={Eye} title={t('looks.empty')}>
              {t('looks.empty.body')}
            </Empty>
          )
        }
      </Loaded>
    </Page>
  )
}

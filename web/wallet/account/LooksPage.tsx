// Which of the staff looked at what of the customer's data and money, when and why. Nothing is left out: older ones are read on.

import { Eye } from 'lucide-react'
import { A, Button, Empty, formatClock, formatTime, hasText, useLanguage } from '../../ui/index.ts'
import { useLooks } from '../data/queries.ts'
import type { Look } from '../data/types.ts'
import { Loaded } from '../frame/Loaded.tsx'
import { Page } from '../frame/Page.tsx'
import { t, type MessageId } from '../texts.ts'

const worded = (prefix: 'looks.field' | 'looks.reason', key: string): string =>
  hasText(`${prefix}.${key}`) ? t(`${prefix}.${key}` as MessageId) : key

/** What has a sentence of its own; a contact is named in the common one. */
function sentenceOf({ agentName: name, field }: Look): string {
  const own = `looks.line.${field}`
  return hasText(own)
    ? t(own as 'looks.line.money', { name })
    : t('looks.line', { name, field: worded('looks.field', field) })
}

export default function LooksPage() {
  const read = useLooks()
  return (
    <Page title={t('looks.title')} section="account" back="/account">
      <p className="mute">{t('looks.body')}</p>
      <Loaded read={read} rows={3}>
        {({ pages }) => {
          const looks = pages.flatMap((page) => page.looks)
          if (looks.length === 0)
            return (
              <Empty icon={Eye} title={t('looks.empty')}>
                {t('looks.empty.body')}
              </Empty>
            )
          return (
            <>
              <ul className="card looks">
                {looks.map((look, index) => (
                  <li key={`${look.at}-${index}`}>
                    <Line look={look} />
                  </li>
                ))}
              </ul>
              {read.hasNextPage && (
                <div className="end-line">
                  <Button
                    look="soft"
                    small
                    busy={read.isFetchingNextPage && t('history.more.busy')}
                    onClick={() => void read.fetchNextPage()}
                  >
                    {t('looks.more')}
                  </Button>
                </div>
              )}
            </>
          )
        }}
      </Loaded>
    </Page>
  )
}

function Line({ look }: { look: Look }) {
  const language = useLanguage()
  return (
    <>
      <p className="semi">{sentenceOf(look)}</p>
      {look.reference && (
        <p className="t14">
          <A className="ref look-money" href={`/transactions/${look.reference}`}>
            {look.reference}
          </A>
        </p>
      )}
      <p className="t14">{t('looks.reason', { reason: worded('looks.reason', look.reason) })}</p>
      <p className="t13 mute num">
        <time dateTime={look.at}>{formatTime(look.at, { language })}</time>
        {look.caseNumber && <> · {look.caseNumber}</>}
        {look.visibleUntil && (
          <> · {t('looks.until', { at: formatClock(look.visibleUntil, { language }) })}</>
        )}
      </p>
    </>
  )
}

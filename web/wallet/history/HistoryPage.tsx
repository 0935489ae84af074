// All movements of the wallet, month by month, read page by page as far as the customer goes.

import { Plus, ReceiptText, Scale } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { A, Button, Empty, Icon, MoneyRow, formatMonth, useLanguage } from '../../ui/index.ts'
import { useHistory } from '../data/queries.ts'
import { readKept } from '../data/keep.ts'
import { ButtonLinkTo } from '../frame/ButtonLinkTo.tsx'
import { Loaded } from '../frame/Loaded.tsx'
import { Page } from '../frame/Page.tsx'
import { t } from '../texts.ts'
import { groupByMonth } from './group.ts'

export default function HistoryPage() {
  const language = useLanguage()
  const history = useHistory()
  const read = { ...history, keptAt: readKept('history')?.at }
  return (
    <Page
      title={t('nav.history')}
      section="history"
      action={
        <A className="ib" href="/statement" aria-label={t('statement.title')}>
          <Icon of={Scale} />
        </A>
      }
    >
      <Loaded read={read} rows={8}>
        {({ pages }) => {
          const months = groupByMonth(pages.flatMap((page) => page.transactions))
          if (!months.length)
            return (
              <Empty
                icon={ReceiptText}
                title={t('history.empty')}
                action={
                  <ButtonLinkTo href="/top-up" icon={Plus} small>
                    {t('ledge.top_up')}
                  </ButtonLinkTo>
                }
              >
                {t('history.empty.body')}
              </Empty>
            )
          return (
            <>
              {months.map((month) => (
                <section key={month.key} className="month">
                  <h2>{formatMonth(month.firstAt, { language })}</h2>
                  <ul className="rows">
                    {month.transactions.map((transaction) => (
                      <li key={transaction.reference}>
                        <MoneyRow money={transaction} href={`/transactions/${transaction.reference}`} />
                      </li>
                    ))}
                  </ul>
                </section>
              ))}
              {history.hasNextPage ? (
                <More busy={history.isFetchingNextPage} onMore={() => void history.fetchNextPage()} />
              ) : (
                <p className="end-line">{t('history.end')}</p>
              )}
            </>
          )
        }}
      </Loaded>
    </Page>
  )
}

/** Reads on when it comes into view, and by pressing. */
function More({ busy, onMore }: { busy: boolean; onMore: () => void }) {
  const line = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!line.current || busy) return
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && onMore(), {
      rootMargin: '400px',
    })
    observer.observe(line.current)
    return () => observer.disconnect()
  })
  return (
    <div ref={line} className="end-line">
      <Button look="soft" small busy={busy && t('history.more.busy')} onClick={onMore}>
        {t('history.more')}
      </Button>
    </div>
  )
}

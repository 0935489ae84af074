// The wallet's first screen: who you are, what you have, what moved last.

import { Plus, ReceiptText, Snowflake } from 'lucide-react'
import { Suspense } from 'react'
import { A, Avatar, Callout, Empty, MoneyRow, formatClock, formatTime, useLanguage } from '../../ui/index.ts'
import { useMe, useOpenRefunds, useRecent, useWallet } from '../data/queries.ts'
import type { Wallet } from '../data/types.ts'
import { ButtonLinkTo } from '../frame/ButtonLinkTo.tsx'
import { Loaded } from '../frame/Loaded.tsx'
import { Page } from '../frame/Page.tsx'
import { laterPage, t } from '../texts.ts'
import { OpenAttempts } from '../pay/OpenAttempts.tsx'
import { BalanceCard } from './BalanceCard.tsx'

const RefundsOnTheWay = laterPage(() => import('../refund/RefundsOnTheWay.tsx'))

type Greeting = 'home.morning' | 'home.midday' | 'home.afternoon' | 'home.evening'

/** Indonesian days have four parts; the other languages say the same hours their own way. */
export function greetingAt(hour: number): Greeting {
  if (hour < 4 || hour >= 18) return 'home.evening'
  if (hour < 11) return 'home.morning'
  return hour < 15 ? 'home.midday' : 'home.afternoon'
}

export function HomePage() {
  useLanguage()
  const { data: me } = useMe()
  const wallet = useWallet()
  const recent = useRecent()
  const openRefunds = (useOpenRefunds().data?.refunds ?? []).map(({ reference }) => reference)
  return (
    <Page title={t('nav.home')} section="home" ownHeading className="home">
      <header className="hello">
        <Avatar name={me?.displayName ?? ''} kind="self" />
        <div className="grow">
          <div className="t13 mute">{t(greetingAt(Number.parseInt(formatClock(Date.now()))))}</div>
          <h1 className="hello-name">{me?.displayName}</h1>
        </div>
      </header>
      <Loaded
        read={wallet}
        asOf={wallet.data?.asOf}
        waiting={<div className="stage waiting" role="status" aria-label={t('home.loading')} />}
      >
        {(data) => (
          <>
            <BalanceCard wallet={data} stale={wallet.isError} />
            <StatusNote wallet={data} />
          </>
        )}
      </Loaded>
      {openRefunds.length > 0 && (
        <Suspense fallback={<div className="card refund-card waiting" />}>
          <RefundsOnTheWay references={openRefunds} />
        </Suspense>
      )}
      {me && <OpenAttempts customerId={me.customerId} />}
      <section className="home-recent" aria-label={t('home.recent')}>
        <div className="section-head">
          <h2>{t('home.recent')}</h2>
          {recent.data && recent.data.transactions.length > 0 && <A href="/history">{t('home.all')}</A>}
        </div>
        <Loaded read={recent} quiet={wallet.isError}>
          {({ transactions }) =>
            transactions.length ? (
              <ul className="rows">
                {transactions.slice(0, 5).map((transaction) => (
                  <li key={transaction.reference}>
                    <MoneyRow money={transaction} href={`/transactions/${transaction.reference}`} />
                  </li>
                ))}
              </ul>
            ) : (
              <div className="card">
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
              </div>
            )
          }
        </Loaded>
      </section>
    </Page>
  )
}

function StatusNote({ wallet }: { wallet: Wallet }) {
  const language = useLanguage()
  if (wallet.status === 'active') return null
  if (wallet.status === 'frozen')
    return (
      <Callout tone="hold" icon={Snowflake} title={t('frozen.title')}>
        {wallet.frozenAt && t('frozen.since', { at: formatTime(wallet.frozenAt, { language }) })}{' '}
        {t('frozen.body')} <A href="/account/unfreeze">{t('frozen.unfreeze')}</A>
      </Callout>
    )
  return (
    <Callout tone="hold" title={t(`status.${wallet.status}.title`)}>
      {t(`status.${wallet.status}.body`)} <A href="/help/new">{t('status.ask')}</A>
    </Callout>
  )
}

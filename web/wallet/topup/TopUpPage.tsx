// Top up by bank transfer: the number to send to, in words a first-timer follows. The money arrives live.

import { Check, Copy, Landmark, RefreshCw } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import {
  A,
  Button,
  Callout,
  Icon,
  Money,
  formatMoney,
  groupDigits,
  spellReference,
  useLanguage,
} from '../../ui/index.ts'
import { useRecent, useVirtualAccount, useWallet } from '../data/queries.ts'
import { useLost } from '../data/live.ts'
import type { TransactionSummary, VirtualAccount } from '../data/types.ts'
import { ButtonLinkTo } from '../frame/ButtonLinkTo.tsx'
import { Loaded } from '../frame/Loaded.tsx'
import { Page } from '../frame/Page.tsx'
import { waitingOrder } from '../pay/link.ts'
import { t } from '../texts.ts'

export default function TopUpPage() {
  useLanguage()
  const account = useVirtualAccount()
  const orderId = waitingOrder()
  const arrived = useArrived()
  return (
    <Page title={t('topup.title')} section="home" back={orderId ? `/pay/${orderId}` : '/'}>
      <Loaded read={account} rows={4}>
        {(data) => <Account account={data} />}
      </Loaded>
      <Arrival arrived={arrived} />
      {orderId && (
        <ButtonLinkTo
          href={`/pay/${orderId}`}
          look={arrived?.state === 'completed' ? 'primary' : 'secondary'}
          wide
        >
          {t('topup.back_to_order')}
        </ButtonLinkTo>
      )}
    </Page>
  )
}

/** The newest top-up that came in since the page was opened, into the balance or kept beside it; one that was kept and is let in counts anew. */
function useArrived(): TransactionSummary | undefined {
  const { data, error } = useRecent()
  const known = useRef<Set<string> | null>(null)
  const topUps = (data?.transactions ?? []).filter(
    ({ kind, state }) => kind === 'top_up' && (state === 'completed' || state === 'held'),
  )
  const seen = ({ reference, state }: TransactionSummary): string => `${reference} ${state}`
  if (data && !error && !known.current) known.current = new Set(topUps.map(seen))
  return topUps.find((topUp) => known.current && !known.current.has(seen(topUp)))
}

function Arrival({ arrived }: { arrived: TransactionSummary | undefined }) {
  const language = useLanguage()
  const { data: wallet } = useWallet()
  const lost = useLost()
  return (
    <div role="status">
      {arrived?.state === 'held' ? (
        <Callout
          tone="wait"
          title={t('topup.kept', { amount: formatMoney(arrived.amount, { language, sign: 'none' }) })}
        >
          {t('topup.kept.body')} <A href={`/transactions/${arrived.reference}`}>{t('topup.kept.see')}</A>
        </Callout>
      ) : arrived ? (
        <Callout
          tone="ok"
          title={t('topup.arrived', { amount: formatMoney(arrived.amount, { language, sign: 'none' }) })}
        >
          {wallet && t('topup.balance_now', { amount: formatMoney(wallet.spendable, { language }) })}
        </Callout>
      ) : (
        <p className="waiting-line">
          <Icon of={RefreshCw} size="sm" />
          {lost ? t('topup.waiting_offline') : t('topup.waiting')}
        </p>
      )}
    </div>
  )
}

function Account({ account }: { account: VirtualAccount }) {
  const language = useLanguage()
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 4000)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(account.virtualAccountNumber).then(
      () => setCopied(true),
      () => undefined,
    )
  }
  const full = BigInt(account.maximum.amountMinor) < BigInt(account.minimum.amountMinor)
  return (
    <>
      {full && (
        <Callout tone="hold" title={t('topup.full')}>
          {t('topup.full.body')}
        </Callout>
      )}
      <section className="card pad account-card">
        <span className="fx mute t14">
          <Icon of={Landmark} size="sm" />
          {account.bankName}
        </span>
        <span className="account-number" data-testid="virtual-account-number">
          <span aria-hidden="true">{groupDigits(account.virtualAccountNumber)}</span>
          <span className="sr">{spellReference(account.virtualAccountNumber)}</span>
        </span>
        <span className="t14 mute">{t('topup.in_name', { name: account.accountName })}</span>
        <Button look="primary" wide icon={copied ? Check : Copy} onClick={() => void copy()}>
          {copied ? t('topup.copied') : t('topup.copy')}
        </Button>
        <span className="sr" role="status">
          {copied && t('topup.copied')}
        </span>
      </section>
      <section className="card pad stack">
        <h2>{t('topup.how')}</h2>
        <ol className="steps">
          <li>{t('topup.step1', { bank: account.bankName })}</li>
          <li>{t('topup.step2')}</li>
          {!full && (
            <li>
              {t('topup.step3', {
                minimum: formatMoney(account.minimum, { language }),
                maximum: formatMoney(account.maximum, { language }),
              })}
            </li>
          )}
          <li>{t('topup.step4')}</li>
        </ol>
        {!full && (
          <dl className="kv t14">
            <dt>{t('topup.minimum')}</dt>
            <dd>
              <Money amount={account.minimum} />
            </dd>
            <dt>{t('topup.maximum')}</dt>
            <dd>
              <Money amount={account.maximum} />
            </dd>
          </dl>
        )}
      </section>
    </>
  )
}

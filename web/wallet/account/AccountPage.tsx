// The customer's own things: name and contact, how the wallet looks and speaks, freezing at once,
// who looked at their data, the way out.

import { ChevronRight, Eye, FileCheck2, LogOut, Scale, Snowflake } from 'lucide-react'
import { useState } from 'react'
import {
  A,
  Avatar,
  Button,
  Callout,
  Icon,
  Money,
  Sheet,
  chosenScheme,
  chosenTypeSize,
  formatMonth,
  formatTime,
  languageNames,
  languages,
  localeOf,
  setScheme,
  setTypeSize,
  useLanguage,
} from '../../ui/index.ts'
import { useMe, useWallet } from '../data/queries.ts'
import { chooseLanguage, signOut } from '../data/session.ts'
import type { Wallet } from '../data/types.ts'
import { Loaded } from '../frame/Loaded.tsx'
import { Page } from '../frame/Page.tsx'
import { t } from '../texts.ts'
import { FreezeSheet } from './FreezeSheet.tsx'
import { Segments } from './Segments.tsx'

export default function AccountPage() {
  const language = useLanguage()
  const me = useMe()
  const wallet = useWallet()
  const [scheme, showScheme] = useState(chosenScheme)
  const [size, showSize] = useState(chosenTypeSize)
  const [leaving, setLeaving] = useState(false)
  return (
    <Page title={t('nav.account')} section="account">
      <Loaded read={me} rows={2}>
        {(data) =>
          data && (
            <section className="card pad account-me">
              <Avatar name={data.displayName} kind="self" size="l" />
              <div className="grow">
                <h2>{data.displayName}</h2>
                {[data.phone, data.email].filter(Boolean).map((contact) => (
                  <p key={contact} className="t14 mute num">
                    {contact}
                  </p>
                ))}
                <p className="t13 mute">
                  {t('account.since', { month: formatMonth(data.memberSince, { language }) })}
                </p>
              </div>
            </section>
          )
        }
      </Loaded>
      <Loaded read={wallet} rows={2} asOf={wallet.data?.asOf} quiet={me.isError}>
        {(data) => (
          <>
            <Freeze wallet={data} />
            <Limits wallet={data} />
          </>
        )}
      </Loaded>
      <section className="card pad stack">
        <h2>{t('account.look')}</h2>
        <Segments
          legend={t('nav.language')}
          value={language}
          choices={languages.map((value) => ({ value, label: languageNames[value], lang: localeOf[value] }))}
          onChange={(value) => void chooseLanguage(value, true)}
        />
        <Segments
          legend={t('account.scheme')}
          value={scheme}
          choices={(['system', 'light', 'dark'] as const).map((value) => ({
            value,
            label: t(`account.scheme.${value}`),
          }))}
          onChange={(value) => {
            setScheme(value)
            showScheme(value)
          }}
        />
        <Segments
          legend={t('account.size')}
          value={size}
          choices={(['normal', 'large', 'larger'] as const).map((value) => ({
            value,
            label: t(`account.size.${value}`),
          }))}
          onChange={(value) => {
            setTypeSize(value)
            showSize(value)
          }}
        />
      </section>
      <nav className="card links" aria-label={t('account.more')}>
        <A href="/statement">
          <Icon of={Scale} />
          <span className="grow">{t('statement.title')}</span>
          <Icon of={ChevronRight} size="sm" />
        </A>
        <A href="/check-statement">
          <Icon of={FileCheck2} />
          <span className="grow">{t('check.title')}</span>
          <Icon of={ChevronRight} size="sm" />
        </A>
        <A href="/account/looks">
          <Icon of={Eye} />
          <span className="grow">{t('looks.title')}</span>
          <Icon of={ChevronRight} size="sm" />
        </A>
        <button type="button" onClick={() => setLeaving(true)}>
          <Icon of={LogOut} />
          <span className="grow">{t('account.sign_out')}</span>
        </button>
      </nav>
      <SignOutSheet open={leaving} onClose={() => setLeaving(false)} />
    </Page>
  )
}

function Freeze({ wallet }: { wallet: Wallet }) {
  const language = useLanguage()
  const [open, setOpen] = useState(false)
  if (wallet.status === 'frozen')
    return (
      <section className="card pad stack">
        <Callout tone="hold" icon={Snowflake} title={t('frozen.title')}>
          {wallet.frozenAt && t('frozen.since', { at: formatTime(wallet.frozenAt, { language }) })}{' '}
          {t('frozen.body')}
        </Callout>
        <A className="btn sec wide" href="/account/unfreeze">
          {t('frozen.unfreeze')}
        </A>
      </section>
    )
  return (
    <section className="card pad stack">
      <h2>{t('freeze.title')}</h2>
      <p className="t14 mute">{t('freeze.hint')}</p>
      <Button look="danger" icon={Snowflake} wide onClick={() => setOpen(true)}>
        {t('freeze.now')}
      </Button>
      <FreezeSheet open={open} onClose={() => setOpen(false)} />
    </section>
  )
}

function Limits({ wallet }: { wallet: Wallet }) {
  const language = useLanguage()
  const { limits } = wallet
  const share = Math.min(
    1,
    Number(limits.usedToday.amountMinor) / Math.max(1, Number(limits.perDay.amountMinor)),
  )
  return (
    <section className="card pad stack">
      <h2>{t('limits.title')}</h2>
      <dl className="kv t14">
        <dt>{t('limits.transaction')}</dt>
        <dd>
          <Money amount={limits.perTransaction} />
        </dd>
        <dt>{t('limits.day')}</dt>
        <dd>
          <Money amount={limits.perDay} />
        </dd>
        <dt>{t('limits.used')}</dt>
        <dd>
          <Money amount={limits.usedToday} />
        </dd>
        <dt>{t('limits.balance')}</dt>
        <dd>
          <Money amount={limits.maximumBalance} />
        </dd>
      </dl>
      <div className="meter" aria-hidden="true">
        <i style={{ width: `${share * 100}%` }} />
      </div>
      <p className="t13 mute">
        {t('limits.resets', { at: formatTime(limits.resetsAt, { language, zoneName: true }) })}
      </p>
    </section>
  )
}

function SignOutSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const [busy, setBusy] = useState(false)
  return (
    <Sheet
      open={open}
      onClose={onClose}
      locked={busy}
      title={t('account.sign_out.title')}
      actions={
        <>
          <Button
            look="primary"
            wide
            busy={busy && t('account.sign_out.busy')}
            onClick={() => {
              setBusy(true)
              void signOut()
            }}
          >
            {t('account.sign_out')}
          </Button>
          <Button look="quiet" wide onClick={onClose}>
            {t('account.stay')}
          </Button>
        </>
      }
    >
      <p>{t('account.sign_out.body')}</p>
    </Sheet>
  )
}

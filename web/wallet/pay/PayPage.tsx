// Paying starts at a shop. This page says how, and opens a payment link that the shop sent.

import { ArrowRight, Link2, ShoppingBag, Store } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { Icon, TextField, useLanguage } from '../../ui/index.ts'
import { SubmitButton } from '../enter/SubmitButton.tsx'
import { useMe } from '../data/queries.ts'
import { Page } from '../frame/Page.tsx'
import { t } from '../texts.ts'
import { orderOfLink } from './link.ts'
import { OpenAttempts } from './OpenAttempts.tsx'

export default function PayPage() {
  useLanguage()
  const { data: me } = useMe()
  const [, navigate] = useLocation()
  const [link, setLink] = useState('')
  const [error, setError] = useState<string>()
  const open = (): void => {
    const order = orderOfLink(link, location.origin)
    if (order === 'foreign') setError(t('pay.link.foreign', { host: location.host }))
    else if (!order) setError(t('pay.link.none'))
    else navigate(`/pay/${order}`)
  }
  return (
    <Page title={t('pay.title')} section="pay">
      {me && <OpenAttempts customerId={me.customerId} />}
      <section className="card pad stack">
        <ol className="picture-steps">
          <li>
            <span className="arch-tile" aria-hidden="true">
              <Icon of={ShoppingBag} size="lg" />
            </span>
            {t('pay.step1')}
          </li>
          <li>
            <span className="arch-tile" aria-hidden="true">
              <Icon of={Store} size="lg" />
            </span>
            {t('pay.step2')}
          </li>
          <li>
            <span className="arch-tile" aria-hidden="true">
              <Icon of={ArrowRight} size="lg" />
            </span>
            {t('pay.step3')}
          </li>
        </ol>
      </section>
      <form
        className="card pad stack"
        onSubmit={(event) => {
          event.preventDefault()
          open()
        }}
      >
        <h2>{t('pay.link.title')}</h2>
        <TextField
          label={t('pay.link')}
          hint={t('pay.link.hint')}
          error={error}
          before={<Icon of={Link2} />}
          inputMode="url"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={link}
          onInput={(event) => {
            setLink(event.currentTarget.value)
            setError(undefined)
          }}
        />
        <SubmitButton busy={false}>{t('pay.link.open')}</SubmitButton>
      </form>
    </Page>
  )
}

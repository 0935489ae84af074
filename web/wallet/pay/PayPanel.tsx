// Tuntas's half of the checkout: balance before and after, PIN, and what became of it. One panel at a time,
// each begins with its heading, which takes the focus when it appears.

import { ShieldCheck, Wallet as WalletIcon } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import {
  A,
  Avatar,
  Button,
  Callout,
  Icon,
  Money,
  PinField,
  formatDuration,
  formatMoney,
  useLanguage,
} from '../../ui/index.ts'
import { leaveAsSomebodyElse } from '../data/session.ts'
import { useWallet } from '../data/queries.ts'
import type { Checkout } from '../data/types.ts'
import { SubmitButton } from '../enter/SubmitButton.tsx'
import { t } from '../texts.ts'
import { CancelOrder } from './CancelOrder.tsx'
import type { PayState, Refusal } from './attempt.ts'
import { Ended, Finding, PaidNow } from './Outcome.tsx'
import { RefusalNote, stopsPaying } from './RefusalNote.tsx'
import { usePayRun } from './use-pay-run.ts'

type Payer = NonNullable<Checkout['payer']>

export function PayPanel({
  checkout,
  payer,
  customerId,
}: {
  checkout: Checkout
  payer: Payer
  customerId: string
}) {
  const { run, state } = usePayRun(checkout, customerId)
  switch (state.step) {
    case 'paid':
      return <PaidNow checkout={checkout} paid={state.payment} />
    case 'finding':
      return <Finding checkout={checkout} hasPin={Boolean(state.pin)} />
    case 'ready':
      if (checkout.state !== 'open' && !state.refusal)
        return <Ended checkout={checkout} nothingTaken={state.nothingTaken} />
      break
    case 'sending':
  }
  return (
    <PayForm
      checkout={checkout}
      payer={payer}
      state={state}
      onPay={(pin) => run.submit(pin)}
      onEdit={() => run.closeRefusal()}
    />
  )
}

function PayForm({
  checkout,
  payer,
  state,
  onPay,
  onEdit,
}: {
  checkout: Checkout
  payer: Payer
  state: Extract<PayState, { step: 'ready' | 'sending' }>
  onPay: (pin: string) => void
  onEdit: () => void
}) {
  const language = useLanguage()
  const { data: wallet } = useWallet()
  const [pin, setPin] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const locked = useMemo(() => lockOf(payer.pinLockedUntil), [payer.pinLockedUntil])
  const refusal = state.step === 'ready' ? (state.refusal ?? locked) : undefined
  const sending = state.step === 'sending'
  const amount = formatMoney(checkout.total, { language })
  const short = !payer.spendableAfter
  const blocked = refusal ? stopsPaying(refusal) : false
  useEffect(() => {
    if (!refusal) return
    setPin('')
    if (!stopsPaying(refusal)) input.current?.focus()
  }, [refusal])

  return (
    <form
      className="pay-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (pin.length === 6) onPay(pin)
        else input.current?.focus()
      }}
    >
      <h1 className="t22">{t('checkout.with_balance')}</h1>
      <div className="payer">
        <Avatar name={payer.displayName} kind="self" />
        <span className="grow">
          <span className="med">{payer.displayName}</span>
          <span className="t13 mute num">{payer.contact}</span>
        </span>
        <Button look="quiet" small onClick={() => void leaveAsSomebodyElse()}>
          {t('checkout.not_you')}
        </Button>
      </div>
      <div className="pay-source">
        <p>
          <span className="fx semi">
            <Icon of={WalletIcon} />
            {t('checkout.balance')}
          </span>
          <Money amount={payer.spendable} />
        </p>
        {payer.spendableAfter && (
          <p className="pay-after">
            <span>{t('checkout.after')}</span>
            <Money amount={payer.spendableAfter} />
          </p>
        )}
      </div>
      {state.step === 'ready' && state.nothingTaken && (
        <Callout tone="ok" title={t('pay.nothing_taken')}>
          {t('pay.nothing_taken.body')}
        </Callout>
      )}
      {refusal && <RefusalNote refusal={refusal} checkout={checkout} />}
      {wallet?.status === 'frozen' && !refusal ? (
        <Callout tone="hold" title={t('frozen.title')}>
          {t('frozen.body')}{' '}
          <A href={`/account/unfreeze?order=${checkout.orderId}`}>{t('frozen.unfreeze')}</A>
        </Callout>
      ) : short && !refusal ? (
        <ShortOfMoney checkout={checkout} payer={payer} />
      ) : (
        !blocked && (
          <>
            <PinField
              label={t('checkout.pin')}
              inputRef={input}
              name="pin"
              value={pin}
              disabled={sending}
              onChange={(value) => {
                setPin(value)
                if (value && refusal) onEdit()
              }}
            />
            <SubmitButton busy={sending && t('checkout.paying')}>
              {t('checkout.pay_amount', { amount })}
            </SubmitButton>
          </>
        )
      )}
      <span className="grow" />
      <Callout tone="ok" icon={ShieldCheck}>
        {t('checkout.promise', { time: formatDuration(checkout.shopAnswerDeadlineSeconds, language) })}
      </Callout>
      <div className="pay-foot">
        <CancelOrder checkout={checkout} disabled={sending} />
        <A href="/help">{t('nav.help')}</A>
      </div>
    </form>
  )
}

/** A locked PIN is said before it is typed: the page may have been loaded again since the last wrong try. */
const lockOf = (untilAt: string | undefined): Refusal | undefined =>
  untilAt === undefined ? undefined : { code: 'pin_locked', retry: 'later', values: { untilAt } }

function ShortOfMoney({ checkout, payer }: { checkout: Checkout; payer: Payer }) {
  const language = useLanguage()
  const missing = BigInt(checkout.total.amountMinor) - BigInt(payer.spendable.amountMinor)
  return (
    <>
      <Callout tone="wait" title={t('checkout.short')}>
        {t('checkout.short.body', {
          missing: formatMoney({ amountMinor: missing, currency: checkout.total.currency }, { language }),
        })}
      </Callout>
      <A className="btn pri wide" href={`/top-up?order=${checkout.orderId}`}>
        {t('checkout.top_up')}
      </A>
    </>
  )
}

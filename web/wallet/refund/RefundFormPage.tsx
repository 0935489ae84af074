// Asking for a payment's money back: why, how much, what happened. What will happen is said before it is sent.
// It is sent under one key until its answer is known (../form), so that it counts once whatever gets lost.

import { useEffect, useRef, useState } from 'react'
import { useLocation, useParams } from 'wouter'
import type { AskRefund, RefundReason } from '../../../contract/refund.ts'
import {
  A,
  AmountField,
  Avatar,
  Button,
  Callout,
  ChoiceCards,
  ErrorNote,
  Money,
  TextArea,
  api,
  formatDeadline,
  formatMoney,
  hasText,
  useLanguage,
  type ApiProblem,
} from '../../ui/index.ts'
import { AddedFiles, AddFiles } from '../attach/AddFiles.tsx'
import { fileLimits } from '../attach/limits.ts'
import { useFiles } from '../attach/use-files.ts'
import { queryClient } from '../data/client.ts'
import { useTransaction } from '../data/queries.ts'
import type { Detail } from '../data/types.ts'
import { useFormRun } from '../form/use-form-run.ts'
import { ButtonLinkTo } from '../frame/ButtonLinkTo.tsx'
import { Loaded } from '../frame/Loaded.tsx'
import { Page } from '../frame/Page.tsx'
import { t, type MessageId } from '../texts.ts'
import { ComesBackSooner } from './ComesBackSooner.tsx'
import { askOf, reasons, useDraft } from './draft.ts'
import { isOpenRefund } from './refund-looks.ts'
import './refund.css'

const noteLength = 2000

export default function RefundFormPage() {
  useLanguage()
  const { reference = '' } = useParams<{ reference: string }>()
  const read = useTransaction(reference)
  return (
    <Page title={t('refund.form.title')} section="history" back={`/transactions/${reference}`}>
      <Loaded read={read} rows={5} asOf={read.data?.asOf}>
        {(payment) => <Ask key={payment.reference} payment={payment} />}
      </Loaded>
    </Page>
  )
}

function Ask({ payment }: { payment: Detail }) {
  const language = useLanguage()
  const [, navigate] = useLocation()
  const left = payment.refundTerms?.left ?? {
    ...payment.amount,
    amountMinor: payment.amount.amountMinor.replace('-', ''),
  }
  const { run, state } = useFormRun<AskRefund, Detail>(`refund.${payment.reference}`, (key, body, signal) =>
    api.post('/api/refunds', body, { idempotencyKey: key, signal }),
  )
  const [draft, change, forget] = useDraft(payment.reference)
  const [checked, setChecked] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const files = useFiles(`refund.${payment.reference}`, fileLimits.perRefund)
  const { list } = files
  const done = state.step === 'done' ? state.answer : undefined
  useEffect(() => {
    if (!done) return
    forget()
    list.take()
    queryClient.setQueryData(['transaction', done.reference], done)
    for (const key of [['transaction', payment.reference], ['transactions'], ['diagnosis']])
      void queryClient.invalidateQueries({ queryKey: key })
    navigate(`/transactions/${done.reference}`, { replace: true })
  }, [done, forget, list, navigate, payment.reference])

  if (state.step === 'finding')
    return (
      <Callout tone="wait" title={t('refund.form.finding')}>
        {t('refund.form.finding.body')}
      </Callout>
    )
  if (state.step === 'editing' && !state.refusal && !payment.canAskMoneyBack)
    return <NotNow payment={payment} />

  const wanted = draft.part ? draft.amountMinor : BigInt(left.amountMinor)
  const amountWrong = wanted === null || wanted < 100n || wanted > BigInt(left.amountMinor)
  const shown = formatMoney(left, { language })
  /** The button is at the end of a long form: what is wrong may be above the screen of a phone. */
  const showFirstWrong = (): void => {
    const field = form.current?.querySelector<HTMLInputElement>(
      draft.reason ? 'input[name=amount]' : 'input[type=radio]',
    )
    field?.focus({ preventScroll: true })
    field?.closest('fieldset, .field')?.scrollIntoView({ block: 'center' })
  }
  const submit = (): void => {
    setChecked(true)
    const evidence = files.ready.map(({ id }) => id)
    const ask = askOf(payment.reference, draft, BigInt(left.amountMinor), evidence)
    // A picture that is still on its way belongs to it.
    if (ask && !files.busy) run.submit(ask)
    if (!ask) showFirstWrong()
  }
  return (
    <form
      ref={form}
      className="refund-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <div className="movement-head">
        <Avatar name={payment.party.name} kind="tile" />
        <div className="grow">
          <p className="t14 mute">{payment.party.name}</p>
          <Money amount={left} size={28} />
        </div>
      </div>
      <ComesBackSooner payment={payment} />
      <div>
        <ChoiceCards<RefundReason>
          legend={t('refund.form.why')}
          choices={reasons.map((value) => ({ value, label: t(`refund.reason.${value}`) }))}
          value={draft.reason}
          onChange={(reason) => change({ reason })}
        />
        {checked && !draft.reason && (
          <p className="field-error" role="alert">
            {t('refund.form.why.missing')}
          </p>
        )}
      </div>
      <div className="stack">
        <ChoiceCards
          legend={t('refund.form.how_much')}
          choices={[
            { value: 'all', label: t('refund.form.all'), detail: shown },
            { value: 'part', label: t('refund.form.part') },
          ]}
          value={draft.part ? 'part' : 'all'}
          onChange={(choice) => change({ part: choice === 'part' })}
        />
        {draft.part && (
          <AmountField
            name="amount"
            label={t('refund.form.amount')}
            hint={t('refund.form.amount.hint', { amount: shown })}
            error={checked && amountWrong ? t('refund.form.amount.wrong', { amount: shown }) : undefined}
            value={draft.amountMinor}
            onChange={(amountMinor) => change({ amountMinor })}
          />
        )}
      </div>
      <TextArea
        label={t('refund.form.note')}
        hint={t('refund.form.note.hint')}
        maxLength={noteLength}
        value={draft.note}
        onInput={(event) => change({ note: event.currentTarget.value })}
      />
      <section className="stack" aria-labelledby="refund-evidence">
        <h2 id="refund-evidence" className="t16">
          {t('refund.form.evidence')}
        </h2>
        <p className="t14 mute">{t('refund.form.evidence.hint')}</p>
        <AddedFiles files={files} />
        <AddFiles files={files} most={fileLimits.perRefund} />
        <p className="t13 mute">{t('attach.hint', { count: fileLimits.perRefund })}</p>
        {checked && files.busy && <p className="t13">{t('attach.wait_first')}</p>}
      </section>
      <WhatHappens payment={payment} />
      {state.step === 'editing' && state.refusal && <Refused problem={state.refusal} />}
      <Button
        look="primary"
        type="submit"
        wide
        busy={(state.step === 'sending' || Boolean(done)) && t('refund.form.sending')}
      >
        {amountWrong
          ? t('refund.form.send_some')
          : t('refund.form.send', {
              amount: formatMoney({ amountMinor: wanted, currency: left.currency }, { language }),
            })}
      </Button>
    </form>
  )
}

function WhatHappens({ payment }: { payment: Detail }) {
  const language = useLanguage()
  const { party, refundTerms: terms } = payment
  return (
    <section className="stack">
      <h2>{t('refund.form.next')}</h2>
      <ol className="steps t14">
        <li>
          {terms
            ? t('refund.form.next.shop.by', {
                shop: party.name,
                at: formatDeadline(terms.shopAnswersBy, { language, withTime: true }),
              })
            : t('refund.form.next.shop', { shop: party.name })}
        </li>
        <li>{t('refund.form.next.staff')}</li>
        <li>
          {terms
            ? t('refund.form.next.result.by', { at: formatDeadline(terms.resultBy, { language }) })
            : t('refund.form.next.result')}
        </li>
      </ol>
    </section>
  )
}

function NotNow({ payment }: { payment: Detail }) {
  useLanguage()
  const newest = payment.refunds?.[0]
  return (
    <div className="stack">
      <Callout tone="hold" title={t('refund.form.not_now')}>
        {payment.state === 'refunded' ? (
          t('refund.why.already_returned')
        ) : payment.state === 'held' ? (
          t('refund.why.coming_back')
        ) : newest ? (
          <WhyNot reference={newest} />
        ) : (
          t('refund.form.not_now.body')
        )}
      </Callout>
      {newest && (
        <A className="btn sec wide" href={`/transactions/${newest}`}>
          {t('refund.see')}
        </A>
      )}
      <ButtonLinkTo href={`/help/new?about=${payment.reference}`} look="primary" wide>
        {t('transaction.help')}
      </ButtonLinkTo>
    </div>
  )
}

/** A refund of it stands in the way: it is open, or all of it went back. */
function WhyNot({ reference }: { reference: string }) {
  const { data } = useTransaction(reference)
  if (!data?.refund) return <>{t('refund.form.not_now.body')}</>
  if (isOpenRefund(data.refund.state)) return <>{t('refund.why.refund_open')}</>
  return <>{data.refund.state === 'paid' ? t('refund.why.nothing_left') : t('refund.form.not_now.body')}</>
}

/** Why it was refused, when the server says which rule it was. */
function Refused({ problem }: { problem: ApiProblem }) {
  useLanguage()
  const why = `refund.why.${String(problem.values['why'] ?? '')}`
  const open = problem.values['reference']
  if (problem.code !== 'refund_not_allowed' || !hasText(why)) return <ErrorNote problem={problem} />
  return (
    <Callout tone="hold" title={t('refund.form.not_now')} alert>
      {t(why as MessageId)}{' '}
      {typeof open === 'string' && <A href={`/transactions/${open}`}>{t('refund.see')}</A>}
    </Callout>
  )
}

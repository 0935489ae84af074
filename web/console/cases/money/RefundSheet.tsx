// An agent asks for a payment's money back for the case: reason, how much, and a note that the shop and colleagues read.
// One opening of this sheet is one intent with one key: however often it is sent, it counts once.

import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { RefundReason } from '../../../../contract/refund.ts'
import type { TransactionDetail } from '../../../../contract/trace.ts'
import {
  AmountField,
  Button,
  ChoiceCards,
  ErrorNote,
  Field,
  Sheet,
  Select,
  formatDeadline,
  formatMoney,
  hasText,
  newIdempotencyKey,
  toProblem,
  useLanguage,
} from '../../../ui/index.ts'
import { noteSessionEnd, queryClient } from '../../data/client.ts'
import { useNow } from '../../data/clock.ts'
import { keys } from '../../data/requests.ts'
import { moneyRequests } from '../../data/money-requests.ts'
import { shownProblem } from '../../data/problem.ts'
import { t, type MessageId } from '../../texts.ts'
import { Evidence } from './Evidence.tsx'
import { needsTwoPeople } from './two-people.ts'
import { TwoPeople } from './TwoPeople.tsx'

const reasons: readonly RefundReason[] = [
  'shop_has_nothing',
  'not_received',
  'wrong_or_broken',
  'charged_twice',
  'cancelled_with_shop',
  'other',
]
type HowMuch = 'all' | 'part'

export type RefundSheetProps = {
  caseId: string
  payment: TransactionDetail
  onClose: () => void
  /** The new refund's reference. */
  onAsked: (reference: string) => void
}

export function RefundSheet({ caseId, payment, onClose, onAsked }: RefundSheetProps) {
  const language = useLanguage()
  const [key] = useState(newIdempotencyKey)
  const [reason, setReason] = useState<RefundReason | ''>('')
  const [howMuch, setHowMuch] = useState<HowMuch>('all')
  const [partMinor, setPart] = useState<bigint | null>(null)
  const [note, setNote] = useState('')
  const [evidence, setEvidence] = useState<readonly string[]>([])
  const [tried, setTried] = useState(false)
  const terms = payment.refundTerms
  const leftMinor = BigInt((terms?.left ?? payment.amount).amountMinor.replace('-', ''))
  const left = formatMoney({ ...payment.amount, amountMinor: leftMinor }, { language })
  const partWrong = howMuch === 'part' && (partMinor === null || partMinor <= 0n || partMinor > leftMinor)
  const ask = useMutation({
    mutationFn: (chosen: RefundReason) =>
      moneyRequests.askRefund(
        {
          caseId,
          payment: payment.reference,
          reason: chosen,
          note: note.trim(),
          ...(evidence.length > 0 ? { evidence: [...evidence] } : {}),
          ...(howMuch === 'part' && partMinor !== null ? { amountMinor: partMinor.toString() } : {}),
        },
        key,
      ),
    onSuccess: (refund) => {
      void queryClient.invalidateQueries({ queryKey: keys.case(caseId) })
      void queryClient.invalidateQueries({ queryKey: ['money', caseId] })
      onAsked(refund.reference)
    },
    onError: noteSessionEnd,
  })
  const send = (): void => {
    setTried(true)
    if (reason && note.trim() && !partWrong) ask.mutate(reason)
  }
  return (
    <Sheet
      open
      onClose={onClose}
      locked={ask.isPending}
      title={t('refund.ask.title')}
      actions={
        <>
          <Button onClick={onClose} disabled={ask.isPending}>
            {t('attach.cancel')}
          </Button>
          <Button look="primary" busy={ask.isPending && t('refund.ask.busy')} onClick={send}>
            {t('refund.ask.submit')}
          </Button>
        </>
      }
    >
      <Steps payment={payment} />
      {ask.isError && <Refused error={ask.error} />}
      <Select
        label={t('refund.fact.reason')}
        error={tried && !reason && t('refund.ask.reason.missing')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value as RefundReason | '')}
        options={[
          { value: '', label: t('refund.ask.reason.choose') },
          ...reasons.map((value) => ({ value, label: t(`refund.reason.${value}`) })),
        ]}
      />
      <ChoiceCards
        legend={t('refund.ask.how_much')}
        value={howMuch}
        onChange={setHowMuch}
        choices={[
          { value: 'all', label: t('refund.ask.all'), detail: left },
          { value: 'part', label: t('refund.ask.part') },
        ]}
      />
      {howMuch === 'part' && (
        <AmountField
          label={t('refund.ask.amount')}
          hint={t('refund.ask.amount.hint', { amount: left })}
          error={tried && partWrong && t('refund.ask.amount.wrong', { amount: left })}
          value={partMinor}
          onChange={setPart}
        />
      )}
      <WhoMustAgree payment={payment} amountMinor={howMuch === 'all' ? leftMinor : (partMinor ?? 0n)} />
      <Field
        label={t('refund.ask.note')}
        hint={t('refund.ask.note.hint')}
        error={tried && !note.trim() && t('note.missing')}
      >
        {(wiring) => (
          <span className="field-box">
            <textarea
              {...wiring}
              rows={3}
              maxLength={2000}
              value={note}
              onChange={(event) => setNote(event.currentTarget.value)}
            />
          </span>
        )}
      </Field>
      <Evidence caseId={caseId} chosen={evidence} onChange={setEvidence} />
    </Sheet>
  )
}

/** What asking sets off, with the dates that it would promise if it were sent now. */
function Steps({ payment: { party, refundTerms } }: { payment: TransactionDetail }) {
  const language = useLanguage()
  const now = useNow(60_000)
  if (!refundTerms) return <p className="t13 mute">{t('refund.ask.what', { shop: party.name })}</p>
  const by = (at: string): string => formatDeadline(at, { language, now, withTime: true })
  return (
    <section className="t13" aria-label={t('refund.ask.steps')}>
      <p className="med">{t('refund.ask.steps')}</p>
      <ol className="refund-steps">
        <li>{t('refund.ask.step.shop', { shop: party.name, at: by(refundTerms.shopAnswersBy) })}</li>
        <li>{t('refund.ask.step.staff')}</li>
        <li>
          {t('refund.ask.step.second', {
            amount: formatMoney(refundTerms.secondPersonAbove.granted, { language }),
          })}
        </li>
        <li>{t('refund.ask.step.result', { at: by(refundTerms.resultBy) })}</li>
      </ol>
    </section>
  )
}

/** Says, while the amount is typed, that so much needs two people. */
function WhoMustAgree({ payment, amountMinor }: { payment: TransactionDetail; amountMinor: bigint }) {
  const language = useLanguage()
  const terms = payment.refundTerms
  const needs = needsTwoPeople(terms, amountMinor)
  const limit = terms?.secondPersonAbove[needs === 'always' ? 'agreed' : 'granted']
  return (
    <p className="t13 mute refund-two" role="status">
      {needs && limit && (
        <>
          <TwoPeople />
          {t(`refund.ask.two.${needs}`, { amount: formatMoney(limit, { language }) })}
        </>
      )}
    </p>
  )
}

/** Why not, in words, when the server said which rule. */
function Refused({ error }: { error: unknown }) {
  const { code, values } = toProblem(error)
  const id = `refund.why.${String(values['why'])}`
  return (
    <ErrorNote problem={shownProblem(error)}>
      {code === 'refund_not_allowed' && hasText(id) && <p>{t(id as MessageId)}</p>}
    </ErrorNote>
  )
}

// The steps of money that a thread tells, in order, read off the facts of now: each has words `fact.STEP`. Pure.
import type { TransactionDetail } from '#contract/trace.ts'
import type { MoneyFact } from './case.ts'
import type { MoneyMoved } from './needs.ts'

export interface Step {
  step: MoneyFact
  values: Record<string, unknown>
}

const answers = { agreed: 'refund_agreed', refused: 'refund_refused', silent: 'refund_silent' } as const

const states = {
  asking_shop: undefined,
  in_review: 'refund_in_review',
  awaiting_approval: 'refund_awaiting_approval',
  waiting_for_funds: 'refund_waiting_for_funds',
  paid: 'refund_paid',
  declined: 'refund_declined',
  withdrawn: 'refund_withdrawn',
  overtaken: 'refund_overtaken',
} as const

const waits = {
  shop_funds: 'refund_waiting_for_funds',
  wallet_room: 'refund_waiting_for_room',
  wallet_stopped: 'refund_waiting_for_wallet',
} as const

/** A silent shop's payment whose money is kept until its wallet can take it. */
const returnWaits: Partial<Record<string, MoneyFact>> = {
  payment_return_no_room: 'payment_return_no_room',
  payment_return_stopped: 'payment_return_stopped',
}

const doneAt = (detail: TransactionDetail, key: string) =>
  detail.hops.find((hop) => hop.key === key && hop.state === 'done')

/** Everything that the thread should have told by now; what it has told already is left out by the caller. */
export function stepsOf(detail: TransactionDetail): Step[] {
  const amount = { ...detail.amount, amountMinor: detail.amount.amountMinor.replace('-', '') }
  const values = { reference: detail.reference, shop: detail.party.name, amount }
  const { refund } = detail
  if (refund) {
    const steps: Step[] = [{ step: 'refund_asked', values: { ...values, amount: refund.amount } }]
    if (refund.shopAnswer) steps.push({ step: answers[refund.shopAnswer], values })
    const state = refund.waitingFor ? waits[refund.waitingFor] : states[refund.state]
    const open = refund.owner !== undefined
    if (open && refund.promisedBy && Date.parse(refund.promisedBy) < Date.parse(detail.asOf))
      steps.push({ step: 'refund_late', values: { ...values, promisedBy: refund.promisedBy } })
    // "The shop refused; we decide" says already that we look at it.
    const isSaid = state === 'refund_in_review' && refund.shopAnswer && refund.shopAnswer !== 'agreed'
    const moved = refund.cameBack?.amount ?? refund.amount
    if (state && !isSaid) steps.push({ step: state, values: { ...values, amount: moved } })
    return steps
  }
  if (detail.kind === 'payment' && doneAt(detail, 'shop_credited'))
    return [{ step: 'payment_credited', values }]
  if (detail.kind === 'payment' && doneAt(detail, 'returned')) return [{ step: 'payment_returned', values }]
  const wait = detail.kind === 'payment' ? returnWaits[detail.sentence] : undefined
  if (wait) return [{ step: wait, values }]
  if (detail.kind === 'top_up' && doneAt(detail, 'credited')) return [{ step: 'top_up_completed', values }]
  if (detail.kind === 'top_up' && doneAt(detail, 'sent_back')) return [{ step: 'top_up_returned', values }]
  return []
}

/** This payment came back by a refund that the case holds, or ended one: the refund's own step says so, and once is enough. */
export const isToldByRefund = (payment: TransactionDetail, held: readonly TransactionDetail[]): boolean =>
  held.some(
    ({ refund }) =>
      refund?.payment === payment.reference &&
      (refund.state === 'overtaken' ||
        (refund.state === 'paid' &&
          refund.amount.amountMinor === payment.amount.amountMinor.replace('-', ''))),
  )

/** It changed itself, or its payment came back and ended it: that is told as one, however the events come. */
export const isTouched = ({ reference, refund }: TransactionDetail, changed: readonly string[]): boolean =>
  changed.includes(reference) || (refund?.state === 'overtaken' && changed.includes(refund.payment))

/** What a customer who wanted to be told is told. Money that comes back has notices of its own, whoever waits for it. */
export function whatMoved(detail: TransactionDetail): MoneyMoved['what'] | undefined {
  if (detail.kind !== 'payment' || doneAt(detail, 'returned')) return undefined
  return doneAt(detail, 'shop_credited') ? 'shop_has_it' : undefined
}

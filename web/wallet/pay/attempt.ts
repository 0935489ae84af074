// The life of one try to pay an order, as data: states, events and what must be done next.
// Money must never leave twice: the key is kept before the request leaves, a lost answer repeats the same key,
// and a new key is only made once an answer has said that nothing was taken under the old one.

import type { ErrorCode, Problem } from '../../../contract/errors.ts'
import type { Checkout, Payment } from '../../../contract/customer.ts'

/** What is kept on the device until the answer is known. It never holds the PIN. */
export type StoredAttempt = { orderId: string; customerId: string; key: string; startedAt: string }

export type Refusal = Pick<Problem, 'code' | 'retry'> & Partial<Problem>

export type PayState =
  /** The form. `key` is set when an earlier request may have been lost: it is used again. */
  | { step: 'ready'; key?: string; nothingTaken?: boolean; refusal?: Refusal }
  /** The request is on its way for the first time. */
  | { step: 'sending'; key: string; pin: string }
  /** No answer. With a PIN in memory the same request is repeated; without one the order is asked. */
  | { step: 'finding'; key: string; pin?: string; tries: number; openAnswers: number }
  | { step: 'paid'; payment: Paid }

/** What the page knows of a payment that is done, whichever way it learned it. */
export type Paid = { reference: string; payment?: Payment }

export type PayEvent =
  | { type: 'submitted'; pin: string; newKey: string }
  | { type: 'answered'; payment: Payment }
  | { type: 'failed'; problem: Refusal; newKey: string }
  | { type: 'asked'; checkout: Pick<Checkout, 'state' | 'payment' | 'payer'>; newKey: string }
  | { type: 'ask_failed' }
  | { type: 'network_back' }
  | { type: 'refusal_closed' }

export type PayEffect =
  | { do: 'keep'; key: string }
  | { do: 'forget' }
  | { do: 'send'; key: string; pin: string; afterMs: number }
  | { do: 'ask'; afterMs: number }

export type PayStep = { state: PayState; effects: PayEffect[] }

/** A request that left before a reload may still be under way: the order must say "open" this often before we believe it. */
export const openAnswersNeeded = 3
const askEveryMs = 1500
const longestWaitMs = 8000

/** 0.5, 1, 2, 4, 8, 8 … seconds. */
export const waitMs = (tries: number): number => Math.min(longestWaitMs, 500 * 2 ** Math.max(0, tries - 1))

const unanswered: readonly ErrorCode[] = [
  'network_error',
  'outcome_unknown',
  'system_error',
  'shutting_down',
  'busy',
]

/** True when the problem is no answer on the merits: the payment may have been made. */
export const isUnanswered = (problem: Refusal): boolean =>
  unanswered.includes(problem.code) || problem.retry === 'automatic' || (problem.status ?? 0) >= 500

/** Where a page begins: at the form, or finding out what became of a try that it left behind. */
export function begin(
  stored: StoredAttempt | null,
  customerId: string,
  checkout: Pick<Checkout, 'payment'>,
): PayStep {
  if (checkout.payment) return paid({ reference: checkout.payment.reference })
  if (!stored || stored.customerId !== customerId) return { state: { step: 'ready' }, effects: [] }
  return {
    state: { step: 'finding', key: stored.key, tries: 0, openAnswers: 1 },
    effects: [{ do: 'ask', afterMs: askEveryMs }],
  }
}

const paid = (payment: Paid): PayStep => ({ state: { step: 'paid', payment }, effects: [{ do: 'forget' }] })

export function next(state: PayState, event: PayEvent): PayStep {
  if (state.step === 'paid') return { state, effects: [] }
  switch (event.type) {
    case 'submitted': {
      if (state.step !== 'ready') return { state, effects: [] }
      const key = state.key ?? event.newKey
      return {
        state: { step: 'sending', key, pin: event.pin },
        effects: [
          { do: 'keep', key },
          { do: 'send', key, pin: event.pin, afterMs: 0 },
        ],
      }
    }
    case 'answered':
      return paid({ reference: event.payment.reference, payment: event.payment })
    case 'failed':
      return onFailure(state, event.problem)
    case 'asked':
      return onAsked(state, event)
    case 'ask_failed':
      if (state.step !== 'finding') return { state, effects: [] }
      return {
        state: { ...state, tries: state.tries + 1 },
        effects: [{ do: 'ask', afterMs: waitMs(state.tries + 1) }],
      }
    case 'network_back':
      if (state.step !== 'finding') return { state, effects: [] }
      return { state, effects: [again(state, 0)] }
    case 'refusal_closed':
      return state.step === 'ready'
        ? { state: { step: 'ready', ...(state.key ? { key: state.key } : {}) }, effects: [] }
        : { state, effects: [] }
  }
}

const again = (state: Extract<PayState, { step: 'finding' }>, afterMs: number): PayEffect =>
  state.pin ? { do: 'send', key: state.key, pin: state.pin, afterMs } : { do: 'ask', afterMs }

function onFailure(state: PayState, problem: Refusal): PayStep {
  if (state.step !== 'sending' && state.step !== 'finding') return { state, effects: [] }
  if (isUnanswered(problem)) {
    const tries = (state.step === 'finding' ? state.tries : 0) + 1
    const finding = { step: 'finding' as const, key: state.key, pin: state.pin, tries, openAnswers: 0 }
    return { state: finding, effects: [again(finding, waitMs(tries))] }
  }
  // The key was used with other content before: its fate is known to the order, not to this answer.
  if (problem.code === 'idempotency_conflict')
    return {
      state: {
        step: 'finding',
        key: state.key,
        pin: state.pin,
        tries: 0,
        openAnswers: openAnswersNeeded - 1,
      },
      effects: [{ do: 'ask', afterMs: 0 }],
    }
  // Not an answer on the payment: after signing in again the same key finds out.
  if (problem.code === 'session_expired')
    return { state: { step: 'ready', key: state.key, refusal: problem }, effects: [] }
  // Paid, but perhaps by this very try from another tab: the order knows whose payment it is.
  if (problem.code === 'order_paid')
    return {
      state: { step: 'ready', refusal: problem },
      effects: [{ do: 'forget' }, { do: 'ask', afterMs: 0 }],
    }
  return { state: { step: 'ready', refusal: problem }, effects: [{ do: 'forget' }] }
}

function onAsked(state: PayState, { checkout, newKey }: Extract<PayEvent, { type: 'asked' }>): PayStep {
  if (checkout.payment) return paid({ reference: checkout.payment.reference })
  if (state.step !== 'finding') return { state, effects: [] }
  // Signed out: the order says nothing about our payment. The key stays until its owner is back.
  if (!checkout.payer) return { state: { step: 'ready', key: state.key }, effects: [] }
  const openAnswers = state.openAnswers + 1
  if (checkout.state === 'open' && openAnswers < openAnswersNeeded)
    return { state: { ...state, openAnswers }, effects: [{ do: 'ask', afterMs: askEveryMs }] }
  if (checkout.state !== 'open')
    return { state: { step: 'ready', nothingTaken: true }, effects: [{ do: 'forget' }] }
  // Open and not paid: after a conflict the old key has had its refusal, so the PIN in memory goes out under a new one.
  if (state.pin)
    return {
      state: { step: 'sending', key: newKey, pin: state.pin },
      effects: [
        { do: 'keep', key: newKey },
        { do: 'send', key: newKey, pin: state.pin, afterMs: 0 },
      ],
    }
  return { state: { step: 'ready', key: state.key, nothingTaken: true }, effects: [] }
}

import { describe, expect, it } from 'vitest'
import type { Payment } from '../../../contract/customer.ts'
import {
  begin,
  isUnanswered,
  next,
  openAnswersNeeded,
  waitMs,
  type PayEvent,
  type PayState,
} from './attempt.ts'

const idr = (amountMinor: string) => ({ amountMinor, currency: 'IDR' as const })
const payment: Payment = {
  reference: 'TN-7Q2M-93TD',
  orderId: 'order',
  state: 'completed',
  amount: idr('21400000'),
  merchantName: 'Buku Pelangi',
  spendableAfter: idr('107050000'),
  paidAt: '2026-11-20T06:42:07.000Z',
}
const payer = { displayName: 'Ratna', contact: '', spendable: idr('0') }
const sending: PayState = { step: 'sending', key: 'k1', pin: '246810' }
const finding: PayState = { step: 'finding', key: 'k1', pin: '246810', tries: 1, openAnswers: 0 }
const findingAfterReload: PayState = { step: 'finding', key: 'k1', tries: 0, openAnswers: 1 }
const failed = (code: string, retry = 'no', status = 403): PayEvent =>
  ({ type: 'failed', problem: { code, retry, status }, newKey: 'k2' }) as PayEvent
const open = { state: 'open' as const, payer }

describe('one step of a try to pay', () => {
  it('keeps the key before it sends', () => {
    const step = next({ step: 'ready' }, { type: 'submitted', pin: '246810', newKey: 'k1' })
    expect(step.effects).toEqual([
      { do: 'keep', key: 'k1' },
      { do: 'send', key: 'k1', pin: '246810', afterMs: 0 },
    ])
    expect(step.state).toEqual(sending)
  })

  it('uses the key of an earlier lost request instead of a new one', () => {
    const step = next({ step: 'ready', key: 'k0' }, { type: 'submitted', pin: '246810', newKey: 'k1' })
    expect(step.effects[0]).toEqual({ do: 'keep', key: 'k0' })
  })

  it('ignores a second press while the first is on its way', () => {
    for (const state of [sending, finding])
      expect(next(state, { type: 'submitted', pin: '111111', newKey: 'k9' })).toEqual({ state, effects: [] })
  })

  it.each([
    ['network_error', 'automatic', 0],
    ['outcome_unknown', 'no', 504],
    ['system_error', 'automatic', 500],
    ['shutting_down', 'automatic', 503],
    ['busy', 'same_key', 429],
    ['merchant_unavailable', 'later', 504],
  ])('takes %s for no answer: same key, same PIN, again', (code, retry, status) => {
    const step = next(sending, failed(code, retry, status))
    expect(step.state).toMatchObject({ step: 'finding', key: 'k1', pin: '246810', tries: 1 })
    expect(step.effects).toEqual([{ do: 'send', key: 'k1', pin: '246810', afterMs: waitMs(1) }])
  })

  it.each([
    'pin_wrong',
    'pin_locked',
    'insufficient_funds',
    'daily_limit',
    'order_expired',
    'order_cancelled',
    'account_frozen',
    'security_hold',
  ])('takes %s for an answer: nothing was taken, the key is spent', (code) => {
    for (const state of [sending, finding]) {
      const step = next(state, failed(code))
      expect(step.state).toMatchObject({ step: 'ready', refusal: { code } })
      expect(step.state).not.toHaveProperty('key')
      expect(step.effects).toEqual([{ do: 'forget' }])
    }
  })

  it('keeps the key when the session ended, because that is no answer on the payment', () => {
    const step = next(finding, failed('session_expired', 'with_proof', 401))
    expect(step).toMatchObject({ state: { step: 'ready', key: 'k1' }, effects: [] })
  })

  it('asks the order when it is paid already: it may have been us', () => {
    const step = next(sending, failed('order_paid', 'no', 409))
    expect(step.effects).toContainEqual({ do: 'ask', afterMs: 0 })
    const asked = next(step.state, {
      type: 'asked',
      checkout: { ...open, state: 'paid', payment: { reference: 'TN-1', state: 'completed' } },
      newKey: 'k2',
    })
    expect(asked.state).toEqual({ step: 'paid', payment: { reference: 'TN-1' } })
  })

  it('after a conflict asks the order first, and only then sends the PIN under a new key', () => {
    const conflict = next(sending, failed('idempotency_conflict', 'same_key', 409))
    expect(conflict.effects).toEqual([{ do: 'ask', afterMs: 0 }])
    const unpaid = next(conflict.state, { type: 'asked', checkout: open, newKey: 'k2' })
    expect(unpaid.effects).toEqual([
      { do: 'keep', key: 'k2' },
      { do: 'send', key: 'k2', pin: '246810', afterMs: 0 },
    ])
    const wasPaid = next(conflict.state, {
      type: 'asked',
      checkout: { ...open, payment: { reference: 'TN-1', state: 'completed' } },
      newKey: 'k2',
    })
    expect(wasPaid.state.step).toBe('paid')
  })

  it('forgets the key once it is paid, and then hears nothing more', () => {
    const step = next(finding, { type: 'answered', payment })
    expect(step).toEqual({
      state: { step: 'paid', payment: { reference: payment.reference, payment } },
      effects: [{ do: 'forget' }],
    })
    expect(next(step.state, failed('pin_wrong'))).toEqual({ state: step.state, effects: [] })
  })

  it('repeats at once when the network is back', () => {
    expect(next(finding, { type: 'network_back' }).effects).toEqual([
      { do: 'send', key: 'k1', pin: '246810', afterMs: 0 },
    ])
    expect(next(findingAfterReload, { type: 'network_back' }).effects).toEqual([{ do: 'ask', afterMs: 0 }])
    expect(next({ step: 'ready' }, { type: 'network_back' }).effects).toEqual([])
  })

  it('waits longer each time, up to eight seconds', () => {
    expect([1, 2, 3, 4, 5, 6, 60].map(waitMs)).toEqual([500, 1000, 2000, 4000, 8000, 8000, 8000])
  })

  it('knows a proxy that answers instead of us', () => {
    expect(isUnanswered({ code: 'not_found', retry: 'no', status: 502 })).toBe(true)
    expect(isUnanswered({ code: 'not_found', retry: 'no', status: 404 })).toBe(false)
  })
})

describe('after a reload', () => {
  const stored = { orderId: 'order', customerId: 'ratna', key: 'k1', startedAt: '2026-11-20T06:42:00.000Z' }

  it('finds out what became of the try, and does not show the form', () => {
    expect(begin(stored, 'ratna', {})).toEqual({
      state: findingAfterReload,
      effects: [{ do: 'ask', afterMs: 1500 }],
    })
  })
  it('shows the payment when the order knows it', () => {
    expect(begin(stored, 'ratna', { payment: { reference: 'TN-1', state: 'completed' } })).toMatchObject({
      state: { step: 'paid' },
      effects: [{ do: 'forget' }],
    })
  })
  it('is not concerned by the try of another customer', () => {
    expect(begin(stored, 'andi', {}).state).toEqual({ step: 'ready' })
  })
  it('believes that nothing was taken only after several answers, and then keeps the key', () => {
    let state: PayState = findingAfterReload
    for (let answers = 2; answers < openAnswersNeeded; answers++) {
      const step = next(state, { type: 'asked', checkout: open, newKey: 'k2' })
      expect(step.state.step).toBe('finding')
      state = step.state
    }
    const last = next(state, { type: 'asked', checkout: open, newKey: 'k2' })
    expect(last).toEqual({ state: { step: 'ready', key: 'k1', nothingTaken: true }, effects: [] })
  })
  it('goes on asking while the server is away', () => {
    const step = next(findingAfterReload, { type: 'ask_failed' })
    expect(step.effects).toEqual([{ do: 'ask', afterMs: 500 }])
    expect(step.state).toMatchObject({ step: 'finding', key: 'k1' })
  })
  it('drops the key of an order that ended without a payment', () => {
    const step = next(findingAfterReload, {
      type: 'asked',
      checkout: { state: 'expired', payer },
      newKey: 'k2',
    })
    expect(step).toEqual({ state: { step: 'ready', nothingTaken: true }, effects: [{ do: 'forget' }] })
  })
  it('keeps the key when somebody signed out meanwhile', () => {
    const step = next(findingAfterReload, { type: 'asked', checkout: { state: 'open' }, newKey: 'k2' })
    expect(step).toEqual({ state: { step: 'ready', key: 'k1' }, effects: [] })
  })
})

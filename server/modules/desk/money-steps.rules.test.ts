// What a thread tells of money, once each: a refund's steps, and what came back by the refund or else by the payment.
import { expect, it } from 'vitest'
import type { TransactionDetail } from '#contract/trace.ts'
import { isToldByRefund, stepsOf } from './money-steps.rules.ts'

const idr = (amountMinor: string) => ({ amountMinor, currency: 'IDR' as const })
const payment = { reference: 'TN-7Q2M-93TD', amount: idr('-54000000') } as TransactionDetail
const refund = (more: object) =>
  ({
    reference: 'RF-7Q2M-93TD',
    refund: { payment: 'TN-7Q2M-93TD', state: 'paid', amount: idr('54000000'), ...more },
  }) as unknown as TransactionDetail

it.each([
  ['all of it, paid', refund({}), true],
  ['a part', refund({ amount: idr('100') }), false],
  ['overtaken', refund({ state: 'overtaken', amount: idr('100') }), true],
  ['not paid', refund({ state: 'withdrawn' }), false],
  ['of another payment', refund({ payment: 'TN-0000-0000' }), false],
  ['overtaken, of another payment', refund({ payment: 'TN-0000-0000', state: 'overtaken' }), false],
])('a refund that is %s', (_name, held, told) => {
  expect(isToldByRefund(payment, [payment, held])).toBe(told)
})

it('no refund: the payment tells it', () => {
  expect(isToldByRefund(payment, [payment])).toBe(false)
})

it.each([
  ['refused', ['refund_asked', 'refund_refused']],
  ['silent', ['refund_asked', 'refund_silent']],
  ['agreed', ['refund_asked', 'refund_agreed', 'refund_in_review']],
  [undefined, ['refund_asked', 'refund_in_review']],
])('staff look at a refund, the shop said %s: that we decide is said once', (shopAnswer, steps) => {
  const held = { ...refund({ state: 'in_review', shopAnswer }), party: { name: 'Buku Pelangi' }, hops: [] }
  expect(stepsOf({ ...held, amount: idr('54000000') }).map(({ step }) => step)).toEqual(steps)
})

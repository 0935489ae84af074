// Money that came back is told once: by the refund when that brought all of it, else by the payment.
import { expect, it } from 'vitest'
import type { TransactionDetail } from '#contract/trace.ts'
import { isToldByRefund } from './money-steps.rules.ts'

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
  ['not paid', refund({ state: 'overtaken' }), false],
  ['of another payment', refund({ payment: 'TN-0000-0000' }), false],
])('a refund that is %s', (_name, held, told) => {
  expect(isToldByRefund(payment, [payment, held])).toBe(told)
})

it('no refund: the payment tells it', () => {
  expect(isToldByRefund(payment, [payment])).toBe(false)
})

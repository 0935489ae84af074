// What the money tells of how a case ended, and what is kept of an earlier ending.

import { expect, test } from 'vitest'
import type { Message } from '../../../../contract/desk.ts'
import type { TransactionDetail } from '../../../../contract/trace.ts'
import { outcomeFrom, reopeningOf } from './outcome.ts'

type Facts = Parameters<typeof outcomeFrom>[0][number]
const payment = (change: Partial<Facts> = {}): Facts => ({
  kind: 'payment',
  state: 'completed',
  hops: [{ key: 'posted', state: 'done' }],
  ...change,
})
const refund = (state: string, owner?: string): Facts =>
  payment({
    kind: 'refund',
    refund: { state, ...(owner ? { owner } : {}) } as TransactionDetail['refund'] & object,
  })
const stuck = payment({ hops: [{ key: 'shop_told', state: 'stuck', owner: 'shop' }] })
const credited = payment({ hops: [{ key: 'shop_credited', state: 'done' }] })

test.each([
  ['no money', [], undefined],
  ['the shop has it', [credited], 'shop_delivered'],
  ['still on its way', [stuck], undefined],
  ['refunded', [payment({ state: 'refunded' })], 'money_returned'],
  ['returned by itself', [payment({ hops: [{ key: 'returned', state: 'done' }] })], 'money_returned'],
  ['refund paid', [credited, refund('paid')], 'money_returned'],
  ['refund overtaken', [credited, refund('overtaken')], 'money_returned'],
  ['refund declined', [credited, refund('declined')], 'not_possible'],
  ['refund withdrawn', [credited, refund('withdrawn')], 'withdrawn'],
  ['a second refund is open', [credited, refund('declined'), refund('asking_shop', 'shop')], undefined],
  ['paid, while another moves', [refund('paid'), stuck], 'money_returned'],
] as const)('%s', (_what, details, outcome) => {
  expect(outcomeFrom(details)).toBe(outcome)
})

const fact = (name: string, outcome?: string): Message =>
  ({ author: 'system', kind: 'fact', fact: name, factValues: { outcome } }) as unknown as Message
const says = (text: string, author = 'customer'): Message =>
  ({ author, kind: 'text', text }) as unknown as Message

test('what is missing is what the customer wrote with it, and the ending is the one before it', () => {
  expect(reopeningOf([says('hello'), fact('case_solved', 'explained')])).toBeUndefined()
  const talk = [
    fact('case_solved', 'explained'),
    fact('case_not_solved'),
    says('The first time'),
    fact('case_solved', 'shop_delivered'),
    fact('case_not_solved'),
    says('A note', 'agent'),
    says('The parcel is empty'),
    says('And now?'),
  ]
  expect(reopeningOf(talk)).toEqual({ missing: 'The parcel is empty', outcome: 'shop_delivered' })
})

test('an ending without a known outcome is not given one', () => {
  expect(reopeningOf([fact('case_solved', 'something_else'), fact('case_not_solved')])).toEqual({})
})

import { expect, it } from 'vitest'
import { backSince } from './back-since.ts'

const facts = (...keys: string[]) => ({ facts: keys.map((key, index) => ({ key, values: { index } })) })

it.each([
  ['the payment came back', ['taken_once', 'shop_not_told'], ['taken_once', 'given_back'], 'given_back'],
  ['a refund of it was paid', ['taken_once'], ['taken_once', 'refund_was_paid'], 'refund_was_paid'],
  [
    'the refund was paid',
    ['refund_asked', 'refund_asking_shop'],
    ['refund_asked', 'refund_paid'],
    'refund_paid',
  ],
  ['the refund was overtaken', ['refund_asked'], ['refund_asked', 'refund_overtaken'], 'refund_overtaken'],
])('%s after it was written', (_name, written, now, said) => {
  expect(backSince(facts(...written), facts(...now))?.key).toBe(said)
})

it('one more part came back: the newest is said', () => {
  const now = facts('taken_once', 'refund_was_paid', 'refund_was_paid')
  expect(backSince(facts('taken_once', 'refund_was_paid'), now)).toBe(now.facts[1])
})

it.each([
  ['nothing came back', ['taken_once', 'next_try'], ['taken_once', 'refund_is_open']],
  ['it said so itself', ['taken_once', 'given_back'], ['taken_once', 'given_back']],
])('says nothing when %s', (_name, written, now) => {
  expect(backSince(facts(...written), facts(...now))).toBeUndefined()
})

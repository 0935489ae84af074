import { describe, expect, test } from 'vitest'
import { afterWrongCode, whyNotJudged, wrongCodesPerContact, type FlowState } from './code.rules.ts'

const now = new Date('2026-11-20T06:00:00.000Z')
const minutes = (count: number) => new Date(now.getTime() + count * 60_000)
const flow: FlowState = {
  purpose: 'unfreeze',
  customerId: 'a',
  wrongTries: 0,
  codeExpiresAt: minutes(5),
  createdAt: now,
  used: false,
}
const expected = { purpose: 'unfreeze', customerId: 'a' }

describe('whether a code is judged', () => {
  test.each<[string, FlowState | undefined, typeof expected, string | undefined]>([
    ['of this flow', flow, expected, undefined],
    ['of no flow', undefined, expected, 'invalid'],
    ['of another purpose', flow, { ...expected, purpose: 'sign_up' }, 'invalid'],
    ['of another customer', flow, { ...expected, customerId: 'b' }, 'invalid'],
    ['of a flow that was used', { ...flow, used: true }, expected, 'invalid'],
    ['at the last moment', { ...flow, codeExpiresAt: minutes(0.001) }, expected, undefined],
    ['that has expired', { ...flow, codeExpiresAt: now }, expected, 'expired'],
    ['fifth try', { ...flow, wrongTries: 4 }, expected, undefined],
    ['sixth try', { ...flow, wrongTries: 5 }, expected, 'tries_used'],
    ['of an old flow', { ...flow, createdAt: minutes(-30) }, expected, 'invalid'],
  ])('%s', (_name, state, asked, verdict) => expect(whyNotJudged(state, asked, now)?.verdict).toBe(verdict))
})

test('a wrong code says how many tries are left, until none is', () => {
  expect([0, 1, 2, 3, 4].map(afterWrongCode)).toEqual([
    { verdict: 'wrong', triesLeft: 4 },
    { verdict: 'wrong', triesLeft: 3 },
    { verdict: 'wrong', triesLeft: 2 },
    { verdict: 'wrong', triesLeft: 1 },
    { verdict: 'tries_used' },
  ])
})

test('A1 guessing for a whole day finds a code with less than two in a hundred thousand', () => {
  expect(wrongCodesPerContact.limit / 1_000_000).toBeLessThan(2 / 100_000)
  expect(wrongCodesPerContact.windowMs).toBe(24 * 3_600_000)
})

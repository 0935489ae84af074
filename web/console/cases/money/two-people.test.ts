import { expect, test } from 'vitest'
import { needsTwoPeople } from './two-people.ts'

const rupiah = (amount: number) => ({ amountMinor: `${amount}00`, currency: 'IDR' as const })
const terms = {
  left: rupiah(9_000_000),
  shopAnswersBy: '2026-11-24T05:00:00.000Z',
  resultBy: '2026-11-27T16:59:00.000Z',
  secondPersonAbove: { granted: rupiah(500_000), agreed: rupiah(5_000_000) },
}

test.each([
  [50_000_000n, undefined],
  [50_000_001n, 'granted'],
  [500_000_000n, 'granted'],
  [500_000_001n, 'always'],
  // Nothing typed yet.
  [0n, undefined],
])('%s of minor units: %s', (amountMinor, wanted) => {
  expect(needsTwoPeople(terms, amountMinor)).toBe(wanted)
})

test('without terms nothing is said', () => {
  expect(needsTwoPeople(undefined, 900_000_000n)).toBeUndefined()
})

test('what was granted of the payment before counts: then every further part needs two', () => {
  const used = { ...terms, secondPersonAbove: { granted: rupiah(0), agreed: rupiah(5_000_000) } }
  expect(needsTwoPeople(used, 100n)).toBe('granted')
})

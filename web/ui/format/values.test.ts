import { expect, it } from 'vitest'
import { shownValue, shownValues } from './values.ts'

it('money and times are written for the reader; names, counts and references stay', () => {
  expect(
    shownValues(
      {
        amount: { amountMinor: '34900000', currency: 'IDR' },
        at: '2020-11-20T06:42:00.000Z',
        shop: 'Surya Elektronik',
        tries: 4,
        refund: 'RF-3HK8-51WA',
      },
      'id',
    ),
  ).toEqual({
    amount: 'Rp\u00a0349.000',
    at: 'Jum 20 Nov 2020, 13.42',
    shop: 'Surya Elektronik',
    tries: 4,
    refund: 'RF-3HK8-51WA',
  })
})
it('nothing is made of no values, and a name that begins like a year stays a name', () => {
  expect(shownValues(undefined, 'en')).toEqual({})
  expect(shownValue('2026-11 Store', 'en')).toBe('2026-11 Store')
})

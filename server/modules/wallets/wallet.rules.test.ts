// May this wallet spend? The whole table: status before currency before limits, and days that end at midnight.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { afterSpend, judgeSpend, usedToday, type WalletState } from './wallet.rules.ts'

const today = '2026-11-20'
const yesterday = '2026-11-19'
const since = new Date('2026-11-20T01:00:00.000Z')

function wallet(more: Partial<WalletState> = {}): WalletState {
  return {
    customerId: 'customer',
    accountId: 'account',
    currency: 'IDR',
    status: 'active',
    frozenAt: undefined,
    perTransactionMinor: 100n,
    perDayMinor: 250n,
    countPerDay: 3,
    maximumBalanceMinor: 1000n,
    spentDay: undefined,
    spentMinor: 0n,
    spentCount: 0,
    ...more,
  }
}

describe('a spend is judged', () => {
  it.each<[string, Partial<WalletState>, bigint, object]>([
    ['the first of a wallet', {}, 100n, { verdict: 'allowed' }],
    ['frozen', { status: 'frozen', frozenAt: since }, 1n, { verdict: 'account_frozen', since }],
    ['restricted', { status: 'restricted' }, 1n, { verdict: 'account_restricted' }],
    ['inactive', { status: 'inactive' }, 1n, { verdict: 'account_inactive' }],
    ['in another currency', { currency: 'USD' }, 1n, { verdict: 'currency_not_supported' }],
    ['above one transaction', {}, 101n, { verdict: 'transaction_limit', limitMinor: 100n }],
    [
      'up to the day’s limit',
      { spentDay: today, spentMinor: 150n, spentCount: 1 },
      100n,
      { verdict: 'allowed' },
    ],
    [
      'above the day’s limit by one',
      { spentDay: today, spentMinor: 151n, spentCount: 1 },
      100n,
      { verdict: 'daily_limit', limitMinor: 250n, usedMinor: 151n },
    ],
    ['the last of the day', { spentDay: today, spentMinor: 2n, spentCount: 2 }, 1n, { verdict: 'allowed' }],
    [
      'one more than the day’s count',
      { spentDay: today, spentMinor: 3n, spentCount: 3 },
      1n,
      { verdict: 'count_limit', limit: 3 },
    ],
    [
      'M16 after midnight, yesterday counts for nothing',
      { spentDay: yesterday, spentMinor: 250n, spentCount: 3 },
      100n,
      { verdict: 'allowed' },
    ],
    [
      'frozen and above every limit: the freeze is said',
      { status: 'frozen', frozenAt: since, spentDay: today, spentMinor: 250n, spentCount: 3 },
      1000n,
      { verdict: 'account_frozen', since },
    ],
    [
      'above both the transaction’s and the day’s limit: the transaction’s is said',
      { spentDay: today, spentMinor: 250n },
      101n,
      { verdict: 'transaction_limit', limitMinor: 100n },
    ],
  ])('%s', (_name, more, amountMinor, verdict) => {
    expect(judgeSpend(wallet(more), amountMinor, 'IDR', today)).toEqual(verdict)
  })

  it('exactly beyond what a number holds', () => {
    const large = 2n ** 53n
    const rich = wallet({ perTransactionMinor: large, perDayMinor: large })
    expect(judgeSpend(rich, large, 'IDR', today)).toEqual({ verdict: 'allowed' })
    expect(judgeSpend(rich, large + 1n, 'IDR', today)).toMatchObject({ verdict: 'transaction_limit' })
  })
})

it('after a spend both counters are of today', () => {
  const spent = { spentDay: yesterday, spentMinor: 200n, spentCount: 2 }
  expect(afterSpend(wallet(spent), 30n, today)).toMatchObject({
    spentDay: today,
    spentMinor: 30n,
    spentCount: 1,
  })
  expect(afterSpend(wallet({ ...spent, spentDay: today }), 30n, today)).toMatchObject({
    spentDay: today,
    spentMinor: 230n,
    spentCount: 3,
  })
  expect(usedToday(wallet(spent), today)).toEqual({ minor: 0n, count: 0 })
})

it('M16 however spends are split over a day, their sum and count stay within the limits', () => {
  fc.assert(
    fc.property(fc.array(fc.bigInt({ min: 1n, max: 120n }), { maxLength: 12, size: 'max' }), (amounts) => {
      let state = wallet()
      for (const amountMinor of amounts)
        if (judgeSpend(state, amountMinor, 'IDR', today).verdict === 'allowed')
          state = afterSpend(state, amountMinor, today)
      expect(state.spentMinor <= state.perDayMinor && state.spentCount <= state.countPerDay).toBe(true)
    }),
    { seed: 20261120 },
  )
})

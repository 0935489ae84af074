import { describe, expect, it } from 'vitest'
import type { TransactionSummary } from '../../../contract/trace.ts'
import { groupByMonth } from './group.ts'

const at = (effectiveAt: string, reference = effectiveAt): TransactionSummary => ({
  reference,
  kind: 'payment',
  state: 'completed',
  party: { name: 'Kedai Kopi Lumbung' },
  amount: { amountMinor: '-4200000', currency: 'IDR' },
  effectiveAt,
})

describe('history by month', () => {
  it('cuts where the month changes in Jakarta, not in Greenwich', () => {
    const months = groupByMonth([
      at('2026-11-01T00:30:00.000Z'),
      at('2026-10-31T17:00:00.000Z'),
      at('2026-10-31T16:59:59.000Z'),
    ])
    expect(months.map(({ key, transactions }) => [key, transactions.length])).toEqual([
      ['2026-11', 2],
      ['2026-10', 1],
    ])
  })
  it('keeps years apart', () => {
    expect(groupByMonth([at('2026-11-05T00:00:00.000Z'), at('2025-11-05T00:00:00.000Z')])).toHaveLength(2)
  })
  it('takes a row that stands on two pages once', () => {
    const twice = at('2026-11-05T00:00:00.000Z', 'TN-1111-1111')
    expect(groupByMonth([twice, at('2026-11-04T00:00:00.000Z'), twice])[0]?.transactions).toHaveLength(2)
  })
  it('has no month for no rows', () => expect(groupByMonth([])).toEqual([]))
})

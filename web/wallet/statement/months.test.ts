import { expect, it } from 'vitest'
import { monthsBetween } from './months.ts'

it('lists months from the present one back to the first, over a year’s end', () => {
  expect(monthsBetween('2025-12-15T00:00:00Z', '2026-02-03T00:00:00Z')).toEqual([
    { key: '2026-02', from: '2026-02-01', to: '2026-02-28' },
    { key: '2026-01', from: '2026-01-01', to: '2026-01-31' },
    { key: '2025-12', from: '2025-12-01', to: '2025-12-31' },
  ])
})
it('takes the month of Jakarta, not of Greenwich', () => {
  expect(monthsBetween('2026-10-31T17:00:00Z', '2026-10-31T17:00:00Z').map(({ key }) => key)).toEqual([
    '2026-11',
  ])
})
it('has the present month even when the clock stands before the first', () => {
  expect(monthsBetween('2026-11-01T00:00:00Z', '2024-02-10T00:00:00Z')).toEqual([
    { key: '2024-02', from: '2024-02-01', to: '2024-02-29' },
  ])
})

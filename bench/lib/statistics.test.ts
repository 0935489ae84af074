import { expect, it } from 'vitest'
import { bestMedian, hundredths, median, percentile, spread } from './statistics.ts'

it('takes the middle', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
  expect(median([])).toBeNaN()
})

it('takes the best setting by its median, not by its luck in one round', () => {
  expect(bestMedian([[90, 1, 2], [10, 11, 12], [3]])).toBe(11)
})

it('takes the value below which a share lies', () => {
  const hundred = Float64Array.from({ length: 100 }, (_, index) => index + 1)
  expect([0.5, 0.99, 1].map((share) => percentile(hundred, share))).toEqual([50, 99, 100])
  expect(percentile(new Float64Array(0), 0.5)).toBe(0)
  expect(spread([5, 1, 3])).toEqual({ p50Ms: 3, p99Ms: 5, maximumMs: 5 })
})

it('rounds to hundredths', () => {
  expect(hundredths(1.2345)).toBe(1.23)
})

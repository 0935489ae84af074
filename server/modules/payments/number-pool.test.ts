import { expect, it } from 'vitest'
import type { Transaction } from '#platform/db.ts'
import { numberPool } from './payment.sql.ts'

it('numbers taken by many batches at once are each given out once', async () => {
  let last = 0n
  const tx = {
    async rows(_text: string, [count]: [number]) {
      await new Promise((resolve) => setImmediate(resolve))
      return Array.from({ length: count }, () => ({ number: ++last }))
    },
  } as unknown as Transaction
  const take = numberPool()
  const taken = await Promise.all(Array.from({ length: 40 }, (_, place) => take(tx, 1 + place * 13)))
  expect(taken.map((numbers) => numbers.length)).toEqual(taken.map((_, place) => 1 + place * 13))
  const all = taken.flat()
  expect(new Set(all).size).toBe(all.length)
})

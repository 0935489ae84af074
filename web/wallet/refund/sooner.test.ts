import { describe, expect, it } from 'vitest'
import type { Hop } from '../../../contract/trace.ts'
import { comesBackAt } from './sooner.ts'

const told = (part: Partial<Hop>): { hops: Hop[] } => ({
  hops: [
    { key: 'posted', state: 'done' },
    { key: 'shop_told', state: 'stuck', untilAt: '2026-11-22T14:41:00.000Z', then: 'refunded', ...part },
    { key: 'shop_credited', state: 'todo' },
  ],
})

describe('a payment comes back by itself', () => {
  it.each<Hop['state']>(['stuck', 'now'])('when its shop has not taken it, which is %s', (state) => {
    expect(comesBackAt(told({ state }))).toBe('2026-11-22T14:41:00.000Z')
  })
  it.each<[string, Partial<Hop>]>([
    ['people decide then', { then: 'staff_decides' }],
    ['the shop has it', { state: 'done' }],
    ['it did already', { state: 'failed' }],
  ])('not when %s', (_why, part) => expect(comesBackAt(told(part))).toBeUndefined())
})

import { describe, expect, it } from 'vitest'
import { paperDay, paperTime } from './on-paper.ts'

describe('on paper, the year and the zone are always said', () => {
  it.each([
    ['en', '1 Nov 2026', '22 Nov 2026, 18:49 WIB'],
    ['id', '1 Nov 2026', '22 Nov 2026, 18.49 WIB'],
    ['zh', '2026年11月1日', '2026年11月22日 18:49 WIB'],
  ] as const)('in %s', (language, day, time) => {
    expect(paperDay('2026-11-01', language)).toBe(day)
    expect(paperTime('2026-11-22T11:49:00Z', language)).toBe(time)
  })
})

import { describe, expect, it } from 'vitest'
import { workingDayStrip } from './working-days.ts'

const kinds = (strip: ReturnType<typeof workingDayStrip>) => strip.days.map(({ kind }) => kind)

describe('working days', () => {
  it('count from the day after asking, without weekends', () => {
    // Asked on Friday 13, seven working days: Tuesday 24 November 2026.
    const strip = workingDayStrip('2026-11-13', '2026-11-24', '2026-11-20')
    expect(strip).toMatchObject({ number: 5, of: 7 })
    expect(kinds(strip)).toEqual([
      'past', // Fri 13, asked
      'off',
      'off',
      'past',
      'past',
      'past',
      'past',
      'today', // Fri 20
      'off',
      'off',
      'next',
      'last', // Tue 24
    ])
  })

  it('stand at 0 on the day of asking', () => {
    expect(workingDayStrip('2026-11-20', '2026-12-01', '2026-11-20')).toMatchObject({ number: 0, of: 7 })
  })

  it('leave out holidays', () => {
    const strip = workingDayStrip('2026-12-23', '2026-12-28', '2026-12-24', ['2026-12-25'])
    expect(strip).toMatchObject({ number: 1, of: 2 })
    expect(kinds(strip)).toEqual(['past', 'today', 'off', 'off', 'off', 'last'])
  })

  it('stay full when the date has passed, and on a weekend', () => {
    expect(workingDayStrip('2026-11-13', '2026-11-17', '2026-11-21')).toMatchObject({ number: 2, of: 2 })
    expect(workingDayStrip('2026-11-13', '2026-11-24', '2026-11-21')).toMatchObject({ number: 5, of: 7 })
    expect(kinds(workingDayStrip('2026-11-13', '2026-11-24', '2026-11-21'))[8]).toBe('today')
  })

  it('make one day of a promise that is none, and end', () => {
    expect(workingDayStrip('2026-11-13', '2026-11-01', '2026-11-13').days).toHaveLength(1)
    expect(workingDayStrip('2026-01-01', '2036-01-01', '2026-01-01').days).toHaveLength(62)
  })
})

import { describe, expect, it } from 'vitest'
import { askOf, type Draft } from './draft.ts'

const draft = (part: Partial<Draft>): Draft => ({
  reason: 'not_received',
  part: false,
  amountMinor: null,
  note: '',
  ...part,
})
const ask = (part: Partial<Draft>) => askOf('TN-7Q2M-93TD', draft(part), 34_900_000n)

describe('what a filled-in form asks for', () => {
  it('all that is left, without naming an amount', () => {
    expect(ask({})).toEqual({ payment: 'TN-7Q2M-93TD', reason: 'not_received' })
  })
  it('a part with its amount, and words without the space around them', () => {
    expect(ask({ part: true, amountMinor: 10_000_00n, note: '  broken \n' })).toEqual({
      payment: 'TN-7Q2M-93TD',
      amountMinor: '1000000',
      reason: 'not_received',
      note: 'broken',
    })
  })
  it('an amount that was typed before and then taken back is not asked for', () => {
    expect(ask({ part: false, amountMinor: 5_000_00n })).not.toHaveProperty('amountMinor')
  })
  it.each<[string, Partial<Draft>]>([
    ['no reason', { reason: null }],
    ['no amount of a part', { part: true }],
    ['nothing', { part: true, amountMinor: 0n }],
    ['less than a rupiah', { part: true, amountMinor: 99n }],
    ['more than is left', { part: true, amountMinor: 34_900_001n }],
  ])('nothing yet with %s', (_name, part) => expect(ask(part)).toBeUndefined())
})

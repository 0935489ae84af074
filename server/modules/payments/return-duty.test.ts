// Who has a return that waits for its wallet, and until when: always somebody, always a deadline ahead.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dutyOfReturn, type ReturnWaitsFor } from './return-duty.ts'

const hour = 3_600_000
const from = Date.parse('2026-11-20T03:00:00Z')
const at = (hours: number) => new Date(from + hours * hour)
const waiting = (waitsFor: ReturnWaitsFor) => ({
  waitsFor,
  since: at(0),
  untilAt: at(72),
  nextTryAt: at(1),
  decideSeconds: 86_400,
})

describe('who has a return that waits for its wallet', () => {
  it.each([
    ['wallet_room', 0, 'customer', 72, 'staff_looks', false, false],
    ['wallet_stopped', 0, 'staff', 72, 'staff_looks', false, false],
    ['wallet_room', 72, 'staff', 96, 'lead_decides', true, false],
    ['wallet_stopped', 95, 'staff', 96, 'lead_decides', true, false],
    ['wallet_room', 96, 'staff', 120, 'staff_looks', true, true],
    ['wallet_stopped', 121, 'staff', 144, 'staff_looks', true, true],
  ] as const)('%s after %i hours: %s', (waitsFor, hours, owner, until, then, isForStaff, isEscalated) => {
    expect(dutyOfReturn(waiting(waitsFor), at(hours))).toEqual({
      owner,
      untilAt: at(until),
      then,
      isForStaff,
      isEscalated,
    })
  })

  it('has its deadline ahead, whenever it is asked', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<ReturnWaitsFor>('wallet_room', 'wallet_stopped'),
        fc.integer({ min: 0, max: 100_000_000_000 }),
        (waitsFor, afterMs) => {
          const now = new Date(from + afterMs)
          return dutyOfReturn(waiting(waitsFor), now).untilAt > now
        },
      ),
    )
  })
})

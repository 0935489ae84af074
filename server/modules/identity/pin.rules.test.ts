import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isWeakPin, judgePin, untriedPin, type PinState } from './pin.rules.ts'

const now = new Date('2026-11-20T06:00:00.000Z')
const inMinutes = (minutes: number) => new Date(now.getTime() + minutes * 60_000)

describe('what a try of a PIN means', () => {
  const state = (wrongTries: number, locks: number, lockedUntil?: Date): PinState => ({
    wrongTries,
    locks,
    lockedUntil,
  })
  test.each([
    ['right, never tried', state(0, 0), true, { verdict: 'right' }, state(0, 0)],
    ['right after wrong ones', state(2, 0), true, { verdict: 'right' }, state(0, 0)],
    ['right after a lock', state(0, 3, inMinutes(-1)), true, { verdict: 'right' }, state(0, 0)],
    ['first wrong', state(0, 0), false, { verdict: 'wrong', triesLeft: 2 }, state(1, 0)],
    ['second wrong', state(1, 0), false, { verdict: 'wrong', triesLeft: 1 }, state(2, 0)],
    [
      'third wrong',
      state(2, 0),
      false,
      { verdict: 'locked', untilAt: inMinutes(15) },
      state(0, 1, inMinutes(15)),
    ],
    [
      'sixth wrong',
      state(2, 1),
      false,
      { verdict: 'locked', untilAt: inMinutes(30) },
      state(0, 2, inMinutes(30)),
    ],
    [
      'ninth wrong',
      state(2, 2),
      false,
      { verdict: 'locked', untilAt: inMinutes(60) },
      state(0, 3, inMinutes(60)),
    ],
    [
      'at most a day',
      state(2, 12),
      false,
      { verdict: 'locked', untilAt: inMinutes(1440) },
      state(0, 13, inMinutes(1440)),
    ],
    [
      'wrong while locked',
      state(0, 1, inMinutes(5)),
      false,
      { verdict: 'locked', untilAt: inMinutes(5) },
      state(0, 1, inMinutes(5)),
    ],
    [
      'right while locked',
      state(0, 1, inMinutes(5)),
      true,
      { verdict: 'locked', untilAt: inMinutes(5) },
      state(0, 1, inMinutes(5)),
    ],
    ['wrong at the end of a lock', state(0, 1, now), false, { verdict: 'wrong', triesLeft: 2 }, state(1, 1)],
  ])('%s', (_name, before, right, verdict, after) => {
    expect(judgePin(before, right, now)).toEqual({ verdict, state: after })
  })

  test('nothing is to be written for a right PIN that was never tried wrong', () => {
    expect(judgePin(untriedPin, true, now).state).toBe(untriedPin)
  })

  test('however it is tried, at most three wrong tries are judged between two locks or right ones', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(3_600_000)), { maxLength: 60 }), (tries) => {
        let state = untriedPin
        let time = now.getTime()
        let wrongInARow = 0
        for (const [right, waitMs] of tries) {
          time += waitMs
          const wasLocked = state.lockedUntil !== undefined && state.lockedUntil.getTime() > time
          const judged = judgePin(state, right, new Date(time))
          if (!wasLocked) wrongInARow = right ? 0 : wrongInARow + 1
          const expected = wasLocked ? 'locked' : right ? 'right' : wrongInARow % 3 === 0 ? 'locked' : 'wrong'
          expect(judged.verdict.verdict).toBe(expected)
          expect(wasLocked && judged.state !== state).toBe(false)
          state = judged.state
        }
      }),
      { seed: 20_261_122 },
    )
  })
})

describe('PINs that are tried first', () => {
  test.each([
    '000000',
    '111111',
    '123456',
    '654321',
    '345678',
    '890123',
    '987654',
    '121212',
    '123123',
    '112233',
    '111222',
    '123321',
  ])('%s is refused', (pin) => expect(isWeakPin(pin)).toBe(true))
  test.each(['482913', '907154', '130579', '556091', '100200', '271828'])('%s is taken', (pin) =>
    expect(isWeakPin(pin)).toBe(false),
  )
  test('less than one in a hundred is refused', () => {
    let refused = 0
    for (let pin = 0; pin < 1_000_000; pin++) if (isWeakPin(pin.toString().padStart(6, '0'))) refused++
    expect(refused).toBeLessThan(10_000)
    expect(refused).toBeGreaterThan(1000)
  })
})

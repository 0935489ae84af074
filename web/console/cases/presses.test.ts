// The second press of a double click does nothing to the control that came into the place of the first.

import { expect, test } from 'vitest'
import { PressGuard, settleMs, type Control } from './presses.ts'

const at = (name: string, left: number, right: number): Control => ({
  name,
  place: { left, right, top: 700, bottom: 740 },
})
const take = at('Take this case', 20, 180)
const release = at('Release', 20, 120)
const solve = at('Solve', 900, 1000)

function taken(): PressGuard {
  const guard = new PressGuard()
  guard.shows([take.name], 0)
  expect(guard.press(take, 10_000)).toBe(true)
  guard.shows(['Take this caseTaking'], 10_010)
  guard.shows([release.name, solve.name], 10_100)
  return guard
}

test('"Release" in the place of "Take" counts no press until a moment has passed', () => {
  const guard = taken()
  expect(guard.press(release, 10_150)).toBe(false)
  expect(guard.press(release, 10_100 + settleMs - 1)).toBe(false)
  expect(guard.press(release, 10_100 + settleMs)).toBe(true)
})

test('a control elsewhere counts at once, and so does the same one again', () => {
  expect(taken().press(solve, 10_150)).toBe(true)
  const guard = new PressGuard()
  guard.shows([take.name], 0)
  guard.press(take, 5000)
  guard.shows([take.name, 'It did not work'], 5100)
  expect(guard.press(take, 5150)).toBe(true)
})

test('a button that turned into "Take over" under the hand, and one that slid into a place, count no press', () => {
  const lost = new PressGuard()
  lost.shows([take.name], 0)
  lost.press(take, 5000)
  lost.shows(['Take over'], 5100)
  expect(lost.press(at('Take over', 20, 150), 5200)).toBe(false)
  const slid = new PressGuard()
  const [ask, refund] = [at('Ask shop again', 130, 280), at('Refund', 290, 400)]
  slid.shows([release.name, ask.name, refund.name], 0)
  expect(slid.press(ask, 5000)).toBe(true)
  slid.shows([release.name, refund.name], 5100)
  expect(slid.press(at('Refund', 130, 240), 5200)).toBe(false)
  expect(slid.press(at('Refund', 130, 240), 5900)).toBe(true)
})

test('where nothing changed nothing is ignored', () => {
  const guard = new PressGuard()
  guard.shows([take.name], 0)
  expect(guard.press(take, 1)).toBe(true)
  expect(guard.press(solve, 2)).toBe(true)
})

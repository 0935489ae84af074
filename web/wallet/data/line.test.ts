import { beforeEach, expect, it, vi } from 'vitest'
import { Line, lostAfterMs } from './line.ts'

let timers: { delayMs: number; action: () => void; live: boolean }[]
let said: boolean[]
const ask = vi.fn()
const onBack = vi.fn()

function lineOf(): Line {
  const line = new Line({
    ask,
    onBack,
    schedule: (delayMs, action) => {
      const timer = { delayMs, action, live: true }
      timers.push(timer)
      return () => (timer.live = false)
    },
  })
  line.subscribe(() => said.push(line.isLost()))
  return line
}
/** As time does: runs what was planned and not taken back. */
function waitLong(): void {
  for (const timer of timers.splice(0)) if (timer.live) timer.action()
}

beforeEach(() => {
  timers = []
  said = []
  ask.mockReset()
  onBack.mockReset()
})

it('a doubt asks at once and says nothing yet', () => {
  const line = lineOf()
  line.doubt()
  expect(ask).toHaveBeenCalledOnce()
  expect(timers.map(({ delayMs }) => delayMs)).toEqual([lostAfterMs])
  expect(line.isLost()).toBe(false)
})

it('without an answer in time the line is lost, and told once', () => {
  const line = lineOf()
  line.doubt()
  line.doubt()
  waitLong()
  expect(line.isLost()).toBe(true)
  line.doubt()
  waitLong()
  expect(said).toEqual([true])
})

it('an answer settles the doubt: a network without live connections is no lost line', () => {
  const line = lineOf()
  line.doubt()
  line.holds()
  waitLong()
  expect(said).toEqual([])
  expect(onBack).not.toHaveBeenCalled()
  line.doubt()
  waitLong()
  expect(line.isLost()).toBe(true)
})

it('while lost each doubt asks again, and the first answer brings everything back', () => {
  const line = lineOf()
  line.doubt()
  waitLong()
  line.doubt()
  expect(ask).toHaveBeenCalledTimes(2)
  line.holds()
  line.holds()
  expect(said).toEqual([true, false])
  expect(onBack).toHaveBeenCalledOnce()
})

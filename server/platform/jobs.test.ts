// Loops: no run is lost, none overlaps another, a failing one waits and goes on, and stop waits for the run under way.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createJobs, type Jobs } from './jobs.ts'
import { createLogger } from './log.ts'

let jobs: Jobs
let told: { name: string; failed: boolean }[]

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  told = []
  jobs = createJobs(
    createLogger({ level: 'silent' }),
    (name, _seconds, failed) => void told.push({ name, failed }),
    ['left-out'],
  )
})
afterEach(async () => {
  await jobs.stop()
  vi.useRealTimers()
})

const settled = async () => {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve))
}

function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { open, opened }
}

describe('a loop', () => {
  it('does not run before start, runs at once then, and again after its interval', async () => {
    const run = vi.fn(async () => undefined)
    const loop = jobs.loop('each-second', 1000, run)
    loop.wake()
    await settled()
    expect(run).toHaveBeenCalledTimes(0)
    jobs.start()
    await settled()
    expect(run).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(999)
    expect(run).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(1)
    await settled()
    expect(run).toHaveBeenCalledTimes(2)
  })

  it('that is made after start runs too', async () => {
    jobs.start()
    const run = vi.fn(async () => undefined)
    jobs.loop('late', 1000, run)
    await settled()
    expect(run).toHaveBeenCalledTimes(1)
  })

  it('runs at once when woken, and again at once while there is more to do', async () => {
    const left = [3, 2, 0, 0]
    const run = vi.fn(async () => left.shift() ?? 0)
    const loop = jobs.loop('work', 60_000, run)
    jobs.start()
    await settled()
    expect(run).toHaveBeenCalledTimes(3)
    loop.wake()
    await settled()
    expect(run).toHaveBeenCalledTimes(4)
  })

  it('woken while it runs runs once more afterwards, never twice at the same time', async () => {
    const first = gate()
    let running = 0
    let most = 0
    let runs = 0
    const loop = jobs.loop('slow', 60_000, async () => {
      most = Math.max(most, ++running)
      if (++runs === 1) await first.opened
      running--
    })
    jobs.start()
    for (let times = 0; times < 5; times++) loop.wake()
    await settled()
    expect(runs).toBe(1)
    first.open()
    await settled()
    expect(runs).toBe(2)
    expect(most).toBe(1)
  })

  it('that fails is told, waits longer each time, and goes on', async () => {
    let failures = 3
    const run = vi.fn(async () => {
      if (failures-- > 0) throw new Error('not now')
    })
    jobs.loop('fragile', 1000, run)
    jobs.start()
    await settled()
    for (const [waitMs, runs] of [
      [500, 2],
      [1000, 3],
      [2000, 4],
    ] as const) {
      await vi.advanceTimersByTimeAsync(waitMs - 1)
      expect(run).toHaveBeenCalledTimes(runs - 1)
      await vi.advanceTimersByTimeAsync(1)
      await settled()
      expect(run).toHaveBeenCalledTimes(runs)
    }
    expect(told.map(({ failed }) => failed)).toEqual([true, true, true, false])
    await vi.advanceTimersByTimeAsync(1000)
    await settled()
    expect(run).toHaveBeenCalledTimes(5)
  })

  it('that is left out in this process never runs', async () => {
    const run = vi.fn(async () => undefined)
    const loop = jobs.loop('left-out', 10, run)
    jobs.start()
    loop.wake()
    await vi.advanceTimersByTimeAsync(100)
    await settled()
    expect(run).toHaveBeenCalledTimes(0)
  })
})

it('stop waits for the run under way and starts no other', async () => {
  const first = gate()
  let ended = false
  const run = vi.fn(async () => {
    await first.opened
    ended = true
    return 1
  })
  const loop = jobs.loop('last', 10, run)
  jobs.start()
  let stopped = false
  const stopping = jobs.stop().then(() => (stopped = true))
  await settled()
  expect(stopped).toBe(false)
  first.open()
  await stopping
  expect(ended).toBe(true)
  loop.wake()
  await vi.advanceTimersByTimeAsync(1000)
  await settled()
  expect(run).toHaveBeenCalledTimes(1)
})

// Business time: moved forward for every process, never back, whatever answer of the database comes last.
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createClock, fixedClock } from './clock.ts'
import { createTestPlatform, type TestPlatform } from './testing.ts'

const hour = 3_600_000
let platform: TestPlatform
beforeAll(async () => void (platform = await createTestPlatform()))
afterAll(() => platform.close())

it('moves forward for every process that refreshes, and for those that start later', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-20T06:00:00.000Z') })
  const here = await createClock(platform.db)
  const there = await createClock(platform.db)
  expect(here.now().toISOString()).toBe('2026-11-20T06:00:00.000Z')
  expect((await here.advance(2 * hour)).toISOString()).toBe('2026-11-20T08:00:00.000Z')
  expect(there.now().toISOString()).toBe('2026-11-20T06:00:00.000Z')
  await there.refresh()
  expect(there.now().toISOString()).toBe('2026-11-20T08:00:00.000Z')
  expect((await createClock(platform.db)).now().toISOString()).toBe('2026-11-20T08:00:00.000Z')
  await Promise.all([here.advance(hour), there.advance(hour)])
  await here.refresh()
  expect(here.now().toISOString()).toBe('2026-11-20T10:00:00.000Z')
  vi.useRealTimers()
})

it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('does not move by %s', async (milliseconds) => {
  const clock = await createClock(platform.db)
  await expect(clock.advance(milliseconds)).rejects.toThrow('business time only moves forward')
})

it('an old answer that comes late does not take it back', async () => {
  let release = () => {}
  const released = new Promise<void>((resolve) => (release = resolve))
  let slow = false
  const clock = await createClock({
    ...platform.db,
    read: {
      ...platform.db.read,
      async one<Row>(text: string, parameters?: readonly unknown[]) {
        const row = await platform.db.read.one<Row>(text, parameters)
        if (slow && text.startsWith('SELECT')) await released
        return row
      },
    },
  })
  slow = true
  const refreshing = clock.refresh()
  await platform.db.ping()
  const after = await clock.advance(hour)
  release()
  await refreshing
  expect(clock.now().getTime()).toBeGreaterThanOrEqual(after.getTime())
})

it('a test’s clock stands still until it is moved', () => {
  const clock = fixedClock('2026-11-20T06:00:00.000Z')
  expect(clock.now()).toEqual(clock.now())
  clock.advance(1500)
  expect(clock.now().toISOString()).toBe('2026-11-20T06:00:01.500Z')
})

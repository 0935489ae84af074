// Business time. Everything that is a fact of the business (deadlines, limits per day, effective times) reads it here.
// The sandbox may move it forward, never back; the offset lives in the database so that all processes agree.
import type { Database } from './db.ts'

export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

/** A clock for tests: stands still until it is told to move. */
export function fixedClock(start: string): Clock & { advance(milliseconds: number): void } {
  let time = Date.parse(start)
  return { now: () => new Date(time), advance: (milliseconds) => void (time += milliseconds) }
}

export interface MovableClock extends Clock {
  /** Moves business time forward for every process. Milliseconds ≥ 0; used by the sandbox only. */
  advance(milliseconds: number): Promise<Date>
  refresh(): Promise<void>
}

export async function createClock(db: Database): Promise<MovableClock> {
  let offsetMs = 0
  const clock: MovableClock = {
    now: () => new Date(Date.now() + offsetMs),
    async refresh() {
      const row = await db.read.one<{ offset_ms: bigint }>('SELECT offset_ms FROM platform.clock')
      // An answer that was on its way while time was moved must not take it back.
      offsetMs = Math.max(offsetMs, Number(row.offset_ms))
    },
    async advance(milliseconds) {
      if (!Number.isInteger(milliseconds) || milliseconds < 0)
        throw new RangeError('business time only moves forward')
      const row = await db.read.one<{ offset_ms: bigint }>(
        'UPDATE platform.clock SET offset_ms = offset_ms + $1 RETURNING offset_ms',
        [milliseconds],
      )
      offsetMs = Math.max(offsetMs, Number(row.offset_ms))
      return clock.now()
    },
  }
  await clock.refresh()
  return clock
}

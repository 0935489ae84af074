// One customer cannot flood the desk (P10): a burst is fine, then one message a second. Counted in this process, in memory;
// what is refused is not stored and may be sent again.
import type { Clock } from '#platform/clock.ts'
import { Refusal } from '#platform/refusal.ts'

const burst = 60
const refillMs = 1000
/** So many customers are remembered before those are forgotten who may send a whole burst again. */
const sweepAbove = 10_000

export interface SendLimit {
  /** Throws busy (values.retryAfterMs). */
  take(customerId: string): void
}

export function createSendLimit(clock: Clock): SendLimit {
  /** When each customer's burst is whole again: one refill later for each message. */
  const fullAt = new Map<string, number>()
  return {
    take(customerId) {
      const now = clock.now().getTime()
      if (fullAt.size > sweepAbove) for (const [id, at] of fullAt) if (at <= now) fullAt.delete(id)
      const after = Math.max(now, fullAt.get(customerId) ?? now) + refillMs
      const tooEarlyMs = after - now - burst * refillMs
      if (tooEarlyMs > 0) throw new Refusal('busy', { retryAfterMs: tooEarlyMs })
      fullAt.set(customerId, after)
    },
  }
}

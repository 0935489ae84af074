// The outbox at work: one loop gives positions, one loop per consumer reads on from its cursor. Wake-ups only shorten the wait.
import type { Database } from './db.ts'
import type { Jobs } from './jobs.ts'
import { consumeOnce, sequence, type Consumer } from './outbox.ts'

export interface Events {
  /** Something was committed: look at once. */
  wake(): void
  consume(consumer: Consumer): void
  /** Called in this process when new positions exist, possibly given by another process. */
  onAdvance(listener: () => void): void
}

/** Under load a few larger steps cost far less than many small ones; nobody notices so short a rest. */
const consumerGapMs = 100
const sequencerGapMs = 20

export function createEvents({ db, jobs }: { db: Database; jobs: Jobs }): Events {
  const listeners: (() => void)[] = []
  const sequencer = jobs.loop(
    'outbox-sequence',
    100,
    async () => {
      const placed = await sequence(db)
      if (placed > 0) for (const listener of listeners) listener()
      return placed
    },
    sequencerGapMs,
  )
  return {
    wake: () => sequencer.wake(),
    onAdvance: (listener) => void listeners.push(listener),
    consume(consumer) {
      const passed = { cursor: 0n, upTo: 0n }
      const step = () => consumeOnce(db, consumer, passed)
      const loop = jobs.loop(`consume-${consumer.name}`, 500, step, consumerGapMs)
      listeners.push(() => loop.wake())
    },
  }
}

// Work that must not run all at once (it would take all processor time or memory): a few at a time, the others in line.
import { Refusal } from './refusal.ts'

/** Runs the work when it is its turn. Rejects with Refusal `busy` when the line is too long. */
export type Turns = <Result>(work: () => Promise<Result>) => Promise<Result>

export function createTurns(options: { atOnce: number; maximumWaiting: number }): Turns {
  let running = 0
  const waiting: (() => void)[] = []
  return async (work) => {
    if (running >= options.atOnce) {
      if (waiting.length >= options.maximumWaiting) throw new Refusal('busy')
      // Whoever ends hands the place on, so that nobody can step in between.
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}

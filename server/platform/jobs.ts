// Work that runs by itself: loops with a name, woken early when something is known to be due.
// A wake-up only shortens the wait; what is due stands in a row, in business time, and survives any crash.
import type { Logger } from './log.ts'

export interface Jobs {
  /** Calls `run` every `everyMs` at most, at once when woken, again at once while it returns a number above 0. */
  /** With `gapMs` it rests that long after each run, woken or not: many small runs become fewer larger ones. */
  loop(name: string, everyMs: number, run: () => Promise<number | void>, gapMs?: number): { wake(): void }
  start(): void
  stop(): Promise<void>
}

/** `except` names loops that do not run in this process: measurements and processes with one task. */
export function createJobs(
  log: Logger,
  onRun?: (name: string, seconds: number, failed: boolean) => void,
  except: readonly string[] = [],
): Jobs {
  let running = false
  const loops: { start(): void; stop(): Promise<void> }[] = []
  return {
    loop(name, everyMs, run, gapMs = 0) {
      if (except.includes(name)) return { wake: () => undefined }
      let timer: NodeJS.Timeout | undefined
      let current: Promise<void> | undefined
      let again = false
      let failures = 0
      let restsUntil = 0

      async function turn() {
        const started = performance.now()
        let failed = false
        let handled = 0
        try {
          handled = (await run()) ?? 0
          failures = 0
        } catch (error) {
          failed = true
          failures++
          log.error({ job: name, error }, 'job failed; it will be tried again')
        }
        onRun?.(name, (performance.now() - started) / 1000, failed)
        if (handled > 0) again = true
      }

      function go() {
        clearTimeout(timer)
        if (!running) return
        if (current) {
          again = true
          return
        }
        const restMs = restsUntil - performance.now()
        if (restMs > 0) {
          timer = setTimeout(go, restMs)
          return
        }
        again = false
        current = turn().finally(() => {
          current = undefined
          if (gapMs > 0) restsUntil = performance.now() + gapMs
          if (!running) return
          if (again && failures === 0) setImmediate(go)
          else timer = setTimeout(go, failures > 0 ? Math.min(30_000, 250 * 2 ** failures) : everyMs)
        })
      }

      const job = {
        start: go,
        async stop() {
          clearTimeout(timer)
          await current
        },
      }
      loops.push(job)
      if (running) go()
      return { wake: go }
    },
    start() {
      running = true
      for (const job of loops) job.start()
    },
    async stop() {
      running = false
      await Promise.all(loops.map((job) => job.stop()))
    },
  }
}

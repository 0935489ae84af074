// Reads for many callers at once: what is asked for within one turn of the event loop becomes one query.
// Nothing is kept after the answer, so a change is seen by the very next question.

/** Asks for one key. Rejects with the fault of the query that it was part of. */
export type BatchReader<Value> = (key: string) => Promise<Value | undefined>

interface Waiting<Value> {
  resolve(value: Value | undefined): void
  reject(error: unknown): void
}

/**
 * `load` is given distinct keys (at most `maximumSize`, default 500) and answers a map by the same strings;
 * a key that is missing in the map resolves to undefined.
 */
export function createBatchReader<Value>(
  load: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
  options: { maximumSize?: number } = {},
): BatchReader<Value> {
  const maximumSize = options.maximumSize ?? 500
  let asked = new Map<string, Waiting<Value>[]>()

  async function answer(batch: [string, Waiting<Value>[]][]) {
    try {
      const found = await load(batch.map(([key]) => key))
      for (const [key, callers] of batch) for (const caller of callers) caller.resolve(found.get(key))
    } catch (error) {
      for (const [, callers] of batch) for (const caller of callers) caller.reject(error)
    }
  }

  function flush() {
    const entries = [...asked]
    asked = new Map()
    for (let from = 0; from < entries.length; from += maximumSize)
      void answer(entries.slice(from, from + maximumSize))
  }

  return (key) =>
    new Promise((resolve, reject) => {
      if (asked.size === 0) setImmediate(flush)
      const callers = asked.get(key)
      if (callers) callers.push({ resolve, reject })
      else asked.set(key, [{ resolve, reject }])
    })
}

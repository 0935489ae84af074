// Reads for many callers at once: what is asked for while a query is on its way becomes the next query. Alone, nobody waits.
// Nothing is kept after the answer, so a change is seen by the very next question.

/** Asks for one key. Rejects with the fault of the query that it was part of. */
export type BatchReader<Value> = (key: string) => Promise<Value | undefined>

interface Waiting<Value> {
  resolve(value: Value | undefined): void
  reject(error: unknown): void
}

/**
 * `load` is given distinct keys (at most `maximumSize`, default 500) and answers a map by the same strings;
 * a key that is missing in the map resolves to undefined. At most `atOnce` queries (default 2) are on their way: on a busy
 * server a few callers a query would cost more than the query.
 */
export function createBatchReader<Value>(
  load: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
  options: { maximumSize?: number; atOnce?: number } = {},
): BatchReader<Value> {
  const { maximumSize = 500, atOnce = 2 } = options
  let asked = new Map<string, Waiting<Value>[]>()
  let onTheirWay = 0
  let scheduled = false

  async function answer(batch: [string, Waiting<Value>[]][]) {
    try {
      const found = await load(batch.map(([key]) => key))
      for (const [key, callers] of batch) for (const caller of callers) caller.resolve(found.get(key))
    } catch (error) {
      for (const [, callers] of batch) for (const caller of callers) caller.reject(error)
    }
    onTheirWay--
    flush()
  }

  function flush() {
    scheduled = false
    while (asked.size > 0 && onTheirWay < atOnce) {
      const entries = [...asked]
      const batch = entries.slice(0, maximumSize)
      asked = new Map(entries.slice(maximumSize))
      onTheirWay++
      void answer(batch)
    }
  }

  return (key) =>
    new Promise((resolve, reject) => {
      const callers = asked.get(key)
      if (callers) callers.push({ resolve, reject })
      else asked.set(key, [{ resolve, reject }])
      if (scheduled || onTheirWay >= atOnce) return
      scheduled = true
      setImmediate(flush)
    })
}

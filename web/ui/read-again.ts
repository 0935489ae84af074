// What an event or a reset makes old is read again. TanStack Query keeps a read that is on its way when nothing is known yet,
// and takes its answer as new, though the server may have given it before the event: such a read is followed by another.

import type { QueryClient, QueryFilters } from '@tanstack/react-query'

/** First reads that will be followed by another: however many events come while one hangs, it is only one more. */
const followed = new WeakSet<Promise<unknown>>()

/** Reads once more what is being read for the first time just now; the rest stays as it is. */
export function readAgainAfterFirst(client: QueryClient, filter: QueryFilters = {}): void {
  for (const { promise, queryKey, state } of client
    .getQueryCache()
    .findAll({ ...filter, fetchStatus: 'fetching' })) {
    if (state.data !== undefined || !promise || followed.has(promise)) continue
    followed.add(promise)
    // By now the answer is known and this is an ordinary read, done only while somebody looks. A read that failed or was
    // given up left nothing old: whoever looks next asks anew.
    const again = (): void => void client.invalidateQueries({ queryKey, exact: true })
    promise.then(again, () => undefined)
  }
}

/** Reads again what somebody looks at, and marks the rest as old. */
export function readAgain(client: QueryClient, filter: QueryFilters = {}): void {
  // Before, because the reads that begin now are new.
  readAgainAfterFirst(client, filter)
  void client.invalidateQueries(filter)
}

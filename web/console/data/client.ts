// The page's memory of what the server said. Live facts keep it right, so nothing is read again by time or focus alone.
// A session that ended is seen here once for all requests.

import { QueryCache, QueryClient } from '@tanstack/react-query'
import type { StaffMe } from '../../../contract/console.ts'
import type { ProblemValues } from '../../../contract/errors.ts'
import { onSessionEnd, toProblem } from '../../ui/index.ts'

export const meKey = ['me'] as const

const sessionEnded = (error: unknown): boolean => {
  const { status, code } = toProblem(error)
  return status === 401 && code !== 'credentials_wrong'
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noteSessionEnd }),
  defaultOptions: {
    queries: {
      staleTime: Infinity,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      networkMode: 'always',
      retry: (failures, error) => failures < 3 && toProblem(error).retry === 'automatic',
      retryDelay: (failures) => Math.min(8000, 500 * 2 ** failures),
    },
    mutations: { networkMode: 'always', onError: noteSessionEnd },
  },
})

let ended: ProblemValues | undefined
/** What the server said of the session that this page held and that is over; undefined when there was none. */
export const sessionEnding = (): ProblemValues | undefined => ended
/** Signed in again: the reason has been read. */
export const forgetSessionEnd = (): void => void (ended = undefined)
onSessionEnd(({ values }) => {
  if (values.end) ended = values
})

/** Shows the sign-in when the session is over; what was on the screen stays in memory for the same agent. */
export function noteSessionEnd(error: unknown): void {
  if (sessionEnded(error)) queryClient.setQueryData<StaffMe | null>(meKey, null)
}

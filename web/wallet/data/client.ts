// The cache of what the server said. Requests are always tried, also when the browser believes itself offline:
// a wrong guess of the browser must not keep a wallet from its server.

import { QueryClient } from '@tanstack/react-query'
import type { ProblemValues } from '../../../contract/errors.ts'
import { onSessionEnd, toProblem } from '../../ui/api.ts'

export const queryClient: QueryClient = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: 'always',
      staleTime: 5_000,
      gcTime: 15 * 60_000,
      retry: (failures, error) => toProblem(error).retry === 'automatic' && failures < 2,
      retryDelay: (failures) => Math.min(4000, 400 * 2 ** failures),
    },
    mutations: { networkMode: 'always', retry: false },
  },
})

/** No answer came, so what is on the screen is the last that we know. */
export const isOffline = (error: unknown): boolean => Boolean(error) && toProblem(error).code === 'network_error'

let ended: ProblemValues | undefined
/** What the server said of the session that this page held and that is over; undefined when there was none. */
export const sessionEnding = (): ProblemValues | undefined => ended
/** Signed in again: the reason has been read. */
export const forgetSessionEnd = (): void => void (ended = undefined)

// The session ended, whichever request found out: the door stands at the same address from now on. What the device keeps
// stays until somebody else signs in, because the same customer usually comes back.
onSessionEnd(({ values }) => {
  if (values.end) ended = values
  queryClient.setQueryData(['me'], null)
})

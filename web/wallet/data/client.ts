// The cache of what the server said. Requests are always tried, also when the browser believes itself offline:
// a wrong guess of the browser must not keep a wallet from its server.

import { QueryCache, QueryClient } from '@tanstack/react-query'
import { toProblem } from '../../ui/api.ts'

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // The session ended while the page was open: the door stands there from now on. What the device keeps stays
    // until somebody else signs in, because the same customer usually comes back.
    onError: (error) => {
      if (toProblem(error).code === 'session_expired') queryClient.setQueryData(['me'], null)
    },
  }),
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

// Looks as an auditor reads them: what was asked for stands in the address, so that a finding can be passed on.

import { useInfiniteQuery } from '@tanstack/react-query'
import { useSearchParams } from 'wouter'
import { requests } from '../data/requests.ts'

/** What the list is cut down to; what is empty does not matter. */
export type LookFilter = { agent: string; customer: string; from: string; to: string; q: string }
export const lookFields = ['agent', 'customer', 'from', 'to', 'q'] as const

export function useLookFilter(): [LookFilter, (change: Partial<LookFilter>) => void] {
  const [search, setSearch] = useSearchParams()
  const filter = Object.fromEntries(lookFields.map((field) => [field, search.get(field) ?? ''])) as LookFilter
  return [
    filter,
    (change) =>
      setSearch(
        new URLSearchParams(Object.entries({ ...filter, ...change }).filter(([, value]) => value !== '')),
        { replace: true },
      ),
  ]
}

const readEveryMs = 60_000

export const useAuditedLooks = (filter: LookFilter) =>
  useInfiniteQuery({
    queryKey: ['looks', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => requests.looks(filter, pageParam, signal),
    getNextPageParam: (page) => page.next,
    refetchOnMount: 'always',
    refetchInterval: readEveryMs,
    // The list that stands is kept on the screen while the next one is read.
    placeholderData: (earlier) => earlier,
  })

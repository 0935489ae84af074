// The list of one view: read once, kept right by live facts, continued page by page when the reader comes near its end.

import { useQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import { queryClient } from '../../data/client.ts'
import { appendPage, keys, longestReread, readCases, readCasesPage, usualPage } from '../../data/requests.ts'
import type { CaseList, CaseView } from './queue-state.ts'

export function useCases(view: CaseView) {
  const key = keys.cases(view)
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      readCases(
        view,
        Math.min(
          longestReread,
          Math.max(usualPage, queryClient.getQueryData<CaseList>(key)?.cases.length ?? 0),
        ),
        signal,
      ),
    // Clocks put rows in and out of a view without any event; a slow reading keeps the edges right.
    refetchInterval: view === 'at_risk' ? 15_000 : 60_000,
    // A view that was left is not kept right by the clock: read it again when it is opened.
    refetchOnMount: 'always',
  })
  const reading = useRef(false)
  const readMore = async (): Promise<void> => {
    const after = query.data?.next
    if (after === undefined || reading.current) return
    reading.current = true
    try {
      const page = await readCasesPage(view, { after, limit: usualPage })
      queryClient.setQueryData<CaseList>(key, (list) => list && appendPage(list, page))
    } catch {
      // The end of the list asks again when it is reached again.
    } finally {
      reading.current = false
    }
  }
  return { ...query, readMore }
}

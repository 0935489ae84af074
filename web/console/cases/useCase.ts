// One case and its messages as they are kept in memory; live facts keep both right.

import { useQuery } from '@tanstack/react-query'
import type { Message } from '../../../contract/desk.ts'
import { keys, readMessages, requests } from '../data/requests.ts'
import { mergeMessages } from './talk/messages.ts'

export const useCase = (caseId: string) =>
  useQuery({
    queryKey: keys.case(caseId),
    queryFn: ({ signal }) => requests.case(caseId, signal),
    refetchOnMount: 'always',
  })

export function useMessages(caseId: string) {
  return useQuery({
    queryKey: keys.messages(caseId),
    queryFn: async ({ signal, client }) => {
      const known = client.getQueryData<readonly Message[]>(keys.messages(caseId)) ?? []
      const fresh = await readMessages(caseId, known.at(-1)?.sequence ?? 0, signal)
      // What live facts brought while this was read must not be lost.
      const latest = client.getQueryData<readonly Message[]>(keys.messages(caseId)) ?? known
      return mergeMessages(latest, fresh)
    },
    refetchOnMount: 'always',
  })
}

export const useMoney = (caseId: string, reference: string) =>
  useQuery({
    queryKey: keys.money(caseId, reference),
    queryFn: ({ signal }) => requests.money(caseId, reference, signal),
    refetchOnMount: 'always',
    // Next tries and deadlines pass without a fact being told to this page.
    refetchInterval: ({ state }) => (state.data?.hops.some((hop) => hop.state !== 'done') ? 30_000 : false),
  })

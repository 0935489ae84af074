// What staff must decide, as it is kept in memory; live facts read it again, and deadlines pass without any.

import { useQuery } from '@tanstack/react-query'
import { moneyKeys, moneyRequests } from '../data/money-requests.ts'

const readEveryMs = 30_000

export const useDecisions = (enabled = true) =>
  useQuery({
    queryKey: moneyKeys.decisions,
    queryFn: ({ signal }) => moneyRequests.decisions(signal),
    refetchOnMount: 'always',
    refetchInterval: readEveryMs,
    enabled,
  })

export const useRefund = (reference: string, enabled: boolean) =>
  useQuery({
    queryKey: moneyKeys.refund(reference),
    queryFn: ({ signal }) => moneyRequests.refund(reference, signal),
    refetchOnMount: 'always',
    enabled,
  })

/** A held top-up or a refused pay-out: each time it is asked for is a look. */
export const usePlaceMoney = (reference: string) =>
  useQuery({
    queryKey: moneyKeys.place(reference),
    queryFn: ({ signal }) => moneyRequests.place(reference, signal),
    refetchOnMount: 'always',
  })

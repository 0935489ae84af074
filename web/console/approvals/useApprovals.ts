// Approvals as they are kept in memory; live facts keep them right.

import { useQuery } from '@tanstack/react-query'
import type { Approval } from '../../../contract/refund.ts'
import { queryClient } from '../data/client.ts'
import { moneyKeys, moneyRequests, type ApprovalView } from '../data/money-requests.ts'

export const useApprovals = (view: ApprovalView, enabled = true) =>
  useQuery({
    queryKey: moneyKeys.approvals(view),
    queryFn: ({ signal }) => moneyRequests.approvals(view, signal),
    refetchOnMount: 'always',
    enabled,
  })

export const useApproval = (id: string) =>
  useQuery({
    queryKey: moneyKeys.approval(id),
    queryFn: ({ signal }) => moneyRequests.approval(id, signal),
    // Its checks are those of now: never from memory.
    gcTime: 0,
    refetchOnMount: 'always',
  })

/** The answer of a decision stands at once; lists and the money itself are read again. */
export function placeApproval(approval: Approval): void {
  queryClient.setQueryData(moneyKeys.approval(approval.id), approval)
  readApprovalsAgain()
}

export function readApprovalsAgain(): void {
  void queryClient.invalidateQueries({ queryKey: ['approvals'] })
  void queryClient.invalidateQueries({ queryKey: moneyKeys.decisions })
}

// Requests about giving money back and about what people must decide, with the keys under which answers are kept.

import type { Static } from 'typebox'
import type { HeldTopUp, RefusedPayOut } from '../../../contract/decisions.ts'
import type { Diagnosis } from '../../../contract/diagnosis.ts'
import type {
  Approval,
  ApprovalList,
  AskRefundForCaseSchema,
  DecideRefundSchema,
  DecideSilentShopSchema,
  Decision,
} from '../../../contract/refund.ts'
import type { TransactionDetail } from '../../../contract/trace.ts'
import { api } from '../../ui/index.ts'
import { noteServerTime } from './clock.ts'

export const approvalViews = ['waiting', 'mine', 'done'] as const
export type ApprovalView = (typeof approvalViews)[number]
export type AskRefund = Static<typeof AskRefundForCaseSchema>
export type DecideRefund = Static<typeof DecideRefundSchema>
export type DecideSilentShop = Static<typeof DecideSilentShopSchema>
export type DecisionList = { decisions: Decision[]; asOf: string }

export const moneyKeys = {
  approvals: (view: ApprovalView) => ['approvals', view] as const,
  approval: (id: string) => ['approval', id] as const,
  decisions: ['decisions'] as const,
  refund: (reference: string) => ['refund', reference] as const,
  /** Under `refund`: read again when money moves. */
  place: (reference: string) => ['refund', 'place', reference] as const,
  diagnosis: (caseId: string, reference: string) => ['diagnosis', caseId, reference] as const,
}

const placeOf = (reference: string): string =>
  `/api/decisions/${reference.startsWith('TP-') ? 'top-up' : 'pay-out'}/${reference}`

export const moneyRequests = {
  approvals: async (view: ApprovalView, signal?: AbortSignal): Promise<ApprovalList> => {
    const list = await api.get<ApprovalList>('/api/approvals', { query: { view }, signal })
    noteServerTime(list.asOf)
    return list
  },
  approval: (id: string, signal?: AbortSignal) => api.get<Approval>(`/api/approvals/${id}`, { signal }),
  approve: (id: string, payloadHash: string) =>
    api.post<Approval>(`/api/approvals/${id}/approve`, { payloadHash }),
  decline: (id: string, note: string) => api.post<Approval>(`/api/approvals/${id}/decline`, { note }),
  decisions: async (signal?: AbortSignal): Promise<DecisionList> => {
    const list = await api.get<DecisionList>('/api/decisions', { signal })
    noteServerTime(list.asOf)
    return list
  },
  refund: (reference: string, signal?: AbortSignal) =>
    api.get<TransactionDetail>(`/api/refunds/${reference}`, { signal }),
  decideRefund: (reference: string, body: DecideRefund) =>
    api.post<TransactionDetail>(`/api/refunds/${reference}/decide`, body),
  decideSilentShop: (reference: string, body: DecideSilentShop) =>
    api.post<unknown>(`/api/decisions/silent-shop/${reference}`, body),
  place: (reference: string, signal?: AbortSignal) =>
    api.get<HeldTopUp | RefusedPayOut>(placeOf(reference), { signal }),
  decidePlace: (reference: string, decision: string, note: string) =>
    api.post<HeldTopUp | RefusedPayOut>(placeOf(reference), { decision, note }),
  /** The key stays the same for one intent, over every try. */
  askRefund: (body: AskRefund, idempotencyKey: string) =>
    api.post<TransactionDetail>('/api/refunds', body, { idempotencyKey }),
  askShopAgain: (caseId: string, reference: string) =>
    api.post<TransactionDetail>(`/api/cases/${caseId}/money/${reference}/ask-shop-again`),
  diagnosis: (caseId: string, reference: string, signal?: AbortSignal) =>
    api.get<Diagnosis>(`/api/cases/${caseId}/money/${reference}/diagnosis`, { signal }),
}

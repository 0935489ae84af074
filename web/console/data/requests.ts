// Every request that the console makes, typed from the contract, with the keys under which answers are kept.

import type { AuditedLookSchema, RevealSchema, RevealedSchema, StaffMe, WallSchema } from '../../../contract/console.ts'
import type { CaseCard, CaseDetail, CaseOutcome, Message } from '../../../contract/desk.ts'
import type { Static } from 'typebox'
import type { TransactionDetail } from '../../../contract/trace.ts'
import { api } from '../../ui/index.ts'
import type { CaseList, CaseView } from '../cases/queue/queue-state.ts'
import type { NewMessage } from '../cases/talk/outbox.ts'
import { mergeMessages } from '../cases/talk/messages.ts'
import { noteServerTime } from './clock.ts'

export type Reveal = Static<typeof RevealSchema>
export type Revealed = Static<typeof RevealedSchema>
export type AuditedLook = Static<typeof AuditedLookSchema>
export type Wall = Static<typeof WallSchema>

export const keys = {
  cases: (view: CaseView) => ['cases', view] as const,
  case: (caseId: string) => ['case', caseId] as const,
  messages: (caseId: string) => ['messages', caseId] as const,
  money: (caseId: string, reference: string) => ['money', caseId, reference] as const,
  wall: ['wall'] as const,
  search: (text: string) => ['search', text] as const,
}

export const largestPage = 100
export const usualPage = 50
/** A list that grew longer is read again only so far; the rest comes back as the reader scrolls. */
export const longestReread = 500

export async function readCasesPage(
  view: CaseView,
  { after, limit, signal }: { after?: string; limit: number; signal?: AbortSignal },
): Promise<CaseList> {
  const list = await api.get<CaseList>('/api/cases', { query: { view, after, limit }, signal })
  noteServerTime(list.asOf)
  return list
}

/** At least `wanted` rows of a view, as far as there are so many. */
export async function readCases(view: CaseView, wanted: number, signal?: AbortSignal): Promise<CaseList> {
  let list = await readCasesPage(view, { limit: Math.min(largestPage, wanted), signal })
  while (list.next !== undefined && list.cases.length < wanted) {
    const limit = Math.min(largestPage, wanted - list.cases.length)
    list = appendPage(list, await readCasesPage(view, { after: list.next, limit, signal }))
  }
  return list
}

/** The next page behind a list; rows that moved meanwhile stand once. */
export function appendPage(list: CaseList, page: CaseList): CaseList {
  const known = new Set(list.cases.map((card) => card.id))
  return { ...page, cases: [...list.cases, ...page.cases.filter((card) => !known.has(card.id))] }
}

/** All messages after `sequence`, over as many pages as it takes. */
export async function readMessages(
  caseId: string,
  after: number,
  signal?: AbortSignal,
): Promise<readonly Message[]> {
  let found: readonly Message[] = []
  for (let last = after; ; ) {
    const { messages } = await api.get<{ messages: Message[] }>(`/api/cases/${caseId}/messages`, {
      query: { after: last },
      signal,
    })
    const next = messages.at(-1)?.sequence ?? last
    if (next <= last) return found
    found = mergeMessages(found, messages)
    last = next
  }
}

export const requests = {
  me: () => api.get<StaffMe>('/api/me'),
  signIn: (email: string, password: string) => api.post<StaffMe>('/api/sign-in', { email, password }),
  signOut: () => api.post<void>('/api/sign-out'),
  provePresence: (password: string) => api.post<StaffMe>('/api/me/presence', { password }),
  setAvailable: (available: boolean) => api.put<StaffMe>('/api/me/availability', { available }),
  case: (caseId: string, signal?: AbortSignal) => api.get<CaseDetail>(`/api/cases/${caseId}`, { signal }),
  take: (caseId: string) => api.post<CaseDetail>(`/api/cases/${caseId}/take`),
  release: (caseId: string) => api.post<CaseDetail>(`/api/cases/${caseId}/release`),
  solve: (caseId: string, outcome: CaseOutcome, seen: number) =>
    api.post<CaseDetail>(`/api/cases/${caseId}/solve`, { outcome, seen }),
  attach: (caseId: string, reference: string) =>
    api.post<CaseDetail>(`/api/cases/${caseId}/references`, { reference }),
  markRead: (caseId: string, sequence: number) => api.post<void>(`/api/cases/${caseId}/read`, { sequence }),
  send: ({ caseId, ...message }: NewMessage) => api.post<Message>(`/api/cases/${caseId}/messages`, message),
  money: (caseId: string, reference: string, signal?: AbortSignal) =>
    api.get<TransactionDetail>(`/api/cases/${caseId}/money/${reference}`, { signal }),
  reveal: (caseId: string, reveal: Reveal) => api.post<Revealed>(`/api/cases/${caseId}/reveal`, reveal),
  search: (text: string, signal?: AbortSignal) =>
    api.get<{ cases: CaseCard[] }>('/api/search', { query: { q: text }, signal }),
  looks: (filter: Readonly<Record<string, string>>, after: string | undefined, signal?: AbortSignal) =>
    api.get<{ looks: AuditedLook[]; next?: string }>('/api/looks', {
      query: {
        ...Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== '')),
        after,
        limit: usualPage,
      },
      signal,
    }),
  wall: (signal?: AbortSignal) => api.get<Wall>('/api/wall', { signal }),
}

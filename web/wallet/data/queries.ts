// Every read of the customers' face, by name. What the wallet must show without a connection is kept on the device.

import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { api, networkProblem, toProblem } from '../../ui/api.ts'
import { localeOf, useLanguage } from '../../ui/language.ts'
import { keep, readKept } from './keep.ts'
import { useLost } from './live.ts'
import type {
  Article,
  ArticleSummary,
  Checkout,
  Conversation,
  ConversationList,
  Detail,
  Look,
  Me,
  OpenRefunds,
  ServiceStatus,
  TransactionPage,
  VirtualAccount,
  Wallet,
} from './types.ts'

export type KeptRead<Data> = {
  data: Data | undefined
  error: unknown
  isError: boolean
  isPending: boolean
  isFetching: boolean
  refetch: () => unknown
  /** When the data was read that was kept from an earlier visit. */
  keptAt?: string
}

const lostProblem = networkProblem()

/** A read whose last answer is kept on the device. While the line is lost it has no answer, though nobody asked. */
export function useKept<Data>(key: readonly unknown[], name: string, load: () => Promise<Data>, enabled = true): KeptRead<Data> {
  const kept = readKept<Data>(name)
  const lost = useLost()
  const { data, error, isError, isPending, isFetching, refetch } = useQuery<Data>({
    queryKey: key,
    queryFn: async () => {
      const answer = await load()
      if (answer !== null) keep(name, answer)
      return answer
    },
    initialData: kept?.data as Data & (() => undefined),
    initialDataUpdatedAt: 0,
    enabled,
  })
  return {
    data,
    error: error ?? (lost ? lostProblem : null),
    isError: isError || lost,
    isPending,
    isFetching,
    refetch,
    keptAt: kept?.at,
  }
}

/** Who is signed in; null when nobody is. */
export const useMe = () =>
  useKept<Me | null>(['me'], 'me', () =>
    api.get<Me>('/api/me').catch((error: unknown) => {
      if (toProblem(error).status === 401) return null
      throw error
    }),
  )
export const useWallet = () => useKept<Wallet>(['wallet'], 'wallet', () => api.get('/api/wallet'))
export const useRecent = () =>
  useKept<TransactionPage>(['transactions', 'recent'], 'recent', () => api.get('/api/transactions', { query: { limit: 20 } }))
/** Refunds still on their way; read again whenever a movement is. */
export const useOpenRefunds = () =>
  useKept<OpenRefunds>(['transactions', 'open-refunds'], 'open-refunds', () => api.get('/api/refunds/open'))
export const useConversations = (enabled = true) =>
  useKept<ConversationList>(['conversations'], 'conversations', () => api.get('/api/conversations'), enabled)
export const useConversation = (id: string) =>
  useKept<Conversation>(['conversation', id], `conversation.${id}`, () => api.get(`/api/conversations/${id}`))
export const useVirtualAccount = () =>
  useKept<VirtualAccount>(['virtual-account'], 'virtual-account', () => api.get('/api/funding/virtual-account'))
export const useTransaction = (reference: string) =>
  useKept<Detail>(['transaction', reference], `transaction.${reference}`, () => api.get(`/api/transactions/${reference}`))

/** All pages that were read, newest first; the first page is kept. */
export function useHistory() {
  const kept = readKept<TransactionPage>('history')
  return useInfiniteQuery({
    queryKey: ['transactions', 'all'],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam }) => {
      const page = await api.get<TransactionPage>('/api/transactions', { query: { after: pageParam, limit: 30 } })
      if (!pageParam) keep('history', page)
      return page
    },
    getNextPageParam: (page) => page.next,
    initialData: kept && { pages: [kept.data], pageParams: [undefined] },
    initialDataUpdatedAt: 0,
  })
}

export const useCheckout = (orderId: string) =>
  useQuery<Checkout>({ queryKey: ['checkout', orderId], queryFn: () => api.get(`/api/checkout/${orderId}`), staleTime: 0 })

export const useService = () =>
  useQuery<ServiceStatus>({ queryKey: ['service'], queryFn: () => api.get('/api/service'), refetchInterval: 60_000 })

export function useArticles(q: string) {
  const locale = localeOf[useLanguage()]
  return useQuery<{ articles: ArticleSummary[] }>({
    queryKey: ['articles', locale, q],
    queryFn: () => api.get('/api/help/articles', { query: { q, locale } }),
    staleTime: 5 * 60_000,
    placeholderData: (earlier) => earlier,
  })
}

export function useArticle(slug: string | undefined) {
  const locale = localeOf[useLanguage()]
  return useQuery<Article>({
    queryKey: ['article', locale, slug],
    queryFn: () => api.get(`/api/help/articles/${slug}`, { query: { locale } }),
    staleTime: 5 * 60_000,
    enabled: Boolean(slug),
  })
}

/** All pages that were read, newest first. */
export const useLooks = () =>
  useInfiniteQuery({
    queryKey: ['looks'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => api.get<{ looks: Look[]; next?: string }>('/api/me/looks', { query: { after: pageParam, limit: 30 } }),
    getNextPageParam: (page) => page.next,
  })

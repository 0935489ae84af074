// The messages of one conversation, kept on the device, joined by live ones, and marked as read while they are seen.

import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { api } from '../../ui/api.ts'
import { queryClient } from '../data/client.ts'
import { readKept } from '../data/keep.ts'
import { onAgentTyping, outbox, sendTyping } from '../data/live.ts'
import type { Message } from '../data/types.ts'
import { loadMessages, messagesKey, mergeMessages } from './messages.ts'
import type { OutgoingMessage } from './outbox.ts'

export function useMessages(conversationId: string) {
  const kept = readKept<Message[]>(`messages.${conversationId}`)
  const query = useQuery<Message[]>({
    queryKey: messagesKey(conversationId),
    queryFn: async () => {
      const known = queryClient.getQueryData<Message[]>(messagesKey(conversationId)) ?? []
      // What was kept may lack the beginning; then all is read again.
      const read = await loadMessages(conversationId, known[0]?.sequence === 1 ? known : [])
      // What came live while this was read is not lost.
      const messages = mergeMessages(
        read,
        queryClient.getQueryData<Message[]>(messagesKey(conversationId)) ?? [],
      )
      for (const { clientMessageId } of messages) if (clientMessageId) outbox.stored(clientMessageId)
      return messages
    },
    initialData: kept?.data,
    initialDataUpdatedAt: 0,
  })
  return { ...query, keptAt: kept?.at }
}

export const useOutbox = (): readonly OutgoingMessage[] =>
  useSyncExternalStore(outbox.subscribe, outbox.getItems, outbox.getItems)

/** Tells the server how far the customer has read, while the page is really seen. */
export function useReadMark(conversationId: string, messages: readonly Message[] | undefined): void {
  const told = useRef(0)
  const newest = messages?.findLast(({ author }) => author !== 'customer')?.sequence ?? 0
  useEffect(() => {
    const mark = (): void => {
      if (document.visibilityState !== 'visible' || newest <= told.current) return
      told.current = newest
      api.post(`/api/conversations/${conversationId}/read`, { sequence: newest }).then(
        () => void queryClient.invalidateQueries({ queryKey: ['conversations'] }),
        () => (told.current = 0),
      )
    }
    mark()
    document.addEventListener('visibilitychange', mark)
    return () => document.removeEventListener('visibilitychange', mark)
  }, [conversationId, newest])
}

const typingShownMs = 5000
const typingEveryMs = 3000

/** True while an agent was writing in the last seconds. */
export function useAgentTyping(conversationId: string, lastSequence: number | undefined): boolean {
  const [typing, setTyping] = useState(false)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = onAgentTyping((id) => {
      if (id !== conversationId) return
      setTyping(true)
      clearTimeout(timer)
      timer = setTimeout(() => setTyping(false), typingShownMs)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [conversationId])
  useEffect(() => setTyping(false), [lastSequence])
  return typing
}

/** Tells that the customer is writing, at most every few seconds. */
export function useTypingNotice(conversationId: string): () => void {
  const last = useRef(0)
  return () => {
    const now = performance.now()
    if (now - last.current < typingEveryMs) return
    last.current = now
    sendTyping(conversationId)
  }
}

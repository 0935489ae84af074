// The stored messages of a conversation in the cache: each once, in the order of their sequence.

import type { QueryClient } from '@tanstack/react-query'
import { api } from '../../ui/api.ts'
import { keep } from '../data/keep.ts'
import type { Message, MessageList } from '../data/types.ts'

const pageSize = 200
/** How many of the last messages are kept for reading without a connection. */
const keptMessages = 100

export const messagesKey = (conversationId: string) => ['messages', conversationId] as const

/** Both lists as one: a message that is in both once, by sequence; what is only for staff never. */
export function mergeMessages(known: readonly Message[], more: readonly Message[]): Message[] {
  const bySequence = new Map<number, Message>()
  for (const message of [...known, ...more])
    if (message.kind !== 'note') bySequence.set(message.sequence, message)
  return [...bySequence.values()].sort((left, right) => left.sequence - right.sequence)
}

/** What was told while the first list of its conversation was on its way: that answer may be older, and is not asked for again. */
const early = new Map<string, Message[]>()

export function addMessages(client: QueryClient, conversationId: string, more: readonly Message[]): void {
  client.setQueryData<Message[]>(messagesKey(conversationId), (known) => {
    if (!known) {
      if (client.getQueryState(messagesKey(conversationId))?.fetchStatus === 'fetching')
        early.set(conversationId, mergeMessages(early.get(conversationId) ?? [], more))
      return known
    }
    const merged = mergeMessages(known, more)
    keep(`messages.${conversationId}`, merged.slice(-keptMessages))
    return merged
  })
}

/** Reads everything after what is known, page by page. */
export async function loadMessages(conversationId: string, known: readonly Message[]): Promise<Message[]> {
  let messages = [...known]
  for (;;) {
    const after = messages.at(-1)?.sequence ?? 0
    const page = await api.get<MessageList>(`/api/conversations/${conversationId}/messages`, {
      query: { after },
    })
    messages = mergeMessages(messages, page.messages)
    if (page.messages.length < pageSize) break
  }
  messages = mergeMessages(messages, early.get(conversationId) ?? [])
  early.delete(conversationId)
  keep(`messages.${conversationId}`, messages.slice(-keptMessages))
  return messages
}

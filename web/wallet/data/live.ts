// The page's live connection: an event makes the screens it concerns read again; a message comes whole.
// It belongs to one customer; messages that wait in the outbox go out over it, in order.

import { useSyncExternalStore } from 'react'
import type { LiveEvent } from '../../../contract/realtime.ts'
import { openLive, type LiveConnection, type LiveState } from '../../ui/live.ts'
import { lookForNewerBuild } from '../../ui/newer-build.ts'
import { readAgain } from '../../ui/read-again.ts'
import { ChatOutbox } from '../chat/outbox.ts'
import { addMessages } from '../chat/messages.ts'
import { isOffline, queryClient } from './client.ts'
import { dropKept, keep, readKept } from './keep.ts'
import { Line } from './line.ts'
import type { Conversation, Message } from './types.ts'

let live: LiveConnection | null = null
let liveFor: string | null = null
const watchers = new Set<() => void>()
const typingListeners = new Set<(conversationId: string) => void>()

const changed = (): void => {
  for (const watcher of watchers) watcher()
}

/** Messages of this device that the server has not stored yet. */
export const outbox = new ChatOutbox({
  read: () => readKept<never[]>('outbox')?.data ?? [],
  write: (items) => (items.length ? keep('outbox', items) : dropKept('outbox')),
  send: (message) => live?.send(message) ?? null,
  onStored: (message) => storeMessage(message),
})

function storeMessage(message: Message): void {
  const { conversationId } = message
  addMessages(queryClient, conversationId, [message])
  // A message opens a solved conversation again, and a customer's own brings staff into a talk with the helper.
  const known = queryClient.getQueryData<Conversation>(['conversation', conversationId])
  if (known?.state === 'solved' || (known?.withHelper && message.author === 'customer'))
    reread('conversation', conversationId)
  if (message.clientMessageId) outbox.stored(message.clientMessageId)
}

const reread = (...queryKey: unknown[]): void => readAgain(queryClient, { queryKey })

function onEvent(event: LiveEvent): void {
  switch (event.type) {
    case 'message.stored':
      storeMessage(event.message)
      return reread('conversations')
    case 'conversation.changed':
      reread('conversation', event.conversationId)
      return reread('conversations')
    case 'wallet.changed':
      reread('wallet')
      reread('virtual-account')
      reread('checkout')
      reread('statement')
      return reread('transactions')
    case 'transaction.changed':
      reread('transaction', event.reference)
      reread('diagnosis')
      reread('transactions')
      reread('checkout')
      return reread('conversation')
    case 'look.recorded':
      return reread('looks')
    case 'case.changed':
      return
  }
}

/** What events make stale, read again: the page may have read it just before the connection stood. */
const fedByEvents: ReadonlySet<unknown> = new Set([
  'wallet',
  'virtual-account',
  'transaction',
  'transactions',
  'diagnosis',
  'statement',
  'checkout',
  'conversation',
  'conversations',
  'messages',
  'looks',
])
const rereadAll = (): void =>
  readAgain(queryClient, { predicate: ({ queryKey }) => fedByEvents.has(queryKey[0]) })

const unanswered = ({ state }: { state: { status: string; fetchStatus: string } }): boolean =>
  state.status === 'error' || state.fetchStatus !== 'idle'

const line = new Line({
  ask: () => reread('me'),
  onBack: () => void queryClient.invalidateQueries({ predicate: unanswered }),
})
/** The server does not answer: what is on the screen is the last that we know. */
export const useLost = (): boolean => useSyncExternalStore(line.subscribe, line.isLost, line.isLost)

queryClient.getQueryCache().subscribe((event) => {
  if (event.type !== 'updated') return
  const { action } = event
  if (action.type === 'success' ? !action.manual : action.type === 'error' && !isOffline(action.error))
    line.holds()
})
for (const change of ['online', 'offline']) addEventListener(change, () => live && line.doubt())

export function startLive(customerId: string): void {
  if (liveFor === customerId) return
  stopLive()
  liveFor = customerId
  live = openLive({
    onEvent,
    onStart: rereadAll,
    onReset: () => readAgain(queryClient),
    onTyping: (conversationId, author) => {
      if (author === 'agent') for (const listener of typingListeners) listener(conversationId)
    },
    onBye: () => {
      stopLive()
      reread('me')
    },
  })
  let before: LiveState = live.getState()
  let wasOnline = false
  live.subscribe(() => {
    const now = live?.getState() ?? 'offline'
    if (live && now === 'offline') line.doubt()
    if (now === 'online' && before !== 'online') {
      // Back again: what failed to be read while away is read now, and the server may be another one.
      line.holds()
      void queryClient.invalidateQueries({ predicate: ({ state }) => state.status === 'error' })
      if (wasOnline) void lookForNewerBuild()
      wasOnline = true
    }
    before = now
    changed()
  })
  changed()
  outbox.resume()
}

export function stopLive(): void {
  const former = live
  live = null
  liveFor = null
  former?.stop()
  line.holds()
  changed()
}

export const sendTyping = (conversationId: string): void => live?.typing(conversationId)

/** Calls `listener` when an agent is writing in any conversation; returns how to stop. */
export function onAgentTyping(listener: (conversationId: string) => void): () => void {
  typingListeners.add(listener)
  return () => typingListeners.delete(listener)
}

const subscribe = (watcher: () => void): (() => void) => {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}
const state = (): LiveState => live?.getState() ?? 'offline'
export const useLiveState = (): LiveState => useSyncExternalStore(subscribe, state, state)

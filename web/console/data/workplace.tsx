// One agent's place of work while signed in: the live connection, what is being sent, who is writing.
// It ends with the session; the next agent at this desk must find nothing of it.

import { createContext, useContext, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react'
import type { StaffMe } from '../../../contract/console.ts'
import { LiveConnection, heedBrowser, lookForNewerBuild, type LiveState } from '../../ui/index.ts'
import { forgetDrafts } from '../cases/talk/drafts.ts'
import { Outbox, type NewMessage } from '../cases/talk/outbox.ts'
import { meKey, noteSessionEnd, queryClient } from './client.ts'
import { LiveSync } from './live-sync.ts'
import { requests } from './requests.ts'
import { TypingNotices } from './typing.ts'

export type Workplace = {
  live: LiveConnection
  sync: LiveSync
  outbox: Outbox
  typing: TypingNotices
  start: () => void
  stop: () => void
}

/** Where this agent's stream was left, so that a new session goes on from there. */
let leftAt: { agentId: string; position: string } | undefined

const outboxKey = (agentId: string): string => `tuntas.outbox.${agentId}`

function unsent(agentId: string): NewMessage[] {
  try {
    return JSON.parse(sessionStorage.getItem(outboxKey(agentId)) ?? '[]') as NewMessage[]
  } catch {
    return []
  }
}

function keepUnsent(agentId: string, messages: NewMessage[]): void {
  try {
    if (messages.length) sessionStorage.setItem(outboxKey(agentId), JSON.stringify(messages))
    else sessionStorage.removeItem(outboxKey(agentId))
  } catch {
    // Full or forbidden storage: the messages are then kept as long as the page.
  }
}

export function openWorkplace(agentId: string): Workplace {
  const typing = new TypingNotices()
  const outbox: Outbox = new Outbox({
    send: (message) =>
      requests.send(message).catch((error: unknown) => {
        noteSessionEnd(error)
        throw error
      }),
    onStored: (caseId, message) => sync.addMessages(caseId, [message]),
    keep: (messages) => keepUnsent(agentId, messages),
  })
  const sync = new LiveSync({
    client: queryClient,
    agentId,
    onMessage: (message) => {
      if (message.clientMessageId) outbox.settle(message.clientMessageId)
      if (message.author === 'customer') typing.end(message.conversationId)
    },
  })
  const live = new LiveConnection({
    ...(leftAt?.agentId === agentId ? { after: leftAt.position } : {}),
    onEvent: (event) => sync.take(event),
    onStart: () => sync.reset(),
    onReset: () => sync.reset(),
    onTyping: (conversationId, author) => author === 'customer' && typing.note(conversationId),
    onBye: () => queryClient.setQueryData<StaffMe | null>(meKey, null),
  })
  const wake = (): void => outbox.wake()
  let wasOnline = false
  const wakeWhenOnline = (): void => {
    if (live.getState() !== 'online') return
    outbox.wake()
    // Back again: the server may have been started with another build.
    if (wasOnline) void lookForNewerBuild()
    wasOnline = true
  }
  let unsubscribe = (): void => {}
  let stopHeeding = (): void => {}
  return {
    live,
    sync,
    outbox,
    typing,
    start: () => {
      addEventListener('online', wake)
      stopHeeding = heedBrowser(live)
      unsubscribe = live.subscribe(wakeWhenOnline)
      for (const message of unsent(agentId)) outbox.add(message)
      live.start()
    },
    stop: () => {
      removeEventListener('online', wake)
      stopHeeding()
      unsubscribe()
      live.stop()
      const position = live.getPosition()
      // The position counts what was told, not what was read for it: with something in hand the next start reads everything.
      const isLeftInHand = sync.stop()
      if (isLeftInHand) leftAt = undefined
      else if (position !== undefined) leftAt = { agentId, position }
      outbox.stop()
    },
  }
}

const WorkplaceContext = createContext<{ me: StaffMe; place: Workplace } | null>(null)

/** Must be keyed by the agent: another agent gets another workplace. */
export function WorkplaceProvider({ me, children }: { me: StaffMe; children: ReactNode }) {
  const [place] = useState(() => openWorkplace(me.agentId))
  useEffect(() => {
    place.start()
    return place.stop
  }, [place])
  return <WorkplaceContext value={{ me, place }}>{children}</WorkplaceContext>
}

function useContextOf(): { me: StaffMe; place: Workplace } {
  const context = useContext(WorkplaceContext)
  if (!context) throw new Error('outside of a workplace')
  return context
}

export const useMe = (): StaffMe => useContextOf().me
export const useWorkplace = (): Workplace => useContextOf().place
export function useLiveState(): LiveState {
  const { live } = useWorkplace()
  return useSyncExternalStore(live.subscribe, live.getState)
}

/** Whether this agent may do something, e.g. `case.reply`. The server decides again. */
export const useMay = (right: string): boolean => useMe().rights.includes(right)

/** Ends the session and leaves nothing behind in this tab. */
export async function signOut(me: StaffMe): Promise<void> {
  await requests.signOut()
  forgetDrafts(sessionStorage, me.agentId)
  sessionStorage.removeItem(outboxKey(me.agentId))
  // A page of its own: nothing that was read stays in memory.
  location.replace('/cases')
}

import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { afterEach, expect, it, vi } from 'vitest'
import type { Message } from '../data/types.ts'
import { addMessages, loadMessages, messagesKey } from './messages.ts'

const message = (sequence: number): Message =>
  ({
    id: `m${sequence}`,
    conversationId: 'talk',
    sequence,
    kind: 'text',
    author: 'agent',
    text: '',
  }) as Message
afterEach(() => vi.unstubAllGlobals())

it('a message told while the first list is on its way is in it, though the answer is older', async () => {
  const asked = Promise.withResolvers<void>()
  const answer = Promise.withResolvers<void>()
  vi.stubGlobal('fetch', async () => {
    asked.resolve()
    await answer.promise
    return Response.json({ messages: [message(1), message(2)] })
  })
  const client = new QueryClient()
  const observer = new QueryObserver(client, {
    queryKey: messagesKey('talk'),
    queryFn: () => loadMessages('talk', []),
  })
  const stop = observer.subscribe(() => undefined)
  await asked.promise
  addMessages(client, 'talk', [message(3)])
  answer.resolve()
  await vi.waitFor(() => expect(observer.getCurrentResult().data).toBeDefined())
  stop()
  expect(observer.getCurrentResult().data?.map(({ sequence }) => sequence)).toEqual([1, 2, 3])
})

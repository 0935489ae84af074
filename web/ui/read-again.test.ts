// What an event makes old is read again, also when it comes while the first answer is still on its way.
import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readAgain, readAgainAfterFirst } from './read-again.ts'

const queryKey = ['transaction', 'TN']
let client: QueryClient
/** What the server holds; a read answers what it held when it was asked. */
let held: string
/** Reads that have no answer yet, in the order they were asked; `lose` is a network that did not carry it. */
let open: { answer: () => void; lose: () => void; signal: AbortSignal | undefined }[]
let asked: number

beforeEach(() => {
  client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, retry: false } } })
  held = 'old'
  open = []
  asked = 0
})
afterEach(() => client.clear())

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))
const look = (listen = false): (() => void) =>
  new QueryObserver(client, {
    queryKey,
    queryFn: (context) => {
      asked++
      const found = held
      return new Promise<string>((resolve, reject) =>
        open.push({
          answer: () => resolve(found),
          lose: () => reject(new Error('lost')),
          signal: listen ? context.signal : undefined,
        }),
      )
    },
  }).subscribe(() => undefined)
const shown = () => client.getQueryData(queryKey)
async function answerAll(): Promise<void> {
  while (open.length) {
    open.shift()!.answer()
    await settled()
  }
}

it('an event during the first read of a screen makes it read once more after that', async () => {
  look()
  held = 'new'
  readAgain(client, { queryKey: ['transaction'] })
  await settled()
  expect(asked).toBe(1)
  await answerAll()
  expect([asked, shown(), client.getQueryState(queryKey)?.isInvalidated]).toEqual([2, 'new', false])
})

it('a reset during the first read makes it read once more, chosen by predicate or by nothing', async () => {
  look()
  held = 'new'
  readAgain(client, { predicate: (query) => query.queryKey[0] === 'transaction' })
  readAgain(client)
  await answerAll()
  expect([asked, shown()]).toEqual([2, 'new'])
})

it('a storm of events while the first read hangs costs one more read, not one for each', async () => {
  look()
  for (let time = 0; time < 50; time++) readAgain(client, { queryKey })
  await settled()
  readAgain(client, { queryKey })
  await answerAll()
  expect(asked).toBe(2)
})

it('what is known already is read at once, without the answer that is on its way', async () => {
  client.setQueryData(queryKey, 'kept')
  look()
  readAgain(client, { queryKey })
  held = 'new'
  readAgain(client, { queryKey })
  expect(asked).toBe(2)
  await answerAll()
  expect([asked, shown()]).toEqual([2, 'new'])
})

it('a read that no event concerns is left alone', async () => {
  look()
  readAgain(client, { queryKey: ['wallet'] })
  await answerAll()
  expect(asked).toBe(1)
})

it('a screen that was left meanwhile asks nothing, and reads again when it is opened', async () => {
  const leave = look()
  readAgain(client, { queryKey })
  leave()
  await answerAll()
  expect(asked).toBe(1)
  held = 'new'
  look()
  await answerAll()
  expect([asked, shown()]).toEqual([2, 'new'])
})

it('a first read that was given up with its screen asks nothing by itself', async () => {
  const leave = look(true)
  readAgain(client, { queryKey })
  leave()
  expect(open[0]!.signal?.aborted).toBe(true)
  await settled()
  expect(asked).toBe(1)
})

it('a first read that fails is not asked again for the event: it stands as failed', async () => {
  look()
  readAgain(client, { queryKey })
  open.shift()!.lose()
  await settled()
  expect([asked, client.getQueryState(queryKey)?.status]).toEqual([1, 'error'])
  // The next event finds nothing known and nothing on its way: it asks once.
  readAgain(client, { queryKey })
  await answerAll()
  expect([asked, shown()]).toEqual([2, 'old'])
})

it('only what is being read first can be chosen: what is known stays as it is', async () => {
  client.setQueryData(['transaction', 'known'], 'kept')
  look()
  held = 'new'
  readAgainAfterFirst(client, { queryKey: ['transaction'] })
  await answerAll()
  expect([asked, shown()]).toEqual([2, 'new'])
  expect(client.getQueryState(['transaction', 'known'])?.isInvalidated).toBe(false)
})

it('a read that renews what is known is left to run: under a flood of facts it would never come to rest', async () => {
  client.setQueryData(queryKey, 'kept')
  look()
  void client.refetchQueries({ queryKey })
  readAgainAfterFirst(client, { queryKey })
  await answerAll()
  expect(asked).toBe(1)
})

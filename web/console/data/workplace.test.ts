// A session that ends and the next of the same agent: nothing that was told falls between them.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ClientFrame, ServerFrame } from '../../../contract/realtime.ts'
import { problemOf } from '../../../contract/errors.ts'
import type { Socket } from '../../ui/index.ts'
import { queryClient } from './client.ts'
import { keys } from './requests.ts'
import { openWorkplace, type Workplace } from './workplace.tsx'

class FakeSocket implements Socket {
  written: ClientFrame[] = []
  onopen: Socket['onopen'] = null
  onmessage: Socket['onmessage'] = null
  onclose: Socket['onclose'] = null
  onerror: Socket['onerror'] = null
  constructor() {
    socket = this
  }
  send(text: string): void {
    this.written.push(JSON.parse(text) as ClientFrame)
  }
  close(): void {}
  open(): void {
    this.onopen!.call(this as never, {} as Event)
  }
  tell(frame: ServerFrame): void {
    this.onmessage!.call(this as never, { data: JSON.stringify(frame) } as MessageEvent)
  }
}

let socket: FakeSocket
let opened: Workplace[]

beforeEach(() => {
  vi.useFakeTimers()
  opened = []
  const heard = { addEventListener: () => undefined, removeEventListener: () => undefined }
  for (const [name, value] of Object.entries(heard)) vi.stubGlobal(name, value)
  vi.stubGlobal('document', { ...heard, visibilityState: 'visible', querySelector: () => null })
  vi.stubGlobal('location', { protocol: 'http:', host: 'console' })
  vi.stubGlobal('sessionStorage', { getItem: () => null, setItem: () => undefined, removeItem: () => undefined })
  vi.stubGlobal('WebSocket', FakeSocket)
  vi.stubGlobal('fetch', async () => Response.json(problemOf('session_expired'), { status: 401 }))
})
afterEach(() => {
  for (const place of opened) place.stop()
  queryClient.clear()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function start(agentId: string): Workplace {
  const place = openWorkplace(agentId)
  opened.push(place)
  place.start()
  socket.open()
  return place
}
const welcome = (): void => socket.tell({ t: 'welcome', position: '7', window: 8, heartbeatMs: 20_000 })
const change = (): void =>
  socket.tell({ t: 'event', position: '8', events: [{ type: 'case.changed', caseId: 'a' }] })
const isOld = (): boolean | undefined => queryClient.getQueryState(keys.cases('mine'))?.isInvalidated
const showList = (): unknown => queryClient.setQueryData(keys.cases('mine'), { cases: [], counts: {}, asOf: '' })

test('a session that ends while nothing is in hand is gone on with where it was left', () => {
  const place = start('quiet')
  welcome()
  showList()
  place.stop()
  start('quiet')
  expect(socket.written).toEqual([{ t: 'hello', after: '7' }])
  welcome()
  expect(isOld()).toBe(false)
})

test.each([
  ['was just told', 0],
  ['waits for its round', 100],
  ['could not be read without a session', 700],
])('a change that %s when the session ends makes the next one read everything', async (_, waitMs) => {
  const place = start(`busy-${waitMs}`)
  welcome()
  showList()
  change()
  await vi.advanceTimersByTimeAsync(waitMs)
  place.stop()
  start(`busy-${waitMs}`)
  expect(socket.written).toEqual([{ t: 'hello' }])
  expect(isOld()).toBe(false)
  welcome()
  expect(isOld()).toBe(true)
})

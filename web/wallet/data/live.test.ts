// What the stream tells while a screen is read for the first time: the screen is read once more, so that nothing falls between.

import { QueryObserver } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { ServerFrame } from '../../../contract/realtime.ts'
import type * as Live from './live.ts'
import { queryClient } from './client.ts'

let tell: (frame: ServerFrame) => void
let live: typeof Live

beforeEach(async () => {
  const heard = { addEventListener: () => undefined, removeEventListener: () => undefined }
  for (const [name, value] of Object.entries(heard)) vi.stubGlobal(name, value)
  vi.stubGlobal('document', { ...heard, visibilityState: 'visible', querySelector: () => null })
  vi.stubGlobal('location', { protocol: 'http:', host: 'wallet' })
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined, removeItem: () => undefined })
  vi.stubGlobal(
    'WebSocket',
    class {
      onmessage = (_: { data: string }): void => undefined
      constructor() {
        tell = (frame) => this.onmessage({ data: JSON.stringify(frame) })
      }
      send(): void {}
      close(): void {}
    },
  )
  live = await import('./live.ts')
  live.startLive('customer')
})
afterEach(() => {
  live.stopLive()
  queryClient.clear()
  vi.unstubAllGlobals()
})

const welcome: ServerFrame = { t: 'welcome', position: '7', window: 8, heartbeatMs: 20_000 }
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

it.each<[string, ServerFrame[]]>([
  ['the beginning of the stream', [welcome]],
  ['a reset', [welcome, { t: 'reset', position: '9' }]],
  [
    'an event',
    [welcome, { t: 'event', position: '8', events: [{ type: 'transaction.changed', reference: 'TN' }] }],
  ],
])('%s during the first read of a movement makes it read once more', async (_, frames) => {
  let answer = (): void => undefined
  const read = vi.fn(() => new Promise((resolve) => (answer = () => resolve('answer'))))
  // All but the last frame come before the screen is opened.
  for (const frame of frames.slice(0, -1)) tell(frame)
  const leave = new QueryObserver<unknown>(queryClient, {
    queryKey: ['transaction', 'TN'],
    queryFn: read,
  }).subscribe(() => undefined)
  tell(frames.at(-1)!)
  await settled()
  expect(read).toHaveBeenCalledTimes(1)
  answer()
  await settled()
  expect(read).toHaveBeenCalledTimes(2)
  answer()
  await settled()
  expect(read).toHaveBeenCalledTimes(2)
  leave()
})

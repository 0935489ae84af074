import { beforeEach, describe, expect, it, vi } from 'vitest'
import { LiveConnection, type LiveOptions, type Socket } from './live.ts'
import { ApiProblem } from './api.ts'
import type { ServerFrame } from '../../contract/realtime.ts'

class FakeSocket implements Socket {
  onopen: Socket['onopen'] = null
  onmessage: Socket['onmessage'] = null
  onclose: Socket['onclose'] = null
  onerror: Socket['onerror'] = null
  sent: Record<string, unknown>[] = []
  closed = false
  send(data: string): void {
    this.sent.push(JSON.parse(data) as Record<string, unknown>)
  }
  close(): void {
    this.closed = true
  }
  open(): void {
    this.onopen?.call(this as never, {} as never)
  }
  say(frame: ServerFrame): void {
    this.onmessage?.call(this as never, { data: JSON.stringify(frame) } as never)
  }
  drop(): void {
    this.onclose?.call(this as never, {} as never)
  }
  sends = (): unknown[] => this.sent.filter(({ t }) => t === 'send').map(({ text }) => text)
}

type Timer = { delayMs: number; action: () => void; live: boolean }
let sockets: FakeSocket[]
let timers: Timer[]
let events: [string, string][]
let resets: number
const onBye = vi.fn()

function connect(options: Partial<LiveOptions> = {}): LiveConnection {
  const live = new LiveConnection({
    url: 'ws://test/live',
    openSocket: () => sockets[sockets.push(new FakeSocket()) - 1]!,
    schedule: (delayMs, action) => {
      const timer = { delayMs, action, live: true }
      timers.push(timer)
      return () => (timer.live = false)
    },
    random: () => 1,
    onEvent: (event, position) => events.push([event.type, position]),
    onReset: () => resets++,
    onBye,
    ...options,
  })
  live.start()
  return live
}
const newest = (): FakeSocket => sockets.at(-1)!
const fire = (delayMs: number): void => {
  const timer = timers.find((one) => one.live && one.delayMs === delayMs)
  if (!timer) throw new Error(`no timer of ${delayMs} ms`)
  timer.live = false
  timer.action()
}
const welcome = (position = '10', window = 8): void => {
  newest().open()
  newest().say({ t: 'welcome', position, window, heartbeatMs: 20_000 })
}
const stored = (clientMessageId: unknown): ServerFrame => ({
  t: 'ack',
  clientMessageId: String(clientMessageId),
  message: { text: 'stored' } as never,
})
const problem = { type: '', title: 'Busy', status: 429, detail: '', code: 'busy', retry: 'same_key' } as const

beforeEach(() => {
  sockets = []
  timers = []
  events = []
  resets = 0
  onBye.mockReset()
})

describe('connection', () => {
  it('says hello, is online after the welcome, and tells those who listen', () => {
    const live = connect()
    const states: string[] = []
    live.subscribe(() => states.push(live.getState()))
    expect(live.getState()).toBe('connecting')
    welcome()
    expect(newest().sent[0]).toEqual({ t: 'hello' })
    expect(states).toEqual(['online'])
  })

  it('says once that events come from now on: what was read before may lack what happened in between', () => {
    const onStart = vi.fn()
    connect({ onStart })
    expect(onStart).not.toHaveBeenCalled()
    welcome()
    newest().drop()
    fire(500)
    welcome('12')
    expect(onStart).toHaveBeenCalledTimes(1)
    // A page that goes on where another left off is told everything since then.
    connect({ onStart, after: '7' })
    welcome()
    expect(onStart).toHaveBeenCalledTimes(1)
  })

  it('waits longer after each failure, up to 15 s, and starts small again after a welcome', () => {
    connect()
    const delays: number[] = []
    for (let attempt = 0; attempt < 7; attempt++) {
      newest().drop()
      const delayMs = timers.findLast((timer) => timer.live)!.delayMs
      delays.push(delayMs)
      fire(delayMs)
    }
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000])
    welcome()
    newest().drop()
    fire(500)
  })

  it('spreads the waits, so that a restarted server is not stormed', () => {
    connect({ random: () => 0 })
    newest().drop()
    expect(timers.some(({ live, delayMs }) => live && delayMs === 250)).toBe(true)
  })

  it('resumes after the last position that was told', () => {
    connect()
    welcome('10')
    newest().say({ t: 'event', position: '12', events: [{ type: 'wallet.changed' }] })
    newest().drop()
    fire(500)
    newest().open()
    expect(newest().sent[0]).toEqual({ t: 'hello', after: '12' })
  })

  it('tells an event once, comparing positions as numbers', () => {
    connect({ after: '9' })
    welcome('9')
    for (const position of ['10', '9', '10', '100', '11'])
      newest().say({ t: 'event', position, events: [{ type: 'wallet.changed' }] })
    expect(events.map(([, position]) => position)).toEqual(['10', '100'])
  })

  it('asks for a fresh reading after a reset and goes on from there', () => {
    connect()
    welcome('10')
    newest().say({ t: 'reset', position: '500' })
    newest().say({ t: 'event', position: '500', events: [{ type: 'wallet.changed' }] })
    newest().say({ t: 'event', position: '501', events: [{ type: 'look.recorded' }] })
    expect(resets).toBe(1)
    expect(events).toEqual([['look.recorded', '501']])
  })

  it('pings, and gives up a connection that does not answer', () => {
    connect()
    welcome()
    fire(20_000)
    expect(newest().sent.at(-1)).toEqual({ t: 'ping' })
    const silent = newest()
    fire(8_000)
    expect(silent.closed).toBe(true)
    fire(500)
    expect(sockets).toHaveLength(2)
  })

  it('an answered ping keeps it; silence for two heartbeats ends it all the same', () => {
    const live = connect()
    welcome()
    fire(20_000)
    newest().say({ t: 'pong' })
    expect(timers.some(({ live, delayMs }) => live && delayMs === 8_000)).toBe(false)
    expect(live.getState()).toBe('online')
    fire(40_000)
    expect(live.getState()).toBe('offline')
  })

  it('asks at once whether it is still there when told to check, and only while it believes so', () => {
    const live = connect()
    live.check()
    expect(newest().sent).toEqual([])
    welcome()
    live.check()
    expect(newest().sent.at(-1)).toEqual({ t: 'ping' })
    fire(8_000)
    expect(live.getState()).toBe('offline')
  })

  it('does not come back after bye', async () => {
    const live = connect()
    welcome()
    const waiting = live.send({ conversationId: 'c', text: 'hello' })
    newest().say({ t: 'bye', problem: { ...problem, code: 'session_expired' } })
    await expect(waiting).rejects.toMatchObject({ code: 'session_expired' })
    expect(onBye).toHaveBeenCalledOnce()
    live.retryNow()
    expect(sockets).toHaveLength(1)
    expect(live.getState()).toBe('offline')
  })
})

describe('sending', () => {
  it('an id that waits already is sent once, and answers everybody who asked', async () => {
    const live = connect()
    const both = [1, 2].map(() => live.send({ clientMessageId: 'same', conversationId: 'c', text: 'one' }))
    welcome()
    expect(newest().sends()).toEqual(['one'])
    newest().say(stored('same'))
    await expect(Promise.all(both)).resolves.toEqual([{ text: 'stored' }, { text: 'stored' }])
  })

  it('waits until online, and resolves with the stored message', async () => {
    const live = connect()
    const sent = live.send({ conversationId: 'c', text: 'one' })
    expect(newest().sends()).toEqual([])
    welcome()
    expect(newest().sends()).toEqual(['one'])
    newest().say(stored(newest().sent.at(-1)!.clientMessageId))
    await expect(sent).resolves.toEqual({ text: 'stored' })
  })

  it('repeats what had no answer, with the same id and in order, and not what had one', async () => {
    const live = connect()
    welcome()
    const first = live.send({ conversationId: 'c', text: 'one' })
    void live.send({ conversationId: 'c', text: 'two' })
    const [, one, two] = newest().sent
    newest().say(stored(one!.clientMessageId))
    await first
    newest().drop()
    fire(500)
    void live.send({ conversationId: 'c', text: 'three' })
    welcome()
    expect(newest().sends()).toEqual(['two', 'three'])
    expect(newest().sent[1]!.clientMessageId).toBe(two!.clientMessageId)
  })

  it('keeps to the window', () => {
    const live = connect()
    welcome('10', 2)
    for (const text of ['one', 'two', 'three']) void live.send({ conversationId: 'c', text })
    expect(newest().sends()).toEqual(['one', 'two'])
    newest().say(stored(newest().sent[1]!.clientMessageId))
    expect(newest().sends()).toEqual(['one', 'two', 'three'])
  })

  it('sends again after the time that a nack gives, keeping the order', () => {
    const live = connect()
    welcome('10', 1)
    void live.send({ conversationId: 'c', text: 'one' })
    void live.send({ conversationId: 'c', text: 'two' })
    newest().say({
      t: 'nack',
      clientMessageId: String(newest().sent[1]!.clientMessageId),
      problem,
      retryAfterMs: 700,
    })
    expect(newest().sends()).toEqual(['one'])
    fire(700)
    expect(newest().sends()).toEqual(['one', 'one'])
  })

  it('rejects on a final refusal, and what follows goes on', async () => {
    const live = connect()
    welcome('10', 1)
    const refused = live.send({ conversationId: 'c', text: 'one' })
    void live.send({ conversationId: 'c', text: 'two' })
    newest().say({
      t: 'nack',
      clientMessageId: String(newest().sent[1]!.clientMessageId),
      problem: { ...problem, code: 'case_closed' },
    })
    await expect(refused).rejects.toBeInstanceOf(ApiProblem)
    expect(newest().sends()).toEqual(['one', 'two'])
  })

  it('a message that ends with the page is rejected, not lost silently', async () => {
    const live = connect()
    const sent = live.send({ conversationId: 'c', text: 'one' })
    live.stop()
    await expect(sent).rejects.toMatchObject({ code: 'network_error' })
  })

  it('typing is only said while online', () => {
    const live = connect()
    live.typing('c')
    expect(newest().sent).toEqual([])
    welcome()
    live.typing('c')
    expect(newest().sent.at(-1)).toEqual({ t: 'typing', conversationId: 'c' })
  })
})

// The live connection of a page (contract/realtime.ts): reconnects with growing, jittered waits,
// resumes after the last position, and repeats each send with its id until it has an answer.
// A send must never get lost silently, and an event must never be told twice.

import type { LiveEvent, Position, ServerFrame, ClientFrame, SendFrame } from '../../contract/realtime.ts'
import type { Message } from '../../contract/desk.ts'
import type { Locale } from '../../contract/schema.ts'
import { uuidv7 } from '../../contract/ids.ts'
import { ApiProblem, networkProblem } from './api.ts'

export type LiveState = 'connecting' | 'online' | 'offline'

/** The parts of a WebSocket that are used, so that tests can stand in for it. */
export type Socket = Pick<WebSocket, 'send' | 'close' | 'onopen' | 'onmessage' | 'onclose' | 'onerror'>
/** Runs `action` after a time, and returns how to cancel that. */
export type Schedule = (delayMs: number, action: () => void) => () => void

export type LiveOptions = {
  /** `/live` of the page's own address by default. */
  url?: string
  openSocket?: (url: string) => Socket
  schedule?: Schedule
  random?: () => number
  /** Resume after this position, kept from an earlier page. */
  after?: Position
  onEvent: (event: LiveEvent, position: Position) => void
  /** Events come from now on, and only those: what was read before may lack what happened in between. */
  onStart?: () => void
  /** Away for too long: read everything on the screen again. */
  onReset: () => void
  onTyping?: (conversationId: string, author: 'customer' | 'agent') => void
  /** The session ended: there will be no more. */
  onBye?: (problem: ApiProblem) => void
}

export type OutgoingMessage = {
  conversationId: string
  text: string
  language?: Locale
  clientMessageId?: string
  /** Ids of files that were added before. */
  files?: string[]
}

type Pending = {
  frame: SendFrame
  answer: Promise<Message>
  sent: boolean
  waiting: boolean
  resolve: (message: Message) => void
  reject: (problem: ApiProblem) => void
}

const firstDelayMs = 500
const longestDelayMs = 15_000
const patienceMs = 10_000
/** A ping is answered at once; slow phones and far servers included. */
const answerWithinMs = 8_000

export const browserSchedule: Schedule = (delayMs, action) => {
  const timer = setTimeout(action, delayMs)
  return () => clearTimeout(timer)
}

const ownAddress = (): string => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/live`

export class LiveConnection {
  #options: LiveOptions
  #schedule: Schedule
  #socket: Socket | null = null
  #state: LiveState = 'offline'
  #position: Position | undefined
  #window = 1
  #heartbeatMs = patienceMs
  #attempts = 0
  #stopped = true
  #pending = new Map<string, Pending>()
  #listeners = new Set<() => void>()
  #cancelReconnect = (): void => {}
  #cancelWatch = (): void => {}
  #cancelPing = (): void => {}

  constructor(options: LiveOptions) {
    this.#options = options
    this.#schedule = options.schedule ?? browserSchedule
    this.#position = options.after
  }

  /** For `useSyncExternalStore`. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  readonly getState = (): LiveState => this.#state
  /** The place after which the stream goes on. */
  readonly getPosition = (): Position | undefined => this.#position

  start(): void {
    if (!this.#stopped) return
    this.#stopped = false
    this.#connect()
  }

  /** Ends the connection for good; what was not acknowledged is rejected as `network_error`. */
  stop(): void {
    this.#end(networkProblem())
  }

  /** Connects now instead of after the wait: the browser says that the network is back. */
  retryNow(): void {
    if (this.#stopped || this.#socket) return
    this.#attempts = 0
    this.#connect()
  }

  /** Is it still there? The browser says that the network went, or a page comes out of the pocket. Known within seconds. */
  check(): void {
    if (this.#state !== 'online') return
    this.#write({ t: 'ping' })
    this.#watch(answerWithinMs)
  }

  /**
   * Sends a message, over as many connections as it takes. Resolves with the stored message;
   * rejects with the problem of a final refusal, or when the connection is ended.
   * Use the same `clientMessageId` to send again what failed: it is stored once.
   */
  send({ clientMessageId = uuidv7(), ...message }: OutgoingMessage): Promise<Message> {
    // Sent already and not answered yet: both callers hear the one answer.
    const known = this.#pending.get(clientMessageId)
    if (known) return known.answer
    const frame: SendFrame = { t: 'send', clientMessageId, ...message }
    const settle = {} as Pick<Pending, 'resolve' | 'reject'>
    const answer = new Promise<Message>((resolve, reject) => Object.assign(settle, { resolve, reject }))
    this.#pending.set(clientMessageId, { frame, answer, sent: false, waiting: false, ...settle })
    this.#flush()
    return answer
  }

  typing(conversationId: string): void {
    if (this.#state === 'online') this.#write({ t: 'typing', conversationId })
  }

  #connect(): void {
    this.#cancelReconnect()
    this.#setState('connecting')
    const open = this.#options.openSocket ?? ((url: string): Socket => new WebSocket(url))
    const socket = open(this.#options.url ?? ownAddress())
    this.#socket = socket
    socket.onopen = () =>
      this.#write({ t: 'hello', ...(this.#position === undefined ? {} : { after: this.#position }) })
    socket.onmessage = (event: { data: unknown }) => {
      if (socket === this.#socket) this.#receive(JSON.parse(String(event.data)) as ServerFrame)
    }
    socket.onclose = () => this.#lost(socket)
    socket.onerror = () => this.#lost(socket)
    this.#watch()
  }

  /** Silence means that the connection is dead, whatever the socket says: after a ping soon, else after two heartbeats. */
  #watch(withinMs = this.#heartbeatMs * 2): void {
    this.#cancelWatch()
    const socket = this.#socket
    this.#cancelWatch = this.#schedule(withinMs, () => socket && this.#lost(socket))
  }

  #lost(socket: Socket): void {
    if (socket !== this.#socket) return
    this.#drop()
    if (this.#stopped) return
    for (const pending of this.#pending.values()) pending.sent = false
    this.#setState('offline')
    const longest = Math.min(longestDelayMs, firstDelayMs * 2 ** this.#attempts++)
    const delayMs = longest / 2 + (this.#options.random ?? Math.random)() * (longest / 2)
    this.#cancelReconnect = this.#schedule(delayMs, () => this.#connect())
  }

  #drop(): void {
    const socket = this.#socket
    this.#socket = null
    this.#cancelWatch()
    this.#cancelPing()
    if (!socket) return
    socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null
    socket.close()
  }

  #end(problem: ApiProblem): void {
    this.#stopped = true
    this.#cancelReconnect()
    this.#drop()
    this.#setState('offline')
    const pending = [...this.#pending.values()]
    this.#pending.clear()
    for (const { reject } of pending) reject(problem)
  }

  #receive(frame: ServerFrame): void {
    this.#watch()
    switch (frame.t) {
      case 'welcome': {
        this.#window = frame.window
        this.#heartbeatMs = frame.heartbeatMs
        const isFirst = this.#position === undefined
        this.#position ??= frame.position
        this.#attempts = 0
        this.#watch()
        this.#ping()
        this.#setState('online')
        if (isFirst) this.#options.onStart?.()
        return this.#flush()
      }
      case 'event':
        if (this.#position !== undefined && BigInt(frame.position) <= BigInt(this.#position)) return
        this.#position = frame.position
        for (const event of frame.events) this.#options.onEvent(event, frame.position)
        return
      case 'reset':
        this.#position = frame.position
        return this.#options.onReset()
      case 'ack':
        return this.#settle(frame.clientMessageId, (pending) => pending.resolve(frame.message))
      case 'nack': {
        const { clientMessageId, problem, retryAfterMs } = frame
        if (retryAfterMs === undefined)
          return this.#settle(clientMessageId, (pending) => pending.reject(new ApiProblem(problem)))
        return this.#sendLater(clientMessageId, retryAfterMs)
      }
      case 'typing':
        return this.#options.onTyping?.(frame.conversationId, frame.author)
      case 'bye': {
        const problem = new ApiProblem(frame.problem)
        this.#end(problem)
        return this.#options.onBye?.(problem)
      }
    }
  }

  #settle(clientMessageId: string, answer: (pending: Pending) => void): void {
    const pending = this.#pending.get(clientMessageId)
    if (!pending) return
    this.#pending.delete(clientMessageId)
    answer(pending)
    this.#flush()
  }

  #sendLater(clientMessageId: string, retryAfterMs: number): void {
    const pending = this.#pending.get(clientMessageId)
    if (!pending) return
    pending.sent = false
    pending.waiting = true
    this.#schedule(retryAfterMs, () => {
      pending.waiting = false
      this.#flush()
    })
  }

  /** Sends what may be sent, in the order it was written; one that must wait holds back those behind it. */
  #flush(): void {
    if (this.#state !== 'online') return
    let unanswered = [...this.#pending.values()].filter((pending) => pending.sent).length
    for (const pending of this.#pending.values()) {
      if (pending.waiting || unanswered >= this.#window) return
      if (pending.sent) continue
      pending.sent = true
      unanswered++
      this.#write(pending.frame)
    }
  }

  #ping(): void {
    this.#cancelPing()
    this.#cancelPing = this.#schedule(this.#heartbeatMs, () => {
      this.check()
      this.#ping()
    })
  }

  #write(frame: ClientFrame): void {
    this.#socket?.send(JSON.stringify(frame))
  }

  #setState(state: LiveState): void {
    if (this.#state === state) return
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}

/** Tells a connection what the browser knows: the network came back or went, the page is looked at again. Returns how to stop. */
export function heedBrowser(live: LiveConnection): () => void {
  const retry = (): void => live.retryNow()
  const check = (): void => live.check()
  const look = (): void => {
    if (document.visibilityState !== 'visible') return
    live.check()
    live.retryNow()
  }
  addEventListener('online', retry)
  addEventListener('offline', check)
  document.addEventListener('visibilitychange', look)
  return () => {
    removeEventListener('online', retry)
    removeEventListener('offline', check)
    document.removeEventListener('visibilitychange', look)
  }
}

/** A started connection that also hears what the browser knows of the network. */
export function openLive(options: LiveOptions): LiveConnection {
  const live = new LiveConnection(options)
  heedBrowser(live)
  live.start()
  return live
}

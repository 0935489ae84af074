// One live connection: says hello, is told what it missed, then what happens. Frames are checked, bounded and paced.
// A connection that cannot keep up is closed, never waited for: it comes back and resumes by its position.
import type { WebSocket } from 'ws'
import { problemOf, type Problem } from '#contract/errors.ts'
import { isUuid } from '#contract/ids.ts'
import type { Message } from '#contract/desk.ts'
import { maximumMessageLength } from '#contract/desk.ts'
import { fileLimits } from '#contract/files.ts'
import { locales } from '#contract/schema.ts'
import type { ClientFrame, SendFrame, ServerFrame } from '#contract/realtime.ts'
import { Refusal } from './refusal.ts'

export interface Principal {
  kind: 'customer' | 'agent'
  id: string
  sessionId: string
  /** An agent's own wallet: nobody is shown a case of their own (R12). */
  ownCustomerId?: string | undefined
}

/** Sends that may be without an answer at once. */
export const sendWindow = 8
export const heartbeatMs = 20_000
/** A reader this far behind is cut off: memory belongs to those who read. */
const largestBacklogBytes = 4 * 1024 * 1024
/** Messages a customer may send at a stretch, and how many more each second (P10). */
const burst = 60
const perSecond = 20
/** A message that was told to come again is waited for this long; then those behind it may go on. */
const patienceMs = 10_000

export interface ConnectionNeeds {
  principal: Principal
  socket: WebSocket
  /** What this principal missed since a position, and where the stream now stands. `undefined` rows: too far behind. */
  resume(after: bigint | undefined): Promise<{ frames: readonly string[] | undefined; position: bigint }>
  send(frame: SendFrame): Promise<Message>
  typing(conversationId: string): void
  onFault(error: unknown): void
}

export interface Connection {
  readonly principal: Principal
  /** An encoded event frame of the tail; kept back while the connection is being told what it missed. */
  deliver(position: bigint, frame: string): void
  write(frame: ServerFrame): void
  close(code: number, problem?: Problem): void
}

export function serveConnection(
  needs: ConnectionNeeds,
  onClose: (connection: Connection) => void,
): Connection {
  const { socket, principal } = needs
  let position: bigint | undefined
  let held: { position: bigint; frame: string }[] | undefined
  let unanswered = 0
  let sending: Promise<void> = Promise.resolve()
  let arrivals = 0
  let comesFirst: { id: string; arrival: number; untilMs: number } | undefined
  let allowance = burst
  let allowanceAt = performance.now()
  let alive = true

  function raw(text: string): void {
    if (socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount > largestBacklogBytes) return socket.terminate()
    socket.send(text)
  }
  const connection: Connection = {
    principal,
    write: (frame) => raw(JSON.stringify(frame)),
    deliver(at, frame) {
      if (held) held.push({ position: at, frame })
      else if (position !== undefined && at > position) raw(frame)
    },
    close(code, problem) {
      if (problem) connection.write({ t: 'bye', problem })
      socket.close(code)
    },
  }

  async function hello(after: bigint | undefined): Promise<void> {
    held = []
    const missed = await needs.resume(after)
    connection.write({
      t: 'welcome',
      position: String(missed.frames ? (after ?? missed.position) : missed.position),
      window: sendWindow,
      heartbeatMs,
    })
    if (missed.frames) for (const frame of missed.frames) raw(frame)
    else connection.write({ t: 'reset', position: String(missed.position) })
    position = missed.position
    const later = held
    held = undefined
    for (const { position: at, frame } of later) connection.deliver(at, frame)
  }

  function mayGoOn(): boolean {
    const now = performance.now()
    allowance = Math.min(burst, allowance + ((now - allowanceAt) / 1000) * perSecond)
    allowanceAt = now
    if (unanswered >= sendWindow || allowance < 1) return false
    allowance -= 1
    return true
  }

  function refuse(frame: SendFrame, problem: Problem, retryAfterMs: number | undefined): void {
    const { clientMessageId } = frame
    connection.write({
      t: 'nack',
      clientMessageId,
      problem,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    })
  }

  // One after the other, and nothing behind a message that must be sent again: a customer's order is the order of sending.
  function accept(frame: SendFrame): void {
    const arrival = ++arrivals
    const waitForIt = () =>
      (comesFirst = { id: frame.clientMessageId, arrival, untilMs: performance.now() + patienceMs })
    if (comesFirst && comesFirst.id !== frame.clientMessageId && performance.now() < comesFirst.untilMs)
      return refuse(frame, problemOf('busy'), 250)
    if (!mayGoOn()) {
      waitForIt()
      return refuse(frame, problemOf('busy'), 250)
    }
    comesFirst = undefined
    unanswered++
    sending = sending.then(async () => {
      // What arrived before the one that is waited for goes on.
      if (comesFirst && comesFirst.arrival < arrival) return refuse(frame, problemOf('busy'), 250)
      try {
        connection.write({
          t: 'ack',
          clientMessageId: frame.clientMessageId,
          message: await needs.send(frame),
        })
      } catch (error) {
        const problem = error instanceof Refusal ? error.toProblem() : problemOf('system_error')
        if (!(error instanceof Refusal)) needs.onFault(error)
        const again = ['busy', 'outcome_unknown', 'system_error', 'shutting_down'].includes(problem.code)
        if (again) waitForIt()
        refuse(frame, problem, again ? 500 : undefined)
      }
    })
    void sending.finally(() => unanswered--)
  }

  socket.on('message', (data, isBinary) => {
    alive = true
    const frame = isBinary ? undefined : readFrame(String(data))
    if (!frame) return socket.close(1008, 'not a frame of this protocol')
    if (frame.t === 'hello') {
      if (held || position !== undefined) return socket.close(1008, 'hello comes once')
      return void hello(frame.after === undefined ? undefined : BigInt(frame.after)).catch(
        (error: unknown) => {
          needs.onFault(error)
          socket.close(1011)
        },
      )
    }
    if (position === undefined && !held) return socket.close(1008, 'hello comes first')
    if (frame.t === 'send') return accept(frame)
    if (frame.t === 'typing') return needs.typing(frame.conversationId)
    connection.write({ t: 'pong' })
  })

  const heart = setInterval(() => {
    if (!alive) return socket.terminate()
    alive = false
    socket.ping()
  }, heartbeatMs * 1.5)
  socket.on('pong', () => (alive = true))
  socket.on('error', () => socket.terminate())
  socket.on('close', () => {
    clearInterval(heart)
    onClose(connection)
  })
  return connection
}

/** Each once, at least one, at most what a message may carry. */
const isFileList = (value: unknown): value is string[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.length <= fileLimits.perMessage &&
  new Set(value).size === value.length &&
  value.every(isUuid)

/** Exactly the frames of the contract, nothing else; `undefined` for anything else. */
export function readFrame(text: string): ClientFrame | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const frame = value as Record<string, unknown>
  switch (frame['t']) {
    case 'ping':
      return { t: 'ping' }
    case 'hello': {
      const after = frame['after']
      if (after === undefined) return { t: 'hello' }
      return typeof after === 'string' && /^[0-9]{1,18}$/.test(after) ? { t: 'hello', after } : undefined
    }
    case 'typing':
      return isUuid(frame['conversationId'])
        ? { t: 'typing', conversationId: frame['conversationId'] }
        : undefined
    case 'send': {
      const { clientMessageId, conversationId, text: message, language, files } = frame
      if (!isUuid(clientMessageId) || !isUuid(conversationId) || typeof message !== 'string') return undefined
      if (files !== undefined && !isFileList(files)) return undefined
      if ((message.length === 0 && !files) || message.length > maximumMessageLength) return undefined
      const known = locales.find((locale) => locale === language)
      if (language !== undefined && !known) return undefined
      return {
        t: 'send',
        clientMessageId,
        conversationId,
        text: message,
        ...(known ? { language: known } : {}),
        ...(files ? { files } : {}),
      }
    }
    default:
      return undefined
  }
}

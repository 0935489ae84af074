// A live connection as contract/realtime.ts asks of its clients: resumes by position, keeps to the window, repeats what
// was refused for now after the time it was told, and never sends a later message before an earlier one is accepted.
import { WebSocket } from 'ws'
import type { LiveEvent, ServerFrame } from '#contract/realtime.ts'

export interface Outgoing {
  clientMessageId: string
  conversationId: string
  text: string
}

export interface LiveClientOptions {
  port: number
  cookie: string
  onEvents?: (events: readonly LiveEvent[]) => void
  /** The first time that a message goes out. */
  onSent?: (clientMessageId: string) => void
  onStored?: (clientMessageId: string) => void
  /** Away for too long: everything must be read again; events go on after that. Without it, it is trouble. */
  onReset?: () => void
  /** Refused for good, or told to read everything again: this client has not kept up, and says so. */
  onTrouble: (what: string) => void
}

interface Queued extends Outgoing {
  place: number
}

const reconnectMs = 250
const inOrder = (messages: readonly Queued[]) => messages.toSorted((one, other) => one.place - other.place)

export class LiveClient {
  #options: LiveClientOptions
  #socket: WebSocket | undefined
  #position: string | undefined
  #window = 1
  #waiting: Queued[] = []
  /** Sent and without an answer, oldest first. */
  #unanswered: Queued[] = []
  #refused: Queued[] = []
  #heldUntil = 0
  #places = 0
  #ended = false
  #isDeaf = false
  #welcome: (() => void) | undefined

  constructor(options: LiveClientOptions) {
    this.#options = options
  }

  /** Resolves when the server has said from where events will come. */
  connect(): Promise<void> {
    return new Promise((resolve) => {
      this.#welcome = resolve
      this.#open()
    })
  }

  send(messages: readonly Outgoing[]): void {
    for (const message of messages) this.#waiting.push({ ...message, place: this.#places++ })
    this.#flush()
  }

  /** From now on nothing reaches this client: what it sends may be stored, and it never hears of it. Until `hangUp`. */
  goDeaf(): void {
    this.#isDeaf = true
  }

  /** The line is dead: connects again, and asks again for what had no answer. */
  hangUp(): void {
    this.#socket?.terminate()
  }

  end(): void {
    this.#ended = true
    this.#socket?.close()
  }

  #open(): void {
    const socket = new WebSocket(`ws://127.0.0.1:${this.#options.port}/live`, {
      headers: { cookie: this.#options.cookie },
      perMessageDeflate: false,
    })
    this.#socket = socket
    this.#isDeaf = false
    socket.on('open', () =>
      socket.send(JSON.stringify({ t: 'hello', ...(this.#position ? { after: this.#position } : {}) })),
    )
    socket.on('message', (data) => {
      if (!this.#isDeaf) this.#read(JSON.parse(String(data)) as ServerFrame)
    })
    socket.on('error', (error) => this.#options.onTrouble(error.message))
    socket.on('close', () => {
      if (this.#ended) return
      // What had no answer is asked again, in its order; the server stores it once.
      this.#waiting = inOrder([...this.#refused, ...this.#unanswered, ...this.#waiting])
      this.#unanswered = []
      this.#refused = []
      this.#window = 0
      setTimeout(() => this.#open(), reconnectMs)
    })
  }

  #read(frame: ServerFrame): void {
    switch (frame.t) {
      case 'welcome':
        this.#position = frame.position
        this.#window = frame.window
        this.#welcome?.()
        return this.#flush()
      case 'event':
        // Delivery is at least once: what is not after the last position was told before.
        if (this.#position !== undefined && BigInt(frame.position) <= BigInt(this.#position)) return
        this.#position = frame.position
        return this.#options.onEvents?.(frame.events)
      case 'ack':
        this.#answered(frame.clientMessageId)
        this.#options.onStored?.(frame.clientMessageId)
        return this.#flush()
      case 'nack': {
        const message = this.#answered(frame.clientMessageId)
        if (!message) return
        if (frame.retryAfterMs === undefined) this.#options.onTrouble(`refused: ${frame.problem.code}`)
        else {
          this.#refused.push(message)
          this.#heldUntil = Math.max(this.#heldUntil, performance.now() + frame.retryAfterMs)
        }
        return this.#flush()
      }
      case 'reset':
        this.#position = frame.position
        if (this.#options.onReset) return this.#options.onReset()
        return this.#options.onTrouble('reset')
      case 'bye':
        this.#ended = true
        return this.#options.onTrouble(`bye: ${frame.problem.code}`)
      default:
    }
  }

  #answered(clientMessageId: string): Queued | undefined {
    const place = this.#unanswered.findIndex((message) => message.clientMessageId === clientMessageId)
    return place < 0 ? undefined : this.#unanswered.splice(place, 1)[0]
  }

  #flush(): void {
    if (this.#refused.length > 0) {
      // Wait for every answer, then for the time that was asked for; then go on from the first refused one.
      if (this.#unanswered.length > 0) return
      this.#waiting = inOrder([...this.#refused, ...this.#waiting])
      this.#refused = []
    }
    const wait = this.#heldUntil - performance.now()
    if (wait > 0) return void setTimeout(() => this.#flush(), wait)
    while (this.#waiting.length > 0 && this.#unanswered.length < this.#window) {
      const message = this.#waiting.shift()!
      const { clientMessageId, conversationId, text } = message
      this.#unanswered.push(message)
      this.#options.onSent?.(clientMessageId)
      this.#socket!.send(JSON.stringify({ t: 'send', clientMessageId, conversationId, text }))
    }
  }
}

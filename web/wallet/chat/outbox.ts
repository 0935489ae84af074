// Messages that this device has written and the server has not stored yet. They outlive reloads and lost
// connections, go out in the order they were written, and leave only when stored or when the customer drops them.

import type { Message } from '../../../contract/desk.ts'
import type { ErrorCode, ProblemValues } from '../../../contract/errors.ts'
import type { Attachment } from '../../../contract/files.ts'
import type { Locale } from '../../../contract/schema.ts'
import { toProblem } from '../../ui/api.ts'

export type OutgoingMessage = {
  clientMessageId: string
  conversationId: string
  text: string
  language: Locale
  /** Sent before; the message only names them. */
  files?: Attachment[]
  writtenAt: string
  /** Set when the server refused it for good; it stays until it is sent again or dropped. */
  failure?: { code: ErrorCode; values: ProblemValues }
}

export type OutboxNeeds = {
  read(): OutgoingMessage[]
  write(items: OutgoingMessage[]): void
  /** Sends over as many connections as it takes; null when there is no connection to try with. */
  send(
    message: Pick<OutgoingMessage, 'clientMessageId' | 'conversationId' | 'text' | 'language'> & {
      files?: string[]
    },
  ): Promise<Message> | null
  onStored(message: Message): void
}

/** The connection was ended, or the session: nothing was said about the message itself. */
const stillWaiting = new Set<ErrorCode>([
  'network_error',
  'session_expired',
  'shutting_down',
  'busy',
  'system_error',
])

export class ChatOutbox {
  #needs: OutboxNeeds
  #items: OutgoingMessage[] | null = null
  #listeners = new Set<() => void>()

  constructor(needs: OutboxNeeds) {
    this.#needs = needs
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  readonly getItems = (): readonly OutgoingMessage[] => (this.#items ??= this.#needs.read())

  /** Keeps the message first, then sends it. */
  add(message: OutgoingMessage): void {
    this.#change((items) => [...items, message])
    this.#send(message)
  }

  /** Sends again all that waits, oldest first: after a reload, or on a new connection. */
  resume(): void {
    this.#items = this.#needs.read()
    this.#tell()
    for (const item of this.#items) if (!item.failure) this.#send(item)
  }

  retry(clientMessageId: string): void {
    const item = this.getItems().find((other) => other.clientMessageId === clientMessageId)
    if (!item?.failure) return
    const { failure: _dropped, ...again } = item
    this.#change((items) => items.map((other) => (other.clientMessageId === clientMessageId ? again : other)))
    this.#send(again)
  }

  drop(clientMessageId: string): void {
    this.#remove(clientMessageId)
  }

  /** The server has it: told by an acknowledgement, an event or a list that was read. */
  stored(clientMessageId: string): void {
    this.#remove(clientMessageId)
  }

  #send({ clientMessageId, conversationId, text, language, files }: OutgoingMessage): void {
    const named = files?.length ? { files: files.map(({ id }) => id) } : {}
    this.#needs
      .send({ clientMessageId, conversationId, text, language, ...named })
      ?.then((message) => {
        this.#remove(clientMessageId)
        this.#needs.onStored(message)
      })
      .catch((error: unknown) => {
        const { code, values } = toProblem(error)
        if (stillWaiting.has(code)) return
        this.#change((items) =>
          items.map((item) =>
            item.clientMessageId === clientMessageId ? { ...item, failure: { code, values } } : item,
          ),
        )
      })
  }

  #remove(clientMessageId: string): void {
    const isOther = (item: OutgoingMessage): boolean => item.clientMessageId !== clientMessageId
    if (!this.getItems().every(isOther)) this.#change((items) => items.filter(isOther))
  }

  /** Made to what this page holds and to what the device keeps: another tab may have written there meanwhile. */
  #change(change: (items: readonly OutgoingMessage[]) => OutgoingMessage[]): void {
    this.#items = change(this.getItems())
    this.#needs.write(change(this.#needs.read()))
    this.#tell()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}

// What the agent has sent and the server has not yet stored. Each message is sent again with the same id until it
// is stored or finally refused; those of one case go one after the other. Nothing may get lost silently, nothing twice.

import type { Message } from '../../../../contract/desk.ts'
import { toProblem, type ApiProblem } from '../../../ui/api.ts'
import type { DraftKind } from './drafts.ts'

export type Outgoing = {
  caseId: string
  clientMessageId: string
  kind: DraftKind
  text: string
  /** `waiting` is between two tries; `failed` was refused and needs the agent. */
  state: 'sending' | 'waiting' | 'failed'
  tries: number
  problem?: ApiProblem
}
export type NewMessage = Pick<Outgoing, 'caseId' | 'clientMessageId' | 'kind' | 'text'>
export type Schedule = (delayMs: number, action: () => void) => () => void

export type OutboxOptions = {
  send: (message: NewMessage) => Promise<Message>
  onStored: (caseId: string, message: Message) => void
  /** Kept over a reload, without state. */
  keep?: (messages: NewMessage[]) => void
  schedule?: Schedule
}

const firstDelayMs = 1000
const longestDelayMs = 15_000
const browserSchedule: Schedule = (delayMs, action) => {
  const timer = setTimeout(action, delayMs)
  return () => clearTimeout(timer)
}

/** Trying again helps without anybody doing anything, or after signing in again. */
const passes = (problem: ApiProblem): boolean =>
  problem.retry === 'automatic' || problem.code === 'busy' || problem.status === 401

export class Outbox {
  #options: OutboxOptions
  #schedule: Schedule
  #messages: readonly Outgoing[] = []
  #listeners = new Set<() => void>()
  #cancelWait = new Map<string, () => void>()
  #stopped = false

  constructor(options: OutboxOptions) {
    this.#options = options
    this.#schedule = options.schedule ?? browserSchedule
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  readonly getMessages = (): readonly Outgoing[] => this.#messages

  add(message: NewMessage): void {
    if (this.#messages.some(({ clientMessageId }) => clientMessageId === message.clientMessageId)) return
    this.#set([...this.#messages, { ...message, state: 'waiting', tries: 0 }])
    this.#sendNext(message.caseId)
  }

  /** The same message, with the same id: it is stored once, however often this is pressed. */
  retry(clientMessageId: string): void {
    const message = this.#find(clientMessageId)
    if (!message || message.state === 'sending') return
    this.#change(clientMessageId, { state: 'waiting', problem: undefined })
    this.#sendNext(message.caseId)
  }

  /** Takes a refused message back. One that may already be stored cannot be taken back. */
  discard(clientMessageId: string): Outgoing | undefined {
    const message = this.#find(clientMessageId)
    if (message?.state !== 'failed') return undefined
    this.#remove(clientMessageId)
    this.#sendNext(message.caseId)
    return message
  }

  /** Tries now what waits: the connection or the session is back. */
  wake(): void {
    for (const caseId of new Set(this.#messages.map((message) => message.caseId))) {
      this.#cancelWait.get(caseId)?.()
      this.#cancelWait.delete(caseId)
      this.#sendNext(caseId)
    }
  }

  /** A live event may tell of the stored message before the answer does. */
  settle(clientMessageId: string): void {
    const message = this.#find(clientMessageId)
    if (!message) return
    this.#remove(clientMessageId)
    this.#sendNext(message.caseId)
  }

  stop(): void {
    this.#stopped = true
    for (const cancel of this.#cancelWait.values()) cancel()
  }

  #sendNext(caseId: string): void {
    const ofCase = this.#messages.filter((message) => message.caseId === caseId)
    if (this.#stopped || this.#cancelWait.has(caseId) || ofCase.some(({ state }) => state === 'sending'))
      return
    const next = ofCase.find(({ state }) => state === 'waiting')
    if (!next) return
    const { clientMessageId, kind, text, tries } = next
    this.#change(clientMessageId, { state: 'sending' })
    this.#options.send({ caseId, clientMessageId, kind, text }).then(
      (stored) => {
        this.#options.onStored(caseId, stored)
        this.settle(clientMessageId)
      },
      (error: unknown) => this.#refused(next, tries + 1, toProblem(error)),
    )
  }

  #refused({ caseId, clientMessageId }: Outgoing, tries: number, problem: ApiProblem): void {
    if (!this.#find(clientMessageId)) return
    if (!passes(problem)) {
      this.#change(clientMessageId, { state: 'failed', tries, problem })
      return this.#sendNext(caseId)
    }
    this.#change(clientMessageId, { state: 'waiting', tries, problem })
    if (this.#stopped) return
    const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** (tries - 1))
    this.#cancelWait.set(
      caseId,
      this.#schedule(delayMs, () => {
        this.#cancelWait.delete(caseId)
        this.#sendNext(caseId)
      }),
    )
  }

  #find(clientMessageId: string): Outgoing | undefined {
    return this.#messages.find((message) => message.clientMessageId === clientMessageId)
  }
  #change(clientMessageId: string, change: Partial<Outgoing>): void {
    this.#set(
      this.#messages.map((message) =>
        message.clientMessageId === clientMessageId ? { ...message, ...change } : message,
      ),
    )
  }
  #remove(clientMessageId: string): void {
    this.#set(this.#messages.filter((message) => message.clientMessageId !== clientMessageId))
  }
  #set(messages: readonly Outgoing[]): void {
    this.#messages = messages
    this.#options.keep?.(
      messages.map(({ caseId, clientMessageId, kind, text }) => ({ caseId, clientMessageId, kind, text })),
    )
    for (const listener of this.#listeners) listener()
  }
}

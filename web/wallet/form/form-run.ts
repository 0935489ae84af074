// Sends a form that must take effect once: the key and the content are kept before the request leaves, a lost answer
// repeats the same content under the same key, also after a reload, and only an answer makes the key forgotten.

import { newIdempotencyKey, toProblem, type ApiProblem } from '../../ui/api.ts'
import { isUnanswered, waitMs } from '../pay/attempt.ts'

/** What is kept on the device until the answer is known. */
export type StoredForm<Body> = { key: string; body: Body }

export type FormState<Answer> =
  | { step: 'editing'; refusal?: ApiProblem }
  | { step: 'sending' }
  /** No answer yet: the same is sent again by itself. */
  | { step: 'finding'; tries: number }
  | { step: 'done'; answer: Answer }

export type FormNeeds<Body, Answer> = {
  store: { read(): StoredForm<Body> | undefined; write(form: StoredForm<Body>): void; remove(): void }
  send(key: string, body: Body): Promise<Answer>
  /** Runs `action` after a time, and returns how to cancel that. */
  schedule(delayMs: number, action: () => void): () => void
  newKey?(): string
}

export class FormRun<Body, Answer> {
  #needs: FormNeeds<Body, Answer>
  #state: FormState<Answer> = { step: 'editing' }
  #listeners = new Set<() => void>()
  #cancelWait = (): void => {}
  #stopped = false

  constructor(needs: FormNeeds<Body, Answer>) {
    this.#needs = needs
    const stored = needs.store.read()
    if (stored) {
      this.#state = { step: 'finding', tries: 0 }
      void this.#send(stored, 0)
    }
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  readonly getState = (): FormState<Answer> => this.#state

  /** Another tab may have sent it already: then its try goes on, and this one is not sent beside it. */
  submit(body: Body): void {
    if (this.#state.step !== 'editing' && this.#state.step !== 'done') return
    const { store, newKey = newIdempotencyKey } = this.#needs
    const form = store.read() ?? { key: newKey(), body }
    store.write(form)
    this.#set({ step: 'sending' })
    void this.#send(form, 0)
  }

  /** The connection is back: what waits is tried at once. */
  networkBack(): void {
    const stored = this.#state.step === 'finding' ? this.#needs.store.read() : undefined
    if (!stored || this.#state.step !== 'finding') return
    this.#cancelWait()
    void this.#send(stored, this.#state.tries)
  }

  stop(): void {
    this.#stopped = true
    this.#cancelWait()
  }

  async #send(form: StoredForm<Body>, tries: number): Promise<void> {
    try {
      const answer = await this.#needs.send(form.key, form.body)
      this.#forget(form)
      if (!this.#stopped) this.#set({ step: 'done', answer })
    } catch (error) {
      const problem = toProblem(error)
      const open = this.#state.step === 'sending' || this.#state.step === 'finding'
      if (this.#stopped || !open) return
      if (isUnanswered(problem)) {
        this.#set({ step: 'finding', tries: tries + 1 })
        this.#cancelWait()
        this.#cancelWait = this.#needs.schedule(waitMs(tries + 1), () => void this.#send(form, tries + 1))
        return
      }
      // Signed out is no answer on the form: after signing in, the same key finds out.
      if (problem.code !== 'session_expired') this.#forget(form)
      this.#set({ step: 'editing', refusal: problem })
    }
  }

  /** Another tab may have been answered first, and keep its next form under the same name: that one is not ours to forget. */
  #forget({ key }: StoredForm<Body>): void {
    const { store } = this.#needs
    if (store.read()?.key === key) store.remove()
  }

  #set(state: FormState<Answer>): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}

// Runs the attempt of one order: keeps the key, sends, repeats, asks. All outside things are given, so that
// tests can lose answers and restart the page. The key must be kept before a request leaves.

import type { Checkout, Payment } from '../../../contract/customer.ts'
import { newIdempotencyKey, toProblem } from '../../ui/api.ts'
import { begin, next, type PayEffect, type PayEvent, type PayState, type StoredAttempt } from './attempt.ts'

export type AttemptStore = {
  read(orderId: string): StoredAttempt | null
  write(attempt: StoredAttempt): void
  remove(orderId: string): void
}

export type PayNeeds = {
  orderId: string
  customerId: string
  store: AttemptStore
  pay(key: string, pin: string): Promise<Payment>
  ask(): Promise<Checkout>
  /** Runs `action` after a time, and returns how to cancel that. */
  schedule(delayMs: number, action: () => void): () => void
  newKey?(): string
  clock?(): string
}

export class PayRun {
  #needs: PayNeeds
  #state: PayState
  #listeners = new Set<() => void>()
  #cancelWait = (): void => {}
  /** Answers of requests that a newer one has replaced are still heard when they say "paid", else dropped. */
  #turn = 0
  #stopped = false

  constructor(needs: PayNeeds, checkout: Checkout) {
    this.#needs = needs
    const first = begin(needs.store.read(needs.orderId), needs.customerId, checkout)
    this.#state = first.state
    for (const effect of first.effects) this.#perform(effect)
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  readonly getState = (): PayState => this.#state

  submit(pin: string): void {
    // Another tab may have a try under way: then its key is ours too.
    const kept = this.#needs.store.read(this.#needs.orderId)
    const shared = kept && kept.customerId === this.#needs.customerId ? kept.key : undefined
    this.#tell({ type: 'submitted', pin, newKey: shared ?? this.#newKey() })
  }
  closeRefusal(): void {
    this.#tell({ type: 'refusal_closed' })
  }
  networkBack(): void {
    this.#tell({ type: 'network_back' })
  }
  /** The page learned of the order by another way, for instance by a live event. */
  seen(checkout: Checkout): void {
    if (checkout.payment) this.#tell({ type: 'asked', checkout, newKey: this.#newKey() })
  }
  stop(): void {
    this.#stopped = true
    this.#cancelWait()
  }

  #newKey(): string {
    return (this.#needs.newKey ?? newIdempotencyKey)()
  }

  #tell(event: PayEvent): void {
    const step = next(this.#state, event)
    this.#state = step.state
    for (const effect of step.effects) this.#perform(effect)
    for (const listener of this.#listeners) listener()
  }

  #perform(effect: PayEffect): void {
    const { store, orderId, customerId, clock = () => new Date().toISOString() } = this.#needs
    switch (effect.do) {
      case 'keep':
        return store.write({ orderId, customerId, key: effect.key, startedAt: clock() })
      case 'forget':
        return store.remove(orderId)
      case 'send':
        return this.#after(effect.afterMs, (turn) => void this.#send(turn, effect.key, effect.pin))
      case 'ask':
        return this.#after(effect.afterMs, (turn) => void this.#ask(turn))
    }
  }

  #after(delayMs: number, action: (turn: number) => void): void {
    this.#cancelWait()
    const turn = ++this.#turn
    if (delayMs === 0) return action(turn)
    this.#cancelWait = this.#needs.schedule(delayMs, () => action(turn))
  }

  async #send(turn: number, key: string, pin: string): Promise<void> {
    try {
      const payment = await this.#needs.pay(key, pin)
      if (!this.#stopped) this.#tell({ type: 'answered', payment })
    } catch (error) {
      if (this.#stopped || turn !== this.#turn) return
      this.#tell({ type: 'failed', problem: toProblem(error), newKey: this.#newKey() })
    }
  }

  async #ask(turn: number): Promise<void> {
    try {
      const checkout = await this.#needs.ask()
      if (this.#stopped || (turn !== this.#turn && !checkout.payment)) return
      this.#tell({ type: 'asked', checkout, newKey: this.#newKey() })
    } catch {
      if (!this.#stopped && turn === this.#turn) this.#tell({ type: 'ask_failed' })
    }
  }
}

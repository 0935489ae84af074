// Whether this page still has a line to the server. A page that only waits asks for nothing, so it would go on saying
// that all is well: the live connection's loss, and what the browser says, raise a doubt; any answer settles it.
// A doubt alone must never say "no connection": some networks carry requests and no live connection.

import { browserSchedule, type Schedule } from '../../ui/live.ts'

/** Long enough for a server that only starts again, short enough to be read before the next decision. */
export const lostAfterMs = 2500

export type LineNeeds = {
  /** Asks the server something small; its answer is told by `holds`. */
  ask: () => void
  /** The line is back: what could not be read meanwhile is read now. */
  onBack: () => void
  schedule?: Schedule
}

export class Line {
  #needs: LineNeeds
  #lost = false
  #cancel: (() => void) | null = null
  #listeners = new Set<() => void>()

  constructor(needs: LineNeeds) {
    this.#needs = needs
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  readonly isLost = (): boolean => this.#lost

  /** Something says that the line may be gone. Without an answer in time it is. */
  doubt(): void {
    if (!this.#lost)
      this.#cancel ??= (this.#needs.schedule ?? browserSchedule)(lostAfterMs, () => {
        this.#cancel = null
        this.#set(true)
      })
    this.#needs.ask()
  }

  /** The server answered, whatever it said. */
  holds(): void {
    this.#cancel?.()
    this.#cancel = null
    if (!this.#lost) return
    this.#set(false)
    this.#needs.onBack()
  }

  #set(lost: boolean): void {
    this.#lost = lost
    for (const listener of this.#listeners) listener()
  }
}

// A double click belongs to the control that it began on: what takes that one's place counts no press for a moment. Taking a case
// puts "Release" where "Take" was, and it asks nothing.

import { useCallback, useState, type MouseEvent } from 'react'

/** Longer than two presses of one double click are apart. */
export const settleMs = 600

export type Place = { left: number; top: number; right: number; bottom: number }
export type Control = { name: string; place: Place }

const overlap = (one: Place, other: Place): boolean =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom

export class PressGuard {
  #pressed: Control | undefined
  #names = ''
  #changedAt = -Infinity

  /** The controls that stand there now, in order. */
  shows(names: readonly string[], nowMs: number): void {
    const all = names.join('\n')
    if (all === this.#names) return
    this.#names = all
    this.#changedAt = nowMs
  }

  /** Whether this press counts. The same control again does: it was there to be read. */
  press(control: Control, nowMs: number): boolean {
    const before = this.#pressed
    const fresh = nowMs - this.#changedAt < settleMs
    if (fresh && before && before.name !== control.name && overlap(before.place, control.place)) return false
    this.#pressed = control
    return true
  }
}

const nameOf = (button: Element): string => button.textContent ?? ''

/** For the row of buttons, whoever draws them: by mouse and by key alike. What lies over the row is not of it. */
export function usePressGuard() {
  const [guard] = useState(() => new PressGuard())
  const ref = useCallback(
    (row: HTMLElement | null) => {
      if (!row) return
      const note = (): void =>
        guard.shows([...row.querySelectorAll(':scope > button')].map(nameOf), performance.now())
      note()
      const observer = new MutationObserver(note)
      observer.observe(row, { childList: true, subtree: true, characterData: true })
      return () => observer.disconnect()
    },
    [guard],
  )
  const onClickCapture = (event: MouseEvent<HTMLElement>): void => {
    const button = (event.target as Element).closest('button')
    if (button?.parentElement !== event.currentTarget) return
    const control = { name: nameOf(button), place: button.getBoundingClientRect() }
    if (guard.press(control, performance.now())) return
    event.preventDefault()
    event.stopPropagation()
  }
  return { ref, onClickCapture }
}

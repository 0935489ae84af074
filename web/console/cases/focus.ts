// Ways to the composer from elsewhere: the keys r and n, and Enter in the queue. And where the keyboard goes on
// after the button that it pressed is gone with what it did.

import type { DraftKind } from './talk/drafts.ts'

const listeners = new Set<(kind?: DraftKind) => void>()

/** Puts the cursor into the composer of the open case, as reply or as note; without either, what was begun stays what it is. */
export function focusCase(kind?: DraftKind): void {
  for (const listener of listeners) listener(kind)
}

export function onFocusCase(listener: (kind?: DraftKind) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const readers = new Set<() => void>()

/** Puts the keyboard at the newest line of the talk. */
export function focusNewest(): void {
  for (const reader of readers) reader()
}

export function onFocusNewest(reader: () => void): () => void {
  readers.add(reader)
  return () => readers.delete(reader)
}

let closedHere = false
/** The agent closes the open case here: its outcome takes the focus once it shows. */
export const focusOutcome = (): void => void (closedHere = true)
/** Whether the outcome that shows now takes the focus; once. */
export function takesFocus(): boolean {
  const taken = closedHere
  closedHere = false
  return taken
}

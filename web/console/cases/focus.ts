// Ways to the composer from elsewhere: the keys r and n, and Enter in the queue.

import type { DraftKind } from './talk/drafts.ts'

const listeners = new Set<(kind: DraftKind) => void>()

/** Puts the cursor into the composer of the open case, as reply or as note. */
export function focusCase(kind: DraftKind): void {
  for (const listener of listeners) listener(kind)
}

export function onFocusCase(listener: (kind: DraftKind) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

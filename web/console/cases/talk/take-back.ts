// A refused message goes back into the composer, so that nothing that was written is lost.

import type { Outbox, Outgoing } from './outbox.ts'

const listeners = new Set<(message: Outgoing) => void>()

export function takeBack(outbox: Outbox, clientMessageId: string): void {
  const message = outbox.discard(clientMessageId)
  if (message) for (const listener of listeners) listener(message)
}

export function onTakeBack(listener: (message: Outgoing) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

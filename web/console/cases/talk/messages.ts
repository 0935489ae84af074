// The messages of one case in the order of their sequence. A message must never stand twice,
// and a hole must be seen, so that what is missing is asked for.

import type { Message } from '../../../../contract/desk.ts'

/** Known and new messages as one list by sequence. The same list again when nothing is new. */
export function mergeMessages(known: readonly Message[], incoming: readonly Message[]): readonly Message[] {
  const last = known.at(-1)?.sequence ?? 0
  const fresh = incoming.filter(
    ({ sequence }) => sequence > last || !known.some((message) => message.sequence === sequence),
  )
  if (fresh.length === 0) return known
  const bySequence = new Map([...known, ...fresh].map((message) => [message.sequence, message]))
  return [...bySequence.values()].sort((left, right) => left.sequence - right.sequence)
}

/** The last sequence before the first hole: what comes after it has to be read again. */
export function lastWithoutGap(messages: readonly Message[]): number {
  let expected = 1
  for (const { sequence } of messages) {
    if (sequence !== expected) break
    expected++
  }
  return expected - 1
}

export const hasGap = (messages: readonly Message[]): boolean => lastWithoutGap(messages) < messages.length

/** Neighbouring messages of one author, within this time, form one group with one avatar and one time. */
const groupMs = 5 * 60_000

export const startsGroup = (message: Message, previous: Message | undefined): boolean =>
  !previous ||
  previous.author !== message.author ||
  previous.authorId !== message.authorId ||
  previous.kind !== message.kind ||
  Date.parse(message.storedAt) - Date.parse(previous.storedAt) > groupMs

// The registry of references: which room answers for TN-…, TP-…, and how a reference is shown.
// The desk asks here and so never imports a money room; the money rooms register here and never know the desk.
import { parseReference, type Reference, type ReferencePrefix } from '#contract/ids.ts'
import type { TransactionDetail, TransactionSummary } from '#contract/trace.ts'

/** Who reads: without it the customer. What is asked for staff must never be shown to the customer. */
export type Reader = 'staff'

export interface ReferenceRoom {
  prefix: ReferencePrefix
  /** The customer whose money it is; undefined when there is no such reference. */
  ownerOf(number: bigint): Promise<string | undefined>
  /** Lines for lists, by number; what is unknown is left out. */
  summaries(numbers: readonly bigint[], customerId: string): Promise<TransactionSummary[]>
  /** A customer's movements of this room, newest first, strictly before (effectiveAt, number). */
  list(
    customerId: string,
    before: { at: Date; number: bigint } | undefined,
    limit: number,
  ): Promise<TransactionSummary[]>
  /** The live facts with the trace, as the customer's wallet sees them; staff read what they proposed besides. */
  detail(number: bigint, customerId: string, reader?: Reader): Promise<TransactionDetail | undefined>
}

export interface References {
  register(room: ReferenceRoom): void
  ownerOf(reference: Reference): Promise<string | undefined>
  summary(reference: Reference, customerId: string): Promise<TransactionSummary | undefined>
  summaries(references: readonly Reference[], customerId: string): Promise<Map<Reference, TransactionSummary>>
  detail(reference: Reference, customerId: string, reader?: Reader): Promise<TransactionDetail | undefined>
  /** Movements of all rooms, newest first. `before` is the last reference seen with its time. */
  list(
    customerId: string,
    before: { at: Date; reference: Reference } | undefined,
    limit: number,
  ): Promise<TransactionSummary[]>
}

/** Newest first; at the same moment by prefix, then by number, both falling: one order for every page. */
function newestFirst(one: TransactionSummary, other: TransactionSummary): number {
  if (one.effectiveAt !== other.effectiveAt) return one.effectiveAt < other.effectiveAt ? 1 : -1
  const [left, right] = [parseReference(one.reference)!, parseReference(other.reference)!]
  if (left.prefix !== right.prefix) return left.prefix < right.prefix ? 1 : -1
  return left.number < right.number ? 1 : -1
}

/** Where a room goes on: a room later in the order of prefixes was shown whole at that moment, an earlier one not at all. */
function cursorFor(
  room: ReferenceRoom,
  at: Date,
  last: { prefix: ReferencePrefix; number: bigint },
): { at: Date; number: bigint } {
  if (room.prefix === last.prefix) return { at, number: last.number }
  return { at, number: room.prefix > last.prefix ? 0n : 1n << 62n }
}

export function createReferences(): References {
  const rooms = new Map<ReferencePrefix, ReferenceRoom>()
  function find(reference: Reference) {
    const parsed = parseReference(reference)
    const room = parsed && rooms.get(parsed.prefix)
    return parsed && room ? { room, number: parsed.number } : undefined
  }
  const references: References = {
    register(room) {
      if (rooms.has(room.prefix)) throw new Error(`two rooms answer for ${room.prefix}`)
      rooms.set(room.prefix, room)
    },
    async ownerOf(reference) {
      const found = find(reference)
      return found?.room.ownerOf(found.number)
    },
    async summary(reference, customerId) {
      return (await references.summaries([reference], customerId)).get(reference)
    },
    async summaries(list, customerId) {
      const byRoom = new Map<ReferenceRoom, bigint[]>()
      for (const reference of list) {
        const found = find(reference)
        if (found) byRoom.set(found.room, [...(byRoom.get(found.room) ?? []), found.number])
      }
      const answers = await Promise.all(
        [...byRoom].map(([room, numbers]) => room.summaries(numbers, customerId)),
      )
      return new Map(answers.flat().map((summary) => [summary.reference, summary]))
    },
    async detail(reference, customerId, reader) {
      const found = find(reference)
      return found?.room.detail(found.number, customerId, reader)
    },
    async list(customerId, before, limit) {
      const parsed = before && parseReference(before.reference)
      const lists = await Promise.all(
        [...rooms.values()].map((room) =>
          room.list(customerId, before && parsed && cursorFor(room, before.at, parsed), limit),
        ),
      )
      return lists.flat().sort(newestFirst).slice(0, limit)
    },
  }
  return references
}

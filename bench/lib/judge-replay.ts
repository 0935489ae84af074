// Compares what was sent with what the database holds, by the senders' own message ids: stored text may be cleaned.

export interface SentMessage {
  clientMessageId: string
  conversationId: string
}

export interface HeldMessage extends SentMessage {
  /** Its case stands in the queue. */
  queued: boolean
}

export interface ReplayVerdict {
  sent: number
  /** Messages held at least once, in their own conversation, whose case is queued. */
  stored: number
  lost: number
  /** Copies beyond the first, and messages that nobody sent. */
  doubled: number
  /** Messages that stand after one of their conversation that was sent later. */
  outOfOrder: number
}

/** `sent` in the order of sending, `held` by conversation in the order that everybody sees. */
export function judgeReplay(sent: readonly SentMessage[], held: readonly HeldMessage[]): ReplayVerdict {
  const places = new Map(sent.map((message, place) => [message.clientMessageId, { message, place }]))
  const stored = new Set<string>()
  const latest = new Map<string, number>()
  let doubled = 0
  let outOfOrder = 0
  for (const { clientMessageId, conversationId, queued } of held) {
    const known = places.get(clientMessageId)
    if (!known || stored.has(clientMessageId)) {
      doubled++
      continue
    }
    if (!queued || known.message.conversationId !== conversationId) continue
    stored.add(clientMessageId)
    const before = latest.get(conversationId) ?? -1
    if (known.place < before) outOfOrder++
    latest.set(conversationId, Math.max(before, known.place))
  }
  return { sent: sent.length, stored: stored.size, lost: sent.length - stored.size, doubled, outOfOrder }
}

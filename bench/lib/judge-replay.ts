// Compares what was sent with what the database holds and what each agent's socket was told, by the senders' own message
// ids: stored text may be cleaned. It must find every fault; nothing here is forgiven because a process died.

export interface SentMessage {
  clientMessageId: string
  conversationId: string
}

export interface HeldMessage extends SentMessage {
  /** Its case stands in the queue. */
  queued: boolean
}

/** A customer's message as one agent's screen heard of it, in the order of hearing. */
export interface SeenMessage extends SentMessage {
  sequence: number
}

export interface ReplayVerdict {
  sent: number
  /** Messages held at least once, in their own conversation, whose case is queued. */
  stored: number
  lost: number
  /** Copies beyond the first, and messages that nobody sent; in the database or on a screen. */
  doubled: number
  /** Messages that stand after one of their conversation that was sent later; in the database or on a screen. */
  outOfOrder: number
  /** Messages that every agent's screen has. */
  seenByAgents: number
}

/** `sent` in the order of sending, `held` by conversation in the order that everybody sees, `screens` one list per agent. */
export function judgeReplay(
  sent: readonly SentMessage[],
  held: readonly HeldMessage[],
  screens: readonly (readonly SeenMessage[])[],
): ReplayVerdict {
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
  const seen = screens.map((screen) => judgeScreen(places, screen))
  const everywhere = sent.filter(({ clientMessageId }) =>
    seen.every((screen) => screen.has.has(clientMessageId)),
  )
  return {
    sent: sent.length,
    stored: stored.size,
    lost: sent.length - stored.size,
    doubled: doubled + sum(seen.map((screen) => screen.doubled)),
    outOfOrder: outOfOrder + sum(seen.map((screen) => screen.outOfOrder)),
    seenByAgents: screens.length === 0 ? 0 : everywhere.length,
  }
}

function judgeScreen(
  places: ReadonlyMap<string, { message: SentMessage }>,
  screen: readonly SeenMessage[],
): { has: Set<string>; doubled: number; outOfOrder: number } {
  const has = new Set<string>()
  const latest = new Map<string, number>()
  let doubled = 0
  let outOfOrder = 0
  for (const { clientMessageId, conversationId, sequence } of screen) {
    const known = places.get(clientMessageId)
    if (!known || has.has(clientMessageId)) {
      doubled++
      continue
    }
    if (known.message.conversationId !== conversationId) continue
    has.add(clientMessageId)
    const before = latest.get(conversationId) ?? 0
    if (sequence <= before) outOfOrder++
    latest.set(conversationId, Math.max(before, sequence))
  }
  return { has, doubled, outOfOrder }
}

export interface Diagnoses {
  /** Conversations that hold exactly one diagnosis of their own payment. */
  diagnosed: number
  lost: number
  doubled: number
}

/** `told` holds one entry for each diagnosis in the database; each of `conversations` must have one, about its own payment. */
export function judgeDiagnoses(
  conversations: readonly { conversationId: string; reference: string }[],
  told: readonly { conversationId: string; reference: string }[],
): Diagnoses {
  const key = (entry: { conversationId: string; reference: string }) =>
    `${entry.conversationId} ${entry.reference}`
  const counts = new Map<string, number>()
  for (const entry of told) counts.set(key(entry), (counts.get(key(entry)) ?? 0) + 1)
  const own = conversations.map((entry) => counts.get(key(entry)) ?? 0)
  const lost = own.filter((count) => count === 0).length
  return {
    diagnosed: own.filter((count) => count === 1).length,
    lost,
    doubled: told.length - (own.length - lost),
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)

// The live connection: WebSocket /live on both addresses, JSON text frames, signed in by the address's cookie.
// Delivery is at least once and in order; a client that was away resumes after its last position and de-duplicates by it.
import type { Message } from './desk.ts'
import type { Problem } from './errors.ts'
import type { Uuid } from './ids.ts'
import type { Locale } from './schema.ts'

/** A place in the one ordered stream of facts, as a decimal string. Positions grow; they have gaps for what one may not see. */
export type Position = string

/** The first frame a client sends. Without `after`, the stream starts now. */
export interface HelloFrame {
  t: 'hello'
  after?: Position
}

/**
 * A customer's message. Repeat it with the same `clientMessageId` until an `ack` or a final `nack` comes: it is stored once.
 * At most `window` sends may be without an answer; more are answered `nack busy`, and nothing of them is stored.
 */
export interface SendFrame {
  t: 'send'
  clientMessageId: Uuid
  conversationId: Uuid
  /** Empty only with files. */
  text: string
  language?: Locale
  /** Files that were added before, at most `fileLimits.perMessage`. */
  files?: Uuid[]
}

/** Someone is writing; shown, never stored. */
export interface TypingFrame {
  t: 'typing'
  conversationId: Uuid
}

export interface PingFrame {
  t: 'ping'
}

export type ClientFrame = HelloFrame | SendFrame | TypingFrame | PingFrame

export interface WelcomeFrame {
  t: 'welcome'
  /** Everything after this position will come as `event` frames. */
  position: Position
  window: number
  heartbeatMs: number
}

export interface AckFrame {
  t: 'ack'
  clientMessageId: Uuid
  message: Message
}

export interface NackFrame {
  t: 'nack'
  clientMessageId: Uuid
  problem: Problem
  /** Send the same frame again after this time; absent when repeating is of no use. */
  retryAfterMs?: number
}

export interface EventFrame {
  t: 'event'
  position: Position
  /** Everything that became true at this position, at least one. */
  events: LiveEvent[]
}

/** The client was away for too long to be told everything: read the screens again, then go on from `position`. */
export interface ResetFrame {
  t: 'reset'
  position: Position
}

export interface TypingNoticeFrame {
  t: 'typing'
  conversationId: Uuid
  author: 'customer' | 'agent'
}

export interface PongFrame {
  t: 'pong'
}

/** The session ended (signed out elsewhere, rights changed): do not reconnect with it. */
export interface ByeFrame {
  t: 'bye'
  problem: Problem
}

export type ServerFrame =
  WelcomeFrame | AckFrame | NackFrame | EventFrame | ResetFrame | TypingNoticeFrame | PongFrame | ByeFrame

/** What happened. Screens re-read what the event names; a message comes whole, so that a chat needs no second request. */
export type LiveEvent =
  | { type: 'message.stored'; caseId: Uuid; message: Message }
  | { type: 'conversation.changed'; conversationId: Uuid }
  | { type: 'case.changed'; caseId: Uuid; agentId?: Uuid }
  | { type: 'wallet.changed' }
  | { type: 'transaction.changed'; reference: string }
  | { type: 'look.recorded' }
  | { type: 'approval.changed'; approvalId: Uuid }

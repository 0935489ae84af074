// A case, its conversation and its messages in words; which state may follow which.
import type { CaseCard, CaseOutcome, Conversation, Message } from '#contract/desk.ts'
import type { Attachment } from '#contract/files.ts'
import type { Diagnosis } from '#contract/diagnosis.ts'
import type { Locale } from '#contract/schema.ts'

export type CaseState = 'new' | CaseCard['state']

/**
 * Lifecycle as data. `waiting_money`: the helper was enough, no agent is asked until the customer writes or wants a person.
 * A solved case opens again when its customer writes.
 */
export const caseTransitions: Record<CaseState, readonly CaseState[]> = {
  new: ['waiting_agent', 'waiting_money'],
  waiting_money: ['waiting_agent', 'waiting_customer', 'solved'],
  waiting_agent: ['waiting_customer', 'solved'],
  waiting_customer: ['waiting_agent', 'solved'],
  solved: ['waiting_agent'],
}

export interface CaseRecord {
  id: string
  number: bigint
  conversationId: string
  customerId: string
  subject: string
  channel: CaseCard['channel']
  language: Locale
  state: CaseState
  agentId: string | undefined
  joinedAgentId: string | undefined
  preview: string
  openedAt: Date
  updatedAt: Date
  /** Since when the customer waits for us, exactly while the case waits for an agent. */
  waitingSince: Date | undefined
  firstReplyDueAt: Date
  firstRepliedAt: Date | undefined
  lastSequence: number
  customerRead: number
  agentRead: number
  sign: Conversation['sign']
  expectsCode: boolean
  /** The digits that the customer's last message ended with. */
  digitsTail: string
  outcome: CaseOutcome | undefined
  solvedBy: 'agent' | 'helper' | undefined
  /** How often it was closed: a rating belongs to one closing. */
  closings: number
  /** Since when a supervisor has to answer. */
  escalatedAt: Date | undefined
  waitsOn: CaseCard['waitsOn'] | undefined
}

/** The customer has asked us: they wait since their first message that nobody has answered. */
export function waitForAgent(record: CaseRecord, now: Date): void {
  record.state = 'waiting_agent'
  record.waitingSince ??= now
}

/** Nobody waits for an agent any more: answered, or closed. */
export function waitNoMore(record: CaseRecord, state: 'waiting_customer' | 'solved'): void {
  record.state = state
  record.waitingSince = undefined
}

export interface StoredMessage {
  conversationId: string
  sequence: number
  id: string
  clientMessageId: string | undefined
  author: Message['author']
  kind: Message['kind']
  authorId: string | undefined
  authorName: string | undefined
  text: string
  fact: string | undefined
  /** Of a diagnosis: the diagnosis. */
  factValues: Record<string, unknown> | undefined
  redactions: string[]
  language: Locale | undefined
  files?: Attachment[] | undefined
  storedAt: Date
}

/** Words: fact.FACT. */
export type Fact =
  | 'agent_joined'
  | 'agent_left'
  | 'agent_absent'
  | 'case_solved'
  | 'case_settled'
  | 'case_reopened'
  | 'case_not_solved'
  | 'chose'
  | 'shop_asked_again'
  | MoneyFact

/** What happened to money that the case holds. */
export type MoneyFact =
  | 'payment_credited'
  | 'payment_returned'
  | 'payment_return_no_room'
  | 'payment_return_stopped'
  | 'top_up_completed'
  | 'top_up_returned'
  | 'refund_asked'
  | 'refund_agreed'
  | 'refund_refused'
  | 'refund_silent'
  | 'refund_in_review'
  | 'refund_awaiting_approval'
  | 'refund_waiting_for_funds'
  | 'refund_waiting_for_room'
  | 'refund_waiting_for_wallet'
  | 'refund_paid'
  | 'refund_declined'
  | 'refund_withdrawn'
  | 'refund_overtaken'
  | 'refund_late'

/** How people name a case: C-20418. */
export const caseNumberOf = (number: bigint): string => `C-${number}`

export function presentMessage(message: StoredMessage): Message {
  return {
    id: message.id,
    conversationId: message.conversationId,
    sequence: message.sequence,
    ...(message.clientMessageId ? { clientMessageId: message.clientMessageId } : {}),
    author: message.author,
    kind: message.kind,
    ...(message.authorName ? { authorName: message.authorName } : {}),
    ...(message.authorId ? { authorId: message.authorId } : {}),
    text: message.text,
    ...(message.fact ? { fact: message.fact } : {}),
    ...(message.factValues && message.kind === 'diagnosis'
      ? { diagnosis: message.factValues as unknown as Diagnosis }
      : {}),
    ...(message.factValues && message.kind !== 'diagnosis' ? { factValues: message.factValues } : {}),
    redactions: message.redactions,
    ...(message.language ? { language: message.language } : {}),
    ...(message.files ? { files: message.files } : {}),
    storedAt: message.storedAt.toISOString(),
  }
}

/** For the customer: without the ids of the people of the service, and of senders only their own message's id (R10). */
export function presentToCustomer(message: StoredMessage): Message {
  const own = message.author === 'customer'
  return presentMessage({
    ...message,
    authorId: own ? message.authorId : undefined,
    clientMessageId: own ? message.clientMessageId : undefined,
  })
}

const grantMs = 7 * 86_400_000

/** What a case gives its agent: a reason to look at its customer, unless it is solved or given back before. */
export function grantOf(record: Pick<CaseRecord, 'id' | 'customerId'>, agentId: string, now: Date) {
  return {
    agentId,
    customerId: record.customerId,
    caseId: record.id,
    untilAt: new Date(now.getTime() + grantMs),
  }
}

// The batch step of talking: locks the conversations, finds what is stored already, takes out what must not be stored,
// numbers the rest without gaps, moves the cases on, and tells the screens. One transaction for many senders.
import type { Message } from '#contract/desk.ts'
import type { Locale } from '#contract/schema.ts'
import type { Transaction } from '#platform/db.ts'
import { publish } from '#platform/outbox.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import type { Actor } from '#modules/staff/index.ts'
import { attachFiles } from './attach-files.ts'
import { append, factOf, tell, type NewMessage } from './append.ts'
import {
  presentMessage,
  waitForAgent,
  waitNoMore,
  type CaseRecord,
  type Fact,
  type StoredMessage,
} from './case.ts'
import { lockByConversation, saveCases } from './desk.sql.ts'
import { findSent, insertMessages } from './message.sql.ts'
import type { DeskNeeds } from './needs.ts'
import { redact, type Redacted } from './redact.rules.ts'
import { createRouter, type Router } from './routing.ts'

export type Sender =
  { kind: 'customer'; id: string } | { kind: 'agent'; id: string; name: string; actor: Actor }

export interface SendCommand {
  conversationId: string
  clientMessageId: string
  sender: Sender
  kind: 'text' | 'note'
  text: string
  language: Locale | undefined
  /** Ids of files that the customer added before. With them the text may be empty. */
  files?: readonly string[] | undefined
}

export const previewLength = 140

/** A message of the customer in one of these gives the case to an agent. */
const asksForAgent: ReadonlySet<CaseRecord['state']> = new Set(['new', 'waiting_money', 'solved'])

export function sendMessages(platform: Platform, needs: DeskNeeds) {
  return async function run(
    tx: Transaction,
    commands: readonly SendCommand[],
  ): Promise<(Message | Refusal)[]> {
    const now = platform.clock.now()
    const [locked, sent] = await Promise.all([
      lockByConversation(tx, [...new Set(commands.map((command) => command.conversationId))]),
      // After the locks: whoever stored a message of ours before has committed.
      findSent(tx, commands),
    ])
    const cases = new Map(locked.map((record) => [record.conversationId, record]))
    const known = new Map(
      sent.map((message) => [`${message.conversationId} ${message.clientMessageId}`, message]),
    )
    const attached = await attachFiles(tx, needs, commands, cases)
    const router = await createRouter(
      tx,
      needs,
      locked.filter((record) => asksForAgent.has(record.state)),
    )
    const fresh: StoredMessage[] = []
    const changed = new Set<string>()

    function store(record: CaseRecord, message: NewMessage): StoredMessage {
      const stored = append(record, message, now)
      fresh.push(stored)
      changed.add(record.conversationId)
      return stored
    }

    const answers = commands.map((command): Message | Refusal => {
      const record = cases.get(command.conversationId)
      if (!record) return new Refusal('not_found')
      const key = `${command.conversationId} ${command.clientMessageId}`
      const first = known.get(key)
      try {
        authorise(needs, record, command.sender, command.kind)
      } catch (error) {
        if (error instanceof Refusal) return error
        throw error
      }
      if (first) return presentMessage(first)
      // PostgreSQL's text knows no NUL and its JSON no half of a character; what is left may be blank.
      const text = command.text.replaceAll('\u0000', '').toWellFormed()
      const files = attached.get(command)
      if (files instanceof Refusal) return files
      if (text.trim() === '' && !files) return new Refusal('validation_failed', { field: 'text' })
      if (command.sender.kind === 'customer')
        customerWrites(record, router, now, (fact) => store(record, factOf(fact)))
      else if (command.kind === 'text')
        agentWrites(record, command.sender, router, now, (fact, name) =>
          store(record, factOf(fact, { name })),
        )
      const cleaned = command.sender.kind === 'customer' ? redactOf(record, text) : redact(text)
      const stored = store(record, {
        clientMessageId: command.clientMessageId,
        author: command.sender.kind,
        kind: command.kind,
        authorId: command.sender.id,
        authorName: command.sender.kind === 'agent' ? command.sender.name : undefined,
        text: cleaned.text,
        fact: undefined,
        factValues: undefined,
        redactions: cleaned.redactions,
        language: command.language,
        files,
      })
      if (command.kind === 'text') {
        record.preview = cleaned.text.slice(0, previewLength)
        record.updatedAt = now
        if (command.sender.kind === 'customer') record.customerRead = record.lastSequence
        else record.agentRead = record.lastSequence
      }
      known.set(key, stored)
      return presentMessage(stored)
    })

    if (fresh.length > 0) {
      const touched = locked.filter((record) => changed.has(record.conversationId))
      await Promise.all([
        insertMessages(tx, fresh),
        saveCases(tx, touched, now),
        publish(tx, tell(fresh, cases), now),
      ])
    }
    await router.grant(now)
    return answers
  }
}

/** The customer's words without what nobody may keep; what was begun in one message is known in the next (C12). */
export function redactOf(record: CaseRecord, text: string): Redacted {
  const cleaned = redact(text, { expectsCode: record.expectsCode, tail: record.digitsTail })
  record.expectsCode = cleaned.expectsCode
  record.digitsTail = cleaned.tail
  return cleaned
}

function authorise(needs: DeskNeeds, record: CaseRecord, sender: Sender, kind: 'text' | 'note'): void {
  if (sender.kind === 'customer') {
    // Another customer's conversation looks like none at all (R1).
    if (record.customerId !== sender.id) throw new Refusal('not_found')
    return
  }
  needs.staff.require(sender.actor, kind === 'note' ? 'case.note' : 'case.reply', {
    customerId: record.customerId,
    assignedTo: record.agentId,
  })
  if (kind === 'text' && record.state === 'solved') throw new Refusal('case_closed')
  // "Not solved" is answered by a supervisor, or by whom the supervisor leaves it with.
  if (kind === 'text' && isForLeads(record, sender.actor)) throw new Refusal('forbidden')
}

function customerWrites(record: CaseRecord, router: Router, now: Date, fact: (fact: Fact) => void): void {
  if (record.state === 'new' || record.state === 'waiting_money') askAgent(record, router, now)
  if (record.state === 'solved') {
    fact('case_reopened')
    openAgain(record)
    // Solving ended what the case allowed its agent to see; open again, it allows it again.
    router.giveAgain(record)
  }
  waitForAgent(record, now)
}

/** Escalated, and not given to this agent. */
export function isForLeads(record: CaseRecord, actor: Actor): boolean {
  return record.escalatedAt !== undefined && actor.role === 'agent' && record.agentId !== actor.agentId
}

/** From now on an agent has to answer, by the promise of the channel. */
export function askAgent(record: CaseRecord, router: Router, now: Date): void {
  record.openedAt = now
  record.firstReplyDueAt = router.replyDueAt(record.channel, now)
  waitForAgent(record, now)
  if (record.agentId === undefined) router.give(record)
}

/** How it ended before is over; its ratings stay with that closing. */
export function openAgain(record: CaseRecord): void {
  record.outcome = undefined
  record.solvedBy = undefined
}

function agentWrites(
  record: CaseRecord,
  sender: Extract<Sender, { kind: 'agent' }>,
  router: Router,
  now: Date,
  fact: (fact: Fact, name: string) => void,
): void {
  if (record.agentId === undefined) router.giveTo(record, sender.id)
  if (record.joinedAgentId !== sender.id) fact('agent_joined', sender.name)
  record.joinedAgentId = sender.id
  record.firstRepliedAt ??= now
  waitNoMore(record, 'waiting_customer')
}

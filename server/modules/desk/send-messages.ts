// The batch step of talking: locks the conversations, finds what is stored already, takes out what must not be stored,
// numbers the rest without gaps, moves the cases on, and tells the screens. One transaction for many senders.
import { uuidv7 } from '#contract/ids.ts'
import type { Message } from '#contract/desk.ts'
import type { Locale } from '#contract/schema.ts'
import type { Transaction } from '#platform/db.ts'
import { publish, type OutboxEvent } from '#platform/outbox.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import type { Actor, Agent } from '#modules/staff/index.ts'
import {
  presentMessage,
  presentToCustomer,
  type CaseRecord,
  type Fact,
  type StoredMessage,
  grantOf,
} from './case.ts'
import { countOpenByAgent, lockByConversation, saveCases } from './desk.sql.ts'
import { replyDueAt } from './service-status.ts'
import { findSent, insertMessages } from './message.sql.ts'
import type { DeskNeeds } from './needs.ts'
import { redact } from './redact.rules.ts'

export type Sender =
  { kind: 'customer'; id: string } | { kind: 'agent'; id: string; name: string; actor: Actor }

export interface SendCommand {
  conversationId: string
  clientMessageId: string
  sender: Sender
  kind: 'text' | 'note'
  text: string
  language: Locale | undefined
}

const previewLength = 140

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
    const router = await createRouter(
      tx,
      needs,
      locked.some((record) => record.state === 'new' || record.state === 'solved'),
    )
    const fresh: StoredMessage[] = []
    const changed = new Set<string>()

    function store(
      record: CaseRecord,
      message: Omit<StoredMessage, 'conversationId' | 'sequence' | 'id' | 'storedAt'>,
    ): StoredMessage {
      record.lastSequence += 1
      const stored = {
        ...message,
        conversationId: record.conversationId,
        sequence: record.lastSequence,
        id: uuidv7(now.getTime()),
        storedAt: now,
      }
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
      if (text.trim() === '') return new Refusal('validation_failed', { field: 'text' })
      if (command.sender.kind === 'customer')
        customerWrites(record, router, now, (fact) => store(record, factOf(fact)))
      else if (command.kind === 'text')
        agentWrites(record, command.sender, router, now, (fact, name) => store(record, factOf(fact, name)))
      const cleaned = redact(text, {
        expectsCode: command.sender.kind === 'customer' && record.expectsCode,
      })
      if (command.sender.kind === 'customer') record.expectsCode = cleaned.expectsCode
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
    if (router.given.length > 0) {
      await needs.staff.grant(
        tx,
        router.given.map(({ agentId, record }) => grantOf(record, agentId, now)),
      )
    }
    return answers
  }
}

export function factOf(
  fact: Fact,
  name?: string,
): Omit<StoredMessage, 'conversationId' | 'sequence' | 'id' | 'storedAt'> {
  return {
    clientMessageId: undefined,
    author: 'system',
    kind: 'fact',
    authorId: undefined,
    authorName: undefined,
    text: '',
    fact,
    factValues: name ? { name } : undefined,
    redactions: [],
    language: undefined,
  }
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
}

function customerWrites(record: CaseRecord, router: Router, now: Date, fact: (fact: Fact) => void): void {
  if (record.state === 'new') {
    record.openedAt = now
    record.firstReplyDueAt = replyDueAt(record.channel, now)
    router.give(record)
  }
  if (record.state === 'solved') {
    fact('case_reopened')
    // Solving ended what the case allowed its agent to see; open again, it allows it again.
    if (record.agentId) router.giveTo(record, record.agentId)
    else router.give(record)
  }
  record.state = 'waiting_agent'
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
  record.state = 'waiting_customer'
}

interface Router {
  readonly given: { agentId: string; record: CaseRecord }[]
  /** To the available agent with the fewest open cases; nobody available: the case stays with the team. */
  give(record: CaseRecord): void
  giveTo(record: CaseRecord, agentId: string): void
}

async function createRouter(tx: Transaction, needs: DeskNeeds, needed: boolean): Promise<Router> {
  const given: Router['given'] = []
  const agents: Agent[] = needed
    ? (await needs.staff.availableAgents()).filter((agent) => agent.role === 'agent')
    : []
  const load = await (agents.length > 0
    ? countOpenByAgent(
        tx,
        agents.map((agent) => agent.id),
      )
    : new Map<string, number>())
  const router: Router = {
    given,
    giveTo(record, agentId) {
      record.agentId = agentId
      load.set(agentId, (load.get(agentId) ?? 0) + 1)
      given.push({ agentId, record })
    },
    give(record) {
      const free = agents
        // Nobody serves their own wallet (R12).
        .filter((agent) => agent.customerId !== record.customerId)
        .sort(
          (one, other) => (load.get(one.id) ?? 0) - (load.get(other.id) ?? 0) || (one.id < other.id ? -1 : 1),
        )[0]
      if (free) router.giveTo(record, free.id)
    },
  }
  return router
}

/** One event per stored message; a note is for the desk alone. */
export function tell(
  messages: readonly StoredMessage[],
  cases: ReadonlyMap<string, CaseRecord>,
): OutboxEvent[] {
  return messages.map((stored) => {
    const record = cases.get(stored.conversationId)!
    const event = (message: Message) => ({ type: 'message.stored' as const, caseId: record.id, message })
    return {
      type: 'message.stored',
      key: stored.conversationId,
      payload: { messageId: stored.id, caseId: record.id, sequence: stored.sequence },
      customerId: record.customerId,
      liveCustomer: stored.kind === 'note' ? undefined : [event(presentToCustomer(stored))],
      liveDesk: [
        event(presentMessage(stored)),
        { type: 'case.changed', caseId: record.id, ...(record.agentId ? { agentId: record.agentId } : {}) },
      ],
    }
  })
}

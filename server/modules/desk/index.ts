// The desk: cases, conversations, the queue. It knows people and talk; money it only holds by reference and reads live.
import type { Message } from '#contract/desk.ts'
import type { Locale } from '#contract/schema.ts'
import { createGroupCommit } from '#platform/group-commit.ts'
import type { Face } from '#platform/http.ts'
import type { Principal } from '#platform/live.ts'
import { publish } from '#platform/outbox.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import { agentRoutes } from './agent.routes.ts'
import type { CaseRecord } from './case.ts'
import { changeCase, type CaseAction } from './change-case.ts'
import { conversationRoutes } from './conversation.routes.ts'
import { findCasesHolding, readByConversation } from './desk.sql.ts'
import type { DeskNeeds } from './needs.ts'
import { openConversation } from './open-conversation.ts'
import { sendMessages, type SendCommand } from './send-messages.ts'
import type { StaffSession } from '#modules/staff/index.ts'

export type { DeskNeeds } from './needs.ts'
export type { SendCommand, Sender } from './send-messages.ts'
export { redact } from './redact.rules.ts'

export interface Desk {
  /** The customer's conversations, on the customers' face. */
  customerRoutes(api: Face): void
  /** Queue, cases, search, wall, on the agents' face. */
  agentRoutes(api: Face): void
  /** Stores a message once; answers the stored one. Throws not_found, forbidden, case_closed, busy, outcome_unknown. */
  send(command: SendCommand): Promise<Message>
  open(customerId: string, about: string | undefined, language: Locale): Promise<CaseRecord>
  change(caseId: string, action: CaseAction, session: StaffSession): Promise<void>
  /** Who is told that somebody types: the other side of the conversation. */
  typingAudience(
    principal: Principal,
    conversationId: string,
  ): Promise<((other: Principal) => boolean) | undefined>
  readonly statistics: { batches: number; commands: number; largest: number; halved: number }
  close(): Promise<void>
}

export function createDesk(platform: Platform, needs: DeskNeeds): Desk {
  const { db } = platform
  const commit = createGroupCommit<SendCommand, Message | Refusal>({
    db,
    run: sendMessages(platform, needs),
    lanes: 1,
    onCommitted: () => platform.events.wake(),
  })
  const open = openConversation(platform)
  const applyChange = changeCase(platform, needs)

  // Money that a case holds has changed: the agents' screens read it again. The facts come from the money rooms' events.
  platform.events.consume({
    name: 'desk-money-changed',
    types: ['payment.credited', 'payment.returned', 'webhook.attempted', 'top_up.completed'],
    async handle(tx, events) {
      const references = [
        ...new Set(events.flatMap((event) => (event.payload['reference'] as string | undefined) ?? [])),
      ]
      if (references.length === 0) return
      const holding = await findCasesHolding(tx, references)
      await publish(
        tx,
        holding.map((held) => ({
          type: 'case.money_changed',
          key: held.id,
          payload: { caseId: held.id, reference: held.reference },
          customerId: held.customer_id,
          liveDesk: [
            { type: 'transaction.changed', reference: held.reference },
            { type: 'case.changed', caseId: held.id, ...(held.agent_id ? { agentId: held.agent_id } : {}) },
          ],
        })),
        platform.clock.now(),
      )
      platform.events.wake()
    },
  })

  const desk: Desk = {
    customerRoutes: (api) => conversationRoutes(api, platform, needs, desk),
    agentRoutes: (api) => agentRoutes(api, platform, needs, desk),
    async send(command) {
      const answer = await commit.submit(command)
      if (answer instanceof Refusal) throw answer
      return answer
    },
    open,
    async change(caseId, action, session) {
      await applyChange(caseId, action, session)
      platform.events.wake()
    },
    async typingAudience(principal, conversationId) {
      const record = await readByConversation(db.read, conversationId)
      if (!record) return undefined
      if (principal.kind === 'customer')
        return record.customerId === principal.id ? (other) => other.kind === 'agent' : undefined
      return (other) => other.kind === 'customer' && other.id === record.customerId
    },
    statistics: commit.statistics,
    close: () => commit.close(),
  }
  return desk
}

// The desk: cases, conversations, the queue. It knows people and talk; money it only holds by reference and reads live.
import type { CaseOutcome, Message } from '#contract/desk.ts'
import type { Locale } from '#contract/schema.ts'
import { createGroupCommit } from '#platform/group-commit.ts'
import type { Face } from '#platform/http.ts'
import type { Principal } from '#platform/live.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import { agentRoutes } from './agent.routes.ts'
import type { CaseRecord } from './case.ts'
import { changeCase, type CaseAction } from './change-case.ts'
import { conversationRoutes } from './conversation.routes.ts'
import { chooseNext, type Chosen } from './choose.ts'
import { rateCase, reopenCase } from './close-and-reopen.ts'
import { returnToQueue } from './return-to-queue.ts'
import { readByConversation } from './desk.sql.ts'
import { moneyEvents, moneyMoved } from './money-moved.ts'
import type { DeskNeeds } from './needs.ts'
import { openConversation } from './open-conversation.ts'
import { sendMessages, type SendCommand } from './send-messages.ts'
import type { StaffSession } from '#modules/staff/index.ts'

export type { CaseSolved, DeskActions, DeskNeeds, MoneyMoved } from './needs.ts'
export type { SendCommand, Sender } from './send-messages.ts'
export { redact } from './redact.rules.ts'
export { casesAbout, findHolding } from './holding.ts'
export { keepLook, recordLook, type KeptLook, type Looked } from './look.ts'

export interface Desk {
  /** The customer's conversations, on the customers' face. */
  customerRoutes(api: Face): void
  /** Queue, cases, search, wall, on the agents' face. */
  agentRoutes(api: Face): void
  /** Stores a message once; answers the stored one. Throws not_found, forbidden, case_closed, busy, outcome_unknown. */
  send(command: SendCommand): Promise<Message>
  open(customerId: string, about: string | undefined, language: Locale): Promise<CaseRecord>
  /** `outcome` is that of solving; `seen`, the last message read before: throws conflict when the customer has written since. */
  change(
    caseId: string,
    action: CaseAction,
    session: StaffSession,
    outcome?: CaseOutcome,
    seen?: number,
  ): Promise<void>
  choose(customerId: string, conversationId: string, chosen: Chosen): Promise<void>
  rate: ReturnType<typeof rateCase>
  reopen: ReturnType<typeof reopenCase>
  /** Unanswered cases of agents who are not signed in any more go back to the queue; returns how many. The job calls it. */
  returnToQueue(): Promise<number>
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
  const open = openConversation(platform, needs)
  const applyChange = changeCase(platform, needs)

  // The facts come from the money rooms' events; the desk knows none of those rooms.
  platform.events.consume({
    name: 'desk-money-changed',
    types: moneyEvents,
    handle: moneyMoved(platform, needs),
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
    choose: chooseNext(platform, needs),
    rate: rateCase(platform),
    reopen: reopenCase(platform, needs),
    returnToQueue: returnToQueue(platform, needs),
    async change(caseId, action, session, outcome, seen) {
      await applyChange(caseId, action, session, outcome, seen)
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
  platform.jobs.loop('desk-absent-agents', 10_000, desk.returnToQueue)
  return desk
}

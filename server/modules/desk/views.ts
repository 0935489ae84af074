// Cases as the customer and the agents see them: read live, for many rows at once.
import type { CaseCard, CaseDetail, Conversation, Look, Rating } from '#contract/desk.ts'
import type { TransactionSummary } from '#contract/trace.ts'
import type { Platform } from '#platform/platform.ts'
import { caseNumberOf, presentToCustomer, type CaseRecord } from './case.ts'
import { readChoices } from './choice.sql.ts'
import { listOfCustomer, readReferences } from './desk.sql.ts'
import { readLooks, type LookRow } from './look.sql.ts'
import { countUnread, readLastForCustomer } from './message.sql.ts'
import type { DeskNeeds } from './needs.ts'
import { readRatings, type RatingRow } from './rating.sql.ts'
import { rateAgainMs } from './close-and-reopen.ts'

export function createViews(platform: Platform, needs: DeskNeeds) {
  const { db } = platform

  /** The first reference of each case, as its customer sees it. */
  async function aboutOf(records: readonly CaseRecord[]): Promise<Map<string, TransactionSummary>> {
    const references = await readReferences(
      db.read,
      records.map((record) => record.id),
    )
    const found = await Promise.all(
      records.map(async (record) => {
        const reference = references.get(record.id)?.[0]
        return reference
          ? ([record.id, await platform.references.summary(reference, record.customerId)] as const)
          : undefined
      }),
    )
    return new Map(found.flatMap((entry) => (entry?.[1] ? [[entry[0], entry[1]] as const] : [])))
  }

  const agentsOf = (records: readonly CaseRecord[]) =>
    needs.staff.agentsByIds(db.read, [...new Set(records.flatMap((record) => record.agentId ?? []))])

  async function cards(records: readonly CaseRecord[]): Promise<CaseCard[]> {
    const [customers, agents, about, unread] = await Promise.all([
      needs.customers(db.read, [...new Set(records.map((record) => record.customerId))]),
      agentsOf(records),
      aboutOf(records),
      countUnread(
        db.read,
        records.map((record) => record.conversationId),
      ),
    ])
    return records.map((record) => {
      const agent = record.agentId ? agents.get(record.agentId) : undefined
      const money = about.get(record.id)
      return {
        id: record.id,
        number: caseNumberOf(record.number),
        conversationId: record.conversationId,
        customerId: record.customerId,
        customerName: customers.get(record.customerId)?.name ?? '',
        subject: record.subject,
        preview: record.preview,
        channel: record.channel,
        language: record.language,
        state: record.state === 'new' ? 'waiting_agent' : record.state,
        ...(agent ? { agentId: agent.id, agentName: agent.displayName } : {}),
        ...(money ? { about: money } : {}),
        ...(record.waitsOn && record.state !== 'solved' ? { waitsOn: record.waitsOn } : {}),
        escalated: record.escalatedAt !== undefined,
        ...(record.outcome ? { outcome: record.outcome } : {}),
        unread: Number(unread.get(record.conversationId)?.unread_by_agent ?? 0n),
        firstReplyDueAt: record.firstReplyDueAt.toISOString(),
        ...(record.firstRepliedAt ? { firstRepliedAt: record.firstRepliedAt.toISOString() } : {}),
        openedAt: record.openedAt.toISOString(),
        updatedAt: record.updatedAt.toISOString(),
        ...(record.waitingSince ? { waitingSince: record.waitingSince.toISOString() } : {}),
      }
    })
  }

  async function detail(record: CaseRecord): Promise<CaseDetail> {
    const [[card], customers, references, looks, earlier, ratings] = await Promise.all([
      cards([record]),
      needs.customers(db.read, [record.customerId]),
      readReferences(db.read, [record.id]),
      readLooks(db.read, { customerId: record.customerId, caseId: record.id }, 50),
      listOfCustomer(db.read, record.customerId, 11),
      readRatings(db.read, [record.id]),
    ])
    const rating = ratings.get(record.id)
    return {
      ...card!,
      sign: record.sign,
      customer: customers.get(record.customerId)!,
      references: references.get(record.id) ?? [],
      looks: looks.map(presentLook),
      ...(record.solvedBy ? { solvedBy: record.solvedBy } : {}),
      ...(rating ? { rating: presentRating(rating) } : {}),
      earlier: earlier
        .filter((other) => other.id !== record.id)
        .slice(0, 10)
        .map((other) => ({
          number: caseNumberOf(other.number),
          subject: other.subject,
          state: other.state === 'new' ? 'waiting_agent' : other.state,
          openedAt: other.openedAt.toISOString(),
        })),
    }
  }

  async function conversations(records: readonly CaseRecord[]): Promise<Conversation[]> {
    const ids = records.map((record) => record.conversationId)
    const caseIds = records.map((record) => record.id)
    const [agents, about, unread, last, choices, ratings] = await Promise.all([
      agentsOf(records),
      aboutOf(records),
      countUnread(db.read, ids),
      readLastForCustomer(db.read, ids),
      readChoices(db.read, caseIds),
      readRatings(db.read, caseIds),
    ])
    const now = platform.clock.now().getTime()
    return records.map((record) => {
      // The customer hears of an agent once the agent has shown themselves.
      const agent = record.joinedAgentId ? agents.get(record.joinedAgentId) : undefined
      const message = last.get(record.conversationId)
      const money = about.get(record.id)
      const chosen = choices.find((each) => each.case_id === record.id)
      const rating = record.state === 'solved' ? ratings.get(record.id) : undefined
      return {
        id: record.conversationId,
        caseNumber: caseNumberOf(record.number),
        state: record.state === 'solved' ? 'solved' : 'open',
        ...(money ? { about: money } : {}),
        ...(agent ? { agent: { name: agent.displayName } } : {}),
        withHelper: record.state === 'waiting_money' || (record.state === 'new' && money !== undefined),
        ...(chosen ? { chosen: { choice: chosen.choice, reference: chosen.reference } } : {}),
        ...(record.outcome ? { outcome: record.outcome } : {}),
        ...(record.solvedBy ? { solvedBy: record.solvedBy } : {}),
        ...(rating ? { rating: presentRating(rating) } : {}),
        canRate: record.state === 'solved' && (!rating || now - rating.rated_at.getTime() <= rateAgainMs),
        sign: record.sign,
        ...(message ? { lastMessage: presentToCustomer(message) } : {}),
        unread: Number(unread.get(record.conversationId)?.unread_by_customer ?? 0n),
        updatedAt: record.updatedAt.toISOString(),
      }
    })
  }

  return { cards, detail, conversations }
}

const presentRating = (rating: RatingRow): Rating => ({
  score: rating.score,
  ...(rating.comment === null ? {} : { comment: rating.comment }),
  ratedAt: rating.rated_at.toISOString(),
})

export const presentLook = (look: LookRow): Look => ({
  at: look.at.toISOString(),
  agentName: look.agent_name,
  field: look.field,
  reason: look.reason,
  ...(look.number === null ? {} : { caseNumber: caseNumberOf(look.number) }),
  ...(look.reference ? { reference: look.reference } : {}),
  ...(look.visible_until ? { visibleUntil: look.visible_until.toISOString() } : {}),
})

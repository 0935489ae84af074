// What a customer says of a case that was closed: how it was, or that it is not solved. Then a supervisor has to answer,
// by a new deadline; nobody asks for the story again.
import { publish } from '#platform/outbox.ts'
import type { Locale } from '#contract/schema.ts'
import type { Transaction } from '#platform/db.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import { append, factOf, tell, tellChanged } from './append.ts'
import { waitForAgent, type CaseRecord } from './case.ts'
import { lockByConversation, saveCases } from './desk.sql.ts'
import { findSent, insertMessages } from './message.sql.ts'
import type { DeskNeeds } from './needs.ts'
import { readRatings, saveRating } from './rating.sql.ts'
import { redact } from './redact.rules.ts'
import { createRouter } from './routing.ts'
import { openAgain, previewLength, redactOf } from './send-messages.ts'

/** How long a rating may be changed. */
export const rateAgainMs = 86_400_000

/** A message is stored without what nobody may keep, and without what the database cannot hold. */
const cleanText = (text: string) => text.replaceAll('\u0000', '').toWellFormed()

async function lockOwn(tx: Transaction, customerId: string, conversationId: string): Promise<CaseRecord> {
  const [record] = await lockByConversation(tx, [conversationId])
  if (!record || record.customerId !== customerId) throw new Refusal('not_found')
  return record
}

export function rateCase(platform: Platform) {
  /** Throws not_found; conflict while it is not closed, or when the day for changing a rating is over. */
  return async (
    customerId: string,
    conversationId: string,
    { score, comment }: { score: number; comment?: string | undefined },
  ): Promise<void> => {
    const now = platform.clock.now()
    await platform.db.transaction(async (tx) => {
      const record = await lockOwn(tx, customerId, conversationId)
      if (record.state !== 'solved') throw new Refusal('conflict')
      const before = (await readRatings(tx, [record.id])).get(record.id)
      if (before && now.getTime() - before.rated_at.getTime() > rateAgainMs) throw new Refusal('conflict')
      const cleaned = comment?.trim() ? redact(cleanText(comment)) : undefined
      await saveRating(
        tx,
        {
          caseId: record.id,
          closing: record.closings,
          score,
          comment: cleaned?.text,
          redactions: cleaned?.redactions ?? [],
        },
        now,
      )
      await publish(tx, [tellChanged(record, { rated: score })], now)
    })
    platform.events.wake()
  }
}

export function reopenCase(platform: Platform, needs: DeskNeeds) {
  /** Once for each message id. Throws not_found; conflict when the case is open. */
  return async (
    customerId: string,
    conversationId: string,
    wanted: { missing: string; clientMessageId: string; language?: Locale | undefined },
  ): Promise<void> => {
    const now = platform.clock.now()
    const text = cleanText(wanted.missing)
    if (text.trim() === '') throw new Refusal('validation_failed', { field: 'missing' })
    await platform.db.transaction(async (tx) => {
      const record = await lockOwn(tx, customerId, conversationId)
      if ((await findSent(tx, [{ conversationId, clientMessageId: wanted.clientMessageId }])).length > 0)
        return
      if (record.state !== 'solved') throw new Refusal('conflict')
      const router = await createRouter(tx, needs, [record])
      openAgain(record)
      waitForAgent(record, now)
      record.escalatedAt = now
      record.openedAt = now
      record.updatedAt = now
      record.firstRepliedAt = undefined
      record.firstReplyDueAt = router.replyDueAt(record.channel, now)
      record.agentId = undefined
      record.joinedAgentId = undefined
      router.giveToLead(record)
      const cleaned = redactOf(record, text)
      const messages = [
        append(record, factOf('case_not_solved'), now),
        append(
          record,
          {
            ...factOf('case_not_solved'),
            clientMessageId: wanted.clientMessageId,
            author: 'customer',
            kind: 'text',
            authorId: customerId,
            text: cleaned.text,
            fact: undefined,
            redactions: cleaned.redactions,
            language: wanted.language,
          },
          now,
        ),
      ]
      record.preview = cleaned.text.slice(0, previewLength)
      record.customerRead = record.lastSequence
      await insertMessages(tx, messages)
      await saveCases(tx, [record], now)
      await router.grant(now)
      await needs.audit.record(tx, [
        {
          who: { kind: 'customer', id: customerId },
          action: 'case.reopened',
          resource: { kind: 'case', id: record.id },
          at: now,
        },
      ])
      await publish(
        tx,
        [...tell(messages, new Map([[conversationId, record]])), tellChanged(record, { action: 'reopen' })],
        now,
      )
    })
    platform.events.wake()
  }
}

// A customer asks for help, about a movement of money or in general. Opening again finds the open case.
// About money, the helper's diagnosis stands first in the thread, before anything is typed. Two openings in the same
// instant make one case.
import { uuidv7, type Reference } from '#contract/ids.ts'
import type { Diagnosis } from '#contract/diagnosis.ts'
import type { Locale } from '#contract/schema.ts'
import type { TransactionDetail } from '#contract/trace.ts'
import type { Transaction } from '#platform/db.ts'
import { publish } from '#platform/outbox.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import { append, diagnosisOf, tell } from './append.ts'
import type { CaseRecord } from './case.ts'
import { lockOpening, takeUntold } from './choice.sql.ts'
import {
  attachReference,
  findOpenCase,
  insertCase,
  lockByConversation,
  readByConversation,
  saveCases,
} from './desk.sql.ts'
import { insertMessages } from './message.sql.ts'
import { stepsOf } from './money-steps.rules.ts'
import type { DeskNeeds } from './needs.ts'
import { readReplyDueAt } from './service-status.ts'
import { waitsOn } from './settled.rules.ts'
import { newSign } from './sign.ts'

/** What the case is called, from the live facts: the customer need not choose. */
export function subjectOf(detail: Pick<TransactionDetail, 'kind' | 'state' | 'hops'> | undefined): string {
  if (!detail) return 'general'
  const stuck = detail.hops.some((hop) => hop.state === 'stuck' || hop.state === 'failed')
  if (detail.kind === 'payment') {
    if (detail.state === 'failed') return 'payment_failed'
    const waiting = detail.hops.some(
      (hop) => hop.key === 'shop_told' && (hop.state === 'stuck' || hop.state === 'now'),
    )
    return waiting ? 'payment_not_arrived' : 'payment'
  }
  if (detail.kind === 'top_up') return stuck || detail.state === 'pending' ? 'top_up_not_arrived' : 'top_up'
  return detail.kind
}

/** Once for each movement in a thread: what was true when its customer asked. */
async function tellDiagnosis(
  tx: Transaction,
  { id, conversationId }: Pick<CaseRecord, 'id' | 'conversationId'>,
  diagnosis: Diagnosis,
  now: Date,
): Promise<void> {
  const record = (await lockByConversation(tx, [conversationId]))[0]!
  if ((await takeUntold(tx, id, diagnosis.reference, ['diagnosis'])).length === 0) return
  const message = append(record, diagnosisOf(diagnosis), now)
  await insertMessages(tx, [message])
  await saveCases(tx, [record], now)
  await publish(tx, tell([message], new Map([[conversationId, record]])), now)
}

export function openConversation(platform: Platform, needs: DeskNeeds) {
  return async function open(
    customerId: string,
    about: Reference | undefined,
    language: Locale,
  ): Promise<CaseRecord> {
    // Another customer's reference looks like none at all (R1).
    const detail = about === undefined ? undefined : await platform.references.detail(about, customerId)
    if (about !== undefined && !detail) throw new Refusal('not_found')
    const diagnosis = detail && (await needs.diagnose(detail.reference, customerId))
    const id = await platform.db.transaction(async (tx) => {
      await lockOpening(tx, customerId, detail?.reference ?? '')
      const found = await findOpenCase(tx, customerId, detail?.reference)
      const now = platform.clock.now()
      if (found) {
        if (diagnosis) await tellDiagnosis(tx, found, diagnosis, now)
        return found.conversationId
      }
      const fresh = {
        id: uuidv7(now.getTime()),
        conversationId: uuidv7(now.getTime()),
        customerId,
        channel: 'chat' as const,
        language,
        subject: subjectOf(detail),
        sign: newSign(),
      }
      await insertCase(
        tx,
        {
          ...fresh,
          firstReplyDueAt: (await readReplyDueAt(tx))('chat', now),
          waitsOn: detail && waitsOn([detail]),
        },
        now,
      )
      if (detail) {
        await attachReference(tx, fresh.id, detail.reference, now)
        // What is so already is no news.
        const steps = stepsOf(detail).map(({ step }) => step)
        await takeUntold(tx, fresh.id, detail.reference, steps)
      }
      if (diagnosis) await tellDiagnosis(tx, fresh, diagnosis, now)
      return fresh.conversationId
    })
    return (await readByConversation(platform.db.read, id))!
  }
}

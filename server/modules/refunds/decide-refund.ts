// Staff decide what the shop refused or left unanswered. Never for one's own wallet, never who asked for it, and within what one
// member of staff may grant in a day; the counters are locked in the same transaction, so that no two decisions share them.
import { refuseTooLate } from '#platform/duty.ts'
import type { Platform } from '#platform/platform.ts'
import { dayIn } from '#platform/days.ts'
import { Refusal } from '#platform/refusal.ts'
import type { Transaction } from '#platform/db.ts'
import type { StaffSession } from '#modules/staff/index.ts'
import { addGranted, lockGranted, readStaffLimits } from './keys-and-limits.sql.ts'
import { referenceOfRefund, type Mover } from './move-refund.ts'
import type { RefundNeeds } from './needs.ts'
import type { RefundRecord } from './refund.ts'
import { judgeStaffLimit, needsSecondPerson } from './refund.rules.ts'

export interface StaffDecision {
  number: bigint
  decision: 'grant' | 'decline'
  note: string
}

type Look = Pick<RefundRecord, 'number' | 'customerId' | 'caseId'> & {
  reason: 'case' | 'decision' | 'approval' | 'follow_up'
  /** A file of its evidence; without it, the refund. */
  fileId?: string | undefined
}
type Looker = Pick<StaffSession, 'agentId' | 'displayName'>

/** Where the customer sees it. */
const keepLook = (tx: Transaction, needs: Pick<RefundNeeds, 'keepLook'>, agent: Looker, look: Look) =>
  needs.keepLook(tx, {
    customerId: look.customerId,
    caseId: look.caseId,
    agent,
    field: look.fileId ? 'file' : 'money',
    reason: look.reason,
    reference: referenceOfRefund(look),
    fileId: look.fileId,
  })

/** Each look of staff at a refund stands in the audit record, and where the customer sees it. */
export async function recordLook(
  tx: Transaction,
  needs: Pick<RefundNeeds, 'audit' | 'keepLook'>,
  agent: Looker,
  look: Look,
  at: Date,
): Promise<void> {
  await needs.audit.record(tx, [
    {
      who: { kind: 'agent', id: agent.agentId },
      action: look.fileId ? 'refund.evidence_looked_at' : 'refund.looked_at',
      resource: { kind: 'refund', id: referenceOfRefund(look) },
      at,
      detail: {
        customerId: look.customerId,
        reason: look.reason,
        ...(look.fileId ? { file: look.fileId } : {}),
      },
    },
  ])
  await keepLook(tx, needs, agent, look)
}

export function decideRefund(platform: Platform, needs: RefundNeeds, mover: Mover) {
  const { db, clock } = platform

  async function countGrant(tx: Transaction, session: StaffSession, refund: RefundRecord): Promise<void> {
    const { amountMinor, currency, customerId } = refund
    const day = dayIn(platform.config.serviceTimeZone, clock.now())
    const counted = { agentId: session.agentId, day, currency, customerId }
    const granted = await lockGranted(tx, counted)
    const verdict = judgeStaffLimit({
      limits: await readStaffLimits(tx, session.role, currency),
      grantedTodayMinor: granted.allMinor,
      grantedToCustomerMinor: granted.customerMinor,
      amountMinor,
      currency,
    })
    if (verdict.verdict === 'refused') throw new Refusal(verdict.code, verdict.values)
    await addGranted(tx, counted, amountMinor)
  }

  /** Throws forbidden, second_person_needed, presence_required, staff_limit, conflict, not_found. Pressed again by the same person it is no fault. */
  return async function decide(
    session: StaffSession,
    { number, decision, note }: StaffDecision,
  ): Promise<void> {
    await db.transaction(async (tx) => {
      const found = await mover.holdRefund(tx, number)
      if (!found) throw new Refusal('not_found')
      const { held, refund } = found
      needs.staff.require(session, 'refund.decide', { customerId: refund.customerId })
      // One person is one person, however many accounts: neither who receives nor who asked decides (R5, R12).
      const person = await needs.approvals.personBehind(tx, session.agentId, {
        involved: refund.requestedByAgent ? [refund.requestedByAgent] : [],
        beneficiaryCustomerId: refund.customerId,
      })
      if (person.isReceiver) throw new Refusal('forbidden', undefined, 'nobody serves their own wallet')
      if (person.isInvolved) throw new Refusal('second_person_needed')
      refuseTooLate({ isEscalated: refund.state === 'in_review' && refund.escalations > 0 }, session)
      // Saying again what somebody else decided is no decision, and must not become a way to look at it (R13).
      if (refund.state !== 'in_review' && refund.decidedBy !== session.agentId)
        throw new Refusal('conflict', { state: refund.state })
      // What everybody had agreed to and only waits for money was counted when it was granted.
      if (refund.state === 'in_review' && decision === 'grant' && !refund.clearedAt) {
        if (needsSecondPerson('staff', refund.amountMinor, await mover.contextFor(tx, held, refund)))
          needs.staff.requirePresence(session)
        await countGrant(tx, session, refund)
      }
      const event =
        decision === 'grant'
          ? ({ kind: 'granted', agentId: session.agentId, note } as const)
          : ({ kind: 'declined', agentId: session.agentId, note } as const)
      const moved = await mover.move(tx, held, refund, event, { kind: 'agent', id: session.agentId })
      // The answer shows it; when nothing was decided, no other entry of the audit record says so.
      const look = { ...refund, reason: 'decision' as const }
      if (moved === refund) await recordLook(tx, needs, session, look, clock.now())
      else await keepLook(tx, needs, session, look)
    })
    platform.events.wake()
  }
}

// How an approval ends: a second person's yes or no, its time, or a change of what it was about. Once, under its lock.
// Locks are taken in one order everywhere: first the thing (currentPayload takes the room's locks), then the approval.
import type { Transaction } from '#platform/db.ts'
import { publish } from '#platform/outbox.ts'
import type { Platform } from '#platform/platform.ts'
import { sameHash } from '#platform/keys.ts'
import { Refusal } from '#platform/refusal.ts'
import { fingerprintOf, numberOfApproval, type ApprovalRecord, type Payload } from './approval.ts'
import { judge } from './approval.rules.ts'
import * as store from './approval.sql.ts'
import type { ApprovalHandlers, ApprovalNeeds } from './needs.ts'
import { readBehind } from './people.ts'

export interface Closing {
  platform: Platform
  needs: ApprovalNeeds
  handlersOf(kind: string): ApprovalHandlers
}

export interface Decider {
  agentId: string
  displayName: string
  mayDecide: boolean
  /** Proved a moment ago that it is them: they typed their password again. */
  isPresent: boolean
}

export type Press = { decision: 'approved'; payloadHash: string } | { decision: 'declined'; note: string }

/** Writes what happened to an approval: for the audit record, for other rooms, and for the consoles that are open. */
export async function tell(
  tx: Transaction,
  { platform, needs }: Pick<Closing, 'platform' | 'needs'>,
  approval: ApprovalRecord,
  what: 'proposed' | 'approved' | 'declined' | 'expired' | 'voided' | 'cancelled',
  who: { kind: 'agent' | 'system'; id?: string | undefined },
  detail: Record<string, unknown> = {},
): Promise<void> {
  const now = platform.clock.now()
  const { id, kind, reference, caseId } = approval
  await needs.audit.record(tx, [
    {
      who,
      action: `approval.${what}`,
      resource: { kind: 'approval', id },
      at: now,
      detail: {
        number: numberOfApproval(approval),
        kind,
        reference,
        amountMinor: approval.amountMinor.toString(),
        currency: approval.currency,
        payloadHash: approval.payloadHash.toString('hex'),
        ...(caseId ? { caseId } : {}),
        ...detail,
      },
    },
  ])
  await publish(
    tx,
    [
      {
        type: `approval.${what}`,
        key: `approval:${id}`,
        payload: { approvalId: id, kind, reference, ...(caseId ? { caseId } : {}) },
        // Agents are not told of what concerns their own wallet.
        customerId: approval.beneficiaryCustomerId,
        liveDesk: [{ type: 'approval.changed', approvalId: id }],
      },
    ],
    now,
  )
}

/** The thing's locks, then the approval's; with what would be done now. Throws not_found. */
async function hold(
  tx: Transaction,
  { handlersOf }: Closing,
  id: string,
): Promise<{ approval: ApprovalRecord; current: Payload | undefined; handlers: ApprovalHandlers }> {
  const found = await store.readApproval(tx, id)
  if (!found) throw new Refusal('not_found')
  const handlers = handlersOf(found.kind)
  const current = await handlers.currentPayload(tx, found.reference)
  return { approval: (await store.lockApproval(tx, id))!, current, handlers }
}

/** R6: what was stored, and what would be done now, both still have the fingerprint that was proposed. */
export function isStillTrue(approval: ApprovalRecord, current: Payload | undefined): boolean {
  return (
    current !== undefined &&
    sameHash(fingerprintOf(approval, current), approval.payloadHash) &&
    sameHash(fingerprintOf(approval, approval.payload), approval.payloadHash)
  )
}

async function close(
  tx: Transaction,
  closing: Closing,
  { approval, current, handlers }: Awaited<ReturnType<typeof hold>>,
  how: 'expired' | 'voided',
  who: Parameters<typeof tell>[4],
): Promise<void> {
  await store.closeApproval(tx, approval.id, {
    state: how,
    at: closing.platform.clock.now(),
    ...(how === 'voided' ? { foundPayload: current } : {}),
  })
  await tell(tx, closing, approval, how, who, how === 'voided' ? { found: current ?? null } : {})
  await handlers.onClosed(tx, { id: approval.id, reference: approval.reference }, how)
}

/**
 * A second person's yes or no. What is found changed or too late is closed as such, and that commits, before the refusal.
 * Throws not_found, second_person_needed, presence_required, approval_expired, approval_voided, conflict.
 */
export async function decide(closing: Closing, id: string, decider: Decider, press: Press): Promise<void> {
  const { platform, needs } = closing
  const who = { kind: 'agent' as const, id: decider.agentId }
  const refusal = await platform.db
    .transaction(async (tx): Promise<Refusal | undefined> => {
      const held = await hold(tx, closing, id)
      const { approval, current, handlers } = held
      const asker = { agentId: decider.agentId, mayDecide: decider.mayDecide }
      const { checks } = (await readBehind(tx, needs, [approval], asker)).get(id)!
      const now = platform.clock.now()
      const isYes = press.decision === 'approved'
      const step = judge(
        approval,
        {
          decision: press.decision,
          agentId: decider.agentId,
          isSecondPerson: checks.every(({ ok }) => ok),
          isPresent: decider.isPresent,
          isShown: !isYes || press.payloadHash === approval.payloadHash.toString('hex'),
          // A no is a no to what was asked, whatever became of it meanwhile.
          isTrue: !isYes || isStillTrue(approval, current),
        },
        now,
      )
      if (step.verdict === 'again') return undefined
      if (step.verdict === 'refused') return new Refusal(step.code)
      if (step.verdict === 'expire') {
        await close(tx, closing, held, 'expired', { kind: 'system' })
        return new Refusal('approval_expired')
      }
      if (step.verdict === 'void') {
        await close(tx, closing, held, 'voided', who)
        return new Refusal('approval_voided')
      }
      const note = press.decision === 'declined' ? press.note : undefined
      const by = { agentId: decider.agentId, name: decider.displayName }
      await store.closeApproval(tx, id, { state: press.decision, at: now, by, note })
      await tell(tx, closing, approval, press.decision, who, note === undefined ? {} : { note })
      const { reference } = approval
      if (isYes) await handlers.execute(tx, { id, reference, decidedBy: decider.agentId })
      else await handlers.onClosed(tx, { id, reference }, 'declined')
      return undefined
    })
    .catch((error: unknown) => {
      // The room found another truth under its own locks: nothing of it was done, and nothing of it may be approved.
      if (!(error instanceof Refusal) || error.code !== 'approval_voided') throw error
      return endWaiting(closing, id, 'voided', who).then(() => error)
    })
  platform.events.wake()
  if (refusal) throw refusal
}

/** Closes one that still waits; answers whether it did. */
export function endWaiting(
  closing: Closing,
  id: string,
  how: 'expired' | 'voided',
  who: Parameters<typeof tell>[4],
): Promise<boolean> {
  return closing.platform.db.transaction(async (tx) => {
    const held = await hold(tx, closing, id)
    if (held.approval.state !== 'waiting') return false
    if (how === 'expired' && held.approval.expiresAt > closing.platform.clock.now()) return false
    await close(tx, closing, held, how, who)
    return true
  })
}

// A second person's yes or no. What was shown is compared with what is true under the locks: another account, amount or sum
// already returned means that something else was approved, and nothing is done.
import { parseReference } from '#contract/ids.ts'
import type { Transaction } from '#platform/db.ts'
import { Refusal } from '#platform/refusal.ts'
import type { Mover } from './move-refund.ts'
import type { RefundNeeds } from './needs.ts'
import type { ProposedPayload } from './refund.ts'

export const isSamePayload = (one: ProposedPayload | undefined, other: ProposedPayload): boolean =>
  one !== undefined &&
  Object.keys(one).length === Object.keys(other).length &&
  Object.entries(other).every(([key, value]) => one[key] === value)

export function registerApproval(needs: RefundNeeds, mover: Mover): void {
  async function found(tx: Transaction, reference: string) {
    const parsed = parseReference(reference)
    return parsed && mover.holdRefund(tx, parsed.number)
  }

  needs.approvals.register('refund.pay', {
    async currentPayload(tx, reference) {
      const refund = await found(tx, reference)
      return refund?.refund.state === 'awaiting_approval'
        ? mover.payloadOf(tx, refund.held, refund.refund)
        : undefined
    },
    async execute(tx, approval) {
      const refund = await found(tx, approval.reference)
      if (!refund || refund.refund.state !== 'awaiting_approval' || refund.refund.approvalId !== approval.id)
        throw new Refusal('approval_voided')
      const current = await mover.payloadOf(tx, refund.held, refund.refund)
      if (!isSamePayload(refund.refund.proposedPayload, current)) throw new Refusal('approval_voided')
      if (approval.decidedBy !== undefined && approval.decidedBy === refund.refund.requestedByAgent)
        throw new Refusal('second_person_needed')
      await mover.move(
        tx,
        refund.held,
        refund.refund,
        { kind: 'approved', agentId: approval.decidedBy },
        { kind: 'agent', id: approval.decidedBy },
      )
    },
    async onClosed(tx, approval) {
      const refund = await found(tx, approval.reference)
      if (refund?.refund.state !== 'awaiting_approval' || refund.refund.approvalId !== approval.id) return
      await mover.move(tx, refund.held, refund.refund, { kind: 'approval_closed' }, { kind: 'system' })
    },
  })
}

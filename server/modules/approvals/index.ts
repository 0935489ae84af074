// Approvals: four eyes. A room proposes exactly what it will do; a second person sees it, with its fingerprint, and decides.
// What is done is what was shown: in the commit that approves, the room builds it again, and any difference voids it.
import { uuidv7 } from '#contract/ids.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import type { Face } from '#platform/http.ts'
import type { Platform } from '#platform/platform.ts'
import { approvalRoutes } from './approval.routes.ts'
import { fingerprintOf } from './approval.ts'
import * as store from './approval.sql.ts'
import { decide, endWaiting, tell, type Closing, type Decider, type Press } from './close-approval.ts'
import type { ApprovalHandlers, ApprovalNeeds, Proposal } from './needs.ts'
import { readBehind } from './people.ts'

export type { Payload } from './approval.ts'
export type { ApprovalHandlers, ApprovalNeeds, Proposal } from './needs.ts'

export interface Approvals {
  /** Once for each kind, when the rooms are put together. */
  register(kind: string, handlers: ApprovalHandlers): void
  /** All that were registered. */
  kinds(): string[]
  /**
   * Asks for a second person, in the transaction of the room that asks; answers the approval's id. One may wait for each thing.
   * Throws TypeError when the payload has no canonical form.
   */
  propose(tx: Transaction, proposal: Proposal): Promise<string>
  /** The room no longer wants it: what waits is voided, and `onClosed` is not called. What is closed stays as it is. */
  cancel(tx: Transaction, approvalId: string): Promise<void>
  /** For what staff may decide without a second person: who this member of staff is besides, through whatever account (R5, R12). */
  personBehind(
    sql: Sql,
    agentId: string,
    about: { involved: readonly string[]; beneficiaryCustomerId: string },
  ): Promise<{ isInvolved: boolean; isReceiver: boolean }>
  /** A yes with the fingerprint that was shown, or a no with a note. The same person again gets the same answer. */
  decide(approvalId: string, decider: Decider, press: Press): Promise<void>
  /** Closes what has run out; the job calls it every second. Answers how many. */
  expireDue(): Promise<number>
  /** GET /api/approvals, GET /api/approvals/:id, POST …/approve and …/decline on the agents' face. */
  routes(api: Face): void
}

const expireLimit = 50

export function createApprovals(platform: Platform, needs: ApprovalNeeds): Approvals {
  const { db, clock } = platform
  const kinds = new Map<string, ApprovalHandlers>()
  const closing: Closing = {
    platform,
    needs,
    handlersOf(kind) {
      const handlers = kinds.get(kind)
      if (!handlers) throw new Error(`no room has registered approvals of ${kind}`)
      return handlers
    },
  }

  const approvals: Approvals = {
    register(kind, handlers) {
      if (kinds.has(kind)) throw new Error(`two rooms ask for approval of ${kind}`)
      kinds.set(kind, handlers)
    },
    kinds: () => [...kinds.keys()],
    async propose(tx, proposal) {
      closing.handlersOf(proposal.kind)
      const now = clock.now()
      const { agentId, name } = proposal.requestedBy
      const proposed = {
        kind: proposal.kind,
        reference: proposal.reference,
        amountMinor: BigInt(proposal.amount.amountMinor),
        currency: proposal.amount.currency,
        beneficiaryCustomerId: proposal.beneficiaryCustomerId,
      }
      const approval = {
        ...proposed,
        id: uuidv7(now.getTime()),
        caseId: proposal.caseId,
        requestedBy: agentId,
        requestedByName: name,
        involved: [...new Set([...(agentId ? [agentId] : []), ...(proposal.alsoInvolved ?? [])])],
        requestedAt: now,
        reason: proposal.reason,
        expiresAt: proposal.expiresAt,
        payload: proposal.payload,
        payloadHash: fingerprintOf(proposed, proposal.payload),
      }
      await store.insertApproval(tx, approval)
      const stored = (await store.readApproval(tx, approval.id))!
      await tell(
        tx,
        closing,
        stored,
        'proposed',
        agentId ? { kind: 'agent', id: agentId } : { kind: 'system' },
      )
      return approval.id
    },
    async cancel(tx, approvalId) {
      const approval = await store.lockApproval(tx, approvalId)
      if (approval?.state !== 'waiting') return
      const now = clock.now()
      // The room may notice the same deadline a moment earlier than this one.
      const isLate = approval.expiresAt <= now
      await store.closeApproval(tx, approvalId, { state: isLate ? 'expired' : 'voided', at: now })
      await tell(tx, closing, approval, isLate ? 'expired' : 'cancelled', { kind: 'system' })
    },
    async personBehind(sql, agentId, about) {
      const asked = { ...about, id: agentId }
      const { checks } = (await readBehind(sql, needs, [asked], { agentId, mayDecide: true })).get(agentId)!
      const holds = (key: (typeof checks)[number]['key']) =>
        checks.some((check) => check.key === key && check.ok)
      return { isInvolved: !holds('not_requester'), isReceiver: !holds('not_receiver') }
    },
    decide: (approvalId, decider, press) => decide(closing, approvalId, decider, press),
    async expireDue() {
      let expired = 0
      for (const id of await store.readDueIds(db.read, clock.now(), expireLimit))
        if (await endWaiting(closing, id, 'expired', { kind: 'system' })) expired++
      if (expired > 0) platform.events.wake()
      return expired
    },
    routes: (api) => approvalRoutes(api, closing, approvals),
  }

  platform.jobs.loop('approvals-expire', 1000, () => approvals.expireDue())
  return approvals
}

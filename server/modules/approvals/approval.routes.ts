// Approvals on the agents' face. Thin: who asks, may they, hand on, show what is true then.
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import {
  ApprovalListSchema,
  ApprovalSchema,
  ApprovalViewSchema,
  ApproveSchema,
  DeclineApprovalSchema,
  type Approval,
} from '#contract/refund.ts'
import { UuidSchema } from '#contract/schema.ts'
import type { Face } from '#platform/http.ts'
import { Refusal } from '#platform/refusal.ts'
import { decide as decideRight, isPresent, type Action, type StaffSession } from '#modules/staff/index.ts'
import type { ApprovalRecord } from './approval.ts'
import * as store from './approval.sql.ts'
import type { Closing, Press } from './close-approval.ts'
import type { Approvals } from './index.ts'
import { readBehind } from './people.ts'
import { presentAll, presentOne } from './present.ts'

const tags = ['Approvals']
const params = Type.Object({ id: UuidSchema })
const listLimit = 100

export function approvalRoutes(api: Face, closing: Closing, approvals: Approvals): void {
  const { needs, platform } = closing
  const { db, clock } = platform

  const askerOf = (session: StaffSession) => ({
    agentId: session.agentId,
    mayDecide: decideRight(session, 'approval.decide').verdict === 'allowed',
  })

  /** The customer reads this as the reason of the look, so it is said only of who can decide now as somebody else. */
  async function mayBeSecond(session: StaffSession, approval: ApprovalRecord): Promise<boolean> {
    if (approval.state !== 'waiting' || approval.expiresAt <= clock.now()) return false
    const { checks } = (await readBehind(db.read, needs, [approval], askerOf(session))).get(approval.id)!
    return checks.every(({ ok }) => ok)
  }

  /** One approval, when this person may do this with it; nobody is shown what concerns their own wallet. */
  async function found(request: FastifyRequest, id: string, action: Action) {
    const session = await needs.staff.authenticate(request)
    needs.staff.require(session, action)
    const approval = await store.readApproval(db.read, id)
    if (!approval) throw new Refusal('not_found')
    needs.staff.require(session, action, { customerId: approval.beneficiaryCustomerId })
    // What the answer shows is a customer's money: the customer sees who looked, and it stands in the audit record.
    const { beneficiaryCustomerId: customerId, caseId, reference } = approval
    const reason = (await mayBeSecond(session, approval)) ? 'approval' : 'follow_up'
    const isNew = await db.transaction(async (tx) => {
      const look = {
        customerId,
        caseId,
        agent: session,
        field: 'money',
        reason,
        reference,
      } as const
      const kept = await needs.keepLook(tx, look)
      if (kept)
        await needs.audit.record(tx, [
          {
            who: { kind: 'agent', id: session.agentId },
            action: 'approval.looked_at',
            resource: { kind: 'approval', id },
            at: clock.now(),
            detail: { customerId, reference, ...(caseId ? { case: caseId } : {}) },
          },
        ])
      return kept
    })
    if (isNew) platform.events.wake()
    return { session, approval }
  }

  async function press(request: FastifyRequest, id: string, what: Press): Promise<Approval> {
    const { session } = await found(request, id, 'approval.decide')
    const asker = askerOf(session)
    await approvals.decide(
      id,
      { ...asker, displayName: session.displayName, isPresent: isPresent(session, clock.now()) },
      what,
    )
    return presentOne(closing, (await store.readApproval(db.read, id))!, asker)
  }

  api.get(
    '/api/approvals',
    {
      schema: {
        tags,
        summary: 'What waits for a second person, what I asked for, and what was decided',
        description:
          '`waiting`: the one that runs out first on top. `mine`: those I had a hand in. `done`: the newest 100. `counts.forMe` is how many of those that wait I may decide.',
        querystring: Type.Object({ view: Type.Optional(ApprovalViewSchema) }),
        response: { 200: ApprovalListSchema },
      },
    },
    async (request) => {
      const session = await needs.staff.authenticate(request)
      needs.staff.require(session, 'approval.read')
      const view = request.query.view ?? 'waiting'
      const asker = askerOf(session)
      const waiting = await presentAll(
        db.read,
        closing,
        await store.readWaiting(db.read, session.customerId, listLimit),
        asker,
      )
      const others = async () =>
        presentAll(
          db.read,
          closing,
          view === 'mine'
            ? await store.readOf(db.read, session.agentId, listLimit)
            : await store.readClosed(db.read, session.customerId, listLimit),
          asker,
        )
      return {
        approvals: view === 'waiting' ? waiting : await others(),
        counts: { waiting: waiting.length, forMe: waiting.filter((approval) => approval.mayDecide).length },
        asOf: clock.now().toISOString(),
      }
    },
  )

  api.get(
    '/api/approvals/:id',
    {
      schema: {
        tags,
        summary: 'One approval: exactly what would happen, and the checks of now for whoever asks',
        description: 'Opening it is a look at the customer’s money, which the customer sees.',
        params,
        response: { 200: ApprovalSchema },
      },
    },
    async (request) => {
      const { session, approval } = await found(request, request.params.id, 'approval.read')
      return presentOne(closing, approval, askerOf(session))
    },
  )

  api.post(
    '/api/approvals/:id/approve',
    {
      schema: {
        tags,
        summary: 'Approve exactly what was shown; it is done in the same commit, once',
        description:
          'Needs a proof of presence that is at most five minutes old (presence_required; POST /api/me/presence). Not by who asked for it or receives it, through whatever account (second_person_needed). approval_voided when it has changed, approval_expired when it is too late, conflict when somebody else decided. Pressing again gives the same answer.',
        params,
        body: ApproveSchema,
        response: { 200: ApprovalSchema },
      },
    },
    (request) =>
      press(request, request.params.id, { decision: 'approved', payloadHash: request.body.payloadHash }),
  )

  api.post(
    '/api/approvals/:id/decline',
    {
      schema: {
        tags,
        summary: 'Decline, with a note for whoever asked',
        description: 'Moves no money, so it asks for no proof of presence.',
        params,
        body: DeclineApprovalSchema,
        response: { 200: ApprovalSchema },
      },
    },
    (request) => press(request, request.params.id, { decision: 'declined', note: request.body.note }),
  )
}

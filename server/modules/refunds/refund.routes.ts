// Refunds over HTTP for customers and for agents. Thin: who asks, may they, hand on, show what is true then.
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { parseReference } from '#contract/ids.ts'
import { parseAmountMinor } from '#contract/money.ts'
import { AskRefundForCaseSchema, AskRefundSchema, DecideRefundSchema } from '#contract/refund.ts'
import { ReferenceSchema, UuidSchema } from '#contract/schema.ts'
import { TransactionDetailSchema, TransactionSummarySchema, type TransactionDetail } from '#contract/trace.ts'
import { idempotencyKey, type Face } from '#platform/http.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import { fileAnswer, sendFile } from '#modules/files/index.ts'
import { decide as decideRight, type StaffSession } from '#modules/staff/index.ts'
import type { RefundNeeds } from './needs.ts'
import { recordLook } from './decide-refund.ts'
import type { Refunds } from './index.ts'
import { referenceOfRefund } from './move-refund.ts'

const tags = ['Refunds']
const params = Type.Object({ reference: ReferenceSchema })

/** The running number of an RF-… or TN-… reference. Throws not_found for any other. */
export function numberOf(prefix: 'RF' | 'TN', reference: string): bigint {
  const parsed = parseReference(reference)
  if (parsed?.prefix !== prefix) throw new Refusal('not_found')
  return parsed.number
}

/** M8, M9: nothing, or a whole positive number of minor units. */
export function amountOf(text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined
  const amountMinor = parseAmountMinor(text)
  if (amountMinor === undefined || amountMinor === 0n)
    throw new Refusal('validation_failed', { field: 'body.amountMinor' }, 'an amount is above zero')
  return amountMinor
}

export function customerRefundRoutes(
  api: Face,
  platform: Platform,
  needs: RefundNeeds,
  refunds: Refunds,
): void {
  async function present(customerId: string, number: bigint): Promise<TransactionDetail> {
    const detail = await platform.references.detail(referenceOfRefund({ number }), customerId)
    if (!detail) throw new Refusal('not_found')
    return detail
  }

  api.post(
    '/api/refunds',
    {
      schema: {
        tags,
        summary: 'Ask for the money of a payment back',
        description:
          'Needs an Idempotency-Key; the same key and body gets the first answer for ever. Without an amount all that is left of the payment. The shop is asked first; refund_not_allowed (values.why) says why not. Evidence are files that were added before (POST /api/files); file_missing when one is not there any more.',
        body: AskRefundSchema,
        response: { 200: TransactionDetailSchema },
      },
    },
    async (request) => {
      const { customerId } = await needs.authenticateCustomer(request)
      const { payment, amountMinor, reason, note, evidence } = request.body
      const paymentNumber = numberOf('TN', payment)
      if ((await platform.references.ownerOf(payment)) !== customerId) throw new Refusal('not_found')
      const number = await refunds.request({
        by: { kind: 'customer', id: customerId },
        key: idempotencyKey(request),
        paymentNumber,
        amountMinor: amountOf(amountMinor),
        reason,
        note,
        evidence: evidence && { fileIds: evidence },
      })
      return present(customerId, number)
    },
  )

  api.get(
    '/api/refunds/open',
    {
      schema: {
        tags,
        summary: 'Refunds that are still on their way, newest first',
        description: 'All of them, however long ago they were asked for and whatever moved since.',
        response: { 200: Type.Object({ refunds: Type.Array(TransactionSummarySchema) }) },
      },
    },
    async (request) => {
      const { customerId } = await needs.authenticateCustomer(request)
      return { refunds: await refunds.openOf(customerId) }
    },
  )

  api.post(
    '/api/refunds/:reference/withdraw',
    {
      schema: {
        tags,
        summary: 'Withdraw a request that is still open',
        description: 'Withdrawing again is no fault; conflict when the refund ended another way before.',
        params,
        response: { 200: TransactionDetailSchema },
      },
    },
    async (request) => {
      const { customerId } = await needs.authenticateCustomer(request)
      const number = numberOf('RF', request.params.reference)
      await refunds.withdraw(customerId, number)
      return present(customerId, number)
    },
  )
}

export function agentRefundRoutes(api: Face, platform: Platform, needs: RefundNeeds, refunds: Refunds): void {
  const { db, clock } = platform

  async function ownerOf(reference: string): Promise<string> {
    const customerId = await platform.references.ownerOf(reference)
    if (!customerId) throw new Refusal('not_found')
    return customerId
  }

  async function present(reference: string, customerId: string): Promise<TransactionDetail> {
    const detail = await platform.references.detail(reference, customerId, 'staff')
    if (!detail) throw new Refusal('not_found')
    return detail
  }

  api.post(
    '/api/refunds',
    {
      schema: {
        tags,
        summary: 'Ask for a refund for a case',
        description:
          'Needs an Idempotency-Key, an open case that holds the payment, and the reason to look at the customer that the case gives. Never for a payment of one’s own wallet.',
        body: AskRefundForCaseSchema,
        response: { 200: TransactionDetailSchema },
      },
    },
    async (request) => {
      const session = await needs.staff.authenticate(request)
      const key = idempotencyKey(request)
      const { payment, amountMinor, reason, note, caseId, evidence } = request.body
      const paymentNumber = numberOf('TN', payment)
      const holding = await needs.caseHolding(db.read, caseId, payment)
      if (!holding || holding.customerId !== (await ownerOf(payment))) throw new Refusal('not_found')
      needs.staff.require(session, 'refund.request', {
        customerId: holding.customerId,
        granted: await needs.staff.mayLookAt(session.agentId, holding.customerId),
      })
      const number = await refunds.request({
        by: { kind: 'agent', id: session.agentId },
        key,
        paymentNumber,
        amountMinor: amountOf(amountMinor),
        reason,
        note,
        caseId,
        evidence: evidence && { fileIds: evidence, sentIn: holding.conversationId },
      })
      return present(referenceOfRefund({ number }), holding.customerId)
    },
  )

  /** May this person approve what was proposed: by their role, and as somebody who had no hand in it and receives nothing. */
  async function mayBeSecond(
    session: StaffSession,
    origin: Awaited<ReturnType<Refunds['originOf']>>,
    beneficiaryCustomerId: string,
  ): Promise<boolean> {
    if (decideRight(session, 'approval.decide').verdict !== 'allowed') return false
    const involved = [origin?.requestedByAgent ?? [], origin?.decidedBy ?? []].flat()
    const person = await needs.approvals.personBehind(db.read, session.agentId, {
      involved,
      beneficiaryCustomerId,
    })
    return !person.isInvolved && !person.isReceiver
  }

  /** Who decides must see what is decided (R13: the decision is the reason). Throws forbidden, reason_required, not_found. */
  async function mayLook(request: FastifyRequest, reference: string) {
    const session = await needs.staff.authenticate(request)
    const number = numberOf('RF', reference)
    const customerId = await ownerOf(reference)
    needs.staff.require(session, 'refund.decide', { customerId })
    const detail = await present(reference, customerId)
    const isToDecide = detail.refund?.state === 'in_review' || detail.refund?.state === 'awaiting_approval'
    if (!isToDecide && !(await needs.staff.mayLookAt(session.agentId, customerId)))
      throw new Refusal('reason_required')
    const origin = await refunds.originOf(number)
    const isProposed = detail.refund?.state === 'awaiting_approval' && origin?.decidedBy !== session.agentId
    // Who decided already reads what they proposed; everybody else reads it with the reason that the approval itself gives them.
    const reason = !isToDecide
      ? 'case'
      : !isProposed
        ? 'decision'
        : (await mayBeSecond(session, origin, customerId))
          ? 'approval'
          : 'follow_up'
    return { session, detail, look: { number, customerId, caseId: origin?.caseId, reason } as const }
  }

  /** Recorded before anything is shown. */
  async function keep(session: StaffSession, look: Parameters<typeof recordLook>[3]): Promise<void> {
    await db.transaction((tx) => recordLook(tx, needs, session, look, clock.now()))
    platform.events.wake()
  }

  async function look(request: FastifyRequest, reference: string): Promise<TransactionDetail> {
    const { session, detail, look } = await mayLook(request, reference)
    await keep(session, look)
    return detail
  }

  api.get(
    '/api/refunds/:reference/files/:fileId',
    {
      schema: {
        tags,
        summary: 'A picture or document of a refund’s evidence',
        description:
          'While the refund is to be decided, or with the reason that a case gives. Each look is recorded, and the customer sees it.',
        params: Type.Object({ reference: ReferenceSchema, fileId: UuidSchema }),
        response: fileAnswer,
      },
    },
    async (request, reply) => {
      const { reference, fileId } = request.params
      const { session, look } = await mayLook(request, reference)
      const file = await needs.files.readHeld([reference], fileId)
      if (!file) throw new Refusal('not_found')
      await keep(session, { ...look, fileId })
      return sendFile(reply, file)
    },
  )

  api.get(
    '/api/refunds/:reference',
    {
      schema: {
        tags,
        summary: 'A refund that staff must decide, read live',
        description:
          'While it is to be decided, or with the reason that a case gives. Each look is recorded, and the customer sees it.',
        params,
        response: { 200: TransactionDetailSchema },
      },
    },
    (request) => look(request, request.params.reference),
  )

  api.post(
    '/api/refunds/:reference/decide',
    {
      schema: {
        tags,
        summary: 'Grant or decline a refund that the shop refused or left unanswered',
        description:
          'Not by who asked for it (second_person_needed), not above one’s own daily limit (staff_limit), and after the deadline only by a lead. Above the limit of the currency, counted over the whole payment, a second person must approve the grant, and granting needs a proof of presence (presence_required; POST /api/me/presence).',
        params,
        body: DecideRefundSchema,
        response: { 200: TransactionDetailSchema },
      },
    },
    async (request) => {
      const session = await needs.staff.authenticate(request)
      const { reference } = request.params
      const customerId = await ownerOf(reference)
      await refunds.decide(session, { number: numberOf('RF', reference), ...request.body })
      return present(reference, customerId)
    },
  )
}

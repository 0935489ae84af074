// Payments above the limit whose shop never acknowledged: staff decide. `wait` gives the shop one more deadline; `return` gives
// the money back, and since that is above the limit, only when a second person approves exactly that.
import { parseReference, referenceOf } from '#contract/ids.ts'
import { money, type Money } from '#contract/money.ts'
import { DecideSilentShopSchema, type Decision } from '#contract/refund.ts'
import { ReferenceSchema } from '#contract/schema.ts'
import { TransactionDetailSchema } from '#contract/trace.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import type { Face } from '#platform/http.ts'
import { publish } from '#platform/outbox.ts'
import { refuseTooLate } from '#platform/duty.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import type { Audit } from '#modules/audit/index.ts'
import type { Merchants } from '#modules/merchants/index.ts'
import type { KeepDecisionLook, Staff, StaffSession } from '#modules/staff/index.ts'
import { Type } from 'typebox'
import type { Payments } from './index.ts'
import { readSilentShopRules, usualAnswerSeconds } from './payment.sql.ts'
import { leftMinor } from './refund-payment.rules.ts'
import type { LockedPayment, RefundPayments } from './refund-payment.ts'
import { dutyOfReturn } from './return-duty.ts'
import * as store from './silent-shops.sql.ts'
import { isReturning } from './trace-payment.ts'
import { readReturnsForStaff, readWaitingReturns, saveWaitOn } from './waiting-returns.sql.ts'

export type ReturnPayload = Record<string, string>

export interface SilentShopNeeds {
  audit: Pick<Audit, 'record'>
  staff: Pick<Staff, 'authenticate' | 'require' | 'requirePresence'>
  keepLook: KeepDecisionLook
  merchants: Pick<Merchants, 'readMerchants' | 'tellAgain'>
  payments: Pick<Payments, 'returnNow'>
  locks: Pick<RefundPayments, 'lock'>
  approvals: {
    propose(
      tx: Transaction,
      proposal: {
        kind: 'payment.return'
        reference: string
        payload: ReturnPayload
        amount: Money
        beneficiaryCustomerId: string
        requestedBy: { agentId?: string | undefined; name: string }
        reason: string
        expiresAt: Date
      },
    ): Promise<string>
    cancel(tx: Transaction, approvalId: string): Promise<void>
    register(
      kind: 'payment.return',
      handlers: {
        currentPayload(tx: Transaction, reference: string): Promise<ReturnPayload | undefined>
        execute(
          tx: Transaction,
          approval: { id: string; reference: string; decidedBy: string | undefined },
        ): Promise<void>
        onClosed(tx: Transaction, approval: { id: string; reference: string }): Promise<void>
      },
    ): void
  }
  namesOf(sql: Sql, customerIds: readonly string[]): Promise<ReadonlyMap<string, string>>
}

export interface SilentShops {
  /** POST /api/decisions/silent-shop/:reference on the agents' face. */
  routes(api: Face): void
  /** What waits for staff, without the reader's own wallet. */
  list(exceptCustomer: string | undefined): Promise<Decision[]>
  /**
   * Throws not_found, forbidden, conflict, presence_required. The same decision again by the same person is no fault, and a look;
   * anybody else hears a conflict: nothing of theirs was kept.
   */
  decide(
    session: StaffSession,
    number: bigint,
    decided: { decision: 'return' | 'wait'; note: string },
  ): Promise<void>
}

/** How long a second person has. */
const approvalMs = 24 * 3_600_000

export function createSilentShops(platform: Platform, needs: SilentShopNeeds): SilentShops {
  const { db, clock } = platform

  const payloadOf = ({ payment, walletAccountId }: LockedPayment): ReturnPayload => ({
    action: 'payment.return',
    payment: referenceOf('TN', payment.number),
    amountMinor: leftMinor(payment).toString(),
    currency: payment.currency,
    fromAccount: 'shop_unacknowledged',
    toWallet: walletAccountId,
    paidMinor: payment.amountMinor.toString(),
    returnedMinor: (payment.refundedMinor ?? 0n).toString(),
  })

  const isSilent = ({ payment }: LockedPayment) =>
    payment.state === 'completed' && !payment.toldAt && !payment.returningSince

  const lock = async (tx: Transaction, reference: string) => {
    const parsed = parseReference(reference)
    return parsed?.prefix === 'TN' ? needs.locks.lock(tx, parsed.number) : undefined
  }

  async function wait(tx: Transaction, locked: LockedPayment): Promise<void> {
    const { payment } = locked
    const seconds = (await readSilentShopRules(tx)).get(payment.currency)?.answerSeconds ?? usualAnswerSeconds
    await store.saveAnswerDue(tx, payment.number, new Date(clock.now().getTime() + seconds * 1000))
    await needs.merchants.tellAgain(tx, payment.orderId)
  }

  async function propose(
    tx: Transaction,
    locked: LockedPayment,
    session: StaffSession,
    note: string,
  ): Promise<string> {
    const { payment } = locked
    return needs.approvals.propose(tx, {
      kind: 'payment.return',
      reference: referenceOf('TN', payment.number),
      payload: payloadOf(locked),
      amount: money(leftMinor(payment), payment.currency),
      beneficiaryCustomerId: payment.customerId,
      requestedBy: { agentId: session.agentId, name: session.displayName },
      reason: note,
      expiresAt: new Date(clock.now().getTime() + approvalMs),
    })
  }

  async function decide(
    session: StaffSession,
    number: bigint,
    { decision, note }: { decision: 'return' | 'wait'; note: string },
  ): Promise<void> {
    await db.transaction(async (tx) => {
      const locked = await needs.locks.lock(tx, number)
      if (!locked) throw new Refusal('not_found')
      const { payment } = locked
      needs.staff.require(session, 'payment.decide', { customerId: payment.customerId })
      const now = clock.now()
      const rule = (await readSilentShopRules(tx)).get(payment.currency)
      const before = await store.readDecision(tx, number)
      const isAgain = before?.decision === decision && before.decidedBy === session.agentId
      await keepLook(tx, locked, session)
      if (isReturning(payment)) return letWait(tx, locked, session, { decision, note, isAgain })
      if (!isSilent(locked)) throw new Refusal('conflict', undefined, 'the shop has it, or it went back')
      if (before?.approvalId) {
        if (isAgain) return recordLook(tx, locked, session.agentId)
        // Only who asked for it may take it back: somebody else pressed at the same moment, or on an old page.
        if (before.decidedBy !== session.agentId)
          throw new Refusal('conflict', undefined, 'a second person is asked already')
      }
      if (payment.amountMinor <= (rule?.returnedUpToMinor ?? 0n))
        throw new Refusal('conflict', undefined, 'it goes back by itself')
      if (payment.answerDueAt && payment.answerDueAt > now) {
        // Pressed twice: the deadline that the first press gave is running.
        if (decision === 'wait' && isAgain) return recordLook(tx, locked, session.agentId)
        throw new Refusal('conflict', undefined, 'the shop may still answer')
      }
      const duty = await store.readSilentDuty(tx, number, now)
      refuseTooLate(duty, session)
      // Only money above the limit comes here, and giving it back needs two people: the first one proves that it is them.
      if (decision === 'return') needs.staff.requirePresence(session)
      if (before?.approvalId) await needs.approvals.cancel(tx, before.approvalId)
      const approvalId = decision === 'return' ? await propose(tx, locked, session, note) : undefined
      if (decision === 'wait') await wait(tx, locked)
      await store.saveDecision(tx, number, {
        decision,
        note,
        decidedBy: session.agentId,
        decidedAt: now,
        approvalId,
      })
      await record(tx, locked, session.agentId, decision, note)
    })
    platform.events.wake()
  }

  /** It goes back already, and its wallet cannot take it: nothing is left to decide but to look again later. */
  async function letWait(
    tx: Transaction,
    locked: LockedPayment,
    session: StaffSession,
    { decision, note, isAgain }: { decision: 'return' | 'wait'; note: string; isAgain: boolean },
  ): Promise<void> {
    const [now, { number }] = [clock.now(), locked.payment]
    const waiting = (await readWaitingReturns(tx, [number])).get(number)
    if (decision === 'return' || !waiting) throw new Refusal('conflict', undefined, 'it goes back by itself')
    const duty = dutyOfReturn(waiting, now)
    if (!duty.isForStaff) {
      if (isAgain) return recordLook(tx, locked, session.agentId)
      throw new Refusal('conflict', undefined, 'somebody has looked at it already')
    }
    refuseTooLate(duty, session)
    await saveWaitOn(tx, number, now)
    const decidedBy = session.agentId
    await store.saveDecision(tx, number, { decision, note, decidedBy, decidedAt: now, approvalId: undefined })
    await record(tx, locked, session.agentId, decision, note)
  }

  /** The answer shows the payment, whatever is decided: the customer sees who looked. */
  const keepLook = (tx: Transaction, { payment }: LockedPayment, agent: StaffSession): Promise<boolean> =>
    needs.keepLook(tx, {
      customerId: payment.customerId,
      agent,
      field: 'money',
      reason: 'decision',
      reference: referenceOf('TN', payment.number),
    })

  /** Pressed again, nothing is decided: what the answer shows then is a look (R13). */
  const recordLook = (tx: Transaction, { payment }: LockedPayment, agentId: string): Promise<void> =>
    needs.audit.record(tx, [
      {
        who: { kind: 'agent', id: agentId },
        action: 'payment.looked_at',
        resource: { kind: 'payment', id: referenceOf('TN', payment.number) },
        at: clock.now(),
        detail: { customerId: payment.customerId },
      },
    ])

  async function record(
    tx: Transaction,
    { payment }: LockedPayment,
    agentId: string,
    decision: 'return' | 'wait',
    note: string,
  ): Promise<void> {
    const now = clock.now()
    const reference = referenceOf('TN', payment.number)
    await needs.audit.record(tx, [
      {
        who: { kind: 'agent', id: agentId },
        action: decision === 'return' ? 'payment.return_proposed' : 'payment.wait_decided',
        resource: { kind: 'payment', id: reference },
        at: now,
        detail: { note, amountMinor: leftMinor(payment).toString(), currency: payment.currency },
      },
    ])
    await publish(
      tx,
      [
        {
          type: 'payment.decided',
          key: reference,
          payload: { reference, decision },
          customerId: payment.customerId,
          merchantId: payment.merchantId,
          liveCustomer: [{ type: 'transaction.changed', reference }],
        },
      ],
      now,
    )
  }

  needs.approvals.register('payment.return', {
    async currentPayload(tx, reference) {
      const locked = await lock(tx, reference)
      return locked && isSilent(locked) ? payloadOf(locked) : undefined
    },
    async execute(tx, approval) {
      const locked = await lock(tx, approval.reference)
      const decided = locked && (await store.readDecision(tx, locked.payment.number))
      if (!locked || decided?.approvalId !== approval.id) throw new Refusal('approval_voided')
      await store.endApproval(tx, locked.payment.number, approval.id, clock.now())
      const isBack = await needs.payments.returnNow(tx, locked.payment.number, {
        who: { kind: 'agent', id: approval.decidedBy },
        because: 'the shop stayed silent; staff decided and a second person approved',
      })
      if (!isBack) throw new Refusal('approval_voided')
    },
    async onClosed(tx, approval) {
      const locked = await lock(tx, approval.reference)
      if (locked) await store.endApproval(tx, locked.payment.number, approval.id, clock.now())
    },
  })

  return {
    decide,
    async list(exceptCustomer) {
      const now = clock.now()
      const [rows, waiting] = await Promise.all([
        store.readSilent(db.read, now, exceptCustomer, 200),
        readReturnsForStaff(db.read, now, exceptCustomer, 200),
      ])
      const [shops, names] = await Promise.all([
        needs.merchants.readMerchants(db.read, [
          ...new Set([...rows.map((row) => row.merchant_id), ...waiting.map((each) => each.merchantId)]),
        ]),
        needs.namesOf(db.read, [
          ...new Set([...rows.map((row) => row.customer_id), ...waiting.map((each) => each.customerId)]),
        ]),
      ])
      const people = (customerId: string, merchantId: string) => {
        const [customerName, partyName] = [names.get(customerId), shops.get(merchantId)?.name]
        return { ...(customerName ? { customerName } : {}), ...(partyName ? { partyName } : {}) }
      }
      const silent = rows.map((row) => {
        const duty = store.dutyOfSilent(row, now)
        return {
          kind: 'silent_shop' as const,
          reference: referenceOf('TN', row.number),
          amount: money(row.left, row.currency),
          customerId: row.customer_id,
          ...people(row.customer_id, row.merchant_id),
          since: row.answer_due_at.toISOString(),
          untilAt: duty.untilAt.toISOString(),
          secondPerson: true,
          escalated: duty.isEscalated,
        }
      })
      const returns = waiting.map((each) => {
        const duty = dutyOfReturn(each, now)
        return {
          kind: 'waiting_return' as const,
          reference: referenceOf('TN', each.number),
          amount: money(each.leftMinor, each.currency),
          customerId: each.customerId,
          ...people(each.customerId, each.merchantId),
          since: each.since.toISOString(),
          untilAt: duty.untilAt.toISOString(),
          why: each.waitsFor === 'wallet_room' ? 'no_room' : each.waitsFor,
          escalated: duty.isEscalated,
        }
      })
      return [...silent, ...returns]
    },
    routes(api) {
      api.post(
        '/api/decisions/silent-shop/:reference',
        {
          schema: {
            tags: ['Decisions'],
            summary: 'Decide about a payment above the limit whose shop stays silent',
            description:
              '`return` asks a second person to give the money back, and needs a proof of presence (presence_required; POST /api/me/presence); `wait` gives the shop one more deadline and asks it again. Of a payment that goes back and waits for the customer’s wallet only `wait`: staff look again later. Not for one’s own wallet; conflict when the shop has it by now, or when somebody else decided first.',
            params: Type.Object({ reference: ReferenceSchema }),
            body: DecideSilentShopSchema,
            response: { 200: TransactionDetailSchema },
          },
        },
        async (request) => {
          const session = await needs.staff.authenticate(request)
          needs.staff.require(session, 'payment.decide')
          const { reference } = request.params
          const parsed = parseReference(reference)
          if (parsed?.prefix !== 'TN') throw new Refusal('not_found')
          await decide(session, parsed.number, request.body)
          const customerId = await platform.references.ownerOf(reference)
          const detail = customerId && (await platform.references.detail(reference, customerId))
          if (!detail) throw new Refusal('not_found')
          return detail
        },
      )
    },
  }
}

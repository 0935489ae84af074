// The only way a refund moves: under the locks of its payment and of all its refunds, one event at a time, with everything that
// follows from it in the same transaction: money, second person, webhook, notice, audit, event. No call to the outside here.
import { referenceOf } from '#contract/ids.ts'
import { money } from '#contract/money.ts'
import type { Transaction } from '#platform/db.ts'
import { readHolidays } from '#platform/holidays.ts'
import { dayIn } from '#platform/days.ts'
import { publish } from '#platform/outbox.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import type { AuditEntry } from '#modules/audit/index.ts'
import { leftMinor, type LockedPayment } from '#modules/payments/index.ts'
import type { RefundNeeds, RefundNotice } from './needs.ts'
import type { ProposedPayload, RefundEvent, RefundRecord, WaitingFor } from './refund.ts'
import { advance, grantFellThrough, isSound, sumsOfOthers, waitOf, type StepContext } from './refund.rules.ts'
import { takeBackGranted } from './keys-and-limits.sql.ts'
import * as store from './refund.sql.ts'
import { shopRefundOf } from './trace-refund.ts'
import { addWorkingDays, endOfWorkingDay } from './working-days.rules.ts'

/** A payment with all its refunds, locked. */
export interface Held {
  locked: LockedPayment
  refunds: RefundRecord[]
}

export type Who = AuditEntry['who']

export interface Mover {
  /** Locks in the one order (docs/adr/0008): wallet, keys, order, payment, refunds. Accounts come after. */
  hold(tx: Transaction, paymentNumber: bigint, between?: () => Promise<void>): Promise<Held | undefined>
  holdRefund(tx: Transaction, number: bigint): Promise<{ held: Held; refund: RefundRecord } | undefined>
  contextFor(tx: Transaction, held: Held, refund: RefundRecord): Promise<StepContext>
  promiseOf(tx: Transaction, currency: string): Promise<Date>
  /** Stores a new refund and all that its being asked for means. */
  open(
    tx: Transaction,
    held: Held,
    refund: RefundRecord,
    who: Who,
    evidenceHashes?: readonly string[],
  ): Promise<RefundRecord>
  /** Lets an event happen. Throws the Refusal when it may not; answers the refund as it is then. */
  move(tx: Transaction, held: Held, refund: RefundRecord, event: RefundEvent, who: Who): Promise<RefundRecord>
  /** Tries to pay back what is cleared: paid, or waiting. Throws refund_not_allowed when the payment went back another way. */
  payBack(tx: Transaction, held: Held, refund: RefundRecord, who: Who): Promise<RefundRecord>
  /** Writes a refund again whose dates changed only. */
  told(tx: Transaction, held: Held, refund: RefundRecord, step: string, who: Who): Promise<void>
  /** Exactly what would be paid on what grounds, as it is now: evidence by the hashes of the bytes that are kept. */
  payloadOf(tx: Transaction, held: Held, refund: RefundRecord): Promise<ProposedPayload>
}

export const referenceOfRefund = (refund: { number: bigint }) => referenceOf('RF', refund.number)

/**
 * Everybody who has a say agreed now, and only the shop's money is missing. What is paid in the same moment is told as paid, what
 * waits for the wallet as that, and before a second person approved nothing is promised. Staff who say to go on waiting
 * promise nothing new.
 */
const isNewlyPromised = (before: RefundRecord, { clearedAt, waitingFor }: RefundRecord): boolean =>
  before.clearedAt === undefined && clearedAt !== undefined && waitingFor === 'shop_funds'

/**
 * What a customer must hear now that it waits for this, after what they heard before; nothing while that is true still. That the
 * shop's money is missing at first is part of the promise itself.
 */
const noticeOfWait = (before: WaitingFor | undefined, now: WaitingFor): RefundNotice | undefined => {
  if (before === now) return undefined
  switch (now) {
    case 'wallet_room':
      return 'no_room'
    case 'wallet_stopped':
      return 'stopped'
    case 'shop_funds':
      return before && 'waits_for_shop'
  }
}

export function createMover(platform: Platform, needs: RefundNeeds): Mover {
  const { clock } = platform
  const zone = platform.config.serviceTimeZone

  async function payloadOf(
    tx: Transaction,
    { locked: { payment, walletAccountId } }: Held,
    refund: RefundRecord,
  ): Promise<ProposedPayload> {
    const evidence = await needs.files.fingerprints(tx, referenceOfRefund(refund))
    return {
      action: 'refund.pay',
      refund: referenceOfRefund(refund),
      payment: referenceOf('TN', payment.number),
      amountMinor: refund.amountMinor.toString(),
      currency: refund.currency,
      fromAccount: needs.payments.standsOn(payment),
      toWallet: walletAccountId,
      paidMinor: payment.amountMinor.toString(),
      returnedMinor: (payment.refundedMinor ?? 0n).toString(),
      reason: refund.reason,
      decision: refund.decision ?? 'shop_agreed',
      ...(evidence.length > 0 ? { evidence: evidence.join(' ') } : {}),
    }
  }

  async function contextFor(tx: Transaction, held: Held, refund: RefundRecord): Promise<StepContext> {
    const [rules, holidays] = [await store.readRules(tx, refund.currency), await readHolidays(tx)]
    const others = held.refunds.filter((other) => other.number !== refund.number)
    const now = clock.now()
    return {
      now,
      rules,
      inDays: (count) => addWorkingDays(zone, now, count, holidays),
      ...sumsOfOthers(others),
    }
  }

  async function record(
    tx: Transaction,
    held: Held,
    refund: RefundRecord,
    step: string,
    who: Who,
    more: Record<string, unknown> = {},
  ): Promise<void> {
    const now = clock.now()
    const reference = referenceOfRefund(refund)
    const payment = referenceOf('TN', refund.paymentNumber)
    await needs.audit.record(tx, [
      {
        who,
        action: `refund.${step}`,
        resource: { kind: 'refund', id: reference },
        at: now,
        detail: {
          payment,
          state: refund.state,
          amountMinor: refund.amountMinor.toString(),
          currency: refund.currency,
          ...(refund.owner ? { owner: refund.owner, untilAt: refund.untilAt!.toISOString() } : {}),
          ...(refund.escalations > 0 ? { escalations: refund.escalations } : {}),
          ...(refund.caseId ? { caseId: refund.caseId } : {}),
          ...more,
        },
      },
    ])
    await publish(
      tx,
      [
        {
          type: 'refund.changed',
          key: reference,
          payload: {
            reference,
            payment,
            step,
            state: refund.state,
            amountMinor: refund.amountMinor.toString(),
            currency: refund.currency,
            shopName: held.locked.shop.name,
            ...(refund.caseId ? { caseId: refund.caseId } : {}),
          },
          customerId: refund.customerId,
          merchantId: refund.merchantId,
          liveCustomer: [
            ...(refund.state === 'paid' ? [{ type: 'wallet.changed' as const }] : []),
            { type: 'transaction.changed', reference },
            { type: 'transaction.changed', reference: payment },
          ],
        },
      ],
      now,
    )
  }

  async function tellCustomer(
    tx: Transaction,
    held: Held,
    refund: RefundRecord,
    kind: RefundNotice,
  ): Promise<void> {
    await needs.tellCustomer(tx, {
      kind,
      customerId: refund.customerId,
      amount: money(refund.amountMinor, refund.currency),
      shopName: held.locked.shop.name,
      reference: referenceOfRefund(refund),
      by: refund.promisedBy,
    })
  }

  const tellShop = (
    tx: Transaction,
    held: Held,
    refund: RefundRecord,
    type: 'refund.requested' | 'refund.paid' | 'refund.declined',
  ) =>
    needs.merchants.tellRefund(tx, {
      type,
      orderId: refund.orderId,
      merchantId: refund.merchantId,
      data: shopRefundOf(refund, held.locked.order),
    })

  async function propose(tx: Transaction, held: Held, refund: RefundRecord): Promise<RefundRecord> {
    const proposedPayload = await payloadOf(tx, held, refund)
    const agentId = refund.decision === 'grant' ? refund.decidedBy : refund.requestedByAgent
    const name = agentId
      ? ((await needs.staff.agentsByIds(tx, [agentId])).get(agentId)?.displayName ?? '')
      : held.locked.shop.name
    const approvalId = await needs.approvals.propose(tx, {
      kind: 'refund.pay',
      reference: referenceOfRefund(refund),
      payload: proposedPayload,
      amount: money(refund.amountMinor, refund.currency),
      beneficiaryCustomerId: refund.customerId,
      requestedBy: { ...(agentId ? { agentId } : {}), name },
      // Who asked for it is no second person, even when somebody else granted it (R5).
      alsoInvolved: refund.requestedByAgent ? [refund.requestedByAgent] : [],
      reason: refund.decisionNote ?? refund.shopNote ?? refund.reason,
      caseId: refund.caseId,
      expiresAt: refund.untilAt!,
    })
    return { ...refund, approvalId, proposedPayload }
  }

  /** On the day and for the person on whose account it was counted. */
  async function countNoLonger(
    tx: Transaction,
    { decidedBy, decidedAt, ...refund }: RefundRecord,
  ): Promise<void> {
    if (!decidedBy || !decidedAt) return
    const { currency, customerId, amountMinor } = refund
    const counted = { agentId: decidedBy, day: dayIn(zone, decidedAt), currency, customerId }
    await takeBackGranted(tx, counted, amountMinor)
  }

  /** One event with its effects; paying is an event of its own that follows at once. */
  async function move(
    tx: Transaction,
    held: Held,
    refund: RefundRecord,
    event: RefundEvent,
    who: Who,
  ): Promise<RefundRecord> {
    const step = advance(refund, event, await contextFor(tx, held, refund))
    if (step.verdict === 'unchanged') return refund
    if (step.verdict === 'refused') throw new Refusal(step.code, step.values)
    if (step.cancelApproval) await needs.approvals.cancel(tx, refund.approvalId!)
    let next = step.refund
    if (grantFellThrough(refund, next)) await countNoLonger(tx, refund)
    if (step.effect === 'propose') next = await propose(tx, held, next)
    const isWaitingAgain = event.kind === 'money_missing' && refund.waitingFor === event.waitingFor
    await keep(tx, held, next)
    // Trying again without success is nothing to tell anybody.
    if (!isWaitingAgain) await record(tx, held, next, event.kind, who)
    if (step.effect === 'pay_back') next = await payBack(tx, held, next, who)
    await tellOf(tx, held, next, event, refund)
    return next
  }

  async function keep(tx: Transaction, held: Held, refund: RefundRecord): Promise<void> {
    if (!isSound(refund)) throw new Error(`refund ${refund.number} would have no owner or no deadline`)
    await store.saveRefund(tx, refund)
    held.refunds = held.refunds.map((other) => (other.number === refund.number ? refund : other))
  }

  async function payBack(tx: Transaction, held: Held, refund: RefundRecord, who: Who): Promise<RefundRecord> {
    const { payment } = held.locked
    if (payment.state !== 'completed' || refund.amountMinor > leftMinor(payment))
      throw new Refusal('refund_not_allowed', { why: 'already_returned' })
    const outcome = await needs.payments.giveBack(tx, held.locked, {
      amountMinor: refund.amountMinor,
      reference: referenceOfRefund(refund),
      at: clock.now(),
    })
    return move(
      tx,
      held,
      refund,
      outcome.outcome === 'paid'
        ? {
            kind: 'money_moved',
            transferId: outcome.transferId,
            feeReturnedMinor: outcome.feeReturnedMinor,
          }
        : { kind: 'money_missing', waitingFor: outcome.outcome },
      who,
    )
  }

  async function tellOf(
    tx: Transaction,
    held: Held,
    refund: RefundRecord,
    event: RefundEvent,
    before: RefundRecord,
  ): Promise<void> {
    switch (event.kind) {
      case 'shop_agreed':
      case 'granted':
      case 'approved':
        if (isNewlyPromised(before, refund)) await tellCustomer(tx, held, refund, 'agreed')
        return
      case 'shop_refused':
      case 'deadline_passed':
        // While staff look already, the customer knows that they do.
        if (before.state === 'asking_shop' && refund.state === 'in_review')
          await tellCustomer(tx, held, refund, event.kind === 'shop_refused' ? 'refused' : 'silent')
        return
      case 'declined':
        await tellCustomer(tx, held, refund, 'declined')
        return tellShop(tx, held, refund, 'refund.declined')
      case 'money_moved':
        await tellCustomer(tx, held, refund, 'paid')
        return tellShop(tx, held, refund, 'refund.paid')
      case 'money_missing': {
        const notice = noticeOfWait(waitOf(before), event.waitingFor)
        if (notice) await tellCustomer(tx, held, refund, notice)
        return
      }
      case 'withdrawn':
      case 'overtaken':
        return tellShop(tx, held, refund, 'refund.declined')
      default:
    }
  }

  return {
    async hold(tx, paymentNumber, between) {
      const locked = await needs.payments.lock(tx, paymentNumber, between)
      return locked && { locked, refunds: await store.lockOfPayment(tx, paymentNumber) }
    },
    async holdRefund(tx, number) {
      const [seen] = await store.readRefunds(tx, [number])
      if (!seen) return undefined
      const locked = await needs.payments.lock(tx, seen.paymentNumber)
      if (!locked) return undefined
      const held = { locked, refunds: await store.lockOfPayment(tx, seen.paymentNumber) }
      return { held, refund: held.refunds.find((refund) => refund.number === number)! }
    },
    contextFor,
    async promiseOf(tx, currency) {
      const rules = await store.readRules(tx, currency)
      return endOfWorkingDay(zone, clock.now(), rules.promiseDays, await readHolidays(tx))
    },
    async open(tx, held, refund, who, evidenceHashes = []) {
      if (!isSound(refund)) throw new Error('a new refund has an owner and a deadline')
      await store.insertRefund(tx, refund)
      held.refunds = [...held.refunds, refund]
      const evidence = evidenceHashes.length > 0 ? { evidence: evidenceHashes } : {}
      await record(tx, held, refund, 'requested', who, evidence)
      if (refund.askedBy === 'shop') return refund
      await tellCustomer(tx, held, refund, 'asked')
      await tellShop(tx, held, refund, 'refund.requested')
      return refund
    },
    move,
    payBack,
    async told(tx, held, refund, step, who) {
      await keep(tx, held, refund)
      await record(tx, held, refund, step, who)
    },
    payloadOf,
  }
}

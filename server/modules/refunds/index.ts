// Refunds: money of a payment that goes back, from the request to the balance, as one state machine. Once, whatever is pressed
// how often, under which key, by whom, and wherever a process dies.
import { money } from '#contract/money.ts'
import type { Decision } from '#contract/refund.ts'
import type { TransactionDetail, TransactionSummary } from '#contract/trace.ts'
import type { Transaction } from '#platform/db.ts'
import type { Face } from '#platform/http.ts'
import type { Platform } from '#platform/platform.ts'
import type { PaymentRecord } from '#modules/payments/index.ts'
import type { ShopCaller } from '#modules/merchants/index.ts'
import type { StaffSession } from '#modules/staff/index.ts'
import { registerApproval } from './approve-refund.ts'
import { answerRefund, withdrawRefund } from './answer-refund.ts'
import { decideRefund, type StaffDecision } from './decide-refund.ts'
import { createDueRefunds, type DueRefunds } from './due-refunds.ts'
import { createMover, referenceOfRefund } from './move-refund.ts'
import type { RefundNeeds } from './needs.ts'
import { isOpen, type RefundRecord } from './refund.ts'
import { needsSecondPerson, sumsOfOthers } from './refund.rules.ts'
import { agentRefundRoutes, customerRefundRoutes } from './refund.routes.ts'
import { holidaysOf, termsOf } from './refund-terms.ts'
import { requestRefund, type RefundRequest } from './request-refund.ts'
import { shopRefundRoutes } from './shop.routes.ts'
import * as store from './refund.sql.ts'
import { detailOf, summaryOf } from './trace-refund.ts'

export type { Approvals, Proposal, RefundNeeds, RefundNotice } from './needs.ts'
export type { RefundRequest } from './request-refund.ts'
export type { RefundRecord } from './refund.ts'

export interface Refunds extends DueRefunds {
  customerRoutes(api: Face): void
  agentRoutes(api: Face): void
  /** In the scope that proves shops' signatures, after its routes. */
  shopRoutes(api: Face, caller: ShopCaller): void
  /** Answers the refund's number. Throws not_found, refund_not_allowed (values.why), idempotency_conflict. */
  request(request: RefundRequest): Promise<bigint>
  answer(
    merchantId: string,
    number: bigint,
    given: { answer: 'agree' | 'refuse'; note: string | undefined },
  ): Promise<void>
  decide(session: StaffSession, decision: StaffDecision): Promise<void>
  withdraw(customerId: string, number: bigint): Promise<void>
  /** Every refund of a customer that is still on its way, newest first, the newest 50. */
  openOf(customerId: string): Promise<TransactionSummary[]>
  /** For a look at it: the case that it was asked for from, if any, and who of the staff decided about it. */
  originOf(number: bigint): Promise<
    | {
        caseId?: string | undefined
        decidedBy?: string | undefined
        requestedByAgent?: string | undefined
      }
    | undefined
  >
  /** What staff must decide now, most urgent first; without the reader's own wallet. */
  decisions(exceptCustomer: string | undefined): Promise<Decision[]>
  /** For the detail of a payment. */
  ofPayment(
    payment: PaymentRecord,
  ): Promise<Pick<TransactionDetail, 'refunds' | 'canAskMoneyBack' | 'refundTerms'>>
}

const openShown = 50

export function createRefunds(platform: Platform, needs: RefundNeeds): Refunds {
  const { db, clock } = platform
  const zone = platform.config.serviceTimeZone
  const mover = createMover(platform, needs)
  const due = createDueRefunds(platform, needs, mover)
  registerApproval(needs, mover)

  platform.jobs.loop('refunds-deadlines', 2000, due.passDeadlines)
  platform.jobs.loop('refunds-late', 10_000, due.tellLate)
  // Looks at what waits, not at every payment: few refunds wait, and payments must not pay for them.
  platform.jobs.loop('refunds-retry', 2000, due.retryWaiting)
  platform.jobs.loop('refunds-approvals', 2000, due.voidChanged)

  /** The payment went back by itself: an open refund of it has nothing left to move. */
  async function overtake(tx: Transaction, payment: { number: bigint }): Promise<void> {
    // The caller holds order and payment already; only the refunds' own rows are new.
    const held = await mover.hold(tx, payment.number)
    const open = held?.refunds.find((refund) => isOpen(refund.state))
    if (held && open) await mover.move(tx, held, open, { kind: 'overtaken' }, { kind: 'system' })
  }

  async function shopsOf(list: readonly RefundRecord[]) {
    return needs.merchants.readMerchants(db.read, [...new Set(list.map((refund) => refund.merchantId))])
  }

  async function present(list: readonly RefundRecord[]) {
    const shops = await shopsOf(list)
    return list.map((refund) => summaryOf({ refund, shop: shops.get(refund.merchantId) }))
  }

  platform.references.register({
    prefix: 'RF',
    ownerOf: async (number) => (await store.readRefunds(db.read, [number]))[0]?.customerId,
    async summaries(numbers, customerId) {
      const list = await store.readRefunds(db.read, numbers)
      return present(list.filter((refund) => refund.customerId === customerId))
    },
    list: async (customerId, before, limit) =>
      present(await store.listOfCustomer(db.read, customerId, before, limit)),
    async detail(number, customerId, reader) {
      const [refund] = await store.readRefunds(db.read, [number])
      if (!refund || refund.customerId !== customerId) return undefined
      const [shops, orders, payments, evidence] = await Promise.all([
        shopsOf([refund]),
        needs.merchants.readOrders(db.read, [refund.orderId]),
        needs.payments.read(db.read, [refund.paymentNumber]),
        needs.files.heldBy(db.read, [referenceOfRefund(refund)]),
      ])
      const payment = payments.get(refund.paymentNumber)!
      const detail = detailOf({
        refund,
        payment,
        returnsAt: isOpen(refund.state) ? await needs.payments.returnsAt(db.read, payment) : undefined,
        shop: shops.get(refund.merchantId),
        order: orders.get(refund.orderId),
        evidence: evidence.get(referenceOfRefund(refund)),
        untoldAt: await needs.merchants.refundUntold(db.read, refund.orderId, referenceOfRefund(refund)),
        reader,
        now: clock.now(),
      })
      const holidays = isOpen(refund.state) ? await holidaysOf(db.read, refund, zone) : []
      return holidays.length === 0 ? detail : { ...detail, refund: { ...detail.refund!, holidays } }
    },
  })

  const refunds: Refunds = {
    ...due,
    customerRoutes: (api) => customerRefundRoutes(api, platform, needs, refunds),
    agentRoutes: (api) => agentRefundRoutes(api, platform, needs, refunds),
    shopRoutes: (api, caller) => shopRefundRoutes(api, platform, needs, refunds, caller),
    request: requestRefund(platform, needs, mover),
    answer: answerRefund(platform, needs, mover),
    decide: decideRefund(platform, needs, mover),
    withdraw: withdrawRefund(platform, mover),
    openOf: async (customerId) => present(await store.listOpenOfCustomer(db.read, customerId, openShown)),
    originOf: async (number) => (await store.readRefunds(db.read, [number]))[0],
    async decisions(exceptCustomer) {
      const list = await store.listInReview(db.read, exceptCustomer, 200)
      const [shops, names, needTwo] = await Promise.all([
        shopsOf(list),
        needs.namesOf(db.read, [...new Set(list.map((refund) => refund.customerId))]),
        needTwoPeople(list),
      ])
      return list.map((refund) => {
        const customerName = names.get(refund.customerId)
        const partyName = shops.get(refund.merchantId)?.name
        return {
          kind: 'refund_review' as const,
          reference: referenceOfRefund(refund),
          amount: money(refund.amountMinor, refund.currency),
          customerId: refund.customerId,
          ...(customerName ? { customerName } : {}),
          ...(partyName ? { partyName } : {}),
          ...(refund.caseId ? { caseId: refund.caseId } : {}),
          since: (refund.reviewSince ?? refund.askedAt).toISOString(),
          // The table refuses an open refund without one.
          untilAt: refund.untilAt!.toISOString(),
          ...(refund.reviewCause ? { why: refund.reviewCause } : {}),
          secondPerson: needTwo.has(refund.number),
          escalated: refund.escalations > 0,
        }
      })
    },
    async ofPayment(payment) {
      const list = await store.readOfPayment(db.read, payment.number)
      const canAsk =
        payment.state === 'completed' &&
        (payment.refundedMinor ?? 0n) < payment.amountMinor &&
        !list.some((refund) => isOpen(refund.state))
      const may = canAsk && (await isWithinWindow(payment))
      return {
        refunds: list.map(referenceOfRefund),
        canAskMoneyBack: may,
        ...(may ? { refundTerms: await termsOf(db.read, payment, list, zone, clock.now()) } : {}),
      }
    },
  }

  /** Of refunds in review: the numbers of those whose grant a second person must approve. */
  async function needTwoPeople(list: readonly RefundRecord[]): Promise<Set<bigint>> {
    const siblings = await store.readOfPayments(db.read, [
      ...new Set(list.map((refund) => refund.paymentNumber)),
    ])
    const currencies = [...new Set(list.map((refund) => refund.currency))]
    const rules = new Map(
      await Promise.all(
        currencies.map(async (currency) => [currency, await store.readRules(db.read, currency)] as const),
      ),
    )
    const needsTwo = ({ number, paymentNumber, currency, amountMinor, clearedAt }: RefundRecord) => {
      const others = siblings.get(paymentNumber)!.filter((other) => other.number !== number)
      const facts = { rules: rules.get(currency)!, ...sumsOfOthers(others) }
      // What everybody had agreed to before only waits for money.
      return !clearedAt && needsSecondPerson('staff', amountMinor, facts)
    }
    return new Set(list.filter(needsTwo).map((refund) => refund.number))
  }

  async function isWithinWindow(payment: PaymentRecord): Promise<boolean> {
    const rules = await store.readRules(db.read, payment.currency)
    return clock.now().getTime() - payment.effectiveAt.getTime() <= rules.requestWithinDays * 86_400_000
  }

  needs.onPaymentReturned(overtake)
  return refunds
}

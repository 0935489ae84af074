// Payments: a customer's money for a shop's order, from the PIN to the shop's credit, and its trace for everybody who asks.
import { referenceOf } from '#contract/ids.ts'
import { money } from '#contract/money.ts'
import type { Payment } from '#contract/customer.ts'
import type { Hop, TransactionDetail } from '#contract/trace.ts'
import type { Transaction } from '#platform/db.ts'
import { createGroupCommit } from '#platform/group-commit.ts'
import { deriveKey, keyedHash } from '#platform/keys.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import { createAskShopAgain, type AskShopAgain } from './ask-shop-again.ts'
import { payOrders, type PayRooms } from './pay-order.ts'
import type { PayCommand, PaymentRecord, PayOutcome } from './payment.ts'
import * as store from './payment.sql.ts'
import {
  returnPayment,
  returnUnanswered,
  type ReturnedHandler,
  type ReturnHandlers,
  type ReturnReason,
  type ReturnWaitsHandler,
} from './return-payment.ts'
import { creditShops, type CreditCharges } from './settle-payment.ts'
import { readSilentDuty } from './silent-shops.sql.ts'
import { detailOf, isReturning, isStuck, summaryOf } from './trace-payment.ts'
import { readWaitingReturns } from './waiting-returns.sql.ts'

export { askShopAgainRoutes, type AskShopAgain } from './ask-shop-again.ts'
export { checkoutRoutes } from './checkout.routes.ts'
export { importPayments, takePaymentNumbers } from './import-payments.ts'
export type { PaymentRecord } from './payment.ts'
export { createRefundPayments } from './refund-payment.ts'
export type { GiveBackOutcome, LockedPayment, RefundPayments } from './refund-payment.ts'
export { createSilentShops } from './silent-shops.ts'
export type { SilentShopNeeds, SilentShops } from './silent-shops.ts'
export { leftMinor } from './refund-payment.rules.ts'
export { isReturning } from './trace-payment.ts'
export type { ReturnedHandler, ReturnWaitsHandler } from './return-payment.ts'

export interface PayRequest {
  customerId: string
  /** The session that asks: it must live when the money moves, else session_expired. Undefined: no session asks. */
  sessionId?: string
  key: string
  orderId: string
  pin: string
  expectedTotal: { amountMinor: string; currency: string }
}

/** How payments are collected: commands in one transaction at most, and transactions on their way at once. */
export interface PaymentsTuning {
  maximumSize?: number
  lanes?: number
  overlapFrom?: number
}

export interface Payments {
  /**
   * Pays an order once. Answers the payment, or throws the Refusal with its code; the same key and body gets the same
   * answer for ever. `outcome_unknown` and `busy` are not remembered: ask again with the same key.
   */
  pay(request: PayRequest): Promise<Payment>
  paymentOfOrder(orderId: string): Promise<PaymentRecord | undefined>
  silentShopSeconds(currency: string): Promise<number>
  askShopAgain: AskShopAgain
  /** Gives back what shops never acknowledged in time; the loop does it by itself. */
  returnDue(): Promise<number>
  /**
   * Gives back what is left of one that its shop never acknowledged, now or as soon as the wallet can take it; false when it was
   * acknowledged or went back before.
   */
  returnNow(tx: Transaction, number: bigint, why: ReturnReason): Promise<boolean>
  /** Called in the transaction that gives a payment back, under its lock. */
  onReturned(handler: ReturnedHandler): void
  /** Called in the transaction that finds that the wallet cannot take it back yet, once for each reason. */
  onReturnWaits(handler: ReturnWaitsHandler): void
  /** What refunds add to a payment's detail: handed in by whoever puts the rooms together. */
  onDetail(extra: DetailExtra): void
  /** Who knows what is taken from shops' credits (one room), in the transaction that credits them. */
  onCredit(charges: CreditCharges): void
  /** Who knows when the money of a credited payment reaches its shop's bank (one room). */
  onSettled(hop: SettledHop): void
  readonly statistics: { batches: number; commands: number; largest: number; halved: number }
  close(): Promise<void>
}

export type SettledHop = (payment: { merchantId: string; reference: string }) => Promise<Hop>

/** Members of a payment's detail that another room knows. */
export type DetailExtra = (
  payment: PaymentRecord,
) => Promise<Pick<TransactionDetail, 'refunds' | 'canAskMoneyBack' | 'refundTerms'>>

export function createPayments(platform: Platform, rooms: PayRooms, tuning: PaymentsTuning = {}): Payments {
  const { db, clock } = platform
  const bodyKey = deriveKey(platform.config.pepper, 'payment request bodies')
  const commit = createGroupCommit<PayCommand, PayOutcome | Refusal>({
    db,
    run: payOrders(platform, rooms),
    maximumSize: tuning.maximumSize ?? 256,
    lanes: tuning.lanes ?? 2,
    // Shops are locked late, so two batches rarely wait for each other: the second may be small.
    overlapFrom: tuning.overlapFrom ?? 16,
    onCommitted() {
      platform.events.wake()
      rooms.merchants.wakeDelivery()
    },
  })

  const returned: ReturnedHandler[] = []
  const waiting: ReturnWaitsHandler[] = []
  const extras: DetailExtra[] = []
  let chargesOn: CreditCharges = async () => []
  let settledHop: SettledHop | undefined
  const handlers: ReturnHandlers = {
    async onReturned(tx, payment) {
      for (const handle of returned) await handle(tx, payment)
    },
    async onWaits(tx, payment) {
      for (const handle of waiting) await handle(tx, payment)
    },
  }
  const returnDue = () => returnUnanswered(platform, rooms, handlers)
  platform.jobs.loop('payments-return', 2000, returnDue)
  platform.events.consume({
    name: 'payments-credit-shops',
    types: ['webhook.acknowledged'],
    async handle(tx, events) {
      const numbers = events.flatMap(({ payload }) =>
        payload['webhookType'] === 'order.paid' && payload['paymentNumber']
          ? [BigInt(payload['paymentNumber'] as string)]
          : [],
      )
      if (numbers.length > 0) await creditShops(platform, rooms, tx, numbers, clock.now(), chargesOn)
    },
  })

  async function present(payments: readonly PaymentRecord[]) {
    const untold = payments.filter((payment) => payment.state === 'completed' && !payment.toldAt)
    const [shops, tellings] = await Promise.all([
      rooms.merchants.readMerchants(db.read, [...new Set(payments.map((payment) => payment.merchantId))]),
      untold.length > 0
        ? rooms.merchants.tellings(
            db.read,
            untold.map((payment) => payment.orderId),
          )
        : new Map(),
    ])
    const now = clock.now()
    return payments.map((payment) =>
      summaryOf(
        payment,
        shops.get(payment.merchantId),
        isStuck({ payment, telling: tellings.get(payment.orderId), now }),
      ),
    )
  }

  platform.references.register({
    prefix: 'TN',
    ownerOf: async (number) => (await store.readPayments(db.read, [number]))[0]?.customerId,
    async summaries(numbers, customerId) {
      return present(
        (await store.readPayments(db.read, numbers)).filter((payment) => payment.customerId === customerId),
      )
    },
    async list(customerId, before, limit) {
      return present(await store.listPayments(db.read, customerId, before, limit))
    },
    async detail(number, customerId) {
      const [payment] = await store.readPayments(db.read, [number])
      if (!payment || payment.customerId !== customerId) return undefined
      const [shops, orders, tellings, rules] = await Promise.all([
        rooms.merchants.readMerchants(db.read, [payment.merchantId]),
        rooms.merchants.readOrders(db.read, [payment.orderId]),
        rooms.merchants.tellings(db.read, [payment.orderId]),
        store.readSilentShopRules(db.read),
      ])
      const more = await Promise.all(extras.map((extra) => extra(payment)))
      const now = clock.now()
      const detail = detailOf({
        payment,
        order: orders.get(payment.orderId),
        shop: shops.get(payment.merchantId),
        telling: tellings.get(payment.orderId),
        returnedUpToMinor: rules.get(payment.currency)?.returnedUpToMinor ?? 0n,
        now,
        duty: payment.toldAt ? undefined : await readSilentDuty(db.read, number, now),
        waiting: payment.returningSince
          ? (await readWaitingReturns(db.read, [number])).get(number)
          : undefined,
        settled: payment.creditedAt
          ? await settledHop?.({ merchantId: payment.merchantId, reference: referenceOf('TN', number) })
          : undefined,
      })
      Object.assign(detail, ...more)
      // It is on its way back already: asking for it would change nothing.
      if (!isReturning(payment)) return detail
      const { refundTerms: _, ...rest } = detail
      return { ...rest, canAskMoneyBack: false }
    },
  })

  return {
    async pay({ customerId, sessionId, key, orderId, pin, expectedTotal }) {
      const outcome = await commit.submit({
        customerId,
        sessionId,
        key,
        orderId,
        pin,
        bodyHash: keyedHash(bodyKey, orderId, pin, expectedTotal.amountMinor, expectedTotal.currency),
        expected: { amountMinor: BigInt(expectedTotal.amountMinor), currency: expectedTotal.currency },
      })
      if (outcome instanceof Refusal) throw outcome
      if (!outcome.paid) throw new Refusal(outcome.code, outcome.values)
      return {
        reference: referenceOf('TN', BigInt(outcome.number)),
        orderId: outcome.orderId,
        state: 'completed',
        amount: { amountMinor: outcome.amountMinor, currency: outcome.currency },
        merchantName: outcome.merchantName,
        spendableAfter: money(BigInt(outcome.spendableAfterMinor), outcome.currency),
        paidAt: outcome.paidAt,
        ...(outcome.returnUrl ? { returnUrl: outcome.returnUrl } : {}),
      }
    },
    paymentOfOrder: (orderId) => store.readPaymentOfOrder(db.read, orderId),
    async silentShopSeconds(currency) {
      return (
        (await store.readSilentShopRules(db.read)).get(currency)?.answerSeconds ?? store.usualAnswerSeconds
      )
    },
    returnDue,
    returnNow: async (tx, number, why) =>
      (await returnPayment(tx, platform, rooms, number, handlers, why)) !== 'gone',
    askShopAgain: createAskShopAgain(platform, rooms),
    onReturned: (handler) => void returned.push(handler),
    onReturnWaits: (handler) => void waiting.push(handler),
    onDetail: (extra) => void extras.push(extra),
    onCredit: (charges) => void (chargesOn = charges),
    onSettled: (hop) => void (settledHop = hop),
    statistics: commit.statistics,
    close: () => commit.close(),
  }
}

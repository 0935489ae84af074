// A payment's trace: every hop with its time, its evidence, and who must act on the one that is open. Pure.
import { referenceOf } from '#contract/ids.ts'
import { money } from '#contract/money.ts'
import type { Hop, MoneyState, TransactionDetail, TransactionSummary } from '#contract/trace.ts'
import type { Merchant, OrderRecord, TellingShop } from '#modules/merchants/index.ts'
import type { PaymentRecord } from './payment.ts'
import { leftMinor } from './refund-payment.rules.ts'
import { dutyOfReturn, type WaitingReturn } from './return-duty.ts'

export interface PaymentFactsForTrace {
  payment: PaymentRecord
  order: OrderRecord | undefined
  shop: Merchant | undefined
  telling: TellingShop | undefined
  /** Up to this amount the money of a silent shop's payment goes back by itself. */
  returnedUpToMinor: bigint
  now: Date
  /** Past the deadline and above that amount: who decides, until when. */
  duty?: { owner: 'staff' | 'second_person'; untilAt: Date; isEscalated: boolean } | undefined
  /** On its way back, and its wallet cannot take it yet. */
  waiting?: WaitingReturn | undefined
  /** Of a credited payment, from the room that pays shops out. */
  settled?: Hop | undefined
}

const states: Record<PaymentRecord['state'], MoneyState> = {
  completed: 'completed',
  failed: 'failed',
  refunded: 'refunded',
}

/** All that is left goes back, and is not back yet. */
export const isReturning = ({ state, toldAt, returningSince }: PaymentRecord): boolean =>
  state === 'completed' && !toldAt && returningSince !== undefined

export function isStuck({
  payment,
  telling,
  now,
}: Pick<PaymentFactsForTrace, 'payment' | 'telling' | 'now'>): boolean {
  if (payment.state !== 'completed' || payment.toldAt || payment.returningSince) return false
  return (telling?.attempts ?? 0) > 0 || (payment.answerDueAt !== undefined && payment.answerDueAt <= now)
}

/** The key of the sentence that explains the payment: `money.sentence.KEY`. */
export function sentenceOf(facts: PaymentFactsForTrace): string {
  const { payment } = facts
  if (payment.state === 'failed') return 'payment_failed'
  if (payment.state === 'refunded') return payment.toldAt ? 'payment_refunded' : 'payment_returned'
  if (payment.toldAt) return 'payment_completed'
  if (isReturning(payment))
    return facts.waiting?.waitsFor === 'wallet_room' ? 'payment_return_no_room' : 'payment_return_stopped'
  if (!isStuck(facts)) return 'payment_telling_shop'
  return payment.amountMinor <= facts.returnedUpToMinor
    ? 'payment_shop_silent_returns'
    : 'payment_shop_silent_staff'
}

export function hopsOf(facts: PaymentFactsForTrace): Hop[] {
  const { payment, telling, now } = facts
  const at = payment.effectiveAt.toISOString()
  if (payment.state === 'failed')
    return [
      { key: 'authorised', state: 'failed', at },
      { key: 'posted', state: 'todo' },
    ]
  const reference = referenceOf('TN', payment.number)
  const hops: Hop[] = [
    { key: 'authorised', state: 'done', at, evidence: [{ kind: 'pin', at }] },
    { key: 'posted', state: 'done', at, evidence: [{ kind: 'ledger_transfer', value: reference, at }] },
  ]
  const lastTry = telling?.lastHttpStatus
    ? [
        {
          kind: 'http_status' as const,
          value: String(telling.lastHttpStatus),
          at: telling.lastAttemptAt!.toISOString(),
        },
      ]
    : telling?.lastNoAnswer
      ? [
          {
            kind: 'no_answer' as const,
            value: telling.lastNoAnswer,
            at: telling.lastAttemptAt!.toISOString(),
          },
        ]
      : []
  const returnedAt = payment.returnedAt?.toISOString()
  const returned: Hop[] =
    payment.state === 'refunded' && returnedAt
      ? [
          {
            key: 'returned',
            state: 'done',
            at: returnedAt,
            evidence: [{ kind: 'ledger_transfer', value: reference, at: returnedAt }],
          },
        ]
      : []
  const untold: Hop = {
    key: 'shop_told',
    state: 'failed',
    tries: telling?.attempts ?? 0,
    evidence: lastTry,
    // Its time had passed: what a refund gave back before says only that the shop had not answered.
    ...(payment.answerDueAt && wentBackByItself(payment)
      ? { untilAt: payment.answerDueAt.toISOString() }
      : {}),
  }
  if (isReturning(payment))
    return [...hops, untold, waitingHop(facts.waiting, now), { key: 'returned', state: 'todo' }]
  if (payment.state === 'refunded' && !payment.toldAt) return [...hops, untold, ...returned]
  if (payment.toldAt) {
    const toldAt = (telling?.acknowledgedAt ?? payment.toldAt).toISOString()
    hops.push({
      key: 'shop_told',
      state: 'done',
      at: toldAt,
      tries: telling?.attempts ?? 1,
      evidence: lastTry,
    })
    hops.push({ key: 'shop_credited', state: 'done', at: payment.creditedAt!.toISOString() })
    // A refund came later: where the shop's money was by then is not what the customer asks.
    if (returned.length > 0) return [...hops, ...returned]
    hops.push(facts.settled ?? { key: 'settled', state: 'todo', owner: 'tuntas' })
    return hops
  }
  const overdue = payment.answerDueAt !== undefined && payment.answerDueAt <= now
  const returns = payment.amountMinor <= facts.returnedUpToMinor
  hops.push({
    key: 'shop_told',
    state: isStuck(facts) ? 'stuck' : 'now',
    owner: ownerOf(facts, overdue, returns),
    tries: telling?.attempts ?? 0,
    ...(telling?.lastAttemptAt ? { at: telling.lastAttemptAt.toISOString() } : {}),
    ...(telling?.nextAttemptAt && !(payment.answerDueAt && telling.nextAttemptAt > payment.answerDueAt)
      ? // A try after the deadline does not help: the money is decided by then.
        { nextTryAt: telling.nextAttemptAt.toISOString() }
      : {}),
    ...deadlineOf(facts, returns),
    evidence: lastTry,
  })
  hops.push({ key: 'shop_credited', state: 'todo' }, { key: 'settled', state: 'todo' })
  return hops
}

/** Until its time is over the shop; then whoever decides, or we, who give it back. */
function ownerOf(facts: PaymentFactsForTrace, overdue: boolean, returns: boolean): NonNullable<Hop['owner']> {
  if (overdue) return returns ? 'tuntas' : (facts.duty?.owner ?? 'staff')
  return isStuck(facts) ? 'shop' : 'tuntas'
}

/** Refunds count what they gave back; what is left beside them went, or goes, by itself. */
const wentBackByItself = (payment: PaymentRecord): boolean => leftMinor(payment) > 0n

/** The wallet cannot take it: who can change that, until when, and when it is tried again in any case. */
function waitingHop(waiting: WaitingReturn | undefined, now: Date): Hop {
  if (!waiting) return { key: 'wallet_takes', state: 'now', owner: 'tuntas' }
  const duty = dutyOfReturn(waiting, now)
  return {
    key: 'wallet_takes',
    state: 'stuck',
    owner: duty.owner,
    at: waiting.since.toISOString(),
    // One that is over is due at every moment.
    ...(waiting.nextTryAt > now ? { nextTryAt: waiting.nextTryAt.toISOString() } : {}),
    untilAt: duty.untilAt.toISOString(),
    then: duty.then,
  }
}

/** Until when the shop may answer and what comes then; once that is over, until when staff decide. */
function deadlineOf(
  { payment, duty }: PaymentFactsForTrace,
  returns: boolean,
): Pick<Hop, 'untilAt' | 'then'> {
  if (duty)
    return {
      untilAt: duty.untilAt.toISOString(),
      then: duty.owner === 'staff' && !duty.isEscalated ? 'lead_decides' : 'staff_decides',
    }
  if (!payment.answerDueAt) return {}
  return { untilAt: payment.answerDueAt.toISOString(), then: returns ? 'refunded' : 'staff_decides' }
}

/** Paid, and the shop has not answered: "no answer yet" is the truth, in lists too. */
function stateOf(payment: PaymentRecord, stuck: boolean): MoneyState {
  // Kept for the customer: it is theirs again, and their wallet cannot take it yet.
  if (isReturning(payment)) return 'held'
  return stuck ? 'unknown' : states[payment.state]
}

export function summaryOf(
  payment: PaymentRecord,
  shop: Merchant | undefined,
  stuck: boolean,
): TransactionSummary {
  return {
    reference: referenceOf('TN', payment.number),
    kind: 'payment',
    state: stateOf(payment, stuck),
    party: { name: shop?.name ?? '', ...(shop ? { category: shop.category } : {}) },
    amount: { amountMinor: (-payment.amountMinor).toString(), currency: payment.currency },
    effectiveAt: payment.effectiveAt.toISOString(),
    ...(payment.failureCode
      ? {
          failure: {
            code: payment.failureCode,
            ...(payment.failureValues ? { values: payment.failureValues } : {}),
          },
        }
      : {}),
  }
}

/** The shop was told at least once, has not answered, and was not asked again too short ago. */
export function canAskShopAgain({
  payment,
  telling,
  now,
}: Pick<PaymentFactsForTrace, 'payment' | 'telling' | 'now'>): boolean {
  if (payment.state !== 'completed' || payment.toldAt || isReturning(payment)) return false
  if (!telling || telling.attempts === 0) return false
  if (telling.state !== 'waiting' && telling.state !== 'given_up') return false
  return telling.askAgainFrom === undefined || telling.askAgainFrom <= now
}

export function detailOf(facts: PaymentFactsForTrace): TransactionDetail {
  const { payment, order, shop, now } = facts
  return {
    ...summaryOf(payment, shop, isStuck(facts)),
    ...(order ? { merchantReference: order.merchantReference } : {}),
    sentence: sentenceOf(facts),
    hops: hopsOf(facts),
    ...(payment.spendableAfterMinor === undefined
      ? {}
      : { balanceAfter: money(payment.spendableAfterMinor, payment.currency) }),
    fee: money(0n, payment.currency),
    canCancel: false,
    canAskShopAgain: canAskShopAgain(facts),
    asOf: now.toISOString(),
  }
}

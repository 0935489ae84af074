// A refund for everybody who looks: steps as hops with times, owners and deadlines, facts, one line of a history. Pure.
import type { Attachment } from '#contract/files.ts'
import { referenceOf } from '#contract/ids.ts'
import { money } from '#contract/money.ts'
import type { RefundFacts, ShopRefund } from '#contract/refund.ts'
import type { Hop, MoneyState, TransactionDetail, TransactionSummary } from '#contract/trace.ts'
import type { Reader } from '#platform/references.ts'
import type { Merchant, OrderRecord } from '#modules/merchants/index.ts'
import { leftMinor, type PaymentRecord } from '#modules/payments/index.ts'
import { isOpen, type RefundRecord } from './refund.ts'

export interface RefundForTrace {
  refund: RefundRecord
  shop: Merchant | undefined
  order: OrderRecord | undefined
  payment: Pick<PaymentRecord, 'amountMinor' | 'refundedMinor'>
  /** When the payment goes back by itself, with nobody's decision; undefined when it does not. */
  returnsAt?: Date | undefined
  balanceAfterMinor?: bigint | undefined
  /** When asking the shop ended because it has no address to be told at. */
  untoldAt?: Date | undefined
  evidence?: Attachment[] | undefined
  /** What only staff may read is added for them. */
  reader?: Reader | undefined
  now: Date
}

const referenceFor = (refund: RefundRecord) => referenceOf('RF', refund.number)

export function stateOf(refund: RefundRecord): MoneyState {
  if (isOpen(refund.state)) return 'pending'
  if (refund.state === 'paid') return 'completed'
  return refund.state === 'declined' ? 'failed' : 'cancelled'
}

type Progress = Pick<Hop, 'state'> & Partial<Omit<Hop, 'key' | 'state'>>

const done = (at: Date | undefined, more: Partial<Hop> = {}): Progress => ({
  state: 'done',
  ...(at ? { at: at.toISOString() } : {}),
  ...more,
})

function waiting(refund: RefundRecord, owner: Hop['owner'], then: Hop['then'], stuck = false): Progress {
  return {
    state: stuck ? 'stuck' : 'now',
    ...(owner ? { owner } : {}),
    ...(refund.untilAt ? { untilAt: refund.untilAt.toISOString() } : {}),
    ...(then ? { then } : {}),
  }
}

const todo: Progress = { state: 'todo' }

/** The steps of a refund: those that happened or will, in order; what is not needed is left out. */
export function hopsOf(refund: RefundRecord, untoldAt?: Date): Hop[] {
  const hops: Hop[] = [{ key: 'requested', state: 'done', at: refund.askedAt.toISOString() }]
  // What ended before the shop answered waits for no answer any more.
  if (refund.askedBy !== 'shop' && (isOpen(refund.state) || refund.shopAnswer))
    hops.push({ key: 'shop_answered', ...shopHop(refund, untoldAt) })
  const review = reviewHop(refund)
  if (review) hops.push({ key: 'reviewed', ...review })
  if (refund.state === 'awaiting_approval')
    hops.push({ key: 'second_person', ...waiting(refund, 'second_person', 'staff_decides') })
  else if (refund.approvedAt) hops.push({ key: 'second_person', ...done(refund.approvedAt) })
  if (refund.state === 'waiting_for_funds')
    hops.push({
      key: refund.waitingFor === 'shop_funds' ? 'funds_found' : 'wallet_takes',
      ...waiting(refund, refund.owner, 'staff_decides', true),
      ...(refund.nextTryAt ? { nextTryAt: refund.nextTryAt.toISOString() } : {}),
    })
  if (refund.state === 'paid') {
    const at = refund.closedAt!
    hops.push({
      key: 'paid_back',
      ...done(at, {
        evidence: [{ kind: 'ledger_transfer', value: referenceFor(refund), at: at.toISOString() }],
      }),
    })
  } else if (refund.state === 'overtaken') {
    const at = refund.closedAt!
    hops.push({
      key: 'came_back',
      ...done(at, {
        evidence: [
          { kind: 'ledger_transfer', value: referenceOf('TN', refund.paymentNumber), at: at.toISOString() },
        ],
      }),
    })
  } else if (isOpen(refund.state)) hops.push({ key: 'paid_back', ...todo })
  return hops
}

function shopHop(refund: RefundRecord, untoldAt: Date | undefined): Progress {
  const untold = untoldAt && [{ kind: 'no_address' as const, at: untoldAt.toISOString() }]
  if (refund.shopAnswer === 'agreed') return done(refund.shopAnsweredAt)
  if (refund.shopAnswer === 'refused') return { state: 'failed', at: refund.shopAnsweredAt!.toISOString() }
  if (refund.shopAnswer === 'silent')
    return {
      state: 'failed',
      ...(refund.reviewSince ? { at: refund.reviewSince.toISOString() } : {}),
      evidence: untold ?? [{ kind: 'no_answer' }],
    }
  if (refund.state !== 'asking_shop') return todo
  return { ...waiting(refund, 'shop', 'staff_decides'), ...(untold ? { evidence: untold } : {}) }
}

function reviewHop(refund: RefundRecord): Progress | undefined {
  if (refund.state === 'in_review')
    return {
      ...waiting(
        refund,
        'staff',
        refund.escalations > 0 ? 'asked_again' : 'lead_decides',
        refund.escalations > 0,
      ),
      ...(refund.reviewSince ? { at: refund.reviewSince.toISOString() } : {}),
    }
  if (refund.decision === 'decline') return { state: 'failed', at: refund.decidedAt!.toISOString() }
  return refund.decidedAt ? done(refund.decidedAt) : undefined
}

export function summaryOf({ refund, shop }: Pick<RefundForTrace, 'refund' | 'shop'>): TransactionSummary {
  return {
    reference: referenceFor(refund),
    kind: 'refund',
    state: stateOf(refund),
    party: { name: shop?.name ?? '', ...(shop ? { category: shop.category } : {}) },
    amount: money(refund.amountMinor, refund.currency),
    effectiveAt: refund.effectiveAt.toISOString(),
    ...(refund.state === 'overtaken' ? { ended: 'came_back' as const } : {}),
  }
}

/** The key of the sentence that explains it: `money.sentence.KEY`. */
export function sentenceOf(refund: RefundRecord): string {
  if (refund.waitingFor === 'wallet_room') return 'refund_no_room'
  if (refund.waitingFor === 'wallet_stopped') return 'refund_wallet_stopped'
  return `refund_${refund.state}`
}

/** What a second person has still to approve is no decision yet: the customer does not read beforehand that it was granted. */
const isDecided = ({ decision, clearedAt }: RefundRecord): boolean =>
  decision === 'decline' || clearedAt !== undefined

/** What staff read of it meanwhile; undefined when nothing waits for a second person. */
function proposedOf(refund: RefundRecord): RefundFacts['proposed'] {
  if (refund.state !== 'awaiting_approval') return undefined
  const { decision, decidedAt, decisionNote, shopAnsweredAt, askedAt } = refund
  return decision === 'grant'
    ? { by: 'staff', at: decidedAt!.toISOString(), ...(decisionNote ? { note: decisionNote } : {}) }
    : { by: 'shop', at: (shopAnsweredAt ?? askedAt).toISOString() }
}

export function factsOf({
  refund,
  payment,
  returnsAt,
  evidence,
  reader,
}: Pick<RefundForTrace, 'refund' | 'payment' | 'returnsAt' | 'evidence' | 'reader'>): RefundFacts {
  const proposed = reader === 'staff' ? proposedOf(refund) : undefined
  const isStillOpen = isOpen(refund.state)
  return {
    payment: referenceOf('TN', refund.paymentNumber),
    state: refund.state,
    amount: money(refund.amountMinor, refund.currency),
    paid: money(payment.amountMinor, refund.currency),
    reason: refund.reason,
    ...(refund.note ? { note: refund.note } : {}),
    ...(evidence ? { evidence } : {}),
    askedBy: refund.askedBy,
    askedAt: refund.askedAt.toISOString(),
    ...(refund.owner ? { owner: refund.owner } : {}),
    ...(refund.untilAt ? { untilAt: refund.untilAt.toISOString() } : {}),
    ...(isStillOpen ? { promisedBy: refund.promisedBy.toISOString() } : {}),
    ...(isStillOpen && returnsAt ? { returnsAt: returnsAt.toISOString() } : {}),
    ...(refund.state === 'overtaken'
      ? {
          cameBack: {
            amount: money(leftMinor(payment), refund.currency),
            at: refund.closedAt!.toISOString(),
          },
        }
      : {}),
    ...(refund.shopAnswer ? { shopAnswer: refund.shopAnswer } : {}),
    ...(refund.shopNote ? { shopNote: refund.shopNote } : {}),
    ...(refund.decisionNote && isDecided(refund) ? { decisionNote: refund.decisionNote } : {}),
    ...(proposed ? { proposed } : {}),
    ...(refund.waitingFor ? { waitingFor: refund.waitingFor } : {}),
    ...(refund.reviewCause && refund.state === 'in_review' ? { reviewCause: refund.reviewCause } : {}),
    canWithdraw: isStillOpen && refund.askedBy !== 'shop',
  }
}

export function detailOf(facts: RefundForTrace): TransactionDetail {
  const { refund, order, now } = facts
  return {
    ...summaryOf(facts),
    ...(order ? { merchantReference: order.merchantReference } : {}),
    sentence: sentenceOf(refund),
    hops: hopsOf(refund, facts.untoldAt),
    ...(facts.balanceAfterMinor === undefined
      ? {}
      : { balanceAfter: money(facts.balanceAfterMinor, refund.currency) }),
    canCancel: false,
    refund: factsOf(facts),
    asOf: now.toISOString(),
  }
}

/** What the shop sees: its own order, never who the customer is. */
export function shopRefundOf(refund: RefundRecord, order: OrderRecord): ShopRefund {
  return {
    reference: referenceFor(refund),
    payment: referenceOf('TN', refund.paymentNumber),
    orderId: refund.orderId,
    merchantReference: order.merchantReference,
    amount: money(refund.amountMinor, refund.currency),
    reason: refund.reason,
    ...(refund.note ? { note: refund.note } : {}),
    state: refund.state,
    askedAt: refund.askedAt.toISOString(),
    ...(refund.state === 'asking_shop' ? { answerBy: refund.untilAt!.toISOString() } : {}),
  }
}

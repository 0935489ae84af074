// Every decision about a refund: may it be asked for, what follows what happens to it, who must agree, by when. Pure: values in,
// verdict out. No step leaves an open refund without an owner and a deadline, and none clears it twice.
import type { ErrorCode, ProblemValues } from '#contract/errors.ts'
import { money, type Currency } from '#contract/money.ts'
import {
  isOpen,
  owners,
  transitions,
  type RefundEvent,
  type RefundRecord,
  type RefundRules,
  type RefundOwner,
  type ReviewCause,
  type WaitingFor,
} from './refund.ts'

export type Refused = { verdict: 'refused'; code: ErrorCode; values?: ProblemValues }

const refuse = (code: ErrorCode, values?: ProblemValues): Refused => ({
  verdict: 'refused',
  code,
  ...(values ? { values } : {}),
})

/** `why` is one of: payment_failed, already_returned, nothing_left, coming_back, refund_open, window_over, more_than_left, amount_invalid. */
export const notAllowed = (why: string, more: ProblemValues = {}): Refused =>
  refuse('refund_not_allowed', { why, ...more })

export interface PaymentForRefund {
  amountMinor: bigint
  refundedMinor: bigint
  currency: Currency
  state: 'completed' | 'failed' | 'refunded'
  /** All that is left goes back by itself, and waits for the wallet. */
  isReturning: boolean
  effectiveAt: Date
}

/** May so much of this payment be asked for now? Without an amount it is all that is left. */
export function judgeRequest(facts: {
  payment: PaymentForRefund
  openRefund: string | undefined
  wantedMinor: bigint | undefined
  rules: RefundRules
  now: Date
}): { verdict: 'allowed'; amountMinor: bigint } | Refused {
  const { payment, wantedMinor } = facts
  const leftMinor = payment.amountMinor - payment.refundedMinor
  if (payment.state === 'failed') return notAllowed('payment_failed')
  if (payment.state === 'refunded') return notAllowed('already_returned')
  if (leftMinor <= 0n) return notAllowed('nothing_left')
  if (payment.isReturning) return notAllowed('coming_back')
  if (facts.openRefund !== undefined) return notAllowed('refund_open', { reference: facts.openRefund })
  const windowMs = facts.rules.requestWithinDays * 86_400_000
  if (facts.now.getTime() - payment.effectiveAt.getTime() > windowMs) return notAllowed('window_over')
  const amountMinor = wantedMinor ?? leftMinor
  if (amountMinor <= 0n) return notAllowed('amount_invalid')
  if (amountMinor > leftMinor)
    return notAllowed('more_than_left', { left: money(leftMinor, payment.currency) })
  return { verdict: 'allowed', amountMinor }
}

export interface StepContext {
  now: Date
  rules: RefundRules
  /** So many working days from now. */
  inDays(count: number): Date
  /** Of the same payment: other refunds that staff granted, and others that the shop agreed to, that stand or were paid. */
  otherGrantedMinor: bigint
  otherAgreedMinor: bigint
}

/** What must be done with it in the same transaction. */
export type Effect = 'none' | 'pay_back' | 'propose'

export type Step =
  | { verdict: 'moved'; refund: RefundRecord; effect: Effect; cancelApproval: boolean }
  | { verdict: 'unchanged' }
  | Refused

/** Who can end each wait, and what staff read when its deadline passes. */
const waits: Readonly<Record<WaitingFor, { owner: RefundOwner; reviewCause: ReviewCause }>> = {
  shop_funds: { owner: 'shop', reviewCause: 'funds_missing' },
  wallet_room: { owner: 'customer', reviewCause: 'no_room' },
  wallet_stopped: { owner: 'staff', reviewCause: 'wallet_stopped' },
}

/** What it waits for, also while staff look at it because that took too long; undefined when it waits for none of these. */
export function waitOf({
  state,
  waitingFor,
  reviewCause,
}: Pick<RefundRecord, 'state' | 'waitingFor' | 'reviewCause'>): WaitingFor | undefined {
  if (state !== 'in_review') return waitingFor
  return (Object.keys(waits) as WaitingFor[]).find((each) => waits[each].reviewCause === reviewCause)
}

/** How long after a try that found too little money the next one comes by itself. */
export const retryMs = 15 * 60_000

/** Whether a second person must approve: the sum over the whole payment counts, so that parts do not go around it (R7). */
export function needsSecondPerson(
  by: 'staff' | 'shop',
  amountMinor: bigint,
  context: Pick<StepContext, 'rules' | 'otherGrantedMinor' | 'otherAgreedMinor'>,
): boolean {
  return by === 'staff'
    ? context.otherGrantedMinor + amountMinor > context.rules.staffAloneUpToMinor
    : context.otherAgreedMinor + amountMinor > context.rules.shopAgreedUpToMinor
}

/**
 * Staff granted it, and it ends or goes back to review before a second person agreed: what was counted for the one who granted
 * is counted no longer, so that granting it again counts once.
 */
export const grantFellThrough = (before: RefundRecord, after: RefundRecord): boolean =>
  before.state === 'awaiting_approval' &&
  before.decision === 'grant' &&
  after.state !== 'awaiting_approval' &&
  after.clearedAt === undefined

/** What was granted or agreed to of the same payment already, in refunds that stand or were paid. */
export function sumsOfOthers(
  others: readonly Pick<RefundRecord, 'state' | 'decision' | 'shopAnswer' | 'amountMinor'>[],
): Pick<StepContext, 'otherGrantedMinor' | 'otherAgreedMinor'> {
  const standing = others.filter(({ state }) => isOpen(state) || state === 'paid')
  const sum = (list: typeof standing) => list.reduce((total, other) => total + other.amountMinor, 0n)
  return {
    otherGrantedMinor: sum(standing.filter((other) => other.decision === 'grant')),
    otherAgreedMinor: sum(
      standing.filter((other) => other.decision !== 'grant' && other.shopAnswer === 'agreed'),
    ),
  }
}

/** The largest amounts of one more refund of this payment that need no second person: the same rule as `needsSecondPerson`. */
export function secondPersonAbove(
  rules: RefundRules,
  others: Pick<StepContext, 'otherGrantedMinor' | 'otherAgreedMinor'>,
): { grantedMinor: bigint; agreedMinor: bigint } {
  const left = (limit: bigint, used: bigint) => (used >= limit ? 0n : limit - used)
  return {
    grantedMinor: left(rules.staffAloneUpToMinor, others.otherGrantedMinor),
    agreedMinor: left(rules.shopAgreedUpToMinor, others.otherAgreedMinor),
  }
}

/** What an event makes of a refund. Refused is what the table does not know; unchanged what has happened already. */
export function advance(refund: RefundRecord, event: RefundEvent, context: StepContext): Step {
  if (isRepeat(refund, event)) return { verdict: 'unchanged' }
  const allowed = transitions[refund.state][event.kind]
  if (!allowed) return refuse('conflict', { state: refund.state })
  const step = decide(refund, event, context)
  if (step.verdict === 'moved' && !allowed.includes(step.refund.state))
    throw new Error(`the table does not know ${refund.state} → ${step.refund.state} by ${event.kind}`)
  return step
}

/** The same answer or decision again is no fault. */
function isRepeat(refund: RefundRecord, event: RefundEvent): boolean {
  switch (event.kind) {
    case 'shop_agreed':
      return refund.shopAnswer === 'agreed'
    case 'shop_refused':
      return refund.shopAnswer === 'refused'
    case 'granted':
      return refund.decision === 'grant' && refund.state !== 'in_review' && refund.state !== 'declined'
    case 'declined':
      return refund.state === 'declined'
    case 'withdrawn':
      return refund.state === 'withdrawn'
    default:
      return false
  }
}

function decide(refund: RefundRecord, event: RefundEvent, context: StepContext): Step {
  const { now } = context
  switch (event.kind) {
    case 'shop_agreed': {
      // Who refused has answered: another answer is a conflict.
      if (refund.shopAnswer === 'refused') return refuse('conflict', { state: refund.state })
      const answered: RefundRecord = {
        ...refund,
        shopAnswer: 'agreed',
        shopNote: event.note ?? refund.shopNote,
        shopAnsweredAt: now,
      }
      // Staff look because of something else than the shop: its yes does not end that.
      if (refund.state === 'in_review' && refund.reviewCause !== 'shop_silent')
        return refuse('conflict', { state: refund.state })
      return clear(answered, 'shop', context)
    }
    case 'shop_refused': {
      if (refund.shopAnswer === 'agreed') return refuse('conflict', { state: refund.state })
      const answered: RefundRecord = {
        ...refund,
        shopAnswer: 'refused',
        shopNote: event.note,
        shopAnsweredAt: now,
      }
      // Late: staff look already, by the deadline that they have.
      if (refund.state === 'in_review') return moved({ ...answered, reviewCause: 'shop_refused' })
      return moved(toReview(answered, 'shop_refused', context))
    }
    case 'granted': {
      const granted: RefundRecord = {
        ...refund,
        decision: 'grant',
        decisionNote: event.note,
        decidedBy: event.agentId,
        decidedAt: now,
      }
      // Everybody had agreed before and only money was missing: staff say to go on waiting for it.
      return refund.clearedAt ? moved(granted, 'pay_back') : clear(granted, 'staff', context)
    }
    case 'declined':
      return moved(
        close(
          {
            ...refund,
            decision: 'decline',
            decisionNote: event.note,
            decidedBy: event.agentId,
            decidedAt: now,
          },
          'declined',
          now,
        ),
      )
    case 'approved':
      return moved({ ...refund, approvedBy: event.agentId, approvedAt: now, clearedAt: now }, 'pay_back')
    case 'approval_closed':
      return moved(toReview(withoutApproval(refund), 'approval_closed', context))
    case 'deadline_passed':
      return deadlinePassed(refund, context)
    case 'withdrawn':
      if (refund.askedBy === 'shop') return refuse('forbidden')
      return moved(close(refund, 'withdrawn', now), 'none', refund.approvalId !== undefined)
    case 'overtaken':
      return moved(close(refund, 'overtaken', now), 'none', refund.approvalId !== undefined)
    case 'money_moved':
      if (!refund.clearedAt) return refuse('conflict', { state: refund.state })
      return moved({
        ...close(refund, 'paid', now),
        transferId: event.transferId,
        feeReturnedMinor: event.feeReturnedMinor,
      })
    case 'money_missing':
      if (!refund.clearedAt) return refuse('conflict', { state: refund.state })
      return moved({
        ...refund,
        state: 'waiting_for_funds',
        owner: waits[event.waitingFor].owner,
        // What waits already keeps its deadline, whatever it waits for now.
        untilAt:
          refund.state === 'waiting_for_funds' ? refund.untilAt : context.inDays(context.rules.fundsDays),
        waitingFor: event.waitingFor,
        nextTryAt: new Date(now.getTime() + retryMs),
        approvalId: undefined,
        proposedPayload: undefined,
      })
  }
}

function clear(refund: RefundRecord, by: 'staff' | 'shop', context: StepContext): Step {
  if (!needsSecondPerson(by, refund.amountMinor, context))
    return moved({ ...refund, clearedAt: context.now }, 'pay_back')
  return moved(
    {
      ...refund,
      state: 'awaiting_approval',
      owner: 'second_person',
      untilAt: context.inDays(context.rules.approvalDays),
    },
    'propose',
  )
}

function deadlinePassed(refund: RefundRecord, context: StepContext): Step {
  switch (refund.state) {
    case 'asking_shop':
      return moved(toReview({ ...refund, shopAnswer: 'silent' }, 'shop_silent', context))
    case 'in_review':
      // Never without an owner: from now on a lead, with a new deadline each time.
      return moved({
        ...refund,
        escalations: refund.escalations + 1,
        untilAt: context.inDays(context.rules.leadDays),
      })
    case 'awaiting_approval':
      return moved(
        toReview(withoutApproval(refund), 'approval_closed', context),
        'none',
        refund.approvalId !== undefined,
      )
    default:
      return moved(toReview(refund, waits[refund.waitingFor ?? 'shop_funds'].reviewCause, context))
  }
}

function toReview(refund: RefundRecord, cause: ReviewCause, context: StepContext): RefundRecord {
  return {
    ...refund,
    state: 'in_review',
    owner: 'staff',
    untilAt: context.inDays(context.rules.reviewDays),
    reviewCause: cause,
    reviewSince: context.now,
    waitingFor: undefined,
    nextTryAt: undefined,
  }
}

const withoutApproval = (refund: RefundRecord): RefundRecord => ({
  ...refund,
  approvalId: undefined,
  proposedPayload: undefined,
  clearedAt: undefined,
})

function close(refund: RefundRecord, state: RefundRecord['state'], now: Date): RefundRecord {
  return {
    ...refund,
    state,
    owner: undefined,
    untilAt: undefined,
    waitingFor: undefined,
    nextTryAt: undefined,
    approvalId: undefined,
    closedAt: now,
    effectiveAt: now,
  }
}

function moved(refund: RefundRecord, effect: Effect = 'none', cancelApproval = false): Step {
  return { verdict: 'moved', refund, effect, cancelApproval }
}

/** The table's promise, asked of each refund before it is stored. */
export function isSound(refund: RefundRecord): boolean {
  return isOpen(refund.state)
    ? refund.owner !== undefined &&
        owners[refund.state].includes(refund.owner) &&
        refund.untilAt !== undefined &&
        refund.closedAt === undefined
    : refund.owner === undefined && refund.untilAt === undefined && refund.closedAt !== undefined
}

export interface StaffLimits {
  perDayMinor: bigint
  perDayAndCustomerMinor: bigint
}

/** May this member of staff grant so much more today (N6)? */
export function judgeStaffLimit(facts: {
  limits: StaffLimits | undefined
  grantedTodayMinor: bigint
  grantedToCustomerMinor: bigint
  amountMinor: bigint
  currency: Currency
}): { verdict: 'allowed' } | Refused {
  const { limits, amountMinor, currency } = facts
  if (!limits) return refuse('staff_limit', { limit: money(0n, currency) })
  if (facts.grantedTodayMinor + amountMinor > limits.perDayMinor)
    return refuse('staff_limit', {
      limit: money(limits.perDayMinor, currency),
      used: money(facts.grantedTodayMinor, currency),
    })
  if (facts.grantedToCustomerMinor + amountMinor > limits.perDayAndCustomerMinor)
    return refuse('staff_limit', {
      limit: money(limits.perDayAndCustomerMinor, currency),
      used: money(facts.grantedToCustomerMinor, currency),
    })
  return { verdict: 'allowed' }
}

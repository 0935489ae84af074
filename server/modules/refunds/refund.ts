// A refund in words: what is stored of it, what can happen to it, and which state may follow which. The table is the law:
// a step that is not in it is refused, whatever the code around it thinks.
import type { Currency } from '#contract/money.ts'
import type { RefundReason, RefundState } from '#contract/refund.ts'

export type { RefundReason, RefundState } from '#contract/refund.ts'

export type RefundOwner = 'shop' | 'staff' | 'second_person' | 'customer'
export type ReviewCause =
  'shop_refused' | 'shop_silent' | 'approval_closed' | 'funds_missing' | 'no_room' | 'wallet_stopped'
/** `wallet_stopped`: what comes into the wallet's account is stopped, not by its customer, or the account is closed. */
export type WaitingFor = 'shop_funds' | 'wallet_room' | 'wallet_stopped'

export interface RefundRecord {
  number: bigint
  paymentNumber: bigint
  orderId: string
  customerId: string
  merchantId: string
  amountMinor: bigint
  currency: Currency
  reason: RefundReason
  note: string | undefined
  askedBy: 'customer' | 'agent' | 'shop'
  requestedByAgent: string | undefined
  caseId: string | undefined
  askedAt: Date
  state: RefundState
  owner: RefundOwner | undefined
  untilAt: Date | undefined
  promisedBy: Date
  lateTold: number
  shopAnswer: 'agreed' | 'refused' | 'silent' | undefined
  shopNote: string | undefined
  shopAnsweredAt: Date | undefined
  reviewCause: ReviewCause | undefined
  reviewSince: Date | undefined
  escalations: number
  decision: 'grant' | 'decline' | undefined
  decisionNote: string | undefined
  decidedBy: string | undefined
  decidedAt: Date | undefined
  approvalId: string | undefined
  proposedPayload: ProposedPayload | undefined
  approvedBy: string | undefined
  approvedAt: Date | undefined
  clearedAt: Date | undefined
  waitingFor: WaitingFor | undefined
  nextTryAt: Date | undefined
  feeReturnedMinor: bigint
  transferId: string | undefined
  effectiveAt: Date
  closedAt: Date | undefined
}

/** Exactly what a second person approves; any other value at the moment of paying voids the approval. */
export type ProposedPayload = Record<string, string>

/** What can happen to a refund. */
export type RefundEvent =
  | { kind: 'shop_agreed'; note?: string | undefined }
  | { kind: 'shop_refused'; note?: string | undefined }
  | { kind: 'deadline_passed' }
  | { kind: 'granted'; agentId: string; note: string }
  | { kind: 'declined'; agentId: string; note: string }
  | { kind: 'approved'; agentId: string | undefined }
  | { kind: 'approval_closed' }
  | { kind: 'withdrawn' }
  | { kind: 'overtaken' }
  | { kind: 'money_moved'; transferId: string; feeReturnedMinor: bigint }
  | { kind: 'money_missing'; waitingFor: WaitingFor }

export type RefundEventKind = RefundEvent['kind']

export const openStates = ['asking_shop', 'in_review', 'awaiting_approval', 'waiting_for_funds'] as const
export type OpenState = (typeof openStates)[number]

export const isOpen = (state: RefundState): state is OpenState =>
  (openStates as readonly RefundState[]).includes(state)

/** Who may own a refund in each open state: nobody else, and never nobody. */
export const owners: Readonly<Record<OpenState, readonly RefundOwner[]>> = {
  asking_shop: ['shop'],
  in_review: ['staff'],
  awaiting_approval: ['second_person'],
  waiting_for_funds: ['shop', 'customer', 'staff'],
}

/**
 * Lifecycle as data: in this state, this may happen, and lead there. `money_moved` and `money_missing` follow in the same
 * transaction as what cleared the refund, so they start from the state that it was cleared in.
 */
export const transitions: Readonly<
  Record<RefundState, Readonly<Partial<Record<RefundEventKind, readonly RefundState[]>>>>
> = {
  asking_shop: {
    shop_agreed: ['asking_shop', 'awaiting_approval'],
    shop_refused: ['in_review'],
    deadline_passed: ['in_review'],
    money_moved: ['paid'],
    money_missing: ['waiting_for_funds'],
    withdrawn: ['withdrawn'],
    overtaken: ['overtaken'],
  },
  in_review: {
    // The deadline for the shop has passed, but a late yes is still a yes; a late no changes nothing but the record.
    shop_agreed: ['in_review', 'awaiting_approval'],
    shop_refused: ['in_review'],
    granted: ['in_review', 'awaiting_approval'],
    declined: ['declined'],
    deadline_passed: ['in_review'],
    money_moved: ['paid'],
    money_missing: ['waiting_for_funds'],
    withdrawn: ['withdrawn'],
    overtaken: ['overtaken'],
  },
  awaiting_approval: {
    approved: ['awaiting_approval'],
    approval_closed: ['in_review'],
    deadline_passed: ['in_review'],
    money_moved: ['paid'],
    money_missing: ['waiting_for_funds'],
    withdrawn: ['withdrawn'],
    overtaken: ['overtaken'],
  },
  waiting_for_funds: {
    money_moved: ['paid'],
    money_missing: ['waiting_for_funds'],
    deadline_passed: ['in_review'],
    withdrawn: ['withdrawn'],
    overtaken: ['overtaken'],
  },
  paid: {},
  declined: {},
  withdrawn: {},
  overtaken: {},
}

export interface RefundRules {
  requestWithinDays: number
  shopAnswerDays: number
  reviewDays: number
  leadDays: number
  approvalDays: number
  fundsDays: number
  promiseDays: number
  lateDays: number
  staffAloneUpToMinor: bigint
  shopAgreedUpToMinor: bigint
}

// Refunds, approvals and decisions: one shape for the customer's wallet, the shop's API and the agents' console.
import { Type, type Static } from 'typebox'
import { AttachmentSchema, fileIdsOf, fileLimits } from './files.ts'
import {
  AmountMinorSchema,
  DaySchema,
  LocaleSchema,
  MoneySchema,
  ReferenceSchema,
  TimeSchema,
  UuidSchema,
  oneOf,
} from './schema.ts'

/**
 * Where a refund is. Open states have an owner and a deadline, always:
 * `asking_shop` (shop) → agreed: on; refused or silent: `in_review` (staff) → declined or granted → above the limit
 * `awaiting_approval` (second person) → `waiting_for_funds` while the shop has too little or the wallet cannot take it → `paid`.
 * `overtaken`: the money went back another way meanwhile (the shop never acknowledged the payment).
 */
export const RefundStateSchema = oneOf(
  'asking_shop',
  'in_review',
  'awaiting_approval',
  'waiting_for_funds',
  'paid',
  'declined',
  'withdrawn',
  'overtaken',
)
export type RefundState = Static<typeof RefundStateSchema>

/** Words: refund.reason.REASON. */
export const RefundReasonSchema = oneOf(
  'shop_has_nothing',
  'not_received',
  'wrong_or_broken',
  'charged_twice',
  'cancelled_with_shop',
  'other',
)
export type RefundReason = Static<typeof RefundReasonSchema>

/** `customer`: the wallet has no room for it; it waits until there is. */
export const RefundOwnerSchema = oneOf('shop', 'staff', 'second_person', 'tuntas', 'customer')

/** What a refund adds to its TransactionDetail (RF-…): its hops are the steps. */
export const RefundFactsSchema = Type.Object({
  payment: ReferenceSchema,
  state: RefundStateSchema,
  amount: MoneySchema,
  /** What the customer had paid for the order. */
  paid: MoneySchema,
  reason: RefundReasonSchema,
  /** What the customer wrote, with card numbers, codes and passwords taken out. */
  note: Type.Optional(Type.String()),
  /** Pictures and documents that were added when it was asked for. The shop is not shown them. */
  evidence: Type.Optional(Type.Array(AttachmentSchema)),
  askedBy: oneOf('customer', 'agent', 'shop'),
  askedAt: TimeSchema,
  owner: Type.Optional(RefundOwnerSchema),
  /** Until when the owner may take; then the next step comes by itself. */
  untilAt: Type.Optional(TimeSchema),
  /** The date that the customer was promised; late refunds are told before they ask. */
  promisedBy: Type.Optional(TimeSchema),
  /** Days without work between asking and the promised date, besides weekends: they do not count as working days. */
  holidays: Type.Optional(Type.Array(DaySchema)),
  shopAnswer: Type.Optional(oneOf('agreed', 'refused', 'silent')),
  shopNote: Type.Optional(Type.String()),
  decisionNote: Type.Optional(Type.String()),
  /** For staff alone, while `awaiting_approval`: what waits for the second person. The customer reads it once it holds. */
  proposed: Type.Optional(
    Type.Object({ by: oneOf('staff', 'shop'), at: TimeSchema, note: Type.Optional(Type.String()) }),
  ),
  /**
   * While `waiting_for_funds`: the shop has too little with us, the wallet would hold more than it may, or what comes into it is
   * stopped, not by its customer.
   */
  waitingFor: Type.Optional(oneOf('shop_funds', 'wallet_room', 'wallet_stopped')),
  /** While `in_review`: why staff look at it. */
  reviewCause: Type.Optional(
    oneOf('shop_refused', 'shop_silent', 'approval_closed', 'funds_missing', 'no_room', 'wallet_stopped'),
  ),
  /**
   * While it is open and its shop has not taken the payment: when all that is left of the payment goes back by itself. Absent when
   * the shop has the payment, or staff decide about it then.
   */
  returnsAt: Type.Optional(TimeSchema),
  /** Of one that was `overtaken`: what came back with its payment, and when. */
  cameBack: Type.Optional(Type.Object({ amount: MoneySchema, at: TimeSchema })),
  canWithdraw: Type.Boolean(),
})
export type RefundFacts = Static<typeof RefundFactsSchema>

/**
 * POST /api/refunds with Idempotency-Key (customers' address) → TransactionDetail of the RF-…; without `amount` all that is left.
 * refund_not_allowed (values.why) when nothing is left, the payment failed, a refund of it is open, or it is on its way back by
 * itself (coming_back).
 * POST /api/refunds/:reference/withdraw → TransactionDetail.
 */
export const AskRefundSchema = Type.Object(
  {
    payment: ReferenceSchema,
    amountMinor: Type.Optional(AmountMinorSchema),
    reason: RefundReasonSchema,
    note: Type.Optional(Type.String({ maxLength: 2000 })),
    evidence: Type.Optional(fileIdsOf(fileLimits.perRefund)),
  },
  { additionalProperties: false },
)
export type AskRefund = Static<typeof AskRefundSchema>

/** Why a member of staff did it: blanks are no words. */
export const StaffNoteSchema = Type.String({ minLength: 1, maxLength: 2000, pattern: '\\S' })

/** POST /api/refunds (agents' address, Idempotency-Key) → TransactionDetail of the RF-…. Needs a case that holds the payment. */
export const AskRefundForCaseSchema = Type.Object(
  {
    caseId: UuidSchema,
    payment: ReferenceSchema,
    amountMinor: Type.Optional(AmountMinorSchema),
    reason: RefundReasonSchema,
    note: StaffNoteSchema,
    /** Files that the customer sent in the conversation of this case. */
    evidence: Type.Optional(fileIdsOf(fileLimits.perRefund)),
  },
  { additionalProperties: false },
)

/**
 * POST /api/refunds/:reference/decide (agents' address) → TransactionDetail: staff review after the shop refused or stayed silent.
 * GET /api/refunds/:reference (agents' address) → TransactionDetail, for whoever may decide; each look is recorded.
 */
export const DecideRefundSchema = Type.Object(
  { decision: oneOf('grant', 'decline'), note: StaffNoteSchema },
  { additionalProperties: false },
)

// ---- The shop's face
/** GET /merchant/v1/refunds?state=asking_shop → { refunds: ShopRefund[] }; GET /merchant/v1/refunds/:reference → ShopRefund */
export const ShopRefundSchema = Type.Object({
  reference: ReferenceSchema,
  payment: ReferenceSchema,
  orderId: UuidSchema,
  merchantReference: Type.String(),
  amount: MoneySchema,
  reason: RefundReasonSchema,
  note: Type.Optional(Type.String()),
  state: RefundStateSchema,
  askedAt: TimeSchema,
  answerBy: Type.Optional(TimeSchema),
})
export type ShopRefund = Static<typeof ShopRefundSchema>
/** POST /merchant/v1/refunds/:reference/answer with Idempotency-Key → ShopRefund. The same answer again is no fault; another is conflict. */
export const AnswerRefundSchema = Type.Object(
  { answer: oneOf('agree', 'refuse'), note: Type.Optional(Type.String({ maxLength: 1000 })) },
  { additionalProperties: false },
)
/** POST /merchant/v1/orders/:id/refunds with Idempotency-Key → ShopRefund: the shop gives money back by itself. */
export const ShopGivesBackSchema = Type.Object(
  {
    amountMinor: Type.Optional(AmountMinorSchema),
    reason: RefundReasonSchema,
    note: Type.Optional(Type.String({ maxLength: 1000 })),
  },
  { additionalProperties: false },
)

// ---- Four eyes
export const ApprovalStateSchema = oneOf('waiting', 'approved', 'declined', 'expired', 'voided')

/** GET /api/approvals/:id → Approval */
export const ApprovalSchema = Type.Object({
  id: UuidSchema,
  /** AP-… for people. */
  number: Type.String(),
  /** What would be done, e.g. `refund.pay`, `payment.return`; words: approval.kind.KIND. */
  kind: Type.String(),
  state: ApprovalStateSchema,
  amount: MoneySchema,
  /** The thing it is about, e.g. RF-…. */
  reference: ReferenceSchema,
  caseId: Type.Optional(UuidSchema),
  customerName: Type.String(),
  requestedBy: Type.Object({ agentId: Type.Optional(UuidSchema), name: Type.String() }),
  requestedAt: TimeSchema,
  reason: Type.String(),
  expiresAt: TimeSchema,
  /** Exactly what will happen, row by row (approval.row.KEY), and the SHA-256 of its canonical form. */
  payload: Type.Array(Type.Object({ key: Type.String(), value: Type.Unknown() })),
  payloadHash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  /** Read now, for the person who asks: approval.check.KEY. All must be true to approve. */
  checks: Type.Array(Type.Object({ key: Type.String(), ok: Type.Boolean() })),
  mayDecide: Type.Boolean(),
  /** While it waits: what the customer is told once it is approved, in their language. Not in lists. */
  customerReads: Type.Optional(Type.Object({ language: LocaleSchema, text: Type.String() })),
  decidedBy: Type.Optional(Type.Object({ agentId: UuidSchema, name: Type.String() })),
  decidedAt: Type.Optional(TimeSchema),
  decisionNote: Type.Optional(Type.String()),
  /** Of one that was voided by a change: what would have happened instead. Absent when nothing could happen any more. */
  foundPayload: Type.Optional(Type.Array(Type.Object({ key: Type.String(), value: Type.Unknown() }))),
})
export type Approval = Static<typeof ApprovalSchema>
/** GET /api/approvals?view → ApprovalList: what waits (runs out first on top), what I had a hand in, what ended (newest first). */
export const ApprovalViewSchema = oneOf('waiting', 'mine', 'done')
export const ApprovalListSchema = Type.Object({
  approvals: Type.Array(ApprovalSchema),
  /** `forMe`: those that wait and that the person who asks may decide. */
  counts: Type.Object({ waiting: Type.Integer(), forMe: Type.Integer() }),
  asOf: TimeSchema,
})
export type ApprovalList = Static<typeof ApprovalListSchema>
/** POST /api/approvals/:id/approve: with the hash that was shown; another payload by then is `approval_voided`. Needs a proof of presence. */
export const ApproveSchema = Type.Object(
  { payloadHash: Type.String({ pattern: '^[0-9a-f]{64}$' }) },
  { additionalProperties: false },
)
/** POST /api/approvals/:id/decline */
export const DeclineApprovalSchema = Type.Object({ note: StaffNoteSchema }, { additionalProperties: false })

// ---- What staff must decide
/** GET /api/decisions → { decisions: Decision[], asOf }: what of each kind waits for a person (held top-ups, refused pay-outs: decisions.ts). */
export const DecisionSchema = Type.Object({
  /** Words: decision.kind.KIND. */
  kind: oneOf('refund_review', 'silent_shop', 'waiting_return', 'held_top_up', 'refused_pay_out'),
  reference: ReferenceSchema,
  amount: MoneySchema,
  customerId: Type.Optional(UuidSchema),
  customerName: Type.Optional(Type.String()),
  partyName: Type.Optional(Type.String()),
  caseId: Type.Optional(UuidSchema),
  since: TimeSchema,
  /** By when; what waits for a person always has a deadline ahead. */
  untilAt: TimeSchema,
  /**
   * Of a `refund_review`: shop_refused, shop_silent, approval_closed, funds_missing, no_room, wallet_stopped; of a `held_top_up`:
   * balance_limit, monthly_incoming_limit, account_frozen, account_inactive, return_refused; of a `refused_pay_out`: on_hold, account_given; of a
   * `waiting_return` (a silent shop’s payment that goes back): no_room, wallet_stopped.
   */
  why: Type.Optional(Type.String()),
  /** Giving the money back needs a second person, and of whoever decides a proof of presence. */
  secondPerson: Type.Optional(Type.Boolean()),
  /** The deadline has passed once: a lead decides. */
  escalated: Type.Optional(Type.Boolean()),
})
export type Decision = Static<typeof DecisionSchema>
/** POST /api/decisions/silent-shop/:reference → TransactionDetail of the TN-…: `wait` gives the shop one more deadline, `return` asks a second person. */
export const DecideSilentShopSchema = Type.Object(
  { decision: oneOf('return', 'wait'), note: StaffNoteSchema },
  { additionalProperties: false },
)

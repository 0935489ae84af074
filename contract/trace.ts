// The trace of a movement of money: the same hops, times and owners for the customer and the agent.
import { Type, type Static } from 'typebox'
import { RefundFactsSchema } from './refund.ts'
import { MoneySchema, ReferenceSchema, SignedMoneySchema, TimeSchema, oneOf } from './schema.ts'

/** Words are translated by key: trace.hop.KEY, trace.owner.OWNER, trace.then.THEN, trace.evidence.KIND. */
export const HopStateSchema = oneOf('done', 'now', 'stuck', 'failed', 'todo')
export const HopSchema = Type.Object({
  key: oneOf(
    'authorised',
    'posted',
    'shop_told',
    'shop_credited',
    'settled',
    'bank_received',
    'credited',
    'returned',
    // A top-up that could not be credited, at the bank that it came from.
    'sent_back',
    // The steps of a refund
    'requested',
    'shop_answered',
    'reviewed',
    'second_person',
    'funds_found',
    // Instead of the shop's money: the wallet has no room, or what comes into it is stopped. Also of a silent shop's payment that goes back.
    'wallet_takes',
    'paid_back',
    // All that was left of its payment went back without it: the refund ended.
    'came_back',
  ),
  state: HopStateSchema,
  at: Type.Optional(TimeSchema),
  /** Who must act on a hop that is not done. */
  owner: Type.Optional(oneOf('customer', 'tuntas', 'shop', 'bank', 'staff', 'second_person')),
  tries: Type.Optional(Type.Integer()),
  nextTryAt: Type.Optional(TimeSchema),
  /** Until when this may last, and what happens then by itself. Of a shop that failed to answer: until when it could. */
  untilAt: Type.Optional(TimeSchema),
  then: Type.Optional(
    oneOf('refunded', 'staff_decides', 'expired', 'lead_decides', 'asked_again', 'staff_looks'),
  ),
  evidence: Type.Optional(
    Type.Array(
      Type.Object({
        // `no_address`: the shop cannot be told, it gave no address for that.
        kind: oneOf(
          'pin',
          'ledger_transfer',
          'http_status',
          'no_answer',
          'no_address',
          'bank_reference',
          'account',
        ),
        value: Type.Optional(Type.String()),
        at: Type.Optional(TimeSchema),
      }),
    ),
  ),
})
export type Hop = Static<typeof HopSchema>

export const MoneyStateSchema = oneOf(
  'completed',
  'pending',
  'unknown',
  'failed',
  'refunded',
  'held',
  'cancelled',
)
export type MoneyState = Static<typeof MoneyStateSchema>

/** One line of a history: what moved, seen from the customer's wallet. */
export const TransactionSummarySchema = Type.Object({
  reference: ReferenceSchema,
  kind: oneOf('payment', 'top_up', 'refund', 'transfer', 'withdrawal', 'bill'),
  state: MoneyStateSchema,
  party: Type.Object({ name: Type.String(), category: Type.Optional(Type.String()) }),
  amount: SignedMoneySchema,
  effectiveAt: TimeSchema,
  /** A refund that moved nothing: its payment came back by itself. */
  ended: Type.Optional(oneOf('came_back')),
  failure: Type.Optional(
    Type.Object({ code: Type.String(), values: Type.Optional(Type.Record(Type.String(), Type.Unknown())) }),
  ),
})
export type TransactionSummary = Static<typeof TransactionSummarySchema>

export const TransactionDetailSchema = Type.Object({
  ...TransactionSummarySchema.properties,
  /** The shop's own order number. */
  merchantReference: Type.Optional(Type.String()),
  /** Which sentence explains it: `money.sentence.SENTENCE`. */
  sentence: Type.String(),
  hops: Type.Array(HopSchema),
  balanceAfter: Type.Optional(MoneySchema),
  fee: Type.Optional(MoneySchema),
  canCancel: Type.Boolean(),
  /** The refund itself when this is one (RF-…). */
  refund: Type.Optional(RefundFactsSchema),
  /** On a payment: its refunds, newest first, and whether one more may be asked for. */
  refunds: Type.Optional(Type.Array(ReferenceSchema)),
  canAskMoneyBack: Type.Optional(Type.Boolean()),
  /** While `canAskMoneyBack`: what is left of the payment, and what asking now would mean. */
  refundTerms: Type.Optional(
    Type.Object({
      left: MoneySchema,
      shopAnswersBy: TimeSchema,
      resultBy: TimeSchema,
      /**
       * Above these amounts a second person must approve: `granted` when staff grant it because the shop refused or stayed silent,
       * `agreed` when the shop itself agreed. What was given back of this payment before counts already.
       */
      secondPersonAbove: Type.Object({ granted: MoneySchema, agreed: MoneySchema }),
    }),
  ),
  /** On a payment: the shop may be asked again now. */
  canAskShopAgain: Type.Optional(Type.Boolean()),
  /** The moment these facts were read from the ledger. */
  asOf: TimeSchema,
})
export type TransactionDetail = Static<typeof TransactionDetailSchema>

// What staff decide besides refunds and silent shops: top-ups that could not be credited, and pay-outs that a shop's bank refused.
// The facts are read live when they are asked for; each look is recorded. The list of both is GET /api/decisions (refund.ts).
import { Type, type Static } from 'typebox'
import { StaffNoteSchema } from './refund.ts'
import { MoneySchema, ReferenceSchema, TimeSchema, UuidSchema, oneOf } from './schema.ts'

/** What was decided and is not done yet. */
const ProposedSchema = Type.Object({
  decision: Type.String(),
  note: Type.String(),
  approvalId: UuidSchema,
})

/** GET /api/decisions/top-up/:reference → HeldTopUp */
export const HeldTopUpSchema = Type.Object({
  reference: ReferenceSchema,
  state: oneOf('completed', 'suspended', 'returning', 'returned'),
  amount: MoneySchema,
  customerId: UuidSchema,
  customerName: Type.Optional(Type.String()),
  receivedAt: TimeSchema,
  bankName: Type.String(),
  bankReference: Type.Optional(Type.String()),
  /** Where it came from, when the bank told: the only place that it can go back to. */
  sender: Type.Optional(
    Type.Object({
      name: Type.String(),
      /** The last four digits. */
      account: Type.String(),
      bankCode: Type.String(),
      /** The sender's name is the customer's, letter case and spaces aside. */
      isCustomer: Type.Boolean(),
    }),
  ),
  /** Why it is held: one of `cannotCredit`; `return_refused` when the bank did not take it back. */
  why: Type.String(),
  wallet: Type.Object({
    status: Type.String(),
    balance: MoneySchema,
    maximumBalance: MoneySchema,
    /** What it would still take. */
    room: MoneySchema,
  }),
  /** Why it cannot be credited now; absent when it can. `account_frozen`: what comes in is stopped, not by its customer. */
  cannotCredit: Type.Optional(
    oneOf('balance_limit', 'monthly_incoming_limit', 'account_frozen', 'account_inactive'),
  ),
  canReturn: Type.Boolean(),
  /** Above the limit: a second person must approve, and whoever decides proves that it is them. */
  secondPerson: Type.Boolean(),
  /** The bank's last no, when one was asked to take it back. */
  refusal: Type.Optional(Type.String()),
  proposed: Type.Optional(ProposedSchema),
  untilAt: Type.Optional(TimeSchema),
  escalated: Type.Boolean(),
  asOf: TimeSchema,
})
export type HeldTopUp = Static<typeof HeldTopUpSchema>
/**
 * POST /api/decisions/top-up/:reference → HeldTopUp. `credit` into the wallet whose number was paid, `return` to the account that it
 * came from. What `cannotCredit` says when the wallet does not take it, conflict when it is decided.
 */
export const DecideTopUpSchema = Type.Object(
  { decision: oneOf('credit', 'return'), note: StaffNoteSchema },
  { additionalProperties: false },
)

const BankAccountSchema = Type.Object({
  bankCode: Type.String(),
  /** The last four digits. */
  account: Type.String(),
  name: Type.String(),
})

/** GET /api/decisions/pay-out/:reference → RefusedPayOut */
export const RefusedPayOutSchema = Type.Object({
  reference: ReferenceSchema,
  state: oneOf('paying', 'paid', 'refused'),
  amount: MoneySchema,
  merchantId: UuidSchema,
  shopName: Type.String(),
  refusedAt: Type.Optional(TimeSchema),
  refusal: Type.Optional(Type.String()),
  /** Where it was sent. */
  account: BankAccountSchema,
  /** Pay-outs in a row that the bank refused. */
  refusedInARow: Type.Integer(),
  /** What the shop is owed now, and would be sent. */
  owed: MoneySchema,
  /** An account that the shop gave by its API, and that nobody has taken up yet. */
  newAccount: Type.Optional(Type.Object({ ...BankAccountSchema.properties, givenAt: TimeSchema })),
  onHold: Type.Boolean(),
  /** When it is sent again by itself; absent while on hold. */
  nextPayOutAt: Type.Optional(TimeSchema),
  /** While on hold: by when somebody decides again. */
  lookAgainBy: Type.Optional(TimeSchema),
  /** That has passed once: a lead decides. */
  escalated: Type.Boolean(),
  /** Of `retry`; a new account always needs a second person. */
  secondPerson: Type.Boolean(),
  /** Still to be decided: a newer pay-out is not under way, and nobody is asked to approve. */
  open: Type.Boolean(),
  proposed: Type.Optional(ProposedSchema),
  asOf: TimeSchema,
})
export type RefusedPayOut = Static<typeof RefusedPayOutSchema>
/**
 * POST /api/decisions/pay-out/:reference → RefusedPayOut. `retry` sends it again today to the same account, `use_account` to the one
 * that the shop gave (a second person approves exactly that), `hold` stops the shop's pay-outs until somebody decides again.
 */
export const DecidePayOutSchema = Type.Object(
  { decision: oneOf('retry', 'use_account', 'hold'), note: StaffNoteSchema },
  { additionalProperties: false },
)

/** PUT /merchant/v1/settlements/account → ShopAccount: takes effect when two people of Tuntas have approved it. */
export const GiveAccountSchema = Type.Object(
  {
    bankCode: Type.String({ pattern: '^[0-9]{3,8}$' }),
    accountNumber: Type.String({ pattern: '^[0-9]{5,34}$' }),
    name: Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' }),
  },
  { additionalProperties: false },
)
const FullAccountSchema = Type.Object({
  bankCode: Type.String(),
  accountNumber: Type.String(),
  name: Type.String(),
})
/** GET /merchant/v1/settlements/account → ShopAccount */
export const ShopAccountSchema = Type.Object({
  account: FullAccountSchema,
  given: Type.Optional(Type.Object({ ...FullAccountSchema.properties, givenAt: TimeSchema })),
  onHold: Type.Boolean(),
})
export type ShopAccount = Static<typeof ShopAccountSchema>

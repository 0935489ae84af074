// The customers' face: requests and answers of /api on the customers' address.
// Signed in by the cookie `tuntas_session` (HttpOnly, SameSite=Lax). Every non-GET needs the header
// `x-tuntas-csrf: 1` and JSON. Payments need an `Idempotency-Key` (UUID). Errors are Problems (errors.ts).
import { Type, type Static } from 'typebox'
import {
  AmountMinorSchema,
  CurrencySchema,
  DaySchema,
  LocaleSchema,
  MoneySchema,
  PinSchema,
  ReferenceSchema,
  SignedMoneySchema,
  TimeSchema,
  UuidSchema,
  oneOf,
} from './schema.ts'

// ---- Sign-up and sign-in
/** POST /api/sign-up/start. The answer is the same whether or not the contact is known (no enumeration). */
export const SignUpStartSchema = Type.Object(
  { contact: Type.String({ minLength: 3, maxLength: 254 }), locale: LocaleSchema },
  { additionalProperties: false },
)
export const CodeSentSchema = Type.Object({
  flowId: UuidSchema,
  channel: Type.Union([Type.Literal('sms'), Type.Literal('email')]),
  /** Masked: +62 812 •••• 4417 */
  sentTo: Type.String(),
  expiresAt: TimeSchema,
  resendAt: TimeSchema,
})
export type CodeSent = Static<typeof CodeSentSchema>
/** POST /api/sign-up/resend */
export const SignUpResendSchema = Type.Object({ flowId: UuidSchema }, { additionalProperties: false })
/** POST /api/sign-up/verify: 204, or code_wrong (values.triesLeft), code_expired, code_tries_used, flow_invalid. */
export const SignUpVerifySchema = Type.Object(
  { flowId: UuidSchema, code: Type.String({ pattern: '^[0-9]{6}$' }) },
  { additionalProperties: false },
)
/** POST /api/sign-up/password → 204: the password would be taken. Nothing is kept. password_weak says why (values.why). */
export const SignUpPasswordSchema = Type.Object(
  {
    flowId: UuidSchema,
    displayName: Type.String({ minLength: 1, maxLength: 80 }),
    password: Type.String({ minLength: 1, maxLength: 256 }),
  },
  { additionalProperties: false },
)
/** POST /api/sign-up/finish: Me and the session cookie. */
export const SignUpFinishSchema = Type.Object(
  {
    flowId: UuidSchema,
    displayName: Type.String({ minLength: 1, maxLength: 80 }),
    password: Type.String({ minLength: 1, maxLength: 256 }),
    pin: PinSchema,
  },
  { additionalProperties: false },
)
/** POST /api/sign-in: Me and the session cookie, or credentials_wrong, sign_in_locked (values.untilAt). */
export const SignInSchema = Type.Object(
  {
    contact: Type.String({ minLength: 3, maxLength: 254 }),
    password: Type.String({ minLength: 1, maxLength: 256 }),
  },
  { additionalProperties: false },
)
// POST /api/sign-out: 204

/** GET /api/me */
export const MeSchema = Type.Object({
  customerId: UuidSchema,
  displayName: Type.String(),
  phone: Type.Optional(Type.String({ description: 'Masked' })),
  email: Type.Optional(Type.String({ description: 'Masked' })),
  locale: LocaleSchema,
  timeZone: Type.String(),
  memberSince: TimeSchema,
  verified: Type.Boolean(),
})
export type Me = Static<typeof MeSchema>
/** PUT /api/me/preferences → Me */
export const PreferencesSchema = Type.Object({ locale: LocaleSchema }, { additionalProperties: false })

/** GET /api/me/looks?after&limit → { looks: Look[], next? }: who of the staff looked at what, when and why (desk.ts LookSchema). */

// ---- Wallet
/** GET /api/wallet: exact at `asOf`. spendable = balance − held. */
export const WalletSchema = Type.Object({
  currency: CurrencySchema,
  balance: MoneySchema,
  held: MoneySchema,
  spendable: MoneySchema,
  status: oneOf('active', 'frozen', 'restricted', 'inactive'),
  frozenAt: Type.Optional(TimeSchema),
  limits: Type.Object({
    perTransaction: MoneySchema,
    perDay: MoneySchema,
    usedToday: MoneySchema,
    /** When today's use is set back: midnight in the wallet's zone. */
    resetsAt: TimeSchema,
    maximumBalance: MoneySchema,
  }),
  asOf: TimeSchema,
})
export type Wallet = Static<typeof WalletSchema>
/** POST /api/wallet/freeze → Wallet. One tap, no proof: protective is fast. */
/** POST /api/wallet/unfreeze/start → CodeSent. A wrong password is told before a code is sent. */
export const StartUnfreezeSchema = Type.Object(
  { password: Type.String({ minLength: 1, maxLength: 256 }) },
  { additionalProperties: false },
)
/** POST /api/wallet/unfreeze → Wallet. Slow on purpose: password, then a code to the registered contact. */
export const UnfreezeSchema = Type.Object(
  {
    flowId: UuidSchema,
    code: Type.String({ pattern: '^[0-9]{6}$' }),
    password: Type.String({ minLength: 1, maxLength: 256 }),
  },
  { additionalProperties: false },
)
/** One line of a statement: what moved, for whom, and what was in the wallet after it. */
export const StatementEntrySchema = Type.Object({
  /** Counts up within the wallet, without gaps: the order of the ledger. */
  entry: Type.String({ pattern: '^[1-9][0-9]*$' }),
  /** What it is in the words of its room: statement.kind.KIND, e.g. `payment`, `payment_returned`, `refund`, `top_up`. */
  kind: Type.String(),
  reference: ReferenceSchema,
  /** The payment that this gives back, when it gives one back. */
  givesBack: Type.Optional(ReferenceSchema),
  party: Type.Optional(Type.String()),
  amount: SignedMoneySchema,
  balanceAfter: SignedMoneySchema,
  /** When the ledger took it: entries stand in this order, and periods are cut by it. */
  recordedAt: TimeSchema,
  effectiveAt: TimeSchema,
})
export type StatementEntry = Static<typeof StatementEntrySchema>

/**
 * GET /api/wallet/statement?from=YYYY-MM-DD&to=YYYY-MM-DD (days of the wallet's zone, both included, at most one year).
 * opening + incoming − outgoing = closing is recounted from every entry by the server; the page recounts it again.
 */
export const StatementSchema = Type.Object({
  from: DaySchema,
  to: DaySchema,
  timeZone: Type.String(),
  opening: Type.Object({ amount: MoneySchema, at: TimeSchema }),
  incoming: Type.Object({ amount: MoneySchema, entries: Type.Integer() }),
  outgoing: Type.Object({ amount: MoneySchema, entries: Type.Integer() }),
  /** What was in the wallet at the end of the period, or now when the period is not over. */
  closing: Type.Object({ amount: MoneySchema, at: TimeSchema }),
  /** At the moment of `closing`: what was held, and what could be spent: closing − held. */
  standing: Type.Object({
    held: MoneySchema,
    spendable: MoneySchema,
    holds: Type.Array(
      Type.Object({
        reference: ReferenceSchema,
        party: Type.Optional(Type.String()),
        amount: MoneySchema,
        expiresAt: Type.Optional(TimeSchema),
      }),
    ),
  }),
  addsUp: Type.Boolean(),
  /** closing − (opening + incoming − outgoing); absent when nothing is missing or too much. */
  difference: Type.Optional(SignedMoneySchema),
  /** Newest first; the older ones: GET /api/wallet/statement/entries?after=NEXT → { entries, next? }. */
  entries: Type.Array(StatementEntrySchema),
  next: Type.Optional(Type.String()),
  asOf: TimeSchema,
})
export type Statement = Static<typeof StatementSchema>
export const StatementEntriesSchema = Type.Object({
  entries: Type.Array(StatementEntrySchema),
  next: Type.Optional(Type.String()),
})
export type StatementEntries = Static<typeof StatementEntriesSchema>

const signedAmount = Type.String({ pattern: '^(0|-?[1-9][0-9]{0,18})$' })
const strict = { additionalProperties: false }
/** What is signed: a statement whole, in words and figures that stay. Amounts are minor units of `currency`. */
export const StatementDocumentSchema = Type.Object(
  {
    format: Type.Literal('tuntas-statement-1'),
    holder: Type.String({ maxLength: 200 }),
    /** The wallet's account in the ledger. */
    account: UuidSchema,
    currency: CurrencySchema,
    from: DaySchema,
    to: DaySchema,
    timeZone: Type.String({ maxLength: 60 }),
    opening: Type.Object({ amountMinor: signedAmount, at: TimeSchema }, strict),
    incomingMinor: signedAmount,
    outgoingMinor: signedAmount,
    closing: Type.Object({ amountMinor: signedAmount, at: TimeSchema }, strict),
    /** At the moment of `closing`. */
    heldMinor: signedAmount,
    holds: Type.Array(
      Type.Object(
        {
          reference: ReferenceSchema,
          party: Type.Optional(Type.String({ maxLength: 200 })),
          amountMinor: signedAmount,
          expiresAt: Type.Optional(TimeSchema),
        },
        strict,
      ),
      { maxItems: 100_000 },
    ),
    /** Oldest first: the order of the ledger, without a gap. */
    entries: Type.Array(
      Type.Object(
        {
          entry: Type.String({ pattern: '^[1-9][0-9]{0,18}$' }),
          kind: Type.String({ maxLength: 60 }),
          reference: ReferenceSchema,
          party: Type.Optional(Type.String({ maxLength: 200 })),
          amountMinor: signedAmount,
          balanceAfterMinor: signedAmount,
          recordedAt: TimeSchema,
          effectiveAt: TimeSchema,
        },
        strict,
      ),
      { maxItems: 100_000 },
    ),
    signedAt: TimeSchema,
  },
  strict,
)
export type StatementDocument = Static<typeof StatementDocumentSchema>
/** Letters and digits that are not mistaken for each other (Crockford's base 32), printed in groups of four. */
export const StatementCodeSchema = Type.String({ pattern: '^[0-9A-HJKMNP-TV-Z]{20}$' })
/**
 * POST /api/wallet/statement/signed { from, to } → SignedStatement: the file that a customer takes along.
 * `signature`: Ed25519 (base64) over `tuntas statement 1\n` and the canonical JSON of `statement` (sorted keys, no space), by the
 * key whose id is `keyId`: GET /api/statements/public-key. `code`: the first 100 bits of the SHA-256 of the same text.
 */
export const SignedStatementSchema = Type.Object(
  {
    statement: StatementDocumentSchema,
    code: StatementCodeSchema,
    keyId: Type.String({ pattern: '^[0-9a-f]{16}$' }),
    signature: Type.String({ pattern: '^[A-Za-z0-9+/]{86}==$' }),
  },
  strict,
)
export type SignedStatement = Static<typeof SignedStatementSchema>
export const SignStatementSchema = Type.Object({ from: DaySchema, to: DaySchema }, strict)
/**
 * POST /api/statements/check with a file, GET /api/statements/:code with a printed code → StatementCheck; no sign-in is needed.
 * What was signed is told, so that a paper can be compared; of what is not genuine nothing is told but why.
 */
export const StatementCheckSchema = Type.Object({
  genuine: Type.Boolean(),
  /** `changed`: not what was signed. `unknown_key`: not signed by this house. `unknown_code`: no such statement was signed. */
  why: Type.Optional(oneOf('changed', 'unknown_key', 'unknown_code')),
  signed: Type.Optional(
    Type.Object({
      code: StatementCodeSchema,
      holder: Type.String(),
      from: DaySchema,
      to: DaySchema,
      opening: SignedMoneySchema,
      closing: SignedMoneySchema,
      closingAt: TimeSchema,
      held: SignedMoneySchema,
      entries: Type.Integer(),
      signedAt: TimeSchema,
    }),
  ),
})
export type StatementCheck = Static<typeof StatementCheckSchema>

// GET /api/transactions?after&limit → { transactions: TransactionSummary[], next?: string }  (trace.ts)
// GET /api/transactions/:reference → TransactionDetail

/** GET /api/funding/virtual-account: where to send a bank transfer; it arrives as a top-up (TP-…). */
export const VirtualAccountSchema = Type.Object({
  bankName: Type.String(),
  virtualAccountNumber: Type.String(),
  accountName: Type.String(),
  minimum: MoneySchema,
  maximum: MoneySchema,
})

// ---- Checkout (the page that the shop sends the customer to: /pay/:orderId)
/** GET /api/checkout/:orderId. Public: holds nothing of the customer unless signed in (`payer`). */
export const CheckoutSchema = Type.Object({
  orderId: UuidSchema,
  merchant: Type.Object({
    name: Type.String(),
    city: Type.Optional(Type.String()),
    verified: Type.Boolean(),
  }),
  merchantReference: Type.String(),
  lines: Type.Array(
    Type.Object({
      name: Type.String(),
      quantity: Type.Integer(),
      amount: MoneySchema,
      detail: Type.Optional(Type.String()),
    }),
  ),
  total: MoneySchema,
  state: oneOf('open', 'paid', 'cancelled', 'expired'),
  expiresAt: TimeSchema,
  /** If the shop does not acknowledge by this many seconds after the payment, the money goes back or staff decide. */
  shopAnswerDeadlineSeconds: Type.Integer(),
  /** Where the shop wants the customer back. Only shown once the order is no longer open. */
  returnUrl: Type.Optional(Type.String()),
  cancelUrl: Type.Optional(Type.String()),
  payer: Type.Optional(
    Type.Object({
      displayName: Type.String(),
      contact: Type.String({ description: 'Masked' }),
      spendable: MoneySchema,
      spendableAfter: Type.Optional(MoneySchema),
      /** After too many wrong tries: until then no PIN is looked at. */
      pinLockedUntil: Type.Optional(TimeSchema),
    }),
  ),
  /** The payment of the signed-in payer for this order, if there is one. */
  payment: Type.Optional(Type.Object({ reference: ReferenceSchema, state: Type.String() })),
})
export type Checkout = Static<typeof CheckoutSchema>

/**
 * POST /api/checkout/:orderId/pay with Idempotency-Key → Payment. The same key and body gives the first answer again,
 * so after a lost answer the page repeats the request with the same key. `expectedTotal` must equal the order's total.
 */
export const PaySchema = Type.Object(
  {
    pin: PinSchema,
    expectedTotal: Type.Object({ amountMinor: AmountMinorSchema, currency: CurrencySchema }),
  },
  { additionalProperties: false },
)
export const PaymentSchema = Type.Object({
  reference: ReferenceSchema,
  orderId: UuidSchema,
  state: oneOf('completed', 'refunded'),
  amount: MoneySchema,
  merchantName: Type.String(),
  spendableAfter: MoneySchema,
  paidAt: TimeSchema,
  returnUrl: Type.Optional(Type.String()),
})
export type Payment = Static<typeof PaymentSchema>
// POST /api/checkout/:orderId/cancel → Checkout (state cancelled). Only the signed-in payer, only while open.

// ---- Conversations (desk.ts)
// GET  /api/conversations → { conversations: Conversation[] }
// POST /api/conversations (OpenConversation) → Conversation (the open one about the same reference if there is one)
// GET  /api/conversations/:id → Conversation
// GET  /api/conversations/:id/messages?after=SEQUENCE → { messages: Message[] } (at most 200, ascending, never notes)
// POST /api/conversations/:id/messages (SendMessage) → Message
// POST /api/conversations/:id/read { sequence } → 204
// POST /api/conversations/:id/choose (Choose, diagnosis.ts), /rate (Rate), /reopen (Reopen) → Conversation
// POST /api/transactions/:reference/ask-shop-again → TransactionDetail; conflict when the shop may not be asked now
// GET  /api/service → ServiceStatus
export const ServiceStatusSchema = Type.Object({
  channels: Type.Array(
    Type.Object({
      channel: oneOf('chat', 'voice', 'email', 'social'),
      state: oneOf('open', 'busy', 'closed', 'unavailable'),
      expectedWaitSeconds: Type.Optional(Type.Integer()),
      opensAt: Type.Optional(TimeSchema),
      closesAt: Type.Optional(TimeSchema),
    }),
  ),
})
// GET  /api/help/articles?q&locale → { articles: ArticleSummary[] }; GET /api/help/articles/:slug?locale → Article
export const ArticleSummarySchema = Type.Object({
  slug: Type.String(),
  title: Type.String(),
  summary: Type.String(),
  topic: Type.String(),
})
export const ArticleSchema = Type.Object({
  ...ArticleSummarySchema.properties,
  /** Safe HTML made from the project's own Markdown. */
  html: Type.String(),
  locale: LocaleSchema,
  updatedAt: TimeSchema,
})

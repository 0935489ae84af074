// The agents' face: requests and answers of /api on the agents' address.
// Signed in by the cookie `tuntas_staff` (HttpOnly, SameSite=Strict); a customer's cookie is worth nothing here.
// Every non-GET needs `x-tuntas-csrf: 1` and JSON. Errors are Problems (errors.ts).
import { Type, type Static } from 'typebox'
import { CaseOutcomeSchema, LookSchema, maximumMessageLength } from './desk.ts'
import { DaySchema, LocaleSchema, ReferenceSchema, TimeSchema, UuidSchema, oneOf } from './schema.ts'
import { TransactionDetailSchema } from './trace.ts'

/** POST /api/sign-in → StaffMe and the cookie. */
export const StaffSignInSchema = Type.Object(
  {
    email: Type.String({ minLength: 3, maxLength: 254 }),
    password: Type.String({ minLength: 1, maxLength: 256 }),
  },
  { additionalProperties: false },
)
// POST /api/sign-out: 204
/** GET /api/me */
export const StaffMeSchema = Type.Object({
  agentId: UuidSchema,
  displayName: Type.String(),
  email: Type.String(),
  role: oneOf('agent', 'lead', 'auditor'),
  /** What this person may do, e.g. `case.reply`, `customer.reveal`. */
  rights: Type.Array(Type.String()),
  available: Type.Boolean(),
  /** Until when the last proof of presence holds; it may be over. */
  presentUntil: Type.Optional(TimeSchema),
})
export type StaffMe = Static<typeof StaffMeSchema>
/** PUT /api/me/availability → StaffMe */
export const AvailabilitySchema = Type.Object({ available: Type.Boolean() }, { additionalProperties: false })

/** POST /api/me/presence → StaffMe with a new `presentUntil`; password_wrong, password_locked (values.untilAt). */
export const PresenceSchema = Type.Object(
  { password: Type.String({ minLength: 1, maxLength: 256 }) },
  { additionalProperties: false },
)

/** GET /api/cases?view&q&after&limit → CaseList (cards: desk.ts). `waiting_money`: no agent is asked, the customer waits for money. */
export const CaseViewSchema = oneOf('mine', 'team', 'at_risk', 'escalated', 'waiting_money', 'solved')
// { cases: CaseCard[], next?: string, counts: { mine, team, at_risk, escalated, waiting_money }, asOf: string }
// GET  /api/cases/:id → CaseDetail
// GET  /api/cases/:id/messages?after=SEQUENCE → { messages: Message[] } (notes included)
/** POST /api/cases/:id/messages → Message */
export const AgentMessageSchema = Type.Object(
  {
    clientMessageId: UuidSchema,
    kind: Type.Union([Type.Literal('text'), Type.Literal('note')]),
    text: Type.String({ minLength: 1, maxLength: maximumMessageLength }),
    language: Type.Optional(LocaleSchema),
  },
  { additionalProperties: false },
)
// POST /api/cases/:id/take → CaseDetail (assigned to me; conflict when another agent has it)
// POST /api/cases/:id/release → CaseDetail
/** POST /api/cases/:id/solve → CaseDetail. Without an outcome it is `solved`. */
export const SolveSchema = Type.Object(
  {
    outcome: Type.Optional(CaseOutcomeSchema),
    /**
     * The last message that the agent has seen: `conflict` with values.reason `customer_wrote` when its customer has written since,
     * and the case stays open. Without it nothing is asked.
     */
    seen: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  { additionalProperties: false },
)
// POST /api/cases/:id/read { sequence } → 204
// GET  /api/cases/:id/money/:reference → MoneyOnCase, live from the ledger; only references that the case holds.
//      Recorded as a look once in the hour, which the customer sees.
// GET  /api/cases/:id/money/:reference/diagnosis → Diagnosis (diagnosis.ts)
// POST /api/cases/:id/money/:reference/ask-shop-again → MoneyOnCase; conflict when it may not be asked now
export const MoneyOnCaseSchema = TransactionDetailSchema
/** POST /api/cases/:id/reveal → { field, value, visibleUntil }. Recorded, and the customer sees it. */
export const RevealSchema = Type.Object(
  {
    field: Type.Union([Type.Literal('phone'), Type.Literal('email')]),
    reason: oneOf('call_back', 'confirm_identity', 'send_document'),
  },
  { additionalProperties: false },
)
export const RevealedSchema = Type.Object({
  field: Type.String(),
  value: Type.String(),
  visibleUntil: TimeSchema,
})
/** GET /api/search?q → { cases: CaseCard[] }: case number, reference, or name of a customer with a case. */
export const SearchQuerySchema = Type.Object({ q: Type.String({ minLength: 1, maxLength: 100 }) })
/** GET /api/wall → figures for leads, counted from the database at `asOf`. */
export const WallSchema = Type.Object({
  waiting: Type.Integer(),
  longestWaitSeconds: Type.Integer(),
  overdue: Type.Integer(),
  open: Type.Integer(),
  solvedToday: Type.Integer(),
  /** Of those, closed by themselves when the money arrived: nobody of the staff was needed. */
  solvedByHelperToday: Type.Integer(),
  escalated: Type.Integer(),
  /** Ratings of the last seven days: how many, their mean, and how many gave 4 or 5. */
  satisfaction: Type.Object({
    count: Type.Integer(),
    mean: Type.Optional(Type.Number()),
    content: Type.Integer(),
  }),
  agentsAvailable: Type.Integer(),
  medianFirstReplySeconds: Type.Optional(Type.Integer()),
  asOf: TimeSchema,
})
/** GET /api/looks → { looks: AuditedLook[], next? } (auditors): who of the staff looked at whom, newest first. */
export const LookQuerySchema = Type.Object({
  agent: Type.Optional(UuidSchema),
  customer: Type.Optional(UuidSchema),
  /** Days of the service's zone, both included. */
  from: Type.Optional(DaySchema),
  to: Type.Optional(DaySchema),
  /** A name of the staff or of a customer, a reference, or the number of a case. */
  q: Type.Optional(Type.String({ maxLength: 100 })),
  after: Type.Optional(Type.String({ maxLength: 120 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50 })),
})
export const AuditedLookSchema = Type.Object({
  id: UuidSchema,
  ...LookSchema.properties,
  agentId: UuidSchema,
  customerId: UuidSchema,
  customerName: Type.String(),
})
export const CaseReferenceParamsSchema = Type.Object({ id: UuidSchema, reference: ReferenceSchema })

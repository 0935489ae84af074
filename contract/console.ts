// The agents' face: requests and answers of /api on the agents' address.
// Signed in by the cookie `tuntas_staff` (HttpOnly, SameSite=Strict); a customer's cookie is worth nothing here.
// Every non-GET needs `x-tuntas-csrf: 1` and JSON. Errors are Problems (errors.ts).
import { Type, type Static } from 'typebox'
import { maximumMessageLength } from './desk.ts'
import { LocaleSchema, ReferenceSchema, TimeSchema, UuidSchema, oneOf } from './schema.ts'
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
})
export type StaffMe = Static<typeof StaffMeSchema>
/** PUT /api/me/availability → StaffMe */
export const AvailabilitySchema = Type.Object({ available: Type.Boolean() }, { additionalProperties: false })

/** GET /api/cases?view&q&after&limit → CaseList (cards: desk.ts) */
export const CaseViewSchema = oneOf('mine', 'team', 'at_risk', 'solved')
// { cases: CaseCard[], next?: string, counts: { mine, team, at_risk }, asOf: string }
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
// POST /api/cases/:id/solve → CaseDetail
// POST /api/cases/:id/read { sequence } → 204
// GET  /api/cases/:id/money/:reference → MoneyOnCase, live from the ledger; only references that the case holds
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
  agentsAvailable: Type.Integer(),
  medianFirstReplySeconds: Type.Optional(Type.Integer()),
  asOf: TimeSchema,
})
export const CaseReferenceParamsSchema = Type.Object({ id: UuidSchema, reference: ReferenceSchema })

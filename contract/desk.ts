// Cases, conversations and messages: one shape for the customer's chat and the agents' console.
import { Type, type Static } from 'typebox'
import { ChoiceSchema, DiagnosisSchema } from './diagnosis.ts'
import { AttachmentSchema, fileIdsOf, fileLimits } from './files.ts'
import { LocaleSchema, ReferenceSchema, TimeSchema, UuidSchema, oneOf } from './schema.ts'
import { TransactionSummarySchema } from './trace.ts'

export const maximumMessageLength = 4000

export const MessageSchema = Type.Object({
  id: UuidSchema,
  conversationId: UuidSchema,
  /** Counts from 1 within its conversation, without gaps: the order that everybody sees. */
  sequence: Type.Integer(),
  clientMessageId: Type.Optional(UuidSchema),
  author: oneOf('customer', 'agent', 'helper', 'system'),
  /**
   * `note` is never sent to the customer; `fact` is a line whose words are `fact.FACT`; `diagnosis` is the helper's, in
   * `diagnosis`. A customer's choice is a fact `chose` with factValues { choice, reference }: the picked one stays marked.
   */
  kind: oneOf('text', 'note', 'fact', 'diagnosis'),
  authorName: Type.Optional(Type.String()),
  authorId: Type.Optional(UuidSchema),
  text: Type.String(),
  fact: Type.Optional(Type.String()),
  factValues: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  /** What was true when the helper wrote it; what is true now: GET …/diagnosis. */
  diagnosis: Type.Optional(DiagnosisSchema),
  /** What was taken out before it was stored, e.g. `card_number`; words are `redacted.KIND`. */
  redactions: Type.Array(Type.String()),
  language: Type.Optional(LocaleSchema),
  /** Pictures and documents of the customer; the text may then be empty. */
  files: Type.Optional(Type.Array(AttachmentSchema)),
  storedAt: TimeSchema,
})
export type Message = Static<typeof MessageSchema>

export const OfficialSignSchema = Type.Object({
  /** Two picture keys (sign.KEY) and a two-digit number: the same on both sides, new for each conversation. */
  pictures: Type.Tuple([Type.String(), Type.String()]),
  number: Type.Integer(),
})

/** How a case ended; words: case.outcome.OUTCOME. */
export const CaseOutcomeSchema = oneOf(
  'solved',
  'money_returned',
  'shop_delivered',
  'explained',
  'not_possible',
  'withdrawn',
)
export type CaseOutcome = Static<typeof CaseOutcomeSchema>

export const RatingSchema = Type.Object({
  score: Type.Integer({ minimum: 1, maximum: 5 }),
  comment: Type.Optional(Type.String()),
  ratedAt: TimeSchema,
})
export type Rating = Static<typeof RatingSchema>

/** A conversation as the customer sees it. */
export const ConversationSchema = Type.Object({
  id: UuidSchema,
  caseNumber: Type.String(),
  state: oneOf('open', 'solved'),
  about: Type.Optional(TransactionSummarySchema),
  agent: Type.Optional(Type.Object({ name: Type.String() })),
  /** Nobody of the staff has it: the helper waits for the money with the customer. */
  withHelper: Type.Boolean(),
  /** The last choice, and of which reference. */
  chosen: Type.Optional(Type.Object({ choice: ChoiceSchema, reference: ReferenceSchema })),
  /** Of a solved one: how it ended, who solved it, the customer's rating of this closing, and whether one may be given now. */
  outcome: Type.Optional(CaseOutcomeSchema),
  solvedBy: Type.Optional(oneOf('agent', 'helper')),
  rating: Type.Optional(RatingSchema),
  canRate: Type.Boolean(),
  sign: OfficialSignSchema,
  lastMessage: Type.Optional(MessageSchema),
  unread: Type.Integer(),
  updatedAt: TimeSchema,
})
export type Conversation = Static<typeof ConversationSchema>

export const OpenConversationSchema = Type.Object(
  {
    about: Type.Optional(ReferenceSchema),
    language: Type.Optional(LocaleSchema),
  },
  { additionalProperties: false },
)

export const SendMessageSchema = Type.Object(
  {
    /** Made by the sender; the same id again is the same message, stored once. */
    clientMessageId: UuidSchema,
    /** Empty only with files. */
    text: Type.String({ maxLength: maximumMessageLength }),
    language: Type.Optional(LocaleSchema),
    files: Type.Optional(fileIdsOf(fileLimits.perMessage)),
  },
  { additionalProperties: false },
)

/** POST /api/conversations/:id/rate → Conversation. One rating for each closing; a second changes it within a day. */
export const RateSchema = Type.Object(
  {
    score: Type.Integer({ minimum: 1, maximum: 5 }),
    comment: Type.Optional(Type.String({ maxLength: 1000 })),
  },
  { additionalProperties: false },
)

/** POST /api/conversations/:id/reopen → Conversation: not solved. It goes to a supervisor with a new deadline. */
export const ReopenSchema = Type.Object(
  {
    /** What is missing; stored as a message of the customer, once for each id. */
    missing: Type.String({ minLength: 1, maxLength: maximumMessageLength }),
    clientMessageId: UuidSchema,
    language: Type.Optional(LocaleSchema),
  },
  { additionalProperties: false },
)

/** `waiting_money`: only the helper was needed; the customer waits for the money, no agent is asked. */
export const CaseStateSchema = oneOf('waiting_agent', 'waiting_customer', 'waiting_money', 'solved')

/** A row of the queue: a projection, exact when read, labelled with its time. */
export const CaseCardSchema = Type.Object({
  id: UuidSchema,
  number: Type.String(),
  conversationId: UuidSchema,
  customerId: UuidSchema,
  customerName: Type.String(),
  /** `case.subject.SUBJECT`, e.g. payment_not_arrived, general. */
  subject: Type.String(),
  preview: Type.String(),
  channel: oneOf('chat', 'voice', 'email', 'social'),
  language: LocaleSchema,
  state: CaseStateSchema,
  agentId: Type.Optional(UuidSchema),
  agentName: Type.Optional(Type.String()),
  about: Type.Optional(TransactionSummarySchema),
  /** Who must act on the money before the case can go on. */
  waitsOn: Type.Optional(oneOf('shop', 'bank', 'second_person')),
  /** Its customer said "not solved": a supervisor has to answer. */
  escalated: Type.Boolean(),
  outcome: Type.Optional(CaseOutcomeSchema),
  unread: Type.Integer(),
  firstReplyDueAt: TimeSchema,
  firstRepliedAt: Type.Optional(TimeSchema),
  openedAt: TimeSchema,
  updatedAt: TimeSchema,
  /** While it waits for an agent: since the customer's first message that nobody has answered. */
  waitingSince: Type.Optional(TimeSchema),
})
export type CaseCard = Static<typeof CaseCardSchema>

export const MaskedCustomerSchema = Type.Object({
  id: UuidSchema,
  name: Type.String(),
  phone: Type.Optional(Type.String()),
  email: Type.Optional(Type.String()),
  memberSince: TimeSchema,
  language: LocaleSchema,
  verified: Type.Boolean(),
  walletStatus: oneOf('active', 'frozen', 'restricted', 'inactive'),
})
export type MaskedCustomer = Static<typeof MaskedCustomerSchema>

/** One look of staff at a customer's data or money; the same again within the hour is not listed twice. */
export const LookSchema = Type.Object({
  at: TimeSchema,
  /** The name under which the member of staff works. */
  agentName: Type.String(),
  /**
   * `phone`, `email`, `money`, `talk` (the conversation, read by somebody else than who serves the case), or `file`: a picture or
   * document that the customer sent. Words: looks.field.FIELD.
   */
  field: Type.String(),
  /** `case`, `decision`, `approval`, `follow_up`, or why a contact was revealed; words: looks.reason.REASON. */
  reason: Type.String(),
  /** Absent when there was no case: staff decided about the money that `reference` names. */
  caseNumber: Type.Optional(Type.String()),
  /** Of a look at money, or at the evidence of a refund. */
  reference: Type.Optional(ReferenceSchema),
  /** Of a revealed contact: until when it may be shown; solving the case ends it. */
  visibleUntil: Type.Optional(TimeSchema),
})
export type Look = Static<typeof LookSchema>

export const CaseDetailSchema = Type.Object({
  ...CaseCardSchema.properties,
  sign: OfficialSignSchema,
  customer: MaskedCustomerSchema,
  /** References the case holds; each is read live from GET /api/cases/:id/money/:reference. */
  references: Type.Array(ReferenceSchema),
  looks: Type.Array(LookSchema),
  solvedBy: Type.Optional(oneOf('agent', 'helper')),
  rating: Type.Optional(RatingSchema),
  earlier: Type.Array(
    Type.Object({
      number: Type.String(),
      subject: Type.String(),
      state: CaseStateSchema,
      openedAt: TimeSchema,
    }),
  ),
})
export type CaseDetail = Static<typeof CaseDetailSchema>

// The helper's diagnosis of a movement of money: facts read from the ledger, what comes by itself, what can be done now.
import { Type, type Static } from 'typebox'
import { ReferenceSchema, TimeSchema, oneOf } from './schema.ts'

/** One statement that is true now; words: diagnosis.fact.KEY with `values` (money, times, counts, names). */
export const DiagnosisFactSchema = Type.Object({
  key: Type.String(),
  values: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
})

/** What the customer can choose; words: diagnosis.choice.CHOICE. `person` is always among them, at most four in all. */
export const ChoiceSchema = oneOf(
  'wait_with_notice',
  'ask_shop_again',
  'ask_money_back',
  'withdraw_refund',
  'person',
)
export type Choice = Static<typeof ChoiceSchema>

export const DiagnosisSchema = Type.Object({
  reference: ReferenceSchema,
  facts: Type.Array(DiagnosisFactSchema),
  /** What happens if nobody does anything: diagnosis.by_itself.KEY, and when. */
  byItself: Type.Optional(
    Type.Object({
      key: Type.String(),
      at: Type.Optional(TimeSchema),
      values: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    }),
  ),
  choices: Type.Array(ChoiceSchema),
  /** When these facts were read from the ledger. */
  asOf: TimeSchema,
})
export type Diagnosis = Static<typeof DiagnosisSchema>
// GET  /api/transactions/:reference/diagnosis → Diagnosis (customers' address)
// GET  /api/cases/:id/money/:reference/diagnosis → Diagnosis (agents' address)
// POST /api/conversations/:id/choose { choice, reference } → Conversation: marks the choice, does it, tells both sides.
export const ChooseSchema = Type.Object(
  { choice: ChoiceSchema, reference: ReferenceSchema },
  { additionalProperties: false },
)

// Small schema parts that all three faces share. Browser-safe; browsers import the types only.
import { Type, type Static } from 'typebox'

/** One of these strings. */
export function oneOf<const Values extends string[]>(...values: [...Values]) {
  return Type.Enum(values)
}

export const LocaleSchema = Type.Union([Type.Literal('en'), Type.Literal('id-ID'), Type.Literal('zh-CN')])
export type Locale = Static<typeof LocaleSchema>
export const locales = ['en', 'id-ID', 'zh-CN'] as const satisfies readonly Locale[]

export const UuidSchema = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
})
/** ISO 8601 in UTC with milliseconds. */
export const TimeSchema = Type.String({ format: 'date-time' })
/** A day as people of a zone call it. */
export const DaySchema = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$', description: 'YYYY-MM-DD' })
export const AmountMinorSchema = Type.String({
  pattern: '^(0|[1-9][0-9]{0,18})$',
  description: 'Whole minor units as a decimal string; Rp 1 is "100"',
})
export const CurrencySchema = oneOf('IDR', 'SGD', 'MYR', 'CNY', 'USD', 'JPY')
export const MoneySchema = Type.Object({ amountMinor: AmountMinorSchema, currency: CurrencySchema })
/** A movement as seen from one wallet: may be negative. */
export const SignedMoneySchema = Type.Object({
  amountMinor: Type.String({ pattern: '^(0|-?[1-9][0-9]{0,18})$' }),
  currency: CurrencySchema,
})
export const ReferenceSchema = Type.String({ pattern: '^[A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4}$' })
export const PinSchema = Type.String({ pattern: '^[0-9]{6}$' })
export const PageQuerySchema = Type.Object({
  after: Type.Optional(Type.String({ maxLength: 200, description: 'Cursor of the last row seen' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 30 })),
})
export const ProblemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String(),
    retry: Type.String(),
    values: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    instance: Type.Optional(Type.String()),
  },
  { description: 'RFC 9457 problem details; `code` is stable for ever' },
)

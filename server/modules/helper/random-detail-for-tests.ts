// For tests only: any movement with any trace, also such as no room makes today.
import fc from 'fast-check'
import { RefundFactsSchema, RefundStateSchema } from '#contract/refund.ts'
import { HopSchema, HopStateSchema, MoneyStateSchema, type TransactionDetail } from '#contract/trace.ts'

const listed = (schema: unknown): string[] => (schema as { enum: string[] }).enum
const oneOf = (schema: unknown) => fc.constantFrom(...listed(schema))
const base = Date.parse('2026-11-20T06:00:00.000Z')
const time = fc
  .integer({ min: -86_400, max: 86_400 })
  .map((seconds) => new Date(base + seconds * 1000).toISOString())
const money = fc.record({
  amountMinor: fc.integer({ min: 1, max: 1e12 }).map(String),
  currency: fc.constant('IDR'),
})

const hop = fc.record(
  {
    key: oneOf(HopSchema.properties.key),
    state: oneOf(HopStateSchema),
    at: time,
    owner: oneOf(HopSchema.properties.owner),
    tries: fc.integer({ min: 0, max: 13 }),
    nextTryAt: time,
    untilAt: time,
    then: oneOf(HopSchema.properties.then),
    evidence: fc.array(
      fc.record({ kind: fc.constantFrom('http_status', 'no_answer'), value: fc.constant('503') }),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: ['key', 'state'] },
)

const refund = fc.record(
  {
    payment: fc.constant('TN-7Q2M-93TD'),
    state: oneOf(RefundStateSchema),
    amount: money,
    paid: money,
    reason: oneOf(RefundFactsSchema.properties.reason),
    askedBy: oneOf(RefundFactsSchema.properties.askedBy),
    askedAt: time,
    untilAt: time,
    promisedBy: time,
    shopAnswer: oneOf(RefundFactsSchema.properties.shopAnswer),
    waitingFor: fc.constantFrom('shop_funds', 'wallet_room', 'wallet_stopped'),
    canWithdraw: fc.boolean(),
  },
  { requiredKeys: ['payment', 'state', 'amount', 'paid', 'reason', 'askedBy', 'askedAt', 'canWithdraw'] },
)

export const randomDetail = fc.record(
  {
    reference: fc.constant('TN-7Q2M-93TD'),
    kind: fc.constantFrom('payment', 'top_up', 'refund', 'transfer', 'withdrawal', 'bill'),
    state: oneOf(MoneyStateSchema),
    party: fc.constant({ name: 'Surya Elektronik' }),
    amount: money.map(({ amountMinor, currency }) => ({ amountMinor: `-${amountMinor}`, currency })),
    effectiveAt: time,
    failure: fc.record({ code: fc.constantFrom('insufficient_funds', 'pin_locked', 'system_error') }),
    sentence: fc.constant('x'),
    hops: fc.uniqueArray(hop, { selector: ({ key }) => key, maxLength: 8 }),
    canCancel: fc.constant(false),
    refund,
    canAskMoneyBack: fc.boolean(),
    canAskShopAgain: fc.boolean(),
    asOf: fc.constant(new Date(base).toISOString()),
  },
  {
    requiredKeys: [
      'reference',
      'kind',
      'state',
      'party',
      'amount',
      'effectiveAt',
      'sentence',
      'hops',
      'canCancel',
      'asOf',
    ],
  },
) as unknown as fc.Arbitrary<TransactionDetail>

// Foreign exchange: two linked legs through the position accounts, so that each currency still sums to zero by itself.
// The rate stands beside them as a fraction, and the database refuses amounts that do not follow from it.
import { uuidv7, type Uuid } from '#contract/ids.ts'
import { isCurrency, type Currency } from '#contract/money.ts'
import type { Transaction } from '#platform/db.ts'
import { Refusal } from '#platform/refusal.ts'
import { insertExchanges, type RecordedExchange } from './exchange.sql.ts'
import type { Ledger } from './index.ts'
import { checkAmount, checkId, checkMoment, checkText } from './input.ts'
import type { PostableTransfer } from './ledger.ts'

export interface ExchangeOrder {
  /** Of both legs, the first names the exchange; made when left out. */
  legIds?: readonly [Uuid, Uuid] | undefined
  fromAccountId: Uuid
  toAccountId: Uuid
  sold: { amountMinor: bigint; currency: Currency }
  boughtCurrency: Currency
  /** Minor units bought for one minor unit sold; what is left below a whole unit stays in the position. */
  rate: { numerator: bigint; denominator: bigint; source: string }
  kind: string
  reference: string
  /** When it happened; left out: when it is recorded. */
  effectiveAt?: Date | undefined
}

/** What a sold amount buys at a rate: rounded down to a whole minor unit. */
export function boughtMinor(soldMinor: bigint, rate: { numerator: bigint; denominator: bigint }): bigint {
  return (soldMinor * rate.numerator) / rate.denominator
}

/** Throws validation_failed for a rate or amount that buys nothing or leaves int8, currency_not_supported within one currency. */
export function checkExchange(order: ExchangeOrder): void {
  const { sold, rate, boughtCurrency } = order
  for (const id of order.legIds ?? []) checkId(id, 'legIds')
  checkId(order.fromAccountId, 'fromAccountId')
  checkId(order.toAccountId, 'toAccountId')
  checkAmount(sold.amountMinor)
  checkAmount(rate.numerator, 'rate.numerator')
  checkAmount(rate.denominator, 'rate.denominator')
  checkText(rate.source, 'rate.source')
  checkText(order.kind, 'kind')
  checkText(order.reference, 'reference')
  if (order.effectiveAt !== undefined) checkMoment(order.effectiveAt, 'effectiveAt')
  if (!isCurrency(sold.currency) || !isCurrency(boughtCurrency) || sold.currency === boughtCurrency)
    throw new Refusal('currency_not_supported', undefined, 'an exchange is between two known currencies')
  // Rounded down to nothing, or more than there is.
  checkAmount(boughtMinor(sold.amountMinor, rate), 'bought')
}

/** The legs of a checked order, and what is recorded beside them. */
export function exchangeLegs(
  order: ExchangeOrder,
  positions: { sold: Uuid; bought: Uuid },
): { legs: PostableTransfer[]; recorded: RecordedExchange } {
  const { sold, boughtCurrency, rate } = order
  const [linkId, secondId] = order.legIds ?? [uuidv7(), uuidv7()]
  const bought = { amountMinor: boughtMinor(sold.amountMinor, rate), currency: boughtCurrency }
  const common = { kind: order.kind, reference: order.reference, effectiveAt: order.effectiveAt }
  const legs = [
    {
      ...common,
      ...sold,
      id: linkId,
      debitAccountId: order.fromAccountId,
      creditAccountId: positions.sold,
    },
    {
      ...common,
      ...bought,
      id: secondId,
      debitAccountId: positions.bought,
      creditAccountId: order.toAccountId,
    },
  ]
  return { legs, recorded: { linkId, sold, bought, rate } }
}

export async function exchange(
  tx: Transaction,
  ledger: Pick<Ledger, 'ensureSystemAccount' | 'postLinked'>,
  order: ExchangeOrder,
  recordedAt: Date,
): Promise<{ linkId: Uuid; boughtMinor: bigint }> {
  checkExchange(order)
  const position = (currency: Currency) =>
    ledger.ensureSystemAccount(tx, { kind: 'exchange_position', currency })
  const positions = {
    sold: await position(order.sold.currency),
    bought: await position(order.boughtCurrency),
  }
  const { legs, recorded } = exchangeLegs(order, positions)
  await ledger.postLinked(tx, legs)
  await insertExchanges(tx, [recorded], recordedAt)
  return { linkId: recorded.linkId, boughtMinor: recorded.bought.amountMinor }
}

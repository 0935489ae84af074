// Foreign exchange: two linked legs through the position accounts, so that each currency still sums to zero by itself.
// The rate stands beside them as a fraction, and the database refuses amounts that do not follow from it.
import { uuidv7, type Uuid } from '#contract/ids.ts'
import { maximumAmountMinor, type Currency } from '#contract/money.ts'
import type { Transaction } from '#platform/db.ts'
import { Refusal } from '#platform/refusal.ts'
import type { Ledger } from './index.ts'
import { insertExchange } from './ledger.sql.ts'

export interface ExchangeOrder {
  fromAccountId: Uuid
  toAccountId: Uuid
  sold: { amountMinor: bigint; currency: Currency }
  boughtCurrency: Currency
  /** Minor units bought for one minor unit sold; what is left below a whole unit stays in the position. */
  rate: { numerator: bigint; denominator: bigint; source: string }
  kind: string
  reference: string
  effectiveAt: Date
}

/** What a sold amount buys at a rate: rounded down to a whole minor unit. */
export function boughtMinor(soldMinor: bigint, rate: { numerator: bigint; denominator: bigint }): bigint {
  return (soldMinor * rate.numerator) / rate.denominator
}

/** Throws validation_failed for a rate or amount that buys nothing or leaves int8, currency_not_supported within one currency. */
export async function exchange(
  tx: Transaction,
  ledger: Pick<Ledger, 'ensureSystemAccount' | 'postLinked'>,
  order: ExchangeOrder,
  recordedAt: Date,
): Promise<{ linkId: Uuid; boughtMinor: bigint }> {
  const { sold, rate, boughtCurrency } = order
  for (const part of [rate.numerator, rate.denominator])
    if (part <= 0n || part > maximumAmountMinor)
      throw new Refusal('validation_failed', undefined, 'a rate is above zero and within int8')
  if (sold.currency === boughtCurrency)
    throw new Refusal('currency_not_supported', undefined, 'an exchange is between two currencies')
  const bought = boughtMinor(sold.amountMinor, rate)
  if (bought <= 0n || bought > maximumAmountMinor)
    throw new Refusal('validation_failed', undefined, 'this amount buys nothing, or more than there is')
  const position = (currency: Currency) =>
    ledger.ensureSystemAccount(tx, { kind: 'exchange_position', currency })
  const positions = { sold: await position(sold.currency), bought: await position(boughtCurrency) }
  const linkId = uuidv7()
  const common = { kind: order.kind, reference: order.reference, effectiveAt: order.effectiveAt }
  await ledger.postLinked(tx, [
    {
      ...common,
      id: linkId,
      debitAccountId: order.fromAccountId,
      creditAccountId: positions.sold,
      amountMinor: sold.amountMinor,
      currency: sold.currency,
    },
    {
      ...common,
      id: uuidv7(),
      debitAccountId: positions.bought,
      creditAccountId: order.toAccountId,
      amountMinor: bought,
      currency: boughtCurrency,
    },
  ])
  await insertExchange(
    tx,
    { linkId, sold, bought: { amountMinor: bought, currency: boughtCurrency }, rate },
    recordedAt,
  )
  return { linkId, boughtMinor: bought }
}

// All SQL on exchanges: which rate stood behind two linked legs. Written once, never changed.
import { bigints, texts, uuids } from '#platform/arrays.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import type { Currency } from '#contract/money.ts'

export interface RecordedExchange {
  linkId: string
  sold: { amountMinor: bigint; currency: Currency }
  bought: { amountMinor: bigint; currency: Currency }
  rate: { numerator: bigint; denominator: bigint; source: string }
}

export async function insertExchanges(
  tx: Transaction,
  done: readonly RecordedExchange[],
  recordedAt: Date,
): Promise<void> {
  await tx.run(
    `INSERT INTO ledger.exchanges (link_id, sold_amount, sold_currency, bought_amount, bought_currency,
       rate_numerator, rate_denominator, rate_source, recorded_at)
     SELECT *, $9::timestamptz FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::bigint[], $7::bigint[], $8::text[])`,
    [
      uuids(done.map(({ linkId }) => linkId)),
      bigints(done.map(({ sold }) => sold.amountMinor)),
      texts(done.map(({ sold }) => sold.currency)),
      bigints(done.map(({ bought }) => bought.amountMinor)),
      texts(done.map(({ bought }) => bought.currency)),
      bigints(done.map(({ rate }) => rate.numerator)),
      bigints(done.map(({ rate }) => rate.denominator)),
      texts(done.map(({ rate }) => rate.source)),
      recordedAt,
    ],
    'ledger-insert-exchanges',
  )
}

/** The position accounts there are, of these currencies. */
export async function findPositions(
  sql: Sql,
  currencies: readonly Currency[],
): Promise<{ id: string; currency: Currency }[]> {
  return sql.rows(
    `SELECT id, currency FROM ledger.accounts
     WHERE kind = 'exchange_position' AND owner_id IS NULL AND currency = ANY($1::text[])`,
    [texts(currencies)],
    'ledger-find-positions',
  )
}

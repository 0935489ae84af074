// What must follow from what is sealed, asked of the database in whole sets: it sorts and joins on its own disk, so that the
// memory of whoever verifies does not grow. Each question answers with what does not follow, some rows at most.
// Nothing here uses a function or view of the ledger: they travel with a copy, and whoever changed rows could change them.
import type { Sql } from '#platform/db.ts'
import { free, linkColumns, linksAndExchanges, microseconds, plain, textOf } from './seal-parts.sql.ts'

/** `is` stands in the row, `told` is what it follows from; null: there is none. */
export interface Difference {
  subject: string
  is: string | null
  told: string | null
}

const most = 20

/** The columns of an account that decide money, as its events tell them. */
export const accountColumns = [
  free('account.kind'),
  ...plain('account.owner_id'),
  free('account.currency'),
  ...plain('account.minimum', 'account.maximum', 'account.monthly_cap', 'account.frozen'),
  ...plain(microseconds('account.opened_at'), microseconds('account.closed_at')),
]
const placedColumns = [
  ...plain('hold.debit_account_id', 'hold.credit_account_id', 'hold.amount'),
  free('hold.currency'),
  free('hold.reference'),
  ...plain(microseconds('hold.expires_at'), microseconds('hold.placed_at')),
]
const endedColumns = plain('hold.state', 'hold.posted', microseconds('hold.closed_at'))

const events = (kinds: string, order = '') =>
  `(SELECT DISTINCT ON (subject_id) subject_id, body FROM ledger.events WHERE kind IN (${kinds})
    ORDER BY subject_id, sequence ${order}) AS event`

/** Accounts that are not what was last told of them. */
export const readChangedAccounts = (sql: Sql): Promise<Difference[]> =>
  sql.rows(
    `SELECT coalesce(account.id, event.subject_id)::text AS subject,
       CASE WHEN account.id IS NOT NULL THEN ${textOf(accountColumns)} END AS is, event.body AS told
     FROM ledger.accounts AS account
     FULL JOIN ${events("'account_opened', 'account_changed', 'account_kept'", 'DESC')} ON event.subject_id = account.id
     WHERE account.id IS NULL OR event.subject_id IS NULL OR ${textOf(accountColumns)} <> event.body
     LIMIT ${most}`,
    [],
    'verify-accounts',
  )

/** Holds that are not what they were placed for. */
export const readChangedHolds = (sql: Sql): Promise<Difference[]> =>
  sql.rows(
    `SELECT coalesce(hold.id, event.subject_id)::text AS subject,
       CASE WHEN hold.id IS NOT NULL THEN ${textOf(placedColumns)} END AS is, event.body AS told
     FROM ledger.holds AS hold FULL JOIN ${events("'hold_placed'")} ON event.subject_id = hold.id
     WHERE hold.id IS NULL OR event.subject_id IS NULL OR ${textOf(placedColumns)} <> event.body
     LIMIT ${most}`,
    [],
    'verify-holds',
  )

/** Holds that ended otherwise than was told, or ended untold, or are open again. */
export const readChangedEnds = (sql: Sql): Promise<Difference[]> =>
  sql.rows(
    `SELECT hold.id::text AS subject, CASE WHEN hold.state <> 'open' THEN ${textOf(endedColumns)} END AS is, event.body AS told
     FROM ledger.holds AS hold LEFT JOIN ${events("'hold_closed'")} ON event.subject_id = hold.id
     WHERE CASE WHEN hold.state <> 'open' THEN ${textOf(endedColumns)} END IS DISTINCT FROM event.body
     LIMIT ${most}`,
    [],
    'verify-hold-ends',
  )

/** Holds whose parts do not add up: what was posted stands in the transfers, the rest is held while they are open. */
export const readHoldSums = (sql: Sql): Promise<Difference[]> =>
  sql.rows(
    `SELECT coalesce(hold.id, moved.hold_id)::text AS subject, concat(hold.posted, ' posted, ', hold.remaining, ' held') AS is,
       concat(coalesce(moved.posted, 0), ' posted, ',
         CASE WHEN hold.state = 'open' THEN hold.amount - coalesce(moved.posted, 0) ELSE 0 END, ' held') AS told
     FROM ledger.holds AS hold
     FULL JOIN (
       SELECT moved.hold_id, sum(moved.amount) AS posted,
         bool_and(moved.debit_account_id = own.debit_account_id AND moved.credit_account_id = own.credit_account_id
           AND moved.currency = own.currency) AS between_its_accounts
       FROM ledger.transfers AS moved LEFT JOIN ledger.holds AS own ON own.id = moved.hold_id
       WHERE moved.hold_id IS NOT NULL GROUP BY moved.hold_id
     ) AS moved ON moved.hold_id = hold.id
     WHERE (hold.posted = coalesce(moved.posted, 0) AND hold.posted + hold.remaining <= hold.amount
       AND hold.remaining = CASE WHEN hold.state = 'open' THEN hold.amount - hold.posted ELSE 0 END
       AND (moved.hold_id IS NULL OR moved.between_its_accounts)) IS NOT TRUE
     LIMIT ${most}`,
    [],
    'verify-hold-sums',
  )

/** Accounts that hold another sum than their open holds. */
export const readHeldSums = (sql: Sql): Promise<Difference[]> =>
  sql.rows(
    `SELECT account.id::text AS subject, account.held::text AS is, coalesce(open.held, 0)::text AS told
     FROM ledger.accounts AS account
     LEFT JOIN (SELECT debit_account_id, sum(remaining) AS held FROM ledger.holds WHERE state = 'open' GROUP BY 1) AS open
       ON open.debit_account_id = account.id
     WHERE account.held <> coalesce(open.held, 0) LIMIT ${most}`,
    [],
    'verify-held',
  )

/** Counters of what was reversed that are not the sum of the reversals, or above their origin. */
export const readReversalSums = (sql: Sql): Promise<Difference[]> =>
  sql.rows(
    `SELECT coalesce(counted.transfer_id, given.reversal_of)::text AS subject,
       CASE WHEN counted.transfer_id IS NOT NULL THEN concat(counted.reversed_amount, ' of ', counted.amount) END AS is,
       CASE WHEN given.reversal_of IS NOT NULL THEN concat(given.amount, ' of ', coalesce(origin.amount::text, 'no transfer')) END AS told
     FROM ledger.reversals AS counted
     FULL JOIN (SELECT reversal_of, sum(amount) AS amount FROM ledger.transfers WHERE reversal_of IS NOT NULL GROUP BY 1) AS given
       ON given.reversal_of = counted.transfer_id
     LEFT JOIN ledger.transfers AS origin ON origin.id = coalesce(counted.transfer_id, given.reversal_of)
     WHERE (counted.reversed_amount = given.amount AND counted.amount = origin.amount AND given.amount <= origin.amount) IS NOT TRUE
     LIMIT ${most}`,
    [],
    'verify-reversals',
  )

/** Linked legs that are incomplete, or hang on a transfer that is not there. */
export const readBrokenLinks = (sql: Sql): Promise<Difference[]> =>
  sql.rows(
    `SELECT link.link_id::text AS subject, concat(count(*), ' legs, the last is ', max(link.place)) AS is, null AS told
     FROM ledger.links AS link LEFT JOIN ledger.transfers AS leg ON leg.id = link.transfer_id
     GROUP BY link.link_id
     HAVING (count(*) >= 2 AND count(leg.id) = count(*) AND min(link.place) = 1 AND max(link.place) = count(*)
       AND bool_or(link.place = 1 AND link.transfer_id = link.link_id)) IS NOT TRUE
     LIMIT ${most}`,
    [],
    'verify-links',
  )

/** Links of transfers up to `upTo`, which seals of the first form do not cover: each was told once, and is as it was told. */
export const readChangedOldLinks = (sql: Sql, upTo: bigint): Promise<Difference[]> =>
  sql.rows(
    `SELECT coalesce(link.transfer_id, event.subject_id)::text AS subject,
       CASE WHEN link.transfer_id IS NOT NULL THEN ${textOf(linkColumns)} END AS is, event.body AS told
     FROM (${linksAndExchanges} LEFT JOIN ledger.transfers AS leg ON leg.id = link.transfer_id)
     FULL JOIN ${events("'link_kept'")} ON event.subject_id = link.transfer_id
     WHERE link.transfer_id IS NULL OR ${textOf(linkColumns)} <> event.body OR event.body IS NULL AND leg.sequence <= $1
     LIMIT ${most}`,
    [upTo],
    'verify-old-links',
  )

/** Exchanges whose amounts are not those of their two legs through the positions, or do not follow from their rate. */
export const readBrokenExchanges = (sql: Sql): Promise<Difference[]> =>
  sql.rows(
    `SELECT exchange.link_id::text AS subject,
       concat(exchange.sold_amount, ' ', exchange.sold_currency, ' for ', exchange.bought_amount, ' ', exchange.bought_currency,
         ' at ', exchange.rate_numerator, '/', exchange.rate_denominator) AS is,
       concat(sold.amount, ' ', sold.currency, ' for ', bought.amount, ' ', bought.currency) AS told
     FROM ledger.exchanges AS exchange
     LEFT JOIN ledger.links AS first ON first.link_id = exchange.link_id AND first.place = 1
     LEFT JOIN ledger.links AS second ON second.link_id = exchange.link_id AND second.place = 2
     LEFT JOIN ledger.transfers AS sold ON sold.id = first.transfer_id
     LEFT JOIN ledger.transfers AS bought ON bought.id = second.transfer_id
     LEFT JOIN ledger.accounts AS sold_to ON sold_to.id = sold.credit_account_id
     LEFT JOIN ledger.accounts AS bought_from ON bought_from.id = bought.debit_account_id
     WHERE (sold.amount = exchange.sold_amount AND sold.currency = exchange.sold_currency
       AND bought.amount = exchange.bought_amount AND bought.currency = exchange.bought_currency
       AND sold_to.kind = 'exchange_position' AND bought_from.kind = 'exchange_position'
       AND exchange.bought_amount = div(exchange.sold_amount::numeric * exchange.rate_numerator, exchange.rate_denominator)) IS NOT TRUE
     LIMIT ${most}`,
    [],
    'verify-exchanges',
  )

/**
 * Accounts with a monthly cap whose sum of the month does not follow from their entries. Only those whose cap is known to
 * have stood since they were opened: money that came in before a cap was set does not count for it.
 */
export const readIncomingSums = (sql: Sql): Promise<Difference[]> =>
  sql.rows(
    `WITH capped AS (
       SELECT account.id, account.incoming, account.incoming_month FROM ledger.accounts AS account
       WHERE account.monthly_cap IS NOT NULL AND NOT EXISTS (
         SELECT FROM ledger.events AS event WHERE event.subject_id = account.id
           AND (event.kind = 'account_kept' OR split_part(event.body, '|', 6) <> account.monthly_cap::text))
     ), entry AS (
       SELECT account_id, entry, came_in, date_trunc('month', recorded_at AT TIME ZONE 'Asia/Jakarta')::date AS month FROM (
         SELECT debit_account_id AS account_id, debit_entry AS entry, 0 AS came_in, recorded_at FROM ledger.transfers
         UNION ALL
         SELECT credit_account_id, credit_entry, CASE WHEN reversal_of IS NULL THEN amount ELSE 0 END, recorded_at FROM ledger.transfers
       ) AS side WHERE account_id IN (SELECT id FROM capped)
     ), newest AS (
       -- A month that has begun stays begun: from its first entry on all count for it.
       SELECT DISTINCT ON (account_id) account_id, month, entry AS first FROM entry ORDER BY account_id, month DESC, entry
     ), summed AS (
       SELECT newest.account_id, newest.month, sum(entry.came_in) AS incoming
       FROM newest JOIN entry ON entry.account_id = newest.account_id AND entry.entry >= newest.first GROUP BY 1, 2
     )
     SELECT capped.id::text AS subject, concat(capped.incoming, ' in ', capped.incoming_month) AS is,
       concat(summed.incoming, ' in ', summed.month) AS told
     FROM capped LEFT JOIN summed ON summed.account_id = capped.id
     WHERE capped.incoming IS DISTINCT FROM summed.incoming OR capped.incoming_month IS DISTINCT FROM summed.month
     LIMIT ${most}`,
    [],
    'verify-incoming',
  )

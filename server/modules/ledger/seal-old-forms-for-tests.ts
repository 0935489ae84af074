// For tests only: how seals of the second form were made, hashed by the database over texts. Kept as it was, so that what was
// sealed then can be shown to verify still, and every attack on it to be found.
import { createHash } from 'node:crypto'
import type { Sql } from '#platform/db.ts'
import type { PartName, PartRoot } from './seal-parts.sql.ts'

const micros = (column: string) => `(extract(epoch FROM ${column}) * 1000000)::bigint`
const free = (column: string) => `octet_length(${column}), ':', ${column}`
const opens = (side: 'debit' | 'credit') =>
  `CASE WHEN ${side}_entry = 1 THEN (SELECT concat(account.kind, '/', account.owner_id, '/', account.currency)
     FROM ledger.accounts AS account WHERE account.id = ${side}_account_id) END`
const transferText = `concat(sequence, '|', id, '|', debit_account_id, '|', credit_account_id, '|', amount, '|', reversal_of, '|', hold_id,
  '|', debit_balance_after, '|', debit_entry, '|', credit_balance_after, '|', credit_entry,
  '|', ${micros('effective_at')}, '|', ${micros('recorded_at')},
  '|', ${free('currency')}, '|', ${free('kind')}, '|', ${free('reference')}, '|', ${opens('debit')}, '|', ${opens('credit')})`

/** Count and leaves of the transfers above `after` up to `upTo`, as seals of the first and second form have them. */
export async function readTextLeaves(
  sql: Sql,
  after: bigint,
  upTo: bigint,
): Promise<{ count: bigint; leaves: Buffer }> {
  const { count, leaves } = await sql.one<{ count: bigint; leaves: Buffer | null }>(
    `SELECT count(*) AS count, string_agg(sha256('\\x00'::bytea || convert_to(${transferText}, 'UTF8')), ''::bytea ORDER BY sequence) AS leaves
     FROM ledger.transfers WHERE sequence > $1 AND sequence <= $2`,
    [after, upTo],
  )
  return { count, leaves: leaves ?? Buffer.alloc(0) }
}

const parts: Record<PartName, { from: string; place: string; order: string; text: string }> = {
  links: {
    from: `(SELECT sequence, id FROM ledger.transfers WHERE sequence > $1 AND sequence <= $2 OFFSET 0) AS transfer
      JOIN ledger.links AS link ON link.transfer_id = transfer.id
      LEFT JOIN ledger.exchanges AS exchange ON exchange.link_id = link.link_id AND link.place = 1`,
    place: 'transfer.sequence',
    order: 'transfer.sequence',
    text: `transfer.sequence, '|', transfer.id, '|', link.link_id, '|', link.place, '|', exchange.sold_amount,
      '|', ${free('exchange.sold_currency')}, '|', exchange.bought_amount, '|', ${free('exchange.bought_currency')},
      '|', exchange.rate_numerator, '|', exchange.rate_denominator, '|', ${free('exchange.rate_source')},
      '|', ${micros('exchange.recorded_at')}`,
  },
  events: {
    from: 'ledger.events AS event',
    place: 'event.sequence',
    order: 'event.sequence',
    text: `event.sequence, '|', ${free('event.kind')}, '|', event.subject_id, '|', ${free('event.body')}`,
  },
  keys: {
    from: 'ledger.idempotency AS kept',
    place: 'kept.batch',
    order: 'kept.batch, kept.key, kept.owner_id',
    text: `kept.batch, '|', kept.owner_id, '|', kept.key, '|', encode(kept.body_hash, 'hex'), '|', ${free('kept.outcome')}`,
  },
}

/** What a seal of the second form says of a part: one hash over one hash for each row. */
export async function readTextPart(sql: Sql, name: PartName, after: bigint, upTo: bigint): Promise<PartRoot> {
  const { from, place, order, text } = parts[name]
  const leaf = `sha256('\\x00'::bytea || convert_to(concat('${name}|', ${text}), 'UTF8'))`
  const { count, leaves } = await sql.one<{ count: bigint; leaves: Buffer | null }>(
    `SELECT count(*) AS count, string_agg(${leaf}, ''::bytea ORDER BY ${order}) AS leaves
     FROM ${from} WHERE ${place} > $1 AND ${place} <= $2`,
    [after, upTo],
  )
  return { count, root: leaves ? createHash('sha256').update(leaves).digest() : Buffer.alloc(32) }
}

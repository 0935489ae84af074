// What a seal covers beside the transfers: how they are linked and exchanged, what became of accounts and holds, and the keys.
// Each is described once, as columns: the sealer lets the database hash them, the verifier reads them and hashes by itself.
// The bytes that are hashed must never change their form, or what was sealed no longer verifies.
import { hash as digest } from 'node:crypto'
import type { Sql } from '#platform/db.ts'

export type PartName = 'links' | 'events' | 'keys'
export const partNames: readonly PartName[] = ['links', 'events', 'keys']

interface Part {
  from: string
  /** The number by which ranges of it are sealed. */
  place: string
  /** No two rows have the same. */
  order: string
  /** As SQL; `free` texts have their length before them, so that no two rows look the same. */
  columns: readonly { sql: string; free?: true }[]
}

export const microseconds = (column: string) => `(extract(epoch FROM ${column}) * 1000000)::bigint`
export const plain = (...sql: string[]): { sql: string; free?: true }[] => sql.map((each) => ({ sql: each }))
export const free = (sql: string): { sql: string; free?: true } => ({ sql, free: true })

/** How a transfer is linked; the first of linked legs also tells the exchange that they made. */
export const linkColumns = [
  ...plain('link.link_id', 'link.place', 'exchange.sold_amount'),
  free('exchange.sold_currency'),
  ...plain('exchange.bought_amount'),
  free('exchange.bought_currency'),
  ...plain('exchange.rate_numerator', 'exchange.rate_denominator'),
  free('exchange.rate_source'),
  ...plain(microseconds('exchange.recorded_at')),
]
export const linksAndExchanges = `ledger.links AS link
  LEFT JOIN ledger.exchanges AS exchange ON exchange.link_id = link.link_id AND link.place = 1`

const parts: Record<PartName, Part> = {
  links: {
    from: `(SELECT sequence, id FROM ledger.transfers WHERE sequence > $1 AND sequence <= $2 OFFSET 0) AS transfer
      JOIN ${linksAndExchanges} ON link.transfer_id = transfer.id`,
    place: 'transfer.sequence',
    order: 'transfer.sequence',
    columns: [...plain('transfer.sequence', 'transfer.id'), ...linkColumns],
  },
  events: {
    from: 'ledger.events AS event',
    place: 'event.sequence',
    order: 'event.sequence',
    columns: [
      ...plain('event.sequence'),
      free('event.kind'),
      ...plain('event.subject_id'),
      free('event.body'),
    ],
  },
  keys: {
    from: 'ledger.idempotency AS kept',
    place: 'kept.batch',
    order: 'kept.batch, kept.key, kept.owner_id',
    columns: [
      ...plain('kept.batch', 'kept.owner_id', 'kept.key', "encode(kept.body_hash, 'hex')"),
      free('kept.outcome'),
    ],
  },
}

/** The columns of a row as one text, as SQL. NULL is nothing. */
export const textOf = (columns: Part['columns']) =>
  `concat(${columns.map((column) => (column.free ? `octet_length(${column.sql}), ':', ${column.sql}` : column.sql)).join(", '|', ")})`

/** The same text, made here of the values. */
function textHere(columns: Part['columns'], values: readonly (string | null)[]): string {
  return columns
    .map(({ free: isFree }, index) => {
      const value = values[index] ?? ''
      if (!isFree) return value
      return values[index] === null ? ':' : `${Buffer.byteLength(value, 'utf8')}:${value}`
    })
    .join('|')
}

export const noLeaves = { count: 0n, leaves: Buffer.alloc(0) }

/** Count and leaves of what stands above `after` up to `upTo`, in order; hashed by the database. */
export async function readPartLeaves(
  sql: Sql,
  name: PartName,
  after: bigint,
  upTo: bigint,
): Promise<{ count: bigint; leaves: Buffer }> {
  const { from, place, order, columns } = parts[name]
  const leaf = `sha256('\\x00'::bytea || convert_to(concat('${name}|', ${textOf(columns)}), 'UTF8'))`
  const { count, leaves } = await sql.one<{ count: bigint; leaves: Buffer | null }>(
    `SELECT count(*) AS count, string_agg(${leaf}, ''::bytea ORDER BY ${order}) AS leaves
     FROM ${from} WHERE ${place} > $1 AND ${place} <= $2`,
    [after, upTo],
  )
  return { count, leaves: leaves ?? Buffer.alloc(0) }
}

/** The same leaves, hashed here over what stands in the rows. */
export async function hashPart(
  sql: Sql,
  name: PartName,
  after: bigint,
  upTo: bigint,
): Promise<{ count: bigint; leaves: Buffer }> {
  const { from, place, order, columns } = parts[name]
  const rows = await sql.rows<Record<string, string | null>>(
    `SELECT ${columns.map((column, index) => `(${column.sql})::text AS c${index}`).join(', ')}
     FROM ${from} WHERE ${place} > $1 AND ${place} <= $2 ORDER BY ${order}`,
    [after, upTo],
  )
  const leaves = Buffer.alloc(rows.length * 32)
  rows.forEach((row, at) => {
    const values = columns.map((_column, index) => row[`c${index}`] ?? null)
    digest('sha256', `\0${name}|${textHere(columns, values)}`, 'buffer').copy(leaves, at * 32)
  })
  return { count: BigInt(rows.length), leaves }
}

export async function countPart(sql: Sql, name: PartName, after: bigint, upTo: bigint): Promise<bigint> {
  const { from, place } = parts[name]
  const { count } = await sql.one<{ count: bigint }>(
    `SELECT count(*) AS count FROM ${from} WHERE ${place} > $1 AND ${place} <= $2`,
    [after, upTo],
  )
  return count
}

/** The first number above `after` that anything has, or undefined. */
export async function readNextPlace(
  sql: Sql,
  name: Exclude<PartName, 'links'>,
  after: bigint,
  upTo: bigint,
): Promise<bigint | undefined> {
  const { from, place } = parts[name]
  const { next } = await sql.one<{ next: bigint | null }>(
    `SELECT min(${place}) AS next FROM ${from} WHERE ${place} > $1 AND ${place} <= $2`,
    [after, upTo],
  )
  return next ?? undefined
}

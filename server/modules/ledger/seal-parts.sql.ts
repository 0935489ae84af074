// What a seal covers beside the transfers: how they are linked and exchanged, what became of accounts and holds, and the keys.
// Each is described once, as columns: the sealer lets the database hash them, the verifier reads them and hashes by itself.
// The bytes that are hashed must never change their form, or what was sealed no longer verifies.
import { createHash, hash as digest } from 'node:crypto'
import type { Sql } from '#platform/db.ts'
import { recordWriter, type ColumnType } from './seal-record.ts'
import type { SealForm } from './seal-hash.ts'

export type PartName = 'links' | 'events' | 'keys'
export const partNames: readonly PartName[] = ['links', 'events', 'keys']

interface Column {
  /** What it is read as, as SQL. */
  sql: string
  type: ColumnType
  /** What is sent in a record, as SQL: a column of that type. */
  sent: string
  /** In the texts of the second form it has its length before it, so that no two rows look the same. */
  free?: true
}

interface Part {
  /** What the statement begins with. */
  before?: string
  from: string
  /** The number by which ranges of it are sealed. */
  place: string
  /** No two rows have the same. */
  order: string
  columns: readonly Column[]
}

export const microseconds = (column: string) => `(extract(epoch FROM ${column}) * 1000000)::bigint`
const of =
  (type: ColumnType) =>
  (...columns: string[]): Column[] =>
    columns.map((sql) => ({ sql, type, sent: `${sql}::${type}` }))
const [int8, uuid] = [of('int8'), of('uuid')]
/** Columns whose own text is enough in a text. */
export const plain = of('text')
export const free = (sql: string): Column => ({ sql, type: 'text', sent: `${sql}::text`, free: true })

/** How a transfer is linked; the first of linked legs also tells the exchange that they made. */
export const linkColumns: readonly Column[] = [
  ...uuid('link.link_id'),
  ...int8('link.place', 'exchange.sold_amount'),
  free('exchange.sold_currency'),
  ...int8('exchange.bought_amount'),
  free('exchange.bought_currency'),
  ...int8('exchange.rate_numerator', 'exchange.rate_denominator'),
  free('exchange.rate_source'),
  { sql: microseconds('exchange.recorded_at'), type: 'timestamptz', sent: 'exchange.recorded_at' },
]
export const linksAndExchanges = `ledger.links AS link
  LEFT JOIN ledger.exchanges AS exchange ON exchange.link_id = link.link_id AND link.place = 1`

const parts: Record<PartName, Part> = {
  links: {
    before: `WITH stripe AS MATERIALIZED (SELECT sequence, id FROM ledger.transfers WHERE sequence > $1 AND sequence <= $2)`,
    from: `stripe AS transfer JOIN ${linksAndExchanges} ON link.transfer_id = transfer.id`,
    place: 'transfer.sequence',
    order: 'transfer.sequence',
    columns: [...int8('transfer.sequence'), ...uuid('transfer.id'), ...linkColumns],
  },
  events: {
    from: 'ledger.events AS event',
    place: 'event.sequence',
    order: 'event.sequence',
    columns: [...int8('event.sequence'), free('event.kind'), ...uuid('event.subject_id'), free('event.body')],
  },
  keys: {
    from: 'ledger.idempotency AS kept',
    place: 'kept.batch',
    order: 'kept.batch, kept.key, kept.owner_id',
    columns: [
      ...int8('kept.batch'),
      ...uuid('kept.owner_id', 'kept.key'),
      { sql: "encode(kept.body_hash, 'hex')", type: 'bytea', sent: 'kept.body_hash' },
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

export interface PartRoot {
  count: bigint
  root: Buffer
}

/** One hash over all rows, for nothing needs a path through them. Of nothing: 32 zeros. */
export const nothing: PartRoot = { count: 0n, root: Buffer.alloc(32) }

/** Stands before the records of a part, so that no part is taken for another, nor for a leaf or a node of transfers. */
const heading = (name: PartName) => `tuntas ledger seal 3 ${name}\n`

/**
 * Most transfers are linked to none. Links whose transfer has an id between the lowest and the highest of this range are few
 * where ids follow time, and none at all tells that no transfer here is linked, whatever ids are like: then none is looked up.
 */
const anyLinkNear = `CASE WHEN EXISTS (SELECT FROM ledger.links) THEN
    EXISTS (SELECT FROM ledger.links AS near
      WHERE near.transfer_id >= (SELECT id FROM stripe ORDER BY id LIMIT 1)
        AND near.transfer_id <= (SELECT id FROM stripe ORDER BY id DESC LIMIT 1))
  ELSE false END`

/** Count and root, of the third form, of what stands above `after` up to `upTo`; hashed by the database. */
export async function readPartRoot(sql: Sql, name: PartName, after: bigint, upTo: bigint): Promise<PartRoot> {
  const { before = '', from, place, order, columns } = parts[name]
  const record = `record_send(ROW(${columns.map(({ sent }) => sent).join(', ')}))`
  const { count, root } = await sql.one<{ count: bigint; root: Buffer | null }>(
    `${before} SELECT count(*) AS count, sha256(convert_to('${heading(name)}', 'UTF8') || string_agg(${record}, ''::bytea ORDER BY ${order})) AS root
     FROM ${from} WHERE ${place} > $1 AND ${place} <= $2 ${name === 'links' ? `AND ${anyLinkNear}` : ''}`,
    [after, upTo],
  )
  return { count, root: root ?? nothing.root }
}

/** The same root, hashed here over what stands in the rows, range after range. `form` is that of the seal: texts or records. */
export function hashPart(sql: Sql, name: PartName, form: SealForm) {
  const { before = '', from, place, order, columns } = parts[name]
  const names = columns.map((_column, index) => `c${index}`)
  const writeRecord = recordWriter<Record<string, string | null>>(
    columns.map(({ type }, index) => ({ name: names[index]!, type })),
  )
  const whole = createHash('sha256')
  if (form === 3) whole.update(heading(name))
  let count = 0n
  return {
    /** How many stand above `after` up to `upTo`: they are hashed now. */
    async take(after: bigint, upTo: bigint): Promise<bigint> {
      const rows = await sql.rows<Record<string, string | null>>(
        `${before} SELECT ${columns.map((column, index) => `(${column.sql})::text AS ${names[index]}`).join(', ')}
         FROM ${from} WHERE ${place} > $1 AND ${place} <= $2 ORDER BY ${order}`,
        [after, upTo],
      )
      const leafOf = (row: Record<string, string | null>) =>
        digest(
          'sha256',
          `\0${name}|${textHere(
            columns,
            names.map((each) => row[each] ?? null),
          )}`,
          'buffer',
        )
      for (const row of rows) whole.update(form === 3 ? writeRecord(row) : leafOf(row))
      count += BigInt(rows.length)
      return BigInt(rows.length)
    },
    result: (): PartRoot => (count === 0n ? nothing : { count, root: whole.digest() }),
  }
}

export async function countPart(sql: Sql, name: PartName, after: bigint, upTo: bigint): Promise<bigint> {
  const { before = '', from, place } = parts[name]
  const { count } = await sql.one<{ count: bigint }>(
    `${before} SELECT count(*) AS count FROM ${from} WHERE ${place} > $1 AND ${place} <= $2`,
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

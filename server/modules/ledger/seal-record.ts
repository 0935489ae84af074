// Rows as the bytes that are hashed for a seal of the third form, made here of their texts: the same bytes as `record_send` of
// PostgreSQL gives. Their form must never change, or what was sealed no longer verifies.
import type { SealedTransfer } from './seal-hash.ts'

/** How a column is sent. Values come as texts: a bytea in hex, a time as microseconds since 1970. */
export type ColumnType = 'int8' | 'uuid' | 'text' | 'bytea' | 'timestamptz'

// Numbers of PostgreSQL's own types: they are the same on every server.
const typeNumbers: Record<ColumnType, number> = {
  int8: 20,
  uuid: 2950,
  text: 25,
  bytea: 17,
  timestamptz: 1184,
}
const sizes: Record<ColumnType, number> = { int8: 8, uuid: 16, timestamptz: 8, text: 0, bytea: 0 }
/** PostgreSQL counts microseconds from 2000-01-01. */
const microsecondsTo2000 = 946_684_800_000_000
const twoTo32 = 2 ** 32

function writeInteger(into: DataView, at: number, text: string, less: number): void {
  // Up to fifteen digits, and every time of our days, are exact as a number; the long way is for what is larger.
  if (text.length < 16 || (less > 0 && text.length === 16)) {
    const value = Number(text) - less
    const high = Math.floor(value / twoTo32)
    into.setInt32(at, high)
    into.setUint32(at + 4, value - high * twoTo32)
  } else into.setBigInt64(at, BigInt(text) - BigInt(less))
}

const nibbles = new Uint8Array(128)
for (const [value, digit] of [...'0123456789abcdef'].entries()) nibbles[digit.charCodeAt(0)] = value

function writeUuid(into: Uint8Array, at: number, text: string): void {
  for (let from = 0, to = at; from < 36; from += 2) {
    if (from === 8 || from === 13 || from === 18 || from === 23) from++
    into[to++] = (nibbles[text.charCodeAt(from)]! << 4) | nibbles[text.charCodeAt(from + 1)]!
  }
}

/** The length in bytes. Nearly all texts are ASCII, and short: a loop is quicker for them than a call. */
function writeText(into: Buffer, at: number, text: string): number {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code > 127) return into.write(text, at, 'utf8')
    into[at + index] = code
  }
  return text.length
}

/**
 * Writes rows of these columns into one buffer, which is used again for every row: take what you need before the next.
 * A row says how many columns it has, then of each its type, its length (-1: null) and its bytes: no two rows look the same,
 * and where one ends is told by itself. Its first byte is 0, for it would need 2^24 columns to be another one.
 */
export function recordWriter<Row>(
  columns: readonly { name: keyof Row; type: ColumnType }[],
): (row: Row) => Buffer {
  let bytes = Buffer.alloc(1024)
  let view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const fields = columns.map(({ name, type }) => ({ name, type, number: typeNumbers[type] }))
  function makeRoom(length: number): void {
    if (length <= bytes.length) return
    const larger = Buffer.alloc(length * 2)
    bytes.copy(larger)
    bytes = larger
    view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }
  return (row) => {
    view.setInt32(0, fields.length)
    let at = 4
    for (const { name, type, number } of fields) {
      const value = row[name] as string | null
      // A character is three bytes in UTF-8 at most.
      makeRoom(at + 24 + (value === null ? 0 : value.length * 3))
      view.setInt32(at, number)
      at += 8
      let size = -1
      if (value !== null) {
        size = sizes[type]
        if (type === 'int8') writeInteger(view, at, value, 0)
        else if (type === 'timestamptz') writeInteger(view, at, value, microsecondsTo2000)
        else if (type === 'uuid') writeUuid(bytes, at, value)
        else if (type === 'text') size = writeText(bytes, at, value)
        else size = bytes.write(value, at, 'hex')
      }
      view.setInt32(at - 4, size)
      if (size > 0) at += size
    }
    return bytes.subarray(0, at)
  }
}

/** The columns of a transfer in the order in which they are hashed; seal.sql.ts has the same ones as SQL. */
const transferColumns: readonly (readonly [keyof SealedTransfer, ColumnType])[] = [
  ['sequence', 'int8'],
  ['id', 'uuid'],
  ['debitAccountId', 'uuid'],
  ['creditAccountId', 'uuid'],
  ['amount', 'int8'],
  ['reversalOf', 'uuid'],
  ['holdId', 'uuid'],
  ['debitBalanceAfter', 'int8'],
  ['debitEntry', 'int8'],
  ['creditBalanceAfter', 'int8'],
  ['creditEntry', 'int8'],
  ['effectiveAtMicroseconds', 'timestamptz'],
  ['recordedAtMicroseconds', 'timestamptz'],
  ['currency', 'text'],
  ['kind', 'text'],
  ['reference', 'text'],
  ['debitOpens', 'text'],
  ['creditOpens', 'text'],
]

/** One transfer as bytes. The buffer is used again for the next. */
export const transferRecord = recordWriter<SealedTransfer>(
  transferColumns.map(([name, type]) => ({ name, type })),
)

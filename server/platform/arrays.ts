// Arrays in PostgreSQL's binary form: hot statements send hundreds of values in each of a dozen arrays, and neither side
// should spend its time on writing and reading them as text. pg sends a Buffer as a binary parameter as it is.
// Form: dimensions, has nulls, element type, count, lower bound; then each value with its length (-1: NULL).

type Maybe<Value> = Value | null | undefined

const headerBytes = 20
const oid = { uuid: 2950, int8: 20, int4: 23, text: 25, bytea: 17, timestamptz: 1184, date: 1082 } as const

function header(buffer: Buffer, hasNulls: boolean, elementType: number, count: number): Buffer {
  buffer.writeInt32BE(1, 0)
  buffer.writeInt32BE(hasNulls ? 1 : 0, 4)
  buffer.writeInt32BE(elementType, 8)
  buffer.writeInt32BE(count, 12)
  buffer.writeInt32BE(1, 16)
  return buffer
}

/** An array without elements has no dimensions. */
function empty(elementType: number): Buffer {
  const buffer = Buffer.alloc(12)
  buffer.writeInt32BE(elementType, 8)
  return buffer
}

/** Values that all take the same number of bytes. */
function fixed<Value>(
  values: readonly Maybe<Value>[],
  elementType: number,
  size: number,
  write: (buffer: Buffer, value: Value, at: number) => void,
): Buffer {
  const count = values.length
  if (count === 0) return empty(elementType)
  const buffer = Buffer.allocUnsafe(headerBytes + count * (4 + size))
  let at = headerBytes
  let hasNulls = false
  for (let index = 0; index < count; index++) {
    const value = values[index]
    if (value === null || value === undefined) {
      hasNulls = true
      buffer.writeInt32BE(-1, at)
      at += 4
    } else {
      buffer.writeInt32BE(size, at)
      write(buffer, value, at + 4)
      at += 4 + size
    }
  }
  return header(buffer, hasNulls, elementType, count).subarray(0, at)
}

// The value of each hexadecimal digit by its character code; 255 for what is none.
const digits = new Uint8Array(128).fill(255)
for (let digit = 0; digit < 16; digit++) {
  digits[digit.toString(16).charCodeAt(0)] = digit
  digits[digit.toString(16).toUpperCase().charCodeAt(0)] = digit
}

function writeUuid(buffer: Buffer, value: string, at: number): void {
  if (value.length !== 36) throw new TypeError(`not a UUID: ${value}`)
  let place = 0
  for (let byte = 0; byte < 16; byte++) {
    if (byte === 4 || byte === 6 || byte === 8 || byte === 10) place++
    const high = digits[value.charCodeAt(place)] ?? 255
    const low = digits[value.charCodeAt(place + 1)] ?? 255
    // Anything but two digits gives bits above the lowest four.
    if ((high | low) > 15) throw new TypeError(`not a UUID: ${value}`)
    buffer[at + byte] = (high << 4) | low
    place += 2
  }
}

/** uuid[]. Throws TypeError for anything else. */
export const uuids = (values: readonly Maybe<string>[]): Buffer => fixed(values, oid.uuid, 16, writeUuid)

/** bigint[]. Throws RangeError above int8. */
export const bigints = (values: readonly Maybe<bigint>[]): Buffer =>
  fixed(values, oid.int8, 8, (buffer, value, at) => void buffer.writeBigInt64BE(value, at))

/** integer[]. Throws RangeError above int4. */
export const integers = (values: readonly Maybe<number>[]): Buffer =>
  fixed(values, oid.int4, 4, (buffer, value, at) => void buffer.writeInt32BE(value, at))

const epoch2000Ms = Date.UTC(2000, 0, 1)

/** timestamptz[], to the millisecond. */
export const times = (values: readonly Maybe<Date>[]): Buffer =>
  fixed(values, oid.timestamptz, 8, (buffer, value, at) => {
    // Microseconds since 2000 stay below 2^53 until the year 2285; halves are written apart, without a bigint each.
    const micros = (value.getTime() - epoch2000Ms) * 1000
    buffer.writeInt32BE(Math.floor(micros / 0x100000000), at)
    buffer.writeUInt32BE(
      micros % 0x100000000 < 0 ? (micros % 0x100000000) + 0x100000000 : micros % 0x100000000,
      at + 4,
    )
  })

/** date[] of calendar days written YYYY-MM-DD. */
export const dates = (values: readonly Maybe<string>[]): Buffer =>
  fixed(values, oid.date, 4, (buffer, value, at) => {
    buffer.writeInt32BE(Math.round((Date.parse(`${value}T00:00:00Z`) - epoch2000Ms) / 86_400_000), at)
  })

/** bytea[]. */
export function byteas(values: readonly Maybe<Buffer>[]): Buffer {
  return varying(
    values,
    oid.bytea,
    (value) => value.length,
    (buffer, value, at) => value.copy(buffer, at),
  )
}

/** text[], and what is cast from it. */
export function texts(values: readonly Maybe<string>[]): Buffer {
  return varying(
    values,
    oid.text,
    // At most three bytes for each UTF-16 unit: no second pass over the text only to measure it.
    (value) => value.length * 3,
    (buffer, value, at) => buffer.write(value, at, 'utf8'),
  )
}

function varying<Value>(
  values: readonly Maybe<Value>[],
  elementType: number,
  atMost: (value: Value) => number,
  write: (buffer: Buffer, value: Value, at: number) => number,
): Buffer {
  const count = values.length
  if (count === 0) return empty(elementType)
  let size = headerBytes
  for (const value of values) size += 4 + (value === null || value === undefined ? 0 : atMost(value))
  const buffer = Buffer.allocUnsafe(size)
  let at = headerBytes
  let hasNulls = false
  for (const value of values) {
    if (value === null || value === undefined) {
      hasNulls = true
      buffer.writeInt32BE(-1, at)
      at += 4
      continue
    }
    const written = write(buffer, value, at + 4)
    buffer.writeInt32BE(written, at)
    at += 4 + written
  }
  return header(buffer, hasNulls, elementType, count).subarray(0, at)
}

/** A text form, for arrays of other types whose values hold no commas, quotes, braces or spaces. */
export function plain(values: readonly Maybe<string | bigint | number | boolean>[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`
}

// Identifiers: UUIDv7 for rows, and short references that people read aloud. Browser-safe.
// A reference is a number of its room, scrambled so that neighbours look different; it is no secret.

export type Uuid = string

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export function isUuid(value: unknown): value is Uuid {
  return typeof value === 'string' && uuidPattern.test(value)
}

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
let pool = new Uint8Array(0)
let poolAt = 0

function randomBytes(count: number): Uint8Array {
  if (poolAt + count > pool.length) {
    pool = new Uint8Array(4096)
    crypto.getRandomValues(pool)
    poolAt = 0
  }
  return pool.subarray(poolAt, (poolAt += count))
}

/** A new UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, then random bits. The time in it orders, it proves nothing. */
export function uuidv7(unixMs: number = Date.now()): Uuid {
  const random = randomBytes(10)
  const time = Math.floor(unixMs).toString(16).padStart(12, '0')
  const byte = (index: number) => hex[random[index]!]!
  const version = hex[0x70 | (random[0]! & 0x0f)]!
  const variant = hex[0x80 | (random[2]! & 0x3f)]!
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}${byte(1)}-${variant}${byte(3)}-${byte(4)}${byte(5)}${byte(6)}${byte(7)}${byte(8)}${byte(9)}`
}

/** What a reference points to. The prefix says which room answers for it. */
export const referencePrefixes = {
  TN: 'payment',
  TP: 'top_up',
  RF: 'refund',
  TF: 'transfer',
  WD: 'withdrawal',
  BL: 'bill',
  /** What a shop was paid out: the shop's own reference, no customer has one. */
  ST: 'settlement',
} as const

export type ReferencePrefix = keyof typeof referencePrefixes
export type ReferenceKind = (typeof referencePrefixes)[ReferencePrefix]
/** For example `TN-7Q2M-93TD`. */
export type Reference = string

// Crockford base32: no I, L, O, U, so that it survives a telephone.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const half = 20n
const halfMask = (1n << half) - 1n
const rounds = [0x5a17dn, 0xc3e91n, 0x2b7f5n, 0x91d3bn]

function mix(value: bigint, key: bigint): bigint {
  let mixed = (value + key) & halfMask
  mixed = (mixed * 0x9e37dn) & halfMask
  mixed ^= mixed >> 9n
  return (mixed * 0x85ebbn) & halfMask
}

function scramble(number: bigint): bigint {
  let left = number >> half
  let right = number & halfMask
  for (const key of rounds) [left, right] = [right, left ^ mix(right, key)]
  return (left << half) | right
}

function unscramble(scrambled: bigint): bigint {
  let left = scrambled >> half
  let right = scrambled & halfMask
  for (const key of rounds.toReversed()) [left, right] = [right ^ mix(left, key), left]
  return (left << half) | right
}

/** The reference of a room's own running number (0 to 2^40 − 1): a bijection, so two numbers never share one. */
export function referenceOf(prefix: ReferencePrefix, number: bigint): Reference {
  if (number < 0n || number >= 1n << 40n) throw new RangeError('a reference numbers 0 to 2^40 - 1')
  let rest = scramble(number)
  let text = ''
  for (let place = 0; place < 8; place++) {
    text = alphabet[Number(rest & 31n)]! + text
    rest >>= 5n
  }
  return `${prefix}-${text.slice(0, 4)}-${text.slice(4)}`
}

/**
 * The prefix and running number of a reference as a person may type it: any case, spaces or no hyphens,
 * and O for 0, I or L for 1. `undefined` when it is none.
 */
export function parseReference(
  text: string,
): { prefix: ReferencePrefix; number: bigint; reference: Reference } | undefined {
  const compact = text.toUpperCase().replace(/[\s-]/g, '')
  const prefix = compact.slice(0, 2)
  if (!Object.hasOwn(referencePrefixes, prefix) || compact.length !== 10) return undefined
  let scrambled = 0n
  for (const letter of compact.slice(2).replace(/O/g, '0').replace(/[IL]/g, '1')) {
    const digit = alphabet.indexOf(letter)
    if (digit < 0) return undefined
    scrambled = (scrambled << 5n) | BigInt(digit)
  }
  const number = unscramble(scrambled)
  return {
    prefix: prefix as ReferencePrefix,
    number,
    reference: referenceOf(prefix as ReferencePrefix, number),
  }
}

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

/** Where in the pool so many fresh random bytes stand. */
function freshBytes(count: number): number {
  if (poolAt + count > pool.length) {
    pool = crypto.getRandomValues(new Uint8Array(4096))
    poolAt = 0
  }
  poolAt += count
  return poolAt - count
}

let prefixMs = -1
let prefix = ''

/** A new UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, then random bits. The time in it orders, it proves nothing. */
export function uuidv7(unixMs: number = Date.now()): Uuid {
  if (unixMs !== prefixMs) {
    const time = Math.floor(unixMs).toString(16).padStart(12, '0')
    prefix = `${time.slice(0, 8)}-${time.slice(8)}-`
    prefixMs = unixMs
  }
  const at = freshBytes(10)
  const byte = (index: number) => hex[pool[at + index]!]!
  const version = hex[0x70 | (pool[at]! & 0x0f)]!
  const variant = hex[0x80 | (pool[at + 2]! & 0x3f)]!
  return `${prefix}${version}${byte(1)}-${variant}${byte(3)}-${byte(4)}${byte(5)}${byte(6)}${byte(7)}${byte(8)}${byte(9)}`
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
// A number is two halves of 20 bits, four letters each.
const halfBits = 20n
const halfMask = 0xfffff
const rounds = [0x5a17d, 0xc3e91, 0x2b7f5, 0x91d3b]

function mix(value: number, key: number): number {
  let mixed = Math.imul((value + key) & halfMask, 0x9e37d) & halfMask
  mixed ^= mixed >> 9
  return Math.imul(mixed, 0x85ebb) & halfMask
}

function scramble(left: number, right: number): [left: number, right: number] {
  for (const key of rounds) [left, right] = [right, left ^ mix(right, key)]
  return [left, right]
}

function unscramble(left: number, right: number): [left: number, right: number] {
  for (const key of rounds.toReversed()) [left, right] = [right ^ mix(left, key), left]
  return [left, right]
}

const lettersOf = (bits: number) =>
  alphabet[bits >> 15]! + alphabet[(bits >> 10) & 31]! + alphabet[(bits >> 5) & 31]! + alphabet[bits & 31]!

/** The reference of a room's own running number (0 to 2^40 − 1): a bijection, so two numbers never share one. */
export function referenceOf(prefix: ReferencePrefix, number: bigint): Reference {
  if (number < 0n || number >= 1n << 40n) throw new RangeError('a reference numbers 0 to 2^40 - 1')
  const [left, right] = scramble(Number(number >> halfBits), Number(number & BigInt(halfMask)))
  return `${prefix}-${lettersOf(left)}-${lettersOf(right)}`
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
  const letters = compact.slice(2).replace(/O/g, '0').replace(/[IL]/g, '1')
  const digits = [...letters].map((letter) => alphabet.indexOf(letter))
  if (digits.includes(-1)) return undefined
  const half = (from: number) => digits.slice(from, from + 4).reduce((bits, digit) => (bits << 5) | digit, 0)
  const [left, right] = unscramble(half(0), half(4))
  const number = (BigInt(left) << halfBits) | BigInt(right)
  return {
    prefix: prefix as ReferencePrefix,
    number,
    reference: referenceOf(prefix as ReferencePrefix, number),
  }
}

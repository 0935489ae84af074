// Keys, keyed hashes and tokens. One secret outside the database (the pepper) gives each purpose a key of its own.
// A token is kept as its SHA-256 only: it has 256 random bits, so nothing is gained by a slow hash.
import {
  createHmac,
  createSecretKey,
  hash,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
  type KeyObject,
} from 'node:crypto'

/** 32 bytes for one purpose, from the base64 pepper (HKDF-SHA256). Another purpose tells nothing about this one. */
export function deriveKey(pepper: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', Buffer.from(pepper, 'base64'), '', `tuntas ${purpose}`, 32))
}

const keyObjects = new WeakMap<Buffer, KeyObject>()

/** Given bytes, createHmac looks five times longer at what they are than it takes to hash; a key object is known at once. */
function asKeyObject(key: Buffer): KeyObject {
  let object = keyObjects.get(key)
  if (!object) keyObjects.set(key, (object = createSecretKey(key)))
  return object
}

/** HMAC-SHA256 over the parts, each with its length before it, so that no two lists of parts look the same. */
export function keyedHash(key: Buffer, ...parts: readonly (string | Buffer)[]): Buffer {
  const pieces = parts.flatMap((part) => {
    const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    return [length, bytes]
  })
  return createHmac('sha256', asKeyObject(key)).update(Buffer.concat(pieces)).digest()
}

/** Compares in constant time. */
export function sameHash(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right)
}

/** A new token of 256 random bits, and what the database keeps of it. */
export function newToken(): { token: string; hash: Buffer } {
  const token = randomBytes(32).toString('base64url')
  return { token, hash: hashToken(token) }
}

export function hashToken(token: string): Buffer {
  return hash('sha256', token, 'buffer')
}

// Keys, keyed hashes and tokens. One secret outside the database (the pepper) gives each purpose a key of its own.
// A token is kept as its SHA-256 only: it has 256 random bits, so nothing is gained by a slow hash.
import { hash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'

/** 32 bytes for one purpose, from the base64 pepper (HKDF-SHA256). Another purpose tells nothing about this one. */
export function deriveKey(pepper: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', Buffer.from(pepper, 'base64'), '', `tuntas ${purpose}`, 32))
}

const blockBytes = 64
/** The two padded keys of RFC 2104, each with room behind it for what is hashed with it. */
interface PaddedKey {
  inner: Buffer
  outer: Buffer
}
const paddedKeys = new WeakMap<Buffer, PaddedKey>()

function padded(key: Buffer): PaddedKey {
  let pads = paddedKeys.get(key)
  if (!pads) {
    const block = Buffer.alloc(blockBytes)
    block.set(key.length > blockBytes ? hash('sha256', key, 'buffer') : key)
    const inner = Buffer.alloc(blockBytes + 512)
    const outer = Buffer.alloc(blockBytes + 32)
    for (const [index, byte] of block.entries()) {
      inner[index] = byte ^ 0x36
      outer[index] = byte ^ 0x5c
    }
    paddedKeys.set(key, (pads = { inner, outer }))
  }
  return pads
}

/**
 * HMAC-SHA256 (RFC 2104) over the parts, each with its length before it, so that no two lists of parts look the same.
 * Of two hashes of the library in one call each: its own HMAC takes three times as long to begin as to hash so little,
 * and each payment needs two.
 */
export function keyedHash(key: Buffer, ...parts: readonly (string | Buffer)[]): Buffer {
  const pads = padded(key)
  let atMost = blockBytes
  // A character is three bytes in UTF-8 at most.
  for (const part of parts) atMost += 4 + (typeof part === 'string' ? part.length * 3 : part.length)
  let bytes = pads.inner
  if (atMost > bytes.length) {
    bytes = Buffer.allocUnsafe(atMost)
    pads.inner.copy(bytes, 0, 0, blockBytes)
  }
  let at = blockBytes
  for (const part of parts) {
    const length = typeof part === 'string' ? bytes.write(part, at + 4, 'utf8') : part.copy(bytes, at + 4)
    bytes.writeUInt32BE(length, at)
    at += 4 + length
  }
  // As a text of single bytes a hash comes out of the library in half the time of a buffer.
  pads.outer.write(hash('sha256', bytes.subarray(0, at), 'binary'), blockBytes, 'binary')
  // What is hashed may be a PIN.
  bytes.fill(0, blockBytes, at)
  return Buffer.from(hash('sha256', pads.outer, 'binary'), 'binary')
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

/** The same as text: how a session is called in memory. */
export function hashTokenAsText(token: string): string {
  return hash('sha256', token, 'base64')
}

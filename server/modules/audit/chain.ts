// The chain of hashes, as pure functions: each entry's hash covers the entry and the hash before it.
// The text that is hashed must never change its form, or old chains no longer verify.
import { createHash } from 'node:crypto'
import { keyedHash } from '#platform/keys.ts'

/** An entry as it stands in the database. */
export interface StoredEntry {
  id: bigint
  who_kind: string
  who_id: string | null
  action: string
  resource_kind: string
  resource_id: string | null
  detail: unknown
  at: Date
}

export const firstHash = Buffer.alloc(32)

/** One text for one entry: a JSON list in fixed order, the detail with its names sorted. */
export function canonical(entry: StoredEntry): string {
  return JSON.stringify([
    entry.id.toString(),
    entry.at.toISOString(),
    entry.who_kind,
    entry.who_id,
    entry.action,
    entry.resource_kind,
    entry.resource_id,
    sorted(entry.detail),
  ])
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  return Object.entries(value)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, inner]) => [name, sorted(inner)])
}

/** SHA-256 over the place, the hash before and the entry: anybody can check it without a key. */
export function chainHash(sequence: bigint, previous: Buffer, entry: StoredEntry): Buffer {
  return createHash('sha256')
    .update(`${sequence}\n`)
    .update(previous)
    .update(canonical(entry), 'utf8')
    .digest()
}

/** Proof that this house made the hash: somebody who computes the whole chain anew in the database lacks the key. */
export function chainMac(key: Buffer, hash: Buffer): Buffer {
  return keyedHash(key, hash)
}

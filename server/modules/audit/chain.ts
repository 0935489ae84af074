// The chain of hashes, as pure functions: a batch's hash covers its entries, a seal's hash covers the batch and the seal before.
// The text that is hashed must never change its form, or old chains no longer verify.
import { createHash, hash } from 'node:crypto'
import { keyedHash } from '#platform/keys.ts'
import type { AuditEntry } from './audit.ts'

/** An entry as it stands in the database. */
export interface StoredEntry {
  batch: bigint
  ordinal: number
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
export function canonical(entry: Omit<StoredEntry, 'batch' | 'ordinal'>): string {
  return JSON.stringify([
    entry.at.toISOString(),
    entry.who_kind,
    entry.who_id,
    entry.action,
    entry.resource_kind,
    entry.resource_id,
    sorted(entry.detail),
  ])
}

/** The same text before the entry is stored: what JSON leaves out or turns into text counts as stored. */
export function canonicalOf(entry: AuditEntry): string {
  return canonical({
    who_kind: entry.who.kind,
    who_id: entry.who.id ?? null,
    action: entry.action,
    resource_kind: entry.resource.kind,
    resource_id: entry.resource.id ?? null,
    detail: entry.detail ?? {},
    at: entry.at,
  })
}

function sorted(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(sorted)
  if ('toJSON' in value) return (value as { toJSON(): unknown }).toJSON()
  const names = Object.keys(value).filter((name) => (value as Record<string, unknown>)[name] !== undefined)
  return names.sort().map((name) => [name, sorted((value as Record<string, unknown>)[name])])
}

/** SHA-256 over the entries of a batch, each text with its length before it. */
export function contentHash(texts: readonly string[]): Buffer {
  return hash('sha256', texts.map((text) => `${Buffer.byteLength(text)}\n${text}`).join(''), 'buffer')
}

/** SHA-256 over the place, the batch's number, the hash before and the batch's own: anybody can check it without a key. */
export function chainHash(sequence: bigint, previous: Buffer, batch: bigint, content: Buffer): Buffer {
  return createHash('sha256').update(`${sequence}\n${batch}\n`).update(previous).update(content).digest()
}

/** Proof that this house made the hash: somebody who computes the whole chain anew in the database lacks the key. */
export function chainMac(key: Buffer, hash: Buffer): Buffer {
  return keyedHash(key, hash)
}

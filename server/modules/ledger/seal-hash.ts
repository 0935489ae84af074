// What a seal says, as pure functions: leaf of a transfer, Merkle root of a stripe, hash of a seal, text of a checkpoint.
// The bytes that are hashed must never change their form, or what was sealed no longer verifies.
import { hash as digest } from 'node:crypto'

/** A transfer as texts, exactly as they are hashed. Times are microseconds since 1970. */
export interface SealedTransfer {
  sequence: string
  id: string
  debitAccountId: string
  creditAccountId: string
  amount: string
  currency: string
  kind: string
  reference: string
  reversalOf: string | null
  holdId: string | null
  debitBalanceAfter: string
  debitEntry: string
  creditBalanceAfter: string
  creditEntry: string
  effectiveAtMicroseconds: string
  recordedAtMicroseconds: string
  /** `kind/owner/currency` of an account whose first entry this is, else null: who an account belongs to is sealed with its first money. */
  debitOpens: string | null
  creditOpens: string | null
}

const sha256 = (data: Buffer | string): Buffer => digest('sha256', data, 'buffer')
const lengthThen = (text: string) => `${Buffer.byteLength(text, 'utf8')}:${text}`

/** One text for one transfer. Fields in fixed order; free texts have their length before them, so that no two transfers look the same. */
export function transferText(transfer: SealedTransfer): string {
  return [
    transfer.sequence,
    transfer.id,
    transfer.debitAccountId,
    transfer.creditAccountId,
    transfer.amount,
    transfer.reversalOf ?? '',
    transfer.holdId ?? '',
    transfer.debitBalanceAfter,
    transfer.debitEntry,
    transfer.creditBalanceAfter,
    transfer.creditEntry,
    transfer.effectiveAtMicroseconds,
    transfer.recordedAtMicroseconds,
    lengthThen(transfer.currency),
    lengthThen(transfer.kind),
    lengthThen(transfer.reference),
    transfer.debitOpens ?? '',
    transfer.creditOpens ?? '',
  ].join('|')
}

/** A leaf is never taken for a node: each kind has its own first byte (RFC 9162). */
export function leafHash(transfer: SealedTransfer): Buffer {
  return sha256(`\0${transferText(transfer)}`)
}

const nodePrefix = Buffer.from([1])

/** Merkle root of leaves in ledger order, 32 bytes each one after the other. No leaf: 32 zeros. */
export function merkleRoot(leaves: Buffer): Buffer {
  if (leaves.length % 32 !== 0) throw new Error('leaves are 32 bytes each')
  if (leaves.length === 0) return Buffer.alloc(32)
  let level = leaves
  while (level.length > 32) {
    const pairs = Math.floor(level.length / 64)
    const odd = level.length % 64 === 32
    const next = Buffer.alloc((pairs + (odd ? 1 : 0)) * 32)
    for (let pair = 0; pair < pairs; pair++)
      sha256(Buffer.concat([nodePrefix, level.subarray(pair * 64, pair * 64 + 64)])).copy(next, pair * 32)
    // A last node without a neighbour goes up as it is: the same tree as RFC 9162.
    if (odd) level.copy(next, pairs * 32, pairs * 64)
    level = next
  }
  return Buffer.from(level)
}

/** Root of what is covered beside the transfers: one hash over all leaves, for nothing needs a path through them. */
export function rootOfPart(leaves: Buffer): Buffer {
  return leaves.length === 0 ? Buffer.alloc(32) : sha256(leaves)
}

export interface Seal {
  number: bigint
  lastSequence: bigint
  transfers: bigint
  total: bigint
  root: Buffer
  /** What else it covers; a seal of the first form covers nothing else. */
  parts?: SealedParts | undefined
  sealedAt: Date
}

/** How many of each there are up to where, and their root. Links follow the transfers' range. */
export interface SealedParts {
  links: { count: bigint; root: Buffer }
  events: { last: bigint; count: bigint; root: Buffer }
  keys: { last: bigint; count: bigint; root: Buffer }
}

/** The hash of a seal covers the seal before it: to change one is to change all that follow. */
export function sealHash(seal: Seal, previousHash: Buffer): Buffer {
  const { number, lastSequence, transfers, total, root, parts, sealedAt } = seal
  return sha256(
    [
      `tuntas ledger seal ${parts ? 2 : 1}`,
      number,
      lastSequence,
      transfers,
      total,
      root.toString('hex'),
      ...(parts ? [parts.links.count, parts.links.root.toString('hex')] : []),
      ...(parts
        ? [parts.events, parts.keys].flatMap((part) => [part.last, part.count, part.root.toString('hex')])
        : []),
      sealedAt.toISOString(),
      previousHash.toString('hex'),
    ].join('\n'),
  )
}

/** The state of the chain at one seal, as it is signed and kept outside of the database. Hashes in hex. */
export interface CheckpointBody {
  /** The hash of seal 0: which ledger this is. */
  ledger: string
  seal: string
  hash: string
  lastSequence: string
  /** Transfers sealed so far. */
  transfers: string
  signedAt: string
}

/** What the signature of a checkpoint covers. */
export function checkpointText(body: CheckpointBody): Buffer {
  return Buffer.from(
    [
      'tuntas ledger checkpoint 1',
      body.ledger,
      body.seal,
      body.hash,
      body.lastSequence,
      body.transfers,
      body.signedAt,
    ].join('\n'),
    'utf8',
  )
}

// Proves a copy of the ledger against signed checkpoints, or says what was done to it. Reads only, trusts no stored hash:
// every leaf, root and link is computed again from the rows, a page at a time.
import type { KeyObject } from 'node:crypto'
import type { Sql } from '#platform/db.ts'
import { followAccounts } from './seal-accounts.ts'
import { isSignedBy, type Checkpoint } from './seal-checkpoints.ts'
import { judgeDerived } from './seal-derived.ts'
import type { Find, Finding } from './seal-findings.ts'
import { merkleRoot, sealHash, writeLeaf, type SealedTransfer } from './seal-hash.ts'
import { countPart, hashPart, partNames, readNextPlace, type PartName } from './seal-parts.sql.ts'
import { belowAllNumbers } from './seal.ts'
import * as store from './seal.sql.ts'

export type { Finding, FindingKind } from './seal-findings.ts'

export interface VerifyReport {
  whole: boolean
  findings: Finding[]
  checkpoints: number
  seals: bigint
  transfers: bigint
  /** Transfers since the last seal: checked against the accounts, but nothing signed speaks for them. */
  unsealed: bigint
  /** Sealed beside the transfers, and since the last seal. */
  parts: Record<PartName, { sealed: bigint; unsealed: bigint }>
  /** The newest checkpoint that speaks for this copy. */
  provenUpTo: { seal: string; signedAt: string; transfers: string } | undefined
  /** False for a copy of a version that sealed transfers alone. */
  partsCovered: boolean
}

const mostFindings = 50
const page = 8192n
/** Batches of keys at once: each has some hundred at most. */
const batchPage = 64n
const endOfNumbers = 2n ** 63n - 1n

/** Give it one snapshot: a transaction in REPEATABLE READ, or a copy that nobody writes. */
export async function verifyLedger(
  sql: Sql,
  checkpoints: readonly Checkpoint[],
  keys: ReadonlyMap<string, KeyObject>,
): Promise<VerifyReport> {
  const findings: Finding[] = []
  const find: Find = (kind, detail) => {
    if (findings.length < mostFindings) findings.push({ kind, detail })
  }
  if (checkpoints.length === 0) find('no_checkpoints', 'there is nothing to prove this copy against')
  const signed = new Map<string, Checkpoint[]>()
  for (const checkpoint of checkpoints) {
    if (isSignedBy(checkpoint, keys))
      signed.set(checkpoint.seal, [...(signed.get(checkpoint.seal) ?? []), checkpoint])
    else find('checkpoint_forged', `the checkpoint of seal ${checkpoint.seal} is signed by no trusted key`)
  }

  const partsCovered = await store.hasParts(sql)
  const running = followAccounts(find)
  const parts: VerifyReport['parts'] = {
    links: { sealed: 0n, unsealed: 0n },
    events: { sealed: 0n, unsealed: 0n },
    keys: { sealed: 0n, unsealed: 0n },
  }
  let previous: store.StoredSeal | undefined
  let genesis = ''
  let transfers = 0n
  let oldUpTo = 0n
  let provenUpTo: VerifyReport['provenUpTo']
  await store.preferIndexes(sql, true)
  for (let number = 0n; ;) {
    const seals = await store.readSealsFrom(sql, number, 500)
    for (const seal of seals) {
      if (seal.number !== number)
        find('seal_missing', `seal ${number} is missing, the next one is ${seal.number}`)
      if (previous) {
        transfers += await checkStripe(sql, previous, seal, running.take, find)
        if (seal.parts) await checkParts(sql, previous, seal, partsCovered, parts, find)
        else oldUpTo = seal.lastSequence
      } else genesis = seal.hash.toString('hex')
      for (const checkpoint of signed.get(String(seal.number)) ?? []) {
        if (checkpoint.hash === seal.hash.toString('hex') && checkpoint.ledger === genesis)
          provenUpTo = {
            seal: checkpoint.seal,
            signedAt: checkpoint.signedAt,
            transfers: checkpoint.transfers,
          }
        else
          find(
            'checkpoint_differs',
            `seal ${seal.number} is not the one that was signed at ${checkpoint.signedAt}`,
          )
      }
      signed.delete(String(seal.number))
      previous = seal
      number = seal.number + 1n
    }
    if (seals.length === 0) break
  }
  for (const checkpoint of [...signed.values()].flat())
    find(
      BigInt(checkpoint.seal) > (previous?.number ?? -1n) ? 'tail_missing' : 'seal_missing',
      `seal ${checkpoint.seal}, signed at ${checkpoint.signedAt}, is not there (the chain ends at ${previous?.number ?? 'nothing'})`,
    )

  let unsealed = 0n
  for await (const rows of pagesOfTransfers(sql, previous?.lastSequence ?? 0n, endOfNumbers)) {
    rows.forEach(running.take)
    unsealed += BigInt(rows.length)
  }
  if (partsCovered) await takeUnsealedParts(sql, previous, parts, find)
  await store.preferIndexes(sql, false)
  await running.compare(sql)
  if (partsCovered) await judgeDerived(sql, oldUpTo, find)
  return {
    whole: findings.length === 0,
    findings,
    checkpoints: checkpoints.length,
    seals: previous?.number ?? 0n,
    transfers,
    unsealed,
    parts,
    provenUpTo,
    partsCovered,
  }
}

/** Transfers in ledger order, some thousand at once; over numbers that nobody used in one step. */
async function* pagesOfTransfers(sql: Sql, after: bigint, upTo: bigint): AsyncGenerator<SealedTransfer[]> {
  for (let from = after; from < upTo;) {
    const end = from + page < upTo ? from + page : upTo
    const rows = await store.readSealedTransfers(sql, from, end)
    if (rows.length > 0) yield rows
    const next = rows.length > 0 ? end + 1n : await store.readNextSequence(sql, end, upTo)
    if (next === undefined) return
    from = next - 1n
  }
}

/** Calls `take` range by range; over numbers that nobody used in one step. */
async function takePart(
  sql: Sql,
  name: 'events' | 'keys',
  { after, upTo }: { after: bigint; upTo: bigint },
  take: (after: bigint, upTo: bigint) => Promise<bigint>,
): Promise<void> {
  const length = name === 'keys' ? batchPage : page
  for (let from = after; from < upTo;) {
    const end = from + length < upTo ? from + length : upTo
    const next = (await take(from, end)) > 0n ? end + 1n : await readNextPlace(sql, name, end, upTo)
    if (next === undefined) return
    from = next - 1n
  }
}

async function checkStripe(
  sql: Sql,
  before: store.StoredSeal,
  seal: store.StoredSeal,
  take: (transfer: SealedTransfer) => void,
  find: Find,
): Promise<bigint> {
  const leaves: Buffer[] = []
  let count = 0n
  for await (const rows of pagesOfTransfers(sql, before.lastSequence, seal.lastSequence)) {
    const some = Buffer.alloc(rows.length * 32)
    rows.forEach((row, index) => {
      writeLeaf(seal.form, row, some, index * 32)
      take(row)
    })
    leaves.push(some)
    count += BigInt(rows.length)
  }
  const where = `seal ${seal.number} (sequences ${before.lastSequence + 1n} to ${seal.lastSequence})`
  if (count !== seal.transfers)
    find('transfers_differ', `${where} was made over ${seal.transfers} transfers, there are ${count}`)
  else if (!merkleRoot(Buffer.concat(leaves)).equals(seal.root))
    find('transfers_differ', `${where}: a transfer in it was changed or moved`)
  if (
    !sealHash(seal, before.hash).equals(seal.hash) ||
    seal.total !== before.total + seal.transfers ||
    seal.lastSequence < before.lastSequence ||
    (!seal.parts && (seal.lastSequence === before.lastSequence || before.parts !== undefined))
  )
    find('seal_changed', `${where} does not follow from the seal before it`)
  return count
}

const kinds = { links: 'links_differ', events: 'events_differ', keys: 'keys_differ' } as const
const words = {
  links: (seal: store.StoredSeal) => `seal ${seal.number}, links and exchanges of its transfers`,
  events: (seal: store.StoredSeal, from: bigint) =>
    `seal ${seal.number}, events of accounts and holds (${from < 0n ? 1n : from + 1n} to ${seal.parts!.events.last})`,
  keys: (seal: store.StoredSeal, from: bigint) =>
    `seal ${seal.number}, keys (batches ${from < 0n ? 0n : from + 1n} to ${seal.parts!.keys.last})`,
}

async function checkParts(
  sql: Sql,
  before: store.StoredSeal,
  seal: store.StoredSeal,
  readable: boolean,
  counts: VerifyReport['parts'],
  find: Find,
): Promise<void> {
  for (const name of partNames) {
    const sealed = seal.parts![name]
    const from = name === 'links' ? before.lastSequence : (before.parts?.[name].last ?? belowAllNumbers)
    const hashed = hashPart(sql, name, seal.form)
    // Links are as many as there are transfers in the stripe, at most.
    if (readable && name === 'links') await hashed.take(from, seal.lastSequence)
    else if (readable && name !== 'links')
      await takePart(sql, name, { after: from, upTo: seal.parts![name].last }, hashed.take)
    const { count, root } = hashed.result()
    const where = words[name](seal, from)
    if (count !== sealed.count) find(kinds[name], `${where}: ${sealed.count} were sealed, there are ${count}`)
    else if (!root.equals(sealed.root)) find(kinds[name], `${where}: one of them was changed or moved`)
    counts[name].sealed += count
  }
}

/** Counts what is not sealed yet. A number above the last one given can only have been put there by hand. */
async function takeUnsealedParts(
  sql: Sql,
  last: store.StoredSeal | undefined,
  counts: VerifyReport['parts'],
  find: Find,
): Promise<void> {
  const given = await store.readGiven(sql)
  for (const name of ['events', 'keys'] as const) {
    const from = last?.parts?.[name].last ?? belowAllNumbers
    counts[name].unsealed = await countPart(sql, name, from, given[name])
    const above = given[name] > from ? given[name] : from
    const next = await readNextPlace(sql, name, above, endOfNumbers)
    if (next !== undefined)
      find(kinds[name], `${name} with number ${next}: above every number that was given (${given[name]})`)
  }
  counts.links.unsealed = await countPart(sql, 'links', last?.lastSequence ?? 0n, endOfNumbers)
}

// Seals what the ledger has committed, in ledger order, after the commit: no writer ever waits for it.
// Must never happen: a seal over a range in which a transfer can still appear.
import { setImmediate } from 'node:timers/promises'
import type { Clock } from '#platform/clock.ts'
import type { Database, Transaction } from '#platform/db.ts'
import { merkleRootInSteps, sealHash } from './seal-hash.ts'
import { nothing, readNextPlace, readPartRoot } from './seal-parts.sql.ts'
import * as store from './seal.sql.ts'

/** Transfers and events in one seal at most: a stripe is read, hashed and verified on its own. */
export const stripeLength = 8192n
/** Each batch of keys has some hundred at most. */
const batchesToStripe = (stripe: bigint) => (stripe + 7n) / 8n
/** Below every number, also those that were put in by hand: a first range begins here. */
export const belowAllNumbers = -(2n ** 63n)

export interface SealOptions {
  /** How long to wait for the writers that were under way; beyond it the next call tries again. */
  patienceMs?: number
  stripe?: bigint
  /** In one transaction at most. */
  sealsAtOnce?: number
}

/** A sealer with much to catch up with keeps what it has done, and never holds back the cleaning of old rows for long. */
const mostSealsAtOnce = 16

/**
 * The highest numbers below which nothing is on its way any more; undefined when a writer does not end in time.
 * Sequences do not commit in order. So: read the last one given, then who writes at this moment. Whoever got one of those
 * numbers either has ended or is among these writers, because a writer holds its lock on the table before it gets its
 * first number. When they have ended, nothing can appear up to there. All in one session: after a crash of
 * the server numbers can be given again, and the session is gone with what it had read.
 */
export async function settledNumbers(tx: Transaction, patienceMs: number): Promise<store.Given | undefined> {
  const given = await store.readGiven(tx)
  let writing = await store.readWriters(tx)
  const until = performance.now() + patienceMs
  for (let pauseMs = 2; writing.length > 0; pauseMs = Math.min(50, pauseMs * 2)) {
    if (performance.now() > until) return undefined
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
    writing = await store.readStillWriting(tx, writing)
  }
  return given
}

/** The next range with anything in it, at most `length` numbers; nothing up to `upTo` is a range too. */
async function takeRange<Found extends { count: bigint }>(
  read: (after: bigint, upTo: bigint) => Promise<Found>,
  next: (after: bigint, upTo: bigint) => Promise<bigint | undefined>,
  { after, upTo, length, none }: { after: bigint; upTo: bigint; length: bigint; none: Found },
): Promise<Found & { last: bigint }> {
  if (after >= upTo) return { last: after, ...none }
  const within = (end: bigint) => (end < upTo ? end : upTo)
  const last = within(after + length)
  const found = await read(after, last)
  if (found.count > 0n) return { last, ...found }
  // Nothing but numbers that nobody used: the seal reaches over them to what comes next.
  const first = last < upTo ? await next(after, upTo) : undefined
  if (first === undefined) return { last: upTo, ...none }
  const end = within(first + length - 1n)
  return { last: end, ...(await read(after, end)) }
}

/** Seals everything that is settled, in as many transactions as it takes; returns how many transfers. 0 when another process is at it. */
export async function sealSettled(db: Database, clock: Clock, options: SealOptions = {}): Promise<number> {
  let transfers = 0n
  for (;;) {
    const done = await sealSome(db, clock, options)
    transfers += done.transfers
    if (!done.more) return Number(transfers)
  }
}

function sealSome(
  db: Database,
  clock: Clock,
  { patienceMs = 1000, stripe = stripeLength, sealsAtOnce = mostSealsAtOnce }: SealOptions,
): Promise<{ transfers: bigint; more: boolean }> {
  return db.transaction(async (tx) => {
    let transfers = 0n
    if (!(await store.takeTurn(tx))) return { transfers, more: false }
    const given = await settledNumbers(tx, patienceMs)
    if (given === undefined) return { transfers, more: false }
    // A range of a large table is read through its index, whatever the statistics say of the newest rows.
    await tx.run(
      'SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off',
    )
    let last = await store.readLastSeal(tx)
    if (!last) throw new Error('ledger.seals has lost its first row: the chain cannot go on')
    for (let count = 0; count < sealsAtOnce; count++) {
      const made = await sealNext(tx, last, given, stripe, clock)
      if (!made) return { transfers, more: false }
      transfers += made.transfers
      last = made
    }
    return { transfers, more: true }
  })
}

/** One seal over the next of everything, or undefined when there is nothing left. */
async function sealNext(
  tx: Transaction,
  last: store.StoredSeal,
  given: store.Given,
  stripe: bigint,
  clock: Clock,
): Promise<store.StoredSeal | undefined> {
  const range = (name: 'events' | 'keys', length: bigint) =>
    takeRange(
      (after, upTo) => readPartRoot(tx, name, after, upTo),
      (after, upTo) => readNextPlace(tx, name, after, upTo),
      { after: last.parts?.[name].last ?? belowAllNumbers, upTo: given[name], length, none: nothing },
    )
  const transfers = await takeRange(
    (after, upTo) => store.readLeaves(tx, after, upTo),
    (after, upTo) => store.readNextSequence(tx, after, upTo),
    {
      after: last.lastSequence,
      upTo: given.transfers,
      length: stripe,
      none: { count: 0n, leaves: Buffer.alloc(0) },
    },
  )
  const links =
    transfers.count > 0n ? await readPartRoot(tx, 'links', last.lastSequence, transfers.last) : nothing
  const events = await range('events', stripe)
  const keys = await range('keys', batchesToStripe(stripe))
  if (transfers.count + events.count + keys.count === 0n) return undefined
  const seal = {
    form: 3 as const,
    number: last.number + 1n,
    lastSequence: transfers.last,
    transfers: transfers.count,
    total: last.total + transfers.count,
    root: await merkleRootInSteps(transfers.leaves, () => setImmediate()),
    parts: { links, events, keys },
    sealedAt: clock.now(),
  }
  const made: store.StoredSeal = { ...seal, hash: sealHash(seal, last.hash) }
  await store.insertSeal(tx, made)
  return made
}

// For tests only: holds the ledger against every answer that was given while things were killed: nothing acknowledged is missing,
// nothing is there twice, nothing is there that nobody was told of.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { Uuid } from '#contract/ids.ts'
import { systemClock } from '#platform/clock.ts'
import type { Database } from '#platform/db.ts'
import type { Answer } from './crash-load-for-tests.ts'
import {
  createSeals,
  readPublicKeys,
  sealPlaces,
  verifyLedger,
  type Checkpoint,
  type Ledger,
  type NewHold,
} from './index.ts'

export interface Proof {
  posted: number
  refused: number
  broken: number
  linked: number
  holds: { placed: number; posted: number; voided: number; expired: number }
  sealedTransfers: bigint
  checkpoints: number
}

/** What a command says whose id is taken. */
export const takenTransfer = 'duplicate_reference'

interface Moved {
  debit: Uuid
  credit: Uuid
  amount: bigint
  holdId: Uuid | null
}

export async function proveLedger(crashed: {
  db: Database
  ledger: Ledger
  bank: Uuid
  wallets: readonly Uuid[]
  fundsMinor: bigint
  takenId: Uuid
  answers: readonly Answer[]
  dataFolder: string
}): Promise<Proof> {
  const { db, ledger, bank, wallets, fundsMinor, answers } = crashed
  const submitted = answers.flatMap(({ ask, outcome }) =>
    ask.do === 'submit' ? [{ command: ask.command, outcome }] : [],
  )
  const posted = submitted.filter(({ outcome }) => outcome === 'posted')
  const broken = submitted.filter(({ outcome }) => outcome === takenTransfer)
  // Broken are those whose id was taken, and no other: whoever shared their batch was answered like anybody. The rules may
  // refuse one of them before its id is looked at; posted it never is.
  for (const { command, outcome } of submitted) {
    const isTaken = command.transfers?.[0]!.id === crashed.takenId
    if (isTaken) assert.notEqual(outcome, 'posted')
    else assert.notEqual(outcome, takenTransfer)
  }
  assert.ok(broken.length > 0 || answers.length < 1000, 'no command broke its batch')

  const holds = placedHolds(answers)
  const expected = new Map<Uuid, Moved>()
  const balances = new Map<Uuid, bigint>(wallets.map((id) => [id, fundsMinor]))
  let linked = 0
  const expect = (id: Uuid, moved: Moved) => {
    assert.ok(!expected.has(id))
    expected.set(id, moved)
    balances.set(moved.debit, (balances.get(moved.debit) ?? 0n) - moved.amount)
    balances.set(moved.credit, (balances.get(moved.credit) ?? 0n) + moved.amount)
  }
  for (const { command } of posted) {
    const { transfers = [], hold } = command
    if (transfers.length > 1) linked += transfers.length
    for (const each of transfers)
      expect(each.id, {
        debit: each.debitAccountId,
        credit: each.creditAccountId,
        amount: each.amountMinor,
        holdId: null,
      })
    if (!hold) continue
    const { debitAccountId, creditAccountId } = holds.placed.get(hold.holdId)!
    expect(hold.transferId, {
      debit: debitAccountId,
      credit: creditAccountId,
      amount: hold.amountMinor!,
      holdId: hold.holdId,
    })
  }
  const rows = await db.read.rows<Moved & { id: Uuid }>(
    `SELECT id, debit_account_id AS debit, credit_account_id AS credit, amount, hold_id AS "holdId" FROM ledger.transfers
     WHERE debit_account_id <> $1 OR amount <> $2`,
    [bank, fundsMinor],
  )
  assert.equal(rows.length, expected.size, 'transfers acknowledged and committed')
  for (const { id, ...moved } of rows) assert.deepEqual(moved, expected.get(id))

  const accounts = await ledger.accounts(db.read, wallets)
  for (const id of wallets) assert.equal(accounts.get(id)!.balanceMinor, balances.get(id))
  const count = async (table: string) =>
    Number((await db.read.one<{ rows: bigint }>(`SELECT count(*) AS rows FROM ledger.${table}`)).rows)
  const keyed = answers.filter(
    ({ ask }) => (ask.do === 'place' || ask.do === 'void') && ask.key !== undefined,
  )
  assert.equal(await count('idempotency'), submitted.length - broken.length + keyed.length)
  assert.equal(await count('links'), linked)
  // Holds = the sum of the open ones: part of this, for every account.
  assert.deepEqual(await ledger.check(db.read), { sumsPerCurrency: { IDR: 0n }, brokenAccounts: [] })
  return {
    posted: posted.length,
    refused: submitted.length - posted.length - broken.length,
    broken: broken.length,
    linked,
    holds: await proveHolds(db, holds, answers),
    ...(await proveChain(db, crashed.dataFolder)),
  }
}

/**
 * Those that somebody was told to be placed; one that was there already when it was asked again counts. And those that may be
 * there although it was refused when it was asked again, without a key: the first try, which nobody answered, may itself hold
 * the money that the second one found missing.
 */
function placedHolds(answers: readonly Answer[]): {
  placed: Map<Uuid, NewHold>
  possible: Map<Uuid, NewHold>
} {
  const placed = new Map<Uuid, NewHold>()
  const possible = new Map<Uuid, NewHold>()
  for (const { ask, outcome, asked } of answers) {
    if (ask.do !== 'place') continue
    if (outcome === 'done') placed.set(ask.hold.id, ask.hold)
    else if (asked > 0 && ask.key === undefined && outcome === 'insufficient_funds')
      possible.set(ask.hold.id, ask.hold)
  }
  return { placed, possible }
}

async function proveHolds(
  db: Database,
  { placed, possible }: ReturnType<typeof placedHolds>,
  answers: readonly Answer[],
): Promise<Proof['holds']> {
  const takenOf = new Map<Uuid, bigint>()
  const endedBy = new Set<Uuid>()
  const voids = new Map<Uuid, { told: boolean; possible: boolean }>()
  for (const { ask, outcome, asked } of answers) {
    if (ask.do === 'submit' && ask.command.hold && outcome === 'posted') {
      const { holdId, amountMinor, last } = ask.command.hold
      takenOf.set(holdId, (takenOf.get(holdId) ?? 0n) + amountMinor!)
      if (last) endedBy.add(holdId)
    }
    if (ask.do !== 'void') continue
    const before = voids.get(ask.holdId)
    if (outcome === 'done') assert.ok(!before?.told, 'a hold is voided once')
    voids.set(ask.holdId, {
      told: outcome === 'done' || before?.told === true,
      // Refused when it was asked again: the first time, which nobody answered, may have done it. A key answers as it did first.
      possible: outcome === 'done' || (asked > 0 && ask.key === undefined) || before?.possible === true,
    })
  }
  const rows = await db.read.rows<{
    id: Uuid
    amount: bigint
    posted: bigint
    remaining: bigint
    state: string
    expires_at: Date | null
  }>('SELECT id, amount, posted, remaining, state, expires_at FROM ledger.holds')
  const there = new Set(rows.map((row) => row.id))
  for (const id of placed.keys()) assert.ok(there.has(id), 'a hold that somebody was told to be placed')
  const states = { posted: 0, voided: 0, expired: 0, open: 0 }
  for (const { id, amount, posted, remaining, state, expires_at } of rows) {
    states[state as 'open']++
    const wanted = placed.get(id) ?? possible.get(id)
    assert.ok(wanted, 'placed, and nobody asked for it')
    assert.deepEqual([amount, expires_at ?? undefined], [wanted.amountMinor, wanted.expiresAt])
    assert.equal(posted, takenOf.get(id) ?? 0n, 'what was posted of a hold')
    assert.equal(remaining, state === 'open' ? amount - posted : 0n)
    if (voids.get(id)?.told) assert.equal(state, 'voided', 'a hold that somebody was told to be voided')
    if (state === 'voided') assert.ok(voids.get(id)?.possible, 'voided, and nobody asked for it')
    if (state === 'expired') assert.ok(expires_at, 'expired without a time')
    assert.equal(state === 'posted', posted === amount || endedBy.has(id))
  }
  return { placed: rows.length, posted: states.posted, voided: states.voided, expired: states.expired }
}

async function proveChain(
  db: Database,
  dataFolder: string,
): Promise<{ sealedTransfers: bigint; checkpoints: number }> {
  const places = sealPlaces(dataFolder)
  const idle = {
    loop: () => ({ wake: () => undefined }),
    start: () => undefined,
    stop: async () => undefined,
  }
  const seals = createSeals({ db, clock: systemClock, jobs: idle, log: console as never }, places)
  await seals.seal()
  await seals.checkpoint()
  const checkpoints: Checkpoint[] = []
  for (const name of await places.checkpoints.list())
    checkpoints.push(JSON.parse(await places.checkpoints.get(name)) as Checkpoint)
  const keys = readPublicKeys(readFileSync(places.publicKeyFile, 'utf8'))
  const verified = await verifyLedger(db.read, checkpoints, keys)
  assert.deepEqual(verified.findings, [])
  assert.equal(verified.unsealed, 0n)
  return { sealedTransfers: verified.transfers, checkpoints: checkpoints.length }
}

// Proves a copy of the ledger against signed checkpoints, or says what was done to it. Reads only, trusts no stored hash:
// every leaf, root and link is computed again from the rows.
import type { KeyObject } from 'node:crypto'
import type { Sql } from '#platform/db.ts'
import { isSignedBy, type Checkpoint } from './seal-checkpoints.ts'
import { leafHash, merkleRoot, sealHash, type SealedTransfer } from './seal-hash.ts'
import * as store from './seal.sql.ts'

export type FindingKind =
  /** No checkpoint at all: nothing outside of the database speaks for it. */
  | 'no_checkpoints'
  /** A checkpoint that none of the trusted keys signed. */
  | 'checkpoint_forged'
  /** The chain is another one than the one that was signed: rewritten, restored and continued, or another ledger. */
  | 'checkpoint_differs'
  /** The chain ends before a signed state: its end was cut off, or an older backup was restored. */
  | 'tail_missing'
  | 'seal_missing'
  /** A seal does not follow from its own figures and the seal before it. */
  | 'seal_changed'
  /** The transfers of a stripe are others than those that were sealed. */
  | 'transfers_differ'
  /** An entry does not follow from the entry before it on the same account. */
  | 'balance_does_not_follow'
  /** An account says another balance than its entries. */
  | 'account_differs'
  | 'sum_not_zero'

export interface Finding {
  kind: FindingKind
  detail: string
}

export interface VerifyReport {
  whole: boolean
  findings: Finding[]
  checkpoints: number
  seals: bigint
  transfers: bigint
  /** Transfers since the last seal: checked against the accounts, but nothing signed speaks for them. */
  unsealed: bigint
  /** The newest checkpoint that speaks for this copy. */
  provenUpTo: { seal: string; signedAt: string; transfers: string } | undefined
}

const mostFindings = 50
const unsealedPage = 8192n

/** Give it one snapshot: a transaction in REPEATABLE READ, or a copy that nobody writes. */
export async function verifyLedger(
  sql: Sql,
  checkpoints: readonly Checkpoint[],
  keys: ReadonlyMap<string, KeyObject>,
): Promise<VerifyReport> {
  const findings: Finding[] = []
  const find = (kind: FindingKind, detail: string) => {
    if (findings.length < mostFindings) findings.push({ kind, detail })
  }
  if (checkpoints.length === 0) find('no_checkpoints', 'there is nothing to prove this copy against')
  const signed = new Map<string, Checkpoint[]>()
  for (const checkpoint of checkpoints) {
    if (isSignedBy(checkpoint, keys))
      signed.set(checkpoint.seal, [...(signed.get(checkpoint.seal) ?? []), checkpoint])
    else find('checkpoint_forged', `the checkpoint of seal ${checkpoint.seal} is signed by no trusted key`)
  }

  const running = followAccounts(find)
  let previous: store.StoredSeal | undefined
  let genesis = ''
  let transfers = 0n
  let provenUpTo: VerifyReport['provenUpTo']
  for (let number = 0n; ;) {
    const seals = await store.readSealsFrom(sql, number, 500)
    for (const seal of seals) {
      if (seal.number !== number)
        find('seal_missing', `seal ${number} is missing, the next one is ${seal.number}`)
      if (previous) {
        transfers += await checkStripe(sql, previous, seal, running.take, find)
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

  const unsealed = await takeUnsealed(sql, previous?.lastSequence ?? 0n, running.take)
  await running.compare(sql)
  return {
    whole: findings.length === 0,
    findings,
    checkpoints: checkpoints.length,
    seals: previous?.number ?? 0n,
    transfers,
    unsealed,
    provenUpTo,
  }
}

type Find = (kind: FindingKind, detail: string) => void

async function checkStripe(
  sql: Sql,
  before: store.StoredSeal,
  seal: store.StoredSeal,
  take: (transfer: SealedTransfer) => void,
  find: Find,
): Promise<bigint> {
  const rows = await store.readSealedTransfers(sql, before.lastSequence, seal.lastSequence)
  const leaves = Buffer.alloc(rows.length * 32)
  rows.forEach((row, index) => {
    leafHash(row).copy(leaves, index * 32)
    take(row)
  })
  const count = BigInt(rows.length)
  const where = `seal ${seal.number} (sequences ${before.lastSequence + 1n} to ${seal.lastSequence})`
  if (count !== seal.transfers)
    find('transfers_differ', `${where} was made over ${seal.transfers} transfers, there are ${count}`)
  else if (!merkleRoot(leaves).equals(seal.root))
    find('transfers_differ', `${where}: a transfer in it was changed or moved`)
  if (
    !sealHash(seal, before.hash).equals(seal.hash) ||
    seal.total !== before.total + seal.transfers ||
    seal.lastSequence <= before.lastSequence
  )
    find('seal_changed', `${where} does not follow from the seal before it`)
  return count
}

/** Every account's balance and entry number, carried along in ledger order. */
function followAccounts(find: Find) {
  const accounts = new Map<string, { balance: bigint; entries: bigint }>()
  const sums = new Map<string, bigint>()
  function side(id: string, change: bigint, after: string, entry: string, transfer: string) {
    let account = accounts.get(id)
    if (!account) accounts.set(id, (account = { balance: 0n, entries: 0n }))
    account.balance += change
    account.entries += 1n
    if (String(account.balance) === after && String(account.entries) === entry) return
    find(
      'balance_does_not_follow',
      `transfer ${transfer}: entry ${entry} of account ${id} says ${after}, the entries before it give ${account.balance} as entry ${account.entries}`,
    )
    // Goes on from what it says, so that one change is told once.
    account.balance = BigInt(after)
    account.entries = BigInt(entry)
  }
  return {
    take(transfer: SealedTransfer) {
      const amount = BigInt(transfer.amount)
      side(
        transfer.debitAccountId,
        -amount,
        transfer.debitBalanceAfter,
        transfer.debitEntry,
        transfer.sequence,
      )
      side(
        transfer.creditAccountId,
        amount,
        transfer.creditBalanceAfter,
        transfer.creditEntry,
        transfer.sequence,
      )
    },
    async compare(sql: Sql) {
      const page = 5000
      for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
        const rows = await store.readAccountsAfter(sql, after, page)
        for (const { id, currency, balance, entries } of rows) {
          const followed = accounts.get(id) ?? { balance: 0n, entries: 0n }
          accounts.delete(id)
          sums.set(currency, (sums.get(currency) ?? 0n) + balance)
          if (followed.balance !== balance || followed.entries !== entries)
            find(
              'account_differs',
              `account ${id} says ${balance} after ${entries} entries, its entries give ${followed.balance} after ${followed.entries}`,
            )
        }
        if (rows.length < page) break
        after = rows.at(-1)!.id
      }
      for (const id of accounts.keys()) find('account_differs', `account ${id} has entries and is gone`)
      for (const [currency, sum] of sums)
        if (sum !== 0n) find('sum_not_zero', `all accounts in ${currency} sum to ${sum}`)
    },
  }
}

async function takeUnsealed(
  sql: Sql,
  after: bigint,
  take: (transfer: SealedTransfer) => void,
): Promise<bigint> {
  const given = await store.readGivenSequence(sql)
  let count = 0n
  const takeRange = async (from: bigint, upTo: bigint) => {
    const rows = await store.readSealedTransfers(sql, from, upTo)
    rows.forEach(take)
    count += BigInt(rows.length)
  }
  let from = after
  for (; from < given; from += unsealedPage)
    await takeRange(from, from + unsealedPage < given ? from + unsealedPage : given)
  // A number above the last one given can only have been put there by hand.
  await takeRange(given > after ? given : after, 2n ** 63n - 1n)
  return count
}

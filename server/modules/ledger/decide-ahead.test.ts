// Deciding ahead of the locks is a guess that the database proves: whoever else moves the same money, by whatever way, the
// answers are those of the rows.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import {
  createLedger,
  createTransferQueue,
  type AccountKind,
  type Ledger,
  type TransferQueue,
} from './index.ts'
import { insertKeys, takeTurn } from './keys.sql.ts'

let platform: TestPlatform
let ledger: Ledger
let queue: TransferQueue
let wallets: string[]

beforeAll(async () => {
  platform = await createTestPlatform()
  ledger = createLedger(platform)
})
afterAll(() => platform.close())
beforeEach(async () => {
  queue = createTransferQueue(platform, ledger)
  wallets = await openAccounts(4)
})

async function openAccounts(count: number, kind: AccountKind = 'customer_wallet', minimumMinor?: bigint) {
  const ids = Array.from({ length: count }, () => uuidv7())
  await platform.db.transaction((tx) =>
    ledger.openAccounts(
      tx,
      ids.map((id) => ({ id, kind, ownerId: id, currency: 'IDR' as const, minimumMinor })),
    ),
  )
  return ids
}

const leg = (from: string, to: string, amountMinor: bigint, reference = 'TN-TEST-0001') => ({
  id: uuidv7(),
  debitAccountId: from,
  creditAccountId: to,
  amountMinor,
  currency: 'IDR' as const,
  kind: 'test',
  reference,
})
const move = (from: string, to: string, amountMinor: bigint, by = queue) =>
  by.submit({ ownerId: from, key: uuidv7(), transfers: [leg(from, to, amountMinor)] })
const postedElsewhere = (from: string, to: string, amountMinor: bigint) =>
  platform.db.transaction((tx) => ledger.post(tx, [leg(from, to, amountMinor)]))
const balances = async (ids: readonly string[]) => {
  const found = await ledger.accounts(platform.db.read, ids)
  return ids.map((id) => found.get(id)!.balanceMinor)
}
const sound = async () => expect((await ledger.check(platform.db.read)).brokenAccounts).toEqual([])

it('what nothing speaks against is answered ahead of the locks, batch upon batch', async () => {
  const [a, b, c] = wallets as [string, string, string]
  for (let round = 0; round < 5; round++)
    expect(await Promise.all([move(a, b, 1n), move(b, c, 2n), move(c, a, 3n)])).toEqual(
      Array(3).fill('posted'),
    )
  expect(queue.statistics.ahead).toBe(15)
  expect(await balances([a, b, c])).toEqual([10n, -5n, -5n])
  await sound()
  await queue.close()
})

it("batches side by side keep the order in which they were decided: each account has its entries in the ledger's order", async () => {
  const small = createTransferQueue(platform, ledger, { maximumSize: 40, lanes: 3 })
  const all = await openAccounts(60)
  const answers = await Promise.all(
    Array.from({ length: 1200 }, (_, place) =>
      move(all[place % 60]!, all[(place * 7 + 1 + (place % 5)) % 60]!, 1n, small),
    ),
  )
  expect(new Set(answers)).toEqual(new Set(['posted']))
  // None had to be withdrawn: what a batch was decided on was there when it moved the balances.
  expect(small.statistics.ahead).toBe(1200)
  const { disordered } = await platform.db.read.one<{ disordered: bigint }>(
    `SELECT count(*) AS disordered FROM (
       SELECT sequence < lag(sequence) OVER (PARTITION BY account_id ORDER BY entry) AS runs_against FROM ledger.entries
       WHERE account_id = ANY($1)
     ) AS each WHERE runs_against`,
    [all],
  )
  expect(disordered).toBe(0n)
  await sound()
  await small.close()
})

it('money that came by another way is spent: what looks refused is asked of the rows', async () => {
  const [bank] = wallets as [string]
  const [wallet] = (await openAccounts(1, 'customer_wallet', 0n)) as [string]
  expect(await move(bank, wallet, 5n)).toBe('posted')
  await postedElsewhere(bank, wallet, 100n)
  expect(await move(wallet, bank, 50n)).toBe('posted')
  expect(await balances([wallet])).toEqual([55n])
  expect(await move(wallet, bank, 56n)).toBe('insufficient_funds')
  await queue.close()
})

it('money that left by another way is not spent twice: what looks possible is refused by the rows', async () => {
  const [bank] = wallets as [string]
  const [wallet] = (await openAccounts(1, 'customer_wallet', 0n)) as [string]
  expect(await move(bank, wallet, 100n)).toBe('posted')
  await postedElsewhere(wallet, bank, 80n)
  expect(await move(wallet, bank, 50n)).toBe('insufficient_funds')
  await postedElsewhere(bank, wallet, 1n)
  await platform.db.transaction((tx) => ledger.freeze(tx, wallet, 'debits'))
  expect(await move(wallet, bank, 1n)).toBe('account_frozen')
  expect(await balances([wallet])).toEqual([21n])
  await sound()
  await queue.close()
})

it('three writers on the same few accounts, in both directions and among wallets and shops: each command once, nothing else', async () => {
  const shops = await openAccounts(2, 'shop_payable')
  const all = [...wallets, ...shops]
  const others = [
    createTransferQueue(platform, ledger),
    createTransferQueue(platform, ledger, { ahead: false }),
  ]
  const sums = new Map(all.map((id) => [id, 0n]))
  const answers = await Promise.all(
    Array.from({ length: 600 }, (_, place) => {
      const from = all[place % all.length]!
      const to = all[(place * 7 + 1 + (place % 5)) % all.length]!
      if (from === to) return 'posted'
      const amount = BigInt(1 + (place % 9))
      sums.set(from, sums.get(from)! - amount)
      sums.set(to, sums.get(to)! + amount)
      return move(from, to, amount, [queue, ...others][place % 3])
    }),
  )
  expect(new Set(answers)).toEqual(new Set(['posted']))
  expect(await balances(all)).toEqual([...sums.values()])
  await sound()
  await Promise.all([queue, ...others].map((each) => each.close()))
})

it('gives way to whoever holds a lock, waits for it under the locks, and loses nothing', async () => {
  const [a, b] = wallets as [string, string]
  expect(await move(a, b, 1n)).toBe('posted')
  let letGo = () => {}
  const held = new Promise<void>((resolve) => (letGo = resolve))
  let hasIt = () => {}
  const locked = new Promise<void>((resolve) => (hasIt = resolve))
  const holder = platform.db.transaction(async (tx) => {
    await ledger.lockAccounts(tx, [a])
    hasIt()
    await held
  })
  await locked
  const answer = move(a, b, 1n)
  try {
    await expect.poll(waitingForLocks).toBeGreaterThan(0)
  } finally {
    letGo()
    await holder
  }
  expect(await answer).toBe('posted')
  expect(queue.statistics.ahead).toBe(1)
  expect(await balances([a, b])).toEqual([-2n, 2n])
  await queue.close()
})

/** Those who wait for a row, not for their turn. */
async function waitingForLocks(): Promise<number> {
  const { count } = await platform.db.read.one<{ count: bigint }>(
    `SELECT count(*) FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%FOR NO KEY UPDATE%'`,
  )
  return Number(count)
}

it('gives way to whoever waits for its key with the accounts in hand', async () => {
  const [a, b] = wallets as [string, string]
  expect(await move(a, b, 1n)).toBe('posted')
  const key = uuidv7()
  let asked: Promise<string> = Promise.resolve('nobody')
  let inTheWay: Promise<void> = Promise.resolve()
  await platform.db.transaction(async (tx) => {
    await takeTurn(tx, 'now')
    asked = queue.submit({ ownerId: a, key, transfers: [leg(a, b, 10n)] })
    await expect.poll(waitingForTheTurn).toBe(1)
    let hasIt = () => {}
    const locked = new Promise<void>((resolve) => (hasIt = resolve))
    // Somebody who has decided otherwise about the same key.
    inTheWay = platform.db.transaction(async (other) => {
      await ledger.lockAccounts(other, [a])
      hasIt()
      await insertKeys(other, [{ ownerId: a, key, bodyHash: Buffer.from('another body'), outcome: 'posted' }])
    })
    await locked
  })
  await inTheWay
  expect(await asked).toBe('idempotency_conflict')
  expect(await balances([a, b])).toEqual([-1n, 1n])
  await sound()
  await queue.close()
})

async function waitingForTheTurn(): Promise<number> {
  const { count } = await platform.db.read.one<{ count: bigint }>(
    `SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  )
  return Number(count)
}

it('a queue that is closed has answered everything, also what it found out under the locks', async () => {
  const [bank] = wallets as [string]
  const [wallet] = (await openAccounts(1, 'customer_wallet', 0n)) as [string]
  const answers = Promise.all([move(bank, wallet, 5n), move(wallet, bank, 7n), move(bank, wallet, 1n)])
  await queue.close()
  expect(await answers).toEqual(['posted', 'insufficient_funds', 'posted'])
})

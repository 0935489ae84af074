// The ledger's own queue: each key one effect, for ever, whatever comes twice, at once, or with another body.
import { expect, it } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import type { Database, Transaction } from '#platform/db.ts'
import { createTransferQueue, type TransferCommand } from './index.ts'
import {
  balance,
  bank,
  command,
  ledger,
  other,
  platform,
  queue,
  transfer,
  useQueues,
  wallet,
} from './queue-for-tests.ts'

useQueues()

it('M4 the same key fifty times at once, in two processes, moves once and answers the same', async () => {
  const key = uuidv7()
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, place) =>
      (place % 2 ? queue : other).submit(command(key, transfer(bank, wallet, 7n))),
    ),
  )
  expect(new Set(answers)).toEqual(new Set(['posted']))
  expect(await balance(wallet)).toBe(7n)
})

it('M2 the same key with another body is refused, also when both come at once with other accounts', async () => {
  const key = uuidv7()
  expect(await queue.submit(command(key, transfer(bank, wallet, 7n)))).toBe('posted')
  expect(await queue.submit(command(key, transfer(bank, wallet, 8n)))).toBe('idempotency_conflict')
  const second = uuidv7()
  const third = uuidv7()
  await platform.db.transaction((tx) =>
    ledger.openAccounts(
      tx,
      [second, third].map((id) => ({
        id,
        kind: 'customer_wallet' as const,
        ownerId: id,
        currency: 'IDR' as const,
      })),
    ),
  )
  for (let round = 0; round < 20; round++) {
    const fresh = uuidv7()
    const answers = await Promise.all([
      queue.submit(command(fresh, transfer(bank, wallet, 1n))),
      other.submit(command(fresh, transfer(second, third, 2n))),
    ])
    expect(answers.toSorted()).toEqual(['idempotency_conflict', 'posted'])
  }
  expect((await balance(wallet)) - 7n + (await balance(third)) / 2n).toBe(20n)
})

it('M3 the same key of another owner is another key', async () => {
  const key = uuidv7()
  expect(await queue.submit({ ...command(key, transfer(bank, wallet, 7n)), ownerId: bank })).toBe('posted')
  expect(await queue.submit(command(key, transfer(bank, wallet, 7n)))).toBe('posted')
  expect(await balance(wallet)).toBe(14n)
})

it('a refusal on its merits is remembered: what would be possible later is still refused under the old key', async () => {
  const key = uuidv7()
  const spend = () => command(key, transfer(wallet, bank, 5n))
  expect(await queue.submit(spend())).toBe('insufficient_funds')
  await queue.submit(command(uuidv7(), transfer(bank, wallet, 50n)))
  expect(await queue.submit(spend())).toBe('insufficient_funds')
  expect(await queue.submit({ ...spend(), key: uuidv7() })).toBe('posted')
  expect(await queue.submit(command(uuidv7(), transfer(bank, wallet, 90n)))).toBe('balance_limit')
})

it('linked legs are one command; one that breaks its batch is refused alone', async () => {
  const legs = (amount: bigint) => [transfer(bank, wallet, amount), transfer(wallet, bank, amount)]
  const twice = transfer(bank, wallet, 1n)
  await queue.submit(command(uuidv7(), twice))
  const answers = await Promise.allSettled([
    queue.submit(command(uuidv7(), ...legs(10n))),
    // The id of a transfer that exists: only the database notices.
    queue.submit(command(uuidv7(), { ...transfer(bank, wallet, 2n), id: twice.id })),
    queue.submit(command(uuidv7(), ...legs(2000n))),
    queue.submit(command(uuidv7(), transfer(bank, wallet, 3n))),
  ])
  expect(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : 'broken'))).toEqual([
    'posted',
    'broken',
    'balance_limit',
    'posted',
  ])
  expect(await balance(wallet)).toBe(4n)
  await expect(queue.submit({ ownerId: wallet, key: uuidv7() })).rejects.toMatchObject({
    code: 'validation_failed',
  })
})

it('holds are posted in batches, each as often as it has something left', async () => {
  await queue.submit(command(uuidv7(), transfer(bank, wallet, 90n)))
  const hold = { ...transfer(wallet, bank, 60n), id: uuidv7() }
  await platform.db.transaction((tx) => ledger.placeHolds(tx, [hold]))
  const part = (amountMinor: bigint | undefined, more = {}): TransferCommand => ({
    ownerId: wallet,
    key: uuidv7(),
    hold: {
      holdId: hold.id,
      transferId: uuidv7(),
      ...(amountMinor === undefined ? {} : { amountMinor }),
      kind: 'test',
      effectiveAt: platform.clock.now(),
      accountIds: [wallet, bank],
      ...more,
    },
  })
  const answers = await Promise.all([
    ...Array.from({ length: 7 }, () => queue.submit(part(10n))),
    queue.submit(part(1n, { holdId: uuidv7() })),
  ])
  expect(answers.toSorted()).toEqual([
    ...Array(1).fill('hold_closed'),
    'hold_unknown',
    ...Array(6).fill('posted'),
  ])
  expect((await ledger.accounts(platform.db.read, [wallet])).get(wallet)).toMatchObject({
    balanceMinor: 30n,
    heldMinor: 0n,
  })
  const second = { ...transfer(wallet, bank, 20n), id: uuidv7() }
  await platform.db.transaction((tx) => ledger.placeHolds(tx, [second]))
  expect(await queue.submit(part(21n, { holdId: second.id }))).toBe('hold_exceeded')
  expect(await queue.submit(part(5n, { holdId: second.id, last: true }))).toBe('posted')
  expect((await ledger.accounts(platform.db.read, [wallet])).get(wallet)).toMatchObject({
    balanceMinor: 25n,
    heldMinor: 0n,
  })
  expect((await ledger.check(platform.db.read)).brokenAccounts).toEqual([])
})

it('a batch of plain transfers asks the database for nothing more than before: accounts, keys, rows', async () => {
  const seen: string[] = []
  const listening: Database = {
    ...platform.db,
    async dedicated() {
      const connection = await platform.db.dedicated()
      const hearing = (tx: Transaction): Transaction => ({
        ...tx,
        rows: (text, parameters, name) => (seen.push(name ?? text), tx.rows(text, parameters, name)),
        run: (text, parameters, name) => (seen.push(name ?? text), tx.run(text, parameters, name)),
      })
      return { ...connection, transaction: (work) => connection.transaction((tx) => work(hearing(tx))) }
    },
  }
  for (const ahead of [true, false]) {
    const heard = createTransferQueue({ db: listening, clock: platform.clock }, ledger, { ahead })
    const pay = () =>
      heard.submit({ ownerId: wallet, key: uuidv7(), transfers: [transfer(bank, wallet, 1n)] })
    expect(await Promise.all([pay(), pay()])).toEqual(['posted', 'posted'])
    await heard.close()
  }
  expect(seen).toEqual([
    'ledger-read-keys',
    'ledger-read-accounts',
    'ledger-insert-keys',
    'ledger-take-turn-whenMoving',
    'ledger-insert-transfers',
    'ledger-lock-accounts',
    'ledger-read-keys',
    'ledger-insert-transfers',
    'ledger-insert-keys',
  ])
})

// The ledger on a real database: posting, refusing, holds, reversal, statements, and what the database itself refuses.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import { availableMinor, createLedger, type Ledger, type TransferRequest } from './index.ts'

let platform: TestPlatform
let ledger: Ledger
let bank: string
let alice: string
let bob: string

beforeAll(async () => {
  platform = await createTestPlatform()
  ledger = createLedger(platform)
  bank = await platform.db.transaction((tx) =>
    ledger.ensureSystemAccount(tx, { kind: 'bank_clearing', currency: 'IDR' }),
  )
})
afterAll(() => platform.close())

beforeEach(async () => {
  alice = uuidv7()
  bob = uuidv7()
  await platform.db.transaction(async (tx) => {
    await ledger.openAccounts(tx, [
      {
        id: alice,
        kind: 'customer_wallet',
        ownerId: uuidv7(),
        currency: 'IDR',
        minimumMinor: 0n,
        maximumMinor: 1000n,
      },
      { id: bob, kind: 'customer_wallet', ownerId: uuidv7(), currency: 'IDR', minimumMinor: 0n },
    ])
    await ledger.post(tx, [transfer(bank, alice, 500n)])
  })
})

function transfer(
  debitAccountId: string,
  creditAccountId: string,
  amountMinor: bigint,
  more: Partial<TransferRequest> = {},
): TransferRequest {
  return {
    id: uuidv7(),
    debitAccountId,
    creditAccountId,
    amountMinor,
    currency: 'IDR',
    kind: 'test',
    reference: 'TN-TEST-0001',
    effectiveAt: platform.clock.now(),
    ...more,
  }
}

const post = (...transfers: TransferRequest[]) => platform.db.transaction((tx) => ledger.post(tx, transfers))
const hold = (id: string, amountMinor: bigint, expiresAt?: Date) =>
  platform.db.transaction((tx) =>
    ledger.placeHolds(tx, [
      {
        id,
        debitAccountId: alice,
        creditAccountId: bob,
        amountMinor,
        currency: 'IDR',
        reference: 'TN-TEST-0002',
        expiresAt,
      },
    ]),
  )

async function balances() {
  const accounts = await ledger.accounts(platform.db.read, [alice, bob])
  return {
    alice: accounts.get(alice)!.balanceMinor,
    held: accounts.get(alice)!.heldMinor,
    bob: accounts.get(bob)!.balanceMinor,
  }
}

describe('posting', () => {
  it('moves money and writes the balance after each side', async () => {
    const [posted] = await post(transfer(alice, bob, 120n))
    expect(posted).toMatchObject({
      debitBalanceAfterMinor: 380n,
      creditBalanceAfterMinor: 120n,
      debitEntry: 2n,
      creditEntry: 1n,
    })
    expect(await balances()).toEqual({ alice: 380n, held: 0n, bob: 120n })
  })

  it('decides transfers of one call one after the other', async () => {
    await post(transfer(alice, bob, 500n), transfer(bob, alice, 300n), transfer(alice, bob, 300n))
    expect(await balances()).toEqual({ alice: 0n, held: 0n, bob: 500n })
  })

  it.each([
    ['M8 zero', 0n, 'validation_failed'],
    ['M8 negative', -5n, 'validation_failed'],
    ['M9 above int8', 2n ** 63n, 'validation_failed'],
    ['above the balance', 501n, 'insufficient_funds'],
  ])('%s is refused with no effect', async (_name, amountMinor, code) => {
    await expect(post(transfer(alice, bob, 10n), transfer(alice, bob, amountMinor))).rejects.toMatchObject({
      code,
    })
    expect(await balances()).toEqual({ alice: 500n, held: 0n, bob: 0n })
  })

  it('M11 another currency, M12 the same account and unknown accounts are refused', async () => {
    await expect(post(transfer(alice, bob, 1n, { currency: 'USD' }))).rejects.toMatchObject({
      code: 'currency_not_supported',
    })
    await expect(post(transfer(alice, alice, 1n))).rejects.toMatchObject({ code: 'validation_failed' })
    await expect(post(transfer(alice, uuidv7(), 1n))).rejects.toMatchObject({ code: 'recipient_unknown' })
  })

  it('keeps the maximum balance', async () => {
    await expect(post(transfer(bank, alice, 501n))).rejects.toMatchObject({ code: 'balance_limit' })
    await post(transfer(bank, alice, 500n))
    expect((await balances()).alice).toBe(1000n)
  })

  it('M1 fifty parallel spends of the whole balance succeed once', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 50 }, () => post(transfer(alice, bob, 500n))),
    )
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
    expect(await balances()).toEqual({ alice: 0n, held: 0n, bob: 500n })
  })

  it('transfers in opposite directions at once neither deadlock nor lose', async () => {
    await post(transfer(bank, bob, 500n))
    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        post(index % 2 ? transfer(alice, bob, 3n) : transfer(bob, alice, 3n)),
      ),
    )
    expect(await balances()).toEqual({ alice: 500n, held: 0n, bob: 500n })
  })
})

describe('what the database itself refuses', () => {
  const run = (statement: string, parameters: unknown[] = []) => platform.db.read.run(statement, parameters)
  it('changes and deletions of what is recorded', async () => {
    await expect(run('UPDATE ledger.transfers SET amount = 1')).rejects.toThrow(/what is recorded stays/)
    await expect(run('DELETE FROM ledger.transfers')).rejects.toThrow(/what is recorded stays/)
    await expect(run('TRUNCATE ledger.transfers CASCADE')).rejects.toThrow(/what is recorded stays/)
    await expect(run('DELETE FROM ledger.accounts')).rejects.toThrow(/what is recorded stays/)
  })
  it('a balance or a held amount that is set without a transfer', async () => {
    await expect(
      run('UPDATE ledger.accounts SET balance = balance + 1 WHERE id = $1', [alice]),
    ).rejects.toThrow(/what is recorded stays/)
    await expect(run('UPDATE ledger.accounts SET held = 0 WHERE id = $1', [alice])).rejects.toThrow(
      /what is recorded stays/,
    )
  })
  it('a hold that becomes another one, or that opens again', async () => {
    const id = uuidv7()
    await hold(id, 70n)
    for (const change of [
      'amount = 71',
      `debit_account_id = credit_account_id`,
      "currency = 'USD'",
      "reference = 'X'",
    ])
      await expect(run(`UPDATE ledger.holds SET ${change} WHERE id = $1`, [id])).rejects.toThrow(
        /a hold keeps what it was placed for/,
      )
    await platform.db.transaction((tx) => ledger.voidHold(tx, id))
    await expect(
      run("UPDATE ledger.holds SET state = 'open', remaining = 70 WHERE id = $1", [id]),
    ).rejects.toThrow(/a closed hold stays closed/)
    expect(await balances()).toEqual({ alice: 500n, held: 0n, bob: 0n })
  })
  it('a transfer whose balances do not follow, that overdraws or is in another currency', async () => {
    const insert = `INSERT INTO ledger.transfers (id, debit_account_id, credit_account_id, amount, currency, kind, reference,
      debit_balance_after, debit_entry, credit_balance_after, credit_entry, effective_at, recorded_at)
      VALUES (gen_random_uuid(), $1, $2, $3, $4, 'forged', 'X', $5, 2, $3, 1, now(), now())`
    await expect(run(insert, [alice, bob, 10n, 'IDR', 489n])).rejects.toThrow(/does not follow/)
    await expect(run(insert, [alice, bob, 10n, 'USD', 490n])).rejects.toThrow(/does not follow/)
    await expect(run(insert, [alice, bob, 600n, 'IDR', -100n])).rejects.toThrow(/account_minimum/)
    await expect(run(insert, [alice, bob, -10n, 'IDR', 510n])).rejects.toThrow(/transfer_amount/)
    expect(await balances()).toEqual({ alice: 500n, held: 0n, bob: 0n })
  })
})

describe('holds', () => {
  it('of which a part is posted still hold the rest from what comes after in the same batch', async () => {
    const id = uuidv7()
    await hold(id, 400n)
    await platform.db.transaction(async (tx) => {
      const accounts = await ledger.lockAccounts(tx, [alice, bob])
      const holds = await ledger.lockHolds(tx, [id])
      const part = { holdId: id, transferId: uuidv7(), amountMinor: 150n, kind: 'test' }
      expect(holds.post(accounts, part, platform.clock.now())).toBe('posted')
      expect(availableMinor(accounts.get(alice)!)).toBe(100n)
      expect(accounts.apply(transfer(alice, bob, 101n))).toBe('insufficient_funds')
      expect(accounts.apply(transfer(alice, bob, 100n))).toBe('posted')
      await holds.write(platform.clock.now())
      await accounts.write(platform.clock.now())
    })
    expect(await balances()).toEqual({ alice: 250n, held: 250n, bob: 250n })
  })

  it('an account that is locked already is not credited late', async () => {
    await platform.db.transaction(async (tx) => {
      const accounts = await ledger.lockAccounts(tx, [alice, bob])
      expect(() => accounts.applyCreditingLate(transfer(alice, bob, 1n))).toThrow('not locked yet')
    })
  })

  it('that nobody placed, or that have ended, are not voided', async () => {
    const voided = (id: string) => platform.db.transaction((tx) => ledger.voidHold(tx, id))
    await expect(voided(uuidv7())).rejects.toMatchObject({ code: 'not_found' })
    const id = uuidv7()
    await hold(id, 400n)
    await voided(id)
    await expect(voided(id)).rejects.toMatchObject({ code: 'conflict' })
  })
  it('take from what is available, and give it back when voided', async () => {
    const id = uuidv7()
    await hold(id, 400n)
    await expect(post(transfer(alice, bob, 101n))).rejects.toMatchObject({ code: 'insufficient_funds' })
    await platform.db.transaction((tx) => ledger.voidHold(tx, id))
    await post(transfer(alice, bob, 101n))
    expect(await balances()).toEqual({ alice: 399n, held: 0n, bob: 101n })
  })

  it('are posted in parts, the last part gives the rest free', async () => {
    const id = uuidv7()
    await hold(id, 400n)
    const part = (amountMinor: bigint, last = false) =>
      platform.db.transaction((tx) =>
        ledger.postHold(tx, {
          holdId: id,
          transferId: uuidv7(),
          amountMinor,
          last,
          kind: 'test',
          effectiveAt: platform.clock.now(),
        }),
      )
    await part(100n)
    expect(await balances()).toEqual({ alice: 400n, held: 300n, bob: 100n })
    await part(50n, true)
    expect(await balances()).toEqual({ alice: 350n, held: 0n, bob: 150n })
    await expect(part(1n)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('M17 post, void and expiry at once: exactly one wins', async () => {
    for (let round = 0; round < 8; round++) {
      const id = uuidv7()
      await hold(id, 20n, new Date(platform.clock.now().getTime() + 60_000))
      const before = await balances()
      const results = await Promise.allSettled([
        platform.db.transaction((tx) =>
          ledger.postHold(tx, {
            holdId: id,
            transferId: uuidv7(),
            kind: 'test',
            effectiveAt: platform.clock.now(),
          }),
        ),
        platform.db.transaction((tx) => ledger.voidHold(tx, id)),
      ])
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
      const after = await balances()
      expect(after.held).toBe(0n)
      expect(before.alice - after.alice).toBe(results[0]!.status === 'fulfilled' ? 20n : 0n)
    }
  })

  it('locked for a batch are decided by nobody else until it commits', async () => {
    const id = uuidv7()
    await hold(id, 20n)
    await platform.db.transaction(async (tx) => {
      await ledger.lockHolds(tx, [id])
      await expect(
        platform.db.read.run('SELECT FROM ledger.holds WHERE id = $1 FOR UPDATE NOWAIT', [id]),
      ).rejects.toThrow(/could not obtain lock/)
    })
  })

  it('expire by the clock and cannot be posted afterwards', async () => {
    const id = uuidv7()
    await hold(id, 70n, new Date(platform.clock.now().getTime() + 1000))
    platform.clock.advance(1000)
    await expect(
      platform.db.transaction((tx) =>
        ledger.postHold(tx, {
          holdId: id,
          transferId: uuidv7(),
          kind: 'test',
          effectiveAt: platform.clock.now(),
        }),
      ),
    ).rejects.toMatchObject({ code: 'conflict' })
    expect(await platform.db.transaction((tx) => ledger.expireHolds(tx, 100))).toBe(1)
    expect(await balances()).toEqual({ alice: 500n, held: 0n, bob: 0n })
  })
})

describe('reversal', () => {
  const reverse = (transferId: string, amountMinor: bigint) =>
    platform.db.transaction((tx) =>
      ledger.reverse(tx, {
        id: uuidv7(),
        transferId,
        amountMinor,
        kind: 'refund',
        reference: 'RF-TEST-0001',
        effectiveAt: platform.clock.now(),
      }),
    )

  it('M5 never gives back more than was moved, in parts', async () => {
    const [posted] = await post(transfer(alice, bob, 100n))
    // Bob has more than that: only what was moved stands against it.
    await post(transfer(bank, bob, 100n))
    await reverse(posted!.id, 60n)
    await expect(reverse(posted!.id, 41n)).rejects.toMatchObject({ code: 'refund_not_allowed' })
    await reverse(posted!.id, 40n)
    expect(await balances()).toEqual({ alice: 500n, held: 0n, bob: 100n })
  })

  it('M6 fifty parallel partial reversals stop at the sum', async () => {
    const [posted] = await post(transfer(alice, bob, 100n))
    await post(transfer(bank, bob, 5000n))
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => reverse(posted!.id, 30n)))
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(3)
    expect((await balances()).alice).toBe(490n)
  })
})

describe('reading', () => {
  it('pages the history by entry, newest first', async () => {
    for (const amountMinor of [1n, 2n, 3n, 4n]) await post(transfer(alice, bob, amountMinor))
    const first = await ledger.history(platform.db.read, alice, { limit: 3 })
    const second = await ledger.history(platform.db.read, alice, { limit: 3, before: first.at(-1)!.entry })
    expect([...first, ...second].map((entry) => entry.amountMinor)).toEqual([-4n, -3n, -2n, -1n, 500n])
  })

  it('explains a period: opening, entries, closing', async () => {
    const from = new Date(platform.clock.now().getTime() + 1)
    platform.clock.advance(1000)
    await post(transfer(alice, bob, 30n))
    await post(transfer(bob, alice, 10n))
    const statement = await platform.db.transaction((tx) =>
      ledger.statement(tx, alice, from, platform.clock.now()),
    )
    expect(statement).toMatchObject({ openingMinor: 500n, closingMinor: 480n })
    expect(statement.entries.map((entry) => entry.amountMinor)).toEqual([-30n, 10n])
    expect(await ledger.balanceAt(platform.db.read, alice, new Date(from.getTime() - 1))).toBe(500n)
  })

  it('checks out: sums per currency are zero, no account is broken', async () => {
    expect(await ledger.check(platform.db.read)).toEqual({ sumsPerCurrency: { IDR: 0n }, brokenAccounts: [] })
  })
})

describe('accounts that are credited late', () => {
  const late = (...transfers: TransferRequest[]) =>
    platform.db.transaction(async (tx) => {
      const owners = await tx.rows<{ owner_id: string }>(
        'SELECT owner_id FROM ledger.accounts WHERE id = ANY($1)',
        [transfers.map((one) => one.debitAccountId)],
      )
      const accounts = await ledger.lockWalletAccounts(
        tx,
        owners.map((row) => row.owner_id),
      )
      const verdicts = transfers.map((one) => accounts.applyCreditingLate(one))
      await accounts.write(platform.clock.now())
      return verdicts
    })
  const open = async (count: number, more: { maximumMinor?: bigint; currency?: 'USD' } = {}) => {
    const ids = Array.from({ length: count }, () => uuidv7())
    await platform.db.transaction((tx) =>
      ledger.openAccounts(
        tx,
        ids.map((id) => ({ id, kind: 'shop_unacknowledged', ownerId: uuidv7(), currency: 'IDR', ...more })),
      ),
    )
    return ids
  }

  it('are counted on by the database, in the order of the transfers, and what the wallet lacks is refused', async () => {
    const [shop] = await open(1)
    expect(
      await late(transfer(alice, shop!, 100n), transfer(alice, shop!, 450n), transfer(alice, shop!, 30n)),
    ).toEqual(['posted', 'insufficient_funds', 'posted'])
    await late(transfer(alice, shop!, 7n))
    const entries = await ledger.history(platform.db.read, shop!, { limit: 10 })
    expect(entries.map((entry) => [entry.entry, entry.amountMinor, entry.balanceAfterMinor])).toEqual([
      [3n, 7n, 137n],
      [2n, 30n, 130n],
      [1n, 100n, 100n],
    ])
  })

  it('that have a maximum or another currency after all are refused by the database, with nothing written', async () => {
    const [full] = await open(1, { maximumMinor: 10n })
    await expect(late(transfer(alice, full!, 11n))).rejects.toThrow(/account_maximum/)
    const [dollars] = await open(1, { currency: 'USD' })
    await expect(late(transfer(alice, dollars!, 1n))).rejects.toThrow(/does not follow/)
    await expect(late(transfer(alice, uuidv7(), 1n))).rejects.toThrow()
    expect((await ledger.accounts(platform.db.read, [alice])).get(alice)!.balanceMinor).toBe(500n)
  })

  it('by fifty batches at once, against reversals that lock the same accounts: nobody waits in a circle, all adds up', async () => {
    const shops = await open(4)
    const wallets = Array.from({ length: 8 }, () => uuidv7())
    await platform.db.transaction(async (tx) => {
      await ledger.openAccounts(
        tx,
        wallets.map((id) => ({
          id,
          kind: 'customer_wallet',
          ownerId: uuidv7(),
          currency: 'IDR',
          minimumMinor: 0n,
        })),
      )
      await ledger.post(
        tx,
        wallets.map((id) => transfer(bank, id, 10_000n)),
      )
    })
    const deadlocks = async () =>
      (
        await platform.db.read.one<{ deadlocks: bigint }>(
          'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
        )
      ).deadlocks
    const before = await deadlocks()
    await Promise.all(
      Array.from({ length: 50 }, async (_, round) => {
        const batch = wallets
          .filter((_id, place) => (place + round) % 3 !== 0)
          .map((id, place) => transfer(id, shops[(round * 7 + place * 3) % 4]!, 5n))
        await late(...(round % 2 ? batch : batch.toReversed()))
        await platform.db.transaction((tx) =>
          ledger.reverse(tx, {
            id: uuidv7(),
            transferId: batch[0]!.id,
            amountMinor: 5n,
            kind: 'returned',
            reference: 'TN-TEST-0001',
            effectiveAt: platform.clock.now(),
          }),
        )
      }),
    )
    expect(await deadlocks()).toBe(before)
    expect((await ledger.check(platform.db.read)).brokenAccounts).toEqual([])
    for (const shop of shops) {
      const entries = await ledger.history(platform.db.read, shop, { limit: 1000 })
      expect(entries.map((entry) => entry.entry).reverse()).toEqual(
        entries.map((_, place) => BigInt(place + 1)),
      )
    }
  })
})

// What somebody with every right in the database can do to the ledger, and how the verifier tells it.
// Each case is done for real, without triggers, verified in the same transaction, and undone.
import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Sql, Transaction } from '#platform/db.ts'
import { LedgerWentBack, shipCheckpoint, signCheckpoint, type Checkpoint } from './seal-checkpoints.ts'
import { createSealBench, type SealBench } from './seal-for-tests.ts'
import { merkleRoot, sealHash } from './seal-hash.ts'
import { insertSeal, readLeaves, readSealsFrom, type StoredSeal } from './seal.sql.ts'
import { verifyLedger, type FindingKind } from './seal-verify.ts'

let bench: SealBench
beforeAll(async () => {
  bench = await createSealBench()
  // Three checkpoints over seals of at most four transfers, then two transfers that are sealed but not signed, and one that is neither.
  for (let round = 0; round < 3; round++) {
    await bench.post(8)
    await bench.seal(4n)
    await bench.ship()
  }
  await bench.post(2)
  await bench.seal(4n)
  await bench.post(1)
})
afterAll(() => bench.close())

const verify = (sql: Sql, checkpoints: readonly Checkpoint[] = bench.checkpoints.all()) =>
  verifyLedger(sql, checkpoints, bench.keys)

/** What the verifier finds after the attack, each kind once. */
async function findingsAfter(
  attack: (tx: Transaction) => Promise<unknown>,
  checkpoints?: readonly Checkpoint[],
): Promise<FindingKind[]> {
  const report = await bench.asAttacker(async (tx) => {
    await attack(tx)
    return verify(tx, checkpoints)
  })
  expect(report.whole).toBe(false)
  return [...new Set(report.findings.map((finding) => finding.kind))].toSorted()
}

/** Computes the whole chain anew over what the table holds now: consistent in itself, without a key. */
async function rebuildChain(tx: Transaction): Promise<void> {
  const seals = await readSealsFrom(tx, 0n, 1000)
  await tx.run('DELETE FROM ledger.seals WHERE number > 0')
  let before = seals[0]!
  for (const seal of seals.slice(1)) {
    const { transfers, leaves } = await readLeaves(tx, before.lastSequence, seal.lastSequence)
    const body = { ...seal, transfers, total: before.total + transfers, root: merkleRoot(leaves) }
    const made: StoredSeal = { ...body, hash: sealHash(body, before.hash) }
    await insertSeal(tx, made)
    before = made
  }
}

/** Accounts as their remaining entries give them, so that only seals and checkpoints can tell. */
const mendAccounts = (tx: Transaction) =>
  tx.run(
    `UPDATE ledger.accounts AS account SET
       balance = coalesce((SELECT sum(amount) FROM ledger.entries WHERE account_id = account.id), 0),
       entry_count = (SELECT count(*) FROM ledger.entries WHERE account_id = account.id)`,
  )

/** Takes the last transfers away as if they had never been. */
async function cutTransfersAbove(tx: Transaction, sequence: bigint): Promise<void> {
  await tx.run('DELETE FROM ledger.transfers WHERE sequence > $1', [sequence])
  await tx.run('DELETE FROM ledger.seals WHERE last_sequence > $1', [sequence])
  await mendAccounts(tx)
}

const forge = (tx: Transaction, sequence: bigint) =>
  tx.run(
    `INSERT INTO ledger.transfers (sequence, id, debit_account_id, credit_account_id, amount, currency, kind, reference,
       debit_balance_after, debit_entry, credit_balance_after, credit_entry, effective_at, recorded_at)
     OVERRIDING SYSTEM VALUE
     SELECT $3, gen_random_uuid(), debit.id, credit.id, 1, 'IDR', 'forged', 'X', debit.balance - 1, debit.entry_count + 1,
       credit.balance + 1, credit.entry_count + 1, now(), now()
     FROM ledger.accounts AS debit, ledger.accounts AS credit WHERE debit.id = $1 AND credit.id = $2`,
    [bench.wallets[0], bench.wallets[1], sequence],
  )

describe('a ledger that nobody touched', () => {
  it('is whole, and says up to where it is proven', async () => {
    const { read } = bench.platform.db
    const report = await verify(read)
    expect(report.findings).toEqual([])
    expect(report).toMatchObject({
      whole: true,
      checkpoints: 3,
      seals: 7n,
      transfers: 26n,
      unsealed: 1n,
      provenUpTo: { seal: '6', transfers: '24' },
    })
  })

  it('is not proven without a checkpoint, or with another key', async () => {
    const { read } = bench.platform.db
    expect((await verify(read, [])).findings.map(({ kind }) => kind)).toEqual(['no_checkpoints'])
    const pair = generateKeyPairSync('ed25519')
    const forged = bench.checkpoints
      .all()
      .map((checkpoint) => signCheckpoint(checkpoint, { id: checkpoint.keyId, privateKey: pair.privateKey }))
    expect((await verify(read, forged)).findings.map(({ kind }) => kind)).toEqual(
      Array(3).fill('checkpoint_forged'),
    )
    const edited = bench.checkpoints.all().map((checkpoint) => ({ ...checkpoint, transfers: '23' }))
    expect((await verify(read, edited)).whole).toBe(false)
  })
})

describe('an attacker with every right in the database', () => {
  const edits: [string, string][] = [
    ['the amount', 'amount = amount + 1'],
    ['who paid', 'debit_account_id = gen_random_uuid()'],
    ['the reference', "reference = 'TN-OTHER'"],
    ['the kind', "kind = 'payment'"],
    ['the identity', 'id = gen_random_uuid()'],
    ['when it happened', "effective_at = effective_at - interval '1 microsecond'"],
    ['when it was recorded', "recorded_at = recorded_at + interval '1 day'"],
    ['the balance after it', 'debit_balance_after = debit_balance_after + 1'],
    ['what it reverses', 'reversal_of = gen_random_uuid()'],
    ['its hold', 'hold_id = gen_random_uuid()'],
    ['the currency', "currency = 'USD'"],
  ]
  it.each(edits)('edits %s of a transfer', async (_what, change) => {
    const kinds = await findingsAfter((tx) =>
      tx.run(`UPDATE ledger.transfers SET ${change} WHERE sequence = 9`),
    )
    expect(kinds).toContain('transfers_differ')
  })

  it('edits a transfer and mends balances, accounts and root', async () => {
    const kinds = await findingsAfter(async (tx) => {
      await tx.run("UPDATE ledger.transfers SET reference = 'TN-OTHER' WHERE sequence = 9")
      const [before, seal] = await readSealsFrom(tx, 2n, 2)
      const { leaves } = await readLeaves(tx, before!.lastSequence, seal!.lastSequence)
      await tx.run('UPDATE ledger.seals SET root = $1 WHERE number = 3', [merkleRoot(leaves)])
    })
    expect(kinds).toEqual(['seal_changed'])
  })

  it('gives an account to somebody else', async () => {
    const kinds = await findingsAfter((tx) =>
      tx.run('UPDATE ledger.accounts SET owner_id = gen_random_uuid() WHERE id = $1', [bench.wallets[1]]),
    )
    expect(kinds).toEqual(['transfers_differ'])
  })

  it('sets a balance', async () => {
    const kinds = await findingsAfter((tx) =>
      tx.run('UPDATE ledger.accounts SET balance = balance + 1 WHERE id = $1', [bench.wallets[1]]),
    )
    expect(kinds).toEqual(['account_differs', 'sum_not_zero'])
  })

  it('deletes a transfer', async () => {
    const kinds = await findingsAfter((tx) => tx.run('DELETE FROM ledger.transfers WHERE sequence = 9'))
    expect(kinds).toEqual(['balance_does_not_follow', 'transfers_differ'])
  })

  it('deletes an account with its entries still there', async () => {
    const kinds = await findingsAfter((tx) =>
      tx.run('DELETE FROM ledger.accounts WHERE id = $1', [bench.bank]),
    )
    expect(kinds).toContain('account_differs')
  })

  it('reorders two transfers', async () => {
    const kinds = await findingsAfter(async (tx) => {
      await tx.run('ALTER TABLE ledger.transfers ALTER COLUMN sequence DROP IDENTITY')
      await tx.run('UPDATE ledger.transfers SET sequence = 19 - sequence WHERE sequence IN (9, 10)')
    })
    expect(kinds).toContain('transfers_differ')
  })

  it('inserts a transfer into a range that is sealed', async () => {
    const kinds = await findingsAfter(async (tx) => {
      await tx.run('ALTER TABLE ledger.transfers ALTER COLUMN sequence DROP IDENTITY')
      await forge(tx, 9n)
      await mendAccounts(tx)
    })
    expect(kinds).toContain('transfers_differ')
  })

  it('inserts a transfer far above all numbers', async () => {
    const kinds = await findingsAfter((tx) => forge(tx, 10_000_000n))
    expect(kinds).toEqual(['account_differs'])
  })

  it('deletes a seal', async () => {
    const kinds = await findingsAfter((tx) => tx.run('DELETE FROM ledger.seals WHERE number = 3'))
    expect(kinds).toEqual(['seal_changed', 'seal_missing', 'transfers_differ'])
  })

  it('deletes a seal that was signed', async () => {
    const kinds = await findingsAfter((tx) => tx.run('DELETE FROM ledger.seals WHERE number = 4'))
    expect(kinds).toContain('seal_missing')
  })

  it('cuts the tail, with accounts and seals to match', async () => {
    const kinds = await findingsAfter((tx) => cutTransfersAbove(tx, 20n))
    expect(kinds).toEqual(['tail_missing'])
  })

  it('edits a transfer and rebuilds the whole chain', async () => {
    const kinds = await findingsAfter(async (tx) => {
      await tx.run("UPDATE ledger.transfers SET reference = 'TN-OTHER' WHERE sequence = 9")
      await rebuildChain(tx)
    })
    expect(kinds).toEqual(['checkpoint_differs'])
  })

  it('restores an old backup and goes on working with it', async () => {
    const kinds = await findingsAfter(async (tx) => {
      await cutTransfersAbove(tx, 20n)
      for (let sequence = 21n; sequence <= 28n; sequence++) {
        await forge(tx, sequence)
        await mendAccounts(tx)
      }
      const seals = await readSealsFrom(tx, 0n, 100)
      const before = seals.at(-1)!
      const { transfers, leaves } = await readLeaves(tx, before.lastSequence, 24n)
      const body = {
        number: before.number + 1n,
        lastSequence: 24n,
        transfers,
        total: before.total + transfers,
        root: merkleRoot(leaves),
        sealedAt: before.sealedAt,
      }
      await insertSeal(tx, { ...body, hash: sealHash(body, before.hash) })
    })
    expect(kinds).toEqual(['checkpoint_differs'])
  })

  it('puts another ledger in its place', async () => {
    const kinds = await findingsAfter(async (tx) => {
      await tx.run("UPDATE ledger.seals SET hash = sha256('another') WHERE number = 0")
      await rebuildChain(tx)
    })
    expect(kinds).toEqual(['checkpoint_differs'])
  })

  it('deletes everything', async () => {
    const kinds = await findingsAfter(async (tx) => {
      for (const table of ['transfers', 'accounts', 'seals']) await tx.run(`DELETE FROM ledger.${table}`)
    })
    expect(kinds).toEqual(['tail_missing'])
  })
})

describe('shipping', () => {
  it('refuses to sign a ledger that went back behind a checkpoint', async () => {
    const key = { id: 'any', privateKey: generateKeyPairSync('ed25519').privateKey }
    const { clock } = bench.platform
    for (const attack of [(tx: Transaction) => cutTransfersAbove(tx, 20n), rebuildAfterEdit])
      await bench.asAttacker(async (tx) => {
        await attack(tx)
        await expect(shipCheckpoint(tx, clock, key, bench.checkpoints)).rejects.toThrow(LedgerWentBack)
      })
  })

  it('goes on with what was sealed since', async () => {
    expect(await bench.ship()).toMatchObject({ seal: '7', transfers: '26' })
    expect(await bench.ship()).toBeUndefined()
    expect(await verify(bench.platform.db.read)).toMatchObject({
      whole: true,
      provenUpTo: { seal: '7', transfers: '26' },
    })
  })
})

async function rebuildAfterEdit(tx: Transaction): Promise<void> {
  await tx.run("UPDATE ledger.transfers SET reference = 'TN-OTHER' WHERE sequence = 9")
  await rebuildChain(tx)
}

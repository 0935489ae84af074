// What somebody with every right in the database can do to the ledger, and how the verifier tells it.
// Each case is done for real, without triggers, verified in the same transaction, and undone.
import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Sql, Transaction } from '#platform/db.ts'
import { LedgerWentBack, shipCheckpoint, signCheckpoint, type Checkpoint } from './seal-checkpoints.ts'
import { attacksOnAccounts, attacksOnHolds, attacksOnKeys, attacksOnLinks } from './seal-attacks-for-tests.ts'
import { rebuildChain, sealAgain } from './seal-chain-for-tests.ts'
import { createSealBench, type SealBench } from './seal-for-tests.ts'
import { merkleRoot, type SealForm } from './seal-hash.ts'
import { liveThrough } from './seal-life-for-tests.ts'
import { readTextLeaves } from './seal-old-forms-for-tests.ts'
import { readLeaves, readSealsFrom, type StoredSeal } from './seal.sql.ts'
import { verifyLedger, type FindingKind } from './seal-verify.ts'

let bench: SealBench
beforeAll(async () => {
  bench = await createSealBench()
  // Three checkpoints over seals of at most four transfers, one over everything else, then two transfers that are sealed but not
  // signed, and one that is neither.
  for (let round = 0; round < 3; round++) {
    await bench.post(8)
    await bench.seal(4n)
    await bench.ship()
  }
  await liveThrough(bench)
  await bench.seal(4n)
  await bench.ship()
  await bench.post(2)
  await bench.seal(4n)
  await bench.post(1)
})
afterAll(() => bench.close())

const everything = [
  'links',
  'exchanges',
  'reversals',
  'transfers',
  'holds',
  'idempotency',
  'events',
  'accounts',
]

const verify = (sql: Sql, checkpoints: readonly Checkpoint[] = bench.checkpoints.all()) =>
  verifyLedger(sql, checkpoints, bench.keys)

/** What the verifier finds after the attack on a chain of that form, each kind once. */
async function findingsAfter(
  attack: (tx: Transaction) => Promise<unknown>,
  form: SealForm = 3,
): Promise<FindingKind[]> {
  const report = await bench.asAttacker(async (tx) => {
    const checkpoints = form === 3 ? bench.checkpoints.all() : await inForm(tx, form)
    await attack(tx)
    return verify(tx, checkpoints)
  })
  expect(report.whole).toBe(false)
  return [...new Set(report.findings.map((finding) => finding.kind))].toSorted()
}

/** The chain as if it had been made in another form, signed at the same seals. */
async function inForm(tx: Transaction, form: SealForm): Promise<Checkpoint[]> {
  await rebuildChain(tx, (seal) => ({ ...seal, form }))
  const seals = await readSealsFrom(tx, 0n, 1000)
  return bench.checkpoints
    .all()
    .map((checkpoint) =>
      bench.sign({ ...checkpoint, hash: seals[Number(checkpoint.seal)]!.hash.toString('hex') }),
    )
}

/** Accounts as their remaining entries give them, so that only seals and checkpoints can tell. */
const mendAccounts = (tx: Transaction) =>
  tx.run(
    `UPDATE ledger.accounts AS account SET
       balance = coalesce((SELECT sum(amount) FROM ledger.entries WHERE account_id = account.id), 0),
       entry_count = (SELECT count(*) FROM ledger.entries WHERE account_id = account.id)`,
  )

/** A backup from the time of seal 5, when nothing but transfers had happened: as if what came later had never been. */
async function cutBack(tx: Transaction): Promise<void> {
  const [last] = await readSealsFrom(tx, 5n, 1)
  const { events, keys } = last!.parts!
  await tx.run('DELETE FROM ledger.transfers WHERE sequence > $1', [last!.lastSequence])
  await tx.run('DELETE FROM ledger.events WHERE sequence > $1', [events.last])
  await tx.run('DELETE FROM ledger.idempotency WHERE batch > $1', [keys.last])
  for (const table of ['holds', 'links', 'exchanges', 'reversals'])
    await tx.run(`DELETE FROM ledger.${table}`)
  await tx.run('DELETE FROM ledger.accounts WHERE id NOT IN (SELECT subject_id FROM ledger.events)')
  await tx.run('UPDATE ledger.accounts SET held = 0, frozen = NULL')
  await tx.run('DELETE FROM ledger.seals WHERE number > 5')
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
      checkpoints: 4,
      transfers: 38n,
      unsealed: 1n,
      parts: {
        links: { sealed: 5n, unsealed: 0n },
        events: { sealed: 19n, unsealed: 0n },
        keys: { sealed: 6n, unsealed: 0n },
      },
      partsCovered: true,
      provenUpTo: { transfers: '36' },
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
      Array(4).fill('checkpoint_forged'),
    )
    const edited = bench.checkpoints.all().map((checkpoint) => ({ ...checkpoint, transfers: '23' }))
    expect((await verify(read, edited)).whole).toBe(false)
  })
})

/** Seals of the second form verify without help of the server, so one kind of server is enough for them. */
const attacked = (process.env['TUNTAS_TEST_SEAL_FORMS'] ?? '3,2').split(',').map(Number) as (2 | 3)[]

describe.each(attacked)('an attacker with every right over seals of form %i', (form) => {
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
    const kinds = await findingsAfter(
      (tx) => tx.run(`UPDATE ledger.transfers SET ${change} WHERE sequence = 9`),
      form,
    )
    expect(kinds).toContain('transfers_differ')
  })

  it('edits a transfer and mends balances, accounts and root', async () => {
    const kinds = await findingsAfter(async (tx) => {
      await tx.run("UPDATE ledger.transfers SET reference = 'TN-OTHER' WHERE sequence = 9")
      const [before, seal] = await readSealsFrom(tx, 2n, 2)
      const { leaves } = await (form === 3 ? readLeaves : readTextLeaves)(
        tx,
        before!.lastSequence,
        seal!.lastSequence,
      )
      await tx.run('UPDATE ledger.seals SET root = $1 WHERE number = 3', [merkleRoot(leaves)])
    }, form)
    expect(kinds).toEqual(['seal_changed'])
  })

  it('gives an account to somebody else', async () => {
    const kinds = await findingsAfter(
      (tx) =>
        tx.run('UPDATE ledger.accounts SET owner_id = gen_random_uuid() WHERE id = $1', [bench.wallets[1]]),
      form,
    )
    expect(kinds).toEqual(['account_rules_differ', 'transfers_differ'])
  })

  it('sets a balance', async () => {
    const kinds = await findingsAfter(
      (tx) => tx.run('UPDATE ledger.accounts SET balance = balance + 1 WHERE id = $1', [bench.wallets[1]]),
      form,
    )
    expect(kinds).toEqual(['account_differs', 'sum_not_zero'])
  })

  it('deletes a transfer', async () => {
    const kinds = await findingsAfter((tx) => tx.run('DELETE FROM ledger.transfers WHERE sequence = 9'), form)
    expect(kinds).toEqual(['balance_does_not_follow', 'transfers_differ'])
  })

  it('deletes an account with its entries still there', async () => {
    const kinds = await findingsAfter(
      (tx) => tx.run('DELETE FROM ledger.accounts WHERE id = $1', [bench.bank]),
      form,
    )
    expect(kinds).toContain('account_differs')
  })

  it('reorders two transfers', async () => {
    const kinds = await findingsAfter(async (tx) => {
      await tx.run('ALTER TABLE ledger.transfers ALTER COLUMN sequence DROP IDENTITY')
      await tx.run('UPDATE ledger.transfers SET sequence = 19 - sequence WHERE sequence IN (9, 10)')
    }, form)
    expect(kinds).toContain('transfers_differ')
  })

  it('inserts a transfer into a range that is sealed', async () => {
    const kinds = await findingsAfter(async (tx) => {
      await tx.run('ALTER TABLE ledger.transfers ALTER COLUMN sequence DROP IDENTITY')
      await forge(tx, 9n)
      await mendAccounts(tx)
    }, form)
    expect(kinds).toContain('transfers_differ')
  })

  it('inserts a transfer far above all numbers', async () => {
    const kinds = await findingsAfter((tx) => forge(tx, 10_000_000n), form)
    expect(kinds).toEqual(['account_differs'])
  })

  // NULL is how seals of the second form were kept: there it says nothing else.
  const others = ['1', '2', '3', '4', 'NULL'].filter((said) => said !== String(form))
  it.each(others.filter((said) => form === 3 || said !== 'NULL'))(
    'says that a seal is of form %s',
    async (said) => {
      const kinds = await findingsAfter(
        (tx) => tx.run(`UPDATE ledger.seals SET form = ${said} WHERE number = 3`),
        form,
      )
      expect(kinds).toContain('seal_changed')
    },
  )

  it('deletes a seal', async () => {
    const kinds = await findingsAfter((tx) => tx.run('DELETE FROM ledger.seals WHERE number = 3'), form)
    expect(kinds).toEqual(['seal_changed', 'seal_missing', 'transfers_differ'])
  })

  it('deletes a seal that was signed', async () => {
    const kinds = await findingsAfter((tx) => tx.run('DELETE FROM ledger.seals WHERE number = 4'), form)
    expect(kinds).toContain('seal_missing')
  })

  it('cuts the tail, with accounts and seals to match', async () => {
    const kinds = await findingsAfter(cutBack, form)
    expect(kinds).toEqual(['tail_missing'])
  })

  it('edits a transfer and rebuilds the whole chain', async () => {
    const kinds = await findingsAfter(async (tx) => {
      await tx.run("UPDATE ledger.transfers SET reference = 'TN-OTHER' WHERE sequence = 9")
      await rebuildChain(tx)
    }, form)
    expect(kinds).toEqual(['checkpoint_differs'])
  })

  it('restores an old backup and goes on working with it', async () => {
    const kinds = await findingsAfter(async (tx) => {
      const [, signed] = await readSealsFrom(tx, 5n, 2)
      await cutBack(tx)
      for (let sequence = 21n; sequence <= 28n; sequence++) {
        await forge(tx, sequence)
        await mendAccounts(tx)
      }
      const [before] = await readSealsFrom(tx, 5n, 1)
      await sealAgain(tx, before!, signed!)
    }, form)
    expect(kinds).toEqual(['checkpoint_differs', 'tail_missing'])
  })

  it('puts another ledger in its place', async () => {
    const kinds = await findingsAfter(async (tx) => {
      await tx.run("UPDATE ledger.seals SET hash = sha256('another') WHERE number = 0")
      await rebuildChain(tx)
    }, form)
    expect(kinds).toEqual(['checkpoint_differs'])
  })

  it('deletes everything', async () => {
    const kinds = await findingsAfter(async (tx) => {
      for (const table of [...everything, 'seals']) await tx.run(`DELETE FROM ledger.${table}`)
    }, form)
    expect(kinds).toEqual(['tail_missing'])
  })

  it.each([...attacksOnKeys, ...attacksOnAccounts, ...attacksOnHolds, ...attacksOnLinks])(
    '%s',
    async (_what, statements, expected) => {
      expect(await findingsAfter((tx) => tx.run(statements), form)).toEqual(expected)
    },
  )

  it.each([
    ['a key', "UPDATE ledger.idempotency SET body_hash = sha256('other') WHERE outcome = 'posted'"],
    ['the rate of an exchange', "UPDATE ledger.exchanges SET rate_source = 'elsewhere'"],
    [
      'a limit with what was told of it',
      `UPDATE ledger.accounts SET minimum = -500 WHERE minimum = 0;
       UPDATE ledger.events SET body = replace(body, '|0||||', '|-500||||') WHERE kind = 'account_opened'`,
    ],
    [
      'a hold with all that was told of it',
      `DELETE FROM ledger.events WHERE subject_id IN (SELECT id FROM ledger.holds WHERE state = 'voided');
       DELETE FROM ledger.holds WHERE state = 'voided'`,
    ],
  ])('edits %s and rebuilds the whole chain', async (_what, statements) => {
    const kinds = await findingsAfter(async (tx) => {
      await tx.run(statements)
      await rebuildChain(tx)
    }, form)
    expect(kinds).toEqual(['checkpoint_differs'])
  })
})

describe('a finding', () => {
  it('says in words which figure of which account is another', async () => {
    const report = await bench.asAttacker(async (tx) => {
      await tx.run('UPDATE ledger.accounts SET minimum = -500 WHERE id = $1', [bench.wallets[0]])
      return verify(tx)
    })
    expect(report.findings).toEqual([
      { kind: 'account_rules_differ', detail: `account ${bench.wallets[0]}: minimum is -500, was told as 0` },
    ])
  })
})

describe('a change through the front door', () => {
  it('of a limit is told, sealed and no finding', async () => {
    const report = await bench.asAttacker(async (tx) => {
      await tx.run("SET LOCAL session_replication_role = 'origin'")
      await tx.run('UPDATE ledger.accounts SET minimum = -500 WHERE id = $1', [bench.wallets[0]])
      return verify(tx)
    })
    expect(report).toMatchObject({ whole: true, parts: { events: { sealed: 19n, unsealed: 1n } } })
  })

  it('of a balance tells nothing', async () => {
    const { read } = bench.platform.db
    const count = () => read.one<{ events: bigint }>('SELECT count(*) AS events FROM ledger.events')
    const before = await count()
    await bench.post(2)
    expect(await count()).toEqual(before)
  })
})

describe('seals of the first form', () => {
  /** Signs the end of a chain that was computed anew. */
  const signedAt = (genesis: StoredSeal, last: StoredSeal) => [
    bench.sign({
      ledger: genesis.hash.toString('hex'),
      seal: String(last.number),
      hash: last.hash.toString('hex'),
      lastSequence: String(last.lastSequence),
      transfers: String(last.total),
      signedAt: '2026-11-20T07:00:00.000Z',
    }),
  ]
  const withoutParts = (seal: StoredSeal) => ({ ...seal, form: 1 as const, parts: undefined })
  /** The chain as it were if the seals up to this one had been made before the others covered more. */
  const firstForm = async (tx: Transaction, upTo: bigint) => {
    const [genesis] = await readSealsFrom(tx, 0n, 1)
    return signedAt(
      genesis!,
      await rebuildChain(tx, (seal) => (seal.number <= upTo ? withoutParts(seal) : seal)),
    )
  }

  it('still verify, alone and under those that cover more', async () => {
    for (const upTo of [4n, 6n])
      await bench.asAttacker(async (tx) => {
        const report = await verify(tx, await firstForm(tx, upTo))
        expect(report.findings).toEqual([])
        expect(report.parts).toMatchObject({ events: { sealed: 19n }, keys: { sealed: 6n } })
      })
  })

  it('are found when they come after those that cover more', async () => {
    const kinds = await bench.asAttacker(async (tx) => {
      const [genesis] = await readSealsFrom(tx, 0n, 1)
      const last = await rebuildChain(tx, (seal) => (seal.number === 6n ? withoutParts(seal) : seal))
      return (await verify(tx, signedAt(genesis!, last))).findings.map(({ kind }) => kind)
    })
    expect(kinds).toContain('seal_changed')
  })

  it('do not cover links, which the migration tells once', async () => {
    const migration = readFileSync(
      new URL('../../../migrations/0098-ledger-events.sql', import.meta.url),
      'utf8',
    )
    const telling = migration.slice(migration.lastIndexOf('INSERT INTO ledger.events'))
    await bench.asAttacker(async (tx) => {
      const checkpoints = await firstForm(tx, 9n)
      const untold = await verify(tx, checkpoints)
      expect(untold.findings.map(({ kind }) => kind)).toEqual(Array(5).fill('links_differ'))
      await tx.run(telling)
      const { sequence } = await tx.one<{ sequence: bigint }>(
        'SELECT max(sequence) AS sequence FROM ledger.events',
      )
      expect(sequence).toBeGreaterThan(19n)
      expect((await verify(tx, checkpoints)).findings).toEqual([])
      await tx.run("UPDATE ledger.exchanges SET rate_source = 'elsewhere'")
      expect((await verify(tx, checkpoints)).findings.map(({ kind }) => kind)).toEqual(['links_differ'])
    })
  })

  it('prove a copy of the version that made them', async () => {
    const report = await bench.asAttacker(async (tx) => {
      const [genesis] = await readSealsFrom(tx, 0n, 1)
      const last = await rebuildChain(tx, (seal) => (seal.transfers === 0n ? undefined : withoutParts(seal)))
      const checkpoints = signedAt(genesis!, last)
      await tx.run('ALTER TABLE ledger.idempotency DROP COLUMN batch')
      await tx.run('DROP SEQUENCE ledger.key_batches')
      await tx.run('DROP TABLE ledger.events')
      for (const column of ['links_root', 'events_root', 'keys_root'])
        await tx.run(`ALTER TABLE ledger.seals DROP COLUMN ${column}`)
      return verify(tx, checkpoints)
    })
    expect(report).toMatchObject({ whole: true, findings: [], partsCovered: false })
  })

  it('verify under seals of the second form, and those under seals of the third', async () => {
    await bench.asAttacker(async (tx) => {
      const [genesis] = await readSealsFrom(tx, 0n, 1)
      const last = await rebuildChain(tx, (seal) =>
        seal.number <= 3n ? withoutParts(seal) : { ...seal, form: seal.number <= 7n ? 2 : 3 },
      )
      const seals = await readSealsFrom(tx, 1n, 1000)
      expect([...new Set(seals.map(({ form }) => form))]).toEqual([1, 2, 3])
      expect((await verify(tx, signedAt(genesis!, last))).findings).toEqual([])
    })
  })

  it('and of the second prove a copy of a version that knew no third', async () => {
    await bench.asAttacker(async (tx) => {
      const checkpoints = await inForm(tx, 2)
      await tx.run('ALTER TABLE ledger.seals DROP COLUMN form')
      expect(await verify(tx, checkpoints)).toMatchObject({ whole: true, partsCovered: true })
    })
  })

  it('do not excuse a table that was dropped since', async () => {
    const kinds = await findingsAfter((tx) => tx.run('DROP TABLE ledger.events'))
    expect(kinds).toEqual(['events_differ', 'keys_differ', 'links_differ'])
  })
})

describe('shipping', () => {
  it('refuses to sign a ledger that went back behind a checkpoint', async () => {
    const key = { id: 'any', privateKey: generateKeyPairSync('ed25519').privateKey }
    const { clock } = bench.platform
    for (const attack of [cutBack, rebuildAfterEdit])
      await bench.asAttacker(async (tx) => {
        await attack(tx)
        await expect(shipCheckpoint(tx, clock, key, bench.checkpoints)).rejects.toThrow(LedgerWentBack)
      })
  })

  it('goes on with what was sealed since', async () => {
    expect(await bench.ship()).toMatchObject({ transfers: '38' })
    expect(await bench.ship()).toBeUndefined()
    expect(await verify(bench.platform.db.read)).toMatchObject({
      whole: true,
      provenUpTo: { transfers: '38' },
    })
  })
})

async function rebuildAfterEdit(tx: Transaction): Promise<void> {
  await tx.run("UPDATE ledger.transfers SET reference = 'TN-OTHER' WHERE sequence = 9")
  await rebuildChain(tx)
}

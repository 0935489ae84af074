// Sealing on a real database: nothing is sealed in front of a transfer that can still appear, and no writer waits.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDatabase } from '#platform/db.ts'
import { createSealBench, sealedRanges, type SealBench } from './seal-for-tests.ts'
import { writeLeaf, type SealForm, type SealedTransfer } from './seal-hash.ts'
import { readLeaves, readSealedTransfers } from './seal.sql.ts'
import { liveThrough } from './seal-life-for-tests.ts'
import { readTextLeaves, readTextPart } from './seal-old-forms-for-tests.ts'
import { hashPart, partNames, readPartRoot } from './seal-parts.sql.ts'
import { belowAllNumbers, sealSettled } from './seal.ts'

let bench: SealBench
beforeAll(async () => void (bench = await createSealBench()))
afterAll(() => bench.close())

const sealed = async () => (await sealedRanges(bench.platform.db.read)).at(-1)?.total ?? 0n
const insert = (id: string) => `INSERT INTO ledger.transfers
  (id, debit_account_id, credit_account_id, amount, currency, kind, reference, debit_balance_after, debit_entry,
   credit_balance_after, credit_entry, effective_at, recorded_at)
  SELECT '${id}', debit.id, credit.id, 1, 'IDR', 'test', 'TN-TEST-0000', debit.balance - 1, debit.entry_count + 1,
    credit.balance + 1, credit.entry_count + 1, now(), now()
  FROM ledger.accounts AS debit, ledger.accounts AS credit`

function leavesOf(form: SealForm, transfers: readonly SealedTransfer[]): Buffer {
  const leaves = Buffer.alloc(transfers.length * 32)
  transfers.forEach((transfer, index) => writeLeaf(form, transfer, leaves, index * 32))
  return leaves
}

describe('sealing', () => {
  it('covers what was committed, in stripes, each with its count', async () => {
    const { read } = bench.platform.db
    await read.run(
      "INSERT INTO ledger.idempotency (owner_id, key, body_hash, outcome, batch) VALUES (gen_random_uuid(), gen_random_uuid(), '', 'posted', 0)",
    )
    expect(await bench.seal()).toBe(0)
    // A key from before keys had numbers.
    expect(await read.one('SELECT keys, events FROM ledger.seals WHERE number = 1')).toEqual({
      keys: 1n,
      events: 5n,
    })
    await bench.post(7)
    expect(await bench.seal(3n)).toBe(7)
    expect(await bench.seal()).toBe(0)
    const ranges = await sealedRanges(bench.platform.db.read)
    // The first covers the accounts that were opened, before any transfer.
    expect(ranges.map((range) => range.transfers)).toEqual([0n, 3n, 3n, 1n])
    expect(ranges.map((range) => range.total)).toEqual([0n, 3n, 6n, 7n])
    expect(ranges.map((range) => range.events)).toEqual([5n, 0n, 0n, 0n])
  })

  it('hashes in the database what the verifier hashes by itself', async () => {
    const { db } = bench.platform
    await db.transaction((tx) =>
      bench.ledger.post(tx, [
        {
          id: '0192aa00-0000-7000-8000-0000000000ff',
          debitAccountId: bench.wallets[0]!,
          creditAccountId: bench.bank,
          amountMinor: 5n,
          currency: 'IDR',
          kind: 'Ünï|kind',
          reference: '|',
          effectiveAt: new Date('1969-12-31T23:59:59.999Z'),
        },
      ]),
    )
    const rows = await readSealedTransfers(db.read, 0n, 1000n)
    expect(rows).toHaveLength(8)
    expect(rows.filter((row) => row.creditOpens ?? row.debitOpens)).toHaveLength(4)
    expect(await readLeaves(db.read, 0n, 1000n)).toEqual({ count: 8n, leaves: leavesOf(3, rows) })
    expect(await readTextLeaves(db.read, 0n, 1000n)).toEqual({ count: 8n, leaves: leavesOf(2, rows) })
  })

  it('hashes whatever a column can hold as the verifier does', async () => {
    const largest = 2n ** 63n - 1n
    const long = `${'長い'.repeat(3000)} 🌊`
    await bench.asAttacker(async (tx) => {
      await tx.run('DROP INDEX ledger.transfers_debit, ledger.transfers_credit')
      const add = (values: unknown[]) =>
        tx.run(
          `INSERT INTO ledger.transfers (id, debit_account_id, credit_account_id, amount, currency, kind, reference, reversal_of, hold_id,
             debit_balance_after, debit_entry, credit_balance_after, credit_entry, effective_at, recorded_at)
           VALUES (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
          values,
        )
      const some = 'ffffffff-FFFF-ffff-ffff-0123456789ab'
      const odd = ['0001-01-01 00:00:00.000001+00', '1969-12-31 23:59:59.999999+00']
      await add([largest, '', long, 'é', some, null, -largest - 1n, largest, -1n, 0n, ...odd])
      await add([
        1n,
        'ÜÜÜ',
        'a\u0001b',
        '',
        null,
        some,
        2n ** 53n,
        2n ** 53n + 1n,
        -(2n ** 53n) - 1n,
        999_999_999_999_999n,
        ...odd,
      ])
      const later = ['9999-12-31 23:59:59.999999+00', '2000-01-01 00:00:00+00']
      await add([
        4_294_967_296n,
        'x',
        'y',
        '\u{10FFFF}',
        some,
        some,
        -4_294_967_296n,
        -4_294_967_297n,
        -1_000_000_000_000_000n,
        -999_999_999_999_999n,
        ...later,
      ])
      // An account without an owner, in its first entry on either side.
      await tx.run(
        `UPDATE ledger.transfers SET debit_entry = 1, credit_entry = 1, debit_account_id = $1, credit_account_id = $2
         WHERE kind = 'y'`,
        [bench.bank, bench.wallets[0]],
      )
      const rows = await readSealedTransfers(tx, 8n, 1000n)
      expect(rows).toHaveLength(3)
      expect(rows[2]!.debitOpens).toBe('bank_clearing//IDR')
      expect(await readLeaves(tx, 8n, 1000n)).toEqual({ count: 3n, leaves: leavesOf(3, rows) })
    })
  })

  it('hashes links, events and keys in the database as the verifier does', async () => {
    const { db } = bench.platform
    await liveThrough(bench)
    const roots = new Set<string>()
    for (const name of partNames) {
      for (const [form, read] of [
        [2, readTextPart],
        [3, readPartRoot],
      ] as const) {
        const inDatabase = await read(db.read, name, belowAllNumbers, 1_000_000n)
        expect(inDatabase.count, name).toBeGreaterThan(3n)
        const here = hashPart(db.read, name, form)
        // In two ranges, as the verifier takes a long one.
        await here.take(belowAllNumbers, 2n)
        await here.take(2n, 1_000_000n)
        expect(here.result(), name).toEqual(inDatabase)
        roots.add(inDatabase.root.toString('hex'))
      }
      expect(await readPartRoot(db.read, name, 2_000_000n, 3_000_000n)).toEqual({
        count: 0n,
        root: Buffer.alloc(32),
      })
    }
    expect(roots.size).toBe(6)
  })

  it('hashes odd links, events and keys as the verifier does', async () => {
    await bench.asAttacker(async (tx) => {
      await tx.run(`UPDATE ledger.events SET kind = '', body = 'Ünï|🌊' WHERE sequence = 2`)
      await tx.run(`UPDATE ledger.idempotency SET outcome = 'é', body_hash = ''`)
      await tx.run('ALTER TABLE ledger.exchanges DROP CONSTRAINT exchange_at_rate')
      await tx.run(`UPDATE ledger.exchanges SET rate_source = '|長い', recorded_at = '1969-12-31 23:59:59.999999+00',
        rate_numerator = 9223372036854775807`)
      await tx.run(
        'INSERT INTO ledger.links SELECT id, id, 2147483647 FROM ledger.transfers WHERE sequence < 4',
      )
      for (const name of partNames) {
        const here = hashPart(tx, name, 3)
        await here.take(belowAllNumbers, 1_000_000n)
        expect(here.result(), name).toEqual(await readPartRoot(tx, name, belowAllNumbers, 1_000_000n))
      }
    })
  })

  it('finds the links of a range whatever the ids of its transfers are like', async () => {
    await bench.asAttacker(async (tx) => {
      const { sequence: last } = await tx.one<{ sequence: bigint }>(
        'SELECT max(sequence) AS sequence FROM ledger.transfers',
      )
      await tx.run('UPDATE ledger.transfers SET id = gen_random_uuid()')
      await tx.run('DELETE FROM ledger.links')
      for (let linked = 1n; linked <= last; linked += 3n) {
        await tx.run('INSERT INTO ledger.links SELECT id, id, 1 FROM ledger.transfers WHERE sequence = $1', [
          linked,
        ])
        for (const [after, upTo] of [
          [0n, last],
          [linked - 1n, linked],
          [linked, last],
          [0n, linked - 1n],
        ] as const) {
          const here = hashPart(tx, 'links', 3)
          await here.take(after, upTo)
          expect(await readPartRoot(tx, 'links', after, upTo)).toEqual(here.result())
        }
      }
    })
  })

  it('covers what is settled in every table, each once', async () => {
    const { read } = bench.platform.db
    await bench.seal(4n)
    const { events, keys, links } = await read.one<Record<string, bigint>>(
      'SELECT sum(events)::bigint AS events, sum(keys)::bigint AS keys, sum(links)::bigint AS links FROM ledger.seals',
    )
    expect({ events, keys, links }).toEqual(
      await read.one(
        `SELECT (SELECT count(*) FROM ledger.events) AS events, (SELECT count(*) FROM ledger.idempotency) AS keys,
           (SELECT count(*) FROM ledger.links) AS links`,
      ),
    )
  })

  it('waits for a transfer with a lower number that has not committed, and makes nobody wait', async () => {
    const { db, connectionString } = bench.platform
    await bench.seal()
    const before = await sealed()
    const slow = createDatabase({ connectionString, maximumConnections: 1 })
    let release!: () => void
    const held = new Promise<void>((resolve) => (release = resolve))
    let began!: () => void
    const inserted = new Promise<void>((resolve) => (began = resolve))
    const low = slow.transaction(async (tx) => {
      await tx.run(
        `${insert('0192aa00-0000-7000-8000-000000000100')} WHERE debit.id = $1 AND credit.id = $2`,
        [bench.wallets[0], bench.wallets[1]],
      )
      began()
      await held
    })
    await inserted
    // Commits with a higher number while the lower one is still open.
    const [from, to] = [bench.wallets[2]!, bench.wallets[3]!]
    await db.read.run(
      `${insert('0192aa00-0000-7000-8000-000000000101')} WHERE debit.id = $1 AND credit.id = $2`,
      [from, to],
    )
    expect(await sealSettled(db, bench.platform.clock, { patienceMs: 30 })).toBe(0)
    expect(await sealed()).toBe(before)
    const patient = sealSettled(db, bench.platform.clock, { patienceMs: 20_000 })
    release()
    await low
    expect(await patient).toBe(2)
    await slow.close()
  })

  it.each([
    ['an event', "INSERT INTO ledger.events (kind, subject_id, body) VALUES ('test', gen_random_uuid(), '')"],
    [
      'a key',
      "INSERT INTO ledger.idempotency (owner_id, key, body_hash, outcome) VALUES (gen_random_uuid(), gen_random_uuid(), '', 'posted')",
    ],
  ])('waits for %s that has not committed', async (_what, statement) => {
    const { db, clock } = bench.platform
    await bench.seal()
    await db.transaction(async (tx) => {
      await tx.run(statement)
      await bench.post(1)
      expect(await sealSettled(db, clock, { patienceMs: 0 })).toBe(0)
    })
    expect(await sealSettled(db, clock, { patienceMs: 20_000 })).toBe(1)
  })

  it('does not wait for whoever only reads, or writes elsewhere', async () => {
    const { db } = bench.platform
    await bench.post(1)
    await db.transaction(async (tx) => {
      await tx.rows('SELECT id FROM ledger.transfers FOR KEY SHARE')
      await tx.rows('SELECT id FROM ledger.accounts FOR UPDATE')
      expect(await sealSettled(db, bench.platform.clock, { patienceMs: 0 })).toBe(1)
    })
  })

  it('goes over numbers that nobody used', async () => {
    const { db } = bench.platform
    const before = await sealed()
    await db.read.run(
      "SELECT setval(pg_get_serial_sequence('ledger.transfers', 'sequence'), 100000 + nextval(pg_get_serial_sequence('ledger.transfers', 'sequence')))",
    )
    expect(await bench.seal(10n)).toBe(0)
    await bench.post(2)
    expect(await bench.seal(10n)).toBe(2)
    const ranges = await sealedRanges(db.read)
    expect(ranges.at(-1)).toMatchObject({ transfers: 2n, total: before + 2n })
  })

  it('is one sealer at a time', async () => {
    await bench.post(5)
    const { db, clock } = bench.platform
    const results = await Promise.all([1, 2, 3, 4].map(() => sealSettled(db, clock)))
    expect(results.reduce((sum, each) => sum + each, 0)).toBe(5)
  })

  it('keeps what it has sealed when it dies while it catches up', async () => {
    const { db, clock } = bench.platform
    await bench.seal()
    const before = await sealed()
    await bench.post(9)
    let transactions = 0
    const dying: typeof db = {
      ...db,
      async transaction(work, options) {
        if (++transactions === 3) throw new Error('power cut')
        return db.transaction(work, options)
      },
    }
    const options = { stripe: 2n, sealsAtOnce: 1 }
    await expect(sealSettled(dying, clock, options)).rejects.toThrow('power cut')
    expect(await sealed()).toBe(before + 4n)
    expect(await sealSettled(db, clock, options)).toBe(5)
    expect(await sealed()).toBe(before + 9n)
  })

  it('leaves the turn to another sealer that is at it, and waits for nobody', async () => {
    await bench.post(2)
    const { db, clock } = bench.platform
    await db.transaction(async (tx) => {
      await tx.one('SELECT number FROM ledger.seals WHERE number = 0 FOR UPDATE')
      expect(await sealSettled(db, clock)).toBe(0)
    })
    expect(await sealSettled(db, clock)).toBe(2)
  })

  it('hangs on sequences that are not kept in a session', async () => {
    const sequences = await bench.platform.db.read.rows<{ cache: bigint }>(
      `SELECT seqcache AS cache FROM pg_sequence WHERE seqrelid IN ('ledger.key_batches'::regclass,
         pg_get_serial_sequence('ledger.transfers', 'sequence')::regclass, pg_get_serial_sequence('ledger.events', 'sequence')::regclass)`,
    )
    expect(sequences.map(({ cache }) => cache)).toEqual([1n, 1n, 1n])
  })

  it('leaves seals that nobody can change', async () => {
    const { read } = bench.platform.db
    await expect(read.run('UPDATE ledger.seals SET transfers = 0')).rejects.toThrow(/what is recorded stays/)
    await expect(read.run('DELETE FROM ledger.seals')).rejects.toThrow(/what is recorded stays/)
    await expect(read.run('TRUNCATE ledger.seals')).rejects.toThrow(/what is recorded stays/)
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '#platform/db.ts'
import { deriveKey } from '#platform/keys.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import { entriesOfBatches } from './audit.sql.ts'
import { canonical, canonicalOf, chainHash, contentHash, firstHash } from './chain.ts'
import { createAudit, type Audit, type AuditEntry } from './index.ts'
import { seal } from './seal.ts'

let platform: TestPlatform
let audit: Audit
beforeAll(async () => {
  platform = await createTestPlatform()
  audit = createAudit(platform)
})
afterAll(() => platform.close())

const sql = () => platform.db.read

/** What somebody with full power over the database can do: the triggers off, for one statement. */
async function tamper(...statements: string[]) {
  await platform.db.transaction(async (tx) => {
    await tx.run("SET LOCAL session_replication_role = 'replica'")
    for (const statement of statements) await tx.run(statement)
  })
}

async function startAnew() {
  await tamper(
    'TRUNCATE audit.batches, audit.entries, audit.seals, audit.unsealed RESTART IDENTITY',
    "UPDATE audit.chain_head SET sequence = 0, hash = decode(repeat('00', 32), 'hex')",
  )
}

const entry = (place: number): AuditEntry => ({
  who: { kind: 'agent', id: `agent-${place}` },
  action: 'customer.revealed',
  resource: { kind: 'customer', id: `customer-${place % 3}` },
  at: platform.clock.now(),
  detail: { field: 'phone', reason: 'call_back', place, nested: { b: [1, { z: 1, a: 2 }], a: null } },
})

async function record(count: number) {
  await platform.db.transaction((tx) =>
    audit.record(
      tx,
      Array.from({ length: count }, (_, place) => entry(place + 1)),
    ),
  )
}

describe('recording', () => {
  beforeEach(startAnew)

  test('entries stand in the commit of what they tell, or not at all', async () => {
    await platform.db
      .transaction(async (tx) => {
        await audit.record(tx, [entry(1)])
        throw new Error('changed our mind')
      })
      .catch(() => undefined)
    expect(await audit.about('customer', 'customer-1')).toEqual([])
    await platform.db.transaction((tx) => audit.record(tx, []))
    await record(4)
    expect(await audit.about('customer', 'customer-1')).toMatchObject([
      { who_kind: 'agent', who_id: 'agent-4', action: 'customer.revealed', at: platform.clock.now() },
      { who_id: 'agent-1', detail: { reason: 'call_back' } },
    ])
  })

  test('the database refuses to change, remove or empty entries and seals', async () => {
    await record(2)
    await audit.seal()
    for (const statement of [
      "UPDATE audit.entries SET action = 'nothing'",
      'DELETE FROM audit.entries',
      'TRUNCATE audit.entries CASCADE',
      'UPDATE audit.seals SET batch = 7',
      'DELETE FROM audit.batches',
      'DELETE FROM audit.seals',
      'TRUNCATE audit.seals',
    ])
      await expect(sql().run(statement)).rejects.toThrow('append-only')
  })
})

describe('sealing', () => {
  beforeEach(startAnew)

  test('every committed entry gets one place, also when many write and several seal at once', async () => {
    await Promise.all(
      Array.from({ length: 60 }, async (_, writer) => {
        await record(1 + (writer % 3))
        await audit.seal()
      }),
    )
    while ((await audit.seal()) > 0);
    const report = await audit.verify(sql())
    expect(report).toMatchObject({ verdict: 'whole', sealed: 120n, waiting: 0n })
  })

  test('a sealer that meets another one waits and goes on where that one ended', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    const slow: Database = {
      ...platform.db,
      transaction: (work) =>
        platform.db.transaction(async (tx) => {
          const result = await work(tx)
          await held
          return result
        }),
    }
    await record(2)
    const first = seal(slow, deriveKey(platform.config.pepper, 'audit chain'))
    const waiting = async (least: number) => {
      const { count } = await sql().one<{ count: bigint }>(
        `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
         AND (wait_event_type = 'Lock' OR (state = 'idle in transaction' AND query LIKE '%chain_head SET%'))`,
      )
      return Number(count) >= least
    }
    await expect.poll(() => waiting(1)).toBe(true)
    await record(3)
    const second = audit.seal()
    await expect.poll(() => waiting(2)).toBe(true)
    release()
    expect(await Promise.all([first, second])).toEqual([2, 3])
    expect(await audit.verify(sql())).toMatchObject({ verdict: 'whole', sealed: 5n })
  })

  test('an entry that commits late is sealed after entries with higher numbers', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    let written = () => {}
    const isWritten = new Promise<void>((resolve) => (written = resolve))
    const late = platform.db.transaction(async (tx) => {
      await audit.record(tx, [entry(1)])
      written()
      await held
    })
    await isWritten
    await record(2)
    expect(await audit.seal()).toBe(2)
    release()
    await late
    expect(await audit.seal()).toBe(1)
    const order = await sql().rows<{ batch: bigint }>('SELECT batch FROM audit.seals ORDER BY sequence')
    expect(order.map((row) => row.batch)).toEqual([2n, 1n])
    expect((await audit.verify(sql())).verdict).toBe('whole')
  })
})

test('a seal covers its place, the batch, the hash before and every entry; the text is the same before and after storing', () => {
  const at = new Date(0)
  const entry: AuditEntry = {
    who: { kind: 'system' },
    action: 'a',
    resource: { kind: 'r' },
    detail: { b: 1, a: [at], gone: undefined },
    at,
  }
  const stored = {
    who_kind: 'system',
    who_id: null,
    action: 'a',
    resource_kind: 'r',
    resource_id: null,
    detail: { a: [at.toISOString()], b: 1 },
    at,
  }
  expect(canonicalOf(entry)).toBe(canonical(stored))
  const text = canonical(stored)
  const content = contentHash([text, text])
  for (const other of [
    [text],
    [text, text, ''],
    [`${text}${text}`],
    [text, canonical({ ...stored, who_id: '' })],
    [text, canonical({ ...stored, detail: { a: [at.toISOString()], b: '1' } })],
  ])
    expect(contentHash(other).equals(content)).toBe(false)
  const hash = chainHash(1n, firstHash, 7n, content)
  expect(chainHash(1n, firstHash, 7n, content)).toEqual(hash)
  for (const other of [
    chainHash(2n, firstHash, 7n, content),
    chainHash(1n, firstHash, 8n, content),
    chainHash(1n, Buffer.alloc(32, 1), 7n, content),
    chainHash(1n, firstHash, 7n, firstHash),
  ])
    expect(other.equals(hash)).toBe(false)
})

describe('P8 the chain shows what was done to it', () => {
  beforeEach(async () => {
    await startAnew()
    for (let place = 1; place <= 6; place++) await record(1)
    await audit.seal()
  })
  const verify = () => audit.verify(sql())

  test('an untouched chain is whole, over any number of stretches', async () => {
    const report = await verify()
    expect(report).toMatchObject({ verdict: 'whole', sealed: 6n, waiting: 0n })
    expect(report.verdict === 'whole' && report.head).toEqual(await audit.head())
  })

  test.each([
    ['what was done', "action = 'customer.read'"],
    ['who', "who_id = 'agent-9'"],
    ['when', "at = at + interval '1 millisecond'"],
    ['about whom', "resource_id = 'customer-9'"],
    ['the detail', `detail = detail || '{"reason": "send_document"}'`],
  ])('a change of %s', async (_name, change) => {
    await tamper(`UPDATE audit.entries SET ${change} WHERE batch = 3`)
    expect(await verify()).toEqual({ verdict: 'broken', at: 3n, cause: 'entry_changed' })
  })

  test('an entry that was removed, alone and with its seal', async () => {
    await tamper('DELETE FROM audit.entries WHERE batch = 4')
    expect(await verify()).toEqual({ verdict: 'broken', at: 4n, cause: 'entry_missing' })
    await tamper('DELETE FROM audit.seals WHERE sequence = 4')
    expect(await verify()).toEqual({ verdict: 'broken', at: 4n, cause: 'seal_missing' })
    await tamper(
      'UPDATE audit.seals SET sequence = sequence - 1 WHERE sequence = 5',
      'UPDATE audit.seals SET sequence = sequence - 1 WHERE sequence = 6',
      'UPDATE audit.chain_head SET sequence = 5',
    )
    expect(await verify()).toEqual({ verdict: 'broken', at: 4n, cause: 'entry_changed' })
  })

  test('an entry that was slipped in, without a seal and with one', async () => {
    await tamper(
      `INSERT INTO audit.entries (batch, ordinal, who_kind, action, resource_kind, at)
       VALUES (1000, 1, 'system', 'nothing', 'nothing', now())`,
      `INSERT INTO audit.batches (batch, entries, content_hash) OVERRIDING SYSTEM VALUE VALUES (1000, 1, '')`,
    )
    expect(await verify()).toEqual({ verdict: 'broken', at: 1000n, cause: 'entry_outside_chain' })
    await tamper(
      'UPDATE audit.seals SET sequence = 7 WHERE sequence = 6',
      'INSERT INTO audit.seals SELECT 6, 1000, hash, mac FROM audit.seals WHERE sequence = 5',
      'UPDATE audit.chain_head SET sequence = 7',
    )
    expect(await verify()).toEqual({ verdict: 'broken', at: 6n, cause: 'entry_changed' })
  })

  test('one entry more or less in a batch of many', async () => {
    await record(3)
    await audit.seal()
    await tamper(`INSERT INTO audit.entries SELECT batch, 4, who_kind, who_id, action, resource_kind, resource_id, detail, at
       FROM audit.entries WHERE batch = 7 AND ordinal = 1`)
    expect(await verify()).toEqual({ verdict: 'broken', at: 7n, cause: 'entry_changed' })
    await tamper('DELETE FROM audit.entries WHERE batch = 7 AND ordinal > 2')
    expect(await verify()).toEqual({ verdict: 'broken', at: 7n, cause: 'entry_missing' })
  })

  test('entries in another order', async () => {
    await tamper(
      'UPDATE audit.seals SET batch = -2 WHERE sequence = 2',
      'UPDATE audit.seals SET batch = 2 WHERE sequence = 3',
      'UPDATE audit.seals SET batch = 3 WHERE sequence = 2',
    )
    expect(await verify()).toEqual({ verdict: 'broken', at: 2n, cause: 'entry_changed' })
  })

  test('a tail that was cut: by the head, or by a head noted elsewhere', async () => {
    const noted = await audit.head()
    const fifth = await sql().one<{ hash: Buffer }>('SELECT hash FROM audit.seals WHERE sequence = 5')
    await tamper('DELETE FROM audit.seals WHERE sequence = 6', 'DELETE FROM audit.entries WHERE batch = 6')
    expect(await verify()).toEqual({ verdict: 'broken', at: 6n, cause: 'tail_cut' })
    await tamper(
      `UPDATE audit.chain_head SET sequence = 5, hash = decode('${fifth.hash.toString('hex')}', 'hex')`,
    )
    expect(await verify()).toMatchObject({ verdict: 'whole', sealed: 5n })
    expect(await audit.verify(sql(), noted)).toEqual({ verdict: 'broken', at: 6n, cause: 'tail_cut' })
  })

  test('a chain that was computed anew without the key', async () => {
    const stranger = createAudit({
      ...platform,
      config: { ...platform.config, pepper: Buffer.alloc(32, 8).toString('base64') },
    })
    await tamper(
      "UPDATE audit.entries SET who_id = 'agent-9' WHERE batch = 2",
      'TRUNCATE audit.seals',
      "UPDATE audit.chain_head SET sequence = 0, hash = decode(repeat('00', 32), 'hex')",
      'INSERT INTO audit.unsealed SELECT batch FROM audit.batches',
    )
    const [changed] = await entriesOfBatches(sql(), [2n])
    await tamper(
      `UPDATE audit.batches SET content_hash = '\\x${contentHash([canonical(changed!)]).toString('hex')}' WHERE batch = 2`,
    )
    await stranger.seal()
    expect((await stranger.verify(sql())).verdict).toBe('whole')
    expect(await verify()).toEqual({ verdict: 'broken', at: 1n, cause: 'not_made_here' })
  })

  test('a head noted elsewhere that differs', async () => {
    const noted = await audit.head()
    await record(2)
    await audit.seal()
    expect((await audit.verify(sql(), noted)).verdict).toBe('whole')
    const other = { ...noted, hash: noted.hash.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) }
    expect(await audit.verify(sql(), other)).toEqual({ verdict: 'broken', at: 6n, cause: 'anchor_differs' })
  })
})

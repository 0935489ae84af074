// The tail of the indexes by which a sealer reads: short whatever the server's own cleaning does, and never a reason to fail.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Database, Transaction } from '#platform/db.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import { pagesPerRange } from './seal.sql.ts'
import { createTails } from './seal-tails.ts'

let platform: TestPlatform
const warnings: unknown[] = []
const log = { warn: (about: object) => void warnings.push(about) }

beforeAll(async () => {
  platform = await createTestPlatform()
  await platform.db.transaction(async (tx) => {
    // The index starts anew, as one over rows that came faster than anybody summarized them.
    await tx.run(`SET LOCAL session_replication_role = 'replica'`)
    await addKeys(tx)
  })
})
afterAll(() => platform.close())

const addKeys = (tx: Transaction) =>
  tx.run(`INSERT INTO ledger.idempotency (owner_id, key, body_hash, outcome, batch)
    SELECT gen_random_uuid(), gen_random_uuid(), sha256(number::text::bytea), 'posted', number / 256
    FROM generate_series(1, 12000) AS number`)
const ranges = async () => {
  const { pages } = await platform.db.read.one<{ pages: bigint }>(
    `SELECT pg_relation_size('ledger.idempotency') / current_setting('block_size')::bigint AS pages`,
  )
  return pages / pagesPerRange
}
/** How many of the ranges from `first` up to `end` nobody has summarized yet; they are afterwards. */
const unsummarized = async (first: bigint, end: bigint) =>
  (
    await platform.db.read.one<{ count: bigint }>(
      `SELECT coalesce(sum(brin_summarize_range('ledger.idempotency_batch', range * $3)), 0) AS count
       FROM generate_series($1::bigint, $2::bigint - 1) AS range`,
      [first, end, pagesPerRange],
    )
  ).count

it('every full range is summarized but the newest, also what comes later; a range that still fills is left', async () => {
  const tails = createTails(platform.db, log)
  const full = await ranges()
  expect(full).toBeGreaterThan(4n)
  await tails.summarize()
  expect(await unsummarized(0n, full - 1n)).toBe(0n)
  await platform.db.transaction(addKeys)
  const more = await ranges()
  expect(more).toBeGreaterThan(full + 3n)
  await tails.summarize()
  expect(await unsummarized(0n, more - 1n)).toBe(0n)
  expect(await unsummarized(more - 1n, more + 1n)).toBeGreaterThan(0n)
  expect(warnings).toEqual([])
})

it('somebody who cleans the table is not waited for, and nothing is said: he does the same', async () => {
  await platform.db.transaction(addKeys)
  const tails = createTails(platform.db, log)
  await platform.db.transaction(async (tx) => {
    await tx.run('LOCK TABLE ledger.idempotency, ledger.transfers IN SHARE UPDATE EXCLUSIVE MODE')
    await tails.summarize()
  })
  expect(warnings).toEqual([])
  await tails.summarize()
  expect(await unsummarized(0n, (await ranges()) - 1n)).toBe(0n)
})

it('what cannot be summarized is told once and fails nobody', async () => {
  const broken: Database = {
    ...platform.db,
    transaction: () => Promise.reject(Object.assign(new Error('must be owner'), { code: '42501' })),
  }
  const tails = createTails(broken, log)
  await tails.summarize()
  await tails.summarize()
  expect(warnings).toMatchObject([{ error: { code: '42501' } }])
})

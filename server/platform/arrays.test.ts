// What the quick arrays say is read back by the server as what went in.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { plain, texts, times } from './arrays.ts'
import { createTestPlatform, type TestPlatform } from './testing.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await createTestPlatform()
})
afterAll(() => platform.close())

const roundTrip = async (literal: string, type: string) =>
  (
    await platform.db.read.rows<{ value: unknown }>(`SELECT value FROM unnest($1::${type}[]) AS value`, [
      literal,
    ])
  ).map((row) => row.value)

it('texts of any kind come back whole', async () => {
  // PostgreSQL stores no NUL and no half surrogates; everything else must survive.
  const text = fc
    .string({ unit: 'grapheme' })
    .filter((value) => !value.includes('\0') && value.isWellFormed())
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(text)), async (values) => {
      expect(await roundTrip(texts(values), 'text')).toEqual(values)
    }),
    { numRuns: 150 },
  )
  const odd = ['', 'NULL', 'null', '{}', '{a,b}', 'a"b', 'a\\b', '\\', '"', ' ', ',', '\n', "'", '中文', '😀']
  expect(await roundTrip(texts(odd), 'text')).toEqual(odd)
})

it('numbers, ids and times come back whole, and nothing stays nothing', async () => {
  expect(await roundTrip(plain([1n, -(2n ** 63n), 2n ** 63n - 1n, null, undefined]), 'bigint')).toEqual([
    1n,
    -(2n ** 63n),
    2n ** 63n - 1n,
    null,
    null,
  ])
  expect(await roundTrip(plain(['0190870c-a5ff-70d6-a55b-f66f1ed8dbfe', null]), 'uuid')).toEqual([
    '0190870c-a5ff-70d6-a55b-f66f1ed8dbfe',
    null,
  ])
  expect(await roundTrip(times([new Date('2026-11-22T01:02:03.456Z'), undefined]), 'timestamptz')).toEqual([
    new Date('2026-11-22T01:02:03.456Z'),
    null,
  ])
  expect(await roundTrip(plain([]), 'bigint')).toEqual([])
})

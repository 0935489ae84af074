// What the binary arrays say is read back by the server as what went in.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bigints, byteas, dates, integers, plain, texts, times, uuids } from './arrays.ts'
import { createTestPlatform, type TestPlatform } from './testing.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await createTestPlatform()
})
afterAll(() => platform.close())

const roundTrip = async (array: Buffer | string, type: string) =>
  (
    await platform.db.read.rows<{ value: unknown }>(`SELECT value FROM unnest($1::${type}[]) AS value`, [
      array,
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
    { numRuns: 150, seed: 20_261_122 },
  )
  const odd = ['', 'NULL', 'null', '{}', '{a,b}', 'a"b', 'a\\b', '\\', '"', ' ', ',', '\n', "'", '中文', '😀']
  expect(await roundTrip(texts(odd), 'text')).toEqual(odd)
})

it('numbers of any size come back whole', async () => {
  const int8 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(int8)), async (values) => {
      expect(await roundTrip(bigints(values), 'bigint')).toEqual(values)
    }),
    { numRuns: 50, seed: 20_261_122 },
  )
  expect(await roundTrip(integers([0, -1, 2147483647, -2147483648, null]), 'integer')).toEqual([
    0,
    -1,
    2147483647,
    -2147483648,
    null,
  ])
  expect(() => bigints([2n ** 63n])).toThrow(RangeError)
  expect(() => integers([2 ** 31])).toThrow(RangeError)
})

it('ids come back whole, and what is no id is refused before it is sent', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(fc.uuid())), async (values) => {
      expect(await roundTrip(uuids(values), 'uuid')).toEqual(values)
    }),
    { numRuns: 50, seed: 20_261_122 },
  )
  expect(await roundTrip(uuids(['0190870C-A5FF-70D6-A55B-F66F1ED8DBFE']), 'uuid')).toEqual([
    '0190870c-a5ff-70d6-a55b-f66f1ed8dbfe',
  ])
  for (const none of [
    '',
    '0190870c',
    '0190870c-a5ff-70d6-a55b-f66f1ed8dbfg',
    '中190870c-a5ff-70d6-a55b-f66f1ed8dbfe',
  ])
    expect(() => uuids([none])).toThrow(TypeError)
})

it('times before and after 2000, days and bytes come back whole', async () => {
  const date = fc.date({ min: new Date('1970-01-01'), max: new Date('2200-01-01'), noInvalidDate: true })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(date)), async (values) => {
      expect(await roundTrip(times(values), 'timestamptz')).toEqual(values)
    }),
    { numRuns: 50, seed: 20_261_122 },
  )
  const days = ['1999-12-31', '2000-01-01', '2026-11-22', null]
  expect(
    (
      await platform.db.read.rows<{ day: string | null }>('SELECT day::text FROM unnest($1::date[]) AS day', [
        dates(days),
      ])
    ).map((row) => row.day),
  ).toEqual(days)
  const bytes = [Buffer.from([0, 255, 7]), Buffer.alloc(0), null]
  expect(await roundTrip(byteas(bytes), 'bytea')).toEqual(bytes)
})

it('an array of nothing is empty, in every form', async () => {
  for (const [array, type] of [
    [uuids([]), 'uuid'],
    [bigints([]), 'bigint'],
    [integers([]), 'integer'],
    [texts([]), 'text'],
    [times([]), 'timestamptz'],
    [byteas([]), 'bytea'],
    [plain([]), 'boolean'],
  ] as const)
    expect(await roundTrip(array, type)).toEqual([])
  expect(await roundTrip(plain([true, null, false]), 'boolean')).toEqual([true, null, false])
})

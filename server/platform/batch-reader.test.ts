import { expect, test } from 'vitest'
import { createBatchReader } from './batch-reader.ts'

function reader(maximumSize?: number) {
  const batches: (readonly string[])[] = []
  const read = createBatchReader(
    async (keys) => {
      batches.push(keys)
      if (keys.includes('broken')) throw new Error('no database')
      return new Map(keys.filter((key) => key !== 'unknown').map((key) => [key, `value of ${key}`]))
    },
    maximumSize === undefined ? {} : { maximumSize },
  )
  return { read, batches }
}

test('what is asked for in one turn is one query of distinct keys; each gets its own answer', async () => {
  const { read, batches } = reader()
  expect(await Promise.all(['a', 'b', 'a', 'unknown'].map(read))).toEqual([
    'value of a',
    'value of b',
    'value of a',
    undefined,
  ])
  expect(batches).toEqual([['a', 'b', 'unknown']])
})

test('nothing is kept: the next question is asked anew', async () => {
  const { read, batches } = reader()
  await read('a')
  await read('a')
  expect(batches).toEqual([['a'], ['a']])
})

test('a question asked while a query is on its way is part of the next one', async () => {
  const asked: (readonly string[])[] = []
  let second: Promise<unknown> | undefined
  const read = createBatchReader<string>(async (keys) => {
    asked.push(keys)
    second ??= read('a')
    return new Map(keys.map((key) => [key, String(asked.length)]))
  })
  expect(await read('a')).toBe('1')
  expect(await second).toBe('2')
  expect(asked).toEqual([['a'], ['a']])
})

test('a large turn is cut into queries of at most the given size', async () => {
  const { read, batches } = reader(2)
  expect(await Promise.all(['a', 'b', 'c', 'd', 'e'].map(read))).toHaveLength(5)
  expect(batches).toEqual([['a', 'b'], ['c', 'd'], ['e']])
})

test('a fault reaches everybody of its query, and nobody else', async () => {
  const { read } = reader(2)
  const results = await Promise.allSettled(['a', 'broken', 'c'].map(read))
  expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected', 'fulfilled'])
  expect(await read('a')).toBe('value of a')
})

test('with as many queries on their way as may be, the next one takes everybody who came meanwhile', async () => {
  const asked: (readonly string[])[] = []
  const answers: (() => void)[] = []
  const read = createBatchReader<string>(
    (keys) => {
      asked.push(keys)
      return new Promise((resolve) => answers.push(() => resolve(new Map(keys.map((key) => [key, key])))))
    },
    { atOnce: 1 },
  )
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  const first = read('a')
  await turn()
  const others = ['b', 'c'].map(read)
  await turn()
  const last = read('d')
  await turn()
  expect(asked).toEqual([['a']])
  answers[0]!()
  expect(await first).toBe('a')
  answers[1]!()
  expect(await Promise.all([...others, last])).toEqual(['b', 'c', 'd'])
  expect(asked).toEqual([['a'], ['b', 'c', 'd']])
})

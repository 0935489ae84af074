// Statements that travel as one piece: each gets its own answer, and what one fault leaves behind is a connection that goes on.
import pg from 'pg'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { groupStatements } from './statement-group.ts'

let client: pg.Client
let ask: ReturnType<typeof groupStatements>
/** How often the server said that it has answered everything. */
let ends = 0

beforeEach(async () => {
  client = new pg.Client({ connectionString: process.env['TUNTAS_TEST_DATABASE_URL'], pipeline: true })
  client.on('error', () => undefined)
  await client.connect()
  const { connection } = client as unknown as { connection: NodeJS.EventEmitter }
  ends = 0
  connection.on('readyForQuery', () => ends++)
  ask = groupStatements(client)
})
afterEach(() => client.end())

const plus = (name: string, value: number) => ({
  name,
  text: 'SELECT $1::int + 1 AS sum',
  values: [value],
})
const sumOf = async (answer: Promise<pg.QueryResult>) => (await answer).rows[0]?.sum

it('answers each with its own rows, in one piece, and later ones in the next', async () => {
  const first = [sumOf(ask(plus('one', 1))), sumOf(ask(plus('two', 2))), sumOf(ask(plus('one', 3)))]
  expect(await Promise.all(first)).toEqual([2, 3, 4])
  expect(ends).toBe(1)
  expect(await Promise.all([sumOf(ask(plus('two', 4))), sumOf(ask(plus('three', 5)))])).toEqual([5, 6])
  expect(ends).toBe(2)
})

it('goes on in the same piece with what an answer that is there already asks for', async () => {
  const both = await Promise.all([
    Promise.resolve().then(() => sumOf(ask(plus('one', 1)))),
    sumOf(ask(plus('two', 2))),
  ])
  expect([both, ends]).toEqual([[2, 3], 1])
})

it('gives the rows of a statement without a name, counts what was changed, and takes none', async () => {
  const [, changed, none, rows] = await Promise.all([
    ask({ text: 'CREATE TEMPORARY TABLE things (id int)' }),
    ask({ text: 'INSERT INTO things SELECT generate_series(1, $1::int)', values: [7] }),
    ask({ text: 'SELECT id FROM things WHERE id > 100' }),
    ask({ text: 'SELECT count(*) AS count FROM things', types: { getTypeParser: () => Number } as never }),
  ])
  expect([changed!.rowCount, none!.rows, rows!.rows]).toEqual([7, [], [{ count: 7 }]])
})

it('a fault is told to its statement; those before it are answered, those behind it were not looked at', async () => {
  await ask({ text: 'CREATE TEMPORARY TABLE things (id int)' })
  const answers = await Promise.allSettled([
    ask(plus('one', 1)),
    ask({ name: 'wrong', text: 'SELECT 1 / $1::int', values: [0] }),
    ask({ name: 'behind', text: 'INSERT INTO things VALUES ($1)', values: [1] }),
    ask({ name: 'commit', text: 'COMMIT' }),
  ])
  expect(
    answers.map((answer) => (answer.status === 'fulfilled' ? answer.value.rows : answer.reason.code)),
  ).toEqual([[{ sum: 2 }], '22012', '25P02', '25P02'])
  // The server never saw these two: they are sent whole again.
  await Promise.all([
    ask({ name: 'behind', text: 'INSERT INTO things VALUES ($1)', values: [2] }),
    ask({ name: 'commit', text: 'COMMIT' }),
  ])
  expect((await ask({ text: 'SELECT id FROM things' })).rows).toEqual([{ id: 2 }])
  expect(await sumOf(ask({ ...plus('wrong', 1), name: 'one' }))).toBe(2)
})

it('a statement that the server cannot read harms no later one', async () => {
  const answers = await Promise.allSettled([
    ask(plus('one', 1)),
    ask({ name: 'unreadable', text: 'SELEC 1' }),
    ask(plus('two', 1)),
  ])
  expect(answers.map((answer) => answer.status)).toEqual(['fulfilled', 'rejected', 'rejected'])
  expect(await sumOf(ask(plus('two', 5)))).toBe(6)
  expect((await ask({ name: 'unreadable', text: 'SELECT 1 AS sum' })).rows).toEqual([{ sum: 1 }])
})

it('refuses an object as a value before anything is sent, and harms no other one', async () => {
  const answers = await Promise.allSettled([
    ask(plus('one', 1)),
    ask({ name: 'two', text: 'SELECT $1::jsonb', values: [{ at: 1n }] }),
    ask({ name: 'three', text: 'SELECT $1::int[] AS sum', values: [[1, 2]] }),
  ])
  expect(
    answers.map((answer) => (answer.status === 'fulfilled' ? answer.value.rows : answer.reason.name)),
  ).toEqual([[{ sum: 2 }], 'TypeError', [{ sum: [1, 2] }]])
  expect(ends).toBe(1)
})

const reasons = async (answers: Promise<PromiseSettledResult<unknown>[]>) =>
  (await answers).map(
    (answer) => (answer as PromiseRejectedResult).reason as { code?: string; message: string },
  )

it('when the server ends the connection, the statement it was at hears why', async () => {
  const { rows } = await client.query('SELECT pg_backend_pid() AS pid')
  const answers = Promise.allSettled([
    ask({ text: 'SELECT pg_sleep(60)' }),
    ask(plus('one', 1)),
    ask({ text: 'COMMIT' }),
  ])
  const other = new pg.Client({ connectionString: process.env['TUNTAS_TEST_DATABASE_URL'] })
  await other.connect()
  await other.query('SELECT pg_terminate_backend($1)', [rows[0].pid])
  await other.end()
  expect((await reasons(answers)).map(({ code }) => code)).toEqual(['57P01', '25P02', '25P02'])
})

it('when the connection is lost, nobody waits for ever, and none is told that it was skipped: it may have happened', async () => {
  const answers = Promise.allSettled([
    ask({ text: 'SELECT pg_sleep(60)' }),
    ask(plus('one', 1)),
    ask({ text: 'COMMIT' }),
  ])
  await new Promise((resolve) => setImmediate(resolve))
  const { connection } = client as unknown as { connection: { stream: { destroy(error: Error): void } } }
  connection.stream.destroy(Object.assign(new Error('gone'), { code: 'ECONNRESET' }))
  const heard = await reasons(answers)
  expect(heard.map(({ message }) => /gone|Connection terminated/.test(message))).toEqual([true, true, true])
})

it('asks once how the rows of a named statement look, and gives each answer rows of its own', async () => {
  const { connection } = client as unknown as { connection: NodeJS.EventEmitter }
  let descriptions = 0
  connection.on('rowDescription', () => descriptions++)
  const things = (from: number) =>
    ask({
      name: 'things',
      text: 'SELECT n, n::text AS word, NULL AS nothing FROM generate_series($1::int, 2) AS n',
      values: [from],
    })
  const first = await things(1)
  const second = await things(2)
  const none = await things(3)
  expect([first.rows, second.rows, none.rows]).toEqual([
    [
      { n: 1, word: '1', nothing: null },
      { n: 2, word: '2', nothing: null },
    ],
    [{ n: 2, word: '2', nothing: null }],
    [],
  ])
  expect([second.fields.map((field) => field.name), descriptions]).toEqual([['n', 'word', 'nothing'], 1])
})

it('asks again after a fault, and reads values with the readers that the statement brought', async () => {
  const half = (value: number) => ({
    name: 'half',
    text: 'SELECT 100 / $1::int AS part',
    values: [value],
    types: { getTypeParser: () => (text: string) => `${text} of 100` } as never,
  })
  await expect(ask(half(0))).rejects.toMatchObject({ code: '22012' })
  expect((await ask(half(4))).rows).toEqual([{ part: '25 of 100' }])
  await expect(ask(half(0))).rejects.toMatchObject({ code: '22012' })
  expect((await ask(half(5))).rows).toEqual([{ part: '20 of 100' }])
})

it('refuses to read rows that a changed table makes different', async () => {
  await ask({ text: 'CREATE TEMPORARY TABLE things (id int)' })
  await ask({ text: 'INSERT INTO things VALUES (1)' })
  const all = { name: 'all', text: 'SELECT * FROM things' }
  expect((await ask(all)).rows).toEqual([{ id: 1 }])
  await ask({ text: "ALTER TABLE things ADD COLUMN colour text DEFAULT 'red'" })
  await expect(ask(all)).rejects.toMatchObject({ code: '0A000' })
})

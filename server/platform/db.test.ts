// The door to PostgreSQL: nothing looks committed that is not, conflicts are tried again, and values keep their types.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  isConnectionError,
  violatedConstraint,
  type Database,
  type DedicatedConnection,
  type Transaction,
} from './db.ts'
import { createTestPlatform, type TestPlatform } from './testing.ts'

let platform: TestPlatform
let db: Database
let dedicated: DedicatedConnection

beforeAll(async () => {
  platform = await createTestPlatform()
  db = platform.db
  dedicated = await db.dedicated()
  await db.read.run('CREATE TABLE notes (id int PRIMARY KEY, amount bigint NOT NULL)')
})
afterAll(async () => {
  await dedicated.close()
  await platform.close()
})
beforeEach(async () => void (await db.read.run('TRUNCATE notes')))

const notes = async () =>
  (await db.read.rows<{ id: number }>('SELECT id FROM notes ORDER BY id')).map((row) => row.id)
const insert = 'INSERT INTO notes (id, amount) VALUES ($1, 1)'
const fault = (code: string) => Object.assign(new Error(`the server says ${code}`), { code })

const doors: [string, () => Pick<Database, 'transaction'>][] = [
  ['the pool', () => db],
  ['a pipelined connection of one’s own', () => dedicated],
]

describe.each(doors)('a transaction on %s', (_name, door) => {
  it('commits together or vanishes together', async () => {
    await door().transaction((tx) => tx.run(insert, [1]))
    await expect(
      door().transaction(async (tx) => {
        await tx.run(insert, [2])
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect(await notes()).toEqual([1])
  })

  it('that swallowed an error of the server does not look committed', async () => {
    await expect(
      door().transaction(async (tx) => {
        await tx.run(insert, [1])
        await tx.run('SELECT 1 / 0').catch(() => undefined)
      }),
    ).rejects.toThrow(/swallowed/)
    expect(await notes()).toEqual([])
    await door().transaction((tx) => tx.run(insert, [3]))
    expect(await notes()).toEqual([3])
  })

  it('refuses statements that come after its end, instead of running them on their own', async () => {
    let open = () => {}
    const opened = new Promise<void>((resolve) => (open = resolve))
    let late: Promise<unknown> | undefined
    await expect(
      door().transaction(async (tx) => {
        late = opened.then(() => tx.run(insert, [4]))
        await tx.run('SELECT 1 / 0')
      }),
    ).rejects.toThrow(/division/)
    open()
    await expect(late).rejects.toThrow(/too late/)
    await expect(late).rejects.toThrow(/too late/)
    const { tx: kept } = await door().transaction(async (tx) => ({ tx }))
    await expect(kept.run(insert, [5])).rejects.toThrow(/too late/)
    expect(await notes()).toEqual([])
  })

  it('leaves nothing of what was asked for in the very turn in which it failed', async () => {
    // As the first statement of all, behind others, and beside one that fails.
    const ways: ((tx: Transaction, ask: () => void) => Promise<unknown>)[] = [
      async (_tx, ask) => ask(),
      async (tx, ask) => {
        await tx.rows('SELECT 1')
        ask()
      },
      async (tx, ask) => {
        const fault = tx.rows('SELECT 1 / 0')
        await Promise.all([tx.rows('SELECT 1').then(ask), fault])
      },
    ]
    for (const [index, way] of ways.entries()) {
      let asked: Promise<unknown> | undefined
      await expect(
        door().transaction(async (tx) => {
          await way(tx, () => {
            asked = tx.run(insert, [index])
            asked.catch(() => undefined)
          })
          throw new Error('no')
        }),
      ).rejects.toThrow(/^no$|division/)
      await asked?.catch(() => undefined)
    }
    await door().transaction((tx) => tx.run(insert, [9]))
    expect(await notes()).toEqual([9])
  })

  it('says the first fault of statements that travel together, not that those after it were in vain', async () => {
    // What comes through more steps is heard later, though it failed first.
    const far = async (tx: Transaction, text: string) => (await (async () => await tx.rows(text))()).length
    await expect(
      door().transaction((tx) => Promise.all([far(tx, 'SELECT 1 / 0'), tx.rows('SELECT 1')])),
    ).rejects.toThrow(/division/)
    let tries = 0
    const deadlock = "DO $$ BEGIN RAISE EXCEPTION 'in a circle' USING ERRCODE = 'deadlock_detected'; END $$"
    await door().transaction((tx) =>
      Promise.all([far(tx, tries++ === 0 ? deadlock : 'SELECT 1'), tx.run(insert, [1])]),
    )
    expect([tries, await notes()]).toEqual([2, [1]])
  })

  it('whose last statements travel with the commit commits all of them, or nothing with the first fault', async () => {
    await door().transaction(async (tx) => {
      await tx.run(insert, [1])
      await tx.commitAfter([tx.run(insert, [2]), tx.run(insert, [3])])
    })
    expect(await notes()).toEqual([1, 2, 3])
    await expect(
      door().transaction(async (tx) => {
        await tx.commitAfter([tx.run(insert, [4]), tx.run('SELECT 1 / 0'), tx.run(insert, [5])])
      }),
    ).rejects.toThrow(/division/)
    await expect(
      door().transaction(async (tx) => {
        await tx.commitAfter([tx.run(insert, [6]), tx.run('SELECT 1 / 0').catch(() => undefined)])
      }),
      // The second where the server answers the COMMIT of an aborted transaction, the first where it never looked at it.
    ).rejects.toThrow(/division|swallowed/)
    expect(await notes()).toEqual([1, 2, 3])
  })

  it('refuses a statement after the commit was sent, and does not run again what is committed', async () => {
    let runs = 0
    await expect(
      door().transaction(async (tx) => {
        runs++
        await tx.commitAfter([tx.run(insert, [1]).then(() => tx.run(insert, [2]))])
      }),
    ).rejects.toThrow(/too late/)
    await expect(
      door().transaction(async (tx) => {
        runs++
        await tx.commitAfter([tx.run(insert, [3])])
        throw fault('40P01')
      }),
    ).rejects.toThrow('40P01')
    expect([runs, await notes()]).toEqual([2, [1, 3]])
  })

  it.each(['40001', '40P01'])(
    'runs again after %s, and its first try leaves nothing behind',
    async (code) => {
      let tries = 0
      await door().transaction(async (tx) => {
        tries++
        await tx.run(insert, [tries])
        if (tries < 3) throw fault(code)
      })
      expect(await notes()).toEqual([3])
    },
  )

  it('gives up on a conflict that does not end, and never runs other faults again', async () => {
    let tries = 0
    const failing = (code: string) =>
      door().transaction(async () => {
        tries++
        throw fault(code)
      })
    await expect(failing('40001')).rejects.toMatchObject({ code: '40001' })
    expect(tries).toBe(6)
    await expect(failing('23505')).rejects.toMatchObject({ code: '23505' })
    expect(tries).toBe(7)
  })
})

it('two transactions that lock each other out both succeed in the end', async () => {
  await db.read.run('INSERT INTO notes VALUES (1, 0), (2, 0)')
  const met = [0, 0]
  const both = [0, 1].map((me) =>
    db.transaction(async (tx) => {
      await tx.run('UPDATE notes SET amount = amount + 1 WHERE id = $1', [me + 1])
      met[me] = 1
      // Until both hold their first row: then each wants the other's, which is a deadlock.
      while (met.includes(0)) await new Promise((resolve) => setImmediate(resolve))
      await tx.run('UPDATE notes SET amount = amount + 1 WHERE id = $1', [2 - me])
    }),
  )
  await Promise.all(both)
  expect(await db.read.rows('SELECT amount FROM notes')).toEqual([{ amount: 2n }, { amount: 2n }])
})

it('a connection that the server ended is replaced, for the pool and for group commit', async () => {
  const end = async (pid: number) => {
    await db.read.one('SELECT pg_terminate_backend($1)', [pid])
  }
  for (const [, door] of doors) {
    const lost = door().transaction(async (tx) => {
      const { pid } = await tx.one<{ pid: number }>('SELECT pg_backend_pid() AS pid')
      await end(pid)
      await tx.run('SELECT 1')
    })
    const error = await lost.catch((reason: unknown) => reason)
    expect(isConnectionError(error)).toBe(true)
    expect(await door().transaction((tx) => tx.one('SELECT 1 AS one'))).toEqual({ one: 1 })
  }
})

it.each(['57P01', '08006', 'ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT', 'EHOSTUNREACH', 'EPIPE', 'ENOENT'])(
  '%s means that the answer was lost',
  (code) => expect(isConnectionError(fault(code))).toBe(true),
)
it.each(['23505', '40001', '22003', 'P0001'])('%s is an answer', (code) =>
  expect(isConnectionError(fault(code))).toBe(false),
)

describe('values', () => {
  it('bigint stays bigint, exact beyond what a number holds, also in arrays', async () => {
    const large = 2n ** 62n
    expect(await db.read.one('SELECT $1::bigint AS amount', [large])).toEqual({ amount: large })
    expect(await db.read.one('SELECT $1::bigint AS amount', [2n ** 53n + 1n])).toEqual({
      amount: 9_007_199_254_740_993n,
    })
    expect(await db.read.one('SELECT $1::bigint[] AS amounts', [[large, -large, 0n]])).toEqual({
      amounts: [large, -large, 0n],
    })
    expect(await db.read.one("SELECT '{}'::bigint[] AS amounts")).toEqual({ amounts: [] })
    expect(await db.read.one('SELECT count(*) AS count FROM notes')).toEqual({ count: 0n })
  })

  it('what does not fit is refused, never rounded', async () => {
    await expect(db.read.one('SELECT $1::bigint', [2n ** 63n])).rejects.toMatchObject({ code: '22003' })
    await expect(db.read.one('SELECT $1::bigint', ['1e400'])).rejects.toMatchObject({ code: '22P02' })
  })

  it('a moment is a Date, to the millisecond', async () => {
    const at = new Date('2026-11-20T06:00:00.123Z')
    const { moment } = await db.read.one<{ moment: unknown }>('SELECT $1::timestamptz AS moment', [at])
    expect(moment).toBeInstanceOf(Date)
    expect(moment).toEqual(at)
    const read = async (text: string) =>
      (await db.read.one<{ moment: unknown }>(`SELECT '${text}'::timestamptz AS moment`)).moment
    expect(await read('2026-11-20 06:00:00.123456+00')).toEqual(at)
    expect(await read('2026-11-20 13:00:00+07')).toEqual(new Date('2026-11-20T06:00:00Z'))
    expect(await read('1969-12-31 23:59:59.999+00')).toEqual(new Date(-1))
    expect(await read('12026-11-20 06:00:00+00')).toEqual(new Date('+012026-11-20T06:00:00Z'))
    expect([await read('infinity'), await read('-infinity')]).toEqual([Infinity, -Infinity])
    const elsewhere = await db.transaction(async (tx) => {
      await tx.run("SET LOCAL timezone = 'Asia/Jakarta'")
      return tx.one<{ moment: unknown }>('SELECT $1::timestamptz AS moment', [at])
    })
    expect(elsewhere.moment).toEqual(at)
  })

  it('one row means one row', async () => {
    await expect(db.read.one('SELECT 1 WHERE false')).rejects.toThrow(/expected one row, got 0/)
    await expect(db.read.one('SELECT generate_series(1, 2)')).rejects.toThrow(/got 2/)
    expect(await db.read.maybe('SELECT 1 WHERE false')).toBeUndefined()
  })

  it('a refused row names its constraint', async () => {
    await db.read.run(insert, [1])
    const error = await db.read.run(insert, [1]).catch((reason: unknown) => reason)
    expect(violatedConstraint(error)).toBe('notes_pkey')
    expect(violatedConstraint(fault('40001'))).toBeUndefined()
  })
})

describe('a connection of one’s own plans once,', () => {
  it('but not for ever as it did for an empty table: a batch never reads the whole of a table that has grown', async () => {
    const connection = await db.dedicated()
    // Nobody counts this table between: only the plan's own age can change it.
    await db.read.run('CREATE TABLE keys (key int PRIMARY KEY, body text) WITH (autovacuum_enabled = false)')
    await db.read.run('VACUUM ANALYZE keys')
    const look = () =>
      connection.transaction((tx) =>
        tx.rows(
          'SELECT body FROM unnest($1::int[]) AS asked (key) JOIN keys USING (key)',
          [[1, 2]],
          'test-keys',
        ),
      )
    const plan = () =>
      connection.transaction(async (tx) => {
        const rows = await tx.rows<object>(`EXPLAIN EXECUTE "test-keys" ('{1,2}')`)
        return JSON.stringify(rows)
      })
    try {
      await look()
      expect(await plan()).toContain('Seq Scan on keys')
      await db.read.run("INSERT INTO keys SELECT n, repeat('x', 200) FROM generate_series(1, 20000) AS n")
      for (let count = 0; count < 8; count++) await look()
      expect(await plan()).toContain('Index Scan using keys_pkey')
    } finally {
      await connection.close()
    }
  })
})

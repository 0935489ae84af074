// Group commit: one answer per command, after the commit; what was committed is never run again, whatever goes wrong.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ConnectionLost, type Database, type Transaction } from './db.ts'
import { createGroupCommit, type GroupCommit, type GroupCommitOptions } from './group-commit.ts'
import { createTestPlatform, type TestPlatform } from './testing.ts'

let platform: TestPlatform
const opened: GroupCommit<number, string>[] = []
/** Each batch as it was run, in order; a batch that ran again stands twice. */
let runs: number[][]

beforeAll(async () => {
  platform = await createTestPlatform()
  await platform.db.read.run('CREATE TABLE done (command int NOT NULL CHECK (command <> 13))')
})
afterAll(() => platform.close())
beforeEach(async () => {
  runs = []
  await platform.db.read.run('TRUNCATE done')
})
afterEach(async () => {
  while (opened.length > 0) await opened.pop()!.close()
})

async function write(tx: Transaction, commands: readonly number[]): Promise<string[]> {
  runs.push([...commands])
  await tx.run('INSERT INTO done SELECT unnest($1::int[])', [commands])
  return commands.map((command) => `done ${command}`)
}

function open(options: Partial<GroupCommitOptions<number, string>> = {}) {
  const commit = createGroupCommit<number, string>({ db: platform.db, run: write, lanes: 1, ...options })
  opened.push(commit)
  return commit
}

const done = async () =>
  (await platform.db.read.rows<{ command: number }>('SELECT command FROM done ORDER BY command')).map(
    (row) => row.command,
  )
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 100)
const answers = (commit: GroupCommit<number, string>, commands: readonly number[]) =>
  Promise.allSettled(commands.map((command) => commit.submit(command)))
const settled = (command: number) => ({ status: 'fulfilled', value: `done ${command}` })

function gate() {
  let release = () => {}
  const released = new Promise<void>((resolve) => (release = resolve))
  return { release, released }
}

describe('batches', () => {
  it('what arrives together is committed together, and each command gets its own answer', async () => {
    const commit = open()
    expect(await answers(commit, upTo(50))).toEqual(upTo(50).map(settled))
    expect(runs).toEqual([upTo(50)])
    expect(await done()).toEqual(upTo(50))
    expect(commit.statistics).toEqual({ batches: 1, commands: 50, largest: 50, halved: 0 })
  })

  it('are no larger than the maximum, in the order of arrival', async () => {
    const commit = open({ maximumSize: 20 })
    await answers(commit, upTo(50))
    expect(runs).toEqual([upTo(50).slice(0, 20), upTo(50).slice(20, 40), upTo(50).slice(40)])
  })

  it('collect what comes while the lanes are busy', async () => {
    const { release, released } = gate()
    const commit = open({
      async run(tx, commands) {
        const result = await write(tx, commands)
        if (runs.length === 1) await released
        return result
      },
    })
    const first = commit.submit(1)
    while (runs.length === 0) await new Promise((resolve) => setImmediate(resolve))
    const others = answers(commit, upTo(10))
    release()
    await Promise.all([first, others])
    expect(runs).toEqual([[1], upTo(10)])
  })

  it('an answer means that it is committed', async () => {
    const commit = open()
    await commit.submit(7)
    expect(await done()).toEqual([7])
  })
})

describe('when something goes wrong', () => {
  it('one command that breaks its batch fails alone; all others are committed once', async () => {
    const commit = open()
    const commands = [...upTo(20), 13, 14, 15]
    const results = await answers(commit, commands)
    expect(results.filter((result) => result.status === 'rejected')).toHaveLength(1)
    expect(results[20]).toMatchObject({ status: 'rejected', reason: { code: '23514' } })
    expect(await done()).toEqual([14, 15, ...upTo(20)])
    expect(commit.statistics.halved).toBeGreaterThan(1)
  })

  it.each(['40001', '40P01'])('the whole batch runs again after %s', async (code) => {
    const commit = open({
      async run(tx, commands) {
        const result = await write(tx, commands)
        if (runs.length === 1) throw Object.assign(new Error('conflict'), { code })
        return result
      },
    })
    expect(await answers(commit, [1, 2])).toEqual([1, 2].map(settled))
    expect(runs).toEqual([
      [1, 2],
      [1, 2],
    ])
    expect(await done()).toEqual([1, 2])
    expect(commit.statistics.halved).toBe(0)
  })

  it('a connection lost on the way gives outcome_unknown to all of its batch, and the next batch goes on', async () => {
    const commit = open({
      async run(tx, commands) {
        const result = await write(tx, commands)
        if (runs.length > 1) return result
        const { pid } = await tx.one<{ pid: number }>('SELECT pg_backend_pid() AS pid')
        await platform.db.read.one('SELECT pg_terminate_backend($1)', [pid])
        await tx.run('SELECT 1')
        return result
      },
    })
    const lost = await answers(commit, [1, 2, 3])
    for (const result of lost)
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'outcome_unknown' } })
    expect(runs).toHaveLength(1)
    expect(await commit.submit(4)).toBe('done 4')
    expect(await done()).toEqual([4])
  })

  it('a commit whose answer was lost is not run again', async () => {
    const losing: Database = {
      ...platform.db,
      async dedicated() {
        const connection = await platform.db.dedicated()
        return {
          ...connection,
          async transaction(work) {
            await connection.transaction(work)
            throw new ConnectionLost('after the commit')
          },
        }
      },
    }
    const results = await answers(open({ db: losing }), [1, 2, 3])
    for (const result of results)
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'outcome_unknown' } })
    expect(runs).toEqual([[1, 2, 3]])
    expect(await done()).toEqual([1, 2, 3])
  })

  it('a step that forgets an answer commits nothing', async () => {
    const commit = open({
      run: async (tx, commands) => (await write(tx, commands)).slice(1),
    })
    const results = await answers(commit, [1, 2])
    for (const result of results) expect(result.status).toBe('rejected')
    expect(await done()).toEqual([])
  })

  it('what is told after a commit cannot take the answers back', async () => {
    const commit = open({
      onCommitted() {
        throw new Error('a listener failed')
      },
    })
    expect(await answers(commit, [1, 2])).toEqual([1, 2].map(settled))
    expect(await done()).toEqual([1, 2])
  })
})

describe('limits and the end', () => {
  it('more than may wait is refused as busy and never run', async () => {
    const commit = open({ maximumWaiting: 5 })
    const results = await answers(commit, upTo(8))
    expect(results.map((result) => result.status)).toEqual([
      ...Array.from({ length: 5 }, () => 'fulfilled'),
      ...Array.from({ length: 3 }, () => 'rejected'),
    ])
    expect(results[5]).toMatchObject({ reason: { code: 'busy' } })
    expect(await done()).toEqual(upTo(5))
  })

  it('close finishes what was accepted and takes nothing more', async () => {
    const commit = open({ maximumSize: 3 })
    const accepted = answers(commit, upTo(10))
    const closing = commit.close()
    await expect(commit.submit(1)).rejects.toMatchObject({ code: 'shutting_down' })
    await closing
    expect(await done()).toEqual(upTo(10))
    expect(await accepted).toEqual(upTo(10).map(settled))
  })

  it('several lanes at once run every command once', async () => {
    const commit = open({ lanes: 3, maximumSize: 7 })
    await answers(commit, upTo(200))
    expect(await done()).toEqual(upTo(200))
    expect(runs.flat().toSorted((left, right) => left - right)).toEqual(upTo(200))
  })
})

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { expect, test } from 'vitest'
import { isAlive, startTicksOf, waitUntilGone } from './processes.ts'
import { afterThisTest, ask, isRoot, runApp, start, usedDataFolder, type App } from './test-bench.ts'

async function appWithOneRow(dataDir: string): Promise<App> {
  const app = await runApp({ dataDir })
  await ask(app.facts.connectionString, 'CREATE TABLE kept AS SELECT 42 AS answer')
  return app
}

async function killOutright(...pids: number[]): Promise<void> {
  for (const pid of pids) process.kill(pid, 'SIGKILL')
  for (const pid of pids) expect(await waitUntilGone(pid, 60_000)).toBe(true)
}

test('after kill -9 of the app alone, its server is stopped cleanly and started anew', async () => {
  const dataDir = await usedDataFolder()
  const app = await appWithOneRow(dataDir)
  await killOutright(app.child.pid!)
  expect(isAlive(app.facts.pid)).toBe(true)
  const lines: string[] = []
  const database = await start(dataDir, { log: (line) => lines.push(line) })
  expect(database.adopted).toBe(true)
  expect(isAlive(app.facts.pid)).toBe(false)
  expect(lines.join('\n')).toContain('database system was shut down')
  expect(await ask(database.connectionString, 'SELECT answer FROM kept')).toBe(42)
})

test.runIf(isRoot)(
  'the server that was left behind is found where a container forbids root to look into processes',
  async () => {
    const withoutLooking = ['setpriv', '--bounding-set', '-sys_ptrace', '--inh-caps', '-sys_ptrace']
    const dataDir = await usedDataFolder()
    const app = await runApp({ dataDir })
    await killOutright(app.child.pid!)
    const next = await runApp({ dataDir }, withoutLooking)
    expect(next.facts).toMatchObject({ adopted: true })
    expect(isAlive(app.facts.pid)).toBe(false)
  },
)

test('after kill -9 of app and server, what was committed is recovered', async () => {
  const dataDir = await usedDataFolder()
  const app = await appWithOneRow(dataDir)
  await killOutright(app.child.pid!, app.facts.pid)
  const lines: string[] = []
  const database = await start(dataDir, { log: (line) => lines.push(line) })
  expect(database.adopted).toBe(false)
  expect(lines.join('\n')).toContain('automatic recovery in progress')
  expect(await ask(database.connectionString, 'SELECT answer FROM kept')).toBe(42)
})

test('after kill -9 of the server alone, a backend of it that is still there delays the next start but does not stop it', async () => {
  const dataDir = await usedDataFolder()
  const app = await appWithOneRow(dataDir)
  const client = new pg.Client(app.facts.connectionString)
  client.on('error', () => undefined)
  await client.connect()
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  const backend = rows[0]!.pid
  // Standing still it cannot notice that its server is gone, however long that takes.
  process.kill(backend, 'SIGSTOP')
  afterThisTest(() => isAlive(backend) && process.kill(backend, 'SIGCONT'))
  await killOutright(app.child.pid!, app.facts.pid)
  const refusals: string[] = []
  const database = await start(dataDir, {
    log(line) {
      if (!line.includes('pre-existing shared memory block')) return
      refusals.push(line)
      if (isAlive(backend)) process.kill(backend, 'SIGCONT')
    },
  })
  expect(refusals).not.toEqual([])
  expect(await ask(database.connectionString, 'SELECT answer FROM kept')).toBe(42)
  await client.end().catch(() => undefined)
})

test('a start that was killed while it made the database begins again', async () => {
  const dataDir = await usedDataFolder()
  rmSync(path.join(dataDir, 'cluster'), { recursive: true })
  mkdirSync(path.join(dataDir, 'cluster.new'))
  writeFileSync(path.join(dataDir, 'cluster.new', 'PG_VERSION'), '18\n')
  const database = await start(dataDir)
  expect(await ask(database.connectionString, 'SELECT 1')).toBe(1)
})

test('a postmaster.pid whose number now belongs to another program is no obstacle, and that program lives on', async () => {
  const dataDir = await usedDataFolder()
  const app = await appWithOneRow(dataDir)
  await killOutright(app.child.pid!, app.facts.pid)
  const pidFile = path.join(dataDir, 'cluster', 'postmaster.pid')
  const [, ...rest] = readFileSync(pidFile, 'utf8').split('\n')
  writeFileSync(pidFile, [process.ppid, ...rest].join('\n'))
  const database = await start(dataDir)
  expect(database.adopted).toBe(false)
  expect(await ask(database.connectionString, 'SELECT answer FROM kept')).toBe(42)
  expect(startTicksOf(process.ppid)).toBeDefined()
})

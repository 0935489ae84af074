import { chownSync, existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { expect, test, vi } from 'vitest'
import { isAlive } from './processes.ts'
import { ask, isRoot, newFolder, ordinaryUid, runApp, start, usedDataFolder } from './test-bench.ts'

test('the first start makes a durable UTF-8 database without a TCP port', async () => {
  const lines: string[] = []
  const database = await start(path.join(newFolder(), 'data'), { log: (line) => lines.push(line) })
  const show = (name: string) => ask(database.connectionString, `SHOW ${name}`)
  expect(await ask(database.connectionString, 'SELECT current_database()')).toBe('tuntas')
  expect(await show('fsync')).toBe('on')
  expect(await show('synchronous_commit')).toBe('on')
  expect(await show('full_page_writes')).toBe('on')
  expect(await show('data_checksums')).toBe('on')
  expect(await show('server_encoding')).toBe('UTF8')
  expect(await show('listen_addresses')).toBe('')
  expect(await show('jit')).toBe('off')
  expect(await show('timezone')).toBe('UTC')
  expect(database.adopted).toBe(false)
  expect(lines.join('\n')).toContain('ready to accept connections')
})

test('the second start finds what the first one wrote', async () => {
  const dataDir = await usedDataFolder()
  const first = await start(dataDir)
  await ask(first.connectionString, 'CREATE TABLE kept AS SELECT 42 AS answer')
  await first.stop()
  expect(isAlive(first.pid)).toBe(false)
  const lines: string[] = []
  const second = await start(dataDir, { log: (line) => lines.push(line) })
  expect(await ask(second.connectionString, 'SELECT answer FROM kept')).toBe(42)
  expect(lines.join('\n')).toContain('database system was shut down')
  expect(lines.join('\n')).not.toContain('making a new database')
})

test('stop() twice is one stop, and nothing but the cluster is left', async () => {
  const dataDir = await usedDataFolder()
  const onUnexpectedExit = vi.fn()
  const database = await start(dataDir, { onUnexpectedExit })
  await Promise.all([database.stop(), database.stop()])
  expect(readdirSync(dataDir).sort()).toEqual(['cluster', 'socket'])
  expect(readdirSync(path.join(dataDir, 'socket'))).toEqual([])
  expect(onUnexpectedExit).not.toHaveBeenCalled()
})

test('a server that ends by itself is reported', async () => {
  const told = Promise.withResolvers<void>()
  const database = await start(await usedDataFolder(), { onUnexpectedExit: told.resolve })
  process.kill(database.pid, 'SIGINT')
  await expect(told.promise).resolves.toBeUndefined()
})

test('only the owner may enter the cluster and the socket folder', async () => {
  const database = await start(await usedDataFolder())
  const modeOf = (folder: string) => (statSync(folder).mode & 0o777).toString(8)
  expect(modeOf(database.host)).toBe('700')
  expect(modeOf(path.join(database.host, '../cluster'))).toBe('700')
})

test('a path with spaces, quotes and foreign letters works', async () => {
  const database = await start(path.join(newFolder(), `my data, "Ibu's" 数据 $HOME`))
  expect(await ask(database.connectionString, 'SELECT 1')).toBe(1)
})

test('a long path gets its socket in a short private folder, gone after the stop', async () => {
  const database = await start(await usedDataFolder(path.join(newFolder(), 'long-'.repeat(30), 'data')))
  expect(await ask(database.connectionString, 'SELECT 1')).toBe(1)
  expect(Buffer.byteLength(path.join(database.host, '.s.PGSQL.5432'))).toBeLessThanOrEqual(107)
  expect((statSync(database.host).mode & 0o777).toString(8)).toBe('700')
  await database.stop()
  expect(existsSync(database.host)).toBe(false)
})

test('two databases in two folders run beside each other', async () => {
  const [one, other] = await Promise.all([start(await usedDataFolder()), start(await usedDataFolder())])
  await ask(one.connectionString, 'CREATE TABLE here AS SELECT 1')
  expect(await ask(other.connectionString, "SELECT to_regclass('here')")).toBeNull()
})

test.each(['SIGTERM', 'SIGINT'] as const)('%s ends the app and its server cleanly', async (signal) => {
  const app = await runApp({ dataDir: await usedDataFolder() })
  app.child.kill(signal)
  expect(await app.ended).toBe(0)
  expect(isAlive(app.facts.pid)).toBe(false)
})

test('an app that ends without stop() still sends its server home', async () => {
  const dataDir = await usedDataFolder()
  const app = await runApp({ dataDir, endWithoutStop: true })
  expect(await app.ended).toBe(0)
  const lines: string[] = []
  await start(dataDir, { log: (line) => lines.push(line) })
  expect(lines.join('\n')).toContain('database system was shut down')
})

test('the server has a session of its own: Ctrl-C in the terminal does not reach it', async () => {
  const database = await start(await usedDataFolder())
  expect(() => process.kill(-database.pid, 0)).not.toThrow()
})

test.runIf(isRoot)('root runs the server as an unprivileged user', async () => {
  const database = await start(await usedDataFolder())
  expect(statSync(`/proc/${database.pid}`).uid).not.toBe(0)
})

test.runIf(isRoot)(
  'an ordinary user runs the server as themselves, and root carries on with it',
  async () => {
    const folder = newFolder()
    const dataDir = path.join(folder, 'data')
    chownSync(folder, ordinaryUid, ordinaryUid)
    const app = await runApp({ dataDir, asUid: ordinaryUid })
    expect(app.facts.code).toBeUndefined()
    expect(app.facts.uid).toBe(ordinaryUid)
    expect(statSync(`/proc/${app.facts.pid}`).uid).toBe(ordinaryUid)
    app.child.kill('SIGTERM')
    expect(await app.ended).toBe(0)
    const asRoot = await start(dataDir)
    expect(statSync(`/proc/${asRoot.pid}`).uid).toBe(ordinaryUid)
  },
)

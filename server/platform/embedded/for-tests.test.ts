import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { binariesForTests, newestDebianMajor, startTemporaryPostgres } from './for-tests.ts'
import { isAlive } from './processes.ts'
import { afterThisTest, ask } from './test-bench.ts'

test('a temporary database works and is gone after stop()', async () => {
  const database = await startTemporaryPostgres()
  afterThisTest(() => database.stop())
  expect(await ask(database.connectionString, 'SHOW fsync')).toBe('off')
  await database.stop()
  expect(isAlive(database.pid)).toBe(false)
  expect(existsSync(path.dirname(database.host))).toBe(false)
})

test('durable means durable here too', async () => {
  const database = await startTemporaryPostgres({ durable: true })
  afterThisTest(() => database.stop())
  expect(await ask(database.connectionString, 'SHOW fsync')).toBe('on')
  expect(await ask(database.connectionString, 'SHOW synchronous_commit')).toBe('on')
})

test('a test run that is killed leaves no server and no folder behind', async () => {
  const module = new URL('./for-tests.ts', import.meta.url).href
  const script = `import { startTemporaryPostgres } from '${module}'
    const { host, pid } = await startTemporaryPostgres()
    console.log(JSON.stringify({ host, pid })); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script])
  afterThisTest(() => child.kill('SIGKILL'))
  const line = await new Promise<Buffer>((resolve) => child.stdout.once('data', resolve))
  const { host, pid } = JSON.parse(line.toString()) as { host: string; pid: number }
  expect(isAlive(pid)).toBe(true)
  child.kill('SIGKILL')
  while (isAlive(pid) || existsSync(path.dirname(host))) await sleep(20)
  expect(isAlive(pid)).toBe(false)
})

test('TUNTAS_TEST_DATABASE chooses the programs', () => {
  vi.stubEnv('TUNTAS_TEST_DATABASE', 'embedded')
  expect(binariesForTests()).toBeUndefined()
  vi.stubEnv('TUNTAS_TEST_DATABASE', 'oracle')
  expect(() => binariesForTests()).toThrow('embedded or debian')
  vi.unstubAllEnvs()
})

test.runIf(newestDebianMajor() !== undefined)(
  "TUNTAS_TEST_DATABASE=debian takes Debian's newest programs",
  () => {
    vi.stubEnv('TUNTAS_TEST_DATABASE', 'debian')
    expect(binariesForTests()).toEqual({ folder: `/usr/lib/postgresql/${newestDebianMajor()}/bin` })
    vi.unstubAllEnvs()
  },
)

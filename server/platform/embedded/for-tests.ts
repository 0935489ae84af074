// A throw-away PostgreSQL for tests, in a temporary folder, gone with stop() or with the test process.
// The only place where durability may be given up, because nobody keeps this data.

import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { BinariesSource } from './binaries.ts'
import { EmbeddedDatabaseError } from './errors.ts'
import { canEnterAllAbove, type Owner } from './owner.ts'
import { startCluster, type EmbeddedDatabase } from './index.ts'

export type TemporaryOptions = {
  /** True keeps fsync and synchronous_commit on, for tests about crashes and for measurements. */
  durable?: boolean
  log?: (line: string) => void
}

export type TemporaryPostgres = Omit<EmbeddedDatabase, 'adopted'>

const debianRoot = '/usr/lib/postgresql'

/**
 * Starts an empty cluster. TUNTAS_TEST_DATABASE=debian takes Debian's newest programs instead of those from npm.
 * stop() ends the server and removes the folder.
 */
export async function startTemporaryPostgres(options: TemporaryOptions = {}): Promise<TemporaryPostgres> {
  const folder = mkdtempSync(path.join(temporaryFolder(), 'tuntas-test-'))
  const lines: string[] = []
  try {
    const database = await startCluster(
      { dataDir: folder, log: options.log ?? ((line) => lines.push(line)), binaries: binariesForTests() },
      options.durable ? 'durable' : 'disposable',
    )
    const watcher = watchOverServer(database.pid, folder)
    const stop = async () => {
      await database.stop()
      watcher.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    }
    let stopping: Promise<void> | undefined
    return { ...database, stop: () => (stopping ??= stop()) }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/** Where the server's user can go too: TMPDIR may be a private folder of root. */
function temporaryFolder(): string {
  const anyUser: Owner = { uid: 65534, gid: 65534, name: 'nobody', switchUser: process.getuid?.() === 0 }
  const asked = realpathSync(tmpdir())
  return canEnterAllAbove(anyUser, path.join(asked, 'any')) ? asked : '/tmp'
}

/** Which programs the tests run on: undefined means those from npm. */
export function binariesForTests(): BinariesSource | undefined {
  const wanted = process.env.TUNTAS_TEST_DATABASE
  if (wanted === undefined || wanted === '' || wanted === 'embedded') return undefined
  if (wanted !== 'debian') throw new Error(`TUNTAS_TEST_DATABASE is ${wanted}; it can be embedded or debian`)
  const newest = newestDebianMajor()
  if (newest === undefined) {
    throw new EmbeddedDatabaseError(
      'binaries_missing',
      `No PostgreSQL in ${debianRoot}: apt-get install postgresql`,
    )
  }
  return { folder: path.join(debianRoot, newest, 'bin') }
}

/** The newest major version that Debian's packages have installed here. */
export function newestDebianMajor(): string | undefined {
  try {
    return readdirSync(debianRoot)
      .filter((name) => /^\d+$/.test(name))
      .sort((one, other) => Number(one) - Number(other))
      .at(-1)
  } catch {
    return undefined
  }
}

/** A test run that is killed leaves nothing behind: this shell sees its end and cleans up. */
function watchOverServer(pid: number, folder: string): ChildProcess {
  const script = 'read -r _; kill -QUIT "$1" 2>/dev/null; sleep 1; rm -rf -- "$2"'
  const watcher = spawn('/bin/sh', ['-c', script, 'sh', String(pid), folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  watcher.unref()
  ;(watcher.stdin as unknown as { unref(): void }).unref()
  return watcher
}

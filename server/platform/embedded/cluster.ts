// The life of one cluster: made once by initdb, started, watched, stopped.
// Must never happen: a half-made cluster is taken for a whole one, or a second server starts beside a living one.

import type { ChildProcess } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Binaries } from './binaries.ts'
import { describeFileError, describeProgramFailure, EmbeddedDatabaseError } from './errors.ts'
import type { Place } from './places.ts'
import { isAlive, waitUntilGone, workingFolderOf } from './processes.ts'
import { describeSpawnError, runAs, spawnAs } from './programs.ts'
import { canAnswer } from './readiness.ts'
import { commandLineSettings, configurationFile, type Durability } from './settings.ts'

const stopTimeoutMs = 60_000
/** Crash recovery replays up to max_wal_size; a slow disk may need minutes. */
const startTimeoutMs = 600_000
/** How long the backends of a killed server may take to notice that it is gone. */
const leftoverBackendsTimeoutMs = 15_000

export type RunningServer = { pid: number; exited: Promise<void>; stop(): Promise<void> }

/** Makes the cluster unless it is there; refuses one of another major version of PostgreSQL. */
export async function ensureCluster(
  place: Place,
  binaries: Binaries,
  superuserName: string,
  durability: Durability,
  log: (line: string) => void,
): Promise<void> {
  if (existsSync(path.join(place.clusterFolder, 'PG_VERSION'))) return refuseOtherMajor(place, binaries)
  log(`making a new database in ${place.clusterFolder}`)
  const draft = `${place.clusterFolder}.new`
  try {
    rmSync(draft, { recursive: true, force: true })
    mkdirSync(draft, { mode: 0o700 })
    if (place.owner.switchUser) chownSync(draft, place.owner.uid, place.owner.gid)
    await initialise(place, binaries, draft, superuserName, durability)
    renameSync(draft, place.clusterFolder)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    throw describeFileError(error, place.folder)
  }
}

function refuseOtherMajor(place: Place, binaries: Binaries): void {
  const found = readFileSync(path.join(place.clusterFolder, 'PG_VERSION'), 'utf8').trim()
  if (found === String(binaries.major)) return
  throw new EmbeddedDatabaseError(
    'other_major_version',
    `The database in ${place.clusterFolder} was made by PostgreSQL ${found}, this one is ${binaries.major}. ` +
      `Nothing was changed. Start the version of the product that made it and move the data with pg_dump, ` +
      `or choose an empty data folder.`,
  )
}

async function initialise(
  place: Place,
  binaries: Binaries,
  draft: string,
  superuserName: string,
  durability: Durability,
): Promise<void> {
  const run = (locale: string) =>
    runAs(place.owner, binaries.initdb, [
      `--pgdata=${draft}`,
      `--username=${superuserName}`,
      '--encoding=UTF8',
      `--locale=${locale}`,
      ...(binaries.major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : []),
      '--data-checksums',
      // Whoever may enter the socket's folder is the owner or root; no other way in exists.
      '--auth-local=trust',
      '--auth-host=reject',
      ...(durability === 'disposable' ? ['--no-sync'] : []),
    ])
  let result = await run('C.UTF-8')
  // Old systems have no C.UTF-8; the builtin provider compares the same way without it.
  if (/invalid locale name/.test(result.output)) result = await run('C')
  if (result.exitCode !== 0) throw describeProgramFailure('initdb', result.output, place.folder)
}

/**
 * Stops a server that an app left behind when it was killed; answers whether there was one.
 * Also clears away a postmaster.pid whose number now belongs to some other program.
 */
export async function stopLeftBehindServer(place: Place, log: (line: string) => void): Promise<boolean> {
  const pidFile = path.join(place.clusterFolder, 'postmaster.pid')
  const pid = readPostmasterPid(pidFile)
  if (pid === undefined || !isAlive(pid)) return false
  const folder = workingFolderOf(pid)
  if (folder !== undefined && folder !== place.clusterFolder) {
    // After a restart of a container the same number is somebody else; PostgreSQL would refuse to start.
    rmSync(pidFile, { force: true })
    return false
  }
  log(`stopping the database server ${pid} that an earlier run left behind`)
  try {
    process.kill(pid, 'SIGINT')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw stuckServer(pid, place, error)
  }
  if (!(await waitUntilGone(pid, stopTimeoutMs))) throw stuckServer(pid, place)
  return true
}

function readPostmasterPid(pidFile: string): number | undefined {
  try {
    const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0])
    return Number.isInteger(pid) && pid > 1 ? pid : undefined
  } catch {
    return undefined
  }
}

/** The server writes its state into postmaster.pid; asking by connection earlier would only fill its log. */
function saysReady(place: Place, pid: number): boolean {
  try {
    const lines = readFileSync(path.join(place.clusterFolder, 'postmaster.pid'), 'utf8').split('\n')
    return lines[0] === String(pid) && lines[7]?.trim() === 'ready'
  } catch {
    return false
  }
}

function stuckServer(pid: number, place: Place, cause?: unknown): EmbeddedDatabaseError {
  return new EmbeddedDatabaseError(
    'old_server_does_not_stop',
    `An earlier database server (process ${pid}) still runs on ${place.clusterFolder} and could not be stopped. ` +
      `Stop it with: kill -INT ${pid} (as root or as its owner), then start again.`,
    { cause },
  )
}

/** Starts the server and waits until it answers; crash recovery happens here. */
export async function startServer(
  place: Place,
  binaries: Binaries,
  socketFolder: string,
  superuserName: string,
  durability: Durability,
  log: (line: string) => void,
): Promise<RunningServer> {
  await writeConfiguration(place, binaries, durability)
  const giveUpWaitingAt = performance.now() + leftoverBackendsTimeoutMs
  for (;;) {
    const attempt = launch(place, binaries, socketFolder, durability, log)
    const failure = await waitUntilReady(attempt, place, socketFolder, superuserName)
    if (failure === undefined) return attempt.server
    const backendsLeft = /pre-existing shared memory block/.test(failure.message)
    if (!backendsLeft || performance.now() > giveUpWaitingAt) throw failure
    await sleep(250)
  }
}

async function writeConfiguration(place: Place, binaries: Binaries, durability: Durability): Promise<void> {
  const file = path.join(place.clusterFolder, 'postgresql.conf')
  const probe = ['-D', place.clusterFolder, '-c', 'wal_compression=lz4', '-C', 'wal_compression']
  const lz4 = await runAs(place.owner, binaries.postgres, probe)
  const text = configurationFile(durability, lz4.exitCode === 0 ? 'lz4' : 'off')
  try {
    if (existsSync(file) && readFileSync(file, 'utf8') === text) return
    writeFileSync(`${file}.new`, text)
    if (place.owner.switchUser) chownSync(`${file}.new`, place.owner.uid, place.owner.gid)
    chmodSync(`${file}.new`, 0o600)
    renameSync(`${file}.new`, file)
  } catch (error) {
    throw describeFileError(error, place.folder)
  }
}

type Attempt = { child: ChildProcess; server: RunningServer; lastLines: string[]; spawnError?: Error }

function launch(
  place: Place,
  binaries: Binaries,
  socketFolder: string,
  durability: Durability,
  log: (line: string) => void,
): Attempt {
  const args = ['-D', place.clusterFolder, ...commandLineSettings(socketFolder, durability)]
  const child = spawnAs(place.owner, binaries.postgres, args)
  const lastLines: string[] = []
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const attempt: Attempt = { child, lastLines, server: { pid: child.pid ?? 0, exited, stop } }
  child.once(
    'error',
    (error) => (attempt.spawnError = describeSpawnError(error, place.owner, binaries.postgres)),
  )
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface({ input: stream }).on('line', (line) => {
      lastLines.push(line)
      if (lastLines.length > 20) lastLines.shift()
      log(line)
    })
  }
  // An app that ends without stop() must not leave a server behind.
  const stopOnExit = () => void child.kill('SIGINT')
  process.once('exit', stopOnExit)
  void exited.then(() => process.removeListener('exit', stopOnExit))
  letAppEnd(child)
  return attempt

  async function stop(): Promise<void> {
    child.ref()
    // Fast shutdown: open transactions are rolled back, everything is written to disk.
    child.kill('SIGINT')
    const patience = new AbortController()
    const late = sleep(stopTimeoutMs, 'late', { signal: patience.signal }).catch(() => 'stopped')
    if ((await Promise.race([exited, late])) === 'late') {
      log('the database server does not stop: ending it at once, the next start will recover')
      child.kill('SIGQUIT')
      await exited
    }
    patience.abort()
  }
}

/** A script that has nothing left to do may end although the server still runs. */
function letAppEnd(child: ChildProcess): void {
  child.unref()
  for (const stream of [child.stdout, child.stderr]) (stream as unknown as { unref(): void }).unref()
}

async function waitUntilReady(
  attempt: Attempt,
  place: Place,
  socketFolder: string,
  superuserName: string,
): Promise<Error | undefined> {
  const deadline = performance.now() + startTimeoutMs
  let hasExited = false
  void attempt.server.exited.then(() => (hasExited = true))
  while (!hasExited && attempt.spawnError === undefined) {
    if (saysReady(place, attempt.server.pid) && (await canAnswer(socketFolder, superuserName)))
      return undefined
    if (performance.now() > deadline) {
      await attempt.server.stop()
      return new EmbeddedDatabaseError(
        'start_timed_out',
        `The database server in ${place.clusterFolder} did not become ready within ${startTimeoutMs / 60_000} minutes.`,
      )
    }
    await sleep(15)
  }
  return attempt.spawnError ?? describeProgramFailure('postgres', attempt.lastLines.join('\n'), place.folder)
}

// The running server: started, watched until it answers, stopped.
// Must never happen: a server that is left running because its start was given up half-way.

import type { ChildProcess } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Binaries } from './binaries.ts'
import { describeFileError, describeProgramFailure, EmbeddedDatabaseError } from './errors.ts'
import { giveTo } from './owner.ts'
import type { Place } from './places.ts'
import { describeSpawnError, runAs, spawnAs } from './programs.ts'
import { canAnswer } from './readiness.ts'
import { commandLineSettings, configurationFile, type Durability } from './settings.ts'

const lastWordsTimeoutMs = 5000
const stopTimeoutMs = 60_000
/** Crash recovery replays up to max_wal_size; a slow disk may need minutes. */
const startTimeoutMs = 600_000
/** How long the backends of a killed server may take to notice that it is gone. */
const leftoverBackendsTimeoutMs = 15_000

export type RunningServer = { pid: number; exited: Promise<void>; stop(): Promise<void> }

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
    giveTo(place.owner, `${file}.new`)
    chmodSync(`${file}.new`, 0o600)
    renameSync(`${file}.new`, file)
  } catch (error) {
    throw describeFileError(error, place.folder)
  }
}

type Attempt = {
  server: RunningServer
  lastLines: string[]
  /** Everything that the server printed has been read. */
  closed: Promise<void>
  spawnError?: Error
}

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
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const attempt: Attempt = { lastLines, closed, server: { pid: child.pid ?? 0, exited, stop } }
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
  await Promise.race([attempt.closed, sleep(lastWordsTimeoutMs)])
  return attempt.spawnError ?? describeProgramFailure('postgres', attempt.lastLines.join('\n'), place.folder)
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

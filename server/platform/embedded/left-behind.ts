// A server that outlived its app (the app was killed): found by postmaster.pid, proved to be ours, stopped.
// Must never happen: a signal to a process that is not our server, or postmaster.pid removed: the server needs
// what it says about shared memory to notice backends of its predecessor that still write.

import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describeFileError, EmbeddedDatabaseError } from './errors.ts'
import { giveTo } from './owner.ts'
import { socketFile, type Place } from './places.ts'
import { argumentsOf, isAlive, waitUntilGone, workingFolderOf } from './processes.ts'

const stopTimeoutMs = 60_000

/** Stops a server that an earlier run left behind; answers whether there was one. Called under the folder's lock. */
export async function stopLeftBehindServer(
  place: Place,
  socketFolder: string,
  log: (line: string) => void,
): Promise<boolean> {
  const pidFile = path.join(place.clusterFolder, 'postmaster.pid')
  const pid = readPostmasterPid(pidFile)
  if (pid === undefined) return false
  const isRunning = isOurServer(pid, place.clusterFolder)
  if (isRunning) await stopServer(pid, place, log)
  forgetPid(pidFile, socketFolder, place)
  return isRunning
}

function readPostmasterPid(pidFile: string): number | undefined {
  try {
    const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0])
    return Number.isInteger(pid) && pid > 0 ? pid : undefined
  } catch {
    return undefined
  }
}

/** The server works in its cluster; where a container forbids root to look, its command line names the cluster. */
function isOurServer(pid: number, clusterFolder: string): boolean {
  if (!isAlive(pid)) return false
  const workingFolder = workingFolderOf(pid)
  if (workingFolder !== undefined) return workingFolder === clusterFolder
  const args = argumentsOf(pid)
  return args.includes('-D') && args[args.indexOf('-D') + 1] === clusterFolder
}

async function stopServer(pid: number, place: Place, log: (line: string) => void): Promise<void> {
  log(`stopping the database server ${pid} that an earlier run left behind`)
  try {
    process.kill(pid, 'SIGINT')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw stuckServer(pid, place, error)
  }
  if (!(await waitUntilGone(pid, stopTimeoutMs))) throw stuckServer(pid, place)
}

/**
 * The number in postmaster.pid may by now be a zombie that nobody collects, or somebody else; the server would take
 * either for a living rival. It takes the number of its own parent, which we are, for stale.
 */
function forgetPid(pidFile: string, socketFolder: string, place: Place): void {
  try {
    for (const name of [socketFile, `${socketFile}.lock`])
      rmSync(path.join(socketFolder, name), { force: true })
    if (statSync(pidFile, { throwIfNoEntry: false }) === undefined) return
    const [, ...rest] = readFileSync(pidFile, 'utf8').split('\n')
    writeFileSync(`${pidFile}.new`, [process.pid, ...rest].join('\n'), { mode: 0o600 })
    giveTo(place.owner, `${pidFile}.new`)
    renameSync(`${pidFile}.new`, pidFile)
  } catch (error) {
    throw describeFileError(error, place.folder)
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

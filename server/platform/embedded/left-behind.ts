// A server that outlived its app (the app was killed): found by postmaster.pid, proved by its folder, stopped.
// Must never happen: a signal to a process that is not our server, or a second server beside a living one.

import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { EmbeddedDatabaseError } from './errors.ts'
import type { Place } from './places.ts'
import { isAlive, waitUntilGone, workingFolderOf } from './processes.ts'

const stopTimeoutMs = 60_000

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

function stuckServer(pid: number, place: Place, cause?: unknown): EmbeddedDatabaseError {
  return new EmbeddedDatabaseError(
    'old_server_does_not_stop',
    `An earlier database server (process ${pid}) still runs on ${place.clusterFolder} and could not be stopped. ` +
      `Stop it with: kill -INT ${pid} (as root or as its owner), then start again.`,
    { cause },
  )
}

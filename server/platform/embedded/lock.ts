// One app per data folder. Every app that wants the folder puts down a claim: an empty file whose name
// says which process it is. Whoever sees another living claim withdraws. A dead claim can never live
// again, so anybody may sweep it away: no race over a stale lock, and no bytes needed on a full disk.
// Must never happen: two apps run a server on one folder.

import { closeSync, openSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeFileError, EmbeddedDatabaseError } from './errors.ts'
import { isAlive, ownIdentity, startTicksOf, type ProcessIdentity } from './processes.ts'

export type FolderLock = { release(): void }

const claimPattern = /^app-(\d+)-(\d+)-([0-9a-f]+)-(\d+)\.lock$/

/**
 * Takes the folder for this process.
 * `isServerAnswering` decides over claims from another pid namespace, whose processes we cannot see.
 * Throws EmbeddedDatabaseError `already_running` that names the process holding the folder.
 */
export async function lockFolder(
  folder: string,
  isServerAnswering: () => Promise<boolean>,
): Promise<FolderLock> {
  const own = ownIdentity()
  const claim = path.join(folder, claimName(own))
  for (let attempt = 1; ; attempt += 1) {
    putDown(claim, folder)
    const holder = await findOtherHolder(folder, own, isServerAnswering)
    if (holder === undefined) return { release: () => rmSync(claim, { force: true }) }
    rmSync(claim, { force: true })
    if (attempt === 3) throw alreadyRunning(folder, holder.pid)
    // Two apps that start in the same instant see each other and both withdraw: try again, out of step.
    await sleep(20 + Math.random() * 200)
  }
}

function claimName(identity: ProcessIdentity): string {
  return `app-${identity.pid}-${identity.startTicks}-${identity.boot}-${identity.pidNamespace}.lock`
}

function putDown(claim: string, folder: string): void {
  try {
    closeSync(openSync(claim, 'wx', 0o644))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw alreadyRunning(folder, process.pid)
    throw describeFileError(error, folder)
  }
}

async function findOtherHolder(
  folder: string,
  own: ProcessIdentity,
  isServerAnswering: () => Promise<boolean>,
): Promise<ProcessIdentity | undefined> {
  for (const name of readdirSync(folder)) {
    const other = parseClaim(name)
    if (other === undefined || name === claimName(own)) continue
    if (await holds(other, own, isServerAnswering)) return other
    rmSync(path.join(folder, name), { force: true })
  }
  return undefined
}

async function holds(
  other: ProcessIdentity,
  own: ProcessIdentity,
  isServerAnswering: () => Promise<boolean>,
): Promise<boolean> {
  if (other.boot !== own.boot) return false
  if (other.pidNamespace !== own.pidNamespace) return isServerAnswering()
  const ticks = startTicksOf(other.pid)
  return ticks === undefined ? isAlive(other.pid) : ticks === other.startTicks
}

function parseClaim(name: string): ProcessIdentity | undefined {
  const match = claimPattern.exec(name)
  if (match === null) return undefined
  return { pid: Number(match[1]), startTicks: match[2]!, boot: match[3]!, pidNamespace: match[4]! }
}

function alreadyRunning(folder: string, pid: number): EmbeddedDatabaseError {
  if (pid === process.pid) {
    return new EmbeddedDatabaseError(
      'already_running',
      `This process has already opened the data folder ${folder}.`,
    )
  }
  return new EmbeddedDatabaseError(
    'already_running',
    `The data folder ${folder} is in use by process ${pid}. ` +
      `Stop that one first (kill ${pid}), or give this one another data folder.`,
  )
}

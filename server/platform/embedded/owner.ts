// As whom the database server runs. PostgreSQL refuses to run as root, so root hands it to an
// unprivileged user; anybody else runs it as themselves.
// Must never happen: a change of owner of data that already belongs to somebody.

import { chownSync, readFileSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import path from 'node:path'
import { EmbeddedDatabaseError, useOwnServerHint } from './errors.ts'

export type Owner = {
  uid: number
  gid: number
  name: string
  /** True when we are root and must switch to this user for every program that we start. */
  switchUser: boolean
}

// A user made for this product comes first; `nobody` exists nearly everywhere.
const preferredNames = ['tuntas', 'nobody', 'daemon']

/** Decides who runs the server for this folder: who owns the data already, else a fitting user. */
export function chooseOwner(dataFolder: string, clusterFolder: string): Owner {
  const ownUid = process.getuid?.() ?? -1
  if (ownUid !== 0) return ordinaryOwner(ownUid, clusterFolder)
  const cluster = statSync(clusterFolder, { throwIfNoEntry: false })
  if (cluster !== undefined) return ownerOfCluster(cluster, clusterFolder)
  const users = readUsers()
  const folderUid = ownerUidOf(dataFolder)
  const settled = users.find((user) => user.uid === folderUid && user.uid !== 0)
  const chosen =
    settled ?? preferredNames.map((name) => users.find((user) => user.name === name)).find(Boolean)
  if (chosen === undefined || chosen.uid === 0) {
    throw new EmbeddedDatabaseError(
      'no_unprivileged_user',
      'PostgreSQL refuses to run as root and no unprivileged user was found. ' +
        `Create one (useradd --system tuntas) or start as an ordinary user. ${useOwnServerHint}`,
    )
  }
  return { ...chosen, switchUser: true }
}

function ownerOfCluster({ uid, gid }: { uid: number; gid: number }, clusterFolder: string): Owner {
  if (uid !== 0) {
    const name = readUsers().find((user) => user.uid === uid)?.name ?? String(uid)
    return { uid, gid, name, switchUser: true }
  }
  throw new EmbeddedDatabaseError(
    'folder_owned_by_another_user',
    `The database in ${clusterFolder} belongs to root, and PostgreSQL refuses to run as root. ` +
      `Give it to an unprivileged user: chown -R nobody "${clusterFolder}"`,
  )
}

function ordinaryOwner(uid: number, clusterFolder: string): Owner {
  const clusterUid = ownerUidOf(clusterFolder)
  if (clusterUid !== undefined && clusterUid !== uid) {
    throw new EmbeddedDatabaseError(
      'folder_owned_by_another_user',
      `The database in ${clusterFolder} belongs to user ${clusterUid}, you are user ${uid}. ` +
        `Start as the user who started it before (root, if that was root), or choose another data folder.`,
    )
  }
  return { uid, gid: process.getgid?.() ?? uid, name: ownName(uid), switchUser: false }
}

function ownName(uid: number): string {
  try {
    return userInfo().username
  } catch (error) {
    throw new EmbeddedDatabaseError(
      'user_without_name',
      `PostgreSQL needs a user with a name, and user id ${uid} has none on this machine. ` +
        `Add it to /etc/passwd, or start as root or another user. ${useOwnServerHint}`,
      { cause: error },
    )
  }
}

function readUsers(): { name: string; uid: number; gid: number }[] {
  try {
    return readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .filter((fields) => fields.length >= 4)
      .map((fields) => ({ name: fields[0]!, uid: Number(fields[2]), gid: Number(fields[3]) }))
  } catch {
    return []
  }
}

function ownerUidOf(folder: string): number | undefined {
  try {
    return statSync(folder).uid
  } catch {
    return undefined
  }
}

/** Hands a file over to the server's user and group (or only to its group, when `uid` says whose it stays). */
export function giveTo(owner: Owner, file: string, uid = owner.uid): void {
  if (!owner.switchUser) return
  try {
    chownSync(file, uid, owner.gid)
  } catch (error) {
    throw isSwitchRefused(owner, error) ? cannotSwitchUser(owner, error) : error
  }
}

/** Containers may have a root that is not allowed to act for other users. */
export function isSwitchRefused(owner: Owner, error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return owner.switchUser && (code === 'EPERM' || code === 'EINVAL')
}

export function cannotSwitchUser(owner: Owner, cause: unknown): EmbeddedDatabaseError {
  return new EmbeddedDatabaseError(
    'cannot_switch_user',
    `PostgreSQL refuses to run as root, and this root may not switch to user ${owner.name}. ` +
      `Start as an ordinary user. ${useOwnServerHint}`,
    { cause },
  )
}

/** True when `owner` may enter every folder above `file` and read (enter, if a folder) `file` itself. */
export function canReach(owner: Owner, file: string): boolean {
  if (!owner.switchUser) return true
  const target = path.resolve(file)
  if (!allows(owner, target, statSync(target).isDirectory() ? 0o5 : 0o4)) return false
  return canEnterAllAbove(owner, target)
}

/** True when `owner` may enter every folder above `file`; `file` itself need not exist. */
export function canEnterAllAbove(owner: Owner, file: string): boolean {
  if (!owner.switchUser) return true
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    if (!allows(owner, folder, 0o1)) return false
    if (folder === path.dirname(folder)) return true
  }
}

/** True when the mode bits of an existing file or folder give `owner` all of `wanted` (4 read, 2 write, 1 enter). */
export function allows(owner: Owner, file: string, wanted: number): boolean {
  const { uid, gid, mode } = statSync(file)
  const shift = uid === owner.uid ? 6 : gid === owner.gid ? 3 : 0
  return ((mode >> shift) & wanted) === wanted
}

// Where things lie: the cluster, its socket. As root the server's user must be able to walk there; data in a
// closed folder (a checkout under /root) is kept in /var/lib instead, with a link left behind that leads to it.
// Must never happen: data in a temporary folder, or a socket that other users can reach.

import { createHash, randomUUID } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  realpathSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describeFileError, EmbeddedDatabaseError } from './errors.ts'
import { allows, canEnterAllAbove, chooseOwner, giveTo, type Owner } from './owner.ts'

export type Place = { folder: string; clusterFolder: string; owner: Owner }

const shelter = '/var/lib/tuntas'
const linkName = 'kept-elsewhere'
/** sun_path holds 108 bytes with the closing zero. */
const longestSocketPath = 107
export const socketFile = '.s.PGSQL.5432'

/** Makes the data folder ready and answers where the cluster lies and who owns it. */
export function preparePlace(dataDir: string, log: (line: string) => void): Place {
  const asked = path.resolve(dataDir)
  try {
    makeFolder(asked)
    const real = realpathSync(asked)
    const owner = chooseOwner(real, path.join(real, 'cluster'))
    const isKeptElsewhere = lstatSync(path.join(real, linkName), { throwIfNoEntry: false }) !== undefined
    if (!isKeptElsewhere && canEnterAllAbove(owner, real)) return settle(real, owner)
    const sheltered = findShelter(real)
    const reason = isKeptElsewhere ? `${real} says so` : `user ${owner.name} cannot enter ${real}`
    log(`the database is kept in ${sheltered} because ${reason}`)
    return settle(sheltered, chooseOwner(sheltered, path.join(sheltered, 'cluster')))
  } catch (error) {
    throw describeFileError(error, asked)
  }
}

/** Level by level: mkdir with `recursive` says ENOENT where the truth is a read-only file system. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  makeFolder(path.dirname(folder))
  mkdirSync(folder, { recursive: existsSync(folder) })
}

function settle(folder: string, owner: Owner): Place {
  if (owner.switchUser && !allows(owner, folder, 0o1)) {
    // The folder stays its owner's; the server's group may pass through to the cluster, and sees nothing else.
    const { uid, mode } = statSync(folder)
    giveTo(owner, folder, uid)
    chmodSync(folder, (mode & 0o700) | 0o010)
  }
  return { folder, clusterFolder: path.join(folder, 'cluster'), owner }
}

function findShelter(closedFolder: string): string {
  const link = path.join(closedFolder, linkName)
  // Never a name made from the path: whoever deletes the data folder expects to begin with nothing.
  const sheltered = path.join(shelter, randomUUID().slice(0, 13))
  try {
    symlinkSync(sheltered, link)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const target = readlinkSync(link)
  makeEnterable(shelter)
  mkdirSync(target, { recursive: true, mode: 0o700 })
  return realpathSync(target)
}

/** A folder that every user may enter, whatever the umask says. */
export function makeEnterable(folder: string): void {
  if (mkdirSync(folder, { recursive: true }) !== undefined) chmodSync(folder, 0o755)
}

/** A folder that only `owner` may enter, with a path short enough for a Unix socket. */
export function prepareSocketFolder(place: Place): string {
  const beside = path.join(place.folder, 'socket')
  if (fits(beside)) return makePrivate(beside, place.owner)
  for (const base of [tmpdir(), '/tmp']) {
    const short = path.join(base, `tuntas-${place.owner.uid}-${shortHash(place.folder)}`)
    if (!fits(short) || !canEnterAllAbove(place.owner, short)) continue
    return isOursOrFree(short, place.owner)
      ? makePrivate(short, place.owner)
      : makePrivate(mkdtempSync(`${short}-`), place.owner)
  }
  throw new EmbeddedDatabaseError(
    'socket_path_too_long',
    `No folder with a path short enough for a Unix socket (${longestSocketPath} bytes): ` +
      'choose a data folder with a shorter path, or set TMPDIR=/tmp.',
  )
}

function fits(folder: string): boolean {
  // mkdtemp adds a dash and six characters.
  return Buffer.byteLength(path.join(folder, socketFile)) + 7 <= longestSocketPath
}

/** In a temporary folder somebody else may have put something under our name before us. */
function isOursOrFree(folder: string, owner: Owner): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false })
  return found === undefined || (found.isDirectory() && found.uid === owner.uid)
}

function makePrivate(folder: string, owner: Owner): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    giveTo(owner, folder)
    chmodSync(folder, 0o700)
    return folder
  } catch (error) {
    throw describeFileError(error, folder)
  }
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

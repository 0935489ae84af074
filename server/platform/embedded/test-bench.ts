// What the tests of the embedded database share: folders, questions to a database, apps in processes of their own.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, afterEach } from 'vitest'
import { binariesForTests } from './for-tests.ts'
import { startEmbedded, type EmbeddedDatabase, type EmbeddedOptions } from './index.ts'

export const isRoot = process.getuid?.() === 0
/** Debian's number for nobody; any unprivileged user with a name would do. */
export const ordinaryUid = 65534

const cleanups: (() => unknown)[] = []

/** Runs after the test, last registered first. */
export function afterThisTest(cleanup: () => unknown): void {
  cleanups.push(cleanup)
}

afterEach(async () => {
  while (cleanups.length > 0) await cleanups.pop()!()
})

/** A folder that every user may enter. */
export function newFolder(): string {
  const folder = mkdtempSync('/tmp/tuntas-embedded-')
  chmodSync(folder, 0o755)
  afterThisTest(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

let usedBefore: Promise<string> | undefined
afterAll(async () => {
  if (usedBefore) rmSync(await usedBefore, { recursive: true, force: true })
})

/** Made once per test file: initdb takes far longer than a copy of what it made. */
async function makeUsedFolder(): Promise<string> {
  const folder = mkdtempSync('/tmp/tuntas-embedded-')
  chmodSync(folder, 0o755)
  const database = await startEmbedded({
    dataDir: folder,
    log: () => undefined,
    binaries: binariesForTests(),
  })
  await database.stop()
  return folder
}

/** A data folder with the database of an earlier start that ended in order: for tests that are not about the first start. */
export async function usedDataFolder(dataDir = path.join(newFolder(), 'data')): Promise<string> {
  usedBefore ??= makeUsedFolder()
  const original = await usedBefore
  mkdirSync(dataDir, { recursive: true })
  // With owners and modes: PostgreSQL refuses a folder that is not its own.
  const copied = spawnSync('cp', ['-a', '--reflink=auto', path.join(original, 'cluster'), dataDir])
  if (copied.status !== 0) throw new Error(String(copied.stderr))
  return dataDir
}

/** Starts in this process; stopped after the test at the latest. */
export async function start(dataDir: string, more: Partial<EmbeddedOptions> = {}): Promise<EmbeddedDatabase> {
  const database = await startEmbedded({
    dataDir,
    log: () => undefined,
    binaries: binariesForTests(),
    ...more,
  })
  afterThisTest(() => database.stop())
  return database
}

/** Asks one question and gives the first column of the first row. */
export async function ask(connectionString: string, sql: string): Promise<unknown> {
  const client = new pg.Client(connectionString)
  await client.connect()
  try {
    const result = await client.query({ text: sql, rowMode: 'array' })
    return result.rows[0]?.[0]
  } finally {
    await client.end()
  }
}

export type AppFacts = EmbeddedDatabase & { uid: number; code?: string; message?: string }
export type App = { child: ChildProcess; facts: AppFacts; ended: Promise<number | NodeJS.Signals | null> }

type Order = { dataDir: string; asUid?: number; endWithoutStop?: boolean }

/** Runs app-for-tests.ts and waits for its one line; `runner` is a program that starts it, with its arguments. */
export async function runApp(order: Order, runner: string[] = []): Promise<App> {
  const script = fileURLToPath(new URL('./app-for-tests.ts', import.meta.url))
  const [program, ...args] = [...runner, process.execPath, script, JSON.stringify(order)]
  const child = spawn(program!, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.once('close', (code, signal) => resolve(signal ?? code)),
  )
  afterThisTest(() => {
    child.kill('SIGTERM')
    return ended
  })
  const facts = await new Promise<AppFacts>((resolve, reject) => {
    createInterface({ input: child.stdout! }).once('line', (line) => resolve(JSON.parse(line) as AppFacts))
    child.once('close', () => reject(new Error('the app ended without a word')))
  })
  return { child, facts, ended }
}

/** Mounts a file system over `folder` for this test; answers false where that is not permitted. */
export function mounted(folder: string, ...options: string[]): boolean {
  if (spawnSync('mount', [...options, folder]).status !== 0) return false
  afterThisTest(() => spawnSync('umount', [folder]))
  return true
}

/** Programs that only pretend: `postgres --version` answers, `initdb` prints `complaint` and fails. */
export function failingPrograms(complaint: string): { folder: string } {
  const folder = newFolder()
  writeFileSync(path.join(folder, 'postgres'), '#!/bin/sh\necho "postgres (PostgreSQL) 18.4"\n', {
    mode: 0o755,
  })
  writeFileSync(path.join(folder, 'initdb'), `#!/bin/sh\necho 'initdb: error: ${complaint}' >&2\nexit 1\n`, {
    mode: 0o755,
  })
  return { folder }
}

// Where mutants are tried: a copy of the repository in a temporary folder, a PostgreSQL of its own, and one database with all
// migrations that each test starts from. The checkout itself is never changed.
import { execFile, execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createDatabase, type Database } from '#platform/db.ts'
import { startTemporaryPostgres } from '#platform/embedded/for-tests.ts'
import { migrate } from '#platform/migrate.ts'
import { withDatabase } from '#platform/testing.ts'

export const root = path.resolve(import.meta.dirname, '../..')
const template = 'mutate_template'
/** What tests need of the repository. */
const needed =
  /^(server|sandbox|contract|migrations|docs|web\/(vite|ui)|scripts|package\.json|vitest\.config|tsconfig)/

export interface TestRun {
  /** Left out: it ended well. */
  said?: string | undefined
  isTimedOut: boolean
}

export interface Workshop {
  /** The copy. */
  folder: string
  /** The database with all migrations. */
  template: string
  /** A connection to the named database for as long as `work` takes: it may be copied after that. */
  onDatabase<Result>(name: string, work: (db: Database) => Promise<Result>): Promise<Result>
  /** Does `work` with other texts in files of the copy, and on a copy of the template in which `sql` was run; then all is as before. */
  changed<Result>(
    change: { files?: readonly { path: string; text: string }[]; sql?: string | undefined },
    work: (from: string) => Promise<Result>,
  ): Promise<Result>
  /** vitest with these arguments in the copy; databases of its tests are copies of `from`. */
  vitest(given: readonly string[], from: string, timeoutMs: number): Promise<TestRun>
  close(): Promise<void>
}

export async function openWorkshop(): Promise<Workshop> {
  const postgres = await startTemporaryPostgres()
  // An address that URL can read: the host in it is only a place-holder.
  const address = postgres.connectionString.replace('@/', '@localhost/')
  const folder = copyRepository()

  const workshop: Workshop = {
    folder,
    template,
    async onDatabase(name, work) {
      const connectionString = withDatabase(address, name)
      const db = createDatabase({ connectionString, maximumConnections: 1 })
      try {
        return await work(db)
      } finally {
        await db.close()
      }
    },
    async changed({ files = [], sql }, work) {
      const before = files.map((file) => ({
        ...file,
        text: readFileSync(path.join(folder, file.path), 'utf8'),
      }))
      const write = (file: { path: string; text: string }) =>
        writeFileSync(path.join(folder, file.path), file.text)
      const from = sql ? 'mutate_mutant' : template
      const run = (name: string, text: string) => workshop.onDatabase(name, (db) => db.read.run(text))
      if (sql) {
        await run('postgres', `CREATE DATABASE ${from} TEMPLATE ${template}`)
        await run(from, sql)
      }
      try {
        files.forEach(write)
        return await work(from)
      } finally {
        before.forEach(write)
        if (sql) await run('postgres', `DROP DATABASE ${from} WITH (FORCE)`)
      }
    },
    vitest(given, from, timeoutMs) {
      // A loop that lost its end is stopped by the database.
      const server = new URL(address)
      server.searchParams.set('options', '-c statement_timeout=20s')
      const env = {
        ...process.env,
        TUNTAS_TEST_DATABASE_URL: server.toString(),
        TUNTAS_TEST_TEMPLATE: from,
        TUNTAS_TEST_SEQUENCES: '60',
      }
      return new Promise((resolve) =>
        execFile(
          process.execPath,
          ['node_modules/vitest/vitest.mjs', 'run', ...given],
          { cwd: folder, timeout: timeoutMs, env, maxBuffer: 1 << 26 },
          (error, stdout, stderr) =>
            resolve({
              said: error ? `${stdout}\n${stderr}\n${error.message}` : undefined,
              isTimedOut: error?.killed === true,
            }),
        ),
      )
    },
    async close() {
      await postgres.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  try {
    await workshop.onDatabase('postgres', (db) => db.read.run(`CREATE DATABASE ${template}`))
    await workshop.onDatabase(template, (db) => migrate(db, new URL('../../migrations/', import.meta.url)))
  } catch (error) {
    await workshop.close()
    throw error
  }
  return workshop
}

/** A machine that is too busy to answer says nothing of a guard: such a run is asked again. */
export const isTooBusy = (said: string): boolean =>
  /timeout exceeded when trying to connect|Test timed out in|Hook timed out in/.test(said)

/** The files that git knows or could know, in a folder of its own. */
function copyRepository(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'tuntas-mutate-'))
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
  for (const file of files.split('\n').filter((name) => needed.test(name))) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
    cpSync(path.join(root, file), path.join(folder, file), { force: true, errorOnExist: false })
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
  return folder
}

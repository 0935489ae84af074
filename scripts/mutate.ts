// `npm run mutate [-- --only database|locks|rules] [--match TEXT]`: takes one guard of the ledger out at a time, in a copy of the
// repository, and runs the tests that can notice it. A guard whose loss no test notices survives. Ends with 1 below 90 % killed.

import { execFile, execFileSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { createDatabase } from '#platform/db.ts'
import { startTemporaryPostgres } from '#platform/embedded/for-tests.ts'
import { migrate } from '#platform/migrate.ts'
import { withDatabase } from '#platform/testing.ts'
import { databaseMutants, equivalent, lockMutants, ruleMutants, type Mutant } from './mutate/mutants.ts'
import { decidingFiles, stagesFor } from './mutate/stages.ts'

const leastKilled = 0.9
/** A mutant that never ends was noticed, but only when the tests alone take much less than this. */
let patienceMs = 900_000
const timedOut: string[] = []
/** Ctrl-C: no further mutant; what was tried so far is printed. */
let isStopped = false
process.once('SIGINT', () => (isStopped = true))
const root = path.resolve(import.meta.dirname, '..')
const ledger = 'server/modules/ledger'
const { values } = parseArgs({
  options: { only: { type: 'string' }, match: { type: 'string', default: '' } },
})

/** The files that git knows or could know, in a folder of its own: the checkout itself is never changed. */
function copyRepository(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'tuntas-mutate-'))
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
  for (const file of files
    .split('\n')
    .filter((name) =>
      /^(server|contract|migrations|docs|web\/vite|scripts|package\.json|vitest\.config|tsconfig)/.test(name),
    )) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
    cpSync(path.join(root, file), path.join(folder, file), { force: true, errorOnExist: false })
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
  return folder
}

const postgres = await startTemporaryPostgres()
// An address that URL can read: the host in it is only a place-holder.
const address = postgres.connectionString.replace('@/', '@localhost/')
const folder = copyRepository()
const template = 'mutate_template'

/** Runs one statement after the other on the named database, and leaves no connection to it: it may be copied then. */
async function onDatabase(name: string, statements: readonly string[]): Promise<void> {
  const db = createDatabase({ connectionString: withDatabase(address, name), maximumConnections: 1 })
  try {
    for (const statement of statements) await db.read.run(statement)
  } finally {
    await db.close()
  }
}

/** The output of the tests that failed; undefined when all pass. Their databases are copies of `from`. */
async function failure(files: readonly string[], from: string, only?: string): Promise<string | undefined> {
  let said: string | undefined
  for (let tries = 0; tries < 3; tries++) {
    said = await failureOnce(files, from, only)
    // A machine that is too busy to answer says nothing of the guard: asked again.
    if (!said || !/timeout exceeded when trying to connect|Test timed out in|Hook timed out in/.test(said))
      break
  }
  return said
}

function failureOnce(files: readonly string[], from: string, only?: string): Promise<string | undefined> {
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'server', '--bail', '1']
  // A loop that lost its end is stopped by the database.
  const server = new URL(address)
  server.searchParams.set('options', '-c statement_timeout=20s')
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      [
        ...vitest,
        '--reporter',
        'dot',
        ...(only ? ['-t', only] : []),
        ...files.map((name) => `${ledger}/${name}`),
      ],
      {
        cwd: folder,
        timeout: patienceMs,
        env: {
          ...process.env,
          TUNTAS_TEST_DATABASE_URL: server.toString(),
          TUNTAS_TEST_TEMPLATE: from,
          TUNTAS_TEST_SEQUENCES: '60',
        },
        maxBuffer: 1 << 26,
      },
      (error, stdout, stderr) => {
        if (error?.killed) timedOut.push(from)
        resolve(error ? `${stdout}\n${stderr}\n${error.message}` : undefined)
      },
    ),
  )
}

/** True when a test noticed. */
async function isKilled(mutant: Mutant): Promise<boolean> {
  const file = mutant.file && path.join(folder, mutant.file.path)
  const before = file && readFileSync(file, 'utf8')
  const from = mutant.sql ? 'mutate_mutant' : template
  if (mutant.sql) {
    await onDatabase('postgres', [`CREATE DATABASE ${from} TEMPLATE ${template}`])
    await onDatabase(from, [mutant.sql])
  }
  try {
    if (file) writeFileSync(file, mutant.file!.text)
    for (const { files, only } of stagesFor(mutant)) if (await failure(files, from, only)) return true
    return false
  } finally {
    if (file) writeFileSync(file, before!)
    if (mutant.sql) await onDatabase('postgres', [`DROP DATABASE ${from} WITH (FORCE)`])
  }
}

async function listMutants(): Promise<Record<string, Mutant[]>> {
  const db = createDatabase({ connectionString: withDatabase(address, template), maximumConnections: 1 })
  try {
    const texts = readdirSync(path.join(root, ledger)).map((name) => ({
      name: `${ledger}/${name}`,
      text: readFileSync(path.join(root, ledger, name), 'utf8'),
    }))
    return {
      locks: texts
        .filter(({ name }) => name.endsWith('.sql.ts'))
        .flatMap(({ name, text }) => lockMutants(name, text)),
      rules: texts
        .filter(({ name }) => decidingFiles.includes(path.basename(name)))
        .flatMap(({ name, text }) => ruleMutants(name, text)),
      database: await databaseMutants(db.read),
    }
  } finally {
    await db.close()
  }
}

/** The tests run on a copy of this one, so that every migration runs once. */
async function makeTemplate(): Promise<void> {
  await onDatabase('postgres', [`CREATE DATABASE ${template}`])
  const db = createDatabase({ connectionString: withDatabase(address, template), maximumConnections: 1 })
  try {
    await migrate(db, new URL('../migrations/', import.meta.url))
  } finally {
    await db.close()
  }
}

try {
  await makeTemplate()
  const lists = Object.entries(await listMutants())
    .filter(([kind]) => (values.only ?? kind) === kind)
    .map(([kind, all]) => {
      const mutants = all.filter(({ name }) => name.includes(values.match) && !equivalent[name])
      return { kind, mutants }
    })
  const began = performance.now()
  const wanted = lists.flatMap(({ mutants }) => mutants.flatMap(stagesFor)).flatMap(({ files }) => files)
  const broken = await failure([...new Set(wanted)], template)
  if (broken) throw new Error(`the tests fail without any mutant: nothing can be said\n${broken}`)
  const started = performance.now()
  patienceMs = Math.round(Math.max(120_000, 5 * (started - began)))
  const report: Record<string, { of: number; tried: number; killed: number; survived: string[] }> = {}
  for (const { kind, mutants } of lists) {
    const one = (report[kind] = { of: mutants.length, tried: 0, killed: 0, survived: [] as string[] })
    for (const mutant of mutants) {
      if (isStopped) break
      one.tried++
      const endless = timedOut.length
      const killed = await isKilled(mutant)
      if (timedOut.length > endless) timedOut.splice(endless, Infinity, mutant.name)
      if (killed) one.killed++
      else one.survived.push(mutant.name)
      console.error(`${killed ? 'killed  ' : 'SURVIVED'} ${mutant.name}`)
    }
  }
  const tried = Object.values(report).reduce((sum, each) => sum + each.tried, 0)
  const killed = Object.values(report).reduce((sum, each) => sum + each.killed, 0)
  const share = (of: { tried: number; killed: number }) =>
    Math.round((of.killed / Math.max(1, of.tried)) * 1000) / 1000
  console.log(
    JSON.stringify({
      mutate: 'ledger',
      share: share({ tried, killed }),
      tried,
      killed,
      equivalent: Object.keys(equivalent).length,
      seconds: Math.round((performance.now() - started) / 1000),
      timedOut,
      ...report,
    }),
  )
  if (isStopped || Object.values(report).some((each) => share(each) < leastKilled)) process.exitCode = 1
} finally {
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
}

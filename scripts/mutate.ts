// `npm run mutate [-- --only database|locks|rules] [--match TEXT]`: takes one guard of the ledger out at a time, in a copy of the
// repository, and runs the ledger's tests. A guard whose loss no test notices survives. Ends with 1 below 90 % killed.

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
import { databaseMutants, equivalent, lockMutants, ruleMutants, type Mutant } from './mutate/mutants.ts'

const leastKilled = 0.9
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
      /^(server|contract|migrations|web\/vite|scripts|package\.json|vitest\.config|tsconfig)/.test(name),
    )) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
    cpSync(path.join(root, file), path.join(folder, file), { force: true, errorOnExist: false })
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
  return folder
}

const postgres = await startTemporaryPostgres()
const address = postgres.connectionString.replace('@/', '@localhost/')
const folder = copyRepository()
const testFiles = readdirSync(path.join(folder, ledger))
  .filter((name) => name.endsWith('.test.ts') && !/crash|command/.test(name))
  .map((name) => `${ledger}/${name}`)
// What fails soonest runs first; the rest only when nothing has failed.
const quick = testFiles.filter((name) => /guards|rules/.test(name))
const slow = testFiles.filter((name) => !/guards|rules/.test(name))

function passes(files: readonly string[]): Promise<boolean> {
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      [
        'node_modules/vitest/vitest.mjs',
        'run',
        '--project',
        'server',
        '--bail',
        '1',
        '--reporter',
        'dot',
        ...files,
      ],
      {
        cwd: folder,
        timeout: 180_000,
        env: { ...process.env, TUNTAS_TEST_DATABASE_URL: address },
        maxBuffer: 1 << 26,
      },
      (error) => resolve(!error),
    ),
  )
}

/** True when a test noticed. */
async function isKilled(mutant: Mutant): Promise<boolean> {
  const file = mutant.file && path.join(folder, mutant.file.path)
  const before = file && readFileSync(file, 'utf8')
  const migration = path.join(folder, 'migrations/9999-mutant.sql')
  try {
    if (file) writeFileSync(file, mutant.file!.text)
    if (mutant.sql) writeFileSync(migration, `-- A guard is missing.\n${mutant.sql}\n`)
    return !(await passes(quick)) || !(await passes(slow))
  } finally {
    if (file) writeFileSync(file, before!)
    rmSync(migration, { force: true })
  }
}

async function listMutants(): Promise<Record<string, Mutant[]>> {
  const db = createDatabase({ connectionString: postgres.connectionString, maximumConnections: 1 })
  try {
    await migrate(db, new URL('../migrations/', import.meta.url))
    const texts = readdirSync(path.join(root, ledger))
      .filter((name) => !name.includes('for-tests'))
      .map((name) => ({
        name: `${ledger}/${name}`,
        text: readFileSync(path.join(root, ledger, name), 'utf8'),
      }))
    return {
      database: await databaseMutants(db.read),
      locks: texts
        .filter(({ name }) => name.endsWith('.sql.ts'))
        .flatMap(({ name, text }) => lockMutants(name, text)),
      rules: texts
        .filter(({ name }) => name.endsWith('.rules.ts'))
        .flatMap(({ name, text }) => ruleMutants(name, text)),
    }
  } finally {
    await db.close()
  }
}

try {
  const lists = await listMutants()
  if (!(await passes(testFiles))) throw new Error('the tests fail without any mutant: nothing can be said')
  const report: Record<string, { tried: number; killed: number; survived: string[] }> = {}
  for (const [kind, mutants] of Object.entries(lists)) {
    if (values.only && values.only !== kind) continue
    const one = (report[kind] = { tried: 0, killed: 0, survived: [] as string[] })
    for (const mutant of mutants) {
      if (!mutant.name.includes(values.match) || equivalent[mutant.name]) continue
      one.tried++
      const killed = await isKilled(mutant)
      if (killed) one.killed++
      else one.survived.push(mutant.name)
      console.error(`${killed ? 'killed  ' : 'SURVIVED'} ${mutant.name}`)
    }
  }
  const tried = Object.values(report).reduce((sum, each) => sum + each.tried, 0)
  const killed = Object.values(report).reduce((sum, each) => sum + each.killed, 0)
  const share = Math.round((killed / Math.max(1, tried)) * 1000) / 1000
  console.log(
    JSON.stringify({
      mutate: 'ledger',
      share,
      tried,
      killed,
      equivalent: Object.keys(equivalent).length,
      ...report,
    }),
  )
  if (share < leastKilled) process.exitCode = 1
} finally {
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
}

// The ledger's guards, one taken out at a time, and the tests that can notice it. A guard whose loss no test notices survives.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { databaseMutants, equivalent, lockMutants, ruleMutants, type Mutant } from './mutants.ts'
import { decidingFiles, stagesFor } from './stages.ts'
import { isTooBusy, root, type Workshop } from './workshop.ts'

const leastKilled = 0.9
const ledger = 'server/modules/ledger'

async function listMutants(workshop: Workshop): Promise<Record<string, Mutant[]>> {
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
    database: await workshop.onDatabase(workshop.template, (db) => databaseMutants(db.read)),
  }
}

export interface Wanted {
  /** One kind of mutants alone. */
  only?: string | undefined
  /** Those with this in their name alone. */
  match: string
  isStopped(): boolean
}

/** Prints each mutant as it is tried, and the report as JSON last. True when enough of each kind were killed. */
export async function mutateLedger(workshop: Workshop, { only, match, isStopped }: Wanted): Promise<boolean> {
  /** A mutant that never ends was noticed, but only when the tests alone take much less than this. */
  let patienceMs = 900_000
  const timedOut: string[] = []

  /** The output of the tests that failed; undefined when all pass. Their databases are copies of `from`. */
  async function failure(files: readonly string[], from: string, named?: string) {
    const filter = named ? ['-t', named] : []
    const paths = files.map((name) => `${ledger}/${name}`)
    const given = [
      '--project',
      'server',
      '--project',
      'rules',
      '--bail',
      '1',
      '--reporter',
      'dot',
      ...filter,
      ...paths,
    ]
    let run = await workshop.vitest(given, from, patienceMs)
    for (let tries = 1; tries < 3 && run.said && isTooBusy(run.said); tries++)
      run = await workshop.vitest(given, from, patienceMs)
    // Else tests that do not run would be tests that notice everything.
    if (run.said?.includes('No test files found')) throw new Error(`no tests in ${paths.join(', ')}`)
    if (run.isTimedOut) timedOut.push(from)
    return run.said
  }

  /** True when a test noticed. */
  const isKilled = (mutant: Mutant): Promise<boolean> =>
    workshop.changed({ files: mutant.file ? [mutant.file] : [], sql: mutant.sql }, async (from) => {
      for (const stage of stagesFor(mutant)) if (await failure(stage.files, from, stage.only)) return true
      return false
    })

  const lists = Object.entries(await listMutants(workshop))
    .filter(([kind]) => (only ?? kind) === kind)
    .map(([kind, all]) => {
      const mutants = all.filter(({ name }) => name.includes(match) && !equivalent[name])
      return { kind, mutants }
    })
  const began = performance.now()
  const wanted = lists.flatMap(({ mutants }) => mutants.flatMap(stagesFor)).flatMap(({ files }) => files)
  const broken = await failure([...new Set(wanted)], workshop.template)
  if (broken) throw new Error(`the tests fail without any mutant: nothing can be said\n${broken}`)
  const started = performance.now()
  patienceMs = Math.round(Math.max(120_000, 5 * (started - began)))
  const report: Record<string, { of: number; tried: number; killed: number; survived: string[] }> = {}
  for (const { kind, mutants } of lists) {
    const one = (report[kind] = { of: mutants.length, tried: 0, killed: 0, survived: [] as string[] })
    for (const mutant of mutants) {
      if (isStopped()) break
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
  return !isStopped() && Object.values(report).every((each) => share(each) >= leastKilled)
}

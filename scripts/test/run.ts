// Everything that `npm test` does: what the tests need, the checks, then the journeys and, with what they leave of the
// processor, the tests on each PostgreSQL. Its last line is the sum. Whatever crashes on the way counts as failed.

import { availableParallelism } from 'node:os'
import path from 'node:path'
import { startTemporaryPostgres } from '#platform/embedded/for-tests.ts'
import { allChecks, runChecks } from './checks.ts'
import { closingLine, isGood, nothing, sum, type Count } from './count.ts'
import { ensurePackages } from './debian.ts'
import { readOptions, type Options, type ServerKind } from './options.ts'
import { giveWay, stopAll } from './processes.ts'
import { makeTemplate } from './template.ts'
import { runVitest } from './vitest.ts'

const root = path.resolve(import.meta.dirname, '../..')
const started = performance.now()
const minute = 60_000
/** What failed anywhere, said again at the end. */
const failed: string[] = []

function say(line: string): void {
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6)
  console.log(`${seconds} s  ${line}`)
}

/** Runs one step; a crash is one failure with its reason shown. */
async function step(name: string, work: () => Promise<Count>): Promise<Count> {
  say(`${name} …`)
  try {
    const count = await work()
    say(`${name}: ${closingLine(count)}`)
    return count
  } catch (error) {
    say(`${name} crashed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

async function checks(): Promise<Count> {
  const results = await runChecks(root, allChecks(root), Math.min(2, availableParallelism()), (result) => {
    say(
      `${result.problem === undefined ? 'ok    ' : 'FAILED'} ${result.name} (${result.seconds.toFixed(1)} s)`,
    )
    if (result.problem !== undefined) console.log(result.problem.replace(/^/gm, '          '))
  })
  const problems = results.filter((result) => result.problem !== undefined)
  failed.push(...problems.map((result) => `${result.name}: ${result.problem}`))
  return { passed: results.length - problems.length, failed: problems.length, skipped: 0 }
}

interface TestRun {
  server: ServerKind
  projects: readonly string[]
  timeoutMs: number
  /** More for its environment. */
  env?: Record<string, string>
  /** Beside the journeys: whose people wait for pages goes first, and what this prints comes when it has ended. */
  isBeside?: boolean
}

async function testsOn({ server, projects, timeoutMs, env, isBeside = false }: TestRun): Promise<Count> {
  process.env['TUNTAS_TEST_DATABASE'] = server
  const database = await startTemporaryPostgres()
  try {
    if (isBeside) giveWay(database.pid)
    const address = addressOf(database)
    const result = await runVitest({
      root,
      projects,
      timeoutMs,
      isBeside,
      env: {
        ...withoutSettings(),
        ...env,
        TUNTAS_TEST_DATABASE: server,
        TUNTAS_TEST_DATABASE_URL: address,
        ...(projects.includes('server') ? { TUNTAS_TEST_TEMPLATE: await makeTemplate(address) } : {}),
      },
    })
    return noted(`${projects.join(', ')} (${server})`, result)
  } finally {
    await database.stop()
  }
}

function noted(where: string, { failures, ...count }: Awaited<ReturnType<typeof runVitest>>): Count {
  failed.push(...failures.map((failure) => `${where}: ${failure}`))
  return count
}

/** An address that URL can read: the host in it is only a place-holder, the socket's folder counts. */
function addressOf(database: { user: string; database: string; host: string; port: number }): string {
  const parameters = new URLSearchParams({ host: database.host, port: String(database.port) })
  return `postgres://${database.user}@localhost/${database.database}?${parameters.toString()}`
}

/** Settings of the caller's own installation must not reach the tests. */
function withoutSettings(): Record<string, undefined> {
  const names = Object.keys(process.env).filter(
    (name) => name === 'DATABASE_URL' || name.startsWith('TUNTAS_'),
  )
  return Object.fromEntries(names.map((name) => [name, undefined]))
}

async function everything(options: Options): Promise<Count[]> {
  const counts: Count[] = []
  const wants = (part: Options['parts'][number]) => options.parts.includes(part)
  const needsPackages = wants('journeys') || wants('unit')
  // The packages come from the network while the checks use the processor.
  const packages = needsPackages ? ensurePackages(root, 'tests', say) : Promise.resolve(undefined)
  if (wants('checks')) counts.push(await step('checks', checks))
  const missing = await packages
  if (missing !== undefined) {
    say(missing)
    counts.push({ passed: 0, failed: 1, skipped: 0 })
  }
  // Journeys often wait, tests hardly ever: together they use both cores all the time.
  const lanes = [
    wants('journeys') ? journeys() : [],
    wants('unit') ? tests(options.servers, wants('journeys')) : [],
  ]
  return [...counts, ...(await Promise.all(lanes)).flat()]
}

async function journeys(): Promise<Count[]> {
  // Each starts the product, which brings its own PostgreSQL along.
  const run = { root, projects: ['journeys'], timeoutMs: 20 * minute, env: withoutSettings() }
  return [await step('journeys', async () => noted('journeys', await runVitest(run)))]
}

/** One PostgreSQL after the other; what is not about one runs on the first only. */
async function tests([first, ...others]: Options['servers'], isBeside: boolean): Promise<Count[]> {
  const counts = [
    await step(`tests (PostgreSQL: ${first})`, () =>
      testsOn({
        server: first!,
        projects: ['server', 'once', 'rules', 'rest'],
        timeoutMs: 25 * minute,
        isBeside,
      }),
    ),
  ]
  // What the random commands of the ledger's model find, they have found on the first, and how the verifier reads seals of an
  // older form is its own matter: here the SQL is what is new.
  const env = { TUNTAS_TEST_SEQUENCES: '30', TUNTAS_TEST_SEAL_FORMS: '3' }
  for (const server of others)
    counts.push(
      await step(`tests of the server (PostgreSQL: ${server})`, () =>
        testsOn({ server, projects: ['server'], timeoutMs: 25 * minute, env, isBeside }),
      ),
    )
  return counts
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    stopAll('SIGTERM')
    console.log(closingLine({ ...nothing, failed: 1 }))
    process.exit(130)
  })

try {
  const total = sum(await everything(readOptions(process.argv.slice(2))))
  for (const failure of failed) console.log(`\nFAILED ${failure}`)
  say(isGood(total) ? 'all good' : 'not good')
  console.log(closingLine(total))
  process.exitCode = isGood(total) ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  console.log(closingLine({ ...nothing, failed: 1 }))
  process.exitCode = 1
}

// The proof of docs/abuse-cases.md: each control is taken out, and the test that carries the number of its case must run and fail.
// Where two controls stand one behind the other, both are taken out; what happens with one of them alone is tried too, and told.
import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { contentAndPlatform } from './abuse/content-and-platform.ts'
import type { Control, Part } from './abuse/control.ts'
import { fourEyes } from './abuse/four-eyes.ts'
import { money } from './abuse/money.ts'
import { rightsOfStaff } from './abuse/staff.ts'
import { whoseItIs } from './abuse/whose-it-is.ts'
import type { Wanted } from './ledger.ts'
import { isTooBusy, root, type Workshop } from './workshop.ts'

const patienceMs = 600_000

export const controls: readonly Control[] = [
  ...money,
  ...whoseItIs,
  ...fourEyes,
  ...rightsOfStaff,
  ...contentAndPlatform,
]

/** The files of the repository with these parts taken out. Throws when one is not found exactly once. */
export function changedFiles(parts: readonly Part[]): { path: string; text: string }[] {
  const texts = new Map<string, string>()
  for (const part of parts) {
    if ('sql' in part) continue
    const { file, from, to } = part
    const text = texts.get(file) ?? readFileSync(path.join(root, file), 'utf8')
    if (text.split(from).length !== 2)
      throw new Error(`${file}: a control is no longer found there exactly once: ${from}`)
    texts.set(
      file,
      text.replace(from, () => to),
    )
  }
  return [...texts].map(([file, text]) => ({ path: file, text }))
}

export const sqlOf = (parts: readonly Part[]): string | undefined =>
  parts.flatMap((part) => ('sql' in part ? [part.sql] : [])).join(';\n') || undefined

type Test = Control['test']
interface Result {
  file: string
  fullName: string
  status: 'passed' | 'failed' | 'skipped'
  failureMessages: string[]
}

/** What became of the tests with these names. Whatever does not run at all is not among them. */
async function run(workshop: Workshop, tests: readonly Test[], from: string): Promise<Result[]> {
  const output = path.join(workshop.folder, 'abuse-tests.json')
  const names = tests.map(({ name }) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
  const projects = ['server', 'once', 'rules', 'rest'].flatMap((project) => ['--project', project])
  const files = [...new Set(tests.map(({ file }) => file))]
  const given = [...projects, '--reporter', 'json', '--outputFile', output, '-t', names, ...files]
  for (let tries = 0; ; tries++) {
    rmSync(output, { force: true })
    const { isTimedOut } = await workshop.vitest(given, from, patienceMs)
    if (isTimedOut) return []
    const { testResults } = JSON.parse(readFileSync(output, 'utf8')) as {
      testResults: { name: string; assertionResults: Omit<Result, 'file'>[] }[]
    }
    const results = testResults.flatMap(({ name, assertionResults }) =>
      assertionResults.map((result) => ({ ...result, file: path.relative(workshop.folder, name) })),
    )
    const isBusy = results.some(({ failureMessages }) => isTooBusy(failureMessages.join('\n')))
    if (!isBusy || tries === 2) return results.filter(({ status }) => status !== 'skipped')
  }
}

const isOf = ({ file, fullName }: Result, { test }: Control) =>
  file === test.file && fullName.includes(test.name)

type Verdict = 'killed' | 'SURVIVED' | 'DID NOT RUN'

/** Takes parts out and runs the control's test; `said` is the first line of what it then says. */
async function without(
  workshop: Workshop,
  control: Control,
  parts: readonly Part[],
): Promise<{ verdict: Verdict; said?: string }> {
  const results = await workshop.changed({ files: changedFiles(parts), sql: sqlOf(parts) }, (from) =>
    run(workshop, [control.test], from),
  )
  if (results.length === 0) return { verdict: 'DID NOT RUN' }
  const failed = results.find(({ status }) => status === 'failed')
  if (!failed) return { verdict: 'SURVIVED' }
  return { verdict: 'killed', said: failed.failureMessages[0]!.split('\n')[0]! }
}

/** Throws unless every test runs and passes with all controls in place. */
async function checkWhole(workshop: Workshop, wanted: readonly Control[]): Promise<void> {
  const whole = await run(
    workshop,
    wanted.map(({ test }) => test),
    workshop.template,
  )
  const faults = [
    ...whole.flatMap(({ fullName, failureMessages }) =>
      failureMessages.map((said) => `${fullName}: ${said}`),
    ),
    ...wanted
      .filter((each) => !whole.some((result) => isOf(result, each)))
      .map(({ test }) => `does not run: ${test.file}: ${test.name}`),
  ]
  if (faults.length > 0)
    throw new Error(`with every control in place already: nothing can be said\n${faults.join('\n')}`)
}

/** Prints each control as it is tried, and the report as JSON last. True when every one was missed by its test. */
export async function proveControls(workshop: Workshop, { match, isStopped }: Wanted): Promise<boolean> {
  const wanted = controls.filter(
    ({ cases, control }) => match === '' || cases.split(' ').includes(match) || control.includes(match),
  )
  const started = performance.now()
  await checkWhole(workshop, wanted)
  const report: {
    cases: string
    control: string
    test: string
    verdict: Verdict
    said?: string
    alone?: string[]
  }[] = []
  for (const each of wanted) {
    if (isStopped()) break
    const { cases, control, test, parts } = each
    const { verdict, said } = await without(workshop, each, parts)
    const alone: string[] = []
    if (parts.length > 1)
      for (const part of parts)
        alone.push(
          (await without(workshop, each, [part])).verdict === 'SURVIVED' ? 'held by the others' : 'missed',
        )
    report.push({
      cases,
      control,
      test: `${test.file}: ${test.name}`,
      verdict,
      ...(said ? { said } : {}),
      ...(alone.length > 0 ? { alone } : {}),
    })
    const more = [said, alone.length > 0 ? `each alone: ${alone.join(', ')}` : undefined]
    console.error([`${verdict.padEnd(8)} ${cases} ${control}`, ...more.filter(Boolean)].join('\n           '))
  }
  const survived = report.filter(({ verdict }) => verdict !== 'killed')
  console.log(
    JSON.stringify({
      mutate: 'abuse',
      of: wanted.length,
      tried: report.length,
      killed: report.length - survived.length,
      survived: survived.map(({ cases, control }) => `${cases} ${control}`),
      seconds: Math.round((performance.now() - started) / 1000),
      controls: report,
    }),
  )
  return !isStopped() && survived.length === 0
}

// The proof of docs/abuse-cases.md: each control is taken out, and the test that carries the number of its case must fail, by an
// assertion of its own and not because nothing runs any more. Where two controls stand one behind the other, both are taken out;
// what happens with one of them alone is tried too, and told.
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

interface Outcome {
  passed: number
  /** The first line of what each failing test said. */
  said: string[]
}

/** Runs the tests with these names. Throws when a file does not run at all: that says nothing of a control. */
async function run(workshop: Workshop, tests: readonly Control['test'][], from: string): Promise<Outcome> {
  const output = path.join(workshop.folder, 'abuse-tests.json')
  const names = tests.map(({ name }) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
  const projects = ['server', 'rules', 'rest'].flatMap((project) => ['--project', project])
  const files = [...new Set(tests.map(({ file }) => file))]
  const given = [...projects, '--reporter', 'json', '--outputFile', output, '-t', names, ...files]
  for (let tries = 0; ; tries++) {
    rmSync(output, { force: true })
    const { said, isTimedOut } = await workshop.vitest(given, from, patienceMs)
    if (isTimedOut) throw new Error(`the tests do not end: ${names}`)
    const report = JSON.parse(readFileSync(output, 'utf8')) as {
      testResults: {
        name: string
        message: string
        assertionResults: { status: string; failureMessages: string[] }[]
      }[]
    }
    const results = report.testResults.flatMap(({ assertionResults }) => assertionResults)
    const failed = results.filter(({ status }) => status === 'failed')
    const messages = failed.flatMap(({ failureMessages }) => failureMessages)
    if (tries < 2 && isTooBusy(messages.join('\n'))) continue
    const passed = results.filter(({ status }) => status === 'passed').length
    if (passed + failed.length === 0)
      throw new Error(
        `no such test, or it does not run: ${names}\n${report.testResults[0]?.message}\n${said}`,
      )
    return { passed, said: messages.map((message) => message.split('\n')[0]!) }
  }
}

const without = (workshop: Workshop, control: Control, parts: readonly Part[]): Promise<Outcome> =>
  workshop.changed({ files: changedFiles(parts), sql: sqlOf(parts) }, (from) =>
    run(workshop, [control.test], from),
  )

/** Prints each control as it is tried, and the report as JSON last. True when every one was missed by its test. */
export async function proveControls(workshop: Workshop, { match, isStopped }: Wanted): Promise<boolean> {
  const wanted = controls.filter(({ cases, control }) => `${cases} ${control}`.includes(match))
  const started = performance.now()
  const whole = await run(
    workshop,
    wanted.map(({ test }) => test),
    workshop.template,
  )
  if (whole.said.length > 0)
    throw new Error(
      `the tests fail with every control in place: nothing can be said\n${whole.said.join('\n')}`,
    )
  const report: { cases: string; control: string; test: string; said?: string; alone?: string[] }[] = []
  for (const each of wanted) {
    if (isStopped()) break
    const { cases, control, test, parts } = each
    const [said] = (await without(workshop, each, parts)).said
    const alone: string[] = []
    if (parts.length > 1)
      for (const part of parts)
        alone.push((await without(workshop, each, [part])).said.length > 0 ? 'missed' : 'held by the others')
    report.push({
      cases,
      control,
      test: `${test.file}: ${test.name}`,
      ...(said ? { said } : {}),
      ...(alone.length > 0 ? { alone } : {}),
    })
    console.error(
      `${said ? 'killed  ' : 'SURVIVED'} ${cases} ${control}${said ? `\n           ${said}` : ''}${alone.length > 0 ? `\n           each alone: ${alone.join(', ')}` : ''}`,
    )
  }
  const survived = report.filter(({ said }) => said === undefined)
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

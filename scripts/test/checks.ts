// The checks that read the code without running it. Each counts as one; each must have read something.

import { existsSync } from 'node:fs'
import path from 'node:path'
import { run, type Finished } from './processes.ts'

export interface Check {
  name: string
  program: string
  args: readonly string[]
  /** Says what is wrong with a run that ended well, e.g. that it read nothing. */
  doubt?(finished: Finished): string | undefined
}

/** All checks of the repository at `root`. Programs are those of node_modules, run by the pinned Node. */
export function allChecks(root: string): Check[] {
  const tool = (file: string) => path.join(root, 'node_modules', file)
  const types = (name: string) => ({
    name: `types of ${name}`,
    program: process.execPath,
    args: [tool('typescript/bin/tsc'), '-p', `tsconfig.${name}.json`],
  })
  const own = (name: string, file: string) => ({
    name,
    program: process.execPath,
    args: [path.join(root, 'scripts/check', file)],
  })
  return [
    // Takes longest, so it begins first: the others share the second core meanwhile.
    {
      name: 'format',
      program: process.execPath,
      args: [tool('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.'],
    },
    types('contract'),
    types('server'),
    types('web'),
    {
      name: 'lint',
      program: process.execPath,
      args: [tool('oxlint/bin/oxlint'), '--deny-warnings', '--format=unix', '.'],
    },
    own('room borders', 'borders.ts'),
    own('style', 'style.ts'),
    own('packages', 'packages.ts'),
    own('catalogue of errors', 'catalogue.ts'),
    own('documentation', 'documents.ts'),
    {
      name: 'build of the pages, within their size',
      program: process.execPath,
      args: [path.join(root, 'web/vite/build.ts')],
      doubt: () => (existsSync(path.join(root, 'dist/web')) ? undefined : 'nothing was built'),
    },
  ]
}

export interface CheckResult {
  name: string
  problem: string | undefined
  seconds: number
}

/** Runs the checks, at most `atOnce` together, and tells each result as it comes. */
export async function runChecks(
  root: string,
  checks: readonly Check[],
  atOnce: number,
  tell: (result: CheckResult) => void,
): Promise<CheckResult[]> {
  const waiting = [...checks]
  const results: CheckResult[] = []
  async function work(): Promise<void> {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const finished = await run(check.program, check.args, { cwd: root, timeoutMs: 600_000 })
      const problem =
        finished.exitCode === 0
          ? check.doubt?.(finished)
          : finished.output.trim() || `ended with ${finished.exitCode}`
      const result = { name: check.name, problem, seconds: finished.seconds }
      results.push(result)
      tell(result)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return results
}

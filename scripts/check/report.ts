// How a check ends: every problem on a line of its own and exit code 1, or one line saying what was checked.

import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** True when the file of this `import.meta.url` is the program that Node was asked to run. */
export function isMain(url: string): boolean {
  const program = process.argv[1]
  return program !== undefined && realpathSync(program) === fileURLToPath(url)
}

export function report(problems: readonly string[], good: string): void {
  for (const problem of problems) console.log(problem)
  console.log(problems.length === 0 ? good : `${problems.length} problems`)
  process.exitCode = problems.length === 0 ? 0 : 1
}

// Checks that package.json names the packages that the code imports, and no other.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { judgePackages } from './packages-rules.ts'
import { isMain, report } from './report.ts'
import { isCode, listFiles, readFileAt } from './source.ts'

type Names = Record<string, string>

export function checkPackages(root: string) {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
    readFileSync(path.join(root, 'package.json'), 'utf8'),
  ) as { dependencies: Names; devDependencies: Names; optionalDependencies: Names }
  const named = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies })
  const sources = listFiles(root).filter(isCode)
  const problems = judgePackages(
    sources.map((file) => readFileAt(root, file)),
    named,
  )
  if (sources.length < 100)
    problems.push(`read only ${sources.length} files: this check does not see the code`)
  return { problems, named }
}

if (isMain(import.meta.url)) {
  const { problems, named } = checkPackages(path.resolve(process.argv[2] ?? '.'))
  report(problems, `${named.length} packages are named and used`)
}

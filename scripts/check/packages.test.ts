import { expect, it } from 'vitest'
import { judgePackages } from './packages-rules.ts'
import { readSource } from './source.ts'

const sources = [
  readSource(
    'server/a.ts',
    `import fs from 'node:fs'\nimport pg from 'pg'\nimport './b.ts'\nimport '#contract/ids.ts'`,
  ),
  readSource('web/a.ts', `import { Button } from '@mantine/core/Button'`),
]

it.each<[string, string[], string[]]>([
  ['all named', ['pg', '@types/pg', '@mantine/core', 'typescript'], []],
  ['one not named', ['pg'], ['web/a.ts: imports @mantine/core, which package.json does not name']],
  ['one not used', ['pg', '@mantine/core', 'kysely'], ['package.json: names kysely, which nothing imports']],
  [
    'types of one not used',
    ['pg', '@mantine/core', '@types/qrcode'],
    ['package.json: names @types/qrcode, which nothing imports'],
  ],
])('%s', (_name, named, problems) => {
  expect(judgePackages(sources, named)).toEqual(problems)
})

// Proves the border check: each rule refuses what it is there to refuse, and lets the honest neighbour through.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { judgeImports, judgeTables, type Tables } from './border-rules.ts'
import { tables as realTables } from './borders.ts'
import { isCode, listFiles, readSource } from './source.ts'

const tables: Tables = {
  rooms: { ledger: [], payments: ['ledger'], staff: [], desk: ['staff'] },
  moneyRooms: ['ledger', 'payments'],
  serviceRooms: ['desk'],
  areas: realTables.areas,
  keptPackages: realTables.keptPackages,
}

function judge(file: string, text: string, others: Record<string, string> = {}): string[] {
  const sources = Object.entries({ ...others, [file]: text }).map((entry) => readSource(...entry))
  return judgeImports(sources, tables)
}

const schema = { 'contract/schema.ts': `import { Type } from 'typebox'\nexport const a = Type.String()` }
const wrapped = { ...schema, 'contract/desk.ts': `export { a } from './schema.ts'` }
const light = { ...schema, 'contract/money.ts': `import type { A } from './schema.ts'\nexport type B = A` }

describe('refused', () => {
  it.each<[string, string, string, string, Record<string, string>?]>([
    [
      'contract knows the platform',
      'contract/a.ts',
      `import '#platform/db.ts'`,
      'contract may not import server/platform',
    ],
    ['contract takes a package', 'contract/a.ts', `import { z } from 'fastify'`, 'no package but typebox'],
    [
      'platform knows a room',
      'server/platform/a.ts',
      `import '#modules/ledger/index.ts'`,
      'server/platform may not import server/modules',
    ],
    [
      'platform knows main',
      'server/platform/a.ts',
      `import '../main.ts'`,
      'server/platform may not import server',
    ],
    [
      'a money room knows the desk',
      'server/modules/payments/a.ts',
      `import '#modules/desk/index.ts'`,
      'payments may not know the room desk',
    ],
    [
      'the same, in types alone',
      'server/modules/payments/a.ts',
      `import type { A } from '#modules/desk/index.ts'`,
      'payments may not know the room desk',
    ],
    [
      'the same, by a relative path',
      'server/modules/payments/a.ts',
      `import '../desk/index.ts'`,
      'payments may not know the room desk',
    ],
    [
      'the same, in an imported type',
      'server/modules/payments/a.ts',
      `export type A = import('#modules/desk/index.ts').Desk`,
      'payments may not know the room desk',
    ],
    [
      'the same, later',
      'server/modules/payments/a.ts',
      `export const f = () => import('#modules/desk/index.ts')`,
      'payments may not know the room desk',
    ],
    [
      'the same, passed on',
      'server/modules/payments/a.ts',
      `export * from '#modules/desk/index.ts'`,
      'payments may not know the room desk',
    ],
    [
      'the desk knows money',
      'server/modules/desk/a.ts',
      `import '#modules/ledger/index.ts'`,
      'desk may not know the room ledger',
    ],
    [
      'past the door',
      'server/modules/payments/a.ts',
      `import '#modules/ledger/post.ts'`,
      'entered by its index.ts alone',
    ],
    [
      'a test goes past the door',
      'server/modules/payments/a.test.ts',
      `import '#modules/ledger/post.ts'`,
      'entered by its index.ts alone',
    ],
    [
      'main goes past the door',
      'server/main.ts',
      `import '#modules/ledger/post.ts'`,
      'entered by its index.ts alone',
    ],
    [
      'a room knows main',
      'server/modules/ledger/a.ts',
      `import '../../main.ts'`,
      'only the contract, the platform and other rooms',
    ],
    [
      'a room knows the pages',
      'server/modules/ledger/a.ts',
      `import '../../../web/ui/index.ts'`,
      'only the contract, the platform and other rooms',
    ],
    [
      'a room that is not in the table',
      'server/modules/new/a.ts',
      `import '#contract/ids.ts'`,
      'new is not in the table',
    ],
    [
      'a room talks to the database itself',
      'server/modules/ledger/a.ts',
      `import pg from 'pg'`,
      'may import pg',
    ],
    [
      'the wallet knows the console',
      'web/wallet/a.tsx',
      `import '../console/a.tsx'`,
      'web/wallet may not import web/console',
    ],
    [
      'the console knows the wallet',
      'web/console/a.tsx',
      `import '../wallet/a.tsx'`,
      'web/console may not import web/wallet',
    ],
    [
      'the shared parts know the wallet',
      'web/ui/a.tsx',
      `import '../wallet/a.tsx'`,
      'web/ui may not import web/wallet',
    ],
    [
      'a page knows the server',
      'web/wallet/a.ts',
      `import type { Db } from '../../server/platform/db.ts'`,
      'web/wallet may not import server/platform',
    ],
    ['a page takes Node', 'web/wallet/a.ts', `import 'node:fs'`, 'none of the modules of Node'],
    [
      'a page takes a schema',
      'web/wallet/a.ts',
      `import { a } from '../../contract/schema.ts'`,
      'only types',
      schema,
    ],
    [
      'a page takes a schema through another file',
      'web/ui/a.ts',
      `import { a } from '../../contract/desk.ts'`,
      'only types',
      wrapped,
    ],
    [
      'a page marks only the names as types',
      'web/ui/a.ts',
      `import { type a } from '../../contract/schema.ts'`,
      'only types',
      schema,
    ],
    [
      'the sandbox knows a room',
      'sandbox/bank.ts',
      `import '#modules/ledger/index.ts'`,
      'sandbox may not import server/modules',
    ],
    [
      'the sandbox knows the platform',
      'sandbox/bank.ts',
      `import '#platform/db.ts'`,
      'sandbox may not import server/platform',
    ],
    [
      'rules read the database',
      'server/modules/ledger/a.rules.ts',
      `import { lock } from './a.sql.ts'`,
      'decides from values',
    ],
    [
      'rules take a file that does more',
      'server/modules/ledger/a.rules.ts',
      `import { list } from './list.ts'`,
      'decides from values',
      {
        'server/modules/ledger/list.ts': `import fs from 'node:fs'\nexport const list = fs.readdirSync('.')`,
      },
    ],
    [
      'rules take a package',
      'server/modules/ledger/a.rules.ts',
      `import { add } from 'pg-pool'`,
      'decides from values',
    ],
    [
      'a test is imported',
      'server/modules/ledger/a.test.ts',
      `import './b.test.ts'`,
      'nothing may import a test',
    ],
    [
      'the product uses test support',
      'server/platform/a.ts',
      `import './testing.ts'`,
      'only tests may import',
    ],
    [
      'a computed import',
      'server/platform/a.ts',
      `export const f = (name: string) => import(name)`,
      'computed',
    ],
    ['require', 'scripts/a.mjs', `const name = 'x'; require(name)`, 'computed'],
    ['out of the repository', 'scripts/a.ts', `import '../../other/a.ts'`, 'outside the repository'],
    ['a folder that nobody listed', 'misc/a.ts', `import '#contract/ids.ts'`, 'not in the table'],
    ['what cannot be parsed', 'server/platform/a.ts', `import { from 'x'`, 'cannot be parsed'],
  ])('%s', (_name, file, text, expected, others) => {
    const problems = judge(file, text, others)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(expected)
    expect(problems[0]).toContain(file)
  })
})

describe('allowed', () => {
  it.each<[string, string, string, Record<string, string>?]>([
    ['the contract takes its schema library', 'contract/a.ts', `import { Type } from 'typebox'`],
    ['the platform knows the contract', 'server/platform/a.ts', `import '#contract/ids.ts'`],
    [
      'a room knows whom the table names',
      'server/modules/payments/a.ts',
      `import '#modules/ledger/index.ts'`,
    ],
    ['a room knows itself', 'server/modules/ledger/a.ts', `import './post.ts'`],
    ['a test puts rooms together', 'server/modules/desk/a.test.ts', `import '#modules/payments/index.ts'`],
    ['main puts rooms together', 'server/main.ts', `import '#modules/desk/index.ts'`],
    ['rules know types', 'server/modules/ledger/a.rules.ts', `import type { Row } from './a.sql.ts'`],
    [
      'rules know rules and the contract',
      'server/modules/ledger/a.rules.ts',
      `import './b.rules.ts'\nimport '#contract/ids.ts'`,
    ],
    [
      'rules know plain data beside them',
      'server/modules/ledger/a.rules.ts',
      `import { list } from './list.ts'`,
      { 'server/modules/ledger/list.ts': `export const list = ['a']` },
    ],
    [
      'rules know calculations of the platform',
      'server/modules/ledger/a.rules.ts',
      `import { nextDay } from '#platform/days.ts'`,
      { 'server/platform/days.ts': `export const nextDay = (day: number) => day + 1` },
    ],
    [
      'a test of a page takes a schema',
      'web/wallet/a.test.ts',
      `import { a } from '../../contract/schema.ts'`,
      schema,
    ],
    [
      'a page takes types of a schema',
      'web/wallet/a.ts',
      `import type { A } from '../../contract/schema.ts'`,
      schema,
    ],
    ['a page takes light values', 'web/wallet/a.ts', `import { b } from '../../contract/money.ts'`, light],
    ['a page takes the shared parts', 'web/console/a.ts', `import { Money } from '../ui/index.ts'`],
    ['a tool uses test support', 'scripts/a.ts', `import '#platform/embedded/for-tests.ts'`],
    [
      'an import in a comment or a text',
      'server/platform/a.ts',
      `// import '#modules/desk/index.ts'\nexport const a = "import '#modules/desk/index.ts'"`,
    ],
  ])('%s', (_name, file, text, others) => {
    expect(judge(file, text, others)).toEqual([])
  })
})

describe('the table', () => {
  const existing = ['ledger', 'payments', 'staff', 'desk']
  it.each<[string, string[], Tables['rooms'], string]>([
    [
      'a folder is missing in the table',
      [...existing, 'extra'],
      tables.rooms,
      'server/modules/extra is not in the table',
    ],
    ['a room has no folder', ['ledger', 'payments', 'staff'], tables.rooms, 'desk, which does not exist'],
    [
      'an unknown neighbour',
      existing,
      { ...tables.rooms, staff: ['nobody'] },
      'nobody, which is not in the table',
    ],
    ['a circle', existing, { ...tables.rooms, ledger: ['payments'] }, 'circle'],
    [
      'money reaches service through a third room',
      existing,
      { ...tables.rooms, ledger: ['staff'], staff: ['desk'], desk: [] },
      'ledger reaches desk',
    ],
    [
      'service reaches money through a third room',
      existing,
      { ...tables.rooms, staff: ['ledger'] },
      'desk reaches ledger',
    ],
  ])('%s', (_name, folders, rooms, expected) => {
    expect(judgeTables(folders, { ...tables, rooms }).join('\n')).toContain(expected)
  })

  it('stands when all is well', () => {
    expect(judgeTables(existing, tables)).toEqual([])
  })
})

describe('the program, on a copy of this repository', () => {
  const root = path.resolve(import.meta.dirname, '../..')
  let copy: string

  beforeAll(() => {
    copy = mkdtempSync(path.join(tmpdir(), 'tuntas-borders-'))
    for (const file of listFiles(root).filter(isCode)) {
      mkdirSync(path.dirname(path.join(copy, file)), { recursive: true })
      cpSync(path.join(root, file), path.join(copy, file))
    }
  })
  afterAll(() => rmSync(copy, { recursive: true, force: true }))

  const check = () =>
    spawnSync(process.execPath, [path.join(root, 'scripts/check/borders.ts'), copy], { encoding: 'utf8' })

  it('fails as soon as a money room imports the desk', () => {
    const before = check().stdout
    const door = path.join(copy, 'server/modules/ledger/index.ts')
    writeFileSync(door, `${readFileSync(door, 'utf8')}\nimport '#modules/desk/index.ts'\n`)
    const after = check()
    expect(before).not.toContain('may not know the room desk')
    expect(after.stdout).toContain('the room ledger may not know the room desk (#modules/desk/index.ts)')
    expect(after.status).toBe(1)
  })

  it('fails on a folder in which there is nothing to read', () => {
    const empty = mkdtempSync(path.join(tmpdir(), 'tuntas-empty-'))
    const { status, stdout } = spawnSync(
      process.execPath,
      [path.join(root, 'scripts/check/borders.ts'), empty],
      { encoding: 'utf8' },
    )
    rmSync(empty, { recursive: true })
    expect(status).toBe(1)
    expect(stdout).toContain('does not see the code')
  })
})

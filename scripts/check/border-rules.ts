// Decides for each import whether the table in rooms.ts allows it. Pure: files and imports in, problems out.

import path from 'node:path/posix'
import type { Area, RoomTable } from './rooms.ts'
import type { Import, SourceFile } from './source.ts'

export interface Tables {
  rooms: RoomTable
  areas: Readonly<Record<string, Area>>
  moneyRooms: readonly string[]
  serviceRooms: readonly string[]
  keptPackages: Readonly<Record<string, readonly string[]>>
}

const aliases: Readonly<Record<string, string>> = {
  '#contract/': 'contract/',
  '#platform/': 'server/platform/',
  '#modules/': 'server/modules/',
}

/** The repository's file that a specifier means; undefined for packages and Node's own modules. */
export function targetOf(from: string, specifier: string): string | undefined {
  const [bare = ''] = specifier.split('?')
  for (const [alias, folder] of Object.entries(aliases))
    if (bare.startsWith(alias)) return path.normalize(folder + bare.slice(alias.length))
  return bare.startsWith('.') ? path.normalize(path.join(path.dirname(from), bare)) : undefined
}

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

export const isTest = (file: string): boolean => /\.test\.tsx?$/.test(file)

/** Tests, and what exists for tests alone. */
export const isForTests = (file: string): boolean =>
  isTest(file) || /(^|[/-])(for-tests|testing|test-bench|fixtures?)(\.[\w.]+|\/.*)$/.test(file)

const isRules = (file: string): boolean => file.endsWith('.rules.ts')

const roomOf = (file: string): string | undefined => /^server\/modules\/([^/]+)\//.exec(file)?.[1]

function areaOf(file: string, areas: Tables['areas']): string | undefined {
  return Object.keys(areas)
    .filter((area) => file.startsWith(`${area}/`))
    .sort((one, other) => other.length - one.length)[0]
}

/** Contract files that bring a package into the program that imports them: browsers must not. */
export function heavyContracts(sources: readonly SourceFile[]): Set<string> {
  const heavy = new Set<string>()
  const contracts = sources.filter((source) => source.file.startsWith('contract/') && !isTest(source.file))
  for (let grown = true; grown;) {
    grown = false
    for (const { file, imports } of contracts) {
      const brings = imports.some(({ specifier, typeOnly }) => {
        const target = targetOf(file, specifier)
        return !typeOnly && (target === undefined || heavy.has(target))
      })
      if (brings && !heavy.has(file)) grown = Boolean(heavy.add(file))
    }
  }
  return heavy
}

/** Files without anything in them but their own values: data and tables, safe for rules to read. */
export function leaves(sources: readonly SourceFile[]): Set<string> {
  const alone = sources.filter(
    ({ imports, faults }) => faults.length === 0 && imports.every((each) => each.typeOnly),
  )
  return new Set(alone.map((source) => source.file))
}

/** All problems of the imports of these files, each as one line that names file, line and rule. */
export function judgeImports(sources: readonly SourceFile[], tables: Tables): string[] {
  const known = { heavy: heavyContracts(sources), leaves: leaves(sources) }
  return sources.flatMap((source) => [
    ...source.faults,
    ...source.imports.flatMap((each) => {
      const problem = judge(source.file, each, tables, known)
      return problem === undefined ? [] : [`${source.file}:${each.line}: ${problem} (${each.specifier})`]
    }),
  ])
}

interface Known {
  heavy: ReadonlySet<string>
  leaves: ReadonlySet<string>
}

function judge(from: string, each: Import, tables: Tables, known: Known): string | undefined {
  const target = targetOf(from, each.specifier)
  if (target === undefined) return judgePackage(from, each, tables)
  if (target.startsWith('..')) return 'reaches outside the repository'
  if (isTest(target)) return 'nothing may import a test'
  const area = areaOf(from, tables.areas)
  const isTool = area === 'scripts' || area === 'bench' || area === 'journeys'
  if (isForTests(target) && !isForTests(from) && !isTool)
    return 'only tests may import what is there for tests'
  if (isRules(from) && !each.typeOnly && !mayRulesImport(from, target, known))
    return 'a .rules.ts decides from values: it imports types, the contract, other rules and plain data'
  if (from.startsWith('web/') && !isForTests(from) && !each.typeOnly && known.heavy.has(target))
    return 'a browser may import only types from here: the value would bring the schema library along'
  const room = roomOf(from)
  if (room !== undefined) return judgeRoom(from, room, target, tables)
  // Settings of tools stand at the top of the repository and belong to no area.
  if (area === undefined) return from.includes('/') ? 'this folder is not in the table of rooms' : undefined
  return judgeArea(from, area, target, tables)
}

function mayRulesImport(from: string, target: string, known: Known): boolean {
  if (target.startsWith('contract/')) return true
  const isBeside = path.dirname(target) === path.dirname(from)
  if (isBeside && isRules(target)) return true
  // Tables beside the rules, and calculations of the platform such as days in a time zone.
  return known.leaves.has(target) && (isBeside || target.startsWith('server/platform/'))
}

function judgePackage(from: string, each: Import, tables: Tables): string | undefined {
  const name = packageOf(each.specifier)
  const keepers = tables.keptPackages[name]
  if (
    keepers &&
    !each.typeOnly &&
    !isForTests(from) &&
    !keepers.some((keeper) => from.startsWith(`${keeper}/`))
  )
    return `only ${keepers.join(', ')} may import ${name}`
  if (isRules(from) && !each.typeOnly)
    return 'a .rules.ts decides from values: it imports types, the contract, other rules and plain data'
  if (isForTests(from)) return undefined
  const area = areaOf(from, tables.areas)
  const allowed = area === undefined ? undefined : tables.areas[area]!.packages
  if (allowed && !allowed.includes(name)) return `${area} may import no package but ${allowed.join(', ')}`
  if (from.startsWith('web/') && !tables.areas[area ?? '']?.node && name.startsWith('node:'))
    return 'a browser has none of the modules of Node'
  return undefined
}

function judgeRoom(from: string, room: string, target: string, tables: Tables): string | undefined {
  const allowed = tables.rooms[room]
  if (!allowed) return `the room ${room} is not in the table of rooms`
  if (target.startsWith('contract/') || target.startsWith('server/platform/')) return undefined
  const other = roomOf(target)
  if (other === undefined) return 'a room imports only the contract, the platform and other rooms'
  if (other === room) return undefined
  if (target !== `server/modules/${other}/index.ts`)
    return `the room ${other} is entered by its index.ts alone`
  // A test puts together what its room needs; that is composition, not knowledge.
  if (isForTests(from) || allowed.includes(other)) return undefined
  return `the room ${room} may not know the room ${other}`
}

function judgeArea(from: string, area: string, target: string, tables: Tables): string | undefined {
  const other = roomOf(target)
  const targetArea = other === undefined ? areaOf(target, tables.areas) : 'server/modules'
  if (targetArea === area) return undefined
  // Tests of pages compile their texts as the build does.
  if (targetArea === 'web/vite' && isForTests(from)) return undefined
  // The pinned versions and the like.
  if (targetArea === undefined && !target.includes('/')) return undefined
  if (targetArea === undefined || !tables.areas[area]!.mayImport.includes(targetArea))
    return `${area} may not import ${targetArea ?? path.dirname(target)}`
  if (other !== undefined && area === 'server' && target !== `server/modules/${other}/index.ts`)
    return `the room ${other} is entered by its index.ts alone`
  return undefined
}

/** Problems of the table itself, against the folders that exist. */
export function judgeTables(existing: readonly string[], tables: Tables): string[] {
  const { rooms, moneyRooms, serviceRooms } = tables
  const problems: string[] = []
  for (const folder of existing)
    if (!rooms[folder]) problems.push(`server/modules/${folder} is not in the table of rooms`)
  for (const [room, allowed] of Object.entries(rooms)) {
    if (!existing.includes(room)) problems.push(`the table names the room ${room}, which does not exist`)
    for (const other of allowed)
      if (!rooms[other]) problems.push(`the room ${room} may import ${other}, which is not in the table`)
    const reached = reach(room, rooms)
    if (reached.has(room)) problems.push(`the room ${room} reaches itself: the table has a circle`)
    const forbidden = moneyRooms.includes(room) ? serviceRooms : serviceRooms.includes(room) ? moneyRooms : []
    for (const other of forbidden)
      if (reached.has(other)) problems.push(`the room ${room} reaches ${other}: money and service stay apart`)
  }
  return problems
}

function reach(room: string, rooms: RoomTable): Set<string> {
  const reached = new Set<string>()
  const waiting = [...(rooms[room] ?? [])]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (reached.has(next)) continue
    reached.add(next)
    waiting.push(...(rooms[next] ?? []))
  }
  return reached
}

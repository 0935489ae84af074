// Checks the borders between the rooms on every file of the repository. Prints what it read, so that a check
// that reads nothing cannot pass: too few files or imports is a failure.

import path from 'node:path'
import { isMain, report } from './report.ts'
import { judgeImports, judgeTables, type Tables } from './border-rules.ts'
import { areas, keptPackages, moneyRooms, rooms, serviceRooms } from './rooms.ts'
import { isCode, listFiles, readFileAt } from './source.ts'

export const tables: Tables = { rooms, areas, moneyRooms, serviceRooms, keptPackages }

/** What a repository of this size has at the very least. */
const leastFiles = 100
const leastImports = 300

/** The problems of the repository at `root`, and how much was read to find them. */
export function checkBorders(root: string, least = { files: leastFiles, imports: leastImports }) {
  const files = listFiles(root)
  const sources = files.filter(isCode).map((file) => readFileAt(root, file))
  const imports = sources.reduce((total, source) => total + source.imports.length, 0)
  const problems = [...judgeImports(sources, tables), ...judgeTables(roomFolders(files), tables)]
  if (sources.length < least.files || imports < least.imports)
    problems.push(
      `read only ${sources.length} files with ${imports} imports: this check does not see the code`,
    )
  return { problems, files: sources.length, imports }
}

/** Rooms that have files: an empty folder is none, and git does not keep it either. */
function roomFolders(files: readonly string[]): string[] {
  const names = files.map((file) => /^server\/modules\/([^/]+)\//.exec(file)?.[1])
  return [...new Set(names.filter((name) => name !== undefined))]
}

if (isMain(import.meta.url)) {
  const { problems, files, imports } = checkBorders(path.resolve(process.argv[2] ?? '.'))
  report(
    problems,
    `${files} files with ${imports} imports keep the borders of ${Object.keys(rooms).length} rooms`,
  )
}

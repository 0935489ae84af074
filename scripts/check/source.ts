// Reads the repository's own files: which there are, and what each imports, from a real syntax tree.
// A file that cannot be parsed is a fault, never a file without imports.

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseSync } from 'vite'

const leftOut = new Set(['node_modules', 'dist', 'data', 'coverage', 'shots', '.git'])

/** Paths of all files below `root`, relative to it, with forward slashes, sorted. */
export function listFiles(root: string): string[] {
  const found: string[] = []
  function enter(folder: string): void {
    for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory() && !leftOut.has(entry.name)) enter(name)
      else if (entry.isFile()) found.push(name)
    }
  }
  enter('')
  return found.sort()
}

export const isCode = (file: string): boolean => /\.(ts|tsx|mjs|js)$/.test(file)

/** One import as it stands in a file. */
export interface Import {
  specifier: string
  /** `import type` and types of `import('…')`: gone when the program runs. */
  typeOnly: boolean
  line: number
}

export interface SourceFile {
  file: string
  imports: Import[]
  /** Faults of reading: syntax errors, imports whose target is computed. */
  faults: string[]
}

type Node = Record<string, unknown> & { type: string; start: number }

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'

/** The imports of one file: static, re-exports, dynamic, types, `require`. */
export function readSource(file: string, text: string): SourceFile {
  const { program, errors } = parseSync(file, text)
  const imports: Import[] = []
  const faults = errors
    .filter((error) => error.severity === 'Error')
    .map((error) => `${file}: cannot be parsed: ${error.message}`)
  const lineOf = (position: number) => text.slice(0, position).split('\n').length

  function add(node: Node, source: unknown, typeOnly: boolean): void {
    const value = isNode(source) ? source['value'] : undefined
    if (typeof value === 'string') imports.push({ specifier: value, typeOnly, line: lineOf(node.start) })
    else if (isTemplateWithoutHoles(source)) add(node, asLiteral(source), typeOnly)
    else faults.push(`${file}:${lineOf(node.start)}: imports something computed, which nobody can check`)
  }

  function visit(value: unknown): void {
    if (Array.isArray(value)) return value.forEach(visit)
    if (!isNode(value)) return
    const kind = value['importKind'] ?? value['exportKind']
    if (value.type === 'ImportDeclaration') add(value, value['source'], kind === 'type')
    else if (/^Export(Named|All)Declaration$/.test(value.type) && value['source'])
      add(value, value['source'], kind === 'type')
    else if (value.type === 'ImportExpression') add(value, value['source'], false)
    else if (value.type === 'TSImportType') add(value, value['source'] ?? value['argument'], true)
    else if (value.type === 'TSExternalModuleReference') add(value, value['expression'], false)
    else if (value.type === 'CallExpression' && isRequire(value)) add(value, argumentsOf(value)[0], false)
    for (const child of Object.values(value)) if (typeof child === 'object') visit(child)
  }
  visit(program)
  return { file, imports, faults }
}

const argumentsOf = (call: Node): unknown[] => call['arguments'] as unknown[]

function isRequire(call: Node): boolean {
  const callee = call['callee']
  return isNode(callee) && callee.type === 'Identifier' && callee['name'] === 'require'
}

function isTemplateWithoutHoles(source: unknown): source is Node {
  return (
    isNode(source) && source.type === 'TemplateLiteral' && (source['expressions'] as unknown[]).length === 0
  )
}

function asLiteral(template: Node): Node {
  const [quasi] = template['quasis'] as { value: { cooked: string } }[]
  return { type: 'Literal', start: template.start, value: quasi!.value.cooked }
}

/** Reads and parses one file of the repository. */
export function readFileAt(root: string, file: string): SourceFile {
  return readSource(file, readFileSync(path.join(root, file), 'utf8'))
}

// What a file must look like, beyond what the formatter and the linter see. Pure: name and text in, problems out.

import { isTest } from './border-rules.ts'

/** Files that may be longer than the rest, with the reason. */
export const longFiles: Readonly<Record<string, string>> = {
  'server/platform/live.test.ts': 'one hub with its sockets and its clock, shared by every story of it',
}

/** Lines. Cases of tests and styles of parts stand one below the other and are read so: they may be longer. */
const longestFile = (file: string): number => (isTest(file) || file.endsWith('.css') ? 500 : 400)
const hasHeading = /^(#![^\n]*\n)?\s*(\/\/|\/\*|--|<!--|#)/

/** Words that say that something is not finished. */
const leftovers = /\b(T[O]DO|F[I]XME|H[A]CK)\b/
const printing = /\bconsole\.(log|debug|info|table|trace|dir)\(|^\s*debugger\b/
const rawColour = /#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})\b(?![-\w])|\b(?:rgba?|hsla?|oklch)\(/gi

const coloursLiveIn = 'web/ui/tokens.css'

/** Mantine computes with colours, so it cannot take their names; what stands there must stand in tokens.css too. */
const mayRepeatColours = new Set(['web/ui/mantine.ts'])

/** Programs that talk to the person who started them. */
const mayPrint = /^(scripts|bench)\/|^web\/vite\/|\.test\.tsx?$|^server\/main(\.ts$|\/)|^sandbox\/main\.ts$/

const isSource = (file: string): boolean => /\.(ts|tsx|mjs|sql|css)$/.test(file)

/** True when this check reads the file at all. */
export const isChecked = (file: string): boolean => isSource(file) && !file.startsWith('docs/')

/** The problems of one file, each with file and line. `tokens` is the text of tokens.css. */
export function judgeStyle(file: string, text: string, tokens = ''): string[] {
  const lines = text.split('\n')
  const problems: string[] = []
  const length = text.endsWith('\n') ? lines.length - 1 : lines.length
  if (length > longestFile(file) && !longFiles[file])
    problems.push(
      `${file}: ${length} lines; split it, or list it with the reason in scripts/check/style-rules.ts`,
    )
  // The names of its tests say what a test file does.
  if (!hasHeading.test(text) && !isTest(file))
    problems.push(`${file}:1: begins without a comment that says what happens here`)
  lines.forEach((line, index) => {
    const at = `${file}:${index + 1}`
    if (leftovers.test(line)) problems.push(`${at}: a leftover: ${line.trim()}`)
    if (printing.test(line) && !mayPrint.test(file)) problems.push(`${at}: prints: ${line.trim()}`)
    if (isColoured(file, line, tokens))
      problems.push(`${at}: a colour of its own; name one of tokens.css: ${line.trim()}`)
  })
  return problems
}

function isColoured(file: string, line: string, tokens: string): boolean {
  if (!file.startsWith('web/') || isTest(file) || file === coloursLiveIn) return false
  // A link to a part of a page or to an icon looks like a colour: "#add".
  const bare = line
    .replace(/(?:href|to|url)\s*[=(]\s*{?["'`]?#[\w-]+/g, '')
    .replace(/\/\/.*$|\/\*.*?\*\//g, '')
  const colours = bare.match(rawColour) ?? []
  return colours.some((colour) => !mayRepeatColours.has(file) || !tokens.includes(colour.toLowerCase()))
}

/** Reasons for files that are gone or short again are themselves leftovers. */
export function judgeReasons(lengths: ReadonlyMap<string, number>, reasons = longFiles): string[] {
  return Object.keys(reasons)
    .filter((file) => (lengths.get(file) ?? 0) <= longestFile(file))
    .map((file) => `${file} needs no reason to be long any more: take it out of scripts/check/style-rules.ts`)
}

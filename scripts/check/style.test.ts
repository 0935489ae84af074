// Proves the style check, rule by rule.
import { expect, it } from 'vitest'
import { judgeReasons, judgeStyle } from './style-rules.ts'

const heading = '// What happens here.\n'

it.each([
  ['no heading', 'server/a.ts', 'export const a = 1\n', 'begins without a comment'],
  ['too long', 'server/a.ts', heading + 'const a = 1\n'.repeat(400), '401 lines'],
  ['an unfinished thing', 'server/a.ts', `${heading}// ${'TO'}DO: later\n`, 'a leftover'],
  ['printing on the server', 'server/a.ts', `${heading}console.log(1)\n`, 'prints'],
  ['printing in a page', 'web/wallet/a.ts', `${heading}console.debug(1)\n`, 'prints'],
  ['a colour in a style', 'web/ui/a.css', '/* What. */\n.a { color: #fff; }\n', 'a colour of its own'],
  ['a colour in a page', 'web/wallet/a.tsx', `${heading}const a = '#21161b'\n`, 'a colour of its own'],
  [
    'a colour as a function',
    'web/ui/a.css',
    '/* What. */\n.a { color: rgb(1 2 3); }\n',
    'a colour of its own',
  ],
])('refuses %s', (_name, file, text, expected) => {
  const problems = judgeStyle(file, text)
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain(expected)
})

it.each([
  ['an SQL comment as heading', 'migrations/0001-a.sql', '-- What.\nSELECT 1;\n'],
  ['exactly as long as allowed', 'server/a.ts', heading + 'const a = 1\n'.repeat(399)],
  ['a program that talks to people', 'scripts/a.ts', `${heading}console.log(1)\n`],
  ['colours where they are defined', 'web/ui/tokens.css', '/* What. */\n:root { --a: #fff; }\n'],
  ['a link to a part of a page', 'web/wallet/a.tsx', `${heading}const a = <a href="#add">x</a>\n`],
  ['an import that begins with a hash', 'web/wallet/a.ts', `${heading}import '#contract/ids.ts'\n`],
])('lets through %s', (_name, file, text) => {
  expect(judgeStyle(file, text)).toEqual([])
})

it('lets a theme repeat the colours of tokens.css, and no other', () => {
  const theme = (colour: string) =>
    judgeStyle('web/ui/mantine.ts', `${heading}const a = '${colour}'\n`, '--a: #fcf3f8;')
  expect(theme('#fcf3f8')).toEqual([])
  expect(theme('#fcf3f9')).toHaveLength(1)
})

it('takes a reason for a long file, and only while the file is long', () => {
  const reasons = { 'server/a.ts': 'one table of cases' }
  expect(judgeReasons(new Map([['server/a.ts', 500]]), reasons)).toEqual([])
  expect(judgeReasons(new Map([['server/a.ts', 100]]), reasons)).toHaveLength(1)
})

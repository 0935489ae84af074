// No text of the sandbox's pages lacks a language, and no page says a word that does not stand in sandbox/texts.
import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { locales, type Locale } from '../../contract/schema.ts'
import { catalogueOf } from '../shop/goods.ts'
import { allTexts } from './index.ts'

/** Every text with the way to it: `tick.up.name`. */
function flat(value: unknown, way: readonly string[] = []): [string, string][] {
  if (typeof value === 'string') return [[way.join('.'), value]]
  return Object.entries(value as object).flatMap(([name, each]) => flat(each, [...way, name]))
}

/** The same word in another language: names, and words that the languages share. */
const shared = new Set([
  'SMS',
  'Email',
  'Bank',
  'Bank Melati',
  'Subtotal',
  'Total',
  'Tuntas', // prettier-ignore
])

const parts: [string, Record<Locale, unknown>][] = [
  ...Object.entries(allTexts),
  ...['buku-pelangi', 'surya-elektronik', 'batik-seruni'].flatMap((slug) => {
    const { tagline, welcome, goods } = catalogueOf(slug)
    const named: [string, Record<Locale, unknown>][] = goods.map(({ sku, about }) => [sku, about])
    return [[`${slug} tagline`, tagline], [`${slug} welcome`, welcome], ...named] as typeof named
  }),
]

it.each(parts)('%s stands in every language', (_name, texts) => {
  expect(Object.keys(texts).sort()).toEqual([...locales].sort())
  const inEach = new Map(locales.map((locale) => [locale, new Map(flat(texts[locale]))]))
  const english = inEach.get('en')!
  for (const [locale, others] of inEach) {
    expect([...others.keys()].sort(), locale).toEqual([...english.keys()].sort())
    expect([...others].filter(([, text]) => text.trim() === '')).toEqual([])
    const untranslated = ([way, text]: [string, string]) =>
      locale !== 'en' && !shared.has(text) && text === english.get(way)
    expect([...others].filter(untranslated), locale).toEqual([])
  }
  const notChinese = ([, text]: [string, string]) => !shared.has(text) && !/\p{Script=Han}/u.test(text)
  expect([...inEach.get('zh-CN')!].filter(notChinese)).toEqual([])
})

it('pages say nothing that stands only in one language', () => {
  const folder = new URL('../', import.meta.url)
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.pages.ts') || file.endsWith('platform/page.ts'),
  )
  expect(pages.length).toBeGreaterThanOrEqual(6)
  const said = pages.flatMap((file) =>
    wordsIn(readFileSync(new URL(file, folder), 'utf8')).map((words) => `${file}: ${words}`),
  )
  expect(said).toEqual([])
})

it('the check of pages finds a word between tags and in a label, and passes names', () => {
  expect(wordsIn('html`<p>Nothing ${x} here</p><b aria-label="Close">${y}</b> WIB`')).toEqual([
    'Close',
    'Nothing',
    'here',
  ])
  expect(wordsIn('const way = `not shown ${html`<i>shown</i>`}`')).toEqual(['shown'])
  expect(wordsIn('html`<a>Bank Melati</a>${texts.one} 12:00 WIB`')).toEqual([])
})

/** Words that a page's own markup holds, without what is put in, attributes that are not read out, and names. */
function wordsIn(source: string): string[] {
  return markupIn(source).flatMap((markup) => {
    const read = [...markup.matchAll(/\b(?:aria-label|title|alt|placeholder)="([^"]*)"/g)]
    const between = markup.replace(/<[^>]*>|[\w-]+="[^"]*"|^(?:checked|selected)$/g, hole).split(hole)
    return [...read.map(([, label]) => label!), ...between]
      .map((text) => text.replace(/Bank Melati|Tuntas|WIB|&\w+;/g, '').trim())
      .filter((text) => /\p{L}{2,}/u.test(text))
  })
}

const hole = '\u0000'

/** The html templates of a source, each with a hole where something is put in; what is put in is looked at too. */
function markupIn(source: string): string[] {
  const found: string[] = []
  // Innermost last: a template with its text so far, or code with the braces that are open in it.
  const open: ({ text: string; isHtml: boolean } | { braces: number })[] = [{ braces: 0 }]
  const code = source.replace(/^\s*\/\/.*$/gm, '')
  for (let at = 0; at < code.length; at++) {
    const inner = open.at(-1)!
    const character = code[at]!
    if ('text' in inner) {
      if (character === '`') {
        open.pop()
        if (inner.isHtml) found.push(inner.text)
      } else if (code.startsWith('${', at)) {
        inner.text += hole
        open.push({ braces: 0 })
        at++
      } else inner.text += character
    } else if (character === '`') open.push({ text: '', isHtml: code.slice(at - 4, at) === 'html' })
    else if (character === '{') inner.braces++
    else if (character === '}' && inner.braces-- === 0) open.pop()
  }
  return found
}

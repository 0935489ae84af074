// The console speaks three languages: the same ids, the same values, nothing empty.

import { expect, test } from 'vitest'
import { readFileSync } from 'node:fs'
import { compileCatalogue } from '../../vite/catalogue.ts'

const read = (language: string): Record<string, string> =>
  JSON.parse(readFileSync(new URL(`./${language}.json`, import.meta.url), 'utf8')) as Record<string, string>
const english = read('en')
const valuesOf = (text: string): string[] => [...new Set(text.match(/(?<=\{)\w+(?=[,}])/g) ?? [])].sort()

test.each(['id', 'zh'])('%s has every text of English, with its values', (language) => {
  const texts = read(language)
  expect(Object.keys(texts).sort()).toEqual(Object.keys(english).sort())
  for (const [id, text] of Object.entries(texts)) {
    expect(text.trim(), id).not.toBe('')
    expect(valuesOf(text), id).toEqual(valuesOf(english[id]!))
  }
  expect(Object.keys(compileCatalogue(texts))).toHaveLength(Object.keys(english).length)
})

// All languages of every app say the same things: same ids, same values, nothing empty, everything parses.

import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { compileMessageOrThrow } from '@lingui/message-utils/compileMessage'
import { errorCatalogue } from '../../contract/errors.ts'

const web = fileURLToPath(new URL('..', import.meta.url))
const apps = readdirSync(web).filter((app) => existsSync(`${web}${app}/locales/en.json`))
const load = (app: string, language: string) =>
  JSON.parse(readFileSync(`${web}${app}/locales/${language}.json`, 'utf8')) as Record<string, string>

/** Value names and tags of a message, each once: `amount`, `<b>`. */
function demands(text: string): string[] {
  const walk = (tokens: unknown): string[] =>
    Array.isArray(tokens)
      ? tokens.flatMap((token) => {
          if (!Array.isArray(token)) return [...String(token).matchAll(/<(\w+)\/?>/g)].map(([tag]) => tag)
          const [name, , choices] = token as [string, string?, Record<string, unknown>?]
          return [
            name,
            ...(typeof choices === 'object' && choices ? Object.values(choices).flatMap(walk) : []),
          ]
        })
      : []
  return [...new Set(walk(compileMessageOrThrow(text)))].sort()
}

it('finds the catalogues', () => expect(apps).toContain('ui'))

describe.each(apps)('web/%s', (app) => {
  const english = load(app, 'en')
  it.each(['id', 'zh'])('%s has the same ids and the same values as en', (language) => {
    const texts = load(app, language)
    expect(Object.keys(texts).sort()).toEqual(Object.keys(english).sort())
    const differing = Object.keys(english).filter(
      (id) => demands(texts[id]!).join() !== demands(english[id]!).join(),
    )
    expect(differing).toEqual([])
  })
  it.each(['en', 'id', 'zh'])('%s has no empty text', (language) => {
    expect(Object.entries(load(app, language)).filter(([, text]) => text.trim() === '')).toEqual([])
  })
  it('may say an id of web/ui in its own words, with the same values', () => {
    const shared = load('ui', 'en')
    const reworded = Object.keys(english).filter((id) => Object.hasOwn(shared, id))
    expect(reworded.filter((id) => demands(english[id]!).join() !== demands(shared[id]!).join())).toEqual([])
  })
})

describe('errors', () => {
  it.each(['en', 'id', 'zh'])('%s has words for every code, and no exclamation mark', (language) => {
    const texts = load('ui', language)
    const missing = Object.keys(errorCatalogue).filter(
      (code) => !texts[`error.${code}.title`] || !texts[`error.${code}.body`],
    )
    expect(missing).toEqual([])
    expect(Object.values(texts).filter((text) => /[!！]|oops|ups/i.test(text))).toEqual([])
  })
})

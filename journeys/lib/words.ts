// The product's own catalogues: journeys find controls by the words that people read, in each language.
// An id that is missing in a catalogue fails the journey.
import { readFileSync } from 'node:fs'

export type Language = 'en' | 'id' | 'zh'
export const languages: readonly Language[] = ['en', 'id', 'zh']
export const localeOf = { en: 'en', id: 'id-ID', zh: 'zh-CN' } as const satisfies Record<Language, string>
export type App = 'wallet' | 'console'

const catalogues = new Map<string, Record<string, string>>()

/** All texts of an app in a language: its own over those of web/ui. */
export function catalogue(app: App, language: Language): Record<string, string> {
  const key = `${app}/${language}`
  let texts = catalogues.get(key)
  if (!texts) {
    const read = (folder: string): Record<string, string> =>
      JSON.parse(
        readFileSync(new URL(`../../web/${folder}/locales/${language}.json`, import.meta.url), 'utf8'),
      )
    texts = { ...read('ui'), ...read(app) }
    catalogues.set(key, texts)
  }
  return texts
}

export type Words = (id: string, values?: Record<string, string | number>) => string

/** Texts by id; `{name}` is filled from `values`. Texts with plurals are for `pattern`. */
export function wordsOf(app: App, language: Language): Words {
  const texts = catalogue(app, language)
  return (id, values = {}) => {
    const text = texts[id]
    if (text === undefined) throw new Error(`${app} has no text ${id} in ${language}`)
    return text.replace(/\{(\w+)\}/g, (_whole, name: string) => {
      if (values[name] === undefined) throw new Error(`${id} needs a value for ${name}`)
      return String(values[name])
    })
  }
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** A pattern for a text whose values are not known beforehand: each stands for any words. */
export function pattern(app: App, language: Language, id: string): RegExp {
  const text = catalogue(app, language)[id]
  if (text === undefined) throw new Error(`${app} has no text ${id} in ${language}`)
  return new RegExp(
    text
      .split(/\{\w+\}/)
      .map(escaped)
      .join('.+'),
  )
}

/** Rupiah as every page writes them; the blank does not break. */
export const rupiah = (amount: number): string =>
  `Rp\u00a0${amount.toString().replace(/\B(?=(\d{3})+$)/g, '.')}`

// The language of the page: which one, where it is kept, and the catalogues that go with it.
// Texts are looked up by explicit ids; a page must never be shown before its catalogue is there.

import { setupI18n, type Messages } from '@lingui/core'
import { useSyncExternalStore } from 'react'

export type Language = 'en' | 'id' | 'zh'
export const languages: readonly Language[] = ['en', 'id', 'zh']

/** BCP 47 tag of each language: for `lang`, for plural rules and for numbers. */
export const localeOf = { en: 'en', id: 'id-ID', zh: 'zh-CN' } as const satisfies Record<Language, string>
/** The language of a contract's locale or any BCP 47 tag; English for one we do not speak. */
export const languageOf = (tag: string): Language => matchLanguage([tag]) ?? 'en'
/** Each language's own name, the same whatever language the page is in. */
export const languageNames: Record<Language, string> = { en: 'English', id: 'Bahasa Indonesia', zh: '中文' }

/** One lazily loaded chunk for each language: `{ en: () => import('./locales/en.json'), … }`. */
export type CatalogueLoaders = Record<Language, () => Promise<{ default: Record<string, unknown> }>>

export const i18n = setupI18n()
const storageKey = 'tuntas.language'
const listeners = new Set<() => void>()
let loaders: CatalogueLoaders[] = []
let current: Language = 'en'

/** The catalogue of web/ui itself: state words, error texts, component words. */
export const uiCatalogue: CatalogueLoaders = {
  en: () => import('./locales/en.json'),
  id: () => import('./locales/id.json'),
  zh: () => import('./locales/zh.json'),
}

/** The first language of a list of BCP 47 tags that we speak, or null. `in` and `ms` read Indonesian. */
export function matchLanguage(tags: readonly string[]): Language | null {
  for (const tag of tags) {
    const primary = tag.toLowerCase().split('-')[0]
    if (primary === 'in' || primary === 'ms') return 'id'
    const found = languages.find((language) => language === primary)
    if (found) return found
  }
  return null
}

function storedLanguage(): Language | null {
  try {
    return matchLanguage([localStorage.getItem(storageKey) ?? ''])
  } catch {
    return null
  }
}

/** The language that this visitor chose before, else what the browser asks for, else Indonesian. */
export function preferredLanguage(): Language {
  return (
    storedLanguage() ??
    matchLanguage(navigator.languages?.length ? navigator.languages : [navigator.language]) ??
    'id'
  )
}

async function show(language: Language): Promise<void> {
  const parts = await Promise.all(loaders.map((loader) => loader[language]()))
  i18n.load(localeOf[language], Object.assign({}, ...parts.map((part) => part.default)) as Messages)
  current = language
  i18n.activate(localeOf[language])
  document.documentElement.lang = localeOf[language]
  for (const listener of listeners) listener()
}

/**
 * Loads the catalogues and sets `<html lang>`. Call and await it once before the first render.
 * `catalogues` are the app's own; web/ui's are always there. Rejects when a chunk cannot be loaded.
 */
export async function startLanguage(
  catalogues: CatalogueLoaders[],
  language = preferredLanguage(),
): Promise<void> {
  loaders = [uiCatalogue, ...catalogues]
  await show(language)
}

const added = new Map<CatalogueLoaders, Promise<void>>()

/**
 * Loads one more catalogue, for pages that are loaded later; its texts stay, and follow a change of language.
 * The same catalogue is loaded once. Rejects when its chunk cannot be loaded; the next call tries again.
 */
export function addCatalogue(catalogue: CatalogueLoaders): Promise<void> {
  const load = async (): Promise<void> => {
    loaders = [...loaders, catalogue]
    // The language may change meanwhile: what counts is that the one shown in the end has its texts.
    for (let language: Language | null = null; language !== current;) {
      language = current
      i18n.load(localeOf[language], (await catalogue[language]()).default as Messages)
    }
  }
  let loading = added.get(catalogue)
  if (!loading) {
    loading = load().catch((error: unknown) => {
      loaders = loaders.filter((loader) => loader !== catalogue)
      added.delete(catalogue)
      throw error
    })
    added.set(catalogue, loading)
  }
  return loading
}

/** Changes the language, remembers the choice, and re-renders everything that uses `useLanguage`. */
export async function setLanguage(language: Language): Promise<void> {
  await show(language)
  try {
    localStorage.setItem(storageKey, language)
  } catch {
    // Private windows may forbid storage; the choice then lasts as long as the page.
  }
}

/** The language now. In a component use `useLanguage`, so that it re-renders on a change. */
export const currentLanguage = (): Language => current

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The language now, as state. The root component of an app must call it. */
export const useLanguage = (): Language => useSyncExternalStore(subscribe, currentLanguage, currentLanguage)

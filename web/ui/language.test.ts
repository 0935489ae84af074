// Texts that come with a later page: loaded once, in the language shown, and again in another one after a change.
import { beforeEach, expect, it, vi } from 'vitest'
import { addCatalogue, setLanguage, startLanguage, type CatalogueLoaders } from './language.ts'
import { hasText, translator } from './i18n.ts'

const t = translator<'later.hello'>()
const loaders = (load: (language: string) => Promise<string>): CatalogueLoaders => {
  const one = (language: string) => async () => ({ default: { 'later.hello': [await load(language)] } })
  return { en: one('en'), id: one('id'), zh: one('zh') }
}

beforeEach(async () => {
  vi.stubGlobal('document', { documentElement: {} })
  await startLanguage([], 'en')
})

it('are there when the page is shown, and follow the language', async () => {
  const load = vi.fn(async (language: string) => `hello in ${language}`)
  const catalogue = loaders(load)
  await Promise.all([addCatalogue(catalogue), addCatalogue(catalogue)])
  expect(load).toHaveBeenCalledTimes(1)
  expect(t('later.hello')).toBe('hello in en')
  await setLanguage('zh')
  expect(t('later.hello')).toBe('hello in zh')
})

it('that could not be loaded are tried again, and do not stop a change of language meanwhile', async () => {
  let broken = true
  const catalogue = loaders(async (language) => {
    if (broken) throw new Error('no connection')
    return `again in ${language}`
  })
  await expect(addCatalogue(catalogue)).rejects.toThrow('no connection')
  await setLanguage('id')
  expect(hasText('later.hello')).toBe(false)
  broken = false
  await addCatalogue(catalogue)
  expect(t('later.hello')).toBe('again in id')
})

it('come in the language that is shown in the end, when it changes while they load', async () => {
  let finish = (): void => {}
  const first = new Promise<void>((resolve) => (finish = resolve))
  const catalogue = loaders(async (language) => {
    if (language === 'en') await first
    return `last in ${language}`
  })
  const adding = addCatalogue(catalogue)
  const changing = setLanguage('zh')
  finish()
  await Promise.all([adding, changing])
  expect(t('later.hello')).toBe('last in zh')
})

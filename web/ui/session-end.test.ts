// The reason for a new sign-in reads as a sentence in each language, and is not made up when the server told none.
import { beforeEach, expect, it, vi } from 'vitest'
import { languages, startLanguage, uiCatalogue } from './language.ts'
import { sessionEndText } from './session-end.ts'

beforeEach(() => vi.stubGlobal('document', { documentElement: {} }))

it.each([
  ['en', 'You were signed out after 12 hours without use.', '30 minutes', '30 days'],
  ['id', 'Anda keluar otomatis setelah 12 jam tidak aktif.', '30 menit', '30 hari'],
  ['zh', '您已有12小时没有操作，已自动退出。', '30分钟', '30天'],
] as const)('%s says how long', async (language, sentence, minutes, days) => {
  await startLanguage([uiCatalogue], language)
  expect(sessionEndText({ end: 'unused', afterMinutes: 720 }, language)).toBe(sentence)
  expect(sessionEndText({ end: 'unused', afterMinutes: 30 }, language)).toContain(minutes)
  expect(sessionEndText({ end: 'age', afterMinutes: 30 * 1440 }, language)).toContain(days)
})

it.each(languages)('%s says that it was ended elsewhere, and nothing without a reason', async (language) => {
  await startLanguage([uiCatalogue], language)
  expect(sessionEndText({ end: 'elsewhere' }, language)).toMatch(/\S/)
  expect(sessionEndText({ end: 'elsewhere' }, language)).not.toContain('session.end')
  for (const values of [undefined, {}, { end: 'unused' }, { end: 'other', afterMinutes: 1 }])
    expect(sessionEndText(values, language)).toBeUndefined()
})

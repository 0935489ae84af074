import { expect, test } from 'vitest'
import { locales } from '#contract/schema.ts'
import { render, templateNames } from './templates.ts'

const values = {
  code: '482913',
  minutes: '5',
  signInUrl: 'https://tuntas.example/sign-in',
  amount: 'Rp189.000',
  shop: 'Batik-Seruni',
  day: '24-November',
  party: 'Batik-Seruni',
  bank: 'Bank-Melati',
  reference: 'TN-7Q2M-93TD',
  case: 'C-20418',
  chatUrl: 'http://localhost:7100/help/chat/019aa0e2-6a41-7c55-9f0e-3d7a5b2c1e44',
}

test.each(templateNames.flatMap((name) => locales.map((locale) => [name, locale] as const)))(
  '%s in %s is whole: its values are filled in, its subject holds no secret, its text begins with who speaks',
  (name, locale) => {
    const { subject, text } = render(name, locale, values)
    expect(text).toMatch(/^Tuntas[:：]/)
    expect(subject + text).not.toMatch(/[{}]|undefined/)
    expect(subject).not.toContain(values.code)
    expect(subject).not.toBe('')
    // Plain and short: at most three SMS of 153 characters, or of 67 outside GSM 7-bit.
    expect(text.length).toBeLessThanOrEqual(locale === 'zh-CN' ? 3 * 67 : 3 * 153)
    expect(text).not.toMatch(/[!！]/)
  },
)

test.each(templateNames)('%s carries the same values in every language', (name) => {
  const found = locales.map((locale) => {
    const { text } = render(name, locale, values)
    return Object.entries(values)
      .filter(([, value]) => text.split(/[^\w:/.-]+/u).some((word) => word.replace(/\.$/, '') === value))
      .map(([key]) => key)
  })
  expect(found).toEqual([found[0], found[0], found[0]])
})

test('half a message is never made', () => {
  expect(() => render('sign_up_code', 'en', { code: '482913' })).toThrow('minutes')
})

test('a value cannot bring in another value', () => {
  expect(render('sign_up_code', 'en', { code: '{minutes}', minutes: '5' }).text).toContain(
    '{minutes} is your code',
  )
})

import { describe, expect, it } from 'vitest'
import { formatMoney, formatMoneyRounded, moneyInWords, signOf, type Sign } from './money.ts'
import type { Language } from '../language.ts'

const idr = (amountMinor: bigint | string) => ({ amountMinor, currency: 'IDR' })
const sgd = (amountMinor: bigint | string) => ({ amountMinor, currency: 'SGD' })
const every: Language[] = ['en', 'id', 'zh']

describe('rupiah', () => {
  it.each<[bigint | string, Sign, string]>([
    ['12500000', 'auto', 'Rp\u00a0125.000'],
    [12500000n, 'auto', 'Rp\u00a0125.000'],
    [0n, 'auto', 'Rp\u00a00'],
    [100n, 'auto', 'Rp\u00a01'],
    [-4200000n, 'auto', '\u2212Rp\u00a042.000'],
    [4200000n, 'out', '\u2212Rp\u00a042.000'],
    [-4200000n, 'none', 'Rp\u00a042.000'],
    [25000000n, 'in', '+Rp\u00a0250.000'],
    [0n, 'in', 'Rp\u00a00'],
    [9223372036854775807n, 'auto', 'Rp\u00a092.233.720.368.547.758,07'],
    [50n, 'auto', 'Rp\u00a00,50'],
    [-5n, 'auto', '\u2212Rp\u00a00,05'],
  ])('%s with sign %s is %s in every language', (amountMinor, sign, text) => {
    for (const language of every) expect(formatMoney(idr(amountMinor), { sign, language })).toBe(text)
  })

  it.each<[bigint, Sign, Language, string]>([
    [12500000n, 'auto', 'en', '125,000 rupiah'],
    [12500000n, 'auto', 'id', '125.000 rupiah'],
    [12500000n, 'auto', 'zh', '125,000 印尼盾'],
    [-4200000n, 'auto', 'en', 'minus 42,000 rupiah'],
    [-4200000n, 'auto', 'zh', '负42,000 印尼盾'],
    [25000000n, 'in', 'id', 'tambah 250.000 rupiah'],
  ])('%s with sign %s is read in %s as %s', (amountMinor, sign, language, words) => {
    expect(moneyInWords(idr(amountMinor), { sign, language })).toBe(words)
  })
})

describe('other currencies', () => {
  it.each<[bigint, string, Language, string]>([
    [4820n, 'SGD', 'en', 'SGD\u00a048.20'],
    [4820n, 'SGD', 'id', 'SGD\u00a048,20'],
    [123456789n, 'USD', 'id', 'USD\u00a01.234.567,89'],
    [1500n, 'JPY', 'zh', 'JPY\u00a01,500'],
    [-5n, 'SGD', 'en', '\u2212SGD\u00a00.05'],
  ])('%s %s in %s is %s', (amountMinor, currency, language, text) => {
    expect(formatMoney({ amountMinor, currency }, { language })).toBe(text)
  })

  it('names the currency for screen readers', () => {
    expect(moneyInWords(sgd(4820n), { language: 'en' })).toBe('48.20 Singapore Dollar')
  })

  it('refuses a currency whose exponent is not known', () => {
    expect(() => formatMoney({ amountMinor: 1n, currency: 'XXX' }, { language: 'en' })).toThrow('XXX')
  })
})

describe('rounded, for reports', () => {
  it.each<[bigint, Language, string]>([
    [4180000000n, 'en', 'Rp\u00a041.8\u00a0m'],
    [4180000000n, 'id', 'Rp\u00a041,8\u00a0juta'],
    [4180000000n, 'zh', 'Rp\u00a04180万'],
    [110000000000n, 'en', 'Rp\u00a01.1\u00a0bn'],
    [90000n, 'en', 'Rp\u00a0900'],
    [-4180000000n, 'en', '\u2212Rp\u00a041.8\u00a0m'],
  ])('%s in %s is %s', (amountMinor, language, text) => {
    expect(formatMoneyRounded(idr(amountMinor), language)).toBe(text)
  })
})

it('a sign is a real minus, and nothing for zero', () => {
  expect(signOf(idr(-1n))).toBe('\u2212')
  expect(signOf(idr(0n), 'out')).toBe('')
})

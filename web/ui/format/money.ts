// Amounts as text. Rupiah look the Indonesian way in every language, so that customer, agent
// and receipt say one string. An amount is never rounded here, except where the name says so.

import { currencies, isCurrency } from '../../../contract/money.ts'
import { currentLanguage, localeOf, type Language } from '../language.ts'

/** The contract's money, or the same with a bigint: Rp 125.000 is `{ amountMinor: 12500000n, currency: 'IDR' }`. */
export type MoneyValue = { amountMinor: bigint | string; currency: string }
/** `in` and `out` force the sign for a direction; `none` hides it; `auto` shows a minus on negatives only. */
export type Sign = 'auto' | 'in' | 'out' | 'none'
export type MoneyOptions = { sign?: Sign; language?: Language }

const nbsp = '\u00a0'
const minus = '\u2212'

type Parts = { negative: boolean; units: bigint; fraction: string }

function split({ amountMinor, currency }: MoneyValue): Parts {
  // A guessed exponent would show a wrong amount.
  if (!isCurrency(currency)) throw new Error(`Unknown currency ${currency}`)
  const amount = BigInt(amountMinor)
  const { exponent } = currencies[currency]
  const digits = (amount < 0n ? -amount : amount).toString().padStart(exponent + 1, '0')
  return {
    negative: amount < 0n,
    units: BigInt(digits.slice(0, digits.length - exponent)),
    fraction: exponent ? digits.slice(-exponent) : '',
  }
}

/** The sign that stands before the amount: a real minus, a plus, or nothing. */
export function signOf({ amountMinor }: MoneyValue, sign: Sign = 'auto'): '' | '+' | typeof minus {
  const amount = BigInt(amountMinor)
  if (sign === 'none' || amount === 0n) return ''
  if (sign === 'in') return '+'
  if (sign === 'out') return minus
  return amount < 0n ? minus : ''
}

function digitsOf({ units, fraction }: Parts, currency: string, language: Language): string {
  const locale = currency === 'IDR' ? 'id-ID' : localeOf[language]
  const whole = new Intl.NumberFormat(locale).format(units)
  // Sen do not circulate; they are shown only when an amount really has some, never hidden.
  if (!fraction || (currency === 'IDR' && /^0+$/.test(fraction))) return whole
  const decimal =
    new Intl.NumberFormat(locale).formatToParts(0.5).find((part) => part.type === 'decimal')?.value ?? '.'
  return `${whole}${decimal}${fraction}`
}

/** "Rp 125.000", "−Rp 42.000", "SGD 48.20". Throws on an unknown currency. */
export function formatMoney(
  money: MoneyValue,
  { sign = 'auto', language = currentLanguage() }: MoneyOptions = {},
): string {
  const symbol = money.currency === 'IDR' ? 'Rp' : money.currency
  return `${signOf(money, sign)}${symbol}${nbsp}${digitsOf(split(money), money.currency, language)}`
}

const words: Record<Language, { minus: string; plus: string; rupiah: string }> = {
  en: { minus: 'minus ', plus: 'plus ', rupiah: 'rupiah' },
  id: { minus: 'minus ', plus: 'tambah ', rupiah: 'rupiah' },
  zh: { minus: '负', plus: '加', rupiah: '印尼盾' },
}

/** What a screen reader says: "minus 42,000 rupiah", grouped in the reader's own way. */
export function moneyInWords(
  money: MoneyValue,
  { sign = 'auto', language = currentLanguage() }: MoneyOptions = {},
): string {
  const { currency } = money
  const parts = split(money)
  const fraction = currency === 'IDR' && /^0+$/.test(parts.fraction) ? '' : parts.fraction
  const number = new Intl.NumberFormat(localeOf[language], { minimumFractionDigits: fraction.length }).format(
    `${parts.units}${fraction && `.${fraction}`}` as Intl.StringNumericLiteral,
  )
  const shown = signOf(money, sign)
  const before = shown === minus ? words[language].minus : shown ? words[language].plus : ''
  const name =
    currency === 'IDR'
      ? words[language].rupiah
      : (new Intl.DisplayNames(localeOf[language], { type: 'currency' }).of(currency) ?? currency)
  return `${before}${number} ${name}`
}

const steps: Record<Language, [bigint, string][]> = {
  en: [
    [1_000_000_000_000n, `${nbsp}tn`],
    [1_000_000_000n, `${nbsp}bn`],
    [1_000_000n, `${nbsp}m`],
    [1_000n, `${nbsp}k`],
  ],
  id: [
    [1_000_000_000_000n, `${nbsp}triliun`],
    [1_000_000_000n, `${nbsp}miliar`],
    [1_000_000n, `${nbsp}juta`],
    [1_000n, `${nbsp}ribu`],
  ],
  zh: [
    [100_000_000n, '亿'],
    [10_000n, '万'],
  ],
}

/** "Rp 41.8 m", "Rp 41,8 juta", "Rp 4180万": only for reports and the wall, never for somebody's own money. */
export function formatMoneyRounded(money: MoneyValue, language = currentLanguage()): string {
  const { units, negative } = split(money)
  const symbol = money.currency === 'IDR' ? 'Rp' : money.currency
  const [size, name] = steps[language].find(([step]) => units >= step) ?? [1n, '']
  const tenths = (units * 10n + size / 2n) / size
  const number = new Intl.NumberFormat(localeOf[language], {
    maximumFractionDigits: tenths >= 1000n ? 0 : 1,
    useGrouping: false,
  }).format(`${tenths / 10n}.${tenths % 10n}` as Intl.StringNumericLiteral)
  return `${negative ? minus : ''}${symbol}${nbsp}${number}${name}`
}

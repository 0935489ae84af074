// Money as it travels: whole minor units and an ISO 4217 currency. Browser-safe.
// Never a float, never a rounded value; exponents are fixed by docs/adr/0001.

export const currencies = {
  IDR: { exponent: 2 },
  SGD: { exponent: 2 },
  MYR: { exponent: 2 },
  CNY: { exponent: 2 },
  USD: { exponent: 2 },
  JPY: { exponent: 0 },
} as const

export type Currency = keyof typeof currencies

/** Money in JSON: `amountMinor` is a whole decimal string, e.g. Rp 1 is `{ amountMinor: "100", currency: "IDR" }`. */
export interface Money {
  amountMinor: string
  currency: Currency
}

export const maximumAmountMinor = 9_223_372_036_854_775_807n

export function isCurrency(value: string): value is Currency {
  return Object.hasOwn(currencies, value)
}

/** Whole minor units from their JSON string; `undefined` when it is not a canonical non-negative whole number within int8. */
export function parseAmountMinor(text: unknown): bigint | undefined {
  if (typeof text !== 'string' || !/^(0|[1-9][0-9]{0,18})$/.test(text)) return undefined
  const amountMinor = BigInt(text)
  return amountMinor <= maximumAmountMinor ? amountMinor : undefined
}

/** Minor units of one major unit: 100n for IDR, 1n for JPY. */
export function minorPerMajor(currency: Currency): bigint {
  return 10n ** BigInt(currencies[currency].exponent)
}

export function money(amountMinor: bigint, currency: Currency): Money {
  return { amountMinor: amountMinor.toString(), currency }
}

/**
 * A decimal amount such as `"12500.00"` (the form of SNAP and of bank files) in minor units.
 * `undefined` when it has more decimals than the currency, a sign, an exponent or anything else.
 */
export function parseDecimalAmount(text: unknown, currency: Currency): bigint | undefined {
  if (typeof text !== 'string') return undefined
  const match = /^([0-9]{1,16})(?:\.([0-9]{1,4}))?$/.exec(text)
  if (!match) return undefined
  const exponent = currencies[currency].exponent
  const fraction = (match[2] ?? '').padEnd(exponent, '0')
  if (fraction.length > exponent && /[1-9]/.test(fraction.slice(exponent))) return undefined
  const amountMinor = BigInt(match[1] + fraction.slice(0, exponent))
  return amountMinor <= maximumAmountMinor ? amountMinor : undefined
}

/** The decimal form of minor units, always with the currency's full decimals: 1250000n IDR is `"12500.00"`. */
export function toDecimalAmount(amountMinor: bigint, currency: Currency): string {
  const exponent = currencies[currency].exponent
  const sign = amountMinor < 0n ? '-' : ''
  const digits = (amountMinor < 0n ? -amountMinor : amountMinor).toString().padStart(exponent + 1, '0')
  if (exponent === 0) return sign + digits
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`
}

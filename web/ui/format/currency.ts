// How many decimal digits a currency's smallest unit stands for (ISO 4217). IDR has 2: Rp 1 = 100.

const exponents: Record<string, number> = {
  IDR: 2,
  SGD: 2,
  USD: 2,
  EUR: 2,
  MYR: 2,
  CNY: 2,
  JPY: 0,
  KRW: 0,
  VND: 0,
  KWD: 3,
}

/** Throws for a currency we do not know: a guessed exponent would show a wrong amount. */
export function exponentOf(currency: string): number {
  const exponent = exponents[currency]
  if (exponent === undefined) throw new Error(`Unknown currency ${currency}`)
  return exponent
}

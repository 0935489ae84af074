// Virtual account numbers: the bank's four digits, eleven that look unrelated from one customer to the next, a check digit.
// A mistyped digit or two swapped neighbours do not lead to another customer (except 09 and 90, as Luhn's are).

const running = 11n
const space = 10n ** running
// Odd and no multiple of 5, so that multiplying is a bijection on eleven digits.
const multiplier = 38_196_601_127n
const shift = 27_182_818_284n

/** Luhn's check digit (ISO/IEC 7812) for these digits. */
export function checkDigit(digits: string): string {
  let sum = 0
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place])
    const doubled = place % 2 === 0 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return String((10 - (sum % 10)) % 10)
}

/** The virtual account of a running number (1 to 10^11 − 1): 16 digits. */
export function virtualAccountNumberOf(serviceId: string, number: bigint): string {
  if (number < 0n || number >= space) throw new RangeError('a virtual account numbers 0 to 10^11 - 1')
  const scrambled = (number * multiplier + shift) % space
  const digits = serviceId + scrambled.toString().padStart(Number(running), '0')
  return digits + checkDigit(digits)
}

/** True when the number could be one of ours: length, beginning and check digit. */
export function isVirtualAccountNumber(serviceId: string, text: string): boolean {
  return (
    /^[0-9]{16}$/.test(text) && text.startsWith(serviceId) && checkDigit(text.slice(0, -1)) === text.slice(-1)
  )
}

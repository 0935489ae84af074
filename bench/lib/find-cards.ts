// Card numbers as people type them, found without the product's own rules: the witness must not be the accused.

/** Each as it was typed: 13 to 19 digits with blanks or dashes between, half or full width, whose check digit (ISO/IEC 7812) fits; no telephone numbers. */
export function findCardNumbers(text: string): string[] {
  return [...text.matchAll(/(?<![+＋0-9０-９-])[0-9０-９](?:[ -]?[0-9０-９]){12,18}/g)]
    .map((match) => match[0])
    .filter((typed) => hasCheckDigit(digitsOf(typed)))
}

const digitsOf = (typed: string) =>
  [...typed]
    .filter((letter) => letter !== ' ' && letter !== '-')
    .map((letter) => Number(String.fromCharCode((letter.charCodeAt(0) & 0x0f) | 0x30)))

function hasCheckDigit(digits: readonly number[]): boolean {
  const sum = digits.toReversed().reduce((total, digit, place) => {
    const weighed = place % 2 === 1 ? digit * 2 : digit
    return total + (weighed > 9 ? weighed - 9 : weighed)
  }, 0)
  return sum % 10 === 0 && digits.some((digit) => digit !== 0)
}

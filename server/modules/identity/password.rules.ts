// Which passwords are taken: NIST SP 800-63B. Eight characters or more, no rules of composition, no expiry;
// refused when it is among the common ones, or the customer's own contact or name, or one thing repeated.
import { commonPasswords } from './common-passwords.ts'

export const minimumPasswordLength = 8

/** Why a password is refused: `values.why` of password_weak. */
export type PasswordWeakness = 'too_short' | 'common' | 'pattern' | 'own'

/** Undefined when the password is taken. `own` holds the customer's contact and name. */
export function weaknessOf(password: string, own: readonly string[]): PasswordWeakness | undefined {
  const plain = password.normalize('NFKC')
  if ([...plain].length < minimumPasswordLength) return 'too_short'
  const folded = fold(plain)
  if (isRepetition(plain) || isRun(plain)) return 'pattern'
  if (commonPasswords.has(plain.toLowerCase()) || commonPasswords.has(unleet(folded))) return 'common'
  return own.some((part) => isOwnNumber(folded, part) || isOwnWord(folded, part)) ? 'own' : undefined
}

/** Letters and digits only, lower case: what a password is when its decoration is taken away. */
function fold(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
}

const stripDigits = (text: string) => text.replace(/^\d+|\d+$/g, '')

/** The usual disguises: p4ssw0rd is password, and a few digits at the end make no other word. */
function unleet(folded: string): string {
  const letters: Record<string, string> = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't' }
  const stem = folded.replace(/\d{1,4}$/, '')
  return stem.replace(/[013457]/g, (digit) => letters[digit]!)
}

/** The phone number, with or without its country code or the 0 before it. */
function isOwnNumber(folded: string, own: string): boolean {
  return /^\d+$/.test(folded) && own.replace(/\D/g, '').endsWith(folded.replace(/^0/, ''))
}

/** The whole, or one of its words, with or without digits around it. */
function isOwnWord(folded: string, own: string): boolean {
  return [fold(own), ...own.split(/[\s@]+/).map(fold)].some(
    (word) => word.length >= 4 && (folded === word || stripDigits(folded) === word),
  )
}

function isRepetition(text: string): boolean {
  return /^(.{1,4})\1+$/su.test(text)
}

function isRun(text: string): boolean {
  const points = [...text].map((character) => character.codePointAt(0)!)
  const step = points[1]! - points[0]!
  const isNext = (point: number, place: number) => place === 0 || point - (points[place - 1] ?? 0) === step
  return Math.abs(step) === 1 && points.every(isNext)
}

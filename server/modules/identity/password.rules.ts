// Which passwords are taken: NIST SP 800-63B. Eight characters or more, no rules of composition, no expiry;
// refused when it is among the common ones, or the customer's own contact or name, or one thing repeated.
import { commonPasswords } from './common-passwords.ts'

export const minimumPasswordLength = 8

/** True when the password is refused. `own` holds the customer's contact and name. */
export function isWeakPassword(password: string, own: readonly string[]): boolean {
  const plain = password.normalize('NFKC')
  if ([...plain].length < minimumPasswordLength) return true
  const folded = fold(plain)
  if (commonPasswords.has(plain.toLowerCase()) || commonPasswords.has(unleet(folded))) return true
  if (isRepetition(plain) || isRun(plain)) return true
  return own
    .flatMap(spellings)
    .some((part) => part.length >= 4 && (folded === part || stripDigits(folded) === part))
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

function spellings(own: string): string[] {
  const words = own.split(/[\s@]+/).map(fold)
  const digits = own.replace(/\D/g, '')
  return [fold(own), ...words, ...(digits.length >= 6 ? [digits, digits.replace(/^62/, '0')] : [])]
}

function isRepetition(text: string): boolean {
  return /^(.{1,4})\1+$/su.test(text)
}

function isRun(text: string): boolean {
  const points = [...text].map((character) => character.codePointAt(0)!)
  const step = points[1]! - points[0]!
  return (
    Math.abs(step) === 1 && points.every((point, place) => place === 0 || point - points[place - 1]! === step)
  )
}

// References, fingerprints, masked data and counts as text.

import { currentLanguage, localeOf, type Language } from '../language.ts'

/** Counts in the reader's way: 13,346 and 13.346. */
export function formatCount(count: number | bigint, language: Language = currentLanguage()): string {
  return new Intl.NumberFormat(localeOf[language]).format(count)
}

/** "9f2c 71ab … 52c7": groups of four, the middle left out when it is longer than four groups. */
export function formatFingerprint(hash: string): string {
  const groups = hash.match(/.{1,4}/g) ?? []
  return groups.length > 4 ? `${groups.slice(0, 2).join(' ')} … ${groups.at(-1)}` : groups.join(' ')
}

/** "TN7Q2M93TD" and "tn-7q2m-93td" become "TN-7Q2M-93TD"; anything that is no reference stays as it is. */
export function formatReference(text: string): string {
  const compact = text.toUpperCase().replace(/[\s-]/g, '')
  return /^[A-Z]{2}[0-9A-Z]{8}$/.test(compact)
    ? `${compact.slice(0, 2)}-${compact.slice(2, 6)}-${compact.slice(6)}`
    : text
}

/** Spells a reference for screen readers, letter by letter: "T N 7 Q 2 M 9 3 T D". */
export const spellReference = (reference: string): string => [...reference.replace(/-/g, '')].join(' ')

const dots = '••••'

/** "+62 812 •••• 4417": country, the first digits and the last four stay. */
export function maskPhone(phone: string): string {
  const digits = phone.replace(/\D/g, '')
  if (digits.length < 9) return dots
  return `+${digits.slice(0, 2)} ${digits.slice(2, 5)} ${dots} ${digits.slice(-4)}`
}

/** "m•••••@•••.id": the first letter and the last part of the address stay. */
export function maskEmail(email: string): string {
  const [name = '', host = ''] = email.split('@')
  return `${name.slice(0, 1)}•••••@•••.${host.split('.').at(-1)}`
}

/** "•••• •••• 3171": the last four stay. */
export const maskNumber = (number: string): string => `${dots} ${dots} ${number.replace(/\W/g, '').slice(-4)}`

/** Digits in groups of four, for account numbers: "8808 1234 5678". */
export const groupDigits = (digits: string): string =>
  digits.replace(/\s/g, '').replace(/(.{4})(?=.)/g, '$1 ')

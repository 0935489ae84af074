// A contact as typed becomes one form (E.164, or a lower-case address) or none; and how it is shown to others.
// Two spellings of one contact must never make two accounts.
import { parsePhoneNumberFromString } from 'libphonenumber-js/mobile'

export interface Contact {
  channel: 'sms' | 'email'
  /** E.164 for `sms`, lower case for `email`. */
  address: string
  /** ISO 3166 country of a phone number. */
  country?: string | undefined
}

/** Where the wallet is offered; text messages go nowhere else, or pumping them to dear numbers would pay somebody. */
export const supportedCountries: ReadonlySet<string> = new Set(['ID', 'SG', 'MY', 'CN', 'JP', 'US'])

const emailPattern =
  /^[^\s@<>",;:()[\]\\]{1,64}@(?=.{4,255}$)([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/

/** Reads a mobile number (Indonesia's without a country code) or an e-mail address; undefined when it is neither. */
export function parseContact(typed: string): Contact | undefined {
  const text = typed.trim()
  if (text.includes('@')) {
    const address = text.normalize('NFKC').toLowerCase()
    return address.length <= 254 && emailPattern.test(address) ? { channel: 'email', address } : undefined
  }
  const phone = parsePhoneNumberFromString(text, { defaultCountry: 'ID', extract: false })
  if (!phone?.isValid() || phone.ext) return undefined
  return { channel: 'sms', address: phone.number, country: phone.country }
}

/** +62 812 •••• 4417: what its owner recognises, dots for the rest. */
export function maskPhone(phone: string): string {
  const parsed = parsePhoneNumberFromString(phone)
  const code = parsed?.countryCallingCode ?? phone.slice(1, 3)
  const national = parsed?.nationalNumber ?? phone.slice(3)
  return `+${code} ${national.slice(0, Math.min(3, Math.max(0, national.length - 6)))} •••• ${national.slice(-4)}`
}

/** m•••••@•••.id */
export function maskEmail(email: string): string {
  return `${[...email][0]}•••••@•••${email.slice(email.lastIndexOf('.'))}`
}

export function maskContact(contact: Pick<Contact, 'channel' | 'address'>): string {
  return contact.channel === 'sms' ? maskPhone(contact.address) : maskEmail(contact.address)
}

// Control, zero-width and direction characters: a name must look like what it is.
const unseen = /[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu

/** A display name in one form; undefined when nothing is left to see. */
export function cleanName(typed: string): string | undefined {
  const name = typed.normalize('NFC').replace(unseen, ' ').replace(/\s+/g, ' ').trim()
  return name === '' ? undefined : name
}

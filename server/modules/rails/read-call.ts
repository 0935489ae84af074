// What stands in a bank's call, field by field: each fault is answered with SNAP's own code and the field's name.
import { parseDecimalAmount, type Currency } from '#contract/money.ts'
import { SnapRefusal, type AccountAddress } from './snap.ts'
import { readStamp } from './signature.ts'

export type Fields = Record<string, unknown>

export function readJson(body: string): Fields {
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    throw new SnapRefusal('bad_request')
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new SnapRefusal('bad_request')
  return parsed as Fields
}

/** A mandatory text. `format` refuses what does not look like it. */
export function readText(fields: Fields, name: string, maximumLength: number, format?: RegExp): string {
  const value = fields[name]
  if (value === undefined || value === null || value === '') throw new SnapRefusal('missing_field', name)
  if (typeof value !== 'string' || value.length > maximumLength || value.includes('\u0000'))
    throw new SnapRefusal('invalid_format', name)
  if (format && !format.test(value)) throw new SnapRefusal('invalid_format', name)
  return value
}

export function readOptionalText(fields: Fields, name: string, maximumLength: number): string | undefined {
  return fields[name] === undefined || fields[name] === null || fields[name] === ''
    ? undefined
    : readText(fields, name, maximumLength)
}

/** The three fields that name a virtual account; they must agree. The number comes without SNAP's filling spaces. */
export function readAddress(fields: Fields): AccountAddress & { virtualAccountNumber: string } {
  const partnerServiceId = readText(fields, 'partnerServiceId', 8, /^ *[0-9]+$/)
  const customerNo = readText(fields, 'customerNo', 20, /^[0-9]+$/)
  const virtualAccountNo = readText(fields, 'virtualAccountNo', 28, /^ *[0-9]+$/)
  const virtualAccountNumber = virtualAccountNo.trim()
  if (virtualAccountNumber !== partnerServiceId.trim() + customerNo)
    throw new SnapRefusal('invalid_format', 'virtualAccountNo')
  return { partnerServiceId, customerNo, virtualAccountNo, virtualAccountNumber }
}

/** `{ value: "250000.00", currency: "IDR" }` in minor units; above zero. */
export function readAmount(fields: Fields, name: string): { amountMinor: bigint; currency: Currency } {
  const value = fields[name]
  if (value === undefined || value === null) throw new SnapRefusal('missing_field', name)
  if (typeof value !== 'object' || Array.isArray(value)) throw new SnapRefusal('invalid_format', name)
  const amount = value as Fields
  if (amount['currency'] !== 'IDR') throw new SnapRefusal('invalid_format', `${name}.currency`)
  const amountMinor = parseDecimalAmount(amount['value'], 'IDR')
  if (amountMinor === undefined) throw new SnapRefusal('invalid_format', `${name}.value`)
  if (amountMinor === 0n) throw new SnapRefusal('invalid_amount')
  return { amountMinor, currency: 'IDR' }
}

export function readOptionalTime(fields: Fields, name: string): Date | undefined {
  const text = readOptionalText(fields, name, 35)
  if (text === undefined) return undefined
  const time = readStamp(text)
  if (!time) throw new SnapRefusal('invalid_format', name)
  return time
}

/**
 * Where the money came from: SNAP's `sourceBankCode`, with account and name among the additional information. It is told by few
 * banks and never needed to take the money in, so whatever is not whole and in form counts as not told.
 */
export function readSender(
  fields: Fields,
): { bankCode: string; accountNumber: string; accountName: string } | undefined {
  const more = fields['additionalInfo']
  const { sourceAccountNo, sourceAccountName } = (
    typeof more === 'object' && more !== null && !Array.isArray(more) ? more : {}
  ) as Fields
  const bankCode = fields['sourceBankCode']
  const isText = (value: unknown, format: RegExp): value is string =>
    typeof value === 'string' && format.test(value)
  if (!isText(bankCode, /^[0-9]{3,8}$/) || !isText(sourceAccountNo, /^[0-9]{5,34}$/)) return undefined
  if (!isText(sourceAccountName, /^[^\p{Cc}]{1,100}$/u) || sourceAccountName.trim() === '') return undefined
  return { bankCode, accountNumber: sourceAccountNo, accountName: sourceAccountName }
}

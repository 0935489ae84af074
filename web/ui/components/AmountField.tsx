// An amount in whole rupiah, grouped as it is typed. The value is minor units; sen cannot be typed.

import { useLayoutEffect, useRef } from 'react'
import { minorPerMajor } from '../../../contract/money.ts'
import { Field, type FieldWords } from './Field.tsx'

const perRupiah = minorPerMajor('IDR')
/** Rp 9.999.999.999.999: more than any limit, less than what int8 holds. */
const longest = 13

/** Rupiah digits with the Indonesian points: "125000" → "125.000". */
export const groupRupiah = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, '.')

/** The one stretch in which two texts differ: what `now` has there, and whether `before` had something there. */
function replacedIn(before: string, now: string): { put: string; removed: boolean } {
  const shorter = Math.min(before.length, now.length)
  let start = 0
  while (start < shorter && before[start] === now[start]) start++
  let end = 0
  while (end < shorter - start && before.at(-1 - end) === now.at(-1 - end)) end++
  return { put: now.slice(start, now.length - end), removed: before.length - end > start }
}

/**
 * The rupiah digits of what stands in the field. An amount that came in whole (pasted, filled in) is read as written: one or
 * two digits behind its last mark are sen and are cut. While somebody types, every mark is one that the field itself set:
 * "1.000" with its last digit deleted is a hundred.
 */
export function rupiahDigits(before: string, now: string): string {
  const { put, removed } = replacedIn(before, now)
  const cameWhole = /[.,]/.test(put) && (put.length > 1 || removed)
  const whole = cameWhole ? now.replace(/(\d)[.,]\d{1,2}\D*$/, '$1') : now
  return whole
    .replace(/\D/g, '')
    .replace(/^0+(?=\d)/, '')
    .slice(0, longest)
}

/** Where the caret stands after grouping, so that `digitsAfter` digits stay behind it. */
export function caretAfterGrouping(grouped: string, digitsAfter: number): number {
  let position = grouped.length
  for (let left = digitsAfter; position > 0 && left > 0; position--) if (grouped[position - 1] !== '.') left--
  return position
}

export type AmountFieldProps = FieldWords & {
  /** Minor units, or null while nothing is typed. */
  value: bigint | null
  onChange: (amountMinor: bigint | null) => void
  disabled?: boolean
  autoFocus?: boolean
  name?: string
}

export function AmountField({ value, onChange, disabled, autoFocus, name, ...words }: AmountFieldProps) {
  const input = useRef<HTMLInputElement>(null)
  const digitsAfterCaret = useRef<number | null>(null)
  const text = value === null ? '' : groupRupiah((value / perRupiah).toString())

  useLayoutEffect(() => {
    if (digitsAfterCaret.current === null || !input.current) return
    const caret = caretAfterGrouping(text, digitsAfterCaret.current)
    input.current.setSelectionRange(caret, caret)
    digitsAfterCaret.current = null
  })

  const change = (element: HTMLInputElement): void => {
    const digits = rupiahDigits(text, element.value)
    digitsAfterCaret.current = element.value
      .slice(element.selectionEnd ?? element.value.length)
      .replace(/\D/g, '').length
    const next = digits === '' ? null : BigInt(digits) * perRupiah
    // The state may stay the same ("." typed), and then nothing would put the text back.
    element.value = groupRupiah(digits)
    onChange(next)
  }
  return (
    <Field {...words}>
      {(wiring) => (
        <span className="field-box amount">
          <span className="amount-rp" aria-hidden="true">
            Rp
          </span>
          <input
            {...wiring}
            ref={input}
            className="num"
            inputMode="numeric"
            autoComplete="off"
            placeholder="0"
            name={name}
            value={text}
            disabled={disabled}
            autoFocus={autoFocus}
            onChange={(event) => change(event.currentTarget)}
          />
        </span>
      )}
    </Field>
  )
}

import { describe, expect, it } from 'vitest'
import { groupRupiah, rupiahDigits } from './AmountField.tsx'

describe('an amount that comes in whole', () => {
  it.each([
    ['1.000,00', '1000'],
    ['1,000.00', '1000'],
    ['Rp 1.000,00', '1000'],
    ['Rp1.000,-', '1000'],
    ['50.000,50', '50000'],
    ['50000.5', '50000'],
    ['1.250.000,00 IDR', '1250000'],
    ['1.000', '1000'],
    ['1,000', '1000'],
    ['1.250.000', '1250000'],
    ['1,250,000', '1250000'],
    ['Rp.50', '50'],
    ['0,50', '0'],
    ['007', '7'],
    ['no number', ''],
  ])('“%s” is %s rupiah, in an empty field and in place of another amount', (pasted, digits) => {
    for (const before of ['', '7', '250.000', '9.999.999']) expect(rupiahDigits(before, pasted)).toBe(digits)
  })

  it('loses its sen also over the same amount or a longer one', () => {
    expect(rupiahDigits('1.000', '1.000,00')).toBe('1000')
    expect(rupiahDigits('1.000.000', '1.000,00')).toBe('1000')
    expect(rupiahDigits('100.000', '1000.00')).toBe('1000')
  })
})

describe('while somebody types', () => {
  const typed = (keys: string): string =>
    [...keys].reduce((text, key) => groupRupiah(rupiahDigits(text, text + key)), '')

  it('every digit counts, also where the field has set its points', () => {
    expect(typed('1250000')).toBe('1.250.000')
    expect(typed('1.250.000')).toBe('1.250.000')
  })

  it.each([
    ['1.000', '1.00', '100'],
    ['1.250.000', '1.250.0', '12500'],
    ['1.000', '1000', '1000'],
    ['1.000', '1.25', '125'],
    ['1.000', '1.000,', '1000'],
    ['50.000', '50.000.', '50000'],
  ])('“%s” made to “%s” is %s', (before, now, digits) => {
    expect(rupiahDigits(before, now)).toBe(digits)
  })
})

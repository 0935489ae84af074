// References are read aloud and printed on receipts: the number behind one never changes.
import { describe, expect, it } from 'vitest'
import { isUuid, parseReference, referenceOf, uuidv7 } from './ids.ts'

describe('references', () => {
  it.each([
    [0n, 'TN-Q29B-FDBJ'],
    [1n, 'TN-H7MD-EKBN'],
    [1_048_575n, 'TN-WWWN-VSKR'],
    [1_048_576n, 'TN-QF74-0GG3'],
    [(1n << 40n) - 1n, 'TN-20HH-15TS'],
  ])('%d has the reference that it always had: %s', (number, reference) => {
    expect(referenceOf('TN', number)).toBe(reference)
    expect(parseReference(reference)).toEqual({ prefix: 'TN', number, reference })
  })

  it('no two numbers share one, and each leads back', () => {
    const numbers = Array.from({ length: 5000 }, (_, index) => BigInt(index) * 219_902_325n)
    const references = numbers.map((number) => referenceOf('RF', number))
    expect(new Set(references).size).toBe(numbers.length)
    expect(references.map((reference) => parseReference(reference)?.number)).toEqual(numbers)
  })

  it('is read as a person types it: any case, spaces, O for 0, I and L for 1', () => {
    const number = 77n
    const typed = referenceOf('TP', number)
      .toLowerCase()
      .replaceAll('-', ' ')
      .replaceAll('0', 'o')
      .replaceAll('1', 'l')
    expect(parseReference(typed)?.number).toBe(number)
  })

  it.each(['', 'TN', 'TN-1234-567', 'TN-1234-56789', 'XX-1234-5678', 'TN-1234-567U', '1234-5678-TN'])(
    'is none: %s',
    (text) => expect(parseReference(text)).toBeUndefined(),
  )

  it.each([-1n, 1n << 40n])('has none for %d', (number) => {
    expect(() => referenceOf('TN', number)).toThrow(RangeError)
  })
})

describe('uuidv7', () => {
  it('has the time in front, version and variant in their places (RFC 9562), and never the same rest', () => {
    const ids = Array.from({ length: 2000 }, () => uuidv7(0x0123_4567_89ab))
    expect(ids.every(isUuid)).toBe(true)
    for (const id of ids) expect(id).toMatch(/^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('orders by its moment, also when the clock is set back in between', () => {
    const [late, early, lateAgain] = [uuidv7(2000), uuidv7(1000), uuidv7(2001)]
    expect([late, early, lateAgain].toSorted()).toEqual([early, late, lateAgain])
  })
})

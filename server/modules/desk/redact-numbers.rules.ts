// Numbers in a message: their groups, and which of them are cards or identity numbers by length, shape and check digit.
// Takes the plain form of a text (half-width digits, small letters). Every step is linear; windows are at most 19 digits.

export interface NumberSpan {
  from: number
  to: number
}

/** Digits that may be one short number, written together or in groups: `482913`, `482 913`, `4-8-2-9`. */
export interface FoundNumber extends NumberSpan {
  digits: number
  /** Its groups have one length: false for dates and telephone numbers. */
  even: boolean
}

const lengthOf = (group: NumberSpan) => group.to - group.from
const digitsOf = (groups: readonly NumberSpan[]) => groups.reduce((sum, group) => sum + lengthOf(group), 0)

/** Every number in order, with the groups that belong to it. */
export function findNumbers(plain: string): FoundNumber[] {
  return chainsOf(plain, /^[ -]$/).flatMap((chain) => {
    const pieces = isTelephoneChain(plain, chain) ? [chain] : piecesOf(plain, chain)
    return pieces.map((groups) => ({
      from: groups[0]!.from,
      to: groups.at(-1)!.to,
      digits: digitsOf(groups),
      even: groups.every((group) => lengthOf(group) === lengthOf(groups[0]!)),
    }))
  })
}

function isTelephoneChain(plain: string, chain: readonly NumberSpan[]): boolean {
  const { from, to } = chain[0]!
  const digits = digitsOf(chain)
  return (
    digits >= 9 &&
    digits <= 15 &&
    (plain[from] === '0' || plain[from - 1] === '+' || plain.slice(from, to) === '62')
  )
}

/** Dashes join; a space joins groups of one length to a code of at most eight digits, and nothing else. */
function piecesOf(plain: string, chain: readonly NumberSpan[]): NumberSpan[][] {
  const pieces: NumberSpan[][] = []
  for (const group of chain) {
    const piece = pieces.at(-1)
    const last = piece?.at(-1)
    if (!piece || !last) pieces.push([group])
    else if (plain[last.to] === '-') piece.push(group)
    else if (
      lengthOf(last) === lengthOf(group) &&
      lengthOf(group) <= 4 &&
      digitsOf(piece.slice(0, 8)) + lengthOf(group) <= 8
    )
      piece.push(group)
    else pieces.push([group])
  }
  return pieces
}

/** Runs of digits that are joined by what `separator` accepts, as lists of groups. */
function chainsOf(plain: string, separator: RegExp): NumberSpan[][] {
  const chains: NumberSpan[][] = []
  let last: NumberSpan[] | undefined
  for (const match of plain.matchAll(/\d+/g)) {
    const group = { from: match.index, to: match.index + match[0].length }
    const end = last?.at(-1)!.to
    if (last && end !== undefined && group.from - end <= 3 && separator.test(plain.slice(end, group.from)))
      last.push(group)
    else chains.push((last = [group]))
  }
  return chains
}

/** Between the groups of a long number: spaces of any kind, line ends, invisible characters, dots, dashes. */
const betweenLongGroups = /^[\s\u200B-\u200F\u2060\uFEFF.,·•_\-\u2010-\u2015\u2212]{1,3}$/

/** Numbers of 13 to 19 digits that begin as payment cards do, and whose check digit is right (ISO/IEC 7812). */
export function findCards(plain: string): NumberSpan[] {
  return findLong(plain, (digits, shape, before) => {
    if (digits.length < 13 || !/^(?:[2-6]|81|9792)/.test(digits) || !isLuhn(digits)) return false
    return isCardShape(shape) && !isTelephone(digits, before)
  })
}

/**
 * Indonesia's NIK (16 digits) and China's resident number (18), each with a birthday in it that can be. What begins a
 * card is that card.
 */
export function findIdentityNumbers(plain: string, cards: readonly NumberSpan[]): NumberSpan[] {
  const starts = new Set(cards.map((card) => card.from))
  const found = findLong(plain, (digits, shape, before) => {
    if (!isCardShape(shape) && shape !== '6-6-4' && shape !== '6-8-4') return false
    if (digits.length === 16) return isNik(digits) && !isTelephone(digits, before)
    return digits.length === 18 && isResidentNumber(digits)
  })
  return [...found.filter((span) => !starts.has(span.from)), ...findResidentNumbersWithX(plain)]
}

/** All runs of neighbouring groups with at most 19 digits that are judged to be such a number; they may overlap. */
function findLong(
  plain: string,
  judge: (digits: string, shape: string, before: string) => boolean,
): NumberSpan[] {
  const found: NumberSpan[] = []
  for (const groups of chainsOf(plain, betweenLongGroups)) {
    for (let first = 0; first < groups.length; first++) {
      const { from } = groups[first]!
      const before = plain.slice(Math.max(0, from - 2), from)
      let digits = ''
      let shape = ''
      for (let last = first; last < groups.length; last++) {
        const group = groups[last]!
        if (digits.length + lengthOf(group) > 19) break
        digits += plain.slice(group.from, group.to)
        shape += `${shape && '-'}${lengthOf(group)}`
        if (digits.length >= 13 && judge(digits, shape, before)) found.push({ from, to: group.to })
      }
    }
  }
  return found
}

/** One piece; pieces of one length (the last may be shorter), in ones, twos or fours to nines; or as some cards print. */
function isCardShape(shape: string): boolean {
  const lengths = shape.split('-').map(Number)
  const [first] = lengths as [number]
  const body = lengths.slice(0, -1)
  if (lengths.length === 1) return true
  if (['4-6-5', '4-6-4', '6-7', '6-8', '6-9', '6-10', '6-13', '4-12', '12-4'].includes(shape)) return true
  // Groups of three are how amounts are written.
  return first !== 3 && body.every((length) => length === first) && lengths.at(-1)! <= first
}

function isTelephone(digits: string, before: string): boolean {
  if (digits.length > 15) return false
  return /\+ ?$/.test(before) || /^628\d{9,11}$/.test(digits) || /^861\d{10}$/.test(digits)
}

function isLuhn(digits: string): boolean {
  let sum = 0
  for (let place = 0; place < digits.length; place++) {
    const digit = digits.charCodeAt(digits.length - 1 - place) - 48
    const doubled = place % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

const isDay = (day: number, month: number) =>
  month >= 1 && month <= 12 && day >= 1 && day <= [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]!

/** Province 11 to 97, regency, district, then day (plus 40 for women), month and year of birth, and a count from 0001. */
function isNik(digits: string): boolean {
  const at = (from: number) => Number(digits.slice(from, from + 2))
  const day = at(6) > 40 ? at(6) - 40 : at(6)
  return (
    at(0) >= 11 && at(0) <= 97 && at(2) >= 1 && at(4) >= 1 && isDay(day, at(8)) && !digits.endsWith('0000')
  )
}

function isResidentNumber(text: string): boolean {
  const year = Number(text.slice(6, 10))
  if (year < 1900 || year > 2100 || !isDay(Number(text.slice(12, 14)), Number(text.slice(10, 12))))
    return false
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((total, weight, place) => total + weight * Number(text[place]), 0)
  return '10x98765432'[sum % 11] === text[17]
}

function findResidentNumbersWithX(plain: string): NumberSpan[] {
  const found: NumberSpan[] = []
  for (const { index, 0: digits } of plain.matchAll(/\d+/g)) {
    const text = plain.slice(index, index + 18)
    if (digits.length === 17 && text.endsWith('x') && isResidentNumber(text))
      found.push({ from: index, to: index + 18 })
  }
  return found
}

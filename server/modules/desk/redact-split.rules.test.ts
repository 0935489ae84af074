// C12: a card or identity number that is sent in pieces never stands whole in a conversation.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findCards } from './redact-numbers.rules.ts'
import { redact, type Redacted } from './redact.rules.ts'

function talk(...texts: string[]): Redacted[] {
  const said: Redacted[] = []
  for (const text of texts) said.push(redact(text, said.at(-1)))
  return said
}
const cleaned = (...texts: string[]) => talk(...texts).map(({ text }) => text)

describe('a number in pieces (C12)', () => {
  test.each<[string, string[], string[]]>([
    ['two halves', ['4111 1111', '1111 1111'], ['4111 1111', '▮▮▮▮']],
    ['cut within a group', ['41111', '11111111111'], ['41111', '▮▮▮▮']],
    ['with words around', ['my card: 4111 1111', '1111 1111 thanks'], ['my card: 4111 1111', '▮▮▮▮ thanks']],
    ['four messages', ['4111', '1111', '1111', '1111'], ['4111', '1111', '1111', '▮▮▮▮']],
    ['full-width digits', ['４１１１ １１１１', '１１１１ １１１１'], ['４１１１ １１１１', '▮▮▮▮']],
    ['with a line before', ['4111-1111-', '\n1111-1111'], ['4111-1111-', '\n▮▮▮▮']],
    ['an identity number', ['327506 410190', '0001'], ['327506 410190', '▮▮▮▮']],
  ])('%s', (_name, said, stored) => expect(cleaned(...said)).toEqual(stored))

  test.each<[string, string[]]>([
    ['numbers that are no card together', ['1034 0000', '9999 9999']],
    ['words between', ['4111 1111', 'hello', '1111 1111']],
    ['an amount after an order', ['SE-20817', '349000']],
    ['a telephone number after a number', ['20817', '081234567890']],
  ])('%s: stays', (_name, said) => expect(cleaned(...said)).toEqual(said))

  test('what is taken out says why', () =>
    expect(talk('4111 1111', '1111 1111')[1]!.redactions).toEqual(['card_number']))

  test('wherever a card is cut, it never stands whole', () => {
    const card = fc.constantFrom(
      '4111111111111111',
      '5500005555555559',
      '378282246310005',
      '6011111111111117',
    )
    fc.assert(
      fc.property(card, fc.nat(), fc.constantFrom('', ' ', '-'), (digits, where, ending) => {
        const cut = 1 + (where % (digits.length - 1))
        const stored = cleaned(digits.slice(0, cut) + ending, digits.slice(cut))
        expect(findCards(stored.join('').replace(/[ -]/g, ''))).toEqual([])
      }),
      { numRuns: 500, seed: 20_261_122 },
    )
  })
})

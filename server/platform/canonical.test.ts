import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalJson } from './canonical.ts'

describe('the one form of a payload', () => {
  test.each<[unknown, string]>([
    [{ b: '2', a: '1' }, '{"a":"1","b":"2"}'],
    [{ B: '1', a: '2', ä: '3' }, '{"B":"1","a":"2","ä":"3"}'],
    [{ z: { y: [3, null, true], x: 'say "hi"\n' } }, '{"z":{"x":"say \\"hi\\"\\n","y":[3,null,true]}}'],
    [[], '[]'],
    [-7, '-7'],
    ['退款', '"退款"'],
  ])('%o', (value, text) => expect(canonicalJson(value)).toBe(text))

  test.each([[1.5], [Number.NaN], [2 ** 53], [-0], [1n], [undefined], [new Date(0)], [new Map()], [() => 1]])(
    '%o has none and is refused',
    (value) => {
      expect(() => canonicalJson(value)).toThrow(TypeError)
      expect(() => canonicalJson({ inside: [value] })).toThrow(TypeError)
    },
  )

  test('any order of keys is the same text, and the text reads back as the same value', () => {
    const values = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.boolean(), fc.maxSafeInteger()))
    fc.assert(
      fc.property(values, (value) => {
        const plain = { ...value }
        const turned = Object.fromEntries(Object.entries(plain).reverse())
        expect(canonicalJson(turned)).toBe(canonicalJson(plain))
        expect(JSON.parse(canonicalJson(plain))).toEqual(JSON.parse(JSON.stringify(plain)))
      }),
      { seed: 20_261_122 },
    )
  })
})

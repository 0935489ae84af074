import { expect, test } from 'vitest'
import { commonPasswords } from './common-passwords.ts'
import { weaknessOf } from './password.rules.ts'

const own = ['+6281234564417', 'Sari Wulandari']

test.each([
  ['short77', 'too_short'],
  ['password', 'common'],
  ['PASSWORD', 'common'],
  ['Password123', 'common'],
  ['P4ssw0rd99', 'common'],
  ['qwertyuiop', 'common'],
  ['rahasia123', 'common'],
  ['indonesia2026', 'common'],
  ['woaini1314', 'common'],
  ['12345678', 'pattern'],
  ['87654321', 'pattern'],
  ['abcdefgh', 'pattern'],
  ['aaaaaaaaaa', 'pattern'],
  ['abcabcabcabc', 'pattern'],
  ['81234564417', 'own'],
  ['081234564417', 'own'],
  ['+62 812 3456 4417', 'own'],
  ['sariwulandari', 'own'],
  ['Sari-Wulandari!', 'own'],
  ['wulandari99', 'own'],
  ['😀😀😀😀😀😀😀😀', 'pattern'],
])('%s is refused as %s', (password, why) => expect(weaknessOf(password, own)).toBe(why))

test.each([
  'kapal layar biru 7',
  'nasi uduk tanpa kecap',
  'correct horse battery',
  'x7#kLp2q',
  '我家门口有两棵枣树',
  'sari makan rendang di padang',
  ' spaces at the ends ',
  'aaaaaaab1',
])('%s is taken: no rules of composition', (password) => expect(weaknessOf(password, own)).toBeUndefined())

test('an e-mail address and its first part are refused', () => {
  expect(weaknessOf('ayulestari@contoh.example', ['ayulestari@contoh.example'])).toBe('own')
  expect(weaknessOf('ayulestari', ['ayulestari@contoh.example'])).toBe('own')
})

test('a password of 256 characters is judged like any other', () => {
  expect(weaknessOf('a'.repeat(256), own)).toBe('pattern')
  expect(weaknessOf(`${'ab c'.repeat(63)}xyz`, own)).toBeUndefined()
})

test('the list is a few hundred in lower case', () => {
  expect(commonPasswords.size).toBeGreaterThan(300)
  for (const password of commonPasswords) expect(password).toBe(password.toLowerCase())
})

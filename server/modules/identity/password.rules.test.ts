import { expect, test } from 'vitest'
import { commonPasswords } from './common-passwords.ts'
import { isWeakPassword } from './password.rules.ts'

const own = ['+6281234564417', 'Sari Wulandari']

test.each([
  'short77',
  'password',
  'PASSWORD',
  'Password123',
  'P4ssw0rd99',
  'qwertyuiop',
  'rahasia123',
  'indonesia2026',
  'woaini1314',
  '12345678',
  '87654321',
  'abcdefgh',
  'aaaaaaaaaa',
  'abcabcabcabc',
  '81234564417',
  '081234564417',
  '+62 812 3456 4417',
  'sariwulandari',
  'Sari-Wulandari!',
  'wulandari99',
  '😀😀😀😀😀😀😀😀',
])('%s is refused', (password) => expect(isWeakPassword(password, own)).toBe(true))

test.each([
  'kapal layar biru 7',
  'nasi uduk tanpa kecap',
  'correct horse battery',
  'x7#kLp2q',
  '我家门口有两棵枣树',
  'sari makan rendang di padang',
  ' spaces at the ends ',
  'aaaaaaab1',
])('%s is taken: no rules of composition', (password) => expect(isWeakPassword(password, own)).toBe(false))

test('an e-mail address and its first part are refused', () => {
  expect(isWeakPassword('ayulestari@contoh.example', ['ayulestari@contoh.example'])).toBe(true)
  expect(isWeakPassword('ayulestari', ['ayulestari@contoh.example'])).toBe(true)
})

test('a password of 256 characters is judged like any other', () => {
  expect(isWeakPassword('a'.repeat(256), own)).toBe(true)
  expect(isWeakPassword(`${'ab c'.repeat(63)}xyz`, own)).toBe(false)
})

test('the list is a few hundred in lower case', () => {
  expect(commonPasswords.size).toBeGreaterThan(300)
  for (const password of commonPasswords) expect(password).toBe(password.toLowerCase())
})

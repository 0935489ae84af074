import { describe, expect, test } from 'vitest'
import { cleanName, maskEmail, maskPhone, parseContact } from './contact.ts'

describe('contacts as typed', () => {
  test.each([
    ['0812 3456 7890', '+6281234567890', 'ID'],
    ['0812-3456-7890', '+6281234567890', 'ID'],
    ['+62 812 3456 7890', '+6281234567890', 'ID'],
    [' 6281234567890 ', '+6281234567890', 'ID'],
    ['+65 8123 4567', '+6581234567', 'SG'],
    ['+86 138 1234 5678', '+8613812345678', 'CN'],
    ['+49 1512 3456789', '+4915123456789', 'DE'],
  ])('%s is the mobile number %s of %s', (typed, address, country) => {
    expect(parseContact(typed)).toEqual({ channel: 'sms', address, country })
  })

  test.each([
    ['Ayu@Contoh.Example', 'ayu@contoh.example'],
    ['  a.b+c@mail.contoh.co.id ', 'a.b+c@mail.contoh.co.id'],
    ['ａyu@contoh.example', 'ayu@contoh.example'],
  ])('%s is the address %s', (typed, address) => {
    expect(parseContact(typed)).toEqual({ channel: 'email', address })
  })

  test.each([
    '',
    'ayu',
    '12345',
    '021 555 1234',
    'call 0812 3456 7890',
    '0812 3456 7890 ext. 5',
    'a@b',
    '@contoh.example',
    'a@contoh..example',
    'a@-contoh.example',
    'a b@contoh.example',
    'a@contoh.example\nBcc: b@contoh.example',
    'a@contoh.example, b@contoh.example',
    '<a@contoh.example>',
    `${'a'.repeat(65)}@contoh.example`,
    `a@${'b'.repeat(250)}.example`,
  ])('%j is neither', (typed) => expect(parseContact(typed)).toBeUndefined())

  test('a hostile text is judged at once', () => {
    expect(parseContact(`a@${'a.'.repeat(120)}`)).toBeUndefined()
    expect(parseContact(`a@${'a-'.repeat(120)}!`)).toBeUndefined()
  })
})

test.each([
  ['+6281234564417', '+62 812 •••• 4417'],
  ['+6581234567', '+65 81 •••• 4567'],
  ['+8613812345678', '+86 138 •••• 5678'],
  ['+12025550123', '+1 202 •••• 0123'],
])('%s is shown as %s', (phone, shown) => expect(maskPhone(phone)).toBe(shown))

test.each([
  ['maya@contoh.co.id', 'm•••••@•••.id'],
  ['m@contoh.example', 'm•••••@•••.example'],
])('%s is shown as %s', (email, shown) => expect(maskEmail(email)).toBe(shown))

test.each([
  ['  Sari   Wulandari ', 'Sari Wulandari'],
  ['李 娜', '李 娜'],
  ['Sari\u202eirad', 'Sari irad'],
  ['Tun\u200btas', 'Tun tas'],
  ['a\nb\tc', 'a b c'],
  ['\u202e \u200b', undefined],
  ['', undefined],
])('C11 the name %j is %j', (typed, name) => expect(cleanName(typed)).toBe(name))

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { referenceOf } from '#contract/ids.ts'
import { redact } from './redact.rules.ts'

describe('what is taken out', () => {
  test.each<[string, string, string[]]>([
    // Card numbers.
    ['my card 4111111111111111 failed', 'my card ▮▮▮▮ failed', ['card_number']],
    ['4111 1111 1111 1111', '▮▮▮▮', ['card_number']],
    ['kartu 5555-5555-5555-4444.', 'kartu ▮▮▮▮.', ['card_number']],
    ['5555.5555.5555.4444', '▮▮▮▮', ['card_number']],
    ['4111  1111\n1111 - 1111', '▮▮▮▮', ['card_number']],
    ['amex 3782 822463 10005', 'amex ▮▮▮▮', ['card_number']],
    ['卡号4111111111111111不行', '卡号▮▮▮▮不行', ['card_number']],
    ['卡号４１１１　１１１１　１１１１　１１１１', '卡号▮▮▮▮', ['card_number']],
    ['银联 6222 0212 3456 7890 128', '银联 ▮▮▮▮', ['card_number']],
    ['4111\u200b1111\u200b1111\u200b1111', '▮▮▮▮', ['card_number']],
    ['4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1', '▮▮▮▮', ['card_number']],
    ['4111 1111 1111 1111 12/27 cvv 737', '▮▮▮▮ 12/27 cvv ▮▮▮▮', ['card_number', 'code']],
    ['two: 4111111111111111, 5555555555554444', 'two: ▮▮▮▮, ▮▮▮▮', ['card_number']],
    // Codes.
    ['my code is 482913', 'my code is ▮▮▮▮', ['code']],
    ['OTP: 4829', 'OTP: ▮▮▮▮', ['code']],
    ['otp482913', 'otp▮▮▮▮', ['code']],
    [
      'the verification code that you sent is 482 913',
      'the verification code that you sent is ▮▮▮▮',
      ['code'],
    ],
    ['482913 is the code I got', '▮▮▮▮ is the code I got', ['code']],
    ['G-482913 is your verification code', 'G-▮▮▮▮ is your verification code', ['code']],
    ['my code is 482913 5 minutes ago', 'my code is ▮▮▮▮ 5 minutes ago', ['code']],
    ['code 4-8-2-9-1-3', 'code ▮▮▮▮', ['code']],
    ['One-time password: 73920183', 'One-time password: ▮▮▮▮', ['code']],
    ['OTP A7K9Q2 does not work', 'OTP ▮▮▮▮ does not work', ['code']],
    ['Kode verifikasi saya 482913', 'Kode verifikasi saya ▮▮▮▮', ['code']],
    ['kodenya adalah 482913 kak', 'kodenya adalah ▮▮▮▮ kak', ['code']],
    ['kode OTP: 4829, tolong', 'kode OTP: ▮▮▮▮, tolong', ['code']],
    ['我的验证码是482913', '我的验证码是▮▮▮▮', ['code']],
    ['验证码：４８２９１３', '验证码：▮▮▮▮', ['code']],
    ['收到的动态码 4829', '收到的动态码 ▮▮▮▮', ['code']],
    // Passwords.
    ['my password is hunter2', 'my password is ▮▮▮▮', ['password']],
    ['My password is still Sunshine', 'My password is still ▮▮▮▮', ['password']],
    ['password: correct-horse, please help', 'password: ▮▮▮▮, please help', ['password']],
    ['pwd=Ab!9', 'pwd=▮▮▮▮', ['password']],
    ['password Rahasia123 not accepted', 'password ▮▮▮▮ not accepted', ['password']],
    ['kata sandi saya adalah melati77', 'kata sandi saya adalah ▮▮▮▮', ['password']],
    ['sandinya: kucing', 'sandinya: ▮▮▮▮', ['password']],
    ['密码是abc123', '密码是▮▮▮▮', ['password']],
    ['密码：ａｂｃ１２３', '密码：▮▮▮▮', ['password']],
    // PINs.
    ['PIN 271828', 'PIN ▮▮▮▮', ['pin']],
    ['my pin is 271828', 'my pin is ▮▮▮▮', ['pin']],
    ['PIN saya: 2718', 'PIN saya: ▮▮▮▮', ['pin']],
    ['pin-nya 271828', 'pin-nya ▮▮▮▮', ['pin']],
    ['支付密码是271828', '支付密码是▮▮▮▮', ['pin']],
    ['PIN 271828, password: abc', 'PIN ▮▮▮▮, password: ▮▮▮▮', ['password', 'pin']],
    // Identity numbers.
    ['NIK saya 3174096112900001', 'NIK saya ▮▮▮▮', ['id_number']],
    ['KTP 317409 211290 0003', 'KTP ▮▮▮▮', ['id_number']],
    ['身份证11010519491231002X', '身份证▮▮▮▮', ['id_number']],
  ])('%s', (text, expected, kinds) => {
    const result = redact(text)
    expect(result.text).toBe(expected)
    expect(result.redactions).toEqual(kinds)
  })
})

describe('what stays, because a case is worked with it', () => {
  test.each([
    'I paid Rp 1.250.000 and it failed',
    'IDR 349000 was taken',
    'saldo saya 349000 rupiah hilang',
    '付了¥349000，没到账',
    'Rp1.250.000.000.000,00',
    'payment TN-7Q2M-93TD is missing',
    'reference TN-7023-9381 and code missing',
    'the code for TN-7Q2M-9384 never came',
    'order SE-20817 paid twice',
    'I typed the code for order SE-20817',
    'the code never came for order 20817',
    'kode tidak masuk, pesanan 20817',
    '验证码收不到，订单号 20817',
    '验证码没收到，付了349000',
    'no code since 2026-11-20 14:30',
    'no code since 20 November 2026',
    'the code took 30 minutes, then 45 seconds',
    'call me at +62 812-3456-7890 about the code',
    '0812 3456 7890',
    '081234567890',
    '6281255504417',
    'my phone +86 138 1234 5678',
    'error code 4003',
    'promo code 20262026',
    'kode pos 12345',
    'kode pembayaran 880812345678',
    'My password is not working',
    'I forgot my password',
    'kata sandi saya salah',
    'reset password 2 times',
    'PIN saya terkunci',
    '密码是错的',
    'I paid with the password and lost 349000',
    'virtual account 8808123456789019',
    'shipping in 2026',
    'opinion: 123456',
    'card ending 1111',
    '2026-11-20 14:30:00.123456',
    '1.250.000 1.250.000 1.250.000',
  ])('%s', (text) => {
    const result = redact(text)
    expect(result).toMatchObject({ text, redactions: [] })
  })
})

describe('a code in the message after (C12)', () => {
  const expecting = { expectsCode: true }
  test.each<[string, boolean]>([
    ['I did not get the code', true],
    ['the code you sent is', true],
    ['kodenya', true],
    ['我的验证码', true],
    ['my PIN is', true],
    ['the code is 482', true],
    ['my code is 482913', false],
    ['promo code', false],
    ['hello', false],
    ['my verification failed', false],
  ])('%s: expects a code: %s', (text, expected) => expect(redact(text).expectsCode).toBe(expected))

  test.each<[string, string, boolean]>([
    ['482913', '▮▮▮▮', false],
    [' 482 913 ', ' ▮▮▮▮ ', false],
    ['４８２９１３', '▮▮▮▮', false],
    ["it's 4829", "it's ▮▮▮▮", false],
    ['482913 kak', '▮▮▮▮ kak', false],
    ['482', '▮▮▮▮', true],
    ['A7K9Q2', '▮▮▮▮', false],
    ['thank you', 'thank you', false],
    ['I paid 349000', 'I paid 349000', false],
    ['Rp 349000', 'Rp 349000', false],
    ['SE-20817', 'SE-20817', false],
    ['081234567890', '081234567890', false],
  ])('%s', (text, cleaned, expectsCode) =>
    expect(redact(text, expecting)).toMatchObject({ text: cleaned, expectsCode }),
  )

  test('both halves of a split code', () => {
    const first = redact('the code is 482')
    const second = redact('913', first)
    expect([first.text, second.text]).toEqual(['the code is ▮▮▮▮', '▮▮▮▮'])
  })
  test('the same number alone stays when nobody spoke of a code', () =>
    expect(redact('482913', { expectsCode: false }).text).toBe('482913'))
})

describe('for every text', () => {
  const luhn = (digits: string) =>
    [...digits].reverse().reduce((sum, letter, place) => {
      const value = Number(letter) * (place % 2 ? 2 : 1)
      return sum + (value > 9 ? value - 9 : value)
    }, 0) %
      10 ===
    0
  const card = fc
    .tuple(
      fc.constantFrom('4', '51', '2221', '6011', '622', '34', '81'),
      fc.integer({ min: 15, max: 19 }),
      fc.infiniteStream(fc.integer({ min: 0, max: 9 })),
    )
    .map(([prefix, length, stream]) => {
      const body = prefix + [...stream.take(length - prefix.length - 1)].join('')
      return [...'0123456789'].map((check) => body + check).find(luhn)!
    })
  const separator = fc.constantFrom('', ' ', '-', '.', '  ', ' - ', '\u00a0', '\n')
  const width = fc.constantFrom(0, 0xfee0)
  const written = fc.tuple(card, separator, width).map(([digits, between, shift]) => ({
    digits,
    text: digits
      .replace(/\d{4}(?=\d)/g, (group) => group + between)
      .replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + shift)),
  }))
  const piece = fc.constantFrom(
    ...'code,kode,OTP,PIN,password,验证码,密码,is,adalah,是,:,=,.,-,+,/,▮,▮▮▮▮'.split(','),
    ...'1,48,482,4829,482913,349000,2026,4111111111111111,3174096112900001,０,９'.split(','),
    ...'Rp,order,SE-20817,abc,hunter2,x,x7,my, ,  ,\n'.split(','),
  )
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 24 }).map((pieces) => pieces.join('')),
    fc.array(piece, { maxLength: 24 }).map((pieces) => pieces.join(' ')),
    fc.array(fc.constantFrom(...'0123456789 -.４'), { maxLength: 60 }).map((letters) => letters.join('')),
  )
  const plainDigits = (text: string) =>
    text.replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))

  test('never a card number that passes the check, however it is written, whatever stands around it', () => {
    fc.assert(
      fc.property(written, fc.string(), fc.string(), ({ digits, text }, before, after) => {
        // Other digits beside it would make it another number.
        fc.pre(!/[\d+０-９]\s?$/.test(before) && !/^[\d０-９]/.test(after))
        const cleaned = redact(`${before} ${text}\t${after}`)
        expect(cleaned.redactions).toContain('card_number')
        expect(plainDigits(cleaned.text).replace(/\D/g, '')).not.toContain(digits)
      }),
      { numRuns: 2000, seed: 20_261_122 },
    )
  })

  test('no run of digits that is a card is ever left', () => {
    fc.assert(
      fc.property(texts, fc.boolean(), (text, expectsCode) => {
        const cleaned = plainDigits(redact(text, { expectsCode }).text)
        const left = (cleaned.match(/(?<![\d+])\d{16,19}(?!\d)/g) ?? []).filter(
          (digits) => /^[2-6]/.test(digits) && luhn(digits),
        )
        expect(left).toEqual([])
      }),
      { numRuns: 3000, seed: 20_261_122 },
    )
  })

  test('what is clean stays as it is', () => {
    fc.assert(
      fc.property(texts, fc.boolean(), (text, expectsCode) => {
        const once = redact(text, { expectsCode })
        const twice = redact(once.text, { expectsCode })
        expect(twice.text).toBe(once.text)
        expect(twice.redactions).toEqual([])
      }),
      { numRuns: 10_000, seed: 20_261_122 },
    )
  })

  test('references stay, whatever is said of codes', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 40n) - 1n }), (number) => {
        const text = `The code for ${referenceOf('TN', number)} did not come`
        expect(redact(text).text).toBe(text)
      }),
      { seed: 20_261_122 },
    )
  })
})

describe('long texts that are made to be slow (C6)', () => {
  // Ten times the longest message: a step that grows with the square of it would run into the test's time limit.
  test.each([
    '1',
    '1 ',
    '1-',
    'code ',
    'code 1',
    'password: ',
    'password',
    '1x',
    '▮',
    'kata sandi ',
    'a',
    '１',
    '-',
    '4111 ',
  ])('of %s', (unit) => {
    const text = unit.repeat(Math.ceil(40_000 / unit.length))
    expect(redact(text).text.length).toBeLessThanOrEqual(text.length * 6)
  })
})

test.each(['en', 'id', 'zh'])('every kind has its words in %s', (language) => {
  const file = new URL(`../../../web/ui/locales/${language}.json`, import.meta.url)
  const texts = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
  for (const kind of ['card_number', 'code', 'id_number', 'password', 'pin'])
    expect(texts[`redacted.${kind}`], kind).toBeTruthy()
})

import { createHmac, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { deriveKey, hashToken, hashTokenAsText, keyedHash, newToken, sameHash } from './keys.ts'
import { cookieOptions, readCookie } from './cookies.ts'

const pepper = Buffer.alloc(32, 7).toString('base64')

test('each purpose and each pepper has a key of its own, the same at each start', () => {
  const key = deriveKey(pepper, 'pin')
  expect(key).toHaveLength(32)
  expect(deriveKey(pepper, 'pin').equals(key)).toBe(true)
  expect(deriveKey(pepper, 'code').equals(key)).toBe(false)
  expect(deriveKey(Buffer.alloc(32, 8).toString('base64'), 'pin').equals(key)).toBe(false)
})

test('parts cannot be shifted into each other', () => {
  const key = deriveKey(pepper, 'pin')
  expect(sameHash(keyedHash(key, 'ab', 'c'), keyedHash(key, 'a', 'bc'))).toBe(false)
  expect(sameHash(keyedHash(key, 'ab', ''), keyedHash(key, 'ab'))).toBe(false)
  expect(sameHash(keyedHash(key, 'ab', 'c'), keyedHash(key, Buffer.from('ab'), 'c'))).toBe(true)
})

const framed = (part: string | Buffer) => {
  const bytes = Buffer.from(part as string)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

test.each([
  ['no part', []],
  ['an empty part', ['']],
  ['short parts', ['01930000-0000-7000-8000-000000000000', '271828', 'IDR']],
  ['other scripts', ['支付成功', 'é', '🦊']],
  ['bytes', [Buffer.from([0, 255, 128]), 'x']],
  ['a part that fills the room', ['x'.repeat(508)]],
  ['parts beyond it', ['x'.repeat(509), '支'.repeat(4000)]],
] as [string, (string | Buffer)[]][])('the keyed hash of %s is the HMAC of the library', (_name, parts) => {
  for (const length of [16, 32, 64, 65, 200]) {
    const key = randomBytes(length)
    const message = Buffer.concat(parts.map(framed))
    // Twice: what one leaves behind must not show in the next.
    for (let count = 0; count < 2; count++) {
      keyedHash(key, 'something longer that was hashed before', 'with the same key')
      expect(keyedHash(key, ...parts)).toEqual(createHmac('sha256', key).update(message).digest())
    }
  }
})

test('hashes of other lengths are not the same', () => {
  expect(sameHash(Buffer.alloc(32), Buffer.alloc(31))).toBe(false)
})

test('a token has 256 random bits, and only its hash is to be kept', () => {
  const { token, hash } = newToken()
  expect(Buffer.from(token, 'base64url')).toHaveLength(32)
  expect(hash.equals(hashToken(token))).toBe(true)
  expect(hashTokenAsText(token)).toBe(hash.toString('base64'))
  expect(newToken().token).not.toBe(token)
})

test.each([
  ['a=1; tuntas=x', 'x'],
  ['tuntas=x; tuntas=y', 'x'],
  ['other_tuntas=x', undefined],
  ['tuntas=', undefined],
  ['tuntas', undefined],
  [`tuntas=${'x'.repeat(513)}`, undefined],
  ['', undefined],
  [undefined, undefined],
])('the cookie in %j is %j', (cookie, value) => {
  expect(readCookie({ headers: { cookie } }, 'tuntas')).toBe(value)
})

test('cookies are closed to scripts, and secure wherever the address is', () => {
  expect(cookieOptions('https://tuntas.example', 'strict', 60)).toEqual({
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: true,
    maxAge: 60,
  })
  expect(cookieOptions('http://localhost:7100', 'lax', 60).secure).toBe(false)
})

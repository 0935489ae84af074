import * as argon2 from '@node-rs/argon2'
import { expect, test, vi } from 'vitest'
import { hashPassword, verifyPassword } from './passwords.ts'

vi.mock('@node-rs/argon2', async (original) => {
  const real = await original<typeof argon2>()
  return { ...real, verify: vi.fn(real.verify) }
})

test('argon2id with the parameters of OWASP, and a salt of its own each time', async () => {
  const [first, second] = await Promise.all([hashPassword('kapal layar'), hashPassword('kapal layar')])
  expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(first).not.toBe(second)
  expect(await verifyPassword(first, 'kapal layar')).toBe(true)
  expect(await verifyPassword(first, 'kapal layan')).toBe(false)
})

test('one look of characters is one password', async () => {
  expect(await verifyPassword(await hashPassword('caf\u00e9 di kota'), 'cafe\u0301 di kota')).toBe(true)
})

test('A7 without a hash the same comparison is made, with the same parameters, and is never right', async () => {
  const comparisons = vi.mocked(argon2.verify).mock.calls
  comparisons.length = 0
  await verifyPassword(await hashPassword('somebody'), 'wrong')
  expect(await verifyPassword(undefined, 'wrong')).toBe(false)
  expect(await verifyPassword(undefined, 'nobody has this password')).toBe(false)
  expect(comparisons).toHaveLength(3)
  const work = comparisons.map(([hash]) => String(hash).split('$').slice(0, 4).join('$'))
  expect(new Set(work)).toEqual(new Set(['$argon2id$v=19$m=19456,t=2,p=1']))
})

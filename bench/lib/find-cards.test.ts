import { expect, test } from 'vitest'
import { findCardNumbers } from './find-cards.ts'

test.each([
  ['My card is 4111 1111 1111 1111 and it was refused.', ['4111 1111 1111 1111']],
  ['Kartu saya 5555-5555-5555-4444 ditolak', ['5555-5555-5555-4444']],
  ['我的卡号是４１１１１１１１１１１１１１１１，充值失败了。', ['４１１１１１１１１１１１１１１１']],
  ['4111111111111111, 378282246310005', ['4111111111111111', '378282246310005']],
  ['4111 1111 1111 1112 has a wrong check digit', []],
  ['call me: +86 138 1234 5678', []],
  ['0000 0000 0000 0000 is no card', []],
  ['TN-7Q2M-93TD of Rp 1.250.000 at 12:30', []],
])('%s', (text, found) => expect(findCardNumbers(text)).toEqual(found))

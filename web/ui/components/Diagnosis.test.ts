import { expect, it } from 'vitest'
import { leadOf } from './Diagnosis.tsx'

it.each([
  ['Your money is not lost. Rp 349.000 was taken once.', 'Your money is not lost.'],
  ['您的钱没有丢。Rp 349.000 只从余额扣过一次。', '您的钱没有丢。'],
  ['The Rp 349.000 are set aside for you.', 'The Rp 349.000 are set aside for you.'],
  ['No full stop', 'No full stop'],
  ['', ''],
])('the first sentence of %j leads', (text, lead) => {
  const [first, rest] = leadOf(text)
  expect(first).toBe(lead)
  expect(first + rest).toBe(text)
})

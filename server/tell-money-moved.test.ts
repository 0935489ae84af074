// The notices of a payment that comes back because its shop never took it, at once or later, as people read them: once for each way
// to reach them.
import { expect, test } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import { locales, type Locale } from '#contract/schema.ts'
import type { Transaction } from '#platform/db.ts'
import type { Customer } from '#modules/identity/index.ts'
import { renderNotice, type Notice } from '#modules/notices/index.ts'
import { tellReturned, tellReturnWaits } from './tell-money-moved.ts'

const [customerId, merchantId] = [uuidv7(), uuidv7()]

async function told(
  customer: { locale: Locale; phone?: string; email?: string } | undefined,
  waitsFor?: 'wallet_room' | 'wallet_stopped',
): Promise<Notice[]> {
  const enqueued: Notice[] = []
  const rooms = {
    identity: { customersByIds: async () => new Map(customer ? [[customerId, customer as Customer]] : []) },
    notices: {
      enqueue: async (_tx: Transaction, notices: readonly Notice[]) => void enqueued.push(...notices),
      wake: () => undefined,
    },
    merchants: { readMerchants: async () => new Map([[merchantId, { name: 'Buku Pelangi' }]]) },
  } as unknown as Parameters<typeof tellReturned>[0]
  const payment = {
    number: 1n,
    reference: 'TN-7Q2M-93TD',
    customerId,
    merchantId,
    amount: { amountMinor: '54000000', currency: 'IDR' as const },
  }
  const tx = {} as Transaction
  await (waitsFor ? tellReturnWaits(rooms)(tx, { ...payment, waitsFor }) : tellReturned(rooms)(tx, payment))
  return enqueued
}

const words: Record<Locale, readonly [string, RegExp]> = {
  en: ['Your money is back', /is back in your balance.*did not take the payment/],
  'id-ID': ['Uang Anda sudah kembali', /sudah kembali ke saldo Anda.*tidak menerima pembayaran/],
  'zh-CN': ['您的钱已退回', /已退回您的余额.*未按时收下付款/],
}

test.each(locales)('in %s it says how much came back, from which shop, and why', async (locale) => {
  const [notice, ...others] = await told({ locale, phone: '+628123456789' })
  expect(others).toEqual([])
  expect(notice).toMatchObject({ channel: 'sms', to: '+628123456789', customerId, locale })
  const { subject, text } = renderNotice(notice!.template, locale, { ...notice!.values })
  expect(subject).toBe(words[locale][0])
  expect(text).toMatch(words[locale][1])
  for (const part of ['Rp 540.000', 'Buku Pelangi', 'TN-7Q2M-93TD']) expect(text).toContain(part)
})

test('goes to every contact, and to nobody who is gone', async () => {
  const both = await told({ locale: 'en', phone: '+628123456789', email: 'ratna@example.test' })
  expect(both.map(({ channel, to }) => [channel, to])).toEqual([
    ['sms', '+628123456789'],
    ['email', 'ratna@example.test'],
  ])
  expect(await told(undefined)).toEqual([])
})

const waits = {
  wallet_room: {
    en: /hold more than it may.*Spend some/,
    'id-ID': /melewati batasnya.*Pakai sebagian/,
    'zh-CN': /超过钱包上限.*先用掉一部分/,
  },
  wallet_stopped: {
    en: /cannot take money in.*service looks after it/,
    'id-ID': /belum bisa menerima uang.*Layanan kami/,
    'zh-CN': /不能收款.*客服跟进/,
  },
} as const

test.each(
  (['wallet_room', 'wallet_stopped'] as const).flatMap((reason) =>
    locales.map((locale) => [reason, locale] as const),
  ),
)('%s in %s says how much is kept, why, and who ends the wait', async (reason, locale) => {
  const [notice, ...others] = await told({ locale, phone: '+628123456789' }, reason)
  expect(others).toEqual([])
  const { text } = renderNotice(notice!.template, locale, { ...notice!.values })
  expect(text).toMatch(waits[reason][locale])
  for (const part of ['Rp 540.000', 'Buku Pelangi', 'TN-7Q2M-93TD']) expect(text).toContain(part)
})

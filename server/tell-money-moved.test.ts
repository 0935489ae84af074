// The notice of a payment that came back because its shop never took it, as people read it: once for each way to reach them.
import { expect, test } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import { locales, type Locale } from '#contract/schema.ts'
import type { Transaction } from '#platform/db.ts'
import type { Customer } from '#modules/identity/index.ts'
import { renderNotice, type Notice } from '#modules/notices/index.ts'
import { tellReturned } from './tell-money-moved.ts'

const [customerId, merchantId] = [uuidv7(), uuidv7()]

async function told(
  customer: { locale: Locale; phone?: string; email?: string } | undefined,
): Promise<Notice[]> {
  const enqueued: Notice[] = []
  const tell = tellReturned({
    identity: { customersByIds: async () => new Map(customer ? [[customerId, customer as Customer]] : []) },
    notices: {
      enqueue: async (_tx: Transaction, notices: readonly Notice[]) => void enqueued.push(...notices),
      wake: () => undefined,
    },
    merchants: { readMerchants: async () => new Map([[merchantId, { name: 'Buku Pelangi' }]]) },
  } as unknown as Parameters<typeof tellReturned>[0])
  await tell({} as Transaction, {
    number: 1n,
    reference: 'TN-7Q2M-93TD',
    customerId,
    merchantId,
    amount: { amountMinor: '54000000', currency: 'IDR' },
  })
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

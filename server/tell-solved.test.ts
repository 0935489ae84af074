// The notice of a solved case as people read it: how it ended, and the way to the chat, in their language, everywhere they are reached.
import { expect, test } from 'vitest'
import type { CaseOutcome } from '#contract/desk.ts'
import { locales, type Locale } from '#contract/schema.ts'
import { uuidv7 } from '#contract/ids.ts'
import type { Transaction } from '#platform/db.ts'
import type { Customer } from '#modules/identity/index.ts'
import { renderNotice, type Notice } from '#modules/notices/index.ts'
import { tellSolved } from './tell-solved.ts'

const conversationId = uuidv7()

async function told(
  outcome: CaseOutcome,
  customer: { locale: Locale; phone?: string; email?: string } | undefined,
): Promise<readonly Notice[]> {
  const customerId = uuidv7()
  const enqueued: Notice[] = []
  const tell = tellSolved(
    {
      identity: {
        customersByIds: async () => new Map(customer ? [[customerId, customer as Customer]] : []),
      },
      notices: { enqueue: async (_tx, notices) => void enqueued.push(...notices), wake: () => undefined },
    },
    'https://wallet.tuntas.example',
  )
  await tell({} as Transaction, { customerId, conversationId, caseNumber: 'C-20418', outcome })
  return enqueued
}

const ends: Record<CaseOutcome, readonly [string, string, string]> = {
  solved: ['is solved', 'sudah selesai', '已解决'],
  money_returned: ['The money is back', 'Uangnya sudah kembali', '钱已退回'],
  shop_delivered: ['The shop has the payment', 'Toko sudah menerima pembayaran', '店家已收到付款'],
  explained: ['explained in the chat', 'Penjelasannya ada di chat', '已说明'],
  not_possible: ['not possible', 'tidak memungkinkan', '无法办到'],
  withdrawn: ['was withdrawn', 'ditarik kembali', '已撤回'],
}

test.each(
  (Object.keys(ends) as CaseOutcome[]).flatMap((outcome) =>
    locales.map((locale) => [outcome, locale] as const),
  ),
)(
  '%s in %s says how it ended and where it can be rated or said not to be solved',
  async (outcome, locale) => {
    const [notice, ...others] = await told(outcome, { locale, phone: '+628123456789' })
    expect(others).toEqual([])
    expect(notice).toMatchObject({ channel: 'sms', to: '+628123456789', locale })
    const { text } = renderNotice(notice!.template, locale, { ...notice!.values })
    expect(text).toContain(ends[outcome][locales.indexOf(locale)])
    expect(text).toContain('C-20418')
    expect(text).toMatch({ en: /not solved/, 'id-ID': /belum selesai/, 'zh-CN': /还没有解决/ }[locale])
    expect(text.endsWith(`https://wallet.tuntas.example/help/chat/${conversationId}`)).toBe(true)
  },
)

test('goes to every contact, and to nobody who is gone', async () => {
  const both = await told('solved', { locale: 'en', phone: '+628123456789', email: 'ratna@example.test' })
  expect(both.map(({ channel, to }) => [channel, to])).toEqual([
    ['sms', '+628123456789'],
    ['email', 'ratna@example.test'],
  ])
  expect(await told('solved', undefined)).toEqual([])
})

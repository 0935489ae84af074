// The shopkeeper's bank account: read and given over the shop's signed API; what is typed wrongly never leaves the page.
import { beforeEach, expect, it, vi } from 'vitest'
import { setStage } from './for-tests.ts'

const stage = setStage()
const { form, read } = stage
vi.setConfig({ testTimeout: 40_000 })
const page = '/shop/buku-pelangi/account'
const account = '/merchant/v1/settlements/account'

beforeEach(() => {
  stage.product.calls = []
  stage.product.answers = {}
})
const given = () => stage.product.to(account).filter(({ body }) => body)
const good = { bankCode: '9990001', accountNumber: '7015 5512-34', name: '  Toko <Uji> ' }

it('shows where the money goes and what the bank did, escaped, in three languages', async () => {
  for (const [lang, words] of [
    ['id', ['Rekening bank toko', 'Bank menolak pengiriman terakhir']],
    ['en', ['The shop’s bank account', 'The bank refused the last pay-out']],
    ['zh', ['本店银行账户', '银行拒收了上一笔汇款']],
  ] as const) {
    const shown = await read(`${page}?lang=${lang}`)
    for (const word of words) expect(shown).toContain(word)
    expect(shown).toContain('7007 7888 43')
    expect(shown).toContain('Rp\u00a0430.466')
    expect(shown).toContain('data-pay-out="ST-7Q2M-93TD" data-state="refused"')
    expect(shown).toContain('4041811 &lt;Invalid&gt; Account')
    expect(shown).not.toContain('<Pelangi>')
  }
  expect(stage.product.calls.every(({ isSigned }) => isSigned)).toBe(true)
})

it('gives another account as the shop’s own signed request, once, and goes back to the page', async () => {
  const answer = await form(page, good)
  expect([answer.status, answer.headers.get('location')]).toEqual([303, page])
  expect(given()).toMatchObject([
    { isSigned: true, body: { bankCode: '9990001', accountNumber: '7015551234', name: 'Toko <Uji>' } },
  ])
})

it.each([
  ['letters in the number', { accountNumber: '70-ABC' }, 'digits only'],
  ['a short number', { accountNumber: '1234' }, 'digits only'],
  ['no name', { name: '  ' }, 'Write the name'],
  ['an unknown bank', { bankCode: '123' }, ''],
])('%s is said beside the field, keeps what was typed, and is not sent', async (_name, wrong, words) => {
  const answer = await form(`${page}?lang=en`, { ...good, ...wrong })
  expect(answer.status).toBe(422)
  const shown = await answer.text()
  expect(shown).toContain(words)
  expect(shown).toContain('aria-invalid')
  expect(given()).toEqual([])
})

it('says when Tuntas refuses it, and when nobody knows whether it arrived', async () => {
  stage.product.answers[account] = [409]
  const refused = await form(`${page}?lang=en`, good)
  expect(refused.status).toBe(422)
  expect(await refused.text()).toContain('Tuntas did not take it: merchant_blocked')
  stage.product.answers[account] = ['drop']
  const lost = await form(`${page}?lang=en`, good)
  expect(lost.status).toBe(503)
  expect(await lost.text()).toContain('Nothing has changed; send it again')
  stage.product.answers['/merchant/v1/settlements?limit=8'] = ['drop']
  expect(await read(`${page}?lang=en`)).toContain('Tuntas does not answer')
})

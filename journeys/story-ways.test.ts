// Other ways of the same story: a shop that agrees at once, in Indonesian on the phone, with nobody but the helper; and a shop
// that stays silent for days and was paid out meanwhile, in English at a desk, where an agent decides alone: it is little money.
import { expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { bagus, signInAtConsole } from './lib/agent.ts'
import { freeOfShop, moneyBack } from './lib/books.ts'
import { andi, balanceMinor, customerPin, payWithPin, ratna, signIn } from './lib/customer.ts'
import { bringMoney, messagesTo, moveTime, orderAt, setSwitches, shopOrder } from './lib/sandbox.ts'
import { desk, phone, setStage } from './lib/stage.ts'
import { rupiah, wordsOf, type Language } from './lib/words.ts'

const stage = setStage()
const patience = { timeout: 20_000 }
const threeDays = 3 * 24 * 60

/** Pays Rp 77.000 to a shop that hears of it, and opens a talk about it out of the movement's page. */
async function payAndAsk(page: Page, language: Language) {
  const { product } = stage
  const words = wordsOf('wallet', language)
  const order = await orderAt(product, page, 'buku-pelangi', { 'bulan-sawah': 1 })
  await payWithPin(page, language, customerPin)
  await page.getByTestId('pay-paid').waitFor()
  await page.getByRole('button', { name: words('pay.stay') }).click()
  await page.getByRole('link', { name: words('pay.see_money') }).click()
  await page.getByText(words('sentence.payment_completed.title')).waitFor(patience)
  const payment = page.url().split('/').at(-1)!
  await page.getByRole('link', { name: words('transaction.help') }).click()
  await page.waitForURL('**/help/chat/*')
  const talk = page.url()
  await page.getByRole('button', { name: words('diagnosis.choice.ask_money_back') }).click()
  return { order, payment, talk, words }
}

/** Sends the form that stands open, and answers the refund's reference. */
async function sendForm(page: Page, reason: string): Promise<string> {
  await page.getByText(reason).click()
  await page.locator('.refund-form button[type=submit]').click()
  await page.waitForURL('**/transactions/RF-*')
  return page.url().split('/').at(-1)!
}

it('in Indonesian on the phone: the shop agrees, the money is back, the talk closes by itself and is rated', async () => {
  const { product } = stage
  const { page } = await stage.open('customer', { language: 'id', size: phone })
  await signIn(product, page, 'id', ratna.contact)
  const before = await balanceMinor(product, page)
  const told = (await messagesTo(product, ratna.contact)).length
  await setSwitches(product, { shop: { up: true, refunds: 'agree' } })
  const { order, payment, talk, words } = await payAndAsk(page, 'id')
  const refund = await sendForm(page, words('refund.reason.wrong_or_broken'))

  await page.locator('.refund-head').getByText(words('refund.state.paid')).waitFor(patience)
  await page.getByText(words('refund.paid.title', { amount: rupiah(77_000) })).waitFor()
  expect(await balanceMinor(product, page)).toBe(before)
  expect(await moneyBack(product, payment, refund)).toMatchObject({ times: 1, leftOutMinor: 0n })
  await expect
    .poll(async () => (await shopOrder(product, 'buku-pelangi', order.number)).state, patience)
    .toBe('refunded')
  // Who does not look at the page hears of it by notice.
  await expect
    .poll(async () => (await messagesTo(product, ratna.contact)).length, patience)
    .toBeGreaterThan(told)

  await page.goto(talk)
  const closing = page.getByRole('region', { name: words('chat.outcome') })
  await closing.getByText(words('chat.outcome.money_returned')).waitFor(patience)
  await closing.getByText(words('chat.outcome.by_helper')).waitFor()
  await closing.getByLabel(words('chat.rate.score', { score: 5 })).check({ force: true })
  await closing.getByRole('button', { name: words('chat.rate.send'), exact: true }).click()
  await closing.getByText(words('chat.rate.thanks', { score: 5 })).waitFor()
})

it('in English at a desk: the shop stays silent, an agent decides alone after its deadline, and its money is waited for', async () => {
  const { product } = stage
  const en = wordsOf('console', 'en')
  const { page, context, complaints } = await stage.open('customer', { language: 'en', size: desk })
  await signIn(product, page, 'en', andi.contact)
  await bringMoney(product, page, 30_000_000n)
  const before = await balanceMinor(product, page)
  await setSwitches(product, { shop: { up: true, refunds: 'silent' } })
  const { payment, words } = await payAndAsk(page, 'en')
  const refund = await sendForm(page, words('refund.reason.not_received'))
  const head = page.locator('.refund-head')
  await head.getByText(words('refund.state.asking_shop')).waitFor()

  // So long after, the customer signs in again.
  complaints.expect(401, '/api/')
  complaints.expect(401, '/live')
  await page.goto('about:blank')
  await moveTime(product, threeDays)
  await signIn(product, page, 'en', andi.contact)
  await page.goto(`${product.customersUrl}/transactions/${refund}`)
  await head.getByText(words('refund.state.in_review')).waitFor(patience)
  // Meanwhile the shop was paid out, by a job that takes its time on a busy machine.
  await expect.poll(async () => (await freeOfShop(product, 'Buku Pelangi')) < 7_700_000n, patience).toBe(true)
  const agent = await stage.open('agent', { language: 'en', size: desk })
  await signInAtConsole(product, agent.page, 'en', bagus.email)
  await agent.page
    .getByRole('navigation', { name: en('rail.label') })
    .getByTitle(en('decisions.title'))
    .click()
  const row = agent.page.locator('.work-row').filter({ hasText: refund })
  await row.getByText(en('decision.why.shop_silent')).waitFor()
  await row.click()
  const grant = en('decision.way.grant', { amount: rupiah(77_000) })
  await agent.page.getByRole('button', { name: grant }).click()
  await agent.page.getByLabel(en('decision.note')).fill('Two working days without an answer.')
  await agent.page.locator('.note-form').getByRole('button', { name: grant }).click()
  // The refund waits until the shop has earned something again, and says so.
  await agent.page.getByText(en('decision.done.grant.waiting_for_funds')).waitFor()
  await head.getByText(words('refund.state.waiting_for_funds')).waitFor(patience)
  expect(await balanceMinor(product, page)).toBe(before - 7_700_000n)

  const tab = await context.newPage()
  const next = await orderAt(product, tab, 'buku-pelangi', { rempah: 1 })
  await payWithPin(tab, 'en', customerPin)
  await tab.getByTestId('pay-paid').waitFor()
  await expect
    .poll(async () => (await shopOrder(product, 'buku-pelangi', next.number)).state, patience)
    .toBe('paid')
  await tab.close()
  await moveTime(product, 16)
  await head.getByText(words('refund.state.paid')).waitFor(patience)
  expect(await balanceMinor(product, page)).toBe(before - 11_600_000n)
  expect(await moneyBack(product, payment, refund)).toMatchObject({ times: 1, leftOutMinor: 0n })
})

// The story of a payment that its shop never heard of, arrow by arrow, and how each arrow is told when a process dies at it.
// `done`: the product has done it and its answer is lost. `asked`: it dies as the request arrives. Whichever it is, the
// people only do what their screens let them do, and nobody reloads a page.
import { expect } from 'vitest'
import type { Page, Route } from 'playwright-core'
import { moneyBack, thread } from './books.ts'
import { balanceMinor, customerPin, payWithPin } from './customer.ts'
import { untilAnswered, type StaffMember } from './desk-api.ts'
import type { Line } from './line.ts'
import type { Product } from './product.ts'
import { moveTime, orderAt, setSwitches, shopOrder } from './sandbox.ts'
import type { Window } from './stage.ts'
import { wordsOf, type Language, type Words } from './words.ts'

const shop = 'buku-pelangi'
/** Above what one member of staff may grant alone. */
const goods = { 'kebun-nenek': 4 }
export const paidMinor = 54_000_000n
const patience = { timeout: 60_000 }

export interface Death {
  when: 'asked' | 'done'
  /** Kills, and starts the product again. */
  strike(): Promise<void>
}

export interface Telling {
  product: Product
  window: Window
  line: Line
  language: Language
  words: Words
  agent: StaffMember
  lead: StaffMember
  before: bigint
  order: string
  payment: string
  conversationId: string
  refund: string
}

export interface Arrow {
  name: string
  go(telling: Telling, death: Death | undefined): Promise<void>
}

/** The shop is down, an order is paid, and its page stands open. */
export async function begin(
  product: Product,
  window: Window,
  line: Line,
  language: Language,
  staff: { agent: StaffMember; lead: StaffMember },
): Promise<Telling> {
  const { page } = window
  const words = wordsOf('wallet', language)
  await setSwitches(product, { shop: { up: false } })
  const before = await balanceMinor(product, page)
  const { number } = await orderAt(product, page, shop, goods)
  await payWithPin(page, language, customerPin)
  await page.getByTestId('pay-paid').waitFor()
  await page.getByRole('button', { name: words('pay.stay') }).click()
  await page.getByRole('link', { name: words('pay.see_money') }).click()
  await page.waitForURL('**/transactions/TN-*')
  const payment = page.url().split('/').at(-1)!
  await page.locator('.trace li.stuck').waitFor()
  return {
    product,
    window,
    line,
    language,
    words,
    ...staff,
    before,
    payment,
    order: number,
    conversationId: '',
    refund: '',
  }
}

/** The customer presses something that sends a request; `act` presses, `match` knows the request. */
async function press(page: Page, match: string, death: Death | undefined, act: () => Promise<void>) {
  if (!death) return act()
  let struck: Promise<void> | undefined
  const onRequest = async (route: Route) => {
    if (struck || route.request().method() !== 'POST') return route.fallback()
    const answer = route.fetch().catch(() => undefined)
    if (death.when === 'done') expect((await answer)?.ok()).toBe(true)
    struck = death.strike()
    return route.abort('connectionreset')
  }
  await page.route(match, onRequest)
  await act()
  await expect.poll(() => struck !== undefined, patience).toBe(true)
  await struck
  await page.unroute(match, onRequest)
}

/** Somebody without a window asks for something: the asking goes on until there is an answer. */
async function ask(death: Death | undefined, work: () => Promise<unknown>): Promise<void> {
  const asking = work()
  // Judged below: a refusal that comes while the product starts again must not be nobody's.
  asking.catch(() => undefined)
  if (death?.when === 'done') await asking
  await death?.strike()
  await asking
}

/** The refund's page says so by itself. */
const says = ({ window, words }: Telling, state: string) =>
  window.page
    .locator('.refund-head')
    .getByText(words(`refund.state.${state}`))
    .waitFor(patience)

const opened: Arrow = {
  name: 'the diagnosis',
  async go(telling, death) {
    const { page } = telling.window
    const { words } = telling
    await press(page, '**/api/conversations', death, () =>
      page.getByRole('link', { name: words('transaction.help') }).click(),
    )
    // Opening is asked again with the button that the page offers; asked again it is the same conversation.
    const again = page.getByRole('button', { name: words('try_again') })
    const choice = page.getByRole('button', { name: words('diagnosis.choice.ask_money_back') })
    await again.or(choice).first().waitFor(patience)
    if (await again.isVisible()) await again.click()
    await choice.waitFor(patience)
    telling.conversationId = page.url().split('/').at(-1)!
  },
}

export const said = 'Toko bilang belum terima uangnya. Kartu saya 4111 1111 1111 1111.'
const kept = 'Toko bilang belum terima uangnya.'
const written: Arrow = {
  name: 'the message',
  async go({ product, window, line, words, conversationId }, death) {
    const { page } = window
    const stored = async () =>
      (await thread(product, conversationId)).filter(({ text }) => text.startsWith(kept)).length
    await page.getByLabel(words('chat.write')).fill(said)
    if (death?.when === 'done') line.goDeaf()
    const sent = line.says(/"t":"send"/)
    await page.getByRole('button', { name: words('chat.send') }).click()
    await sent
    if (death?.when === 'done') await expect.poll(stored, patience).toBe(1)
    await death?.strike()
    await page.getByText(words('talk.sending')).waitFor({ state: 'detached', ...patience })
    await expect.poll(stored, patience).toBe(1)
    expect(await page.locator('.bub').filter({ hasText: kept }).count()).toBe(1)
  },
}

const asked: Arrow = {
  name: 'asking for the money back',
  async go(telling, death) {
    const { window, words } = telling
    const { page } = window
    await page.getByRole('button', { name: words('diagnosis.choice.ask_money_back') }).click()
    await page.getByText(words('refund.reason.shop_has_nothing')).click()
    await press(page, '**/api/refunds', death, () => page.locator('.refund-form button[type=submit]').click())
    await page.waitForURL('**/transactions/RF-*', patience)
    telling.refund = page.url().split('/').at(-1)!
    await says(telling, 'asking_shop')
  },
}

const refundsAtShop = (product: Product) =>
  untilAnswered<string>(async () => {
    const answer = await fetch(`${product.sandboxUrl}/shop/${shop}/refunds/content`)
    return new Response(JSON.stringify(await answer.text()), { status: answer.status })
  })

const told: Arrow = {
  name: 'the shop is asked',
  async go({ product, refund }, death) {
    await death?.strike()
    await expect
      .poll(() => refundsAtShop(product), patience)
      .toContain(`data-refund="${refund}" data-state="asking_shop"`)
  },
}

const answered: Arrow = {
  name: 'the shop answers',
  async go(telling, death) {
    const { product, refund } = telling
    await ask(death, () =>
      untilAnswered(() =>
        fetch(`${product.sandboxUrl}/shop/${shop}/refunds/${refund}`, {
          method: 'POST',
          redirect: 'manual',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({ answer: 'refuse' }),
        }).then((answer) => (answer.status === 303 ? new Response('', { status: 200 }) : answer)),
      ),
    )
    await says(telling, 'in_review')
  },
}

const granted: Arrow = {
  name: 'staff grants it',
  async go(telling, death) {
    const { agent, refund } = telling
    const note = 'The shop has no payment; the ledger says so too.'
    await agent.prove()
    await ask(death, () => agent.post(`/api/refunds/${refund}/decide`, { decision: 'grant', note }))
    await says(telling, 'awaiting_approval')
  },
}

const approved: Arrow = {
  name: 'a second person approves',
  async go(telling, death) {
    const { lead, refund } = telling
    const { approvals } = await lead.get<{
      approvals: { id: string; reference: string; payloadHash: string }[]
    }>('/api/approvals?view=waiting')
    const { id, payloadHash } = approvals.find(({ reference }) => reference === refund)!
    await lead.prove()
    await ask(death, () => lead.post(`/api/approvals/${id}/approve`, { payloadHash }))
    await says(telling, 'paid')
  },
}

const paidBack: Arrow = {
  name: 'the money is back',
  async go({ product, window, payment, refund, before }, death) {
    await death?.strike()
    await expect.poll(() => balanceMinor(product, window.page).catch(() => 0n), patience).toBe(before)
    expect(await moneyBack(product, payment, refund)).toMatchObject({ times: 1 })
  },
}

const superseded: Arrow = {
  name: 'the shop is up and hears what is true now',
  async go({ product, order }, death) {
    await setSwitches(product, { shop: { up: true } })
    await moveTime(product, 5)
    await death?.strike()
    const state = () => shopOrder(product, shop, order).catch(() => undefined)
    await expect.poll(async () => (await state())?.state, patience).toBe('refunded')
    const types = (await state())!.webhooks.map(({ type }) => type)
    expect(types).toContain('refund.paid')
    expect(types).not.toContain('order.paid')
  },
}

const solved: Arrow = {
  name: 'the case is solved',
  async go({ product, window, lead, words, conversationId }, death) {
    const { page } = window
    if (!page.url().endsWith(conversationId)) {
      await page.goto(`${product.customersUrl}/help/chat/${conversationId}`)
      await page.getByLabel(words('chat.write')).waitFor()
    }
    const { cases } = await lead.get<{ cases: { id: string; conversationId: string }[] }>(
      '/api/cases?view=team&limit=100',
    )
    const record = cases.find((each) => each.conversationId === conversationId)!
    await ask(death, () => lead.post(`/api/cases/${record.id}/solve`, { outcome: 'money_returned' }))
    await page.getByText(words('chat.outcome.money_returned')).waitFor(patience)
  },
}

const rated: Arrow = {
  name: 'the customer rates it',
  async go({ window, words }, death) {
    const { page } = window
    const thanks = page.getByText(words('chat.rate.thanks', { score: 5 }))
    const send = page.locator('.closing').getByRole('button', { name: words('chat.rate.send'), exact: true })
    await page.getByLabel(words('chat.rate.score', { score: 5 })).check()
    await press(page, '**/rate', death, () => send.click())
    // Nobody presses twice: the page finds out by itself.
    await thanks.waitFor(patience)
  },
}

/** In the order in which they are told. */
export const arrows: readonly Arrow[] = [
  opened,
  written,
  asked,
  told,
  answered,
  granted,
  approved,
  paidBack,
  superseded,
  solved,
  rated,
]

// The shop's server is down, so a payment never arrives. The customer sees where it hangs, asks for it back in the talk, the
// shop refuses, an agent grants it, a second person approves it, and the money is back: told in Chinese on the phone, with
// an agent, a lead and a shopkeeper at windows of their own. Nobody reloads a page.
import { expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import {
  bagus,
  dewi,
  leaveTheFloor,
  queueRow,
  sari,
  signInAtConsole,
  typePasswordAgain,
} from './lib/agent.ts'
import { moneyBack, thread } from './lib/books.ts'
import { balanceMinor, customerPin, meiling, payWithPin, signIn } from './lib/customer.ts'
import { bringMoney, moveTime, orderAt, setSwitches, shopOrder } from './lib/sandbox.ts'
import { desk, phone, setStage, type Window } from './lib/stage.ts'
import { photographed, secrets } from '#platform/pictures-for-tests.ts'
import { pattern, rupiah, wordsOf } from './lib/words.ts'

const stage = setStage({ keepsWindows: true })
const zh = wordsOf('wallet', 'zh')
const en = wordsOf('console', 'en')
const patience = { timeout: 60_000 }
const amount = rupiah(540_000)
let customer: Window
let agent: Window
let lead: Window
let shopkeeper: Window
let before: bigint
let orderNumber: string
let payment: string
let conversation: string
let refund: string

const bubble = (page: Page, text: string) => page.locator('.bub').filter({ hasText: text })
const inMoney = (page: Page) => page.getByRole('region', { name: en('money.panel') })
/** Along the rail, as a person does who is done with the panel that is open. */
async function goTo(page: Page, place: 'cases' | 'decisions' | 'approvals'): Promise<void> {
  const panel = page.getByRole('dialog')
  if (await panel.isVisible()) await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'detached' })
  await page
    .getByRole('navigation', { name: en('rail.label') })
    .getByTitle(en(`${place}.title`))
    .click()
}
/** As a phone takes it, with place and camera in it. */
async function addPicture(page: Page): Promise<void> {
  const file = { name: 'IMG_0001.jpg', mimeType: 'image/jpeg', buffer: photographed() }
  await page.getByTestId('attach-input').setInputFiles(file)
  await page.getByText(zh('attach.done')).waitFor()
}
/** Opens the newest picture large, and closes it again. */
async function lookAtPicture(page: Page): Promise<void> {
  await page.locator('button.file-tile').last().click()
  await page.locator('.file-large[data-loaded=true]').waitFor()
  await page.keyboard.press('Escape')
  await page.locator('.file-large').waitFor({ state: 'detached' })
}
const refundSays = (page: Page, state: string) =>
  page
    .locator('.refund-head')
    .getByText(zh(`refund.state.${state}`))
    .waitFor(patience)

it('the wallet says completed, the shop has nothing, and the trace says where it hangs', async () => {
  const { product } = stage
  customer = await stage.open('customer', { language: 'zh', size: phone })
  agent = await stage.open('agent', { language: 'en', size: desk })
  lead = await stage.open('lead', { language: 'en', size: desk })
  shopkeeper = await stage.open('shopkeeper', { language: 'id', size: phone })
  await leaveTheFloor(product, sari.email)
  await signInAtConsole(product, agent.page, 'en', bagus.email)
  await signInAtConsole(product, lead.page, 'en', dewi.email)

  await setSwitches(product, { shop: { up: false } })
  const { page } = customer
  await signIn(product, page, 'zh', meiling.contact)
  await bringMoney(product, page, 60_000_000n)
  before = await balanceMinor(product, page)
  const order = await orderAt(product, page, 'buku-pelangi', { 'kebun-nenek': 4 })
  orderNumber = order.number
  await shopkeeper.page.goto(order.shopPage)
  await payWithPin(page, 'zh', customerPin)
  await page.getByTestId('pay-paid').waitFor()
  await page.getByRole('button', { name: zh('pay.stay') }).click()
  await page.getByRole('link', { name: zh('pay.see_money') }).click()
  await page.waitForURL('**/transactions/TN-*')
  payment = page.url().split('/').at(-1)!
  await shopkeeper.page.locator('[data-state=waiting]').waitFor()

  const hop = page.locator('.trace li.stuck')
  await hop.waitFor()
  const words = await hop.innerText()
  for (const id of ['trace.hop.shop_told.open', 'trace.owner.shop', 'trace.next_try', 'trace.until'])
    expect(words).toContain(zh(id))
  // A second try fails too, and the page counts it by itself.
  await moveTime(product, 1)
  await expect.poll(() => hop.innerText(), patience).toMatch(/2/)
})

it('help opens a talk with the payment and its diagnosis; nothing is typed twice, no card number is kept', async () => {
  const { page } = customer
  await page.getByRole('link', { name: zh('transaction.help') }).click()
  await page.waitForURL('**/help/chat/*')
  conversation = page.url().split('/').at(-1)!
  const choices = page.getByRole('group', { name: zh('chat.choices') })
  for (const choice of ['wait_with_notice', 'ask_shop_again', 'ask_money_back', 'person'])
    await choices.getByRole('button', { name: zh(`diagnosis.choice.${choice}`) }).waitFor()
  await page.getByLabel(zh('chat.write')).fill('店家说没有收到。我的卡号是 4111 1111 1111 1111。')
  await page.getByRole('button', { name: zh('chat.send') }).click()
  await bubble(page, '店家说没有收到').waitFor()
  await page.getByText(zh('talk.sending')).waitFor({ state: 'detached' })
  await expect.poll(() => bubble(page, '店家说没有收到').innerText(), patience).toContain('▮▮▮▮')
  expect(await page.locator('body').innerText()).not.toContain('4111')
})

it('a picture goes into the talk without place and camera; it opens large in the page', async () => {
  const { page, context } = customer
  await addPicture(page)
  await page.getByRole('button', { name: zh('chat.send') }).click()
  await page.locator('.bub .file-tile img').waitFor()
  await page.getByText(zh('talk.sending')).waitFor({ state: 'detached' })
  await lookAtPicture(page)
  const address = await page.locator('.bub .file-tile img').getAttribute('src')
  const kept = await (await context.request.get(`${stage.product.customersUrl}${address}`)).body()
  expect(secrets.filter((secret) => kept.includes(secret))).toEqual([])
})

it('the agent has the case within a second: the talk, the masked customer, the diagnosis, the live trace', async () => {
  const { page } = agent
  const row = queueRow(page, meiling.name, amount)
  await row.waitFor({ timeout: 60_000 })
  await row.click()
  await bubble(page, '店家说没有收到').waitFor()
  expect(await page.locator('body').innerText()).not.toContain('4111')
  const pane = page.getByRole('complementary', { name: en('customer.label') })
  await pane.getByText('+62 813 •••• 2290').waitFor()
  await inMoney(page).locator('.trace li.stuck').waitFor()
  await page.getByText(en('diagnosis.card')).first().waitFor()
  // The trace and the diagnosis came in above: the newest words still stand in sight.
  const hiddenBelow = () =>
    page
      .locator('.case-talk-scroll')
      .evaluate(
        (talk: { scrollHeight: number; scrollTop: number; clientHeight: number }) =>
          talk.scrollHeight - talk.scrollTop - talk.clientHeight,
      )
  await expect.poll(hiddenBelow, patience).toBeLessThan(48)
  const sign = await pane.locator('.sign-box').innerText()
  expect(await customer.page.locator('.chat-sign').innerText()).toContain(/\d{2}/.exec(sign)![0])

  await lookAtPicture(page)

  // The looks at the money and the picture stand in the customer's own list, with their reason.
  const looks = await customer.context.newPage()
  await looks.goto(`${stage.product.customersUrl}/account/looks`)
  for (const field of ['money', 'file'])
    await looks
      .getByText(zh(`looks.line.${field}`, { name: bagus.name }))
      .first()
      .waitFor()
  await looks.close()
})

it('the customer asks for the money back out of the talk, and the shop is asked', async () => {
  const { page } = customer
  await page.getByRole('button', { name: zh('diagnosis.choice.ask_money_back') }).click()
  await page.getByText(zh('refund.reason.shop_has_nothing')).click()
  await addPicture(page)
  await page.locator('.refund-form button[type=submit]').click()
  await page.waitForURL('**/transactions/RF-*')
  refund = page.url().split('/').at(-1)!
  await refundSays(page, 'asking_shop')
  await page.locator('.file-tile img').waitFor()
  await agent.page
    .getByText(pattern('console', 'en', 'fact.refund_asked'))
    .first()
    .waitFor(patience)

  await shopkeeper.page.goto(`${stage.product.sandboxUrl}/shop/buku-pelangi/refunds`)
  const request = shopkeeper.page.locator(`[data-refund="${refund}"]`)
  await request.getByText(rupiah(540_000)).waitFor()
  await request.locator('button.refuse').click()
  await request.getByText('Toko menolak.').waitFor()
  await refundSays(page, 'in_review')
  expect(await balanceMinor(stage.product, page)).toBe(before - 54_000_000n)
})

it('an agent grants it with a note; above the limit a second person must approve', async () => {
  const { page } = agent
  await goTo(page, 'decisions')
  await page.locator('.work-row').filter({ hasText: refund }).click()
  await lookAtPicture(page)
  await page.getByRole('button', { name: en('decision.way.grant', { amount }) }).click()
  await page.getByLabel(en('decision.note')).fill('The shop has no payment; the ledger says so too.')
  await page
    .locator('.note-form')
    .getByRole('button', { name: en('decision.way.grant', { amount }) })
    .click()
  await typePasswordAgain(page, 'en')
  await page.getByText(en('decision.done.grant.awaiting_approval')).waitFor()
  await refundSays(customer.page, 'awaiting_approval')
  // A look at money outside of a case stands in the customer's list too.
  const looks = await customer.context.newPage()
  await looks.goto(`${stage.product.customersUrl}/account/looks`)
  await looks
    .getByText(zh('looks.reason', { reason: zh('looks.reason.decision') }))
    .first()
    .waitFor()
  await looks.close()
  expect(await balanceMinor(stage.product, customer.page)).toBe(before - 54_000_000n)

  // Who granted it sees it wait, and has no button for it.
  await goTo(page, 'approvals')
  await page.locator('.work-row').filter({ hasText: meiling.name }).click()
  await page.getByText(en('approval.waits_for_another')).waitFor()
  expect(await page.getByRole('button', { name: en('approval.approve', { amount }) }).count()).toBe(0)
})

it('the lead approves exactly what is shown, and the money is back on every screen', async () => {
  const { page } = lead
  await goTo(page, 'approvals')
  await page.locator('.work-row').filter({ hasText: meiling.name }).click()
  await page.getByText(en('approval.you_decide'), { exact: true }).waitFor()
  // What would overtake the decision is said beside it.
  await page.getByText(en('decision.returns'), { exact: true }).waitFor()
  // The picture belongs to what is approved.
  await page.getByText(en('approval.row.evidence')).first().waitFor()
  await lookAtPicture(page)
  const approve = page.getByRole('button', { name: en('approval.approve', { amount }) })
  await approve.dblclick()
  // Nothing is done without the password; a wrong one does nothing either.
  const dialog = page.getByRole('dialog', { name: en('presence.title') })
  lead.complaints.expect(403, '/api/me/presence')
  await page.keyboard.type('ruang-loket-43')
  await page.keyboard.press('Enter')
  await dialog.getByText(en('error.password_wrong.title')).waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await page.getByText(en('approval.you_decide'), { exact: true }).waitFor()
  await approve.click()
  await typePasswordAgain(page, 'en')
  await page.getByText(en('approval.state.approved')).first().waitFor()
  await refundSays(customer.page, 'paid')
  await agent.page.getByText(en('approval.state.approved')).first().waitFor(patience)
  await customer.page.getByText(zh('refund.paid.title', { amount })).waitFor()
  expect(await balanceMinor(stage.product, customer.page)).toBe(before)
  expect(await moneyBack(stage.product, payment, refund)).toEqual({
    times: 1,
    amountMinor: 54_000_000n,
    leftOutMinor: 0n,
  })
})

it('the statement explains it: out, back, and it adds up', async () => {
  const { page } = customer
  await page.getByRole('link', { name: zh('refund.paid.statement') }).click()
  await page.getByRole('heading', { name: zh('statement.title') }).waitFor()
  await page
    .getByText(zh('statement.kind.payment', { party: 'Buku Pelangi' }))
    .first()
    .waitFor()
  await page
    .getByText(zh('statement.kind.refund', { party: 'Buku Pelangi' }))
    .first()
    .waitFor()
  expect(await page.getByRole('link', { name: zh('statement.tell') }).count()).toBe(0)
})

it('the shop is up again: it hears of the refund, never that the order was paid', async () => {
  await shopkeeper.page.goto(`${stage.product.sandboxUrl}/shop/buku-pelangi/orders/${orderNumber}`)
  await setSwitches(stage.product, { shop: { up: true } })
  await moveTime(stage.product, 5)
  await shopkeeper.page.locator('[data-state=refunded]').waitFor(patience)
  const types = (await shopOrder(stage.product, 'buku-pelangi', orderNumber)).webhooks.map(({ type }) => type)
  expect(types).toContain('refund.paid')
  expect(types).not.toContain('order.paid')
})

it('the agent solves the case, the customer rates it, says that it is not solved, and a supervisor has it', async () => {
  const { page } = customer
  await page.goto(`${stage.product.customersUrl}/help/chat/${conversation}`)
  await bubble(page, '店家说没有收到').waitFor()
  await goTo(agent.page, 'cases')
  await queueRow(agent.page, meiling.name, amount).click()
  // With the case the reason to look at the money ends.
  agent.complaints.expect(403, '/money/')
  await agent.page.getByRole('button', { name: en('action.solve') }).click()
  await agent.page.getByRole('button', { name: en('solve.submit') }).click()
  const closing = page.getByRole('region', { name: zh('chat.outcome') })
  await closing.waitFor(patience)
  await closing.getByLabel(zh('chat.rate.score', { score: 4 })).check({ force: true })
  await closing.getByRole('button', { name: zh('chat.rate.send'), exact: true }).click()
  await closing.getByText(zh('chat.rate.thanks', { score: 4 })).waitFor()

  await closing.getByRole('button', { name: zh('chat.not_solved') }).click()
  await page.getByLabel(zh('chat.reopen.field')).fill('店家还把订单显示为未付款。')
  await page.getByRole('button', { name: zh('chat.reopen.send') }).click()
  await bubble(page, '店家还把订单显示为未付款').waitFor()
  await goTo(lead.page, 'cases')
  await lead.page.getByRole('link', { name: en('queue.view.team') }).click()
  const row = queueRow(lead.page, meiling.name, amount)
  await row.waitFor(patience)
  await row.click()
  await bubble(lead.page, '店家还把订单显示为未付款').waitFor()
  await lead.page.getByText(en('fact.case_not_solved')).first().waitFor()
  // Both read the same talk, and in it each step of the refund once.
  const said = (page: Page) => page.locator('.bub').allInnerTexts()
  expect(await said(lead.page)).toHaveLength((await said(page)).length)
  const facts = (await thread(stage.product, conversation)).flatMap(({ fact }) => fact ?? [])
  const steps = facts.filter((fact) => fact.startsWith('refund_'))
  expect(steps).toContain('refund_paid')
  expect(new Set(steps).size).toBe(steps.length)
})

// A payment hangs at the shop, the customer asks in Chinese on the phone, an agent answers in English at a desk.
// Both see the same money and the same talk, live, after a reload, and after the line was dead.
import { expect, it } from 'vitest'
import type { Locator, Page } from 'playwright-core'
import { bagus, leaveTheFloor, queueRow, sari, signInAtConsole } from './lib/agent.ts'
import { customerPin, meiling, payWithPin, signIn } from './lib/customer.ts'
import { moveTime, orderAt, setSwitches } from './lib/sandbox.ts'
import { lineOf, type Line } from './lib/line.ts'
import { desk, phone, setStage, type Window } from './lib/stage.ts'
import { rupiah, wordsOf } from './lib/words.ts'

/** So long what came into the place of a pressed button counts no press. */
const settleMs = 700

const stage = setStage({ keepsWindows: true })
const zh = wordsOf('wallet', 'zh')
const en = wordsOf('console', 'en')
const amount = rupiah(99_500)
let customer: Window
let agent: Window
let customerLine: Line
let agentLine: Line

const bubble = (page: Page, text: string) => page.locator('.bub').filter({ hasText: text })
/** What people said; the helper's diagnosis stands before it. */
const saidOn = (page: Page): Promise<string[]> => page.locator('.bub:not(.helper)').allInnerTexts()

async function customerWrites(text: string): Promise<void> {
  await customer.page.getByLabel(zh('chat.write')).fill(text)
  await customer.page.getByRole('button', { name: zh('chat.send') }).click()
}
async function agentWrites(text: string): Promise<void> {
  await agent.page.getByLabel(en('composer.placeholder', { name: meiling.name })).fill(text)
  await agent.page.getByRole('button', { name: en('composer.send') }).click()
}

it('the customer sees where the payment hangs, and asks about it', async () => {
  const { product } = stage
  customer = await stage.open('customer', { language: 'zh', size: phone })
  agent = await stage.open('agent', { language: 'en', size: desk })
  customerLine = await lineOf(customer.context)
  agentLine = await lineOf(agent.context)
  await leaveTheFloor(product, sari.email)
  await signInAtConsole(product, agent.page, 'en', bagus.email)

  await setSwitches(product, { shop: { up: false } })
  const { page } = customer
  await signIn(product, page, 'zh', meiling.contact)
  await orderAt(product, page, 'buku-pelangi', { 'laut-banda': 1 })
  await payWithPin(page, 'zh', customerPin)
  await page.getByTestId('pay-paid').waitFor()
  await page.getByRole('button', { name: zh('pay.stay') }).click()
  await page.getByRole('link', { name: zh('pay.see_money') }).click()

  // Stuck, in words: at which step, who must act, when it is tried again, what happens if not.
  const hop = page.locator('.trace li.stuck')
  await hop.waitFor()
  const words = await hop.innerText()
  for (const id of ['trace.hop.shop_told.open', 'trace.owner.shop', 'trace.next_try', 'trace.until'])
    expect(words).toContain(zh(id))
  await page.getByText(zh('sentence.payment_shop_silent_returns.title')).waitFor()

  await page.getByRole('link', { name: zh('transaction.help') }).click()
  await page.waitForURL('**/help/chat/*')
  await customerWrites('我付了钱，可是书店说没有收到。我的钱在哪里？')
  await bubble(page, '我的钱在哪里').waitFor()
})

it('the case comes up at the agent by itself, with the talk, the masked customer and the live trace', async () => {
  const { page } = agent
  const row = queueRow(page, meiling.name, amount)
  await row.waitFor({ timeout: 60_000 })
  expect(await row.innerText()).toContain(en('case.subject.payment_not_arrived'))
  await row.click()
  await bubble(page, '我的钱在哪里').waitFor()

  const pane = page.getByRole('complementary', { name: en('customer.label') })
  await pane.getByText('+62 813 •••• 2290').waitFor()
  expect(await page.locator('body').innerText()).not.toMatch(/5520/)
  const money = page.getByRole('region', { name: en('money.panel') })
  await money.locator('.trace li.stuck').waitFor()
  await money.getByText(en('trace.stuck_at', { hop: en('trace.desk.shop_told') })).waitFor()

  // The same sign on both sides: that is how the customer knows us.
  const sign = (await pane.locator('.sign-box .sign').getAttribute('aria-label')) ?? ''
  const number = /\d{2}/.exec(sign || (await pane.locator('.sign-box').innerText()))![0]
  expect(await customer.page.locator('.chat-sign').innerText()).toContain(number)
})

it('what each writes, the other sees at once, and both after a reload', async () => {
  await agentWrites('I see your payment. The shop has not answered us yet; we ask it again.')
  await bubble(customer.page, 'The shop has not answered us yet').waitFor({ timeout: 60_000 })
  await customer.page.getByRole('heading', { name: bagus.name }).waitFor()
  await customerWrites('好的，谢谢。要等多久？')
  await bubble(agent.page, '要等多久').waitFor({ timeout: 60_000 })

  for (const { page } of [customer, agent]) {
    const before = await saidOn(page)
    expect(before).toHaveLength(3)
    await page.reload()
    await bubble(page, '要等多久').waitFor()
    expect(await saidOn(page)).toEqual(before)
  }
})

it('a dead line on either side loses nothing and doubles nothing; a page that only waits says so too', async () => {
  const home = await customer.context.newPage()
  await home.goto(stage.product.customersUrl)
  await home.getByTestId('balance').waitFor()
  const noConnection = home.getByText(zh('offline.short')).first()
  await customer.complaints.whileBroken(() =>
    agent.complaints.whileBroken(async () => {
      await customerLine.cut()
      await customer.page.getByText(zh('chat.offline')).waitFor()
      await noConnection.waitFor({ timeout: 60_000 })
      await home.getByTestId('balance').waitFor()
      await customerWrites('我在地铁里写的。')
      await customer.page.getByText(zh('talk.sending')).waitFor()
      await agentWrites('It comes back by itself within two hours if the shop stays silent.')
      await bubble(agent.page, 'within two hours').waitFor()
      await customerLine.mend()
      await noConnection.waitFor({ state: 'detached', timeout: 60_000 })
      await home.close()
      await bubble(customer.page, 'within two hours').waitFor({ timeout: 60_000 })
      await bubble(agent.page, '地铁').waitFor({ timeout: 60_000 })

      await agentLine.cut()
      await agent.page.getByText(en('connection.offline')).waitFor()
      await agentWrites('Written while my line was dead.')
      await customerWrites('明白了。')
      await bubble(customer.page, '明白了').waitFor()
      await agentLine.mend()
      await bubble(agent.page, '明白了').waitFor({ timeout: 60_000 })
      await bubble(customer.page, 'Written while my line was dead').waitFor({ timeout: 60_000 })
    }),
  )
  const [there, here] = await Promise.all([saidOn(customer.page), saidOn(agent.page)])
  expect(there).toHaveLength(7)
  expect(new Set(there).size).toBe(7)
  expect(here).toEqual(there)
  await customer.page.reload()
  await bubble(customer.page, 'Written while my line was dead').waitFor()
  expect(await saidOn(customer.page)).toEqual(here)
})

it('C1 markup that somebody writes stands there as it was written, and does nothing, on both screens', async () => {
  const markup = '<img src="https://evil.example/x" onerror="document.title=\'taken\'"><b>tebal</b>'
  await customerWrites(markup)
  await bubble(agent.page, '<b>tebal</b>').waitFor({ timeout: 60_000 })
  await agentWrites(markup)
  await bubble(customer.page, '<b>tebal</b>').nth(1).waitFor({ timeout: 60_000 })
  for (const { page } of [customer, agent]) {
    expect((await saidOn(page)).filter((text) => text.includes(markup))).toHaveLength(2)
    expect(await page.locator('img[src*="evil.example"], .bub.customer b, .bub.agent b').count()).toBe(0)
    expect(await page.title()).not.toContain('taken')
  }
})

it('the agent opens the phone number with a reason, and the customer sees who looked and why', async () => {
  const looks = await customer.context.newPage()
  await looks.goto(`${stage.product.customersUrl}/account/looks`)
  await looks.getByText(zh('looks.body')).waitFor()

  const { page } = agent
  await page.getByRole('button', { name: en('masked.reveal_name', { name: en('field.phone') }) }).click()
  const dialog = page.getByRole('dialog')
  expect(await dialog.getByRole('button', { name: en('reveal.show') }).isDisabled()).toBe(true)
  await dialog.getByText(en('reason.call_back')).click()
  await dialog.getByRole('button', { name: en('reveal.show') }).click()
  await page.getByText('+62 813 5520 2290').waitFor()
  await page.locator('dd:focus', { hasText: '+62 813 5520 2290' }).waitFor()

  await looks
    .getByText(zh('looks.line', { name: bagus.name, field: zh('looks.field.phone') }))
    .first()
    .waitFor()
  await looks
    .getByText(zh('looks.reason', { reason: zh('looks.reason.call_back') }))
    .first()
    .waitFor()
  await looks.close()
})

it('the shop is back: the trace ends for both, without a reload', async () => {
  await setSwitches(stage.product, { shop: { up: true } })
  await moveTime(stage.product, 5)
  const money = agent.page.getByRole('region', { name: en('money.panel') })
  await money.locator('.trace li.stuck').waitFor({ state: 'detached', timeout: 60_000 })
  await money.locator('.trace li.done').nth(3).waitFor()
  expect(await money.getByText(amount).count()).toBeGreaterThan(0)
  await customer.page.locator('a[href^="/transactions/"]').first().click()
  await customer.page.getByText(zh('sentence.payment_completed.title')).waitFor()
  await customer.page.goBack()
})

it('a case is given back and taken by keys, and a double click on taking it does not give it back', async () => {
  const { page } = agent
  const [take, release] = [en('action.take'), en('action.release')].map((name) =>
    page.getByRole('button', { name }),
  ) as [Locator, Locator]
  // Giving back ends the reason to look at the money.
  agent.complaints.expect(403, '/money/')
  await release.focus()
  await page.keyboard.press('Enter')
  await page.locator('.case-actions button:focus', { hasText: en('action.take') }).waitFor()
  await page.waitForTimeout(settleMs)
  await page.keyboard.press('Enter')
  await page.locator('.composer textarea:focus').waitFor()
  await page.waitForTimeout(settleMs)
  await release.click()
  await take.waitFor()
  await page.waitForTimeout(settleMs)
  const place = (await take.boundingBox())!
  const [x, y] = [place.x + 20, place.y + place.height / 2]
  await page.mouse.click(x, y)
  await release.waitFor()
  await page.mouse.click(x, y)
  await page.waitForTimeout(settleMs)
  expect([await take.count(), await release.count()]).toEqual([0, 1])
})

it('nothing is closed over what the customer writes while the agent chooses the outcome', async () => {
  const { page } = agent
  await page.getByRole('button', { name: en('action.solve') }).click()
  const dialog = page.getByRole('dialog', { name: en('solve.title') })
  await dialog.waitFor()
  await customerWrites('等一下，还有一件事')
  await dialog.getByText(en('solve.written', { name: meiling.name })).waitFor({ timeout: 60_000 })
  expect(await dialog.getByRole('button', { name: en('solve.submit') }).isDisabled()).toBe(true)
  await dialog.getByRole('button', { name: en('solve.written.read') }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.locator('.case-talk-scroll:focus').waitFor()
  await bubble(page, '等一下').waitFor()
})

it('solved, and open again when the customer writes', async () => {
  // With the case the reason to look at the money ends, and comes back with it.
  agent.complaints.expect(403, '/money/')
  await agent.page.getByRole('button', { name: en('action.solve') }).click()
  await agent.page.getByRole('button', { name: en('solve.submit') }).click()
  await agent.page.getByText(en('composer.solved')).waitFor()
  await agent.page.getByText(en('money.solved')).waitFor()
  await customer.page.getByText(zh('chat.solved_note')).waitFor()
  await queueRow(agent.page, meiling.name, amount).waitFor({ state: 'detached' })
  await customerWrites('还有一个问题：发票在哪里？')
  await bubble(agent.page, '发票在哪里').waitFor({ timeout: 60_000 })
  await agent.page.getByText(en('fact.case_reopened')).waitFor()
  await queueRow(agent.page, meiling.name, amount).waitFor()
  await agent.page
    .getByRole('region', { name: en('money.panel') })
    .locator('.trace')
    .waitFor()
  await agentWrites('The shop sends it with the book.')
  await bubble(customer.page, 'with the book').waitFor()
  expect(await saidOn(customer.page)).toEqual(await saidOn(agent.page))
})

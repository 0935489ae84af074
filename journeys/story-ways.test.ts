// Other ways of the same story: a shop that agrees at once, in Indonesian on the phone, with nobody but the helper; and a shop
// that stays silent for days and was paid out meanwhile, in English at a desk, where an agent decides alone: it is little money.
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
import { freeOfShop, moneyBack, moveToPayOut } from './lib/books.ts'
import { andi, balanceMinor, customerPin, meiling, payWithPin, ratna, read, signIn } from './lib/customer.ts'
import { signInStaff, untilAnswered, type StaffMember } from './lib/desk-api.ts'
import { decideSo, fillUpTo, openDecision, sendTooMuch } from './lib/places.ts'
import {
  bankPayOuts,
  bringMoney,
  messagesTo,
  moveTime,
  orderAt,
  setSwitches,
  shopOrder,
} from './lib/sandbox.ts'
import { desk, phone, setStage } from './lib/stage.ts'
import { pattern, rupiah, wordsOf, type Language } from './lib/words.ts'

const stage = setStage()
const patience = { timeout: 60_000 }
const threeDays = 3 * 24 * 60

const shop = 'buku-pelangi'
/** Rp 540.000: above what one member of staff may grant alone. */
const large = { 'kebun-nenek': 4 }
const largeMinor = 54_000_000n
const note = 'The parcel was never sent.'

/** Pays, Rp 77.000 if nothing else is said, and opens the movement's page. */
async function payAndLook(
  page: Page,
  language: Language,
  goods: Record<string, number> = { 'bulan-sawah': 1 },
) {
  const { product } = stage
  const words = wordsOf('wallet', language)
  const order = await orderAt(product, page, shop, goods)
  await payWithPin(page, language, customerPin)
  await page.getByTestId('pay-paid').waitFor()
  await page.getByRole('button', { name: words('pay.stay') }).click()
  await page.getByRole('link', { name: words('pay.see_money') }).click()
  await page.waitForURL('**/transactions/TN-*')
  return { order, payment: page.url().split('/').at(-1)!, words }
}

/** … and a talk about it, in which this is chosen. */
async function payAndAsk(
  page: Page,
  language: Language,
  choice: 'ask_money_back' | 'person' = 'ask_money_back',
  goods?: Record<string, number>,
) {
  const paid = await payAndLook(page, language, goods)
  const { words } = paid
  await page.getByText(words('sentence.payment_completed.title')).waitFor(patience)
  await page.getByRole('link', { name: words('transaction.help') }).click()
  await page.waitForURL('**/help/chat/*')
  const talk = page.url()
  await page.getByRole('button', { name: words(`diagnosis.choice.${choice}`) }).click()
  return { ...paid, talk }
}

/** A member of staff without a window of theirs decides about a refund, with the password where it is asked for. */
async function decide(by: StaffMember, refund: string, decision: 'grant' | 'decline'): Promise<void> {
  await by.prove()
  await by.post(`/api/refunds/${refund}/decide`, { decision, note })
}
const refundSays = (page: Page, language: Language, state: string) =>
  page
    .locator('.refund-head')
    .getByText(wordsOf('wallet', language)(`refund.state.${state}`))
    .waitFor(patience)

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

  // What is missing is above the screen, and the button brings it there. An impossible amount is nothing it would ask for.
  const send = page.locator('.refund-form button[type=submit]')
  await send.click()
  await page.locator('.refund-form fieldset').first().locator('input:focus').waitFor()
  const missing = (await page.getByText(words('refund.form.why.missing')).boundingBox())!
  expect(missing.y).toBeGreaterThan(0)
  expect(missing.y + missing.height).toBeLessThan(page.viewportSize()!.height)
  await page.getByText(words('refund.form.part')).click()
  await page.getByLabel(words('refund.form.amount'), { exact: true }).fill('Rp 900.000,00')
  expect(await send.innerText()).toBe(words('refund.form.send_some'))
  await page.getByLabel(words('refund.form.amount'), { exact: true }).fill('Rp 1.000,00')
  expect(await send.innerText()).toBe(words('refund.form.send', { amount: rupiah(1_000) }))
  await page.getByText(words('refund.form.all')).click()
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

it('an agent asks in the console; the grant is declined by the lead, then the refund by staff: both sides see each step', async () => {
  const { product } = stage
  const [zh, en] = [wordsOf('wallet', 'zh'), wordsOf('console', 'en')]
  const amount = rupiah(540_000)
  await leaveTheFloor(product, sari.email)
  const colleague = await signInStaff(product, sari.email)
  await setSwitches(product, { shop: { up: true, refunds: 'refuse' } })
  const { page } = await stage.open('customer', { language: 'zh', size: phone })
  await signIn(product, page, 'zh', meiling.contact)
  await bringMoney(product, page, largeMinor)
  const before = await balanceMinor(product, page)
  const { payment } = await payAndAsk(page, 'zh', 'person', large)

  const agent = await stage.open('agent', { language: 'en', size: desk })
  await signInAtConsole(product, agent.page, 'en', bagus.email)
  await queueRow(agent.page, meiling.name, amount).click()
  const ask = agent.page.getByRole('button', { name: en('money.refund', { amount }) })
  await ask.getByText(en('two_people')).waitFor()
  await ask.click()
  const form = agent.page.getByRole('dialog', { name: en('refund.ask.title') })
  const twoPeople = form.getByRole('status').getByText(en('two_people'))
  await twoPeople.waitFor()
  // While the amount is typed: exactly the limit is for one person, one rupiah more for two.
  await form.getByText(en('refund.ask.part')).click()
  const field = form.getByLabel(en('refund.ask.amount'), { exact: true })
  await field.fill('500000')
  await twoPeople.waitFor({ state: 'detached' })
  await field.fill('500001')
  await twoPeople.waitFor()
  await form.getByText(en('refund.ask.all')).click()
  await form.getByLabel(en('refund.fact.reason')).selectOption('not_received')
  await form.getByLabel(en('refund.ask.note')).fill(note)
  await form.getByRole('button', { name: en('refund.ask.submit') }).click()
  await form.waitFor({ state: 'detached' })

  // The customer hears of it in the talk, and follows it on its page: the shop refuses, a colleague grants.
  await page
    .getByText(pattern('wallet', 'zh', 'fact.refund_refused'))
    .first()
    .waitFor(patience)
  const { refunds } = await read<{ refunds: string[] }>(product, page, `/api/transactions/${payment}`)
  const refund = refunds[0]!
  await page.goto(`${product.customersUrl}/transactions/${refund}`)
  await refundSays(page, 'zh', 'in_review')
  await decide(colleague, refund, 'grant')
  await refundSays(page, 'zh', 'awaiting_approval')

  const lead = await stage.open('lead', { language: 'en', size: desk })
  await signInAtConsole(product, lead.page, 'en', dewi.email)
  await lead.page.goto(`${product.agentsUrl}/approvals`)
  await lead.page.locator('.work-row').filter({ hasText: meiling.name }).click()
  // A no moves no money, so it asks for no password.
  await lead.page.getByRole('button', { name: en('approval.decline') }).click()
  await lead.page.getByLabel(en('approval.decline.note')).fill('The courier has a signature.')
  await lead.page.getByRole('button', { name: en('approval.decline.submit') }).click()
  await lead.page.getByText(en('approval.state.declined')).first().waitFor()

  // Nothing was paid; it is to be decided again, and says why.
  await refundSays(page, 'zh', 'in_review')
  await agent.page.goto(`${product.agentsUrl}/decisions`)
  await agent.page
    .locator('.work-row')
    .filter({ hasText: refund })
    .getByText(en('decision.why.approval_closed'))
    .waitFor(patience)
  await decide(colleague, refund, 'decline')
  await refundSays(page, 'zh', 'declined')
  await page.getByText(zh('refund.declined.title')).first().waitFor()
  await page.getByText(note).first().waitFor()
  await agent.page.locator('.work-row').filter({ hasText: refund }).waitFor({ state: 'detached' })
  expect(await balanceMinor(product, page)).toBe(before - largeMinor)
  expect(await moneyBack(product, payment, refund)).toMatchObject({ times: 0 })
})

it('events overtake a refund while its approval is open: the approval is void, and the money is back once', async () => {
  const { product } = stage
  const en = wordsOf('console', 'en')
  const [agent, leadStaff] = [await signInStaff(product, sari.email), await signInStaff(product, dewi.email)]
  const { page } = await stage.open('customer', { language: 'en', size: phone })
  await signIn(product, page, 'en', andi.contact)
  await bringMoney(product, page, 2n * largeMinor)
  const before = await balanceMinor(product, page)
  const lead = await stage.open('lead', { language: 'en', size: desk })
  await signInAtConsole(product, lead.page, 'en', dewi.email)

  /** Paid to a shop that hears nothing, asked back, refused, granted: a second person has it on the screen. */
  async function untilTheSecondPerson(): Promise<{ payment: string; refund: string; approval: string }> {
    await setSwitches(product, { shop: { up: false, refunds: 'silent' } })
    const { payment } = await payAndLook(page, 'en', large)
    const asked = await page.request.post(`${product.customersUrl}/api/refunds`, {
      headers: {
        'x-tuntas-csrf': '1',
        origin: product.customersUrl,
        'idempotency-key': crypto.randomUUID(),
      },
      data: { payment, reason: 'shop_has_nothing' },
    })
    const { reference: refund } = (await asked.json()) as { reference: string }
    await page.goto(`${product.customersUrl}/transactions/${refund}`)
    // The shop hears of it when its page is opened: its server is down.
    const atShop = `${product.sandboxUrl}/shop/${shop}/refunds`
    await expect
      .poll(async () => (await fetch(`${atShop}/content`)).text(), patience)
      .toContain(`data-refund="${refund}"`)
    await untilAnswered(() =>
      fetch(`${atShop}/${refund}`, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ answer: 'refuse' }),
      }).then((answer) => new Response('', { status: answer.status === 303 ? 200 : 503 })),
    )
    await refundSays(page, 'en', 'in_review')
    await decide(agent, refund, 'grant')
    await refundSays(page, 'en', 'awaiting_approval')
    const approval = await waiting(refund)
    await lead.page.goto(`${product.agentsUrl}/approvals/${approval.id}`)
    await lead.page.getByText(en('approval.you_decide'), { exact: true }).waitFor()
    return { payment, refund, approval: approval.id }
  }
  async function waiting(refund: string): Promise<{ id: string; payloadHash: string }> {
    const { approvals } = await leadStaff.get<{
      approvals: { id: string; reference: string; payloadHash: string }[]
    }>('/api/approvals?view=waiting')
    return approvals.find(({ reference }) => reference === refund)!
  }

  // The shop acknowledges after all: the money stands elsewhere now, so what the lead sees may not be done.
  const first = await untilTheSecondPerson()
  await setSwitches(product, { shop: { up: true } })
  await moveTime(product, 5)
  await lead.page.getByText(en('approval.state.voided')).first().waitFor(patience)
  expect(await lead.page.getByRole('button', { name: /Approve/ }).count()).toBe(0)
  await refundSays(page, 'en', 'in_review')
  await decide(agent, first.refund, 'grant')
  const { id, payloadHash } = await waiting(first.refund)
  await leadStaff.prove()
  await leadStaff.post(`/api/approvals/${id}/approve`, { payloadHash })
  await refundSays(page, 'en', 'paid')
  expect(await balanceMinor(product, page)).toBe(before)
  expect(await moneyBack(product, first.payment, first.refund)).toMatchObject({ times: 1, leftOutMinor: 0n })

  // The deadline of a silent shop passes: the payment goes back by itself, and nothing is left to approve.
  const second = await untilTheSecondPerson()
  // So long after, staff sign in again; the customer is signed in for longer.
  lead.complaints.expect(401, '/api/')
  lead.complaints.expect(401, '/live')
  // The refund may have ended a moment before its approval does: what it rests on is then no longer the lead's to see.
  lead.complaints.expect(403, `/api/refunds/${second.refund}`)
  await lead.page.goto('about:blank')
  await moveTime(product, 3 * 60)
  await signInAtConsole(product, lead.page, 'en', dewi.email)
  await lead.page.goto(`${product.agentsUrl}/approvals/${second.approval}?view=done`)
  await lead.page.getByText(pattern('console', 'en', 'approval.ended.gone')).waitFor(patience)
  // The page that stood open all the time says so by itself.
  await refundSays(page, 'en', 'overtaken')
  expect(await balanceMinor(product, page)).toBe(before)
  expect(await moneyBack(product, second.payment, second.refund)).toMatchObject({
    times: 1,
    leftOutMinor: 0n,
  })
  // Nothing of its way is open any more, the payment is one step away, and the customer was told once.
  expect(await page.locator('.trace li:not(.done):not(.failed)').count()).toBe(0)
  await page.getByText(wordsOf('wallet', 'en')('trace.hop.came_back')).waitFor()
  const told = async () =>
    (await messagesTo(product, andi.contact)).filter(({ text }) => text.includes(second.payment)).length
  await expect.poll(told, patience).toBe(1)
  await page.getByRole('link', { name: wordsOf('wallet', 'en')('refund.overtaken.payment') }).click()
  await page.waitForURL(`**/transactions/${second.payment}`)
})

it('the money comes back while a talk stands open that hears nothing of it: an old choice leads nowhere any more', async () => {
  const { product } = stage
  const { page } = await stage.open('customer', { language: 'zh', size: phone })
  await signIn(product, page, 'zh', meiling.contact)
  await bringMoney(product, page, 20_000_000n)
  await setSwitches(product, { shop: { up: false } })
  const { payment, words } = await payAndLook(page, 'zh')
  await page.locator('.trace li.stuck').waitFor(patience)
  await page.getByRole('link', { name: words('transaction.help') }).click()
  await page.waitForURL('**/help/chat/*')
  const talk = page.url()
  const choices = page.getByRole('group', { name: words('chat.choices') })
  await choices.getByRole('button', { name: words('diagnosis.choice.person') }).click()
  const askBack = choices.getByRole('button', { name: words('diagnosis.choice.ask_money_back') })
  await askBack.waitFor()

  const diagnosis = `**/api/transactions/${payment}/diagnosis`
  const then = await read(product, page, `/api/transactions/${payment}/diagnosis`)
  await page.route(diagnosis, (route) => route.fulfill({ json: then }))
  await moveTime(product, 3 * 60)
  await page
    .getByText(pattern('wallet', 'zh', 'fact.payment_returned'))
    .last()
    .waitFor(patience)
  await page.unroute(diagnosis)
  await askBack.click()
  await askBack.waitFor({ state: 'detached' })
  expect(page.url()).toBe(talk)
})

it('a top-up that the wallet does not take: an agent credits it when there is room, and sends the next one back', async () => {
  const { product } = stage
  const [id, zh] = [wordsOf('wallet', 'id'), wordsOf('console', 'zh')]
  const halfAMillion = 50_000_000n
  const amount = rupiah(500_000)
  await setSwitches(product, { shop: { up: true }, payOuts: { refused: false } })
  const { page, context } = await stage.open('customer', { language: 'id', size: phone })
  await signIn(product, page, 'id', ratna.contact)
  await fillUpTo(product, page, 30_000_000n)
  const before = await balanceMinor(product, page)
  const first = await sendTooMuch(product, page, halfAMillion)
  await page.locator('.trace li.stuck').getByText(id('trace.owner.staff')).waitFor(patience)
  expect(await balanceMinor(product, page)).toBe(before)

  const agent = await stage.open('agent', { language: 'zh', size: desk })
  await signInAtConsole(product, agent.page, 'zh', bagus.email)
  await openDecision(product, agent.page, 'zh', first)
  const credit = zh('decision.way.credit', { amount })
  await agent.page.getByRole('button', { name: zh('decision.way.send_back') }).waitFor()
  expect(await agent.page.getByRole('button', { name: credit }).count()).toBe(0)
  // The customer spends something, and now the wallet takes it.
  const tab = await context.newPage()
  await orderAt(product, tab, shop, large)
  await payWithPin(tab, 'id', customerPin)
  await tab.getByTestId('pay-paid').waitFor()
  await tab.close()
  await openDecision(product, agent.page, 'zh', first)
  await decideSo(agent.page, 'zh', credit, 'The wallet takes it now.')
  await agent.page.getByText(zh('decision.done.credit')).waitFor()
  await page.getByText(id('sentence.top_up_completed.title')).waitFor(patience)
  await page.locator('.trace li.stuck').waitFor({ state: 'detached' })
  expect(await balanceMinor(product, page)).toBe(before + halfAMillion - largeMinor)

  const second = await sendTooMuch(product, page, halfAMillion)
  await openDecision(product, agent.page, 'zh', second)
  await decideSo(agent.page, 'zh', zh('decision.way.send_back'), 'The customer wants it back.')
  await agent.page.getByText(zh('decision.done.send_back')).waitFor()
  await page.getByText(id('sentence.top_up_refunded.title')).waitFor(patience)
  expect(await balanceMinor(product, page)).toBe(before + halfAMillion - largeMinor)
  const back = (await bankPayOuts(product)).filter(({ partnerReference }) =>
    partnerReference.startsWith(second.replaceAll('-', '')),
  )
  expect(back).toMatchObject([{ state: 'paid', amountMinor: String(halfAMillion) }])
})

it('a pay-out that the bank refuses: the shop gives another account on its page, and two people take it up', async () => {
  const { product } = stage
  const [en, shopName, number] = [wordsOf('console', 'en'), 'Buku Pelangi', '7015551234']
  // What was just bought there is credited by a job of its own.
  await expect.poll(async () => (await freeOfShop(product, shopName)) > largeMinor / 2n, patience).toBe(true)
  const owed = await freeOfShop(product, shopName)
  await setSwitches(product, { payOuts: { refused: true } })
  await moveToPayOut(product, shopName)
  const refused = async () => (await bankPayOuts(product)).filter(({ state }) => state === 'refused')
  const keeper = await stage.open('shopkeeper', { language: 'id', size: phone })
  await keeper.page.goto(`${product.sandboxUrl}/shop/${shop}/account`)
  await keeper.page.locator('[data-account=refused]').waitFor(patience)
  await expect
    .poll(async () => (await refused()).some(({ amountMinor }) => BigInt(amountMinor) >= owed), patience)
    .toBe(true)
  await setSwitches(product, { payOuts: { refused: false } })
  await keeper.page.locator('#accountNumber').fill('7015 5512 34')
  await keeper.page.locator('.account-form button').click()
  await keeper.page.locator('[data-account=given]').getByText('7015 5512 34').waitFor()

  const agent = await stage.open('agent', { language: 'en', size: desk })
  await signInAtConsole(product, agent.page, 'en', bagus.email)
  await openDecision(product, agent.page, 'en', shopName, en('decision.why.account_given'))
  await agent.page
    .getByRole('dialog')
    .getByText(/•••• 1234/)
    .waitFor()
  await decideSo(agent.page, 'en', en('decision.way.use_account'), 'The shop gave it itself.', true)
  await agent.page.getByText(en('decision.done.second_person')).waitFor()

  const lead = await stage.open('lead', { language: 'en', size: desk })
  await signInAtConsole(product, lead.page, 'en', dewi.email)
  await lead.page.goto(`${product.agentsUrl}/approvals`)
  await lead.page.locator('.work-row').filter({ hasText: shopName }).first().click()
  await lead.page.getByText(en('approval.you_decide'), { exact: true }).waitFor()
  await lead.page.getByRole('button', { name: /^Approve/ }).click()
  await typePasswordAgain(lead.page, 'en')
  await lead.page.getByText(en('approval.state.approved')).first().waitFor()

  // It is sent at once, to the new account, and the shop's page says so by itself.
  await keeper.page.locator('[data-account=current]').getByText('7015 5512 34').waitFor(patience)
  const there = async () =>
    (await bankPayOuts(product)).filter(({ accountNumber }) => accountNumber === number)
  await expect.poll(there, patience).toMatchObject([{ state: 'paid' }])
  await keeper.page
    .locator('[data-pay-out]')
    .first()
    .and(keeper.page.locator('[data-state=paid]'))
    .waitFor(patience)
  expect(await freeOfShop(product, shopName)).toBe(0n)
})

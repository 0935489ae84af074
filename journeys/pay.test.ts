// Paying a shop: in Chinese on a phone, in English at a desk; what is refused, and in which words.
// The shop's page says "paid" by itself, because the shop was told, never because a browser came back.
import { expect, it } from 'vitest'
import {
  andi,
  balanceMinor,
  customerPassword,
  customerPin,
  fillSignIn,
  meiling,
  movements,
  payWithPin,
  ratna,
  signIn,
} from './lib/customer.ts'
import { codeFor, messagesTo, moveTime, orderAt, setSwitches, shopOrder } from './lib/sandbox.ts'
import { desk, phone, setStage } from './lib/stage.ts'
import { pattern, rupiah, wordsOf } from './lib/words.ts'

const stage = setStage()

it('a Chinese-speaking customer pays a book shop on the phone, with one wrong PIN on the way', async () => {
  const { product } = stage
  const words = wordsOf('wallet', 'zh')
  const { page, complaints, context } = await stage.open('customer', { language: 'zh', size: phone })
  const order = await orderAt(product, page, 'buku-pelangi', { 'laut-banda': 1 })

  // The shop's own page of this order, left open while the customer pays.
  const shopPage = await context.newPage()
  await shopPage.goto(order.shopPage)
  await shopPage.locator('[data-state=waiting]').waitFor()

  // Signing in happens on the checkout page itself.
  await fillSignIn(page, 'zh', meiling.contact)
  await page.getByText(words('checkout.with_balance')).waitFor()
  expect(page.url()).toBe(order.checkoutPage)
  const before = await balanceMinor(product, page)

  complaints.expect(403, `/api/checkout/${order.orderId}/pay`)
  await payWithPin(page, 'zh', '161803')
  const refusal = page.getByTestId('refusal')
  await refusal.getByText(words('error.pin_wrong.title')).waitFor()
  expect(await refusal.innerText()).toMatch(/\d/)
  expect(await balanceMinor(product, page)).toBe(before)

  await payWithPin(page, 'zh', customerPin)
  await page.getByTestId('pay-paid').waitFor()
  await page.getByRole('button', { name: words('pay.stay') }).click()
  const told = page.getByText(words('sentence.payment_completed.title'))
  // On a busy machine the page may be on its way back to the shop when the button is pressed.
  const left = page
    .waitForURL((url) => url.href !== order.checkoutPage, { timeout: 0 })
    .then(
      () => 'left',
      () => 'closed',
    )
  if ((await Promise.race([told.waitFor().then(() => 'told'), left])) === 'left') {
    await page.goto(order.checkoutPage)
    await told.waitFor()
  }

  // By itself, in the window that nobody touched.
  await shopPage.locator('[data-state=paid]').waitFor()
  const kept = await shopOrder(product, 'buku-pelangi', order.number)
  const [newest] = await movements(product, page)
  expect(newest).toMatchObject({ kind: 'payment', state: 'completed', amount: { amountMinor: '-9950000' } })
  expect(kept).toMatchObject({ state: 'paid', payment: newest!.reference })
  expect(await shopPage.getByText(newest!.reference).count()).toBe(1)
  expect(await balanceMinor(product, page)).toBe(before - 9_950_000n)
})

it('an English-speaking customer at a desk: what is missing is said before the PIN, and a top-up leads back', async () => {
  const { product } = stage
  const words = wordsOf('wallet', 'en')
  const { page } = await stage.open('customer', { language: 'en', size: desk })
  await signIn(product, page, 'en', andi.contact)
  const balance = Number((await balanceMinor(product, page)) / 100n)
  const pots = Math.floor(balance / 389_000) + 1
  const order = await orderAt(product, page, 'surya-elektronik', { 'penanak-nasi': pots })
  const total = pots * 389_000 + 20_000
  await page.getByText(words('checkout.short')).waitFor()
  await page.getByText(words('checkout.short.body', { missing: rupiah(total - balance) })).waitFor()
  expect(await page.getByLabel(words('checkout.pin'), { exact: true }).count()).toBe(0)

  // The money comes from the bank while the top-up page is open; the order is still there.
  await page.getByRole('link', { name: words('checkout.top_up'), exact: true }).click()
  const shown = page.getByTestId('virtual-account-number').locator('[aria-hidden]')
  await shown.waitFor()
  const answer = await fetch(`${product.sandboxUrl}/bank/api/transfers`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      virtualAccountNumber: (await shown.innerText()).replace(/\s/g, ''),
      amountMinor: String((total - balance) * 100),
    }),
  })
  expect(answer.status).toBe(201)
  await page.getByText(words('topup.arrived', { amount: rupiah(total - balance) })).waitFor()
  await page.getByRole('link', { name: words('topup.back_to_order') }).click()
  await payWithPin(page, 'en', customerPin)
  await page.getByTestId('pay-paid').waitFor()
  await page.getByRole('button', { name: words('pay.stay') }).click()
  expect(await balanceMinor(product, page)).toBe(0n)
  await expect
    .poll(async () => (await shopOrder(product, 'surya-elektronik', order.number)).state, { timeout: 60_000 })
    .toBe('paid')
})

it('above the limit for one payment nothing is taken, and the limit is named', async () => {
  const { product } = stage
  const words = wordsOf('wallet', 'zh')
  const { page, complaints } = await stage.open('customer', { language: 'zh', size: phone })
  await signIn(product, page, 'zh', meiling.contact)
  const wallet = await page.request.get(`${product.customersUrl}/api/wallet`).then((answer) => answer.json())
  const limit = Number(wallet.limits.perTransaction.amountMinor) / 100
  const account = await page.request
    .get(`${product.customersUrl}/api/funding/virtual-account`)
    .then((answer) => answer.json())
  // Enough money, so that only the limit stands in the way.
  const total = 20 * 420_000 + 6 * 318_000 + 18_000
  expect(total).toBeGreaterThan(limit)
  const before = Number(wallet.spendable.amountMinor) / 100
  const missing = total - before
  for (let left = missing; left > 0; left -= 5_000_000) {
    const amountMinor = String(Math.min(left, 5_000_000) * 100)
    await page.request.post(`${product.sandboxUrl}/bank/api/transfers`, {
      data: { virtualAccountNumber: account.virtualAccountNumber, amountMinor },
    })
  }
  await page.getByTestId('balance').getByText(rupiah(total)).waitFor()
  const shop = await stage.open('shop', { language: 'zh', size: phone })
  const order = await orderAt(product, shop.page, 'batik-seruni', { 'syal-daun': 20, 'kemeja-parang': 6 })
  await page.goto(order.checkoutPage)
  complaints.expect(403, `/api/checkout/${order.orderId}/pay`)
  await payWithPin(page, 'zh', customerPin)
  const refusal = page.getByTestId('refusal')
  await refusal.getByText(words('error.transaction_limit.title')).waitFor()
  expect(await refusal.innerText()).toContain(rupiah(limit))
  expect(await balanceMinor(product, page)).toBe(BigInt(total) * 100n)
})

it('a frozen wallet pays nothing until its owner has proven to be the owner', async () => {
  const { product } = stage
  const words = wordsOf('wallet', 'en')
  const { page, context, complaints } = await stage.open('customer', { language: 'en', size: desk })
  await signIn(product, page, 'en', ratna.contact)
  const order = await orderAt(product, page, 'buku-pelangi', { rempah: 1 })
  await page.getByLabel(words('checkout.pin'), { exact: true }).waitFor()

  // Frozen from another window, while the checkout stands open.
  const account = await context.newPage()
  await account.goto(`${product.customersUrl}/account`)
  await account.getByRole('button', { name: words('freeze.now') }).click()
  await account
    .getByRole('dialog')
    .getByRole('button', { name: words('freeze.now') })
    .click()
  await account.getByText(words('frozen.title')).waitFor()

  await page.getByText(words('frozen.title')).waitFor()
  expect(await page.getByLabel(words('checkout.pin'), { exact: true }).count()).toBe(0)
  // Whoever goes around the page is refused all the same.
  complaints.expect(403, `/api/checkout/${order.orderId}/pay`)
  const forced = await page.request.post(`${product.customersUrl}/api/checkout/${order.orderId}/pay`, {
    headers: {
      'x-tuntas-csrf': '1',
      'idempotency-key': crypto.randomUUID(),
      origin: product.customersUrl,
    },
    data: { pin: customerPin, expectedTotal: { amountMinor: '11600000', currency: 'IDR' } },
  })
  expect(await forced.json()).toMatchObject({ code: 'account_frozen' })

  // From the order to the way out of it and back. A wrong password is told at its own field, before any code is sent.
  await account.goto(page.url())
  await account.getByRole('link', { name: words('frozen.unfreeze') }).click()
  const password = account.getByLabel(words('enter.password'), { exact: true })
  const known = (await messagesTo(product, ratna.contact)).length
  complaints.expect(401, '/api/wallet/unfreeze/start')
  await password.fill('not the password')
  await account.getByRole('button', { name: words('enter.send_code') }).click()
  await account.getByText(words('unfreeze.password_wrong')).waitFor()
  await account.locator('input[name=password]:focus').waitFor()
  expect(await messagesTo(product, ratna.contact)).toHaveLength(known)
  await password.fill(customerPassword)
  await account.getByRole('button', { name: words('enter.send_code') }).click()
  const code = await codeFor(product, ratna.contact, known)
  await account.getByLabel(words('enter.code'), { exact: true }).fill(code)
  await account.getByText(words('unfreeze.done')).waitFor()
  await account.getByRole('link', { name: words('topup.back_to_order') }).click()
  await account.waitForURL(`**/pay/${order.orderId}`)

  await page.bringToFront()
  await payWithPin(page, 'en', customerPin)
  await page.getByTestId('pay-paid').waitFor()
})

it('an order whose time is over cannot be paid, and both the page and the shop say so', async () => {
  const { product } = stage
  const words = wordsOf('wallet', 'en')
  const { page, context, complaints } = await stage.open('customer', { language: 'en', size: desk })
  await signIn(product, page, 'en', ratna.contact)
  const order = await orderAt(product, page, 'buku-pelangi', { warung: 1 })
  const shopPage = await context.newPage()
  await shopPage.goto(order.shopPage)
  await page.getByLabel(words('checkout.pin'), { exact: true }).waitFor()
  const before = await balanceMinor(product, page)

  complaints.expect(403, `/api/checkout/${order.orderId}/pay`)
  await moveTime(product, 16)
  // The page's own clock is not the business clock: the customer may still try.
  await page.bringToFront()
  const pin = page.getByLabel(words('checkout.pin'), { exact: true })
  const expired = page.getByText(words('error.order_expired.title')).first()
  await pin.or(expired).first().waitFor()
  if (await pin.isVisible()) await payWithPin(page, 'en', customerPin)
  await expired.waitFor()
  expect(await balanceMinor(product, page)).toBe(before)
  await shopPage.locator('[data-state=expired]').waitFor()
})

it('a shop that loses its answer is told again and counts the payment once', async () => {
  const { product } = stage
  const { page } = await stage.open('customer', { language: 'zh', size: phone })
  await signIn(product, page, 'zh', ratna.contact)
  await setSwitches(product, { shop: { lostAnswer: true } })
  const order = await orderAt(product, page, 'buku-pelangi', { 'pagi-pertama': 1 })
  await payWithPin(page, 'zh', customerPin)
  await page.getByTestId('pay-paid').waitFor()
  const state = () => shopOrder(product, 'buku-pelangi', order.number)
  await expect.poll(async () => (await state()).state, { timeout: 60_000 }).toBe('paid')
  await setSwitches(product, { shop: { lostAnswer: false } })
  await moveTime(product, 5)
  await expect
    .poll(async () => (await state()).webhooks.find(({ type }) => type === 'order.paid')!.times, {
      timeout: 60_000,
    })
    .toBeGreaterThan(1)
  const mine = (await movements(product, page)).filter(({ amount }) => amount.amountMinor === '-6600000')
  expect(mine).toHaveLength(1)
})

it('a PIN that is locked is said before it is typed again, also when the page is loaded anew', async () => {
  const { product } = stage
  const words = wordsOf('wallet', 'id')
  const { page, complaints } = await stage.open('customer', { language: 'id', size: phone })
  await signIn(product, page, 'id', meiling.contact)
  const order = await orderAt(product, page, 'buku-pelangi', { 'pagi-pertama': 1 })
  complaints.expect(403, `/api/checkout/${order.orderId}/pay`)
  const locked = page.getByTestId('refusal').and(page.locator('[data-code=pin_locked]'))
  const wrong = page.getByTestId('refusal').and(page.locator('[data-code=pin_wrong]'))
  for (let wrongTry = 1; wrongTry <= 3; wrongTry++) {
    await payWithPin(page, 'id', '000001')
    await (wrongTry < 3 ? wrong : locked).waitFor()
  }
  const before = await balanceMinor(product, page)
  await page.reload()
  await locked.waitFor()
  // The order ends before the lock does, so it is of no use to wait for it here.
  await locked.getByText(pattern('wallet', 'id', 'checkout.lock_outlasts')).waitFor()
  expect(await page.getByLabel(words('checkout.pin'), { exact: true }).count()).toBe(0)
  expect(await balanceMinor(product, page)).toBe(before)
})

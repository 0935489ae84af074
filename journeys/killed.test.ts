// The server is killed between the PIN and its answer, then started again on the same data.
// Whatever was done when it died, the order is paid exactly once, and the page that waits finds out by itself.
import { expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { balanceMinor, customerPin, movements, payWithPin, ratna, signIn } from './lib/customer.ts'
import { orderAt, shopOrder } from './lib/sandbox.ts'
import { desk, phone, setStage, type Window } from './lib/stage.ts'
import { wordsOf } from './lib/words.ts'

const stage = setStage()
const words = wordsOf('wallet', 'en')
// Much longer than the claim of a dead process on a message to a shop lasts.
const patience = { timeout: 60_000 }
const isPayment = (address: string, method: string) => method === 'POST' && address.endsWith('/pay')

interface Started {
  window: Window
  order: Awaited<ReturnType<typeof orderAt>>
  before: bigint
  keys: string[]
}

/** An order of Rp 77.000 stands on the page, ready for the PIN; every key that leaves with a payment is noted. */
async function standAtThePin(size: { width: number; height: number }): Promise<Started> {
  const { product } = stage
  const window = await stage.open('customer', { language: 'en', size })
  await signIn(product, window.page, 'en', ratna.contact)
  const before = await balanceMinor(product, window.page)
  const order = await orderAt(product, window.page, 'buku-pelangi', { 'bulan-sawah': 1 })
  await window.page.getByLabel(words('checkout.pin'), { exact: true }).waitFor()
  const keys: string[] = []
  window.page.on('request', (request) => {
    if (isPayment(request.url(), request.method())) keys.push(request.headers()['idempotency-key']!)
  })
  return { window, order, before, keys }
}

const paymentsOf = async (page: Page, order: Started['order']) => {
  const { payment } = await shopOrder(stage.product, 'buku-pelangi', order.number)
  const all = await movements(stage.product, page)
  return all.filter(({ reference }) => reference === payment)
}

/** Nobody touches the page: it says "paid", and the ledger, the history and the shop know one payment. */
async function expectPaidOnce({ window, order, before, keys }: Started): Promise<void> {
  const { product } = stage
  const { page } = window
  await page.getByTestId('pay-paid').waitFor(patience)
  // Found out by asking again with the same key, it goes back to the shop by itself; found out by reading the order, it
  // stays. Which of the two comes first after the start is chance; neither may use a second key.
  const stay = page.getByRole('button', { name: words('pay.stay') })
  await stay
    .or(page.getByText(words('sentence.payment_completed.title')))
    .first()
    .waitFor(patience)
  if (await stay.isVisible()) await stay.click()
  expect(page.url()).toBe(order.checkoutPage)
  expect(new Set(keys).size).toBe(1)
  await expect
    .poll(async () => (await shopOrder(product, 'buku-pelangi', order.number)).state, patience)
    .toBe('paid')
  // The acknowledgement may have been lost with the process: then the shop is told once more.
  await expect
    .poll(() => paymentsOf(page, order), patience)
    .toMatchObject([{ kind: 'payment', state: 'completed', amount: { amountMinor: '-7700000' } }])
  expect(await balanceMinor(product, page)).toBe(before - 7_700_000n)
  await page.getByText(words('sentence.payment_completed.title')).waitFor(patience)
}

it('killed as the request arrives: nothing was answered, and after the start it is paid once', async () => {
  const { product } = stage
  const started = await standAtThePin(phone)
  const { page, complaints } = started.window
  await complaints.whileBroken(async () => {
    let dying: Promise<void> | undefined
    page.on('request', (request) => {
      if (isPayment(request.url(), request.method())) dying ??= product.kill()
    })
    await payWithPin(page, 'en', customerPin)
    await page.getByTestId('pay-finding').waitFor()
    await dying
    await product.start()
    await expectPaidOnce(started)
  })
})

it('killed after the payment stands in the ledger: its answer is lost, and it is not paid again', async () => {
  const { product } = stage
  const started = await standAtThePin(desk)
  const { page, complaints } = started.window
  await complaints.whileBroken(async () => {
    let answers = 0
    await page.route('**/api/checkout/*/pay', async (route) => {
      if (answers++ > 0) return route.continue()
      const answer = await route.fetch()
      expect(answer.status()).toBe(200)
      // Read from the running product before it dies: the money has moved.
      expect(await balanceMinor(product, page)).toBe(started.before - 7_700_000n)
      await product.kill()
      return route.abort('connectionreset')
    })
    await payWithPin(page, 'en', customerPin)
    // The live connection may tell the page that it is paid before the answer is lost: then it has nothing to find out.
    await page
      .getByTestId('pay-finding')
      .or(page.getByTestId('pay-paid'))
      .first()
      .waitFor({ timeout: 60_000 })
    if (await page.getByTestId('pay-finding').isVisible())
      await page.getByText(words('pay.finding.repeat')).waitFor()
    await product.start()
    await expectPaidOnce(started)
  })
})

it('killed, and the order cannot be read afterwards: the same payment is sent again under its key until it is answered', async () => {
  const { product } = stage
  const started = await standAtThePin(desk)
  const { page, complaints } = started.window
  await complaints.whileBroken(async () => {
    // Without this the page may find out by reading the order, and never repeat anything.
    const order = /\/api\/checkout\/[^/]+$/
    await page.route(order, (route) => route.abort('connectionreset'))
    await page.route('**/api/checkout/*/pay', async (route) => {
      if (started.keys.length > 1) return route.continue()
      await route.fetch()
      await product.kill()
      return route.abort('connectionreset')
    })
    await payWithPin(page, 'en', customerPin)
    await page.getByTestId('pay-finding').waitFor()
    await product.start()
    await page.getByTestId('pay-paid').waitFor(patience)
    expect(started.keys.length).toBeGreaterThan(1)
    await page.unroute(order)
    await expectPaidOnce(started)
  })
})

it('killed, and the customer leaves the page too: the wallet still finds out what became of it', async () => {
  const { product } = stage
  const started = await standAtThePin(phone)
  const { page, complaints } = started.window
  await complaints.whileBroken(async () => {
    await page.route('**/api/checkout/*/pay', async (route) => {
      await route.fetch()
      await product.kill()
      return route.abort('connectionreset')
    })
    await payWithPin(page, 'en', customerPin)
    await page.getByTestId('pay-finding').waitFor()
    // Another place of the wallet: the PIN is forgotten, the key is kept on the device.
    await page.goto('about:blank')
    await page.unrouteAll()
    await product.start()
    await page.goto(product.customersUrl)
    await page.getByText(words('pay.finding.title')).waitFor(patience)
    await page.getByRole('link', { name: words('pay.open_attempt.see') }).click()
    await page.getByTestId('pay-paid').waitFor(patience)
    expect(await balanceMinor(product, page)).toBe(started.before - 7_700_000n)
    // The shop is told after the start; only then it knows the payment's number.
    await expect.poll(() => paymentsOf(page, started.order), patience).toHaveLength(1)
  })
})

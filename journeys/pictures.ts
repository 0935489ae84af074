// Takes the README's pictures from the running product with its demo data: node journeys/pictures.ts
// Nothing in them is drawn by hand; a change of the product is in the next pictures.
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { dewi, sari, queueRow, signInAtConsole } from './lib/agent.ts'
import { settled } from './lib/check-page.ts'
import { andi, meiling, movements, ratna, read, signIn } from './lib/customer.ts'
import { startProduct } from './lib/product.ts'
import { orderAt } from './lib/sandbox.ts'
import { desk, launchBrowser, openWindow, phone } from './lib/stage.ts'
import { repositoryRoot } from '../scripts/lib/pinned-node.mjs'
import { needPackages } from '../scripts/test/debian.ts'

const folder = path.join(repositoryRoot, 'docs', 'pictures')
const largestBytes = 120 * 1024

/** As large as the limit allows: a screen with much on it is drawn a little smaller. */
async function take(page: Page, name: string): Promise<void> {
  await settled(page)
  const devtools = await page.context().newCDPSession(page)
  const window = { x: 0, y: 0, ...page.viewportSize()! }
  for (let scale = 1; scale > 0.4; scale -= 0.08) {
    const clip = { ...window, scale }
    const { data } = await devtools.send('Page.captureScreenshot', { format: 'png', clip })
    const picture = Buffer.from(data, 'base64')
    if (picture.length > largestBytes) continue
    writeFileSync(path.join(folder, `${name}.png`), picture)
    process.stdout.write(`${name}.png ${Math.round(picture.length / 1024)} KB at ${scale.toFixed(2)}\n`)
    return
  }
  throw new Error(`${name} does not fit into ${largestBytes} bytes`)
}

await needPackages(repositoryRoot, 'pages')
mkdirSync(folder, { recursive: true })
const [product, browser] = await Promise.all([startProduct(), launchBrowser()])
try {
  const { page: home } = await openWindow(browser, { language: 'id', size: phone })
  await signIn(product, home, 'id', ratna.contact)
  await take(home, 'wallet-home-id')

  const { page: trace } = await openWindow(browser, { language: 'en', size: phone })
  await signIn(product, trace, 'en', meiling.contact)
  const silent = (await movements(product, trace)).find(({ party }) => party.name === 'Surya Elektronik')!
  await trace.goto(`${product.customersUrl}/transactions/${silent.reference}`)
  await trace.locator('.trace li.stuck').waitFor()
  await take(trace, 'payment-trace-en')

  const { page: chat } = await openWindow(browser, { language: 'zh', size: phone })
  await signIn(product, chat, 'zh', meiling.contact)
  const { conversations } = await read<{ conversations: { id: string; about?: { reference: string } }[] }>(
    product,
    chat,
    '/api/conversations',
  )
  const about = conversations.find((conversation) => conversation.about?.reference === silent.reference)
  await chat.goto(`${product.customersUrl}/help/chat/${(about ?? conversations[0]!).id}`)
  await chat.locator('.bub').first().waitFor()
  await chat.getByText(silent.reference).first().waitFor()
  await take(chat, 'chat-zh')

  const { page: refund } = await openWindow(browser, { language: 'en', size: phone })
  await signIn(product, refund, 'en', andi.contact)
  const back = (await movements(product, refund)).find(({ reference }) => reference.startsWith('RF-'))!
  await refund.goto(`${product.customersUrl}/transactions/${back.reference}`)
  await refund.locator('.refund-head').waitFor()
  await take(refund, 'refund-en')
  await refund.goto(`${product.customersUrl}/statement`)
  await refund.locator('.statement-entries').first().waitFor()
  await take(refund, 'statement-en')

  const { page: diagnosis } = await openWindow(browser, { language: 'id', size: phone })
  await signIn(product, diagnosis, 'id', ratna.contact)
  const asked = (await movements(product, diagnosis)).find(({ reference }) => reference.startsWith('RF-'))!
  const { refund: facts } = await read<{ refund: { payment: string } }>(
    product,
    diagnosis,
    `/api/transactions/${asked.reference}`,
  )
  const talks = await read<{ conversations: { id: string; about?: { reference: string } }[] }>(
    product,
    diagnosis,
    '/api/conversations',
  )
  const held: readonly (string | undefined)[] = [asked.reference, facts.payment]
  const talk = talks.conversations.find((each) => held.includes(each.about?.reference))!
  await diagnosis.goto(`${product.customersUrl}/help/chat/${talk.id}`)
  await diagnosis.locator('.bub, .fact').first().waitFor()
  await take(diagnosis, 'chat-diagnosis-id')

  const { page: approval } = await openWindow(browser, { language: 'en', size: desk })
  await signInAtConsole(product, approval, 'en', dewi.email)
  await approval.goto(`${product.agentsUrl}/approvals`)
  await approval.locator('.work-row').first().click()
  await approval.locator('main').waitFor()
  await take(approval, 'approval-en')

  const { page: checkout } = await openWindow(browser, { language: 'id', size: desk })
  await signIn(product, checkout, 'id', ratna.contact)
  await orderAt(product, checkout, 'buku-pelangi', { rempah: 1, 'bulan-sawah': 2 })
  await checkout.locator('.pay-form').waitFor()
  await take(checkout, 'checkout-id')

  const { page: console_ } = await openWindow(browser, { language: 'en', size: desk })
  await signInAtConsole(product, console_, 'en', sari.email)
  await console_.goto(`${product.agentsUrl}/cases?view=team`)
  const row = queueRow(console_, meiling.name).first()
  await row.click()
  await console_.locator('.bub').first().waitFor()
  // Whoever had it is not signed in any more: it came to this agent, or waits for somebody who takes it. Then it shows its money.
  const takeIt = console_.getByRole('button', { name: 'Take this case' })
  const moneyOfCase = console_.locator('.money-panel-facts').first()
  await takeIt.or(moneyOfCase).first().waitFor()
  if (await takeIt.isVisible()) await takeIt.click()
  await moneyOfCase.waitFor()
  await take(console_, 'console-en')

  const { page: help } = await openWindow(browser, { language: 'en', size: desk })
  await signIn(product, help, 'en', meiling.contact)
  await help.goto(`${product.customersUrl}/help`)
  await take(help, 'help-centre-en')

  const { page: shop } = await openWindow(browser, { language: 'en', size: desk })
  await shop.goto(`${product.sandboxUrl}/shop/buku-pelangi`)
  await take(shop, 'sandbox-shop-en')
} finally {
  await browser.close()
  await product.dispose()
}

// Every main page of the wallet, the checkout, the help centre, the console and the sandbox, in three languages: named,
// translated, not wider than its window; in one of them at two widths, light and dark, and without a fault that axe finds.
import { beforeAll, expect, it } from 'vitest'
import type { BrowserContext } from 'playwright-core'
import { bagus, dewi, fillConsoleSignIn, signInAtConsole } from './lib/agent.ts'
import { faultsOf, settled } from './lib/check-page.ts'
import { fillSignIn, meiling, movements, read, signIn } from './lib/customer.ts'
import { moveTime, orderAt } from './lib/sandbox.ts'
import { desk, openWindow, phone, setStage, type WindowOptions } from './lib/stage.ts'
import { languages, wordsOf, type App, type Language } from './lib/words.ts'

const stage = setStage()
type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>
let customerCookies: Cookies
let leadCookies: Cookies
let orderId: string
let walletPaths: string[]
let consolePaths: string[]
let sandboxPaths: string[]
const publicPaths = ['/sign-in', '/sign-up', '/help', '/help/nothing-here']

// Signed in once, over the pages; each window then takes the session along.
beforeAll(async () => {
  const { product, browser } = stage
  const customer = await openWindow(browser, { language: 'en', size: desk })
  await signIn(product, customer.page, 'en', meiling.contact)
  const silent = (await movements(product, customer.page)).find(
    ({ party }) => party.name === 'Surya Elektronik',
  )
  const { conversations } = await read<{ conversations: { id: string }[] }>(
    product,
    customer.page,
    '/api/conversations',
  )
  const { articles } = await read<{ articles: { slug: string }[] }>(
    product,
    customer.page,
    '/api/help/articles?locale=en',
  )
  orderId = (await orderAt(product, customer.page, 'buku-pelangi', { rempah: 1 })).orderId
  sandboxPaths = [
    '/',
    '/phone',
    `/phone?to=${encodeURIComponent(meiling.contact)}`,
    '/bank',
    '/shop/buku-pelangi',
    '/shop/buku-pelangi/basket',
    '/shop/buku-pelangi/orders',
    '/shop/buku-pelangi/refunds',
    '/shop/buku-pelangi/account',
    '/shop/buku-pelangi/orders/none',
  ]
  customerCookies = await customer.context.cookies()
  publicPaths.push(`/help/${articles[0]!.slug}`, `/pay/${orderId}`)
  walletPaths = [
    '/',
    '/top-up',
    '/history',
    `/transactions/${silent!.reference}`,
    `/transactions/${silent!.reference}/refund`,
    '/statement',
    '/pay',
    `/pay/${orderId}`,
    '/help',
    '/help/conversations',
    '/help/new',
    `/help/chat/${conversations[0]!.id}`,
    '/account',
    '/account/looks',
    '/account/unfreeze',
    '/nothing/here',
  ]

  const lead = await openWindow(browser, { language: 'en', size: desk })
  await signInAtConsole(product, lead.page, 'en', dewi.email)
  leadCookies = await lead.context.cookies()
  const listed = await lead.page.request.get(`${product.agentsUrl}/api/cases?view=team`)
  const { cases } = (await listed.json()) as { cases: { id: string; agentName?: string }[] }
  const served = cases.find(({ agentName }) => agentName === bagus.name) ?? cases[0]!
  consolePaths = [
    '/cases?view=team',
    `/cases/${served.id}?view=team`,
    '/decisions',
    '/approvals',
    '/wall',
    '/settings',
    '/nothing-here',
  ]
  await Promise.all([customer.context.close(), lead.context.close()])
})

interface Walk extends WindowOptions {
  app: App | 'sandbox'
  paths: readonly string[]
  cookies?: Cookies
  type?: 'larger'
  /** Whether axe looks at each page; at what a language can break, if nothing else is said. */
  axe?: boolean | 'words'
}

/** Goes to each page and says what is wrong with it. */
async function walk(name: string, options: Walk): Promise<string[]> {
  const { app, paths, cookies, language, type, axe = language === longWorded || 'words' } = options
  const { customersUrl, agentsUrl, sandboxUrl } = stage.product
  const address = { wallet: customersUrl, console: agentsUrl, sandbox: sandboxUrl }
  const { page, context, complaints } = await stage.open(name, options)
  // A lead looks at a colleague's case: its money needs a reason of one's own. What is not there is not found.
  complaints.expect(403, '/money/')
  complaints.expect(404, '/api/help/articles/nothing-here')
  complaints.expect(404, '/shop/buku-pelangi/orders/none')
  if (cookies) await context.addCookies(cookies)
  if (type) await context.addInitScript(`localStorage.setItem('tuntas.type', '${type}')`)
  const faults: string[] = []
  for (const path of paths) {
    await page.goto(`${address[app]}${path}`)
    await settled(page)
    const found = await faultsOf(page, { app, language, axe })
    faults.push(...found.map((fault) => `${name} ${path}: ${fault}`))
  }
  await context.close()
  return faults
}

/** Its words are the longest. Each page is seen in it at both widths, and so in both schemes, and meets all of axe there. */
const longWorded: Language = 'id'

/** What a language can break in a page (texts or names missing, words too wide) shows where people use it. */
const sizesFor = (language: Language, mostUsed: typeof phone) =>
  language === longWorded ? [phone, desk] : [mostUsed]

const look = (language: Language, size: typeof phone): WindowOptions => ({
  language,
  size,
  scheme: (size === phone) === (language === longWorded) ? 'dark' : 'light',
})

it.each(languages)('pages for customers are in order: %s', async (language) => {
  const faults = await Promise.all(
    sizesFor(language, phone).flatMap((size) => {
      const options = { ...look(language, size), app: 'wallet' as const }
      const name = `${language} ${size.width} ${options.scheme}`
      return [
        walk(`${name} signed out`, { ...options, paths: publicPaths }),
        walk(`${name} signed in`, { ...options, paths: walletPaths, cookies: customerCookies }),
      ]
    }),
  )
  expect(faults.flat()).toEqual([])
})

it.each(languages)('pages for agents are in order: %s', async (language) => {
  const faults = await Promise.all(
    sizesFor(language, desk).flatMap((size) => {
      const options = { ...look(language, size), app: 'console' as const }
      const name = `console ${language} ${size.width} ${options.scheme}`
      return [
        walk(`${name} signed out`, { ...options, paths: ['/cases'] }),
        walk(name, { ...options, paths: consolePaths, cookies: leadCookies }),
      ]
    }),
  )
  expect(faults.flat()).toEqual([])
})

it.each(languages)('pages of the sandbox are in order: %s', async (language) => {
  const faults = await Promise.all(
    sizesFor(language, desk).map((size) =>
      walk(`sandbox ${language} ${size.width}`, { language, size, app: 'sandbox', paths: sandboxPaths }),
    ),
  )
  expect(faults.flat()).toEqual([])
})

it('the sandbox changes its language where one stands, and keeps it', async () => {
  const { page } = await stage.open('sandbox', { language: 'id', size: phone })
  await page.goto(`${stage.product.sandboxUrl}/phone?to=someone@example.com`)
  await page.getByRole('link', { name: 'English' }).click()
  await page.getByRole('heading', { level: 1, name: 'Phone' }).waitFor()
  expect(new URL(page.url()).searchParams.get('to')).toBe('someone@example.com')
  await page.goto(stage.product.sandboxUrl)
  await page.getByRole('link', { name: '简体中文' }).click()
  await page.getByRole('button', { name: '保存开关' }).click()
  await page.getByRole('status').filter({ hasText: '已保存' }).waitFor()
  expect(await page.getAttribute('html', 'lang')).toBe('zh-CN')
})

it('nothing is cut when type is half as large again', async () => {
  const faults = await Promise.all([
    walk('larger phone', {
      app: 'wallet',
      language: 'id',
      size: phone,
      type: 'larger',
      axe: false,
      cookies: customerCookies,
      paths: ['/', walletPaths[3]!, `/pay/${orderId}`, '/help', '/account'],
    }),
    walk('larger desk', {
      app: 'console',
      language: 'id',
      size: desk,
      type: 'larger',
      axe: false,
      cookies: leadCookies,
      paths: consolePaths,
    }),
  ])
  expect(faults.flat()).toEqual([])
})

it('who is signed out is told why, and comes back to where they were: in the wallet and at the console', async () => {
  const { product } = stage
  const wallet = await stage.open('wallet', { language: 'en', size: phone })
  const agent = await stage.open('console', { language: 'zh', size: desk })
  // Sessions of its own: told once more, those of the pages above would have ended.
  await signIn(product, wallet.page, 'en', meiling.contact)
  await signInAtConsole(product, agent.page, 'zh', dewi.email)
  await wallet.page.goto(`${product.customersUrl}/history`)
  await wallet.page.locator('a[href^="/transactions/"]').first().waitFor()
  await agent.page.goto(`${product.agentsUrl}/settings`)
  await agent.page
    .getByRole('heading', { name: wordsOf('console', 'zh')('settings.title') })
    .first()
    .waitFor()

  for (const { complaints } of [wallet, agent]) {
    complaints.expect(401, '/')
    complaints.expect(401, '/live')
  }
  await moveTime(product, 13 * 60)
  await wallet.page.reload()
  const words = wordsOf('wallet', 'en')
  await wallet.page
    .getByRole('status')
    .filter({ hasText: words('session.end.unused', { time: '12 hours' }) })
    .waitFor()
  await fillSignIn(wallet.page, 'en', meiling.contact)
  await wallet.page.locator('a[href^="/transactions/"]').first().waitFor()
  expect(new URL(wallet.page.url()).pathname).toBe('/history')

  await agent.page.reload()
  const agentWords = wordsOf('console', 'zh')
  await agent.page
    .getByRole('status')
    .filter({ hasText: agentWords('session.end.back') })
    .waitFor()
  await fillConsoleSignIn(agent.page, 'zh', dewi.email)
  await agent.page
    .getByRole('heading', { name: agentWords('settings.title') })
    .first()
    .waitFor()
  expect(new URL(agent.page.url()).pathname).toBe('/settings')
})

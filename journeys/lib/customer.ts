// What customers do in the wallet and on the checkout page, step by step as the pages ask for it.
import type { Page } from 'playwright-core'
import type { Product } from './product.ts'
import { wordsOf, type Language } from './words.ts'

/** The demo's people, as the start prints them. */
export const ratna = { name: 'Ratna Kusumawati', contact: '+62 812 3456 4417' }
export const meiling = { name: 'Meiling Lin', contact: '+62 813 5520 2290' }
export const andi = { name: 'Andi Saputra', contact: '+62 857 1122 9034' }
export const customerPassword = 'mangga-manis-42'
export const customerPin = '271828'

/** Fills the sign-in form that the page shows, wherever it stands. */
export async function fillSignIn(page: Page, language: Language, contact: string): Promise<void> {
  const words = wordsOf('wallet', language)
  await page.getByLabel(words('enter.contact')).fill(contact)
  await page.getByLabel(words('enter.password'), { exact: true }).fill(customerPassword)
  await page.getByRole('button', { name: words('enter.sign_in'), exact: true }).click()
}

/** Signs in at the door and waits for the wallet's first screen. */
export async function signIn(
  product: Product,
  page: Page,
  language: Language,
  contact: string,
): Promise<void> {
  await page.goto(`${product.customersUrl}/sign-in`)
  await fillSignIn(page, language, contact)
  await page.getByTestId('balance').waitFor()
}

/** Types the PIN on the checkout page and presses the button that names the amount. */
export async function payWithPin(page: Page, language: Language, pin: string): Promise<void> {
  await page.getByLabel(wordsOf('wallet', language)('checkout.pin'), { exact: true }).fill(pin)
  await page.locator('.pay-form button[type=submit]').click()
}

/** What the page's own session reads from the customers' API. */
export async function read<Result>(product: Product, page: Page, path: string): Promise<Result> {
  const answer = await page.request.get(`${product.customersUrl}${path}`)
  if (!answer.ok()) throw new Error(`${answer.status()} ${path}: ${await answer.text()}`)
  return (await answer.json()) as Result
}

export interface Movement {
  reference: string
  kind: string
  state: string
  party: { name: string }
  amount: { amountMinor: string }
}
/** The newest movements of the signed-in customer, read from the ledger by the product. */
export async function movements(product: Product, page: Page): Promise<Movement[]> {
  const { transactions } = await read<{ transactions: Movement[] }>(
    product,
    page,
    '/api/transactions?limit=50',
  )
  return transactions
}
export async function balanceMinor(product: Product, page: Page): Promise<bigint> {
  const wallet = await read<{ balance: { amountMinor: string } }>(product, page, '/api/wallet')
  return BigInt(wallet.balance.amountMinor)
}

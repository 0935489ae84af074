// What agents do at the console.
import { expect } from 'vitest'
import type { Locator, Page } from 'playwright-core'
import type { Product } from './product.ts'
import { wordsOf, type Language } from './words.ts'

/** The demo's people at the desk, as the start prints them. */
export const bagus = { name: 'Bagus Pratama', email: 'bagus@tuntas.example' }
export const sari = { name: 'Sari Wulandari', email: 'sari@tuntas.example' }
export const dewi = { name: 'Dewi Lestari', email: 'dewi@tuntas.example' }
const password = 'ruang-loket-42'

/** Fills the sign-in that the page shows, wherever it stands. */
export async function fillConsoleSignIn(page: Page, language: Language, email: string): Promise<void> {
  const words = wordsOf('console', language)
  await page.getByLabel(words('sign_in.email'), { exact: true }).fill(email)
  await page.getByLabel(words('sign_in.password'), { exact: true }).fill(password)
  await page.getByRole('button', { name: words('sign_in.submit') }).click()
}

export async function signInAtConsole(
  product: Product,
  page: Page,
  language: Language,
  email: string,
): Promise<void> {
  const words = wordsOf('console', language)
  await page.goto(product.agentsUrl)
  await fillConsoleSignIn(page, language, email)
  await page.getByRole('navigation', { name: words('queue.views') }).waitFor()
}

/** The password once more, before money above the limit: typed into the dialog and sent by Enter. */
export async function typePasswordAgain(page: Page, language: Language): Promise<void> {
  const words = wordsOf('console', language)
  const dialog = page.getByRole('dialog', { name: words('presence.title') })
  // The field has the focus by itself: nobody needs the mouse.
  await dialog.locator('input[name=password]:focus').waitFor()
  await page.keyboard.type(password)
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
}

/** The rows of the queue that say all of these words. */
export function queueRow(page: Page, ...said: string[]): Locator {
  return said.reduce(
    (rows, text) => rows.filter({ hasText: text }),
    page.locator('.queue').getByRole('option'),
  )
}

/** This agent takes no chats for now, so that new cases go to the others. */
export async function leaveTheFloor(product: Product, email: string): Promise<void> {
  const headers = { 'content-type': 'application/json', 'x-tuntas-csrf': '1', origin: product.agentsUrl }
  const signedIn = await fetch(`${product.agentsUrl}/api/sign-in`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ email, password }),
  })
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const changed = await fetch(`${product.agentsUrl}/api/me/availability`, {
    method: 'PUT',
    headers: { ...headers, cookie },
    body: JSON.stringify({ available: false }),
  })
  expect(await changed.json()).toMatchObject({ available: false })
}

// Money that has no place, as people bring it about and staff find a place for it: a top-up that no wallet takes, and a pay-out
// that a shop's bank refuses.
import { expect } from 'vitest'
import type { Page } from 'playwright-core'
import { typePasswordAgain } from './agent.ts'
import { movements, read } from './customer.ts'
import type { Product } from './product.ts'
import { bringMoney, sendMoney } from './sandbox.ts'
import { wordsOf, type Language } from './words.ts'

const patience = { timeout: 30_000 }

/** Leaves room for exactly so much in the wallet. */
export async function fillUpTo(product: Product, page: Page, roomMinor: bigint): Promise<void> {
  const { maximum } = await read<{ maximum: { amountMinor: string } }>(
    product,
    page,
    '/api/funding/virtual-account',
  )
  await bringMoney(product, page, BigInt(maximum.amountMinor) - roomMinor)
}

/** A transfer that the wallet does not take. Opens its page and answers its reference. */
export async function sendTooMuch(product: Product, page: Page, amountMinor: bigint): Promise<string> {
  const known = new Set((await movements(product, page)).map(({ reference }) => reference))
  const { virtualAccountNumber } = await read<{ virtualAccountNumber: string }>(
    product,
    page,
    '/api/funding/virtual-account',
  )
  await sendMoney(product, virtualAccountNumber, amountMinor)
  const held = async () =>
    (await movements(product, page)).find(
      ({ reference, kind, amount }) =>
        kind === 'top_up' && amount.amountMinor === String(amountMinor) && !known.has(reference),
    )?.reference
  await expect.poll(held, patience).toBeTruthy()
  const reference = (await held())!
  await page.goto(`${product.customersUrl}/transactions/${reference}`)
  return reference
}

/** Opens a row of the list of decisions, which has an owner and a deadline, and waits for its sheet. */
export async function openDecision(
  product: Product,
  page: Page,
  language: Language,
  ...said: string[]
): Promise<void> {
  const words = wordsOf('console', language)
  await page.goto(`${product.agentsUrl}/decisions`)
  const row = said.reduce((rows, text) => rows.filter({ hasText: text }), page.locator('.work-row')).first()
  await row.getByText(words('decision.owner.agent')).waitFor(patience)
  await row.locator('.sla').waitFor()
  await row.click()
  await page.getByRole('dialog').locator('dl.payload').waitFor()
}

/** Presses a way on, writes why, and sends it; with the password where two people are asked. */
export async function decideSo(
  page: Page,
  language: Language,
  way: string,
  note: string,
  withPassword = false,
): Promise<void> {
  await page.getByRole('button', { name: way }).click()
  await page.getByLabel(wordsOf('console', language)('decision.note')).fill(note)
  await page.locator('.note-form').getByRole('button', { name: way }).click()
  if (withPassword) await typePasswordAgain(page, language)
}

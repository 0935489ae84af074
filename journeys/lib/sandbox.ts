// The sandbox as journeys drive it: the phone, the bank, the shops, the switches and the clock, all over its public pages.
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Product } from './product.ts'

export interface PhoneMessage {
  id: string
  channel: 'sms' | 'email'
  to: string
  text: string
  code?: string
}

async function json<Result>(url: string, init?: RequestInit): Promise<Result> {
  const answer = await fetch(url, init)
  if (!answer.ok) throw new Error(`${answer.status} ${url}: ${await answer.text()}`)
  return (await answer.json()) as Result
}

const body = (method: string, content: unknown): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(content),
})

/** What the phone has of this recipient, newest first. */
export async function messagesTo(product: Product, to: string): Promise<PhoneMessage[]> {
  const { messages } = await json<{ messages: PhoneMessage[] }>(
    `${product.sandboxUrl}/phone/messages?to=${encodeURIComponent(to)}`,
  )
  return messages
}

/** The code in the newest message, once there are more than `before` of them. */
export async function codeFor(product: Product, to: string, before = 0): Promise<string> {
  const read = async () => {
    const messages = await messagesTo(product, to)
    // Newest first; a message without a code (the wallet is frozen, say) may come between.
    return messages.slice(0, Math.max(0, messages.length - before)).find((message) => message.code)?.code
  }
  await expect.poll(read, { timeout: 60_000, interval: 100 }).toMatch(/^\d{6}$/)
  return (await read())!
}

export type Switches = Partial<
  Record<'shop' | 'bank' | 'payOuts' | 'messages', Record<string, boolean | number | string>>
>
export const setSwitches = (product: Product, switches: Switches): Promise<unknown> =>
  json(`${product.sandboxUrl}/switches`, body('PUT', switches))

/** Business time moves forward, for the product and the sandbox. */
export const moveTime = (product: Product, minutes: number): Promise<unknown> =>
  json(`${product.sandboxUrl}/clock`, body('POST', { advanceMs: minutes * 60_000 }))

export interface BankTransfer {
  id: string
  virtualAccountNumber: string
  amountMinor: string
  state: string
  calls: { responseCode?: string }[]
}
export async function bankTransfers(product: Product, virtualAccount: string): Promise<BankTransfer[]> {
  const { transfers } = await json<{ transfers: BankTransfer[] }>(`${product.sandboxUrl}/bank/api/transfers`)
  return transfers.filter((transfer) => transfer.virtualAccountNumber === virtualAccount)
}

/** A transfer from the customer's bank, waited for until it stands in the wallet. */
export async function bringMoney(product: Product, page: Page, amountMinor: bigint): Promise<void> {
  const read = async <Result>(path: string) =>
    (await (await page.request.get(`${product.customersUrl}${path}`)).json()) as Result
  const balance = async () =>
    BigInt((await read<{ balance: { amountMinor: string } }>('/api/wallet')).balance.amountMinor)
  const before = await balance()
  const { virtualAccountNumber } = await read<{ virtualAccountNumber: string }>(
    '/api/funding/virtual-account',
  )
  await json(
    `${product.sandboxUrl}/bank/api/transfers`,
    body('POST', { virtualAccountNumber, amountMinor: String(amountMinor) }),
  )
  await expect.poll(balance, { timeout: 60_000 }).toBe(before + amountMinor)
}

export interface ShopOrderState {
  number: string
  state: string
  payment: string | null
  tuntasOrderId: string
  webhooks: { type: string; times: number }[]
}
export const shopOrder = (product: Product, slug: string, number: string): Promise<ShopOrderState> =>
  json(`${product.sandboxUrl}/shop/${slug}/orders/${number}/state`)

/**
 * Puts goods into the basket of a demo shop and goes on to the checkout page. Answers the order's id, number and address.
 * `goods` are the shop's article keys with their quantity.
 */
export async function orderAt(
  product: Product,
  page: Page,
  slug: string,
  goods: Record<string, number>,
): Promise<{ orderId: string; number: string; shopPage: string; checkoutPage: string }> {
  await page.goto(`${product.sandboxUrl}/shop/${slug}`)
  for (const [sku, quantity] of Object.entries(goods)) {
    await page.locator(`form:has(input[value="${sku}"]) button.add`).click()
    await page.getByRole('status').waitFor()
    if (quantity > 1)
      await page.request.post(`${product.sandboxUrl}/shop/${slug}/basket`, {
        form: { sku, change: String(quantity - 1) },
      })
  }
  await page.goto(`${product.sandboxUrl}/shop/${slug}/basket`)
  await page.locator('form[action$="/orders"] button.pay').click()
  await page.waitForURL(`${product.customersUrl}/pay/*`)
  const checkoutPage = page.url()
  const orderId = checkoutPage.split('/').at(-1)!
  const checkout = await json<{ merchantReference: string }>(
    `${product.customersUrl}/api/checkout/${orderId}`,
  )
  const number = checkout.merchantReference
  return {
    orderId,
    number,
    checkoutPage,
    shopPage: `${product.sandboxUrl}/shop/${slug}/orders/${number}`,
  }
}

/** Sent to a wallet's number without waiting: it may be held. */
export const sendMoney = (
  product: Product,
  virtualAccountNumber: string,
  amountMinor: bigint,
): Promise<unknown> =>
  json(
    `${product.sandboxUrl}/bank/api/transfers`,
    body('POST', { virtualAccountNumber, amountMinor: String(amountMinor) }),
  )

export interface BankPayOut {
  partnerReference: string
  amountMinor: string
  accountNumber: string
  state: 'paid' | 'refused'
}
/** What the bank was asked to pay out, newest first. */
export async function bankPayOuts(product: Product): Promise<BankPayOut[]> {
  const { payOuts } = await json<{ payOuts: BankPayOut[] }>(`${product.sandboxUrl}/bank/api/pay-outs`)
  return payOuts
}

// The shop's side of the merchant API: signs its requests, repeats them with the same key when no answer comes.
import { createHmac } from 'node:crypto'
import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'
import { type CreateOrderSchema, OrderSchema } from '../../contract/merchant.ts'
import type { ShopAccount } from '../platform/settings.ts'
import { wait } from '../platform/world.ts'

export type NewOrder = Static<typeof CreateOrderSchema>

const CreatedSchema = Type.Pick(OrderSchema, ['id', 'checkoutUrl'])
const ProblemSchema = Type.Object({ code: Type.String(), detail: Type.Optional(Type.String()) })

export type CreateOutcome =
  | { outcome: 'created'; tuntasOrderId: string; checkoutUrl: string }
  /** Refused on the merits: the same request would be refused again. */
  | { outcome: 'refused'; code: string }
  /** Nobody knows whether it arrived: ask again with the same key. */
  | { outcome: 'no_answer' }

const path = '/merchant/v1/orders'

function signedHeaders(shop: ShopAccount, key: string, body: string): Record<string, string> {
  // Real time: only business time is moved in the sandbox, clocks of machines are not.
  const timestamp = Math.floor(Date.now() / 1000).toString()
  const text = [timestamp, 'POST', path, key, body].join('.')
  return {
    'content-type': 'application/json',
    authorization: `Bearer ${shop.keyId}`,
    'idempotency-key': key,
    'tuntas-timestamp': timestamp,
    'tuntas-signature': `v1,${createHmac('sha256', shop.secret).update(text).digest('base64')}`,
  }
}

async function send(customersUrl: string, headers: Record<string, string>, body: string) {
  try {
    const answer = await fetch(`${customersUrl}${path}`, {
      method: 'POST',
      headers,
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(5000),
    })
    return { status: answer.status, body: (await answer.json()) as unknown }
  } catch {
    return undefined
  }
}

/** Creates the order at Tuntas. Three tries with one key: however often it arrives, it is one order. */
export async function createOrder(
  options: { customersUrl: string; shop: ShopAccount },
  key: string,
  order: NewOrder,
): Promise<CreateOutcome> {
  const body = JSON.stringify(order)
  for (let attempt = 1; attempt <= 3; attempt++) {
    const answer = await send(options.customersUrl, signedHeaders(options.shop, key, body), body)
    if (answer && answer.status < 300 && Value.Check(CreatedSchema, answer.body))
      return { outcome: 'created', tuntasOrderId: answer.body.id, checkoutUrl: answer.body.checkoutUrl }
    const code = answer && Value.Check(ProblemSchema, answer.body) ? answer.body.code : undefined
    if (answer && answer.status >= 400 && answer.status < 500 && answer.status !== 429)
      return { outcome: 'refused', code: code ?? `http_${answer.status}` }
    if (attempt < 3) await wait(200 * attempt)
  }
  return { outcome: 'no_answer' }
}

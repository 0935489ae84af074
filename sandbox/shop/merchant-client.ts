// What the shop's server asks Tuntas, signed as contract/merchant.ts says. A request without an answer is repeated under its key.
import { createHmac } from 'node:crypto'
import { Type, type Static, type TSchema } from 'typebox'
import { Value } from 'typebox/value'
import {
  ShopAccountSchema,
  type GiveAccountSchema,
  type ShopAccount as BankAccount,
} from '../../contract/decisions.ts'
import { type CreateOrderSchema, OrderSchema, SettlementListSchema } from '../../contract/merchant.ts'
import { ShopRefundSchema, type ShopRefund } from '../../contract/refund.ts'
import type { ShopAccount } from '../platform/settings.ts'
import { wait } from '../platform/world.ts'

export type NewOrder = Static<typeof CreateOrderSchema>

const CreatedSchema = Type.Pick(OrderSchema, ['id', 'checkoutUrl'])
const RefundListSchema = Type.Object({ refunds: Type.Array(ShopRefundSchema) })
const ProblemSchema = Type.Object({ code: Type.String(), detail: Type.Optional(Type.String()) })

export type Outcome<Result> =
  | { outcome: 'done'; result: Result }
  /** Refused on the merits: the same request would be refused again. */
  | { outcome: 'refused'; code: string }
  /** Nobody knows whether it arrived: ask again with the same key. */
  | { outcome: 'no_answer' }

export interface Tuntas {
  customersUrl: string
  shop: ShopAccount
}

interface Request {
  method: 'GET' | 'POST' | 'PUT'
  path: string
  key: string
  body: string
}

function signedHeaders(shop: ShopAccount, request: Request): Record<string, string> {
  // Real time: only business time is moved in the sandbox, clocks of machines are not.
  const timestamp = Math.floor(Date.now() / 1000).toString()
  const text = [timestamp, request.method, request.path, request.key, request.body].join('.')
  return {
    authorization: `Bearer ${shop.keyId}`,
    'tuntas-timestamp': timestamp,
    'tuntas-signature': `v1,${createHmac('sha256', shop.secret).update(text).digest('base64')}`,
    ...(request.method === 'GET' ? {} : { 'content-type': 'application/json' }),
    ...(request.method === 'POST' ? { 'idempotency-key': request.key } : {}),
  }
}

/** Asks once; `no_answer` for a dead line, an answer that cannot be read, 429 and 5xx. */
async function ask<Schema extends TSchema>(
  { customersUrl, shop }: Tuntas,
  request: Request,
  schema: Schema,
): Promise<Outcome<Static<Schema>>> {
  try {
    const answer = await fetch(`${customersUrl}${request.path}`, {
      method: request.method,
      headers: signedHeaders(shop, request),
      ...(request.method === 'GET' ? {} : { body: request.body }),
      redirect: 'error',
      signal: AbortSignal.timeout(5000),
    })
    const body: unknown = await answer.json()
    if (answer.status < 300 && Value.Check(schema, body)) return { outcome: 'done', result: body }
    if (answer.status < 400 || answer.status >= 500 || answer.status === 429) return { outcome: 'no_answer' }
    return {
      outcome: 'refused',
      code: Value.Check(ProblemSchema, body) ? body.code : `http_${answer.status}`,
    }
  } catch {
    return { outcome: 'no_answer' }
  }
}

/** Creates the order at Tuntas. Three tries with one key: however often it arrives, it is one order. */
export async function createOrder(
  tuntas: Tuntas,
  key: string,
  order: NewOrder,
): Promise<Outcome<Static<typeof CreatedSchema>>> {
  const request = { method: 'POST', path: '/merchant/v1/orders', key, body: JSON.stringify(order) } as const
  for (let attempt = 1; ; attempt++) {
    const outcome = await ask(tuntas, request, CreatedSchema)
    if (outcome.outcome !== 'no_answer' || attempt === 3) return outcome
    await wait(200 * attempt)
  }
}

/** The refunds of this shop's orders that wait for its answer. */
export async function readWaitingRefunds(tuntas: Tuntas): Promise<Outcome<ShopRefund[]>> {
  const path = '/merchant/v1/refunds?state=asking_shop'
  const outcome = await ask(tuntas, { method: 'GET', path, key: '', body: '' }, RefundListSchema)
  return outcome.outcome === 'done' ? { outcome: 'done', result: outcome.result.refunds } : outcome
}

/** Tells Tuntas what the shop says about a refund. One try: the caller repeats it under the same key. */
export function answerRefund(
  tuntas: Tuntas,
  reference: string,
  key: string,
  answer: 'agree' | 'refuse',
): Promise<Outcome<ShopRefund>> {
  const path = `/merchant/v1/refunds/${reference}/answer`
  return ask(tuntas, { method: 'POST', path, key, body: JSON.stringify({ answer }) }, ShopRefundSchema)
}

export type PayOutList = Static<typeof SettlementListSchema>
const accountPath = '/merchant/v1/settlements/account'

/** Where pay-outs go, and another account that waits to be taken up. */
export function readAccount(tuntas: Tuntas): Promise<Outcome<BankAccount>> {
  return ask(tuntas, { method: 'GET', path: accountPath, key: '', body: '' }, ShopAccountSchema)
}

/** The newest pay-outs, and what is owed now. */
export function readPayOuts(tuntas: Tuntas): Promise<Outcome<PayOutList>> {
  const path = '/merchant/v1/settlements?limit=8'
  return ask(tuntas, { method: 'GET', path, key: '', body: '' }, SettlementListSchema)
}

/** Gives another account. Repeating it is harmless: the same account again changes nothing. */
export function giveAccount(
  tuntas: Tuntas,
  account: Static<typeof GiveAccountSchema>,
): Promise<Outcome<BankAccount>> {
  const body = JSON.stringify(account)
  return ask(tuntas, { method: 'PUT', path: accountPath, key: '', body }, ShopAccountSchema)
}

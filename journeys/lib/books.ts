// What the product's database really holds, read past the product: the witness of stories in which processes die.
import pg from 'pg'
import { expect, vi } from 'vitest'
import type { Product } from './product.ts'
import { moveTime } from './sandbox.ts'

async function rows<Row>(product: Product, text: string, values: readonly unknown[] = []): Promise<Row[]> {
  const client = new pg.Client(product.databaseUrl)
  await client.connect()
  try {
    return (await client.query(text, [...values])).rows as Row[]
  } finally {
    await client.end()
  }
}

export interface MoneyBack {
  /** Transfers into the customer's wallet under this refund. */
  times: number
  amountMinor: bigint
  /** Everything that ever moved on the wallet under the payment and its refund. */
  leftOutMinor: bigint
}

/** How often, and how much, came back to the customer's wallet for a payment. */
export async function moneyBack(product: Product, payment: string, refund: string): Promise<MoneyBack> {
  const [row] = await rows<{ times: string; amount: string; net: string }>(
    product,
    `SELECT count(*) FILTER (WHERE entry.amount > 0) AS times,
            coalesce(sum(entry.amount) FILTER (WHERE entry.amount > 0), 0) AS amount,
            coalesce(sum(entry.amount), 0) AS net
     FROM ledger.entries AS entry JOIN ledger.accounts AS account ON account.id = entry.account_id
     WHERE account.kind = 'customer_wallet' AND entry.reference = ANY($1::text[])`,
    [[payment, refund]],
  )
  return { times: Number(row!.times), amountMinor: BigInt(row!.amount), leftOutMinor: -BigInt(row!.net) }
}

/** What a shop could give back now: on its account with us, less what is promised to its bank. */
export async function freeOfShop(product: Product, name: string): Promise<bigint> {
  const [row] = await rows<{ free: string }>(
    product,
    `SELECT coalesce(sum(account.balance - account.held), 0) AS free
     FROM ledger.accounts AS account JOIN merchants.merchants AS shop ON shop.id = account.owner_id
     WHERE account.kind = 'shop_payable' AND shop.name = $1`,
    [name],
  )
  return BigInt(row!.free)
}

/**
 * Moves business time to the shop's next pay-out. A day has one: when time was moved past an earlier one, and it was made then, the
 * next day's is gone to.
 */
export async function moveToPayOut(product: Product, name: string): Promise<void> {
  const state = async () => {
    const [row] = await rows<{ due: string; minutes: number; made: number }>(
      product,
      `SELECT terms.next_due_at::text AS due,
         ceil(extract(epoch FROM terms.next_due_at - now() - clock.offset_ms * interval '1 millisecond') / 60)::int + 1 AS minutes,
         (SELECT count(*)::int FROM settlements.settlements AS made WHERE made.merchant_id = terms.merchant_id) AS made
       FROM settlements.terms AS terms JOIN merchants.merchants AS shop ON shop.id = terms.merchant_id, platform.clock AS clock
       WHERE shop.name = $1`,
      [name],
    )
    return row!
  }
  for (let days = 0; days < 7; days++) {
    const before = await state()
    await moveTime(product, Math.max(1, before.minutes))
    await expect.poll(async () => (await state()).due, { timeout: 60_000 }).not.toBe(before.due)
    if ((await state()).made > before.made) return
  }
  throw new Error(`${name} was not paid out within a week`)
}

/** Faults of the books themselves, in words: sums that are not zero, balances that no entry explains. Empty is right. */
export async function faultsOfBooks(product: Product): Promise<string[]> {
  const sums = await rows<{ currency: string; sum: string }>(
    product,
    'SELECT currency, sum(balance) AS sum FROM ledger.accounts GROUP BY currency HAVING sum(balance) <> 0',
  )
  const unexplained = await rows<{ id: string }>(
    product,
    `SELECT account.id FROM ledger.accounts AS account
     LEFT JOIN (SELECT account_id, sum(amount) AS total FROM ledger.entries GROUP BY account_id) AS entries
       ON entries.account_id = account.id
     WHERE account.balance <> coalesce(entries.total, 0)`,
  )
  return [
    ...sums.map(({ currency, sum }) => `${currency} does not sum to zero but to ${sum}`),
    ...unexplained.map(({ id }) => `account ${id} holds what no entry explains`),
  ]
}

export interface KeptLine {
  sequence: number
  author: string
  kind: string
  text: string
  fact: string | null
}

/** A conversation as it is stored, in the order that everybody sees. */
export async function thread(product: Product, conversationId: string): Promise<KeptLine[]> {
  return rows<KeptLine>(
    product,
    'SELECT sequence, author, kind, text, fact FROM desk.messages WHERE conversation_id = $1 ORDER BY sequence',
    [conversationId],
  )
}

/** Open refunds that nobody owns or that have no deadline: there must never be one. */
export async function forgottenRefunds(product: Product): Promise<number> {
  const [row] = await rows<{ count: string }>(
    product,
    'SELECT count(*) FROM refunds.refunds WHERE closed_at IS NULL AND (owner IS NULL OR until_at IS NULL)',
  )
  return Number(row!.count)
}

/**
 * Business time moves into the next day, past every payment of these customers that its shop is silent about, until they have come
 * back by themselves: none may come back in the middle of a story that counts the customer's money, and what staff granted in
 * the demo's last hours uses up no limit of the story's day.
 */
export async function beginNextDay(product: Product, customers: readonly string[]): Promise<void> {
  const state = async () => {
    const [row] = await rows<{ unanswered: number; minutes: number }>(
      product,
      `SELECT count(payment.number)::int AS unanswered,
         ceil(extract(epoch FROM greatest(
           max(answer_due_at) - max(moment),
           date_trunc('day', max(moment), 'Asia/Jakarta') + interval '1 day' - max(moment)
         )) / 60)::int + 1 AS minutes
       FROM (SELECT now() + offset_ms * interval '1 millisecond' AS moment FROM platform.clock) AS clock
       LEFT JOIN payments.payments AS payment ON payment.state = 'completed' AND payment.told_at IS NULL
         AND payment.customer_id IN (SELECT id FROM identity.customers WHERE display_name = ANY($1))`,
      [customers],
    )
    return row!
  }
  await moveTime(product, (await state()).minutes)
  // Not `expect.poll`: this is also for what comes before the tests.
  await vi.waitFor(async () => expect((await state()).unanswered).toBe(0), { timeout: 60_000, interval: 200 })
}

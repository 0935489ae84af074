// Paying on a real database with the real rooms: once, with every guard, remembered, told, credited or given back.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import { createAudit } from '#modules/audit/index.ts'
import { createLedger } from '#modules/ledger/index.ts'
import { createMerchants, type OrderRecord } from '#modules/merchants/index.ts'
import { createWallets } from '#modules/wallets/index.ts'
import { createPayments, type PayRequest } from './index.ts'
import type { PinFinding } from './payment.rules.ts'

const hour = 3_600_000
let platform: TestPlatform
let rooms: ReturnType<typeof compose>
let shop: { merchantId: string; webhookSecret: string }
let shopServer: Server
let shopAnswers: number[]
let received: { id: string; type: string; genuine: boolean }[]
let customer: string

// Stands in for identity, whose own tests prove the counting: 123456 is right.
function pinFinding(pin: string): PinFinding {
  return pin === '123456' ? { verdict: 'right' } : { verdict: 'wrong', triesLeft: 2 }
}

function compose() {
  const audit = createAudit(platform)
  const ledger = createLedger(platform)
  const wallets = createWallets(platform, { ledger, audit })
  const merchants = createMerchants(platform, { ledger })
  const lockPins = async () => ({
    endOf: () => undefined,
    prove: (attempts: readonly { pin: string }[]) => ({
      verdicts: attempts.map(({ pin }) => pinFinding(pin)),
      saved: Promise.resolve(),
    }),
  })
  const payments = createPayments(platform, { ledger, wallets, merchants, audit, lockPins })
  return { audit, ledger, wallets, merchants, payments }
}

beforeAll(async () => {
  platform = await createTestPlatform()
  rooms = compose()
  shopServer = createServer((request, response) => {
    let body = ''
    request
      .on('data', (chunk) => (body += chunk))
      .on('end', () => {
        const headers = request.headers as Record<string, string>
        let genuine = true
        try {
          new Webhook(shop.webhookSecret).verify(body, headers)
        } catch {
          genuine = false
        }
        received.push({ id: headers['webhook-id']!, type: JSON.parse(body).type, genuine })
        response.writeHead(shopAnswers.shift() ?? 200).end()
      })
  })
  await new Promise<void>((resolve) => shopServer.listen(0, '127.0.0.1', resolve))
  const { port } = shopServer.address() as AddressInfo
  shop = await platform.db.transaction((tx) =>
    rooms.merchants.createMerchant(tx, {
      name: 'Toko Uji',
      category: 'books',
      webhookUrl: `http://127.0.0.1:${port}/webhooks`,
    }),
  )
})
afterAll(async () => {
  await rooms.payments.close()
  shopServer.close()
  await platform.close()
})

beforeEach(async () => {
  shopAnswers = []
  customer = await newCustomer(100_000n)
  // What earlier tests left to be told.
  do await platform.settle()
  while ((await rooms.merchants.deliverDue()) > 0)
  received = []
})

async function newCustomer(rupiah: bigint): Promise<string> {
  const id = uuidv7()
  await platform.db.transaction(async (tx) => {
    await rooms.wallets.open(tx, [{ customerId: id }])
    const bank = await rooms.ledger.ensureSystemAccount(tx, { kind: 'bank_clearing', currency: 'IDR' })
    const wallet = (await rooms.wallets.readWallets(tx, [id])).get(id)!
    const transfer = {
      id: uuidv7(),
      debitAccountId: bank,
      creditAccountId: wallet.accountId,
      amountMinor: rupiah * 100n,
    }
    await rooms.ledger.post(tx, [
      {
        ...transfer,
        currency: 'IDR',
        kind: 'top_up',
        reference: 'TP-TEST-0001',
        effectiveAt: platform.clock.now(),
      },
    ])
  })
  return id
}

async function newOrder(rupiah: bigint, more: Partial<OrderRecord> = {}): Promise<OrderRecord> {
  const now = platform.clock.now()
  const order: OrderRecord = {
    id: uuidv7(),
    merchantId: shop.merchantId,
    merchantReference: uuidv7(),
    totalMinor: rupiah * 100n,
    currency: 'IDR',
    lines: [
      { name: 'Buku', quantity: 1, amount: { amountMinor: (rupiah * 100n).toString(), currency: 'IDR' } },
    ],
    state: 'open',
    returnUrl: undefined,
    cancelUrl: undefined,
    createdAt: now,
    expiresAt: new Date(now.getTime() + hour),
    customerId: undefined,
    paymentNumber: undefined,
    ...more,
  }
  await platform.db.transaction((tx) => rooms.merchants.createOrders(tx, [order]))
  return order
}

function pay(order: OrderRecord, more: Partial<PayRequest> = {}) {
  return rooms.payments.pay({
    customerId: customer,
    key: uuidv7(),
    orderId: order.id,
    pin: '123456',
    expectedTotal: { amountMinor: order.totalMinor.toString(), currency: 'IDR' },
    ...more,
  })
}

const spendable = async (id = customer) => BigInt((await rooms.wallets.view(id)).spendable.amountMinor) / 100n
const shopBalances = async () => {
  const merchant = (await rooms.merchants.readMerchants(platform.db.read, [shop.merchantId])).get(
    shop.merchantId,
  )!
  const accounts = await rooms.ledger.accounts(platform.db.read, [
    merchant.unacknowledgedAccountId,
    merchant.payableAccountId,
  ])
  return {
    waiting: accounts.get(merchant.unacknowledgedAccountId)!.balanceMinor,
    owed: accounts.get(merchant.payableAccountId)!.balanceMinor,
  }
}
const traceOf = (reference: string, id = customer) => platform.references.detail(reference, id)
const deliver = async () => {
  await platform.settle()
  await rooms.merchants.deliverDue()
  await platform.settle()
}

describe('paying', () => {
  it('moves the money once and says what is left', async () => {
    const payment = await pay(await newOrder(40_000n))
    expect(payment).toMatchObject({
      state: 'completed',
      amount: { amountMinor: '4000000' },
      spendableAfter: { amountMinor: '6000000' },
    })
    expect(await spendable()).toBe(60_000n)
  })

  it.each([
    ['wrong PIN', {}, { pin: '000000' }, 'pin_wrong', { triesLeft: 2 }],
    [
      'another amount than shown',
      {},
      { expectedTotal: { amountMinor: '1', currency: 'IDR' } },
      'amount_mismatch',
      undefined,
    ],
    ['a cancelled order', { state: 'cancelled' }, {}, 'order_cancelled', undefined],
    ['an expired order', { expiresAt: new Date(0) }, {}, 'order_expired', undefined],
    ['an unknown order', {}, { orderId: uuidv7() }, 'not_found', undefined],
  ] as const)('refuses %s and takes nothing', async (_name, orderMore, payMore, code, values) => {
    const { state, ...more } = orderMore as Partial<OrderRecord>
    const order = await newOrder(10_000n, more)
    if (state === 'cancelled')
      await platform.db.transaction((tx) => rooms.merchants.close(tx, order, 'cancelled'))
    await expect(pay(order, payMore)).rejects.toMatchObject({ code, ...(values ? { values } : {}) })
    expect(await spendable()).toBe(100_000n)
  })

  it('tells have, need and what is missing, and keeps the refusal in the history', async () => {
    const order = await newOrder(100_001n)
    await expect(pay(order)).rejects.toMatchObject({
      code: 'insufficient_funds',
      values: { missing: { amountMinor: '100', currency: 'IDR' } },
    })
    const [last] = await platform.references.list(customer, undefined, 10)
    expect(last).toMatchObject({ state: 'failed', failure: { code: 'insufficient_funds' } })
  })

  it('keeps the limits per transaction and per day; the day ends at midnight in Jakarta (M16)', async () => {
    const rich = await newCustomer(2_000_000n)
    const buy = async (rupiah: bigint) => pay(await newOrder(rupiah), { customerId: rich })
    await expect(buy(2_000_001n)).rejects.toMatchObject({ code: 'transaction_limit' })
    await platform.db.read.run("UPDATE wallets.limit_sets SET per_day = 100000000 WHERE name = 'basic'")
    await buy(600_000n)
    await expect(buy(400_001n)).rejects.toMatchObject({
      code: 'daily_limit',
      values: { used: { amountMinor: '60000000' } },
    })
    await buy(400_000n)
    platform.clock.advance(24 * hour)
    await buy(400_001n)
    await platform.db.read.run("UPDATE wallets.limit_sets SET per_day = 500000000 WHERE name = 'basic'")
  })

  it('two customers cannot pay one order', async () => {
    const order = await newOrder(10_000n)
    const other = await newCustomer(50_000n)
    const results = await Promise.allSettled([pay(order), pay(order, { customerId: other })])
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
    expect(results.find((result) => result.status === 'rejected')).toMatchObject({
      reason: { code: 'order_paid' },
    })
    expect((await spendable()) + (await spendable(other))).toBe(140_000n)
  })

  it('M1 fifty orders in parallel never spend more than there is', async () => {
    const orders = await Promise.all(Array.from({ length: 50 }, () => newOrder(30_000n)))
    const results = await Promise.allSettled(orders.map((order) => pay(order)))
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(3)
    expect(await spendable()).toBe(10_000n)
  })

  it('M13 a freeze and payments at once: nothing is spent after the freeze', async () => {
    const orders = await Promise.all(Array.from({ length: 20 }, () => newOrder(1_000n)))
    const outcomes = await Promise.allSettled([
      ...orders.slice(0, 10).map((order) => pay(order)),
      rooms.wallets.freeze(customer, { kind: 'customer', id: customer }),
      ...orders.slice(10).map((order) => pay(order)),
    ])
    const left = await spendable()
    const paid = outcomes.filter((outcome, index) => index !== 10 && outcome.status === 'fulfilled').length
    expect(left).toBe(100_000n - BigInt(paid) * 1_000n)
    await expect(pay(await newOrder(1_000n))).rejects.toMatchObject({ code: 'account_frozen' })
  })
})

describe('the key', () => {
  it('M4 the same key fifty times at once pays once and answers alike, and ever after', async () => {
    const order = await newOrder(10_000n)
    const key = uuidv7()
    const answers = await Promise.all(Array.from({ length: 50 }, () => pay(order, { key })))
    // Those came in few batches; whoever comes after them meets what is stored.
    answers.push(await pay(order, { key }))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(await spendable()).toBe(90_000n)
  })

  it('M2 the same key with another body is refused, also at once', async () => {
    const [one, other] = [await newOrder(10_000n), await newOrder(20_000n)]
    const key = uuidv7()
    const results = await Promise.allSettled([pay(one, { key }), pay(other, { key })])
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected'])
    await expect(pay(other, { key })).rejects.toMatchObject({ code: 'idempotency_conflict' })
    expect(await spendable()).toBe(90_000n)
  })

  it('M3 another customer with the same key is another request', async () => {
    const key = uuidv7()
    await pay(await newOrder(10_000n), { key })
    const other = await newCustomer(50_000n)
    await pay(await newOrder(20_000n), { key, customerId: other })
    expect([await spendable(), await spendable(other)]).toEqual([90_000n, 30_000n])
  })

  it('a refusal on the merits is remembered, even when the reason is gone', async () => {
    const order = await newOrder(150_000n)
    const key = uuidv7()
    await expect(pay(order, { key })).rejects.toMatchObject({ code: 'insufficient_funds' })
    await platform.db.transaction(async (tx) => {
      const bank = await rooms.ledger.ensureSystemAccount(tx, { kind: 'bank_clearing', currency: 'IDR' })
      const wallet = (await rooms.wallets.readWallets(tx, [customer])).get(customer)!
      const transfer = {
        id: uuidv7(),
        debitAccountId: bank,
        creditAccountId: wallet.accountId,
        amountMinor: 10_000_000n,
      }
      await rooms.ledger.post(tx, [
        {
          ...transfer,
          currency: 'IDR',
          kind: 'top_up',
          reference: 'TP-TEST-0002',
          effectiveAt: platform.clock.now(),
        },
      ])
    })
    await expect(pay(order, { key })).rejects.toMatchObject({ code: 'insufficient_funds' })
    await pay(order)
    expect(await spendable()).toBe(50_000n)
  })
})

describe('the shop', () => {
  it('is told with a genuine signature, and credited when it acknowledges', async () => {
    const before = await shopBalances()
    const payment = await pay(await newOrder(25_000n))
    expect((await shopBalances()).waiting - before.waiting).toBe(2_500_000n)
    expect((await traceOf(payment.reference))!.hops.map((hop) => hop.state)).toEqual([
      'done',
      'done',
      'now',
      'todo',
      'todo',
    ])
    await deliver()
    expect(received).toEqual([{ id: expect.any(String), type: 'order.paid', genuine: true }])
    const after = await shopBalances()
    expect([after.waiting - before.waiting, after.owed - before.owed]).toEqual([0n, 2_500_000n])
    expect((await traceOf(payment.reference))!.hops.map((hop) => hop.state)).toEqual([
      'done',
      'done',
      'done',
      'done',
      'todo',
    ])
  })

  it('that does not answer is asked again under the same id, and the trace says so', async () => {
    shopAnswers = [503, 500, 200]
    const payment = await pay(await newOrder(25_000n))
    await deliver()
    const stuck = (await traceOf(payment.reference))!
    expect(stuck).toMatchObject({ state: 'unknown', sentence: 'payment_shop_silent_returns' })
    expect((await platform.references.list(customer, undefined, 1))[0]).toMatchObject({ state: 'unknown' })
    expect(stuck.hops[2]).toMatchObject({
      state: 'stuck',
      owner: 'shop',
      tries: 1,
      then: 'refunded',
      evidence: [{ kind: 'http_status', value: '503' }],
    })
    platform.clock.advance(5_000)
    await deliver()
    platform.clock.advance(15_000)
    await deliver()
    expect(new Set(received.map((webhook) => webhook.id)).size).toBe(1)
    expect(received).toHaveLength(3)
    expect((await traceOf(payment.reference))!.hops[2]).toMatchObject({ state: 'done', tries: 3 })
  })

  it('that stays silent loses the payment at the deadline; it is told that the order is cancelled, never that it is paid', async () => {
    shopAnswers = [503]
    const payment = await pay(await newOrder(25_000n))
    await deliver()
    platform.clock.advance(2 * hour)
    const heard: unknown[] = []
    rooms.payments.onReturned(async (tx, { reference, amount }) => {
      if (reference === payment.reference) heard.push(tx.inTransaction, amount)
    })
    expect(await rooms.payments.returnDue()).toBe(1)
    expect(await rooms.payments.returnDue()).toBe(0)
    // Whoever tells the customer, once, in the commit that gives it back.
    expect(heard).toEqual([true, { amountMinor: '2500000', currency: 'IDR' }])
    received = []
    await deliver()
    expect(received.map((webhook) => webhook.type)).toEqual(['order.cancelled'])
    expect(await spendable()).toBe(100_000n)
    expect(await traceOf(payment.reference)).toMatchObject({
      state: 'refunded',
      sentence: 'payment_returned',
    })
  })

  it('payments that cannot go back now do not hold up the others, however many they are', async () => {
    const stopped = [await newCustomer(100_000n), await newCustomer(100_000n)]
    const each = 26
    shopAnswers = Array.from({ length: stopped.length * each + 2 }, () => 503)
    for (const customerId of stopped)
      for (let count = 0; count < each; count++) await pay(await newOrder(1000n), { customerId })
    const freeze = 'UPDATE ledger.accounts SET frozen = $2 WHERE owner_id = ANY($1)'
    await platform.db.read.run(freeze, [stopped, 'credits'])
    const first = await pay(await newOrder(25_000n))
    const other = await newCustomer(100_000n)
    const second = await pay(await newOrder(25_000n), { customerId: other })
    await deliver()
    const full = (await rooms.wallets.readWallets(platform.db.read, [customer])).get(customer)!
    await platform.db.read.run('UPDATE ledger.accounts SET maximum = 1 + balance WHERE id = $1', [
      full.accountId,
    ])
    platform.clock.advance(2 * hour)
    expect(await rooms.payments.returnDue()).toBe(1)
    expect([
      (await traceOf(first.reference))!.state,
      (await traceOf(second.reference, other))!.state,
    ]).toEqual(['held', 'refunded'])
    await platform.db.read.run('UPDATE ledger.accounts SET maximum = NULL WHERE id = $1', [full.accountId])
    await platform.db.read.run(freeze, [stopped, null])
    expect(await rooms.payments.returnDue()).toBe(1 + stopped.length * each)
  })

  it('above the rule’s amount the money waits for staff', async () => {
    shopAnswers = [503]
    const rich = await newCustomer(1_900_000n)
    const payment = await pay(await newOrder(1_000_001n), { customerId: rich })
    await deliver()
    platform.clock.advance(2 * hour)
    expect(await rooms.payments.returnDue()).toBe(0)
    // Staff have a day; then a lead decides.
    expect((await traceOf(payment.reference, rich))!.hops[2]).toMatchObject({
      owner: 'staff',
      untilAt: new Date(platform.clock.now().getTime() + 24 * hour).toISOString(),
      then: 'lead_decides',
    })
  })
})

describe('whose it is', () => {
  it('R1 nobody reads another customer’s payment', async () => {
    const payment = await pay(await newOrder(1_000n))
    const other = await newCustomer(1n)
    expect(await traceOf(payment.reference, other)).toBeUndefined()
    expect(await platform.references.summary(payment.reference, other)).toBeUndefined()
  })

  it('pages the history without a gap or a double', async () => {
    for (let count = 0; count < 7; count++) await pay(await newOrder(1_000n))
    const all = await platform.references.list(customer, undefined, 100)
    const paged = []
    for (let before: { at: Date; reference: string } | undefined; ;) {
      const page = await platform.references.list(customer, before, 3)
      paged.push(...page)
      if (page.length < 3) break
      before = { at: new Date(page.at(-1)!.effectiveAt), reference: page.at(-1)!.reference }
    }
    expect(paged).toEqual(all)
    expect(all).toHaveLength(7)
  })
})

it('the ledger checks out after all of this', async () => {
  expect(await rooms.ledger.check(platform.db.read)).toEqual({
    sumsPerCurrency: { IDR: 0n },
    brokenAccounts: [],
  })
})

describe('crediting the shop', () => {
  it('posts what another room takes of the credit with it, and shows its last hop', async () => {
    const fees = await platform.db.transaction((tx) =>
      rooms.ledger.ensureSystemAccount(tx, { kind: 'fees', currency: 'IDR' }),
    )
    rooms.payments.onCredit(async (_tx, credits) =>
      credits.map(({ payableAccountId, merchantId: _merchant, ...credit }) => ({
        ...credit,
        id: uuidv7(),
        kind: 'shop_fee',
        debitAccountId: payableAccountId,
        creditAccountId: fees,
        amountMinor: credit.amountMinor / 100n,
      })),
    )
    rooms.payments.onSettled(async ({ reference }) => ({
      key: 'settled',
      state: 'done',
      evidence: [{ kind: 'bank_reference', value: reference }],
    }))
    const before = await shopBalances()
    const payment = await pay(await newOrder(40_000n))
    await deliver()
    rooms.payments.onCredit(async () => [])
    expect((await shopBalances()).owed - before.owed).toBe(3_960_000n)
    const legs = await rooms.ledger.transfersByReference(platform.db.read, payment.reference, { limit: 100 })
    expect(legs.map(({ kind, amount }) => [kind, amount])).toEqual([
      ['payment', 4_000_000n],
      ['shop_credited', 4_000_000n],
      ['shop_fee', 40_000n],
    ])
    const { hops } = (await traceOf(payment.reference))!
    expect(hops.at(-1)).toMatchObject({
      key: 'settled',
      state: 'done',
      evidence: [{ value: payment.reference }],
    })
  })
})

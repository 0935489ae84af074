// Asking a shop again, on a real database with a real shop's server: due at once, not more often than the rule, by its payer.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import { composeForTests, openOrder, topUp } from './for-tests.ts'

let platform: TestPlatform
let rooms: ReturnType<typeof composeForTests>
let shopServer: Server
let shopAnswers: number[] = []
let merchantId: string

beforeAll(async () => {
  platform = await createTestPlatform()
  rooms = composeForTests(platform)
  shopServer = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(shopAnswers.shift() ?? 503).end())
  })
  await new Promise<void>((resolve) => shopServer.listen(0, '127.0.0.1', resolve))
  const { port } = shopServer.address() as AddressInfo
  const shop = await platform.db.transaction((tx) =>
    rooms.merchants.createMerchant(tx, {
      name: 'Toko Uji',
      category: 'books',
      webhookUrl: `http://127.0.0.1:${port}/webhooks`,
    }),
  )
  merchantId = shop.merchantId
})
afterAll(async () => {
  await rooms.payments.close()
  shopServer.close()
  await platform.close()
})

/** A payment whose shop was told once and did not answer well. */
async function stuckPayment() {
  const customerId = uuidv7()
  const at = platform.clock.now()
  const orderId = await platform.db.transaction(async (tx) => {
    await rooms.wallets.open(tx, [{ customerId }])
    await topUp(tx, rooms, { customerId, amountMinor: 50_000_00n, at })
    return openOrder(tx, rooms, { merchantId, totalMinor: 10_000_00n, at })
  })
  const { reference } = await rooms.payments.pay({
    customerId,
    key: uuidv7(),
    orderId,
    pin: '123456',
    expectedTotal: { amountMinor: '1000000', currency: 'IDR' },
  })
  await platform.settle()
  shopAnswers = [503]
  await rooms.merchants.deliverDue()
  return { customerId, reference }
}

const ask = (reference: string, customerId: string) =>
  platform.db.transaction((tx) =>
    rooms.payments.askShopAgain(tx, reference, customerId, { kind: 'customer', id: customerId }),
  )
const mayAsk = async (reference: string, customerId: string) =>
  (await platform.references.detail(reference, customerId))!.canAskShopAgain

describe('asking the shop again', () => {
  test('makes the next try due at once, and the shop that answers is credited', async () => {
    const { customerId, reference } = await stuckPayment()
    expect(await mayAsk(reference, customerId)).toBe(true)
    expect(await rooms.merchants.deliverDue()).toBe(0)
    expect(await ask(reference, customerId)).toBe(true)
    shopAnswers = [200]
    expect(await rooms.merchants.deliverDue()).toBe(1)
    await platform.settle()
    const detail = (await platform.references.detail(reference, customerId))!
    expect(detail.hops.find(({ key }) => key === 'shop_credited')).toMatchObject({ state: 'done' })
    expect(detail.canAskShopAgain).toBe(false)
    expect(await ask(reference, customerId)).toBe(false)
  })

  test('fifty times at once asks once, and again only after the rule’s time', async () => {
    const { customerId, reference } = await stuckPayment()
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(reference, customerId)))
    expect(answers.filter(Boolean).length).toBe(1)
    expect(await mayAsk(reference, customerId)).toBe(false)
    platform.clock.advance(299_000)
    expect(await ask(reference, customerId)).toBe(false)
    platform.clock.advance(1000)
    expect(await mayAsk(reference, customerId)).toBe(true)
    expect(await ask(reference, customerId)).toBe(true)
    const { count } = await platform.db.read.one<{ count: bigint }>(
      `SELECT count(*) FROM audit.entries WHERE action = 'payment.shop_asked_again' AND resource_id = $1`,
      [reference],
    )
    expect(count).toBe(2n)
  })

  test('works after the last try was given up', async () => {
    const { customerId, reference } = await stuckPayment()
    await platform.db.read.run(
      `UPDATE merchants.webhooks SET state = 'given_up', next_attempt_at = NULL, closed_at = created_at
       WHERE state = 'waiting'`,
    )
    expect(await ask(reference, customerId)).toBe(true)
    shopAnswers = [200]
    expect(await rooms.merchants.deliverDue()).toBe(1)
  })

  test('R1 is not for anybody else, nor for what is no payment', async () => {
    const { reference } = await stuckPayment()
    expect(await ask(reference, uuidv7())).toBe(false)
    expect(await ask('RF-7Q2M-93TD', uuidv7())).toBe(false)
  })
})

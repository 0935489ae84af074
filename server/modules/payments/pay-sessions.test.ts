// Who pays must be signed in when the money moves, not only when the request came in.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import { composeForTests, everyPinIsRight, openOrder, topUp } from './for-tests.ts'

let platform: TestPlatform
let rooms: ReturnType<typeof composeForTests>
let merchantId: string
let customerId: string
const ended = new Map<string, { end: 'elsewhere' | 'unused'; afterMinutes?: number }>()

beforeAll(async () => {
  platform = await createTestPlatform()
  rooms = composeForTests(platform, async (tx, askers) => ({
    ...(await everyPinIsRight(tx, askers)),
    endOf: (sessionId) => ended.get(sessionId),
  }))
  const shop = await platform.db.transaction((tx) =>
    rooms.merchants.createMerchant(tx, { name: 'Toko Uji', category: 'books' }),
  )
  merchantId = shop.merchantId
})
afterAll(async () => {
  await rooms.payments.close()
  await platform.close()
})
beforeEach(async () => {
  customerId = uuidv7()
  await platform.db.transaction(async (tx) => {
    await rooms.wallets.open(tx, [{ customerId }])
    await topUp(tx, rooms, { customerId, amountMinor: 50_000_00n, at: platform.clock.now() })
  })
})

const newOrder = () =>
  platform.db.transaction((tx) =>
    openOrder(tx, rooms, { merchantId, totalMinor: 10_000_00n, at: platform.clock.now() }),
  )

const pay = (orderId: string, sessionId: string, key = uuidv7()) =>
  rooms.payments
    .pay({
      customerId,
      sessionId,
      key,
      orderId,
      pin: '123456',
      expectedTotal: { amountMinor: '1000000', currency: 'IDR' },
    })
    .then(
      (payment) => payment.state,
      (refused: { code: string; values?: object }) => [refused.code, refused.values],
    )
const spendable = async () => (await rooms.wallets.view(customerId)).spendable.amountMinor
const endedSession = (end: 'elsewhere' | 'unused', afterMinutes?: number) => {
  const sessionId = uuidv7()
  ended.set(sessionId, { end, ...(afterMinutes ? { afterMinutes } : {}) })
  return sessionId
}

test('A11 a session that ended meanwhile pays nothing and is told why; others of the same moment are paid', async () => {
  const orders = await Promise.all([newOrder(), newOrder(), newOrder(), newOrder()])
  const live = uuidv7()
  expect(
    await Promise.all([
      pay(orders[0]!, live),
      pay(orders[1]!, endedSession('elsewhere')),
      pay(orders[2]!, endedSession('unused', 720)),
      pay(orders[3]!, live),
    ]),
  ).toEqual([
    'completed',
    ['session_expired', { end: 'elsewhere' }],
    ['session_expired', { end: 'unused', afterMinutes: 720 }],
    'completed',
  ])
  expect(await spendable()).toBe('3000000')
})

test('the refusal is not kept under the key: signed in again, the same request pays, once', async () => {
  const [order, key] = [await newOrder(), uuidv7()]
  expect(await pay(order, endedSession('elsewhere'), key)).toEqual(['session_expired', { end: 'elsewhere' }])
  const live = uuidv7()
  expect(await pay(order, live, key)).toBe('completed')
  expect(await pay(order, live, key)).toBe('completed')
  expect(await spendable()).toBe('4000000')
})

test('A11 what a key answered is not told to a session that has ended', async () => {
  const [order, key] = [await newOrder(), uuidv7()]
  expect(await pay(order, uuidv7(), key)).toBe('completed')
  expect(await pay(order, endedSession('elsewhere'), key)).toEqual(['session_expired', { end: 'elsewhere' }])
})

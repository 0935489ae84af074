// What a customer is told before asking must be what asking then promises.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { referenceOf } from '#contract/ids.ts'
import { createWorld, rupiah, type World } from './for-tests.ts'

let world: World
let shop: { merchantId: string }
let customer: string

beforeAll(async () => {
  // Wednesday 23 December, 10:00 in Jakarta: Christmas and New Year are between.
  world = await createWorld('2026-12-23T03:00:00.000Z')
  shop = await world.newShop()
  customer = await world.newCustomer(1_000_000n)
})
afterAll(() => world.close())
const detail = (prefix: 'TN' | 'RF', number: bigint) =>
  world.platform.references.detail(referenceOf(prefix, number), customer)

it('the terms name what is left and the dates, which are then those of the refund', async () => {
  const payment = await world.payCredited(customer, shop.merchantId, 300_000n)
  const terms = (await detail('TN', payment))!.refundTerms
  expect(terms).toEqual({
    left: { amountMinor: rupiah(300_000n).toString(), currency: 'IDR' },
    shopAnswersBy: '2026-12-28T03:00:00.000Z',
    resultBy: '2027-01-05T16:59:00.000Z',
  })
  const number = await world.ask(customer, payment, 100_000n)
  expect((await detail('TN', payment))!).not.toHaveProperty('refundTerms')
  expect((await detail('RF', number))!.refund).toMatchObject({
    untilAt: terms!.shopAnswersBy,
    promisedBy: terms!.resultBy,
    holidays: ['2026-12-25', '2027-01-01'],
  })
  await world.refunds.answer(shop.merchantId, number, { answer: 'agree', note: undefined })
  expect((await detail('TN', payment))!.refundTerms?.left.amountMinor).toBe(rupiah(200_000n).toString())
  // Ended: nothing is promised any more.
  expect((await detail('RF', number))!.refund).not.toHaveProperty('holidays')
})

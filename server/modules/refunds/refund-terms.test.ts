// What a customer is told before asking must be what asking then promises.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { referenceOf } from '#contract/ids.ts'
import { agent, createWorld, rupiah, type World } from './for-tests.ts'

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
    secondPersonAbove: {
      granted: { amountMinor: rupiah(500_000n).toString(), currency: 'IDR' },
      agreed: { amountMinor: rupiah(5_000_000n).toString(), currency: 'IDR' },
    },
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

it('the amounts above which two people must agree are those at which they then must, also after parts', async () => {
  customer = await world.newCustomer(2_000_000n)
  const payment = await world.payCredited(customer, shop.merchantId, 900_000n)
  const above = async () => (await detail('TN', payment))!.refundTerms!.secondPersonAbove
  async function granted(amount: bigint): Promise<string> {
    const number = await world.ask(customer, payment, amount)
    await world.refunds.answer(shop.merchantId, number, { answer: 'refuse', note: undefined })
    const needsTwo = (await world.refunds.decisions(undefined)).find(
      (each) => each.reference === referenceOf('RF', number),
    )!.secondPerson
    await world.refunds.decide(agent(), { number, decision: 'grant', note: 'seen' })
    const { state } = await world.state(number)
    expect(needsTwo).toBe(state === 'awaiting_approval')
    return state
  }
  expect(await granted(200_000n)).toBe('paid')
  expect(await above()).toMatchObject({
    granted: { amountMinor: rupiah(300_000n).toString() },
    agreed: { amountMinor: rupiah(5_000_000n).toString() },
  })
  expect(await granted(300_000n)).toBe('paid')
  expect((await above()).granted.amountMinor).toBe('0')
  expect(await granted(1n)).toBe('awaiting_approval')
})

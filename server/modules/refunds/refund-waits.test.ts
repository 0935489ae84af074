// A refund that everybody agreed to and that cannot be paid yet: what it waits for, who owns that, what is said, and that it comes.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { referenceOf } from '#contract/ids.ts'
import type { Reader } from '#platform/references.ts'
import { agent, createWorld, day, rupiah, type World } from './for-tests.ts'

let world: World
let shop: { merchantId: string }
let customer: string
let payOuts = 0

beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())
beforeEach(async () => {
  shop = await world.newShop()
  customer = await world.newCustomer(1_000_000n)
  world.told.length = 0
})

const told = () => world.told.flatMap(({ kind, customerId }) => (customerId === customer ? kind : []))
const agree = (number: bigint) =>
  world.refunds.answer(shop.merchantId, number, { answer: 'agree', note: undefined })
const detail = (number: bigint, reader?: Reader) =>
  world.platform.references.detail(referenceOf('RF', number), customer, reader)

async function accountId(): Promise<string> {
  return (await world.wallets.readWallets(world.platform.db.read, [customer])).get(customer)!.accountId
}
async function stop(what: 'credits' | 'debits' | 'both' | undefined): Promise<void> {
  const id = await accountId()
  await world.platform.db.transaction((tx) => world.ledger.freeze(tx, id, what))
}
/** The shop's money leaves by a pay-out. */
const payOut = (amount: bigint) =>
  world.platform.db.transaction((tx) =>
    world.take(tx, shop.merchantId, amount, 'bank_clearing', 'shop_paid_out', `ST-WAIT-${++payOuts}`),
  )
const fill = (amount: bigint) => world.platform.db.transaction((tx) => world.topUp(tx, customer, amount))
const spend = (amount: bigint) => world.pay(customer, shop.merchantId, amount)
async function passDays(days: number): Promise<void> {
  world.platform.clock.advance(days * day)
  await world.refunds.passDeadlines()
}

describe('into a wallet whose account takes nothing in', () => {
  it.each([
    ['credits', 'payCredited'],
    ['both', 'payCredited'],
    ['credits', 'pay'],
    ['both', 'pay'],
  ] as const)('%s stopped, paid by %s: it waits for staff, and comes by itself', async (what, pay) => {
    const payment = await world[pay](customer, shop.merchantId, 300_000n)
    const number = await world.ask(customer, payment)
    await stop(what)
    await agree(number)
    const waiting = await world.state(number)
    expect(waiting).toMatchObject({
      state: 'waiting_for_funds',
      waitingFor: 'wallet_stopped',
      owner: 'staff',
    })
    expect(told()).toEqual(['asked', 'stopped'])
    for (const reader of [undefined, 'staff'] as const) {
      const shown = (await detail(number, reader))!
      expect(shown).toMatchObject({
        state: 'pending',
        sentence: 'refund_wallet_stopped',
        refund: { owner: 'staff', waitingFor: 'wallet_stopped' },
      })
      expect(shown.hops.map((hop) => hop.key)).not.toContain('funds_found')
      expect(shown.hops.find((hop) => hop.key === 'wallet_takes')).toMatchObject({
        state: 'stuck',
        owner: 'staff',
        untilAt: waiting.untilAt!.toISOString(),
        nextTryAt: waiting.nextTryAt!.toISOString(),
        then: 'staff_decides',
      })
    }
    // Tried again while it is stopped: it waits on, and nobody is told twice.
    world.platform.clock.advance(3_600_000)
    expect(await world.refunds.retryWaiting()).toBe(0)
    expect(await world.state(number)).toMatchObject({
      waitingFor: 'wallet_stopped',
      untilAt: waiting.untilAt,
    })
    expect(told()).toEqual(['asked', 'stopped'])
    await stop(undefined)
    // Found at once, before the next try is due.
    expect(await world.refunds.retryWaiting()).toBe(1)
    expect((await world.state(number)).state).toBe('paid')
    expect(await world.balanceOf(customer)).toBe(1_000_000n)
    expect(told()).toEqual(['asked', 'stopped', 'paid'])
    expect(await world.checkLedger()).toEqual({ sums: [0n], broken: [] })
  })

  it('staff decide when it lasts, with the true reason, and may let it wait on', async () => {
    const number = await world.ask(customer, await world.payCredited(customer, shop.merchantId, 300_000n))
    await stop('credits')
    await agree(number)
    await passDays(10)
    expect(await world.state(number)).toMatchObject({
      state: 'in_review',
      reviewCause: 'wallet_stopped',
      owner: 'staff',
    })
    await world.refunds.decide(agent(), { number, decision: 'grant', note: 'the stop is looked at' })
    expect(await world.state(number)).toMatchObject({ waitingFor: 'wallet_stopped', owner: 'staff' })
    expect(told()).toEqual(['asked', 'stopped'])
    // The stop ended while staff looked at it: their yes pays it.
    await passDays(10)
    await stop(undefined)
    await world.refunds.decide(agent(), { number, decision: 'grant', note: 'the stop has ended' })
    expect((await world.state(number)).state).toBe('paid')
  })

  it('a shop that gives back by itself is not refused for it', async () => {
    const payment = await world.payCredited(customer, shop.merchantId, 300_000n)
    await stop('both')
    const number = await world.give(shop.merchantId, payment, 120_000n)
    expect(await world.state(number)).toMatchObject({ waitingFor: 'wallet_stopped', owner: 'staff' })
    expect(told()).toEqual(['stopped'])
  })

  it('a closed account is waited for in the same way, until staff decide', async () => {
    const number = await world.ask(customer, await world.payCredited(customer, shop.merchantId, 1_000_000n))
    const id = await accountId()
    await world.platform.db.transaction((tx) => world.ledger.close(tx, id))
    await agree(number)
    expect(await world.state(number)).toMatchObject({ waitingFor: 'wallet_stopped', owner: 'staff' })
    world.platform.clock.advance(3_600_000)
    expect(await world.refunds.retryWaiting()).toBe(0)
    await passDays(10)
    expect(await world.state(number)).toMatchObject({ state: 'in_review', reviewCause: 'wallet_stopped' })
  })

  it('what stops only what leaves the account, or what comes in within a month, holds no refund up', async () => {
    const payment = await world.payCredited(customer, shop.merchantId, 300_000n)
    const [first, id] = [await world.ask(customer, payment, 100_000n), await accountId()]
    await stop('debits')
    await agree(first)
    expect((await world.state(first)).state).toBe('paid')
    await stop(undefined)
    await world.platform.db.transaction((tx) =>
      tx.run('UPDATE ledger.accounts SET monthly_cap = $2 WHERE id = $1', [id, rupiah(500_000n)]),
    )
    // The month begins to count with the first money that comes in under the cap: all of it is used.
    await fill(500_000n)
    await expect(fill(1n)).rejects.toMatchObject({ code: 'monthly_incoming_limit' })
    const second = await world.ask(customer, payment, 200_000n)
    await agree(second)
    expect((await world.state(second)).state).toBe('paid')
    expect(await world.balanceOf(customer)).toBe(1_500_000n)
  })
})

describe('what it waits for changes', () => {
  it('from the wallet’s room to the shop’s money and back: each change is told once, and is true', async () => {
    const number = await world.ask(customer, await world.payCredited(customer, shop.merchantId, 300_000n))
    await fill(19_300_000n)
    await agree(number)
    expect(told()).toEqual(['asked', 'no_room'])
    await payOut(300_000n)
    await spend(400_000n)
    for (let round = 0; round < 2; round++) {
      world.platform.clock.advance(1_200_000)
      await world.refunds.retryWaiting()
    }
    expect(await world.state(number)).toMatchObject({ waitingFor: 'shop_funds', owner: 'shop' })
    expect((await detail(number))!.hops.find((hop) => hop.key === 'funds_found')).toMatchObject({
      owner: 'shop',
    })
    expect(told()).toEqual(['asked', 'no_room', 'waits_for_shop'])
    await fill(400_000n)
    for (let round = 0; round < 2; round++) {
      world.platform.clock.advance(1_200_000)
      await world.refunds.retryWaiting()
    }
    expect(await world.state(number)).toMatchObject({ waitingFor: 'wallet_room', owner: 'customer' })
    expect((await detail(number))!.hops.find((hop) => hop.key === 'wallet_takes')).toMatchObject({
      owner: 'customer',
    })
    expect(told()).toEqual(['asked', 'no_room', 'waits_for_shop', 'no_room'])
  })

  it('also when staff looked at it in between', async () => {
    const number = await world.ask(customer, await world.payCredited(customer, shop.merchantId, 300_000n))
    await stop('credits')
    await agree(number)
    await passDays(10)
    await stop(undefined)
    await payOut(300_000n)
    await world.refunds.decide(agent(), { number, decision: 'grant', note: 'the shop pays on Friday' })
    expect(await world.state(number)).toMatchObject({ waitingFor: 'shop_funds', owner: 'shop' })
    expect(told()).toEqual(['asked', 'stopped', 'waits_for_shop'])
  })

  it('a new date is not told with “you need do nothing” while only the customer can end the wait', async () => {
    const number = await world.ask(customer, await world.payCredited(customer, shop.merchantId, 300_000n))
    await fill(19_300_000n)
    await agree(number)
    const { promisedBy } = await world.state(number)
    world.platform.clock.advance(promisedBy.getTime() - world.platform.clock.now().getTime())
    await world.refunds.tellLate()
    expect((await world.state(number)).promisedBy.getTime()).toBeGreaterThan(promisedBy.getTime())
    expect(told()).toEqual(['asked', 'no_room', 'no_room'])
  })
})

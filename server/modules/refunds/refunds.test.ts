// The refund on a real database with the real money rooms: asked, answered, reviewed, approved, paid, once.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { referenceOf, uuidv7 } from '#contract/ids.ts'
import { agent, createWorld, day, hour, rupiah, type World } from './for-tests.ts'

let world: World
let shop: { merchantId: string }
let customer: string

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
const refuse = (number: bigint) =>
  world.refunds.answer(shop.merchantId, number, { answer: 'refuse', note: 'dikirim kemarin' })
const detail = (number: bigint) => world.platform.references.detail(referenceOf('RF', number), customer)
const detailForStaff = (number: bigint) =>
  world.platform.references.detail(referenceOf('RF', number), customer, 'staff')

async function webhooks(): Promise<string[]> {
  const rows = await world.platform.db.read.rows<{ type: string; state: string }>(
    'SELECT type, state FROM merchants.webhooks WHERE merchant_id = $1 ORDER BY created_at, id',
    [shop.merchantId],
  )
  return rows.map(({ type, state }) => `${type} ${state}`)
}

describe('a payment that the shop has', () => {
  it('is asked back, agreed to by the shop, and stands in the balance; everybody is told once', async () => {
    const payment = await world.payCredited(customer, shop.merchantId, 300_000n)
    const number = await world.ask(customer, payment)
    expect(await world.state(number)).toMatchObject({
      state: 'asking_shop',
      owner: 'shop',
      amountMinor: rupiah(300_000n),
    })
    expect(await world.balanceOf(customer)).toBe(700_000n)
    await agree(number)
    await agree(number)
    expect(await world.state(number)).toMatchObject({ state: 'paid', shopAnswer: 'agreed', owner: undefined })
    expect(await world.balanceOf(customer)).toBe(1_000_000n)
    expect(await world.payableOf(shop.merchantId)).toBe(0n)
    expect(told()).toEqual(['asked', 'paid'])
    expect((await webhooks()).filter((line) => line.startsWith('refund'))).toEqual([
      'refund.requested waiting',
      'refund.paid waiting',
    ])
    const shown = (await detail(number))!
    expect(shown).toMatchObject({ kind: 'refund', state: 'completed', sentence: 'refund_paid' })
    expect(shown.amount.amountMinor).toBe(rupiah(300_000n).toString())
    expect(shown.hops.map((hop) => [hop.key, hop.state])).toEqual([
      ['requested', 'done'],
      ['shop_answered', 'done'],
      ['paid_back', 'done'],
    ])
    await expect(refuse(number)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('the shop refuses: staff look, grant, and the money comes back', async () => {
    const payment = await world.payCredited(customer, shop.merchantId, 300_000n)
    const number = await world.ask(customer, payment)
    await refuse(number)
    expect(await world.state(number)).toMatchObject({
      state: 'in_review',
      owner: 'staff',
      reviewCause: 'shop_refused',
    })
    expect((await world.refunds.decisions(undefined)).map(({ reference }) => reference)).toContain(
      referenceOf('RF', number),
    )
    const bagus = agent()
    await world.refunds.decide(bagus, { number, decision: 'grant', note: 'no parcel number' })
    await world.refunds.decide(bagus, { number, decision: 'grant', note: 'no parcel number' })
    expect(await world.state(number)).toMatchObject({
      state: 'paid',
      decision: 'grant',
      decidedBy: bagus.agentId,
    })
    expect(await world.balanceOf(customer)).toBe(1_000_000n)
    await expect(
      world.refunds.decide(bagus, { number, decision: 'decline', note: 'late' }),
    ).rejects.toMatchObject({ code: 'conflict' })
  })

  it('silence leads to staff, silence of staff to a lead, and never to nobody', async () => {
    const payment = await world.payCredited(customer, shop.merchantId, 300_000n)
    const number = await world.ask(customer, payment)
    // Friday 20 November 13:00 in Jakarta; two working days later is Tuesday 13:00.
    expect((await world.state(number)).untilAt).toEqual(new Date('2026-11-24T06:00:00Z'))
    world.platform.clock.advance(4 * day)
    expect(await world.refunds.passDeadlines()).toBeGreaterThanOrEqual(1)
    expect(await world.state(number)).toMatchObject({
      state: 'in_review',
      shopAnswer: 'silent',
      owner: 'staff',
    })
    world.platform.clock.advance(day)
    await world.refunds.passDeadlines()
    expect(await world.state(number)).toMatchObject({ state: 'in_review', owner: 'staff', escalations: 1 })
    const note = 'looked at it'
    await expect(world.refunds.decide(agent(), { number, decision: 'decline', note })).rejects.toMatchObject({
      code: 'forbidden',
    })
    await world.refunds.decide(agent('lead'), { number, decision: 'decline', note })
    expect(await world.state(number)).toMatchObject({
      state: 'declined',
      owner: undefined,
      untilAt: undefined,
    })
    expect(told()).toEqual(['asked', 'silent', 'declined'])
  })

  it('above the limit nothing is promised, nor the note shown, before a second person approved', async () => {
    const payment = await world.payCredited(customer, shop.merchantId, 900_000n)
    const number = await world.ask(customer, payment)
    await refuse(number)
    await world.refunds.decide(agent(), { number, decision: 'grant', note: 'the shop has no parcel number' })
    const { state, approvalId } = await world.state(number)
    expect(state).toBe('awaiting_approval')
    const shown = (await detail(number))!.refund!
    expect(shown).not.toHaveProperty('decisionNote')
    expect(shown).not.toHaveProperty('proposed')
    // Staff read what waits, and the same of everything else.
    const { proposed, ...alike } = (await detailForStaff(number))!.refund!
    expect(proposed).toEqual({
      by: 'staff',
      at: world.platform.clock.now().toISOString(),
      note: 'the shop has no parcel number',
    })
    expect(alike).toEqual(shown)
    expect(told()).toEqual(['asked', 'refused'])
    await world.fourEyes.approve(approvalId!)
    expect((await detailForStaff(number))!.refund).not.toHaveProperty('proposed')
    expect((await detail(number))!.refund).toMatchObject({
      state: 'paid',
      decisionNote: 'the shop has no parcel number',
    })
    expect(told()).toEqual(['asked', 'refused', 'paid'])
  })

  it('approved while the shop has too little with us, it is promised then', async () => {
    const payment = await world.payCredited(customer, shop.merchantId, 900_000n)
    const number = await world.ask(customer, payment)
    await refuse(number)
    await world.platform.db.transaction((tx) =>
      world.take(tx, shop.merchantId, 900_000n, 'bank_clearing', 'shop_paid_out', 'ST-TEST-0004'),
    )
    await world.refunds.decide(agent(), { number, decision: 'grant', note: 'the shop has no parcel number' })
    await world.fourEyes.approve((await world.state(number)).approvalId!)
    expect(await world.state(number)).toMatchObject({ state: 'waiting_for_funds', waitingFor: 'shop_funds' })
    expect(told()).toEqual(['asked', 'refused', 'agreed'])
  })

  it('a late yes of the shop still counts', async () => {
    const payment = await world.payCredited(customer, shop.merchantId, 300_000n)
    const number = await world.ask(customer, payment)
    world.platform.clock.advance(5 * day)
    await world.refunds.passDeadlines()
    await agree(number)
    expect((await world.state(number)).state).toBe('paid')
  })

  it('a shop that was paid out: the refund waits for its money, and comes by itself', async () => {
    const payment = await world.payCredited(customer, shop.merchantId, 300_000n)
    await world.platform.db.transaction((tx) =>
      world.take(tx, shop.merchantId, 300_000n, 'bank_clearing', 'shop_paid_out', 'ST-TEST-0001'),
    )
    const number = await world.ask(customer, payment)
    await agree(number)
    expect(await world.state(number)).toMatchObject({
      state: 'waiting_for_funds',
      owner: 'shop',
      waitingFor: 'shop_funds',
    })
    expect((await detail(number))!.hops.find((hop) => hop.key === 'funds_found')).toMatchObject({
      state: 'stuck',
      owner: 'shop',
      then: 'staff_decides',
    })
    const other = await world.newCustomer(400_000n)
    await world.payCredited(other, shop.merchantId, 350_000n)
    await world.platform.settle()
    expect(await world.refunds.retryWaiting()).toBe(1)
    expect((await world.state(number)).state).toBe('paid')
    expect(await world.balanceOf(customer)).toBe(1_000_000n)
    expect(await world.payableOf(shop.merchantId)).toBe(50_000n)
    expect(told()).toEqual(['asked', 'agreed', 'paid'])
  })

  it('money that does not come: staff decide, and may go on waiting', async () => {
    const payment = await world.payCredited(customer, shop.merchantId, 300_000n)
    await world.platform.db.transaction((tx) =>
      world.take(tx, shop.merchantId, 300_000n, 'bank_clearing', 'shop_paid_out', 'ST-TEST-0002'),
    )
    const number = await world.ask(customer, payment)
    await agree(number)
    world.platform.clock.advance(7 * day)
    await world.refunds.passDeadlines()
    expect(await world.state(number)).toMatchObject({ state: 'in_review', reviewCause: 'funds_missing' })
    await world.refunds.decide(agent(), { number, decision: 'grant', note: 'the shop pays on Friday' })
    expect(await world.state(number)).toMatchObject({ state: 'waiting_for_funds', owner: 'shop' })
    // It was promised when the shop agreed; that it is waited for longer is no second promise.
    expect(told()).toEqual(['asked', 'agreed'])
    await world.payCredited(await world.newCustomer(400_000n), shop.merchantId, 350_000n)
    await world.platform.settle()
    await world.refunds.retryWaiting()
    expect((await world.state(number)).state).toBe('paid')
    expect(told()).toEqual(['asked', 'agreed', 'paid'])
  })

  it('promised once however often staff say to go on waiting, also after a second person approved', async () => {
    const payment = await world.payCredited(customer, shop.merchantId, 900_000n)
    const number = await world.ask(customer, payment)
    await refuse(number)
    await world.platform.db.transaction((tx) =>
      world.take(tx, shop.merchantId, 900_000n, 'bank_clearing', 'shop_paid_out', 'ST-TEST-0005'),
    )
    const grant = () =>
      world.refunds.decide(agent('lead'), { number, decision: 'grant', note: 'no parcel number' })
    await grant()
    await world.fourEyes.approve((await world.state(number)).approvalId!)
    for (let round = 0; round < 3; round++) {
      world.platform.clock.advance(10 * day)
      await world.refunds.passDeadlines()
      expect(await world.state(number)).toMatchObject({ state: 'in_review', reviewCause: 'funds_missing' })
      await grant()
      expect(await world.state(number)).toMatchObject({
        state: 'waiting_for_funds',
        waitingFor: 'shop_funds',
      })
    }
    expect(told()).toEqual(['asked', 'refused', 'agreed'])
  })

  it('the reserve pays when the payable does not, and the fee goes back in proportion', async () => {
    const payment = await world.payCredited(customer, shop.merchantId, 300_000n)
    const reference = referenceOf('TN', payment)
    await world.platform.db.transaction(async (tx) => {
      await world.take(tx, shop.merchantId, 3_000n, 'fees', 'shop_fee', reference)
      await world.take(tx, shop.merchantId, 100_000n, 'shop_reserve', 'shop_reserve', reference)
      await world.take(tx, shop.merchantId, 190_000n, 'bank_clearing', 'shop_paid_out', 'ST-TEST-0003')
    })
    // 7,000 stand in the payable, 100,000 in the reserve; 100,000 go back: 1,000 of the fee, 92,000 of the reserve.
    const number = await world.ask(customer, payment, 100_000n)
    await agree(number)
    expect(await world.state(number)).toMatchObject({ state: 'paid', feeReturnedMinor: rupiah(1_000n) })
    expect(await world.balanceOf(customer)).toBe(800_000n)
    expect(await world.payableOf(shop.merchantId)).toBe(0n)
    expect(await world.checkLedger()).toEqual({ sums: [0n], broken: [] })
    const payable = (await world.platform.references.detail(reference, customer))!
    expect(payable.refunds).toEqual([referenceOf('RF', number)])
    expect(payable.canAskMoneyBack).toBe(true)
  })

  it('a wallet without room does not lose the refund: it waits, says so, and comes when there is room', async () => {
    const payment = await world.payCredited(customer, shop.merchantId, 300_000n)
    await world.platform.db.transaction((tx) => world.topUp(tx, customer, 19_300_000n))
    const number = await world.ask(customer, payment)
    await agree(number)
    expect(await world.state(number)).toMatchObject({
      state: 'waiting_for_funds',
      waitingFor: 'wallet_room',
      owner: 'customer',
    })
    expect(told()).toEqual(['asked', 'no_room'])
    // Staff look, and say to go on waiting: nothing new for the customer, who is told already what to do.
    world.platform.clock.advance(10 * day)
    await world.refunds.passDeadlines()
    expect(await world.state(number)).toMatchObject({ state: 'in_review', reviewCause: 'no_room' })
    await world.refunds.decide(agent(), { number, decision: 'grant', note: 'it waits for the customer' })
    expect(await world.state(number)).toMatchObject({ waitingFor: 'wallet_room', owner: 'customer' })
    expect(told()).toEqual(['asked', 'no_room'])
    await world.pay(customer, shop.merchantId, 400_000n)
    await world.platform.settle()
    await world.refunds.retryWaiting()
    expect((await world.state(number)).state).toBe('paid')
  })

  it('a promised date that passes is given anew before the customer asks', async () => {
    const payment = await world.payCredited(customer, shop.merchantId, 300_000n)
    const number = await world.ask(customer, payment)
    const { promisedBy } = await world.state(number)
    world.platform.clock.advance(promisedBy.getTime() - world.platform.clock.now().getTime())
    await world.refunds.tellLate()
    const late = await world.state(number)
    expect(late.promisedBy.getTime()).toBeGreaterThan(promisedBy.getTime())
    expect(told()).toEqual(['asked', 'late'])
    expect(await world.refunds.tellLate()).toBe(0)
  })
})

describe('a payment that the shop never acknowledged', () => {
  it('the shop agrees: it goes back at once, the order is closed and nothing says paid any more', async () => {
    const payment = await world.pay(customer, shop.merchantId, 300_000n)
    await world.platform.settle()
    const number = await world.ask(customer, payment)
    await agree(number)
    expect((await world.state(number)).state).toBe('paid')
    expect(await world.balanceOf(customer)).toBe(1_000_000n)
    expect((await webhooks()).sort()).toEqual([
      'order.cancelled waiting',
      'order.paid superseded',
      'refund.paid waiting',
      'refund.requested superseded',
    ])
    world.platform.clock.advance(3 * hour)
    await world.payments.returnDue()
    expect(await world.balanceOf(customer)).toBe(1_000_000n)
  })

  it('goes back by itself at its own deadline: the open refund is overtaken, the money moves once', async () => {
    const payment = await world.pay(customer, shop.merchantId, 300_000n)
    const number = await world.ask(customer, payment)
    world.platform.clock.advance(3 * hour)
    await world.payments.returnDue()
    expect((await world.state(number)).state).toBe('overtaken')
    await expect(agree(number)).rejects.toMatchObject({ code: 'conflict' })
    expect(await world.balanceOf(customer)).toBe(1_000_000n)
  })

  it('one that is overtaken says that the payment came back, how much and when, and waits for nobody', async () => {
    const payment = await world.pay(customer, shop.merchantId, 300_000n)
    await agree(await world.ask(customer, payment, 100_000n))
    const number = await world.ask(customer, payment, 50_000n)
    const { returnsAt } = (await detail(number))!.refund!
    expect(returnsAt).toBeDefined()
    world.platform.clock.advance(Date.parse(returnsAt!) - world.platform.clock.now().getTime() - 1)
    expect(await world.payments.returnDue()).toBe(0)
    world.platform.clock.advance(1)
    expect(await world.payments.returnDue()).toBe(1)
    const shown = (await detail(number))!
    const at = world.platform.clock.now().toISOString()
    const tn = referenceOf('TN', payment)
    expect(shown.hops).toEqual([
      expect.objectContaining({ key: 'requested', state: 'done' }),
      { key: 'came_back', state: 'done', at, evidence: [{ kind: 'ledger_transfer', value: tn, at }] },
    ])
    expect(shown.refund).toMatchObject({
      payment: tn,
      cameBack: { amount: { amountMinor: rupiah(200_000n).toString(), currency: 'IDR' }, at },
    })
    for (const gone of ['owner', 'untilAt', 'promisedBy', 'returnsAt'])
      expect(shown.refund).not.toHaveProperty(gone)
    // What came back is told by the payment; the refund has nothing of its own to tell.
    expect(told()).toEqual(['asked', 'paid', 'asked'])
  })

  it('what staff read beforehand: when it goes back by itself; nothing once the shop has it', async () => {
    const payment = await world.pay(customer, shop.merchantId, 300_000n)
    const number = await world.ask(customer, payment)
    await refuse(number)
    const toldUntil = (await world.platform.references.detail(
      referenceOf('TN', payment),
      customer,
    ))!.hops.find(({ then }) => then === 'refunded')!.untilAt
    expect((await detailForStaff(number))!.refund).toMatchObject({ state: 'in_review', returnsAt: toldUntil })
    await world.credit([payment])
    expect((await detailForStaff(number))!.refund).not.toHaveProperty('returnsAt')
  })

  it('one that goes back and waits for the wallet is not asked for as well, by nobody and in no part', async () => {
    const payment = await world.pay(customer, shop.merchantId, 300_000n)
    const { accountId } = (await world.wallets.readWallets(world.platform.db.read, [customer])).get(customer)!
    const stop = (what: 'credits' | undefined) =>
      world.platform.db.transaction((tx) => world.ledger.freeze(tx, accountId, what))
    await stop('credits')
    world.platform.clock.advance(3 * hour)
    await world.payments.returnDue()
    const refused = { code: 'refund_not_allowed', values: { why: 'coming_back' } }
    await expect(world.ask(customer, payment)).rejects.toMatchObject(refused)
    await expect(world.ask(customer, payment, 1n)).rejects.toMatchObject(refused)
    await expect(world.give(shop.merchantId, payment, 100_000n)).rejects.toMatchObject(refused)
    await stop(undefined)
    await world.payments.returnDue()
    expect(await world.balanceOf(customer)).toBe(1_000_000n)
    await expect(world.ask(customer, payment)).rejects.toMatchObject({ values: { why: 'already_returned' } })
  })

  it('above the limit nothing comes back by itself, and nothing says so', async () => {
    const rich = await world.newCustomer(3_000_000n)
    const payment = await world.pay(rich, shop.merchantId, 2_000_000n)
    const reference = referenceOf('RF', await world.ask(rich, payment))
    expect((await world.platform.references.detail(reference, rich))!.refund).not.toHaveProperty('returnsAt')
  })

  it('a part goes back, the rest is credited when the shop wakes up', async () => {
    const payment = await world.pay(customer, shop.merchantId, 300_000n)
    const number = await world.ask(customer, payment, 100_000n)
    await agree(number)
    await world.credit([payment])
    expect(await world.payableOf(shop.merchantId)).toBe(200_000n)
    expect(await world.balanceOf(customer)).toBe(800_000n)
    await agree(await world.ask(customer, payment))
    expect(await world.balanceOf(customer)).toBe(1_000_000n)
    expect(await world.payableOf(shop.merchantId)).toBe(0n)
  })
})

describe('keys and change of mind', () => {
  it('the same key gets the same refund for ever, another body is refused, a refusal is remembered', async () => {
    const payment = await world.payCredited(customer, shop.merchantId, 300_000n)
    const key = uuidv7()
    const number = await world.ask(customer, payment, 100_000n, key)
    expect(await world.ask(customer, payment, 100_000n, key)).toBe(number)
    await expect(world.ask(customer, payment, 200_000n, key)).rejects.toMatchObject({
      code: 'idempotency_conflict',
    })
    const refusedKey = uuidv7()
    const open = {
      code: 'refund_not_allowed',
      values: { why: 'refund_open', reference: referenceOf('RF', number) },
    }
    await expect(world.ask(customer, payment, 50_000n, refusedKey)).rejects.toMatchObject(open)
    await world.refunds.withdraw(customer, number)
    await world.refunds.withdraw(customer, number)
    expect((await world.state(number)).state).toBe('withdrawn')
    await expect(world.ask(customer, payment, 50_000n, refusedKey)).rejects.toMatchObject(open)
    expect((await world.state(await world.ask(customer, payment))).state).toBe('asking_shop')
  })

  it('a shop gives back by itself, and only its own', async () => {
    const payment = await world.payCredited(customer, shop.merchantId, 300_000n)
    const number = await world.give(shop.merchantId, payment, 120_000n)
    expect(await world.state(number)).toMatchObject({ state: 'paid', askedBy: 'shop' })
    expect(await world.balanceOf(customer)).toBe(820_000n)
    const other = await world.newShop()
    await expect(
      world.refunds.answer(other.merchantId, number, { answer: 'agree', note: undefined }),
    ).rejects.toMatchObject({ code: 'not_found' })
  })

  it('card numbers are taken out of what the customer writes before it is stored', async () => {
    const payment = await world.payCredited(customer, shop.merchantId, 300_000n)
    const number = await world.refunds.request({
      by: { kind: 'customer', id: customer },
      key: uuidv7(),
      paymentNumber: payment,
      amountMinor: undefined,
      reason: 'other',
      note: 'my card 4111111111111111',
    })
    expect((await world.state(number)).note).toBe('my card ▮▮▮▮')
  })
})

// Pay-outs on a real ledger: their sums, once whatever the bank answers or loses, and by one process only.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Crash, createTestWorld, type Fault, type TestWorld } from './for-tests.ts'
import type { Settlement, StoredTerms } from './settlement.ts'
import { listLines, listSettlements } from './settlement.sql.ts'

let world: TestWorld
let shop: StoredTerms

beforeAll(async () => {
  world = await createTestWorld()
})
afterAll(() => world.platform.close())

const second = 1000
const day = 86_400_000
const rupiah = (amount: number) => BigInt(amount) * 100n

beforeEach(async () => {
  world.bank.faults.length = 0
  world.bank.calls.length = 0
  // The shops of earlier tests are paid out no more: the bank's faults are for the shop of this one.
  await world.platform.db.read.run("UPDATE settlements.terms SET next_due_at = '2100-01-01'")
  shop = await world.newShop()
})

/** To the shop's next pay-out. */
async function whenDue(): Promise<void> {
  const { nextDueAt } = await termsNow()
  if (nextDueAt > world.platform.clock.now()) world.goTo(nextDueAt.toISOString())
}
const termsNow = async () =>
  (await world.settlements.termsOf(world.platform.db.read, [shop.merchantId])).get(shop.merchantId)!
const made = () => listSettlements(world.platform.db.read, shop.merchantId, undefined, 100)
const newest = async (): Promise<Settlement> => (await made())[0]!
const paidToShop = async () =>
  (await made()).reduce(
    (sum, { partnerReference }) => sum + (world.bank.paid.get(partnerReference) ?? 0n),
    0n,
  )

/** Asks the bank as long as anything is due, time passing between the rounds. */
async function settleWithBank(rounds = 12): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await world.settlements.payDue()
    world.platform.clock.advance(3600 * second)
  }
}

/** The claim of a process that died. */
const endClaims = () =>
  world.platform.db.read.run("UPDATE settlements.settlements SET claimed_until = now() - interval '1 second'")

describe('a settlement', () => {
  it('takes fee and reserve with the credit, pays the rest on the next working day, and gives the reserve free later', async () => {
    const reference = await world.credit(shop.merchantId, 200_000n)
    await world.credit(shop.merchantId, 99_999n)
    // 0.7 %: Rp 1.400 and Rp 699; 5 %: Rp 10.000 and Rp 4.999; both rounded down to whole rupiah.
    expect(await world.standing(shop.merchantId)).toEqual({
      payable: rupiah(282_901),
      held: 0n,
      reserve: rupiah(14_999),
    })
    const legs = await world.ledger.transfersByReference(world.platform.db.read, reference, { limit: 100 })
    expect(legs.map(({ kind, amount }) => [kind, amount])).toEqual([
      ['payment', rupiah(200_000)],
      ['shop_credited', rupiah(200_000)],
      ['shop_fee', rupiah(1_400)],
      ['shop_reserve', rupiah(10_000)],
    ])
    const before = await termsNow()
    expect(before.nextDueAt.getUTCHours()).toBe(3)
    await whenDue()
    await world.settlements.makeDue()
    expect((await world.standing(shop.merchantId)).held).toBe(rupiah(282_901))
    await world.settlements.payDue()
    expect(await newest()).toMatchObject({
      state: 'paid',
      payments: 2,
      grossMinor: rupiah(299_999),
      feesMinor: rupiah(2_099),
      reservedMinor: rupiah(14_999),
      releasedMinor: 0n,
      refundedMinor: 0n,
      carriedMinor: 0n,
      netMinor: rupiah(282_901),
      bankReference: `ML-${(await newest()).partnerReference}`,
    })
    expect(await world.standing(shop.merchantId)).toEqual({ payable: 0n, held: 0n, reserve: rupiah(14_999) })

    // The reserve is free after seven days, at the first pay-out from then on.
    for (let days = 0; (await world.standing(shop.merchantId)).reserve > 0n && days < 14; days++) {
      await whenDue()
      await world.settlements.makeDue()
      await world.settlements.payDue()
    }
    const release = await newest()
    expect(release).toMatchObject({ payments: 0, releasedMinor: rupiah(14_999), netMinor: rupiah(14_999) })
    expect(release.periodTo.getTime() - before.nextDueAt.getTime()).toBeGreaterThanOrEqual(4 * day)
    expect(await paidToShop()).toBe(rupiah(297_900))
  })

  it('has a line for each payment, refund and release, in the order of the ledger', async () => {
    const one = await world.credit(shop.merchantId, 500_000n)
    const other = await world.credit(shop.merchantId, 100_000n)
    expect(await world.refund(shop.merchantId, 'RF-TEST-0001', 40_000n)).toBe(true)
    await whenDue()
    await world.settlements.makeDue()
    const settlement = await newest()
    const lines = await listLines(world.platform.db.read, settlement.number, 0, 10)
    expect(lines.map(({ kind, reference, netMinor }) => [kind, reference, netMinor])).toEqual([
      ['payment', one, rupiah(471_500)],
      ['payment', other, rupiah(94_300)],
      ['refund', 'RF-TEST-0001', rupiah(-40_000)],
    ])
    expect(settlement).toMatchObject({ refundedMinor: rupiah(40_000), netMinor: rupiah(525_800) })
    expect(await listLines(world.platform.db.read, settlement.number, 2, 10)).toHaveLength(1)
    await settleWithBank(1)
  })

  it('waits while less than the minimum is owed, and misses nothing by it', async () => {
    await world.credit(shop.merchantId, 5_000n)
    await whenDue()
    await world.settlements.makeDue()
    expect(await made()).toEqual([])
    await world.credit(shop.merchantId, 20_000n)
    await whenDue()
    await world.settlements.makeDue()
    expect(await newest()).toMatchObject({ payments: 2, carriedMinor: 0n, grossMinor: rupiah(25_000) })
    await settleWithBank(1)
  })

  it('is made neither on a weekend nor on a holiday', async () => {
    await world.credit(shop.merchantId, 50_000n)
    await whenDue()
    await world.settlements.makeDue()
    await world.settlements.payDue()
    const days = new Set<number>()
    for (let turn = 0; turn < 10; turn++) {
      const { nextDueAt } = await termsNow()
      days.add(nextDueAt.getUTCDay())
      await whenDue()
      await world.settlements.makeDue()
    }
    expect([...days].sort()).toEqual([1, 2, 3, 4, 5])
  })
})

describe('the bank', () => {
  async function heldSettlement(): Promise<Settlement> {
    await world.credit(shop.merchantId, 300_000n)
    await whenDue()
    await world.settlements.makeDue()
    return newest()
  }

  it.each<[string, (Fault | undefined)[]]>([
    ['loses its answer', ['lost']],
    ['loses its answer and those to the first inquiries', ['lost', 'lost', 'lost']],
    ['never gets the first call', ['not_sent']],
    ['never gets the first two', ['not_sent', undefined, undefined, 'not_sent']],
  ])('%s: the end is asked for, and it is paid once', async (_name, faults) => {
    const settlement = await heldSettlement()
    world.bank.faults.push(...faults)
    await world.settlements.payDue()
    expect((await newest()).state).toBe('paying')
    expect((await world.standing(shop.merchantId)).held).toBe(settlement.netMinor)
    await settleWithBank()
    expect(await newest()).toMatchObject({ state: 'paid', netMinor: settlement.netMinor })
    expect(world.bank.paid.get(settlement.partnerReference)).toBe(settlement.netMinor)
    expect(await world.standing(shop.merchantId)).toMatchObject({ payable: 0n, held: 0n })
    const calls = world.bank.calls.length
    await settleWithBank(3)
    expect(world.bank.calls).toHaveLength(calls)
  })

  it('is not asked for the transfer again while it may still be on its way', async () => {
    await heldSettlement()
    world.bank.faults.push('not_sent')
    await world.settlements.payDue()
    world.platform.clock.advance(10 * second)
    await world.settlements.payDue()
    expect(world.bank.calls.map((call) => call.split(' ')[0])).toEqual(['transfer', 'status'])
    world.platform.clock.advance(10 * second)
    await world.settlements.payDue()
    expect(world.bank.calls.map((call) => call.split(' ')[0])).toEqual([
      'transfer',
      'status',
      'status',
      'transfer',
    ])
    expect((await newest()).state).toBe('paid')
  })

  it('refuses: the money is free again, and the next settlement carries it', async () => {
    const first = await heldSettlement()
    world.bank.faults.push('refused')
    await world.settlements.payDue()
    expect(await newest()).toMatchObject({ state: 'refused', refusal: '4041811 Invalid Account' })
    expect(await world.standing(shop.merchantId)).toMatchObject({ payable: first.netMinor, held: 0n })
    await world.credit(shop.merchantId, 100_000n)
    await whenDue()
    await world.settlements.makeDue()
    await world.settlements.payDue()
    expect(await newest()).toMatchObject({
      state: 'paid',
      payments: 1,
      carriedMinor: first.netMinor,
      netMinor: first.netMinor + rupiah(94_300),
    })
    expect(await paidToShop()).toBe(first.netMinor + rupiah(94_300))
  })

  it.each<Fault>(['crash_before', 'crash_after'])(
    'is called by a process that dies (%s): another one goes on, and it is paid once',
    async (fault) => {
      const settlement = await heldSettlement()
      world.bank.faults.push(fault)
      await expect(world.settlements.payDue()).rejects.toThrow(Crash)
      expect((await newest()).state).toBe('paying')
      // While the claim lasts nobody else asks.
      expect(await world.otherProcess().payDue()).toBe(0)
      const resumed = world.otherProcess()
      for (let round = 0; round < 4; round++) {
        await endClaims()
        world.platform.clock.advance(3600 * second)
        await resumed.payDue()
      }
      expect((await newest()).state).toBe('paid')
      expect(await paidToShop()).toBe(settlement.netMinor)
      expect(await world.standing(shop.merchantId)).toMatchObject({ payable: 0n, held: 0n })
    },
  )
})

describe('two processes', () => {
  it('that race for the same day make one settlement and pay it once', async () => {
    const shops = [shop, ...(await Promise.all([world.newShop(), world.newShop(), world.newShop()]))]
    for (const each of shops) await world.credit(each.merchantId, 150_000n)
    await whenDue()
    const processes = [1, 2, 3, 4].map(() => world.otherProcess())
    await Promise.all(processes.map((each) => each.makeDue()))
    await Promise.all(processes.map((each) => each.payDue()))
    for (const { merchantId } of shops) {
      const own = await listSettlements(world.platform.db.read, merchantId, undefined, 10)
      expect(own).toHaveLength(1)
      expect(own[0]).toMatchObject({ state: 'paid', calls: 1, netMinor: rupiah(141_450) })
      expect(world.bank.calls.filter((call) => call.endsWith(own[0]!.partnerReference))).toHaveLength(1)
    }
  })

  it('that hear the same answer post it once', async () => {
    await world.credit(shop.merchantId, 150_000n)
    await whenDue()
    await world.settlements.makeDue()
    world.bank.faults.push('lost')
    await world.settlements.payDue()
    world.platform.clock.advance(60 * second)
    // Both have it in hand: the second one's claim was given while the first was thought dead.
    const [one, other] = [world.otherProcess(), world.otherProcess()]
    const first = one.payDue()
    await endClaims()
    await Promise.all([first, other.payDue()])
    const posted = await world.ledger.transfersByReference(
      world.platform.db.read,
      (await newest()).partnerReference.replace(/^(..)(....)/, '$1-$2-'),
      { limit: 100 },
    )
    expect(posted.map(({ kind }) => kind)).toEqual(['shop_paid_out'])
    expect((await newest()).state).toBe('paid')
  })
})

describe('the trace of a payment', () => {
  it('says when it will be settled, that it is on its way, and with what it was paid', async () => {
    const reference = await world.credit(shop.merchantId, 80_000n)
    const hop = () => world.settlements.settledHop({ merchantId: shop.merchantId, reference })
    const { nextDueAt } = await termsNow()
    expect(await hop()).toEqual({
      key: 'settled',
      state: 'todo',
      owner: 'tuntas',
      untilAt: nextDueAt.toISOString(),
    })
    await whenDue()
    await world.settlements.makeDue()
    expect(await hop()).toMatchObject({ state: 'todo', owner: 'bank', tries: 0 })
    world.bank.faults.push('refused')
    await world.settlements.payDue()
    expect(await hop()).toMatchObject({ state: 'todo', untilAt: (await termsNow()).nextDueAt.toISOString() })
    await whenDue()
    await world.settlements.makeDue()
    await world.settlements.payDue()
    const settlement = await newest()
    expect(await hop()).toMatchObject({
      state: 'done',
      at: settlement.closedAt!.toISOString(),
      evidence: [
        { kind: 'ledger_transfer', value: expect.stringMatching(/^ST-/) },
        { kind: 'bank_reference', value: settlement.bankReference },
      ],
    })
  })
})

describe('the ledger', () => {
  it('holds after all of it', async () => {
    expect(await world.ledger.check(world.platform.db.read)).toEqual({
      sumsPerCurrency: { IDR: 0n },
      brokenAccounts: [],
    })
  })
})

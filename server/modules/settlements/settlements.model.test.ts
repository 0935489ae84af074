// Random payments, refunds, pay-outs, faults of the bank, deaths and days, against sums that a person would make: nothing is owed
// below zero at any moment, and in the end every rupiah that a shop earned is at its bank, once.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { chargesOf } from './charges.rules.ts'
import { Crash, createTestWorld, type Fault, type TestWorld } from './for-tests.ts'
import type { StoredTerms } from './settlement.ts'
import { listLines, listSettlements } from './settlement.sql.ts'

let world: TestWorld
beforeAll(async () => {
  world = await createTestWorld()
})
afterAll(() => world.platform.close())

type Step =
  | { do: 'credit'; shop: number; rupiah: number }
  | { do: 'refund'; shop: number; rupiah: number }
  | { do: 'make'; processes: number }
  | { do: 'pay'; faults: (Fault | undefined)[]; processes: number }
  | { do: 'wait'; hours: number }

const shop = fc.nat(1)
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('credit' as const),
        shop,
        rupiah: fc.integer({ min: 1, max: 2_000_000 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('refund' as const),
        shop,
        rupiah: fc.integer({ min: 1, max: 1_500_000 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('make' as const), processes: fc.integer({ min: 1, max: 3 }) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('pay' as const),
        processes: fc.integer({ min: 1, max: 2 }),
        faults: fc.array(
          fc.constantFrom(undefined, 'lost', 'not_sent', 'refused', 'crash_before', 'crash_after'),
          { maxLength: 3 },
        ),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 60 }) }),
    },
  ),
  { minLength: 5, maxLength: 30 },
)
const terms = fc.record({
  feeBasisPoints: fc.constantFrom(0, 70, 290),
  feeFixedMinor: fc.constantFrom(0n, 100_000n),
  reserveBasisPoints: fc.constantFrom(0, 500, 10_000),
  reserveDays: fc.integer({ min: 1, max: 7 }),
})

interface Model {
  terms: StoredTerms
  /** What the shop must have at its bank in the end. */
  earnedMinor: bigint
  references: string[]
}

async function run(shops: Model[], all: readonly Step[]): Promise<void> {
  const { bank, platform } = world
  let refunds = 0
  const strange: unknown[] = []
  for (const step of all) {
    if (step.do === 'wait') platform.clock.advance(step.hours * 3_600_000)
    if (step.do === 'credit') {
      const each = shops[step.shop]!
      const { merchantId, currency } = each.terms
      each.references.push(await world.credit(merchantId, BigInt(step.rupiah)))
      const amountMinor = BigInt(step.rupiah) * 100n
      each.earnedMinor += amountMinor - chargesOf(each.terms, amountMinor, currency).feeMinor
    }
    if (step.do === 'refund') {
      const each = shops[step.shop]!
      if (await world.refund(each.terms.merchantId, `RF-${++refunds}`, BigInt(step.rupiah)))
        each.earnedMinor -= BigInt(step.rupiah) * 100n
    }
    if (step.do === 'make')
      await Promise.all(Array.from({ length: step.processes }, () => world.otherProcess().makeDue()))
    if (step.do === 'pay') {
      bank.faults.push(...step.faults)
      // Claims of the dead run out.
      await platform.db.read.run('UPDATE settlements.settlements SET claimed_until = NULL')
      const ended = await Promise.allSettled(
        Array.from({ length: step.processes }, () => world.otherProcess().payDue()),
      )
      const faults = ended.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []))
      strange.push(...faults.filter((fault) => !(fault instanceof Crash)))
      bank.faults.length = 0
    }
    for (const {
      terms: { merchantId },
    } of shops) {
      const { payable, held, reserve } = await world.standing(merchantId)
      expect(payable - held >= 0n && held >= 0n && reserve >= 0n).toBe(true)
    }
    await makesSense(shops)
  }
  expect(strange).toEqual([])
}

/** What the bank has paid is what the settlements that it knows say, each reference once and never more than was held. */
async function makesSense(shops: readonly Model[]): Promise<void> {
  for (const {
    terms: { merchantId },
  } of shops) {
    const own = await listSettlements(world.platform.db.read, merchantId, undefined, 200)
    for (const settlement of own) {
      const paid = world.bank.paid.get(settlement.partnerReference)
      expect(paid ?? settlement.netMinor).toBe(settlement.netMinor)
      // Nobody may believe an end before the bank has come to it.
      expect(settlement.state === 'paying' || (settlement.state === 'paid') === (paid !== undefined)).toBe(
        true,
      )
    }
    const { held } = await world.standing(merchantId)
    const underWay = own.filter(({ state }) => state === 'paying')
    expect(held).toBe(underWay.reduce((sum, { netMinor }) => sum + netMinor, 0n))
  }
}

/** Nothing is owed, held, kept back or on its way. */
async function isEmpty(shops: readonly Model[]): Promise<boolean> {
  const { rows } = world.platform.db.read
  const merchantIds = shops.map(({ terms: { merchantId } }) => merchantId)
  const standings = await Promise.all(merchantIds.map((merchantId) => world.standing(merchantId)))
  const paying = await rows(
    "SELECT FROM settlements.settlements WHERE merchant_id = ANY($1) AND state = 'paying'",
    [merchantIds],
  )
  return (
    paying.length === 0 &&
    standings.every(({ payable, held, reserve }) => payable === 0n && held === 0n && reserve === 0n)
  )
}

/** Days without faults until nothing is left to pay or to release. */
async function playOut(shops: readonly Model[]): Promise<void> {
  for (let days = 0; days < 20 && !(await isEmpty(shops)); days++) {
    world.platform.clock.advance(86_400_000)
    await world.settlements.makeDue()
    for (let calls = 0; calls < 5; calls++) {
      await world.platform.db.read.run('UPDATE settlements.settlements SET claimed_until = NULL')
      await world.settlements.payDue()
      world.platform.clock.advance(3_600_000)
    }
  }
  for (const {
    terms: { merchantId },
    earnedMinor,
    references,
  } of shops) {
    expect(await world.standing(merchantId)).toEqual({ payable: 0n, held: 0n, reserve: 0n })
    const own = await listSettlements(world.platform.db.read, merchantId, undefined, 200)
    expect(own.every(({ state }) => state !== 'paying')).toBe(true)
    const atBank = own.reduce((sum, each) => sum + (world.bank.paid.get(each.partnerReference) ?? 0n), 0n)
    expect(atBank).toBe(earnedMinor)
    const lines = (
      await Promise.all(own.map(({ number }) => listLines(world.platform.db.read, number, 0, 1000)))
    ).flat()
    // Each payment once, in order. The last ones may be in none: fees or refunds left nothing of them to pay.
    const listed = new Set(lines.flatMap(({ kind, reference }) => (kind === 'payment' ? [reference] : [])))
    expect(own.reduce((sum, { payments }) => sum + payments, 0)).toBe(listed.size)
    expect([...listed].sort()).toEqual(references.slice(0, listed.size).sort())
    // Money that the bank refused was carried on, once.
    const carried = own.reduce((sum, each) => sum + each.carriedMinor, 0n)
    const refused = own
      .filter(({ state }) => state === 'refused')
      .reduce((sum, each) => sum + each.netMinor, 0n)
    expect(carried).toBe(refused)
  }
}

it('pays every shop what it earned, once, whatever happens in between', async () => {
  await fc.assert(
    fc.asyncProperty(terms, terms, steps, async (first, second, all) => {
      await world.platform.db.read.run("UPDATE settlements.terms SET next_due_at = '2100-01-01'")
      const shops: Model[] = []
      for (const each of [first, second])
        shops.push({
          terms: await world.newShop({ ...each, minimumPayOutMinor: 1n }),
          earnedMinor: 0n,
          references: [],
        })
      await run(shops, all)
      await playOut(shops)
    }),
    { numRuns: 12, seed: 20_261_122 },
  )
  expect(await world.ledger.check(world.platform.db.read)).toEqual({
    sumsPerCurrency: { IDR: 0n },
    brokenAccounts: [],
  })
})

// A silent shop's payment whose wallet cannot take it back: kept for the customer, told once for each reason, with an owner and a
// deadline, and back by itself, once, when the reason is gone. No late answer of the shop takes it any more.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { referenceOf, uuidv7 } from '#contract/ids.ts'
import { publish } from '#platform/outbox.ts'
import { Refusal } from '#platform/refusal.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import { decide, type StaffSession } from '#modules/staff/index.ts'
import { composeForTests, openOrder, topUp } from './for-tests.ts'
import { createRefundPayments, createSilentShops, type SilentShopNeeds, type SilentShops } from './index.ts'

const hour = 3_600_000
const amountMinor = 50_000_000n

let platform: TestPlatform
let rooms: ReturnType<typeof composeForTests>
let silent: SilentShops
let handlers: Parameters<SilentShopNeeds['approvals']['register']>[1]
let proposed: string | undefined
let told: string[]
let customer: string
let number: bigint

beforeAll(async () => {
  platform = await createTestPlatform()
  rooms = composeForTests(platform)
  rooms.payments.onReturnWaits(async (_tx, { waitsFor }) => void told.push(waitsFor))
  rooms.payments.onReturned(async () => void told.push('returned'))
  silent = createSilentShops(platform, {
    ...rooms,
    locks: createRefundPayments(rooms),
    namesOf: async () => new Map(),
    keepLook: async () => true,
    staff: {
      authenticate: async () => Promise.reject(new Refusal('session_expired')),
      require(actor, action, resource) {
        const verdict = decide(actor, action, resource)
        if (verdict.verdict === 'refused') throw new Refusal(verdict.code)
      },
      requirePresence: () => undefined,
    },
    approvals: {
      propose: async () => (proposed = uuidv7()),
      cancel: async () => undefined,
      register: (_kind, given) => void (handlers = given),
    },
  })
})
afterAll(async () => {
  await rooms.payments.close()
  await platform.close()
})

beforeEach(async () => {
  // What an earlier test left to wait stays where it is.
  await platform.db.read.run('DELETE FROM payments.waiting_returns')
  await platform.db.read.run("UPDATE payments.payments SET answer_due_at = NULL WHERE state = 'completed'")
  customer = uuidv7()
  await platform.db.transaction((tx) => rooms.wallets.open(tx, [{ customerId: customer, verified: true }]))
  number = await pay(amountMinor)
  told = []
})

const account = async () =>
  (await rooms.wallets.readWallets(platform.db.read, [customer])).get(customer)!.accountId

const fill = (minor: bigint) =>
  platform.db.transaction((tx) =>
    topUp(tx, rooms, { customerId: customer, amountMinor: minor, at: platform.clock.now() }),
  )

/** Fills the wallet and pays all of it to a shop that will stay silent. */
async function pay(minor: bigint): Promise<bigint> {
  await fill(minor)
  const total = { amountMinor: minor.toString(), currency: 'IDR' as const }
  const orderId = await platform.db.transaction(async (tx) => {
    const shop = await rooms.merchants.createMerchant(tx, { name: 'Toko Uji', category: 'books' })
    const at = platform.clock.now()
    return openOrder(tx, rooms, { merchantId: shop.merchantId, totalMinor: minor, at })
  })
  await rooms.payments.pay({ customerId: customer, key: uuidv7(), orderId, pin: '0', expectedTotal: total })
  return (await rooms.payments.paymentOfOrder(orderId))!.number
}

const set = async (assignment: string) =>
  platform.db.read.run(`UPDATE ledger.accounts SET ${assignment} WHERE id = $1`, [await account()])
const stop = async (what: 'debits' | 'credits' | 'both' | undefined) => {
  const id = await account()
  await platform.db.transaction((tx) => rooms.ledger.freeze(tx, id, what))
}
const silentFor = async (hours: number) => {
  platform.clock.advance(hours * hour)
  return rooms.payments.returnDue()
}
const reference = (of = number) => referenceOf('TN', of)
const detail = async (of = number) => (await platform.references.detail(reference(of), customer))!
const takes = async () => (await detail()).hops.find(({ key }) => key === 'wallet_takes')
const balance = async () => BigInt((await rooms.wallets.view(customer)).balance.amountMinor)
const listed = async (except?: string) =>
  (await silent.list(except)).find((each) => each.reference === reference())
const at = (hours: number) => new Date(platform.clock.now().getTime() + hours * hour).toISOString()
const audited = (action: string) =>
  platform.db.read.rows<{ detail: unknown }>(
    'SELECT detail FROM audit.entries WHERE action = $1 AND resource_id = $2',
    [action, reference()],
  )
const staff = (role: StaffSession['role'] = 'agent'): StaffSession => ({
  agentId: uuidv7(),
  sessionId: uuidv7(),
  role,
  displayName: 'Test',
  email: 'test@example.test',
  available: true,
  customerId: undefined,
})

async function acknowledge(): Promise<void> {
  const payload = { webhookType: 'order.paid', paymentNumber: number.toString() }
  await platform.db.transaction((tx) =>
    publish(tx, [{ type: 'webhook.acknowledged', key: reference(), payload }], platform.clock.now()),
  )
  await platform.settle()
}

const full = () => set('maximum = balance + 1')
const roomAgain = () => set('maximum = NULL')
const reasons = [
  ['no room in the wallet', full, roomAgain, 'wallet_room', 'customer', 'payment_return_no_room'],
  [
    'credits stopped',
    () => stop('credits'),
    () => stop(undefined),
    'wallet_stopped',
    'staff',
    'payment_return_stopped',
  ],
  [
    'all stopped',
    () => stop('both'),
    () => stop(undefined),
    'wallet_stopped',
    'staff',
    'payment_return_stopped',
  ],
  [
    'the account closed',
    async () => platform.db.transaction(async (tx) => rooms.ledger.close(tx, await account())),
    () => set('closed_at = NULL'),
    'wallet_stopped',
    'staff',
    'payment_return_stopped',
  ],
] as const

describe.each(reasons)('%s', (_name, begin, end, waitsFor, owner, sentence) => {
  it('is told once, is traced with owner, deadline and next try, and ends by itself, once', async () => {
    await begin()
    expect(await silentFor(3)).toBe(0)
    const shown = await detail()
    expect(shown).toMatchObject({ state: 'held', sentence, canAskShopAgain: false })
    expect(shown.hops.map(({ key, state }) => [key, state])).toEqual([
      ['authorised', 'done'],
      ['posted', 'done'],
      ['shop_told', 'failed'],
      ['wallet_takes', 'stuck'],
      ['returned', 'todo'],
    ])
    expect(await takes()).toMatchObject({
      owner,
      untilAt: at(72),
      nextTryAt: at(1),
      then: 'staff_looks',
    })
    expect((await platform.references.list(customer, undefined, 5))[0]).toMatchObject({ state: 'held' })
    expect(told).toEqual([waitsFor])
    expect(await audited('payment.return_waits')).toMatchObject([{ detail: { waitsFor } }])
    // Looked at again, and tried again when that is due: nobody is told twice, and the deadline stays.
    const { untilAt } = (await takes())!
    expect(await silentFor(0)).toBe(0)
    expect(await silentFor(2)).toBe(0)
    expect(await takes()).toMatchObject({ untilAt, nextTryAt: at(1) })
    expect(told).toEqual([waitsFor])

    await end()
    expect(await silentFor(0)).toBe(1)
    expect(await silentFor(2)).toBe(0)
    expect(await balance()).toBe(amountMinor)
    expect(told).toEqual([waitsFor, 'returned'])
    expect(await detail()).toMatchObject({ state: 'refunded', sentence: 'payment_returned' })
    expect(await audited('payment.returned')).toHaveLength(1)
    expect((await rooms.ledger.check(platform.db.read)).brokenAccounts).toEqual([])
  })
})

describe('what is no reason to wait', () => {
  it.each([
    ['what leaves the account is stopped', () => stop('debits')],
    ['the month is used up', () => set('monthly_cap = 1')],
  ])('%s', async (_name, begin) => {
    await begin()
    expect(await silentFor(3)).toBe(1)
    expect(told).toEqual(['returned'])
  })
})

describe('while it waits', () => {
  it('a late answer of the shop takes it no more, and the order is cancelled once', async () => {
    await stop('credits')
    await silentFor(3)
    await acknowledge()
    expect(await detail()).toMatchObject({ state: 'held' })
    await stop(undefined)
    expect(await silentFor(0)).toBe(1)
    expect(await balance()).toBe(amountMinor)
    const cancelled = await platform.db.read.rows(
      `SELECT 1 FROM merchants.webhooks WHERE type = 'order.cancelled'
         AND order_id = (SELECT order_id FROM payments.payments WHERE number = $1)`,
      [number],
    )
    expect(cancelled).toHaveLength(1)
  })

  it('another reason is told as well, with a deadline of its own', async () => {
    await full()
    await silentFor(3)
    await stop('credits')
    await silentFor(0)
    expect(await takes()).toMatchObject({ owner: 'staff', untilAt: at(72) })
    await stop(undefined)
    await silentFor(0)
    expect(await takes()).toMatchObject({ owner: 'customer' })
    expect(told).toEqual(['wallet_room', 'wallet_stopped', 'wallet_room'])
  })

  it('ten tries at once bring it back once', async () => {
    await stop('credits')
    await silentFor(3)
    await stop(undefined)
    const counts = await Promise.all(Array.from({ length: 10 }, () => rooms.payments.returnDue()))
    expect(counts.reduce((sum, count) => sum + count)).toBe(1)
    expect(await balance()).toBe(amountMinor)
  })

  it('staff find it on their list when it lasts; an agent, then a lead; and may let it wait on', async () => {
    await full()
    await silentFor(3)
    expect(await listed()).toBeUndefined()
    platform.clock.advance(72 * hour)
    expect(await listed()).toMatchObject({
      kind: 'waiting_return',
      why: 'no_room',
      untilAt: at(24),
      escalated: false,
      amount: { amountMinor: amountMinor.toString() },
    })
    expect(await listed(customer)).toBeUndefined()
    expect(await takes()).toMatchObject({ owner: 'staff', untilAt: at(24), then: 'lead_decides' })
    const wait = (who: StaffSession) =>
      silent.decide(who, number, { decision: 'wait', note: 'called the customer' })
    await expect(silent.decide(staff(), number, { decision: 'return', note: 'now' })).rejects.toMatchObject({
      code: 'conflict',
    })
    platform.clock.advance(24 * hour)
    await expect(wait(staff())).rejects.toMatchObject({ code: 'forbidden' })
    const lead = staff('lead')
    await wait(lead)
    // Pressed twice, it is noted once; somebody else hears that it is noted already.
    await wait(lead)
    await expect(wait(staff('lead'))).rejects.toMatchObject({ code: 'conflict' })
    expect(await audited('payment.wait_decided')).toHaveLength(1)
    expect(await listed()).toBeUndefined()
    expect(await takes()).toMatchObject({ owner: 'customer', untilAt: at(72) })
    expect(told).toEqual(['wallet_room'])
    await roomAgain()
    expect(await silentFor(0)).toBe(1)
  })

  it('what two people decided above the limit waits as well, and comes by itself', async () => {
    number = await pay(150_000_000n)
    told = []
    await stop('credits')
    platform.clock.advance(3 * hour)
    await silent.decide(staff(), number, { decision: 'return', note: 'called the shop' })
    await platform.db.transaction((tx) =>
      handlers.execute(tx, { id: proposed!, reference: reference(), decidedBy: uuidv7() }),
    )
    expect(await detail()).toMatchObject({ state: 'held', sentence: 'payment_return_stopped' })
    expect((await silent.list(undefined)).map((each) => each.reference)).not.toContain(reference())
    expect(told).toEqual(['wallet_stopped'])
    await stop(undefined)
    await silentFor(0)
    expect((await detail()).state).toBe('refunded')
  })

  it('a shop that answers before it is decided is credited as ever', async () => {
    await stop('credits')
    await acknowledge()
    expect(await silentFor(3)).toBe(0)
    expect(await detail()).toMatchObject({ state: 'completed', sentence: 'payment_completed' })
    expect(told).toEqual([])
  })
})

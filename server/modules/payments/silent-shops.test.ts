// A payment above the limit whose shop stays silent: staff wait or give back, and giving back needs a second person.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { referenceOf, uuidv7 } from '#contract/ids.ts'
import { publish } from '#platform/outbox.ts'
import { Refusal } from '#platform/refusal.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import { decide, type StaffSession } from '#modules/staff/index.ts'
import { composeForTests, openOrder, topUp } from './for-tests.ts'
import { createRefundPayments, createSilentShops, type SilentShopNeeds, type SilentShops } from './index.ts'

const hour = 3_600_000
const amountMinor = 150_000_000n
type Handlers = Parameters<SilentShopNeeds['approvals']['register']>[1]

let platform: TestPlatform
let rooms: ReturnType<typeof composeForTests>
let silent: SilentShops
let handlers: Handlers
const looks: Parameters<SilentShopNeeds['keepLook']>[1][] = []
const absent = new Set<string>()
const open = new Map<string, { reference: string; payload: Record<string, string> }>()
let customer: string
let number: bigint

const agent = (customerId?: string): StaffSession => ({
  agentId: uuidv7(),
  sessionId: uuidv7(),
  role: 'agent',
  displayName: 'Test',
  email: 'test@example.test',
  available: true,
  customerId,
})

beforeAll(async () => {
  platform = await createTestPlatform()
  rooms = composeForTests(platform)
  silent = createSilentShops(platform, {
    ...rooms,
    locks: createRefundPayments(rooms),
    namesOf: async () => new Map(),
    keepLook: async (_tx, look) => looks.push(look) > 0,
    staff: {
      authenticate: async () => Promise.reject(new Refusal('session_expired')),
      require(actor, action, resource) {
        const verdict = decide(actor, action, resource)
        if (verdict.verdict === 'refused') throw new Refusal(verdict.code)
      },
      requirePresence(session) {
        if (absent.has(session.agentId)) throw new Refusal('presence_required')
      },
    },
    approvals: {
      async propose(_tx, { reference, payload }) {
        const id = uuidv7()
        open.set(id, { reference, payload })
        return id
      },
      cancel: async (_tx, id) => void open.delete(id),
      register: (_kind, given) => void (handlers = given),
    },
  })
})
afterAll(async () => {
  await rooms.payments.close()
  await platform.close()
})

beforeEach(async () => {
  open.clear()
  looks.length = 0
  customer = uuidv7()
  const total = { amountMinor: amountMinor.toString(), currency: 'IDR' as const }
  const at = platform.clock.now()
  const orderId = await platform.db.transaction(async (tx) => {
    await rooms.wallets.open(tx, [{ customerId: customer, verified: true }])
    await topUp(tx, rooms, { customerId: customer, amountMinor, at })
    const shop = await rooms.merchants.createMerchant(tx, { name: 'Toko Uji', category: 'books' })
    return openOrder(tx, rooms, { merchantId: shop.merchantId, totalMinor: amountMinor, at })
  })
  await rooms.payments.pay({ customerId: customer, key: uuidv7(), orderId, pin: '0', expectedTotal: total })
  number = (await rooms.payments.paymentOfOrder(orderId))!.number
})

const reference = () => referenceOf('TN', number)
const waits = async (except?: string) => (await silent.list(except)).map((each) => each.reference)
const decideNow = (decision: 'return' | 'wait', session = agent()) =>
  silent.decide(session, number, { decision, note: 'called the shop' })
const balance = async () => (await rooms.wallets.view(customer)).balance.amountMinor
const approve = ([id, { reference: about }]: [string, { reference: string }]) =>
  platform.db.transaction((tx) => handlers.execute(tx, { id, reference: about, decidedBy: uuidv7() }))

async function acknowledge(): Promise<void> {
  const payload = { webhookType: 'order.paid', paymentNumber: number.toString() }
  await platform.db.transaction((tx) =>
    publish(tx, [{ type: 'webhook.acknowledged', key: reference(), payload }], platform.clock.now()),
  )
  await platform.settle()
}

describe('a silent shop above the limit', () => {
  it('waits for staff after the deadline, and nothing goes back by itself', async () => {
    await expect(decideNow('return')).rejects.toMatchObject({ code: 'conflict' })
    platform.clock.advance(3 * hour)
    await rooms.payments.returnDue()
    expect(await balance()).toBe('0')
    expect(await waits()).toContain(reference())
    expect(await waits(customer)).not.toContain(reference())
  })

  it('one more deadline, once however often it is pressed; then it waits for staff again', async () => {
    platform.clock.advance(3 * hour)
    const who = agent()
    await decideNow('wait', who)
    await decideNow('wait', who)
    await expect(decideNow('wait')).rejects.toMatchObject({ code: 'conflict' })
    expect(await waits()).not.toContain(reference())
    platform.clock.advance(3 * hour)
    expect(await waits()).toContain(reference())
  })

  it('goes back when a second person approves exactly that, once in fifty tries', async () => {
    platform.clock.advance(3 * hour)
    const maker = agent()
    await decideNow('return', maker)
    await decideNow('return', maker)
    expect(open.size).toBe(1)
    // The second press decided nothing: what it was shown is a look.
    const looks = await platform.db.read.rows(
      "SELECT 1 FROM audit.entries WHERE action = 'payment.looked_at' AND resource_id = $1",
      [reference()],
    )
    expect(looks.length).toBe(1)
    expect(await waits()).not.toContain(reference())
    expect(await balance()).toBe('0')
    const [proposal] = open
    expect(proposal![1].payload).toMatchObject({ action: 'payment.return', amountMinor: '150000000' })
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => approve(proposal!)))
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled').length).toBe(1)
    expect(await balance()).toBe('150000000')
    expect((await rooms.ledger.check(platform.db.read)).brokenAccounts).toEqual([])
  })

  it('two agents press at the same moment: one asks a second person, every other one hears that somebody was quicker', async () => {
    platform.clock.advance(3 * hour)
    const people = Array.from({ length: 5 }, () => agent())
    const outcomes = await Promise.allSettled(people.map((who) => decideNow('return', who)))
    const lost = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []))
    expect(lost).toEqual(Array(4).fill('conflict'))
    const [id] = [...open.keys()]
    // More time is no way around it for somebody else: what waits for the second person still waits.
    await expect(decideNow('wait')).rejects.toMatchObject({ code: 'conflict' })
    expect([...open.keys()]).toEqual([id])
    // Who asked for it may still take it back.
    await decideNow('wait', people[outcomes.findIndex(({ status }) => status === 'fulfilled')])
    expect(open.size).toBe(0)
  })

  it('R6 the shop acknowledges meanwhile: the approval is worth nothing', async () => {
    platform.clock.advance(3 * hour)
    await decideNow('return')
    await acknowledge()
    expect(await platform.db.transaction((tx) => handlers.currentPayload(tx, reference()))).toBeUndefined()
    await expect(approve([...open][0]!)).rejects.toMatchObject({ code: 'approval_voided' })
    expect(await balance()).toBe('0')
  })

  it('a second person who says no leaves it to staff again', async () => {
    platform.clock.advance(3 * hour)
    await decideNow('return')
    const [id] = [...open.keys()]
    await platform.db.transaction((tx) => handlers.onClosed(tx, { id: id!, reference: reference() }))
    expect(await waits()).toContain(reference())
  })

  it('has an agent for a day, then a lead, and always a deadline ahead: on the list and in the trace', async () => {
    const trace = async () =>
      (await platform.references.detail(reference(), customer))!.hops.find(({ key }) => key === 'shop_told')
    const row = async () => (await silent.list(undefined)).find((each) => each.reference === reference())
    const dueAt = platform.clock.now().getTime() + 2 * hour
    const at = (days: number) => new Date(dueAt + days * 24 * hour).toISOString()
    platform.clock.advance(3 * hour)
    expect(await row()).toMatchObject({ untilAt: at(1), escalated: false })
    expect(await trace()).toMatchObject({ owner: 'staff', untilAt: at(1), then: 'lead_decides' })

    platform.clock.advance(24 * hour)
    expect(await row()).toMatchObject({ untilAt: at(2), escalated: true })
    expect(await trace()).toMatchObject({ owner: 'staff', untilAt: at(2), then: 'staff_decides' })
    await expect(decideNow('return')).rejects.toMatchObject({ code: 'forbidden' })
    await decideNow('return', { ...agent(), role: 'lead' })
    expect(await trace()).toMatchObject({ owner: 'second_person' })
    // Nobody approved: the whole time again, for everybody.
    platform.clock.advance(30 * hour)
    const [id] = [...open.keys()]
    await platform.db.transaction((tx) => handlers.onClosed(tx, { id: id!, reference: reference() }))
    const again = new Date(platform.clock.now().getTime() + 24 * hour).toISOString()
    expect(await row()).toMatchObject({ untilAt: again, escalated: false })
    expect(await trace()).toMatchObject({ owner: 'staff', untilAt: again, then: 'lead_decides' })
  })

  it('R5 giving it back asks for a proof of presence, waiting does not; the customer sees who looked, and why', async () => {
    platform.clock.advance(3 * hour)
    const maker = agent()
    absent.add(maker.agentId)
    await expect(decideNow('return', maker)).rejects.toMatchObject({ code: 'presence_required' })
    expect(open.size).toBe(0)
    absent.delete(maker.agentId)
    await decideNow('return', maker)
    expect(open.size).toBe(1)
    expect(looks.at(-1)).toMatchObject({
      customerId: customer,
      agent: { agentId: maker.agentId, displayName: 'Test' },
      reason: 'decision',
      reference: referenceOf('TN', number),
    })
  })

  it('R12 nobody decides about a payment of their own wallet', async () => {
    platform.clock.advance(3 * hour)
    await expect(decideNow('return', agent(customer))).rejects.toMatchObject({ code: 'forbidden' })
  })
})

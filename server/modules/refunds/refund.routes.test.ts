// Refunds over HTTP on all three faces: what is asked, who may, and answers that keep to their schemas.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { referenceOf, uuidv7 } from '#contract/ids.ts'
import { apiScope, createFace, type Face } from '#platform/http.ts'
import { merchantRoutes, signRequest, type MerchantCredentials } from '#modules/merchants/index.ts'
import { createDecisions } from '#modules/decisions/index.ts'
import { agent, createWorld, rupiah, type World } from './for-tests.ts'

let world: World
let customers: Face
let agents: Face
let shop: MerchantCredentials
let customer: string
let payment: string
let paymentNumber: bigint
const caseAbout = uuidv7()

beforeAll(async () => {
  world = await createWorld()
  const { platform, merchants, ledger, refunds } = world
  const publicUrl = platform.config.customersUrl
  customers = createFace(platform, { name: 'customers', publicUrl })
  const scope = { title: 'Test', description: '', publicUrl }
  await apiScope(customers, { ...scope, docsPath: '/docs/customer', caller: 'browser' }, (api) =>
    refunds.customerRoutes(api),
  )
  await apiScope(customers, { ...scope, docsPath: '/docs/merchant', caller: 'machine' }, (api) => {
    const caller = merchantRoutes(api, platform, { merchants, ledger, paidAt: async () => undefined })
    refunds.shopRoutes(api, caller)
  })
  agents = createFace(platform, { name: 'agents', publicUrl })
  const decisions = createDecisions(platform, {
    staff: world.needs.staff,
    casesAbout: async (_sql, references) => new Map(references.map((each) => [each, caseAbout])),
  })
  decisions.register({ kind: 'refund_review', action: 'refund.decide', list: refunds.decisions })
  await apiScope(agents, { ...scope, docsPath: '/docs/console', caller: 'browser' }, (api) => {
    refunds.agentRoutes(api)
    decisions.routes(api)
  })
  await Promise.all([customers.ready(), agents.ready()])
})
afterAll(async () => {
  await Promise.all([customers.close(), agents.close()])
  await world.close()
})
beforeEach(async () => {
  shop = await world.newShop()
  customer = await world.newCustomer(1_000_000n)
  paymentNumber = await world.payCredited(customer, shop.merchantId, 300_000n)
  payment = referenceOf('TN', paymentNumber)
  world.signedIn.customerId = customer
  world.signedIn.agent = agent()
  world.signedIn.hasReason = true
})

async function call(
  face: Face,
  method: 'GET' | 'POST',
  url: string,
  body?: object,
  key: string | null = uuidv7(),
) {
  const answer = await face.inject({
    method,
    url,
    headers: { 'x-tuntas-csrf': '1', ...(key ? { 'idempotency-key': key } : {}) },
    ...(body ? { payload: body } : {}),
  })
  return { status: answer.statusCode, body: answer.json() as any }
}

async function shopCall(
  method: 'GET' | 'POST',
  url: string,
  body?: object,
  as = shop,
  key: string = uuidv7(),
) {
  const text = body ? JSON.stringify(body) : ''
  const timestamp = String(Math.floor(Date.now() / 1000))
  const answer = await customers.inject({
    method,
    url,
    headers: {
      authorization: `Bearer ${as.keyId}`,
      'idempotency-key': key,
      'tuntas-timestamp': timestamp,
      'tuntas-signature': signRequest(as.secret, {
        timestamp,
        method,
        path: url,
        idempotencyKey: key,
        body: text,
      }),
      ...(text ? { 'content-type': 'application/json' } : {}),
    },
    ...(text ? { payload: text } : {}),
  })
  return { status: answer.statusCode, body: answer.json() as any }
}

const ask = (more: object = {}, key?: string | null) =>
  call(customers, 'POST', '/api/refunds', { payment, reason: 'not_received', ...more }, key)

describe('customers', () => {
  it('see that the shop cannot be told when it gave no address, and nothing is tried for ever', async () => {
    const { reference } = (await ask()).body
    const shopHop = async () =>
      (await world.platform.references.detail(reference, customer))!.hops.find(
        ({ key }) => key === 'shop_answered',
      )!
    expect(await shopHop()).not.toHaveProperty('evidence')
    while ((await world.merchants.deliverDue()) > 0);
    expect(await shopHop()).toMatchObject({
      state: 'now',
      owner: 'shop',
      evidence: [{ kind: 'no_address', at: expect.any(String) }],
    })
    const ended = await world.platform.db.read.rows(
      "SELECT state, next_attempt_at, attempts FROM merchants.webhooks WHERE body::jsonb #>> '{data,reference}' = $1",
      [reference],
    )
    expect(ended).toEqual([{ state: 'no_address', next_attempt_at: null, attempts: 1 }])
  })

  it('find every refund that is still on its way, however much moved since, and only their own', async () => {
    const open = async () => {
      const { body } = await call(customers, 'GET', '/api/refunds/open', undefined, null)
      return body.refunds.map((refund: any) => [refund.reference, refund.kind, refund.state])
    }
    expect(await open()).toEqual([])
    const first = (await ask()).body.reference
    for (let more = 0; more < 25; more++) await world.payCredited(customer, shop.merchantId, 1_000n)
    payment = referenceOf('TN', await world.payCredited(customer, shop.merchantId, 2_000n))
    const second = (await ask()).body.reference
    expect(await open()).toEqual([
      [second, 'refund', 'pending'],
      [first, 'refund', 'pending'],
    ])
    await call(customers, 'POST', `/api/refunds/${second}/withdraw`)
    expect(await open()).toEqual([[first, 'refund', 'pending']])
    world.signedIn.customerId = await world.newCustomer(1_000n)
    expect(await open()).toEqual([])
  })

  it('ask, see where it is, and withdraw', async () => {
    const asked = await ask({ note: 'nothing came' })
    expect(asked.status).toBe(200)
    expect(asked.body).toMatchObject({
      kind: 'refund',
      state: 'pending',
      sentence: 'refund_asking_shop',
      amount: { amountMinor: rupiah(300_000n).toString(), currency: 'IDR' },
      refund: { payment, state: 'asking_shop', owner: 'shop', note: 'nothing came', canWithdraw: true },
    })
    expect(asked.body.hops.map((hop: any) => [hop.key, hop.state, hop.owner])).toEqual([
      ['requested', 'done', undefined],
      ['shop_answered', 'now', 'shop'],
      ['paid_back', 'todo', undefined],
    ])
    const detail = await world.platform.references.detail(payment, customer)
    expect(detail).toMatchObject({ refunds: [asked.body.reference], canAskMoneyBack: false })
    const withdrawn = await call(customers, 'POST', `/api/refunds/${asked.body.reference}/withdraw`)
    expect(withdrawn.body).toMatchObject({
      state: 'cancelled',
      refund: { state: 'withdrawn', canWithdraw: false },
    })
  })

  it('need a key, and an amount above zero in whole units of a payment', async () => {
    expect((await ask({}, null)).body.code).toBe('idempotency_key_missing')
    for (const amountMinor of ['0', '-1', '1.5', '1e3', '9999999999999999999'])
      expect((await ask({ amountMinor })).body.code).toBe('validation_failed')
    expect((await ask({ payment: referenceOf('RF', 1n) })).body.code).toBe('not_found')
    expect((await ask({ state: 'paid' })).body.code).toBe('validation_failed')
  })

  it('R1 ask and withdraw nothing of somebody else', async () => {
    const stranger = await world.newCustomer(1_000n)
    world.signedIn.customerId = stranger
    expect((await ask()).body.code).toBe('not_found')
    expect(await world.refundsOf(paymentNumber)).toEqual([])
    world.signedIn.customerId = customer
    const { body } = await ask()
    world.signedIn.customerId = stranger
    expect((await call(customers, 'POST', `/api/refunds/${body.reference}/withdraw`)).body.code).toBe(
      'not_found',
    )
    const [refund] = await world.refundsOf(paymentNumber)
    expect(refund).toMatchObject({ customerId: customer, state: 'asking_shop' })
  })

  it('hear why not', async () => {
    expect((await ask({ amountMinor: rupiah(300_001n).toString() })).body).toMatchObject({
      status: 409,
      code: 'refund_not_allowed',
      values: { why: 'more_than_left', left: { amountMinor: rupiah(300_000n).toString(), currency: 'IDR' } },
    })
  })
})

describe('shops', () => {
  it('read what is asked, answer once, and the same answer again is no fault', async () => {
    const { reference } = (await ask({ note: 'nothing came' })).body
    const list = await shopCall('GET', '/merchant/v1/refunds?state=asking_shop')
    expect(list.body.refunds).toMatchObject([
      { reference, payment, state: 'asking_shop', note: 'nothing came' },
    ])
    expect(list.body.refunds[0].answerBy).toBeDefined()
    expect(JSON.stringify(list.body)).not.toContain(customer)
    const url = `/merchant/v1/refunds/${reference}/answer`
    for (const key of [uuidv7(), uuidv7()])
      expect((await shopCall('POST', url, { answer: 'agree' }, shop, key)).body).toMatchObject({
        state: 'paid',
      })
    expect((await shopCall('POST', url, { answer: 'refuse' })).body.code).toBe('conflict')
    expect((await shopCall('GET', `/merchant/v1/refunds/${reference}`)).body.state).toBe('paid')
  })

  it('R1 see and answer nothing of another shop, and nothing without a signature', async () => {
    const { reference } = (await ask()).body
    const other = await world.newShop()
    expect((await shopCall('GET', `/merchant/v1/refunds/${reference}`, undefined, other)).body.code).toBe(
      'not_found',
    )
    const answer = `/merchant/v1/refunds/${reference}/answer`
    expect((await shopCall('POST', answer, { answer: 'agree' }, other)).body.code).toBe('not_found')
    expect((await call(customers, 'POST', answer, { answer: 'agree' })).body.code).toBe('key_invalid')
    const forged = { ...shop, secret: other.secret }
    expect((await shopCall('POST', answer, { answer: 'agree' }, forged)).body.code).toBe('signature_invalid')
  })

  it('give money back by themselves', async () => {
    const { orderId } = (await world.needs.payments.read(world.platform.db.read, [paymentNumber])).get(
      paymentNumber,
    )!
    const url = `/merchant/v1/orders/${orderId}/refunds`
    const given = await shopCall('POST', url, {
      reason: 'cancelled_with_shop',
      amountMinor: rupiah(1_000n).toString(),
    })
    expect(given.body).toMatchObject({ state: 'paid', orderId })
    const other = await world.newShop()
    expect((await shopCall('POST', url, { reason: 'other' }, other)).body.code).toBe('not_found')
  })
})

describe('agents', () => {
  const caseId = uuidv7()
  const body = (more: object = {}) => ({
    caseId,
    payment,
    reason: 'not_received',
    note: 'told in the chat',
    ...more,
  })
  const askForCase = (more?: object) => call(agents, 'POST', '/api/refunds', body(more))
  beforeEach(() => {
    world.cases.clear()
    world.cases.set(`${caseId} ${payment}`, {
      customerId: customer,
      agentId: undefined,
      conversationId: caseId,
    })
  })

  it('ask for a case that holds the payment', async () => {
    const asked = await askForCase()
    expect(asked.body).toMatchObject({ refund: { askedBy: 'agent', state: 'asking_shop' } })
  })

  it('R12 never for their own wallet, R13 never without the reason of a case', async () => {
    world.signedIn.agent = agent('lead', customer)
    expect((await askForCase()).body.code).toBe('forbidden')
    world.signedIn.agent = agent()
    world.signedIn.hasReason = false
    expect((await askForCase()).body.code).toBe('reason_required')
    world.signedIn.hasReason = true
    expect((await askForCase({ caseId: uuidv7() })).body.code).toBe('not_found')
  })

  it('see what is to be decided, look at it, and decide; each look is recorded', async () => {
    const { reference } = (await ask()).body
    await shopCall('POST', `/merchant/v1/refunds/${reference}/answer`, { answer: 'refuse', note: 'sent' })
    const { body: list } = await call(agents, 'GET', '/api/decisions')
    expect(list.decisions).toContainEqual(
      expect.objectContaining({
        kind: 'refund_review',
        reference,
        why: 'shop_refused',
        partyName: 'Toko Uji',
        // The refund was asked for without one: where the customer wrote about it.
        caseId: caseAbout,
      }),
    )
    world.signedIn.hasReason = false
    const look = await call(agents, 'GET', `/api/refunds/${reference}`)
    expect(look.body.refund).toMatchObject({
      state: 'in_review',
      shopNote: 'sent',
      reviewCause: 'shop_refused',
    })
    const looks = await world.platform.db.read.rows(
      "SELECT 1 FROM audit.entries WHERE action = 'refund.looked_at' AND resource_id = $1",
      [reference],
    )
    expect(looks.length).toBe(1)
    const decided = await call(agents, 'POST', `/api/refunds/${reference}/decide`, {
      decision: 'decline',
      note: 'sent',
    })
    expect(decided.body).toMatchObject({ state: 'failed', refund: { decisionNote: 'sent' } })
    // Decided: there is no reason to look any more.
    expect((await call(agents, 'GET', `/api/refunds/${reference}`)).body.code).toBe('reason_required')
  })

  it('R13 who opens it to approve it looks as the second person; who granted it still as who decided', async () => {
    const large = await world.payCredited(customer, shop.merchantId, 600_000n)
    const number = await world.ask(customer, large)
    await world.refunds.answer(shop.merchantId, number, { answer: 'refuse', note: undefined })
    const reference = referenceOf('RF', number)
    const first = agent()
    world.signedIn.agent = first
    await world.refunds.decide(first, { number, decision: 'grant', note: 'seen' })
    expect((await call(agents, 'GET', `/api/refunds/${reference}`)).status).toBe(200)
    const second = agent('lead')
    world.signedIn.agent = second
    expect((await call(agents, 'GET', `/api/refunds/${reference}`)).status).toBe(200)
    const helper = agent()
    world.signedIn.agent = helper
    expect((await call(agents, 'GET', `/api/refunds/${reference}`)).status).toBe(200)
    const reasonsOf = ({ agentId }: { agentId: string }) =>
      new Set(world.looks.flatMap((look) => (look.agent.agentId === agentId ? look.reason : [])))
    expect(reasonsOf(first)).toEqual(new Set(['decision']))
    expect(reasonsOf(second)).toEqual(new Set(['approval']))
    // Whose role may not approve reads how it is decided, and never “as the second person”.
    expect(reasonsOf(helper)).toEqual(new Set(['follow_up']))
  })

  it('R13 saying again what was decided is no way to look at it: conflict for others, recorded for who decided', async () => {
    const { reference } = (await ask()).body
    await shopCall('POST', `/merchant/v1/refunds/${reference}/answer`, { answer: 'refuse' })
    const decide = (note = 'sent') =>
      call(agents, 'POST', `/api/refunds/${reference}/decide`, { decision: 'decline', note })
    expect((await decide(' \u3000')).body.code).toBe('validation_failed')
    expect((await decide()).status).toBe(200)
    expect((await decide()).status).toBe(200)
    const looks = await world.platform.db.read.rows(
      "SELECT 1 FROM audit.entries WHERE action = 'refund.looked_at' AND resource_id = $1",
      [reference],
    )
    expect(looks.length).toBe(1)
    world.signedIn.agent = agent()
    expect((await decide()).body).toMatchObject({ code: 'conflict', status: 409 })
  })
})

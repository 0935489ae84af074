// The shops' view of their money over signed requests: what is owed, each pay-out, its lines page by page, and nobody else's.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import { apiScope, createFace, type Face } from '#platform/http.ts'
import { merchantRoutes, signRequest, type MerchantCredentials } from '#modules/merchants/index.ts'
import { createTestWorld, type TestWorld } from './for-tests.ts'
import { settlementRoutes } from './index.ts'

let world: TestWorld
let face: Face
let shop: MerchantCredentials
let other: MerchantCredentials
const references: string[] = []

beforeAll(async () => {
  world = await createTestWorld()
  const { platform, merchants, ledger } = world
  const newShop = async () => merchants.readCredentials(platform.db.read, (await world.newShop()).merchantId)
  shop = await newShop()
  other = await newShop()
  const publicUrl = platform.config.customersUrl
  face = createFace(platform, { name: 'customers', publicUrl })
  await apiScope(
    face,
    { docsPath: '/docs/merchant', title: 'Shops', description: '', caller: 'machine', publicUrl },
    (api) => {
      const caller = merchantRoutes(api, platform, { merchants, ledger, paidAt: async () => undefined })
      settlementRoutes(api, platform, { merchants, ledger }, caller)
    },
  )
  // Monday, Thursday and the Monday after.
  for (const days of [3, 3, 4]) {
    for (let payments = 0; payments < 3; payments++)
      references.push(await world.credit(shop.merchantId, 100_000n))
    platform.clock.advance(days * 86_400_000)
    await world.settlements.makeDue()
    await world.settlements.payDue()
  }
})
afterAll(async () => {
  await face.close()
  await world.platform.close()
})

async function get(path: string, as = shop, secret = as.secret) {
  const key = uuidv7()
  const timestamp = String(Math.floor(Date.now() / 1000))
  const answer = await face.inject({
    method: 'GET',
    url: path,
    headers: {
      authorization: `Bearer ${as.keyId}`,
      'idempotency-key': key,
      'tuntas-timestamp': timestamp,
      'tuntas-signature': signRequest(secret, {
        timestamp,
        method: 'GET',
        path,
        idempotencyKey: key,
        body: '',
      }),
    },
  })
  return { status: answer.statusCode, body: answer.json() as any }
}

it('shows what is owed, on its way and kept back, and the pay-outs newest first, page by page', async () => {
  const { status, body } = await get('/merchant/v1/settlements?limit=2')
  expect(status).toBe(200)
  expect(body).toMatchObject({
    balance: { amountMinor: '0' },
    onItsWay: { amountMinor: '0' },
    nextPayOutAt: expect.stringMatching(/T03:00:00.000Z$/),
  })
  expect(BigInt(body.reserve.amountMinor)).toBeGreaterThan(0n)
  expect(body.settlements).toHaveLength(2)
  const next = await get(`/merchant/v1/settlements?limit=2&after=${body.next}`)
  const all = [...body.settlements, ...next.body.settlements]
  expect(next.body.next).toBeUndefined()
  expect(new Set(all.map(({ number }) => number)).size).toBe(all.length)
  expect(all.reduce((sum, { payments }) => sum + payments, 0)).toBe(references.length)
  for (const each of all) {
    const amount = (name: string) => BigInt(each[name].amountMinor)
    expect(each).toMatchObject({ state: 'paid', account: { accountNumber: '7001129045' } })
    expect(amount('net')).toBe(
      amount('carried') +
        amount('gross') -
        amount('fees') -
        amount('reserved') +
        amount('released') -
        amount('refunded'),
    )
  }
})

it('shows what a pay-out consists of, page by page', async () => {
  const { settlements } = (await get('/merchant/v1/settlements')).body
  const oldest = settlements.at(-1)!
  const first = await get(`/merchant/v1/settlements/${oldest.number}?limit=2`)
  expect(first.body).toMatchObject({ number: oldest.number, net: oldest.net })
  const rest = await get(`/merchant/v1/settlements/${oldest.number}?limit=2&after=${first.body.next}`)
  const lines = [...first.body.lines, ...rest.body.lines]
  expect(lines.map(({ reference }) => reference)).toEqual(references.slice(0, 3))
  expect(lines[0]).toMatchObject({
    kind: 'payment',
    gross: { amountMinor: '10000000' },
    fee: { amountMinor: '70000' },
    reserve: { amountMinor: '500000' },
    net: { amountMinor: '9430000' },
  })
})

it('shows no shop what is another one’s, and nobody what is not signed', async () => {
  const { settlements } = (await get('/merchant/v1/settlements')).body
  expect((await get('/merchant/v1/settlements', other)).body.settlements).toEqual([])
  expect((await get(`/merchant/v1/settlements/${settlements[0].number}`, other)).status).toBe(404)
  expect((await get('/merchant/v1/settlements', shop, other.secret)).status).toBe(401)
  expect((await get('/merchant/v1/settlements/TN-0000-0000')).status).toBe(404)
  expect((await get('/merchant/v1/settlements?after=x')).status).toBe(422)
})

// The shops' API over HTTP: only what is signed is heard, one key makes one order, and no shop sees another's.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import { apiScope, createFace, type Face } from '#platform/http.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import { createLedger } from '#modules/ledger/index.ts'
import { createMerchants, merchantRoutes, signRequest, type MerchantCredentials } from './index.ts'

let platform: TestPlatform
let face: Face
let merchants: ReturnType<typeof createMerchants>
let shop: MerchantCredentials
let other: MerchantCredentials

beforeAll(async () => {
  platform = await createTestPlatform()
  const ledger = createLedger(platform)
  merchants = createMerchants(platform, { ledger })
  const create = (name: string) =>
    platform.db.transaction((tx) => merchants.createMerchant(tx, { name, category: 'books' }))
  shop = await create('Toko Uji')
  other = await create('Toko Lain')
  const publicUrl = platform.config.customersUrl
  face = createFace(platform, { name: 'customers', publicUrl })
  await apiScope(
    face,
    { docsPath: '/docs/merchant', title: 'Shops', description: '', caller: 'machine', publicUrl },
    (api) => void merchantRoutes(api, platform, { merchants, ledger, paidAt: async () => undefined }),
  )
  await face.ready()
})
afterAll(async () => {
  await face.close()
  await platform.close()
})

type Method = 'GET' | 'POST'
interface Call {
  as?: MerchantCredentials
  key?: string
  /** The body's own bytes instead of its JSON. */
  text?: string
  secret?: string
  stampSeconds?: number
  /** What is signed instead of what is sent. */
  signed?: { method?: string; path?: string; body?: string; key?: string }
  drop?: string[]
  headers?: Record<string, string>
}

async function call(method: Method, url: string, body?: unknown, more: Call = {}) {
  const { as = shop, key = uuidv7(), signed = {} } = more
  const text = more.text ?? (body === undefined ? '' : JSON.stringify(body))
  const timestamp = String(Math.floor(Date.now() / 1000) + (more.stampSeconds ?? 0))
  const headers: Record<string, string> = {
    authorization: `Bearer ${as.keyId}`,
    'idempotency-key': key,
    'tuntas-timestamp': timestamp,
    'tuntas-signature': signRequest(more.secret ?? as.secret, {
      timestamp,
      method: signed.method ?? method,
      path: signed.path ?? url,
      idempotencyKey: signed.key ?? key,
      body: signed.body ?? text,
    }),
    ...(text === '' ? {} : { 'content-type': 'application/json' }),
    ...more.headers,
  }
  for (const name of more.drop ?? []) delete headers[name]
  const answer = await face.inject({ method, url, headers, ...(text === '' ? {} : { payload: text }) })
  return { status: answer.statusCode, type: answer.headers['content-type'], body: answer.json() as any }
}

const rupiah = (amountMinor: unknown) => ({ amountMinor, currency: 'IDR' })
const order = (more: object = {}) => ({
  merchantReference: uuidv7(),
  total: rupiah('12500'),
  lines: [
    { name: 'Buku', quantity: 2, amount: rupiah('10000') },
    { name: 'Ongkir', quantity: 1, amount: rupiah('2500') },
  ],
  ...more,
})
const create = (body: unknown = order(), more: Call = {}) => call('POST', '/merchant/v1/orders', body, more)
const one = (amountMinor: unknown) =>
  order({ total: rupiah(amountMinor), lines: [{ name: 'Buku', quantity: 1, amount: rupiah(amountMinor) }] })
const ordersWith = async (reference: string) =>
  (
    await platform.db.read.one<{ count: bigint }>(
      'SELECT count(*) FROM merchants.orders WHERE merchant_reference = $1',
      [reference],
    )
  ).count

describe('the signature', () => {
  it('that is right is heard', async () => {
    expect(await create()).toMatchObject({ status: 201, body: { state: 'open', total: rupiah('12500') } })
    expect(await call('GET', '/merchant/v1/me')).toMatchObject({ status: 200, body: { name: 'Toko Uji' } })
  })

  it.each<[string, () => Call, string]>([
    ['of another secret', () => ({ secret: 'guessed' }), 'signature_invalid'],
    ['of another shop', () => ({ secret: other.secret }), 'signature_invalid'],
    ['too old', () => ({ stampSeconds: -301 }), 'signature_invalid'],
    ['of the future', () => ({ stampSeconds: 302 }), 'signature_invalid'],
    ['of another time', () => ({ headers: { 'tuntas-timestamp': '1' } }), 'signature_invalid'],
    ['of a time that is none', () => ({ headers: { 'tuntas-timestamp': 'NaN' } }), 'signature_invalid'],
    ['of another path', () => ({ signed: { path: '/merchant/v1/me' } }), 'signature_invalid'],
    ['of another method', () => ({ signed: { method: 'PUT' } }), 'signature_invalid'],
    ['of another body', () => ({ signed: { body: '{}' } }), 'signature_invalid'],
    ['of another key', () => ({ signed: { key: uuidv7() } }), 'signature_invalid'],
    ['missing', () => ({ drop: ['tuntas-signature'] }), 'signature_invalid'],
    ['without its time', () => ({ drop: ['tuntas-timestamp'] }), 'signature_invalid'],
    ['without a shop', () => ({ drop: ['authorization'] }), 'key_invalid'],
    [
      'of an unknown shop',
      () => ({ headers: { authorization: `Bearer tk_${'0'.repeat(24)}` } }),
      'key_invalid',
    ],
    ['in another scheme', () => ({ headers: { authorization: `Basic ${shop.keyId}` } }), 'key_invalid'],
  ])('%s is refused, and nothing is done', async (_name, more, code) => {
    const body = order()
    expect(await create(body, more())).toMatchObject({ status: 401, body: { code } })
    expect(await ordersWith(body.merchantReference)).toBe(0n)
  })

  it('covers the query', async () => {
    const answer = await call('GET', '/merchant/v1/me?as=other', undefined, {
      signed: { path: '/merchant/v1/me' },
    })
    expect(answer.body.code).toBe('signature_invalid')
  })
})

describe('one key, one order', () => {
  it('twenty times at once: the same order for all', async () => {
    const [body, key] = [order(), uuidv7()]
    const answers = await Promise.all(Array.from({ length: 20 }, () => create(body, { key })))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 201))
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1)
    expect(await ordersWith(body.merchantReference)).toBe(1n)
  })

  it('with another body is a conflict, and nothing is done', async () => {
    const key = uuidv7()
    await create(order(), { key })
    const body = order()
    expect(await create(body, { key })).toMatchObject({ status: 409, body: { code: 'idempotency_conflict' } })
    expect(await ordersWith(body.merchantReference)).toBe(0n)
  })

  it('of another shop is another key', async () => {
    const key = uuidv7()
    const mine = await create(order(), { key })
    const theirs = await create(order(), { key, as: other })
    expect([mine.status, theirs.status]).toEqual([201, 201])
    expect(mine.body.id).not.toBe(theirs.body.id)
  })

  it('is needed, as a UUID', async () => {
    for (const key of ['', 'one'])
      expect(await create(order(), { key })).toMatchObject({
        status: 400,
        body: { code: 'idempotency_key_missing' },
      })
  })

  it('a reference of the shop is taken once, whatever the key; a refused key can be used again', async () => {
    const body = order()
    const answers = await Promise.all(Array.from({ length: 10 }, () => create(body)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([
      201,
      ...Array.from({ length: 9 }, () => 409),
    ])
    const key = uuidv7()
    expect((await create(body, { key })).body).toMatchObject({
      code: 'duplicate_reference',
      values: { merchantReference: body.merchantReference },
    })
    expect((await create(order(), { key })).status).toBe(201)
    expect((await create(body, { as: other })).status).toBe(201)
  })
})

describe('what an order must be', () => {
  it.each<[string, object]>([
    ['a total that is not the sum', { total: rupiah('12501') }],
    ['another currency than the shop’s', { total: { amountMinor: '12500', currency: 'USD' } }],
    ['no lines', { lines: [] }],
    ['an address that is none', { returnUrl: 'javascript:alert(1)' }],
    ['an address with a password', { returnUrl: 'https://me:secret@shop.example/' }],
    ['an unknown field', { discount: 1 }],
    [
      'an unknown field in a line',
      { lines: [{ name: 'B', quantity: 1, amount: rupiah('12500'), free: true }] },
    ],
    ['a reference with spaces', { merchantReference: 'a b' }],
    ['a life of a second', { expiresInSeconds: 1 }],
  ])('%s is refused', async (_name, more) => {
    expect(await create(order(more))).toMatchObject({ status: 422, body: { code: 'validation_failed' } })
  })

  it.each([
    '1e400',
    'NaN',
    'Infinity',
    '-1',
    '1.5',
    '1,5',
    '0',
    '01',
    '+1',
    ' 1',
    '0x10',
    '',
    '9223372036854775808',
    '1000000000000001',
    1,
    12.5,
    null,
    true,
  ])('M8 M9 M10 the amount %j is refused', async (amountMinor) => {
    expect(await create(one(amountMinor))).toMatchObject({ status: 422, body: { code: 'validation_failed' } })
  })

  it('M9 sums are exact where a number would round', async () => {
    const lines = ['900000000000001', '90000000000001'].map((amountMinor) => ({
      name: 'Buku',
      quantity: 1,
      amount: rupiah(amountMinor),
    }))
    expect((await create(order({ total: rupiah('990000000000002'), lines }))).status).toBe(201)
    expect((await create(order({ total: rupiah('990000000000001'), lines }))).status).toBe(422)
    const beyond = String(2n ** 53n + 1n)
    expect((await create(one(beyond))).body.code).toBe('validation_failed')
  })

  it.each([
    ['P3 __proto__', '{"__proto__":{"polluted":true}}', 400, 'malformed'],
    ['P3 a nested __proto__', '{"lines":[{"__proto__":{"polluted":true}}]}', 400, 'malformed'],
    ['P3 an escaped __proto__', '{"\\u005f_proto__":{"polluted":true}}', 400, 'malformed'],
    ['P3 constructor', '{"constructor":{"prototype":{"polluted":true}}}', 400, 'malformed'],
    ['P9 deep', `${'['.repeat(30_000)}${']'.repeat(30_000)}`, 400, 'malformed'],
    ['P9 huge', `{"merchantReference":"${'a'.repeat(70_000)}"}`, 413, 'payload_too_large'],
    ['not JSON', '{"total":', 400, 'malformed'],
    ['a list', '[]', 422, 'validation_failed'],
    ['null', 'null', 422, 'validation_failed'],
  ])('a body that is %s is refused with its code', async (_name, text, status, code) => {
    const answer = await create(undefined, { text })
    expect(answer).toMatchObject({ status, body: { code } })
    expect(answer.type).toContain('application/problem+json')
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it('a blocked shop makes no orders', async () => {
    const blocked = await platform.db.transaction((tx) =>
      merchants.createMerchant(tx, { name: 'Toko Tutup', category: 'books' }),
    )
    await platform.db.read.run("UPDATE merchants.merchants SET status = 'blocked' WHERE id = $1", [
      blocked.merchantId,
    ])
    expect((await create(order(), { as: blocked })).body.code).toBe('merchant_blocked')
  })
})

describe('an order', () => {
  it('is read by its shop; for another shop it does not exist', async () => {
    const { body } = await create()
    expect((await call('GET', `/merchant/v1/orders/${body.id}`)).body).toEqual(body)
    const foreign = await call('GET', `/merchant/v1/orders/${body.id}`, undefined, { as: other })
    const unknown = await call('GET', `/merchant/v1/orders/${uuidv7()}`, undefined, { as: other })
    expect(foreign).toMatchObject({ status: 404, body: { code: 'not_found' } })
    expect({ ...foreign.body, instance: '' }).toEqual({ ...unknown.body, instance: '' })
  })

  it('is cancelled by its shop only, once, and told', async () => {
    const { body } = await create()
    const url = `/merchant/v1/orders/${body.id}/cancel`
    expect((await call('POST', url, undefined, { as: other })).status).toBe(404)
    expect((await call('GET', `/merchant/v1/orders/${body.id}`)).body.state).toBe('open')
    const answers = await Promise.all(Array.from({ length: 5 }, () => call('POST', url)))
    for (const answer of answers) expect(answer).toMatchObject({ status: 200, body: { state: 'cancelled' } })
    const told = await platform.db.read.rows('SELECT type FROM merchants.webhooks WHERE order_id = $1', [
      body.id,
    ])
    expect(told).toEqual([{ type: 'order.cancelled' }])
  })

  it('that is paid is not cancelled', async () => {
    const { body } = await create()
    await platform.db.transaction((tx) =>
      merchants.savePaid(
        tx,
        [{ id: body.id, customerId: uuidv7(), paymentNumber: 7n }],
        platform.clock.now(),
      ),
    )
    expect((await call('POST', `/merchant/v1/orders/${body.id}/cancel`)).body.code).toBe('order_paid')
  })
})

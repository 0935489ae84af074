// The HTTP face: only our own page is heard (P1), bodies are bounded and strict (P3, P9), and every refusal is a problem.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Type } from 'typebox'
import { isUuid } from '#contract/ids.ts'
import { MoneySchema } from '#contract/schema.ts'
import { apiScope, createFace, idempotencyKey, type Face } from './http.ts'
import { Refusal } from './refusal.ts'
import { createTestPlatform, type TestPlatform } from './testing.ts'

const publicUrl = 'https://pay.example'
const typed = Type.Object({
  text: Type.Optional(Type.String()),
  count: Type.Optional(Type.Integer({ maximum: 100 })),
  open: Type.Optional(Type.Boolean()),
  names: Type.Optional(Type.Array(Type.String())),
})
let platform: TestPlatform
let face: Face
let handled: unknown[]

beforeAll(async () => {
  platform = await createTestPlatform()
  handled = []
  face = createFace(platform, { name: 'customers', publicUrl })
  const scope = { title: 'Test', description: '', publicUrl }
  await apiScope(face, { ...scope, docsPath: '/docs/test', caller: 'browser' }, (api) => {
    const body = Type.Object(
      { name: Type.String({ minLength: 1 }), amount: Type.Optional(MoneySchema) },
      { additionalProperties: false },
    )
    api.post('/api/things', { schema: { body } }, async (request) => {
      handled.push(request.body)
      return { done: true }
    })
    api.post('/api/plain', async () => {
      handled.push('plain')
      return { done: true }
    })
    api.post('/api/keyed', async (request) => ({ key: idempotencyKey(request) }))
    api.get('/api/things', async () => ({ things: [] }))
    api.post('/api/typed', { schema: { body: typed } }, async (request) => {
      handled.push(request.body)
      return { done: true }
    })
    const page = { querystring: typed, params: Type.Object({ number: Type.Integer() }) }
    api.get('/api/typed/:number', { schema: page }, async (request) => ({
      ...request.query,
      ...request.params,
    }))
    api.get('/api/refused', async () => {
      throw new Refusal('insufficient_funds', { have: { amountMinor: '1', currency: 'IDR' } })
    })
    api.get('/api/fault', async () => {
      throw new Error('the secret is in this message')
    })
    api.get('/api/lost', async () => {
      throw Object.assign(new Error('terminating connection'), { code: '57P01' })
    })
  })
  await apiScope(face, { ...scope, docsPath: '/docs/machine', caller: 'machine' }, (api) => {
    api.post('/machine/things', async () => ({ done: true }))
  })
  await face.ready()
})
afterAll(async () => {
  await face.close()
  await platform.close()
})

const ours = { 'x-tuntas-csrf': '1', origin: publicUrl, 'content-type': 'application/json' }

async function post(url: string, payload: string, headers: Record<string, string | undefined> = {}) {
  handled = []
  const sent = Object.entries({ ...ours, ...headers }).filter(([, value]) => value !== undefined)
  const answer = await face.inject({
    method: 'POST',
    url,
    headers: Object.fromEntries(sent) as Record<string, string>,
    payload,
  })
  return { status: answer.statusCode, type: answer.headers['content-type'], body: answer.json() as any }
}

describe('P1 a request that changes something', () => {
  it('is heard from our own page', async () => {
    expect((await post('/api/things', '{"name":"a"}')).status).toBe(200)
    expect((await post('/api/things', '{"name":"a"}', { origin: undefined })).status).toBe(200)
  })

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['our name with another port', { origin: `${publicUrl}:8443` }],
    ['our name in a longer one', { origin: `${publicUrl}.evil.example` }],
    ['an origin that is hidden', { origin: 'null' }],
    ['no CSRF header', { 'x-tuntas-csrf': undefined }],
    ['another CSRF header', { 'x-tuntas-csrf': 'true' }],
  ])('is refused with %s', async (_name, headers) => {
    for (const url of ['/api/things', '/api/plain'])
      expect(await post(url, '{"name":"a"}', headers)).toMatchObject({
        status: 403,
        body: { code: 'origin_refused' },
      })
    expect(handled).toEqual([])
  })

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=a',
    'application/xml',
  ])('is refused as %s, with or without a schema', async (type) => {
    for (const url of ['/api/things', '/api/plain'])
      expect(await post(url, '{"name":"a"}', { 'content-type': type })).toMatchObject({
        status: 415,
        body: { code: 'media_type_unsupported' },
      })
    expect(handled).toEqual([])
  })

  it('from a machine needs no origin', async () => {
    expect(
      (await post('/machine/things', '{}', { origin: undefined, 'x-tuntas-csrf': undefined })).status,
    ).toBe(200)
  })

  it('reading needs none of it', async () => {
    const answer = await face.inject({ url: '/api/things', headers: { origin: 'https://evil.example' } })
    expect(answer.statusCode).toBe(200)
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
  })
})

describe('a body', () => {
  it.each([
    ['P3 with __proto__', '{"name":"a","__proto__":{"admin":true}}', 400, 'malformed'],
    [
      'P3 with constructor.prototype',
      '{"name":"a","constructor":{"prototype":{"admin":true}}}',
      400,
      'malformed',
    ],
    ['P9 of 70 kB', JSON.stringify({ name: 'a'.repeat(70_000) }), 413, 'payload_too_large'],
    ['P9 of 30,000 levels', '['.repeat(30_000) + ']'.repeat(30_000), 422, 'validation_failed'],
    ['that is not JSON', '{"name":', 400, 'malformed'],
    ['that is empty', '', 400, 'malformed'],
    ['without what it needs', '{}', 422, 'validation_failed'],
    ['R11 with an unknown field', '{"name":"a","role":"admin"}', 422, 'validation_failed'],
    [
      'M9 with 1e400',
      '{"name":"a","amount":{"amountMinor":"1e400","currency":"IDR"}}',
      422,
      'validation_failed',
    ],
    [
      'M8 with a negative amount',
      '{"name":"a","amount":{"amountMinor":"-1","currency":"IDR"}}',
      422,
      'validation_failed',
    ],
    [
      'M10 with a fraction',
      '{"name":"a","amount":{"amountMinor":"1.5","currency":"IDR"}}',
      422,
      'validation_failed',
    ],
  ])('%s is refused with its code', async (_name, payload, status, code) => {
    const answer = await post('/api/things', payload)
    expect(answer).toMatchObject({ status, body: { code, type: `/problems/${code}` } })
    expect(answer.type).toContain('application/problem+json')
    expect(handled).toEqual([])
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined()
  })

  it.each([
    ['a list for a text', { text: ['100'] }, 'body.text'],
    ['a number for a text', { text: 100 }, 'body.text'],
    ['nothing for a text', { text: null }, 'body.text'],
    ['a text for a number', { count: '100' }, 'body.count'],
    ['yes for a number', { count: true }, 'body.count'],
    ['a text for a yes', { open: 'true' }, 'body.open'],
    ['a number for a yes', { open: 1 }, 'body.open'],
    ['one text for a list', { names: 'a' }, 'body.names'],
  ])('with %s is refused, not read as what was wanted', async (_name, body, field) => {
    expect(await post('/api/typed', JSON.stringify(body))).toMatchObject({
      status: 422,
      body: { code: 'validation_failed', values: { field } },
    })
    expect(handled).toEqual([])
  })

  it('an amount in a list is no amount', async () => {
    const amount = { amountMinor: ['100'], currency: 'IDR' }
    const answer = await post('/api/things', JSON.stringify({ name: 'a', amount }))
    expect(answer.body).toMatchObject({
      code: 'validation_failed',
      values: { field: 'body.amount.amountMinor' },
    })
  })

  it('names the field that is wrong', async () => {
    expect((await post('/api/things', '{"name":"a","role":"admin"}')).body.values).toEqual({
      field: 'body.role',
    })
    expect((await post('/api/things', '{}')).body.values).toEqual({ field: 'body.name' })
  })

  it('never brings a NUL or half of a character into a room, however deep, and counts what is left', async () => {
    expect((await post('/api/things', '{"name":"a\\u0000b\\ud800"}')).status).toBe(200)
    expect(handled).toEqual([{ name: 'ab\uFFFD' }])
    expect((await post('/api/things', '{"name":"\\u0000"}')).body.code).toBe('validation_failed')
    const deep = `{"name":${'['.repeat(30_000)}${']'.repeat(30_000)}}`
    expect((await post('/api/things', deep)).body.code).toBe('validation_failed')
  })

  it('M9 keeps an amount beyond 2^53 exact', async () => {
    const amount = { amountMinor: String(2n ** 53n + 1n), currency: 'IDR' }
    await post('/api/things', JSON.stringify({ name: 'a', amount }))
    expect(handled).toEqual([{ name: 'a', amount }])
  })
})

describe('an address', () => {
  const read = async (url: string) => (await face.inject({ url })).json() as any

  it('can only say text: numbers and yes-or-no are read from it', async () => {
    expect(await read('/api/typed/7?count=30&open=false&text=30')).toEqual({
      number: 7,
      count: 30,
      open: false,
      text: '30',
    })
  })

  it.each([
    ['/api/typed/7?count=', 'querystring.count'],
    ['/api/typed/7?count=1e1', 'querystring.count'],
    ['/api/typed/7?count=0x10', 'querystring.count'],
    ['/api/typed/7?count=1.5', 'querystring.count'],
    ['/api/typed/7?count=101', 'querystring.count'],
    ['/api/typed/7?count=1&count=2', 'querystring.count'],
    ['/api/typed/7?open=1', 'querystring.open'],
    ['/api/typed/7?text=a&text=b', 'querystring.text'],
    ['/api/typed/seven', 'params.number'],
  ])('%s is refused and says where', async (url, field) => {
    expect(await read(url)).toMatchObject({ code: 'validation_failed', values: { field } })
  })
})

describe('a problem', () => {
  const read = async (url: string) => {
    const answer = await face.inject({ url })
    expect(answer.headers['content-type']).toContain('application/problem+json')
    return { status: answer.statusCode, body: answer.json() as any }
  }

  it('has the catalogue’s form and a number to quote', async () => {
    const { status, body } = await read('/api/refused')
    expect(status).toBe(403)
    expect(body).toEqual({
      type: '/problems/insufficient_funds',
      title: 'Not enough balance',
      status: 403,
      detail: 'Not enough balance',
      code: 'insufficient_funds',
      retry: 'after_top_up',
      values: { have: { amountMinor: '1', currency: 'IDR' } },
      instance: expect.any(String),
    })
    expect(isUuid(body.instance)).toBe(true)
  })

  it('of ours tells nothing of the inside', async () => {
    const { status, body } = await read('/api/fault')
    expect(status).toBe(500)
    expect(body.code).toBe('system_error')
    expect(JSON.stringify(body)).not.toContain('secret')
  })

  it('of a lost database says that the outcome is unknown', async () => {
    expect(await read('/api/lost')).toMatchObject({ status: 504, body: { code: 'outcome_unknown' } })
  })

  it('of an address that cannot be read is one too', async () => {
    expect(await read('/api/%zz')).toMatchObject({ status: 400, body: { code: 'malformed' } })
  })
})

it('an idempotency key is a UUID, in any case of letters', async () => {
  const key = '018F0000-0000-7000-8000-00000000000A'
  expect((await post('/api/keyed', '{}', { 'idempotency-key': key })).body).toEqual({
    key: key.toLowerCase(),
  })
  for (const wrong of [undefined, '1', `${key} `.repeat(2)])
    expect((await post('/api/keyed', '{}', { 'idempotency-key': wrong })).body.code).toBe(
      'idempotency_key_missing',
    )
})

describe('headers', () => {
  it('of data let nothing run, be framed or be kept, and carry nothing that is for pages', async () => {
    for (const url of ['/api/things', '/api/refused']) {
      const { headers } = await face.inject({ url })
      expect(headers).toMatchObject({
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store',
      })
      expect(headers['strict-transport-security']).toContain('max-age=31536000')
      expect(headers).not.toHaveProperty('x-dns-prefetch-control')
    }
  })

  it('of pages let only our own scripts run, and nobody frame them', async () => {
    for (const url of ['/docs/test', '/nowhere']) {
      const { headers } = await face.inject({ url })
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
      expect(headers['content-security-policy']).toContain("script-src 'self'")
      expect(headers['content-security-policy']).not.toContain("script-src 'self' 'unsafe")
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
        'x-frame-options': 'SAMEORIGIN',
        'cross-origin-opener-policy': 'same-origin',
      })
      expect(headers['strict-transport-security']).toContain('max-age=31536000')
    }
  })
})

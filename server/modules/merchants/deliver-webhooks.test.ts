// Telling shops: signed, again and again under one id until acknowledged, and never into our own network (C5).
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import { createLedger } from '#modules/ledger/index.ts'
import { createMerchants, type Merchants } from './index.ts'
import { isInside } from './post-outside.ts'

interface Received {
  path: string
  id: string
  genuine: boolean
}

let platform: TestPlatform
let sandboxOn: Merchants
let sandboxOff: Merchants
let server: Server
let port: number
let answers: { status: number; location?: string }[]
let received: Received[]
let secret: string

beforeAll(async () => {
  platform = await createTestPlatform()
  const ledger = createLedger(platform)
  sandboxOn = createMerchants(platform, { ledger })
  const quiet = { ...platform.events, consume: () => undefined }
  sandboxOff = createMerchants(
    { ...platform, events: quiet, config: { ...platform.config, sandbox: false } },
    { ledger },
  )
  server = createServer((request, response) => {
    let body = ''
    request
      .on('data', (chunk) => (body += chunk))
      .on('end', () => {
        const headers = request.headers as Record<string, string>
        let genuine = true
        try {
          new Webhook(secret).verify(body, headers)
        } catch {
          genuine = false
        }
        received.push({ path: request.url!, id: headers['webhook-id']!, genuine })
        const { status, location } = answers.shift() ?? { status: 200 }
        response.writeHead(status, location ? { location } : {}).end('a body that nobody reads')
      })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(async () => {
  server.close()
  await platform.close()
})
beforeEach(() => {
  answers = []
  received = []
})

/** An order that was cancelled, so that its shop is to be told. */
async function cancelledOrder(webhookUrl: string | undefined): Promise<string> {
  const id = uuidv7()
  const now = platform.clock.now()
  await platform.db.transaction(async (tx) => {
    const shop = await sandboxOn.createMerchant(tx, { name: 'Toko Uji', category: 'books', webhookUrl })
    secret = shop.webhookSecret
    await sandboxOn.createOrders(tx, [
      {
        id,
        merchantId: shop.merchantId,
        merchantReference: uuidv7(),
        totalMinor: 100n,
        currency: 'IDR',
        lines: [{ name: 'Buku', quantity: 1, amount: { amountMinor: '100', currency: 'IDR' } }],
        state: 'open',
        returnUrl: undefined,
        cancelUrl: undefined,
        createdAt: now,
        expiresAt: new Date(now.getTime() + 60_000),
        customerId: undefined,
        paymentNumber: undefined,
      },
    ])
    await sandboxOn.close(tx, (await sandboxOn.lockOrders(tx, [id])).get(id)!, 'cancelled')
  })
  return id
}

const webhookOf = (orderId: string) =>
  platform.db.read.one<{
    state: string
    attempts: number
    http_status: number | null
    no_answer: string | null
  }>(
    `SELECT state, attempts, http_status, no_answer FROM merchants.webhooks AS webhook
     LEFT JOIN merchants.webhook_attempts AS attempt ON attempt.webhook_id = webhook.id AND attempt.attempt = webhook.attempts
     WHERE order_id = $1`,
    [orderId],
  )
const address = (path = '/hooks') => `http://127.0.0.1:${port}${path}`

describe('delivery', () => {
  it('is signed, and ends with the first 2xx', async () => {
    const order = await cancelledOrder(address())
    await sandboxOn.deliverDue()
    expect(received).toEqual([{ path: '/hooks', id: expect.any(String), genuine: true }])
    expect(await webhookOf(order)).toMatchObject({ state: 'acknowledged', attempts: 1, http_status: 200 })
    platform.clock.advance(86_400_000)
    expect(await sandboxOn.deliverDue()).toBe(0)
  })

  it('is repeated under the same id, with a fresh signature, so that a shop can know it again', async () => {
    answers = [{ status: 500 }, { status: 429 }]
    const order = await cancelledOrder(address())
    for (const waitMs of [0, 5_000, 15_000]) {
      platform.clock.advance(waitMs)
      await sandboxOn.deliverDue()
    }
    expect(received.map(({ genuine }) => genuine)).toEqual([true, true, true])
    expect(new Set(received.map(({ id }) => id)).size).toBe(1)
    expect(await webhookOf(order)).toMatchObject({ state: 'acknowledged', attempts: 3 })
  })

  it('several processes at once tell each shop once', async () => {
    const orders = await Promise.all(Array.from({ length: 6 }, () => cancelledOrder(address())))
    await Promise.all(Array.from({ length: 4 }, () => sandboxOn.deliverDue()))
    expect(received).toHaveLength(orders.length)
    expect(new Set(received.map(({ id }) => id)).size).toBe(orders.length)
  })

  it('gives up after thirteen tries, each kept as evidence', async () => {
    answers = Array.from({ length: 20 }, () => ({ status: 503 }))
    const order = await cancelledOrder(address())
    for (let round = 0; round < 15; round++) {
      await sandboxOn.deliverDue()
      platform.clock.advance(7_200_000)
    }
    expect(await webhookOf(order)).toMatchObject({ state: 'given_up', attempts: 13 })
    expect(received).toHaveLength(13)
  })

  it('a shop without an address is not told, once and for all', async () => {
    const order = await cancelledOrder(undefined)
    await sandboxOn.deliverDue()
    expect(await webhookOf(order)).toMatchObject({
      state: 'no_address',
      attempts: 1,
      no_answer: 'no_address',
    })
    platform.clock.advance(7 * 86_400_000)
    expect(await sandboxOn.deliverDue()).toBe(0)
    expect(await webhookOf(order)).toMatchObject({ state: 'no_address', attempts: 1 })
  })

  it('a shop that is not there is no answer', async () => {
    const order = await cancelledOrder('http://127.0.0.1:1/hooks')
    await sandboxOn.deliverDue()
    expect(await webhookOf(order)).toMatchObject({ state: 'waiting', no_answer: 'econnrefused' })
  })
})

describe('C5 outside the sandbox', () => {
  it('a redirect is not followed and is no acknowledgement', async () => {
    answers = [
      { status: 302, location: address('/secret') },
      { status: 307, location: address('/secret') },
    ]
    const order = await cancelledOrder(address())
    await sandboxOn.deliverDue()
    platform.clock.advance(5_000)
    await sandboxOn.deliverDue()
    expect(received.map(({ path }) => path)).toEqual(['/hooks', '/hooks'])
    expect(await webhookOf(order)).toMatchObject({ state: 'waiting', attempts: 2, http_status: 307 })
  })

  it.each([
    ['an address of this machine', () => `http://127.0.0.1:${port}/`],
    ['the same as a number', () => `http://2130706433:${port}/`],
    ['the same in hexadecimal', () => `http://0x7f.1:${port}/`],
    ['the same in IPv6', () => `http://[::ffff:127.0.0.1]:${port}/`],
    ['its IPv6 address', () => `http://[::1]:${port}/`],
    ['any address', () => `http://0.0.0.0:${port}/`],
    ['a name that leads here', () => `http://localhost:${port}/`],
    ['another protocol', () => 'file:///etc/passwd'],
  ])('%s is refused without a connection', async (_name, url) => {
    const order = await cancelledOrder(url())
    await sandboxOff.deliverDue()
    expect(received).toEqual([])
    expect(await webhookOf(order)).toMatchObject({
      state: 'waiting',
      attempts: 1,
      no_answer: 'address_refused',
    })
  })

  it.each([
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::ffff:10.0.0.1',
    '::ffff:a00:1',
    '64:ff9b::a00:1',
    '2002:7f00:1::',
    'fd00::1',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    'no address',
  ])('%s is inside', (inside) => expect(isInside(inside)).toBe(true))
  it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '::ffff:8.8.8.8', '2400:cb00::1', '2606:4700::1111'])(
    '%s is outside',
    (outside) => expect(isInside(outside)).toBe(false),
  )
})

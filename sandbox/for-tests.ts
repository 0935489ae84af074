// For tests only: the sandbox as a real process on its own database, and a stand-in for the product that checks signatures.
import { spawn, type ChildProcess } from 'node:child_process'
import { createHash, createHmac, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Webhook } from 'standardwebhooks'
import pg from 'pg'
import { afterAll, beforeAll } from 'vitest'
import { freePort } from './free-port-for-tests.ts'

export const secrets = { sms: 'sms secret', bank: 'bank secret', control: 'control secret' }
export const shop = {
  name: 'Buku <Pelangi>',
  slug: 'buku-pelangi',
  merchantId: 'm-1',
  keyId: 'key-1',
  secret: 'shop secret',
  webhookSecret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
}

export async function freshDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const server = process.env['TUNTAS_TEST_DATABASE_URL']
  if (!server) throw new Error('TUNTAS_TEST_DATABASE_URL is not set: run tests through `npm test`')
  const name = `sandbox_${process.pid}_${randomUUID().slice(0, 8)}`
  async function run(statement: string) {
    const client = new pg.Client(server)
    await client.connect()
    await client.query(statement).finally(() => client.end())
  }
  await run(`CREATE DATABASE ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.toString(), drop: () => run(`DROP DATABASE ${name} WITH (FORCE)`) }
}

export interface SandboxProcess {
  url: string
  smtpPort: number
  stop(signal?: NodeJS.Signals): Promise<void>
}

export async function startProcess(options: {
  databaseUrl: string
  customersUrl: string
  port: number
}): Promise<SandboxProcess> {
  const smtpPort = await freePort()
  const child: ChildProcess = spawn(process.execPath, [new URL('main.ts', import.meta.url).pathname], {
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: options.databaseUrl,
      TUNTAS_SANDBOX_PORT: String(options.port),
      TUNTAS_SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
      TUNTAS_CUSTOMERS_URL: options.customersUrl,
      TUNTAS_SMS_SECRET: secrets.sms,
      TUNTAS_BANK_CLIENT_SECRET: secrets.bank,
      TUNTAS_SANDBOX_CONTROL_SECRET: secrets.control,
      TUNTAS_SANDBOX_SHOPS: JSON.stringify([shop]),
    },
  })
  let said = ''
  await new Promise<void>((resolve, reject) => {
    child.stderr!.on('data', (data) => (said += data))
    child.stdout!.on('data', (data) => String(data).includes('"ready"') && resolve())
    child.once('exit', (code) => reject(new Error(`the sandbox ended with ${code}: ${said}`)))
  })
  return {
    url: `http://localhost:${options.port}`,
    smtpPort,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill(signal)
      await ended
    },
  }
}

/** A test file's world: a stand-in for the product, and the sandbox as a process on a database of its own. */
export interface Stage {
  product: FakeProduct
  /** The process that runs now. */
  sandbox: SandboxProcess
  /** kill -9, and up again on the same port and database. */
  restartAfterKill(): Promise<void>
  read(path: string): Promise<string>
  /** A form, as a browser sends it; what it leads to is not followed. */
  form(path: string, fields: Record<string, string>, cookie?: string): Promise<Response>
  /** Puts two books for Rp 208.000 into the basket and presses pay. */
  buy(): Promise<{ location: string; number: string; sent: ProductCall }>
  /** Brings a webhook to the shop. */
  tell(hook: SignedWebhook, path?: string): Promise<Response>
}

/** Call once at the top of a test file; what it answers is filled before the first test. */
export function setStage(): Stage {
  let database: Awaited<ReturnType<typeof freshDatabase>>
  let port: number
  const start = () => startProcess({ databaseUrl: database.url, customersUrl: stage.product.url, port })
  const stage: Stage = {
    product: undefined as never,
    sandbox: undefined as never,
    async restartAfterKill() {
      await stage.sandbox.stop('SIGKILL')
      stage.sandbox = await start()
    },
    read: async (path) => (await fetch(`${stage.sandbox.url}${path}`)).text(),
    form: (path, fields, cookie = '') =>
      fetch(`${stage.sandbox.url}${path}`, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/x-www-form-urlencoded', cookie },
        body: new URLSearchParams(fields),
      }),
    async buy() {
      const basket = await stage.form(`/shop/${shop.slug}/basket`, { sku: 'pasar-malam', change: '2' })
      const cookie = basket.headers.get('set-cookie')!.split(';')[0]!
      const paid = await stage.form(`/shop/${shop.slug}/orders`, {}, cookie)
      const sent = stage.product.to('/merchant/v1/orders').at(-1)!
      return { location: paid.headers.get('location')!, number: String(sent.body.merchantReference), sent }
    },
    tell: (hook, path = '/shop/webhooks') =>
      fetch(`${stage.sandbox.url}${path}`, { method: 'POST', ...hook }),
  }
  beforeAll(async () => {
    database = await freshDatabase()
    stage.product = await startFakeProduct()
    port = await freePort()
    stage.sandbox = await start()
  })
  afterAll(async () => {
    await stage.sandbox.stop()
    stage.product.close()
    await database.drop()
  })
  return stage
}

export interface SignedWebhook {
  body: string
  headers: Record<string, string>
}

/** A webhook as the product sends it, signed now. */
export function signedWebhook(
  event: unknown,
  { id = randomUUID(), secret = shop.webhookSecret }: { id?: string; secret?: string } = {},
): SignedWebhook {
  const now = new Date()
  const body = JSON.stringify(event)
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, now, body),
  }
  return { body, headers }
}

/** What the product says of an order; `number` is the shop's own. */
export function orderEvent(number: string, type = 'order.paid') {
  const now = new Date().toISOString()
  return {
    type,
    timestamp: now,
    data: {
      id: randomUUID(),
      merchantReference: number,
      total: { amountMinor: '20800000', currency: 'IDR' },
      lines: [],
      state: 'paid',
      checkoutUrl: 'http://x',
      createdAt: now,
      expiresAt: now,
      payment: { reference: 'TN-7Q2M-93TD', paidAt: now },
    },
  }
}

export interface ProductCall {
  path: string
  headers: IncomingMessage['headers']
  body: any
  isSigned: boolean
}

/** Answers like the product's faces, and notes every call. `answers` are used up before the usual answer. */
export interface FakeProduct {
  url: string
  calls: ProductCall[]
  /** Per path: a status, or `drop` to cut the line after noting the call. */
  answers: Record<string, (number | 'drop')[]>
  to(path: string): ProductCall[]
  /** What `GET /merchant/v1/refunds` answers. */
  refunds: unknown[]
  close(): void
}

export async function startFakeProduct(): Promise<FakeProduct> {
  const port = await freePort()
  const product: FakeProduct = {
    url: `http://127.0.0.1:${port}`,
    calls: [],
    answers: {},
    refunds: [],
    to: (path) => product.calls.filter((call) => call.path === path),
    close: () => server.close(),
  }
  const read = (request: IncomingMessage) =>
    new Promise<string>((resolve) => {
      let text = ''
      request.on('data', (data) => (text += data)).on('end', () => resolve(text))
    })
  const server = createServer(async (request, response) => {
    const text = await read(request)
    const path = request.url!
    const call = {
      path,
      headers: request.headers,
      body: text === '' ? undefined : JSON.parse(text),
      isSigned: isSigned(request, text),
    }
    product.calls.push(call)
    const answer = product.answers[path]?.shift()
    if (answer === 'drop') return request.socket.destroy()
    if (answer !== undefined) return send(response, answer, { code: 'merchant_blocked' })
    return send(
      response,
      path === '/merchant/v1/orders' ? 201 : call.isSigned ? 200 : 401,
      usualAnswer(call, product),
    )
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return product
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function usualAnswer(call: ProductCall, { url, refunds }: FakeProduct): unknown {
  const { path, body, isSigned } = call
  if (path.startsWith('/merchant/v1/settlements')) return moneyAnswer(path, body)
  if (path.startsWith('/merchant/v1/refunds?')) return { refunds }
  if (path.startsWith('/merchant/v1/refunds/'))
    return { ...shopRefund(path.split('/')[4]!), state: body.answer === 'agree' ? 'paid' : 'in_review' }
  if (path === '/merchant/v1/orders')
    return { id: orderIdOf(call), checkoutUrl: `${url}/pay/${orderIdOf(call)}` }
  if (path === '/sandbox-control/clock') return { now: new Date(Date.now() + body.advanceMs).toISOString() }
  if (path.endsWith('/b2b')) return { responseCode: '2007300', accessToken: 'token', expiresIn: '900' }
  const service = path.endsWith('/inquiry') ? '24' : '25'
  if (!isSigned) return { responseCode: `401${service}00`, responseMessage: 'Unauthorized.' }
  return {
    responseCode: `200${service}00`,
    responseMessage: 'Successful',
    virtualAccountData: { virtualAccountName: 'Ratna <b>K</b>' },
  }
}

/** The shop's account and pay-outs: the bank has refused the last one; what is given waits. */
function moneyAnswer(path: string, given: unknown): unknown {
  const idr = (amountMinor: string) => ({ amountMinor, currency: 'IDR' })
  const account = { bankCode: '9990397', accountNumber: '7007788843', name: 'Buku <Pelangi>' }
  if (path.endsWith('/account'))
    return {
      account,
      ...(given ? { given: { ...given, givenAt: '2026-11-22T03:00:00.000Z' } } : {}),
      onHold: false,
    }
  const zero = idr('0')
  return {
    balance: idr('43046600'),
    onItsWay: zero,
    reserve: zero,
    nextPayOutAt: '2026-11-23T03:00:00.000Z',
    settlements: [
      {
        number: 'ST-7Q2M-93TD',
        state: 'refused',
        day: '2026-11-20',
        period: { from: '2026-11-19T03:00:00.000Z', to: '2026-11-20T03:00:00.000Z' },
        payments: 1,
        gross: idr('9880400'),
        fees: zero,
        reserved: zero,
        released: zero,
        refunded: zero,
        carried: zero,
        net: idr('9880400'),
        account,
        refusal: '4041811 <Invalid> Account',
        closedAt: '2026-11-20T03:00:02.000Z',
      },
    ],
  }
}

/** A refund as the shop's API shows it, about the order `number`. */
export function shopRefund(reference: string, number = 'BP-1', answerBy = '2026-11-24T03:00:00Z') {
  return {
    reference,
    payment: 'TN-7Q2M-93TD',
    orderId: randomUUID(),
    merchantReference: number,
    amount: { amountMinor: '20800000', currency: 'IDR' },
    reason: 'shop_has_nothing',
    note: 'Toko bilang <b>belum</b>',
    state: 'asking_shop',
    askedAt: '2026-11-22T03:00:00.000Z',
    answerBy,
  }
}

/** One order per idempotency key, as at the real product. */
export const orderIdOf = (call: ProductCall) => String(call.headers['idempotency-key'])

function isSigned(request: IncomingMessage, body: string): boolean {
  const header = (name: string) => String(request.headers[name] ?? '')
  const path = request.url!
  if (path === '/sandbox-control/clock') return header('x-tuntas-sandbox') === secrets.control
  if (path.startsWith('/merchant/v1/')) {
    const text = [header('tuntas-timestamp'), request.method, path, header('idempotency-key'), body].join('.')
    const mac = createHmac('sha256', shop.secret).update(text).digest('base64')
    return header('tuntas-signature') === `v1,${mac}` && header('authorization') === `Bearer ${shop.keyId}`
  }
  const hash = createHash('sha256').update(body).digest('hex')
  const text = path.endsWith('/b2b')
    ? `bank-melati|${header('x-timestamp')}`
    : `POST:${path}:token:${hash}:${header('x-timestamp')}`
  return header('x-signature') === createHmac('sha512', secrets.bank).update(text).digest('base64')
}

import { randomUUID } from 'node:crypto'
import { createTransport } from 'nodemailer'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { orderEvent, secrets, setStage, signedWebhook } from './for-tests.ts'

const stage = setStage()
const { buy, tell } = stage
const account = '8808653794194111'
const patience = { timeout: 60_000, interval: 50 }

beforeEach(async () => {
  stage.product.calls = []
  stage.product.answers = {}
  await json('PUT', '/switches', {
    shop: { up: true, slowMs: 0, lostAnswer: false },
    bank: { twice: false, lateMs: 0, lostAnswer: false, outOfOrder: false, wrongSignature: false },
    messages: { up: true, slowMs: 0 },
  })
})

async function json(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(`${stage.sandbox.url}${path}`, {
    method,
    redirect: 'manual',
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    body: text.startsWith('{') ? JSON.parse(text) : undefined,
  }
}

async function form(path: string, fields: Record<string, string>) {
  const answer = await stage.form(path, fields)
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}

const sms = (to: string, text: string, id: string = randomUUID()) =>
  json('POST', '/phone/sms', { to, text, id }, { authorization: `Bearer ${secrets.sms}` })

describe('the phone', () => {
  it('shows an SMS with its code, once per message id, to nobody without the secret', async () => {
    const id = randomUUID()
    for (const _ of [1, 2])
      expect((await sms('+62 812 1234 4417', 'Kode Tuntas Anda: 417209', id)).status).toBe(202)
    const { body } = await json('GET', '/phone/messages?to=%2B6281212344417')
    expect(body.messages).toMatchObject([{ channel: 'sms', to: '+6281212344417', code: '417209' }])
    expect((await json('POST', '/phone/sms', { to: '+62811', text: 'x' })).status).toBe(401)
    expect((await json('GET', '/phone')).text).toContain('data-code="417209"')
  })

  it('takes e-mail over SMTP and shows its text', async () => {
    const mail = createTransport({ url: `smtp://127.0.0.1:${stage.sandbox.smtpPort}` })
    await mail.sendMail({
      from: 'Tuntas <a@b.example>',
      to: 'Wati@Example.com',
      subject: '验证码',
      text: '您的验证码 530118',
    })
    const { body } = await json('GET', '/phone/messages?to=wati@example.com')
    expect(body.messages).toMatchObject([{ channel: 'email', subject: '验证码', code: '530118' }])
  })

  it('C1 escapes whatever it is sent', async () => {
    await sms('+62819', '<script>alert(1)</script> <img src=x onerror=alert(2)> "\'&')
    const page = await json('GET', '/phone?to=%2B62819')
    expect(page.text).not.toContain('<script>alert')
    expect(page.text).not.toContain('<img src=x')
    expect(page.text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
    expect(page.text).not.toMatch(/<script(?![^>]* src=)/)
  })

  it('is down when it is switched off: 503 and a temporary 451', async () => {
    await json('PUT', '/switches', { messages: { up: false } })
    expect((await sms('+62818', 'x')).status).toBe(503)
    const mail = createTransport({ url: `smtp://127.0.0.1:${stage.sandbox.smtpPort}` })
    await expect(mail.sendMail({ from: 'a@b.example', to: 'c@d.example', text: 'x' })).rejects.toMatchObject({
      responseCode: 451,
    })
  })
})

describe('the shop', () => {
  const stateOf = async (number: string) =>
    (await json('GET', `/shop/buku-pelangi/orders/${number}/state`)).body

  const webhook = (number: string, type?: string) => signedWebhook(orderEvent(number, type))

  it('creates a signed order whose lines add up, and sends the buyer to the checkout page', async () => {
    const { location, number, sent } = await buy()
    expect(sent.isSigned).toBe(true)
    expect(location).toBe(`${stage.product.url}/pay/${sent.headers['idempotency-key']}`)
    const lines: { amount: { amountMinor: string } }[] = sent.body.lines
    const sum = lines.reduce((total, line) => total + BigInt(line.amount.amountMinor), 0n)
    expect(sent.body.total).toEqual({ amountMinor: sum.toString(), currency: 'IDR' })
    expect(sent.body.total.amountMinor).toBe('20800000')
    expect(sent.body.returnUrl).toBe(`${stage.sandbox.url}/shop/buku-pelangi/orders/${number}`)
    expect(await stateOf(number)).toMatchObject({ state: 'waiting', payment: null })
  })

  it('repeats a request without an answer under the same key', async () => {
    stage.product.answers['/merchant/v1/orders'] = ['drop', 503]
    const { number } = await buy()
    const sent = stage.product.to('/merchant/v1/orders')
    expect(sent).toHaveLength(3)
    expect(new Set(sent.map((call) => call.headers['idempotency-key'])).size).toBe(1)
    expect(await stateOf(number)).toMatchObject({ state: 'waiting' })
  })

  it('lets the buyer try again when the order could not be made', async () => {
    stage.product.answers['/merchant/v1/orders'] = [403]
    const { number, location } = await buy()
    expect(location).toBe(`/shop/buku-pelangi/orders/${number}`)
    expect((await json('GET', location)).text).toContain('merchant_blocked')
    const again = await form(`/shop/buku-pelangi/orders/${number}/pay`, {})
    expect(again.headers.get('location')).toContain('/pay/')
  })

  it('is paid when a signed webhook says so, and counts the same webhook-id once', async () => {
    const { number } = await buy()
    const hook = webhook(number)
    expect((await tell(hook)).status).toBe(204)
    expect((await tell(hook)).status).toBe(204)
    expect(await stateOf(number)).toMatchObject({
      state: 'paid',
      payment: 'TN-7Q2M-93TD',
      webhooks: [{ type: 'order.paid', times: 2 }],
    })
    expect((await tell(webhook(number, 'order.expired'))).status).toBe(204)
    expect(await stateOf(number)).toMatchObject({ state: 'paid' })
  })

  it('believes no forged or stale webhook', async () => {
    const { number } = await buy()
    const hook = webhook(number)
    const forged = { ...hook, body: hook.body.replace('20800000', '1') }
    const stale = { ...hook, headers: { ...hook.headers, 'webhook-timestamp': '1700000000' } }
    const unsigned = { ...hook, headers: { 'content-type': 'application/json' } }
    for (const wrong of [forged, stale, unsigned]) expect((await tell(wrong)).status).toBe(401)
    expect((await tell(hook, '/shop/nobody/webhooks')).status).toBe(401)
    expect(await stateOf(number)).toMatchObject({ state: 'waiting' })
  })

  it('is down, or loses its answer after handling, when it is switched so', async () => {
    const { number } = await buy()
    await json('PUT', '/switches', { shop: { up: false } })
    expect((await tell(webhook(number))).status).toBe(503)
    expect(await stateOf(number)).toMatchObject({ state: 'waiting' })
    await json('PUT', '/switches', { shop: { up: true, lostAnswer: true } })
    await expect(tell(webhook(number))).rejects.toThrow()
    expect(await stateOf(number)).toMatchObject({ state: 'paid' })
  })

  it('speaks three languages and escapes its own name', async () => {
    for (const [lang, word] of [
      ['id', 'Masukkan keranjang'],
      ['en', 'Add to basket'],
      ['zh', '放入购物篮'],
    ] as const) {
      const page = await json('GET', `/shop/buku-pelangi?lang=${lang}`)
      expect(page.text).toContain(word)
      expect(page.text).toContain('Buku &lt;Pelangi&gt;')
    }
    expect((await json('GET', '/shop/nobody')).status).toBe(404)
  })
})

describe('the bank', () => {
  const payments = () => stage.product.to('/rails/bank/v1.0/transfer-va/payment')
  const send = (amountMinor = '25000000') =>
    json('POST', '/bank/api/transfers', { virtualAccountNumber: account, amountMinor })
  const transfer = async (id: string) =>
    (await json('GET', '/bank/api/transfers')).body.transfers.find((entry: { id: string }) => entry.id === id)
  const settled = (id: string, state: string) =>
    vi.waitFor(async () => expect(await transfer(id)).toMatchObject({ state }), patience)

  it('asks whose number it is, then tells of the transfer, signed, with the same reference', async () => {
    const { body } = await send()
    expect(body.name).toBe('Ratna <b>K</b>')
    await settled(body.id, 'accepted')
    const [told] = payments()
    expect(payments()).toHaveLength(1)
    expect(told!.isSigned).toBe(true)
    expect(told!.body).toMatchObject({
      partnerServiceId: '    8808',
      customerNo: account.slice(4),
      virtualAccountNo: `    ${account}`,
      paymentRequestId: body.requestId,
      paidAmount: { value: '250000.00', currency: 'IDR' },
      flagAdvise: 'N',
    })
    expect(stage.product.to('/rails/bank/v1.0/transfer-va/inquiry')[0]!.body.inquiryRequestId).toBe(
      body.requestId,
    )
    expect((await json('GET', '/bank')).text).toContain('Ratna &lt;b&gt;K&lt;/b&gt;')
  })

  it('calls twice when it is switched so: one reference, two numbers', async () => {
    await json('PUT', '/switches', { bank: { twice: true } })
    await send()
    await vi.waitFor(() => expect(payments()).toHaveLength(2), patience)
    expect(new Set(payments().map((call) => call.body.paymentRequestId)).size).toBe(1)
    expect(new Set(payments().map((call) => call.headers['x-external-id'])).size).toBe(2)
  })

  it('calls again when no answer comes, and when the answer is lost', async () => {
    stage.product.answers['/rails/bank/v1.0/transfer-va/payment'] = ['drop']
    const dropped = await send()
    await settled(dropped.body.id, 'accepted')
    expect(payments().map((call) => call.body.flagAdvise)).toEqual(['N', 'Y'])
    stage.product.calls = []
    await json('PUT', '/switches', { bank: { lostAnswer: true } })
    const lost = await send()
    await settled(lost.body.id, 'accepted')
    expect(payments()).toHaveLength(2)
  })

  it('signs wrongly when it is switched so, and gets through once it is off', async () => {
    await json('PUT', '/switches', { bank: { wrongSignature: true } })
    const { body } = await send()
    await vi.waitFor(() => expect(payments()).not.toHaveLength(0), patience)
    expect(payments()[0]!.isSigned).toBe(false)
    await json('PUT', '/switches', { bank: { wrongSignature: false } })
    await settled(body.id, 'accepted')
  })

  it('tells newest first when it is switched so', async () => {
    await json('PUT', '/switches', { bank: { outOfOrder: true } })
    await send('100')
    await send('200')
    await vi.waitFor(() => expect(payments()).toHaveLength(2), patience)
    expect(payments().map((call) => call.body.paidAmount.value)).toEqual(['2.00', '1.00'])
  })

  it('shows the form again with what is wrong', async () => {
    const unknown = await form('/bank/check', { virtualAccount: '8808 1', amount: '250.000' })
    expect(unknown.status).toBe(422)
    expect(unknown.text).toContain('aria-invalid="true"')
    expect((await form('/bank/check', { virtualAccount: account, amount: '0' })).status).toBe(422)
    const right = await form('/bank/check', { virtualAccount: '8808 6537 9419 4111', amount: '250.000' })
    expect(right.status).toBe(200)
    expect(right.text).toContain('Rp\u00a0250.000')
  })
})

describe('switches, time and restarts', () => {
  it('refuses what is no switch', async () => {
    expect((await json('PUT', '/switches', { shop: { upp: true } })).status).toBe(422)
    expect((await json('PUT', '/switches', { shop: { slowMs: -1 } })).status).toBe(422)
    expect((await json('PUT', '/switches', { bakery: {} })).status).toBe(422)
  })

  it('refuses forms and scripts of other sites', async () => {
    const answer = await json('PUT', '/switches', { shop: { up: false } }, { origin: 'https://evil.example' })
    expect(answer.status).toBe(403)
    expect((await json('GET', '/switches')).body.shop.up).toBe(true)
  })

  it('moves business time through the product, and says when the product does not answer', async () => {
    const moved = await json('POST', '/clock', { advanceMs: 7_200_000 })
    expect(moved.status).toBe(200)
    expect(stage.product.to('/sandbox-control/clock')).toMatchObject([
      { isSigned: true, body: { advanceMs: 7_200_000 } },
    ])
    stage.product.answers['/sandbox-control/clock'] = [500]
    expect((await json('POST', '/clock', { advanceMs: 1 })).status).toBe(502)
  })

  it('goes on after kill -9: same switches, and what must be told is told', async () => {
    stage.product.answers['/rails/bank/v1.0/transfer-va/payment'] = [500]
    await json('PUT', '/switches', { shop: { slowMs: 500 } })
    await json('POST', '/bank/api/transfers', { virtualAccountNumber: account, amountMinor: '4200' })
    await vi.waitFor(
      () => expect(stage.product.to('/rails/bank/v1.0/transfer-va/payment')).toHaveLength(1),
      patience,
    )
    await stage.restartAfterKill()
    expect((await json('GET', '/switches')).body.shop.slowMs).toBe(500)
    await vi.waitFor(() => {
      const told = stage.product.to('/rails/bank/v1.0/transfer-va/payment')
      expect(told.length).toBeGreaterThan(1)
      expect(new Set(told.map((call) => call.body.paymentRequestId)).size).toBe(1)
    }, patience)
  })
})

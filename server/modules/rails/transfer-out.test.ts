// What we believe of a bank's answer, and how we call it: against a bank on a real socket that checks our signature.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import { createRails, type OutgoingTransfer, type Rails } from './index.ts'
import { sameSignature, signCall, signTokenRequest } from './signature.ts'
import { judgeStatus, judgeTransfer } from './transfer-out.ts'

const order: OutgoingTransfer = {
  partnerReference: 'ST7Q2M93TD',
  amountMinor: 28_290_100n,
  currency: 'IDR',
  to: { bankCode: '0140397', accountNumber: '7001129045', accountName: 'PT Toko Uji' },
  remark: 'ST-7Q2M-93TD',
}
const amount = { value: '282901.00', currency: 'IDR' }
const answer = (httpStatus: number, body?: Record<string, unknown>) => ({
  httpStatus,
  noAnswer: undefined,
  body,
})

describe('a transfer is believed', () => {
  const paid = {
    responseCode: '2001800',
    referenceNo: 'ML1',
    partnerReferenceNo: order.partnerReference,
    amount,
  }
  it('paid only when the bank says so of this transfer', () => {
    expect(judgeTransfer(order, answer(200, paid))).toEqual({ outcome: 'paid', bankReference: 'ML1' })
    for (const body of [
      { ...paid, partnerReferenceNo: 'STOTHER' },
      { ...paid, amount: { value: '282901.01', currency: 'IDR' } },
      { ...paid, amount: { value: '282901.00', currency: 'USD' } },
      { ...paid, referenceNo: undefined },
      { ...paid, responseCode: '2003600' },
      { ...paid, responseCode: '2021800' },
      {},
      undefined,
    ])
      expect(judgeTransfer(order, answer(200, body)).outcome, JSON.stringify(body)).toBe('unknown')
  })

  it.each([
    [400, '4001801', 'refused'],
    [403, '4031814', 'refused'],
    [404, '4041811', 'refused'],
    // Our key, a duplicate, too many, or the bank's own trouble say nothing of the money.
    [401, '4011801', 'unknown'],
    [409, '4091801', 'unknown'],
    [429, '4291800', 'unknown'],
    [500, '5001801', 'unknown'],
    [504, '5041800', 'unknown'],
    [202, '2021800', 'unknown'],
    // A proxy's page, and codes of another service.
    [404, undefined, 'unknown'],
    [404, '4043601', 'unknown'],
    [502, '4041811', 'unknown'],
  ])('%s %s: %s', (status, responseCode, outcome) => {
    expect(judgeTransfer(order, answer(status, responseCode ? { responseCode } : undefined)).outcome).toBe(
      outcome,
    )
  })
})

describe('an inquiry is believed', () => {
  it.each([
    ['00', 'paid'],
    ['01', 'unknown'],
    ['02', 'unknown'],
    ['03', 'unknown'],
    ['04', 'refused'],
    ['05', 'refused'],
    ['06', 'refused'],
    ['07', 'not_found'],
    ['99', 'unknown'],
  ])('status %s: %s', (latestTransactionStatus, outcome) => {
    const body = {
      responseCode: '2003600',
      originalPartnerReferenceNo: order.partnerReference,
      originalReferenceNo: 'ML1',
      amount,
      latestTransactionStatus,
    }
    expect(judgeStatus(order, answer(200, body)).outcome).toBe(outcome)
    expect(judgeStatus(order, answer(200, { ...body, originalPartnerReferenceNo: 'STOTHER' })).outcome).toBe(
      'unknown',
    )
  })
  it('not found only when it is the transfer that is not found', () => {
    expect(judgeStatus(order, answer(404, { responseCode: '4043601' })).outcome).toBe('not_found')
    expect(judgeStatus(order, answer(404, { responseCode: '4043608' })).outcome).toBe('unknown')
    expect(judgeStatus(order, answer(404)).outcome).toBe('unknown')
  })
})

describe('calling the bank', () => {
  let platform: TestPlatform
  let server: Server
  let rails: Rails
  let handle: (path: string, body: any, response: ServerResponse) => void
  let tokens = 0
  let forged = 0

  function isSigned(request: IncomingMessage, body: string): boolean {
    const header = (name: string) => String(request.headers[name] ?? '')
    const secret = platform.config.bankClientSecret
    const timestamp = header('x-timestamp')
    const expected = request.url!.endsWith('/b2b')
      ? signTokenRequest(secret, 'tuntas', timestamp)
      : signCall(secret, {
          method: 'POST',
          path: request.url!,
          accessToken: `token-${tokens}`,
          body,
          timestamp,
        })
    return (
      sameSignature(expected, header('x-signature')) && /^2\d{3}-\d\d-\d\dT[\d:]{8}\+07:00$/.test(timestamp)
    )
  }

  beforeAll(async () => {
    platform = await createTestPlatform()
    server = createServer((request, response) => {
      let text = ''
      request
        .on('data', (chunk) => (text += chunk))
        .on('end', () => {
          if (!isSigned(request, text)) forged++
          if (!request.url!.endsWith('/b2b')) return handle(request.url!, JSON.parse(text), response)
          response.end(
            JSON.stringify({ responseCode: '2007300', accessToken: `token-${++tokens}`, expiresIn: '900' }),
          )
        })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    rails = createRails({
      ...platform,
      config: { ...platform.config, bankUrl: `http://127.0.0.1:${port}/snap` },
    })
  })
  afterAll(async () => {
    server.closeAllConnections()
    server.close()
    await platform.close()
  })
  beforeEach(() => {
    forged = 0
  })

  const requests = () =>
    platform.db.read.rows<Record<string, unknown>>(
      'SELECT service, partner_reference, http_status, response_code, no_answer FROM rails.bank_requests ORDER BY id DESC LIMIT 2',
    )
  const reply = (response: ServerResponse, status: number, body: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

  it('sends what SNAP asks, signed, and keeps both sides', async () => {
    const seen: unknown[] = []
    handle = (path, body, response) => {
      seen.push(path, body)
      reply(response, 200, {
        responseCode: '2001800',
        referenceNo: 'ML1',
        partnerReferenceNo: body.partnerReferenceNo,
        amount: body.amount,
      })
    }
    expect(await rails.transferOut(order)).toEqual({ outcome: 'paid', bankReference: 'ML1' })
    expect(forged).toBe(0)
    expect(seen).toMatchObject([
      '/snap/v1.0/transfer-interbank',
      {
        partnerReferenceNo: 'ST7Q2M93TD',
        amount,
        beneficiaryAccountName: 'PT Toko Uji',
        beneficiaryAccountNo: '7001129045',
        beneficiaryBankCode: '0140397',
        additionalInfo: { remark: 'ST-7Q2M-93TD' },
      },
    ])
    expect((await requests())[0]).toEqual({
      service: 'transfer',
      partner_reference: 'ST7Q2M93TD',
      http_status: 200,
      response_code: '2001800',
      no_answer: null,
    })
  })

  it('takes a new token when the old one is refused, once', async () => {
    const before = tokens
    let refusals = 0
    handle = (_path, _body, response) => {
      refusals++
      reply(response, 401, { responseCode: '4013601' })
    }
    expect(await rails.transferStatus(order)).toEqual({ outcome: 'unknown', why: '4013601' })
    expect([refusals, tokens - before]).toEqual([2, 1])
  })

  it('knows nothing when the line is cut, or another answer than SNAP comes', async () => {
    handle = (_path, _body, response) => response.destroy()
    expect((await rails.transferOut(order)).outcome).toBe('unknown')
    expect((await requests())[0]).toMatchObject({ http_status: null, no_answer: expect.any(String) })
    handle = (_path, _body, response) => response.writeHead(404).end('<h1>Not here</h1>')
    expect((await rails.transferOut(order)).outcome).toBe('unknown')
    handle = (_path, _body, response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end()
    expect((await rails.transferOut(order)).outcome).toBe('unknown')
  })
})

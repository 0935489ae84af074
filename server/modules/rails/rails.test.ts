import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { apiScope, createFace, type Face } from '#platform/http.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import { createTestBank, paymentContent, type TestBank } from './for-tests.ts'
import { createRails, type VirtualAccountPayment } from './index.ts'
import { minify, signCall } from './signature.ts'

const account = '8808000000000017'
let platform: TestPlatform
let face: Face
let bank: TestBank
let nowMs = Date.parse('2026-11-20T06:00:00.000Z')
let received: VirtualAccountPayment[] = []

beforeAll(async () => {
  platform = await createTestPlatform()
  const rails = createRails(platform, { machineNow: () => nowMs })
  rails.serveVirtualAccounts({
    find: async (number) => (number === account ? { accountName: 'Ratna Kusumawati' } : undefined),
    async receive(payment) {
      received.push(payment)
      if (payment.virtualAccountNumber !== account) return { outcome: 'unknown_account' }
      if (payment.paymentRequestId === 'broken') throw new Error('a fault of ours')
      return { outcome: 'received', accountName: 'Ratna Kusumawati' }
    },
  })
  face = createFace(platform, { name: 'customers', publicUrl: 'http://localhost:7100' })
  await apiScope(
    face,
    {
      docsPath: '/docs/bank',
      title: 'Bank',
      description: 'Bank',
      caller: 'machine',
      publicUrl: 'http://localhost:7100',
    },
    (api) => rails.routes(api),
  )
  await face.ready()
})
beforeEach(() => {
  received = []
  bank = createTestBank(face, platform.config.bankClientSecret, () => nowMs)
  // Each test on a day of its own, so that the bank may count its calls from 1.
  nowMs += 86_400_000
})
afterAll(async () => {
  await face.close()
  await platform.close()
})

const pay = (requestId: string, value = '250000.00') => paymentContent(account, requestId, value)

describe('the bank’s door', () => {
  it('gives an access token to who proves the secret, in SNAP’s form', async () => {
    const answer = await bank.token()
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ responseCode: '2007300', tokenType: 'Bearer', expiresIn: '900' })
    expect((await bank.token({ secret: 'another' })).body['responseCode']).toBe('4017300')
    expect((await bank.token({ timestamp: '2026-11-20T06:00:00Z' })).body['responseCode']).toBe('4017300')
    expect((await bank.token({ timestamp: 'yesterday' })).body['responseCode']).toBe('4017300')
  })

  it('tells whose virtual account a number is', async () => {
    const { paymentRequestId, ...address } = pay('x')
    const found = await bank.call('inquiry', { ...address, inquiryRequestId: 'i-1' })
    expect(found.status).toBe(200)
    expect(found.body).toMatchObject({
      responseCode: '2002400',
      virtualAccountData: {
        inquiryStatus: '00',
        virtualAccountName: 'Ratna Kusumawati',
        virtualAccountNo: `    ${account}`,
        inquiryRequestId: 'i-1',
      },
    })
    const unknown = paymentContent('8808000000000025', paymentRequestId, '1.00')
    const missing = await bank.call('inquiry', { ...unknown, inquiryRequestId: 'i-2' })
    expect([missing.status, missing.body.responseCode]).toEqual([404, '4042412'])
  })

  it('hands a payment on in minor units and answers 2002500', async () => {
    const answer = await bank.call('payment', pay('p-1', '250000.50'))
    expect(answer.body).toMatchObject({
      responseCode: '2002500',
      virtualAccountData: { paymentRequestId: 'p-1', paymentFlagStatus: '00' },
    })
    expect(received).toEqual([
      {
        partnerId: 'bank-melati',
        bankName: 'Bank Melati',
        paymentRequestId: 'p-1',
        virtualAccountNumber: account,
        amountMinor: 25_000_050n,
        currency: 'IDR',
        bankReference: 'ML000000000001',
        paidAt: new Date('2026-11-20T05:59:30.000Z'),
      },
    ])
  })

  it('accepts a body with white space: the signature is over its minified form', async () => {
    const answer = await bank.call('payment', JSON.stringify(pay('p-2'), undefined, 2))
    expect(answer.body.responseCode).toBe('2002500')
    expect(minify('{ "a" : "b  c\\" {",\n "d": 1 }')).toBe('{"a":"b  c\\" {","d":1}')
  })

  it('keeps what the bank said and what we answered, without token and signature', async () => {
    const { sent } = await bank.call('payment', pay('p-3'))
    const row = await platform.db.read.one<Record<string, unknown>>(
      "SELECT * FROM rails.bank_callbacks WHERE request_id = 'p-3'",
    )
    expect(row).toMatchObject({
      partner_id: 'bank-melati',
      service: 'payment',
      channel_id: '95231',
      body: sent.body,
      response_code: '2002500',
    })
    const everything = JSON.stringify(row, (_key, value) => (typeof value === 'bigint' ? `${value}` : value))
    expect(everything).not.toContain(sent.headers['x-signature'])
    expect(everything).not.toContain(sent.headers['authorization']!.slice(7))
  })

  it.each([
    ['no body', '', '4002500'],
    ['no JSON', '{', '4002500'],
    ['a list', '[]', '4002500'],
    ['no reference', { ...pay('x'), paymentRequestId: undefined }, '4002502'],
    ['a number for a text', { ...pay('x'), paymentRequestId: 7 }, '4002501'],
    ['an amount as a number', { ...pay('x'), paidAmount: { value: 250000, currency: 'IDR' } }, '4002501'],
    ['a negative amount', pay('x', '-1.00'), '4002501'],
    ['an exponent', pay('x', '1e5'), '4002501'],
    ['parts of the smallest unit', pay('x', '1.005'), '4002501'],
    ['above int8', pay('x', '9999999999999999999.00'), '4002501'],
    ['zero', pay('x', '0.00'), '4042513'],
    ['another currency', { ...pay('x'), paidAmount: { value: '1.00', currency: 'USD' } }, '4002501'],
    ['numbers that disagree', { ...pay('x'), customerNo: '000000000025' }, '4002501'],
    ['an unknown account', paymentContent('8808000000000025', 'x', '1.00'), '4042512'],
    ['our own fault', pay('broken'), '5002501'],
  ])('answers in SNAP’s form to %s', async (_name, content, code) => {
    const answer = await bank.call('payment', content)
    expect(answer.body.responseCode).toBe(code)
    expect(answer.status).toBe(Number(code.slice(0, 3)))
    expect(Object.keys(answer.body)).toEqual(['responseCode', 'responseMessage'])
  })

  it('answers in SNAP’s form when the body is too large', async () => {
    const answer = await bank.call('payment', { ...pay('x'), additionalInfo: 'x'.repeat(70_000) })
    expect(answer.body.responseCode).toBe('4002500')
    expect(received).toEqual([])
  })
})

describe('M14 provider callback replayed, stale, reordered, forged', () => {
  it('M14 refuses the same call again on the same day, also when it was answered', async () => {
    const first = await bank.call('payment', pay('m14-1'))
    expect(first.body.responseCode).toBe('2002500')
    const replayed = await bank.again(first.sent)
    expect([replayed.status, replayed.body.responseCode]).toEqual([409, '4092500'])
    expect(received).toHaveLength(1)
  })

  it('M14 lets one of 30 copies sent at once through', async () => {
    const { sent } = await bank.call('inquiry', { ...pay('x'), inquiryRequestId: 'i' })
    const path = '/rails/bank/v1.0/transfer-va/payment'
    const body = JSON.stringify(pay('m14-2'))
    const timestamp = sent.headers['x-timestamp']!
    const accessToken = sent.headers['authorization']!.slice(7)
    const signature = signCall(platform.config.bankClientSecret, {
      method: 'POST',
      path,
      accessToken,
      body,
      timestamp,
    })
    const copy = {
      path,
      body,
      headers: { ...sent.headers, 'x-external-id': '777', 'x-signature': signature.toString('base64') },
    }
    const answers = await Promise.all(Array.from({ length: 30 }, () => bank.again(copy)))
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1)
    expect(answers.filter((answer) => answer.body.responseCode === '4092500')).toHaveLength(29)
    expect(received).toHaveLength(1)
  })

  it('M14 refuses a stale call and one from the future', async () => {
    const { sent } = await bank.call('payment', pay('m14-3'))
    received = []
    // The token lives longer than the stamp.
    nowMs += 301_000
    const stale = await bank.again({ ...sent, headers: { ...sent.headers, 'x-external-id': '900' } })
    expect([stale.status, stale.body.responseCode]).toEqual([401, '4012500'])
    const early = await bank.call('payment', pay('m14-4'), {
      headers: { 'x-timestamp': new Date(nowMs + 301_000).toISOString() },
    })
    expect(early.body.responseCode).toBe('4012500')
    expect(received).toEqual([])
  })

  it('M14 takes calls in any order: each is proven by itself', async () => {
    const later = await bank.call('payment', pay('m14-5b'))
    const earlier = await bank.call('payment', pay('m14-5a'), {
      headers: { 'x-timestamp': new Date(nowMs - 120_000).toISOString() },
    })
    expect([later.status, earlier.status]).toEqual([200, 200])
    expect(received.map((payment) => payment.paymentRequestId)).toEqual(['m14-5b', 'm14-5a'])
  })

  it('M14 refuses every forgery', async () => {
    const { sent } = await bank.call('payment', pay('m14-6', '10000.00'))
    received = []
    let number = 1000
    const forge = (headers: Record<string, string | undefined>, body = sent.body) =>
      bank.again({
        path: sent.path,
        body,
        headers: Object.fromEntries(
          Object.entries({ ...sent.headers, 'x-external-id': `${++number}`, ...headers }).filter(
            (entry): entry is [string, string] => entry[1] !== undefined,
          ),
        ),
      })
    const other = createTestBank(face, 'another secret', () => nowMs)
    const forged = [
      await forge({}, sent.body.replace('10000.00', '90000.00')),
      await forge({ 'x-timestamp': new Date(nowMs + 1000).toISOString() }),
      await forge({ 'x-signature': 'AAAA' }),
      await forge({ 'x-signature': `${sent.headers['x-signature']}A` }),
      await forge({ 'x-signature': undefined }),
      await forge({ authorization: undefined }),
      await forge({ authorization: 'Bearer 9999999999.x.y' }),
      await forge({ 'x-partner-id': 'somebody' }),
      await other.call('payment', pay('m14-7')),
      await bank.call('payment', pay('m14-8'), { headers: { 'x-external-id': "1'; --" } }),
    ]
    expect(forged.map((answer) => answer.body.responseCode)).toEqual([
      '4012500',
      '4012500',
      '4012500',
      '4012500',
      '4002502',
      '4002502',
      '4012501',
      '4012500',
      '4012501',
      '4002501',
    ])
    expect(received).toEqual([])
    const kept = await platform.db.read.rows(
      "SELECT 1 FROM rails.bank_callbacks WHERE request_id IN ('m14-7', 'm14-8')",
    )
    expect(kept).toEqual([])
  })

  it('M14 a token ends after 15 minutes and belongs to its client', async () => {
    await bank.call('payment', pay('m14-9'))
    nowMs += 900_000
    const late = await bank.call('payment', pay('m14-10'))
    expect(late.body.responseCode).toBe('4012501')
  })
})

// The bank as its partner calls it: tokens, signatures, and one payment for each reference however it misbehaves.
import { createHash, createHmac } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { freshDatabase, secrets, startProcess, type SandboxProcess } from './for-tests.ts'
import { freePort } from './free-port-for-tests.ts'

let database: Awaited<ReturnType<typeof freshDatabase>>
let sandbox: SandboxProcess
let token: string
let running = 0

beforeAll(async () => {
  database = await freshDatabase()
  sandbox = await startProcess({
    databaseUrl: database.url,
    customersUrl: 'http://127.0.0.1:9',
    port: await freePort(),
  })
  token = String((await askToken()).body['accessToken'])
})
afterAll(async () => {
  await sandbox.stop()
  await database.drop()
})
beforeEach(() => switches({}))

const hmac = (text: string) => createHmac('sha512', secrets.bank).update(text).digest('base64')
const stamp = () => `${new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 19)}+07:00`

async function post(path: string, headers: Record<string, string>, body: string) {
  const answer = await fetch(`${sandbox.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

async function askToken(signature?: string) {
  const timestamp = stamp()
  return post(
    '/bank/snap/v1.0/access-token/b2b',
    {
      'x-timestamp': timestamp,
      'x-client-key': 'tuntas',
      'x-signature': signature ?? hmac(`tuntas|${timestamp}`),
    },
    '{"grantType":"client_credentials"}',
  )
}

async function call(
  service: 'transfer-interbank' | 'transfer/status',
  content: unknown,
  wrong: Record<string, string> = {},
) {
  const path = `/bank/snap/v1.0/${service}`
  const body = JSON.stringify(content)
  const timestamp = wrong['x-timestamp'] ?? stamp()
  const hash = createHash('sha256').update(body).digest('hex')
  const headers = {
    authorization: `Bearer ${token}`,
    'x-timestamp': timestamp,
    'x-partner-id': 'tuntas',
    'x-external-id': String(Date.now() * 1000 + ++running),
    'channel-id': '95231',
    'x-signature': hmac(`POST:${path}:${token}:${hash}:${timestamp}`),
    ...wrong,
  }
  return post(path, headers, body)
}

const order = (partnerReferenceNo: string, more: object = {}) => ({
  partnerReferenceNo,
  amount: { value: '282901.00', currency: 'IDR' },
  beneficiaryAccountName: 'PT <Toko> Uji',
  beneficiaryAccountNo: '7001129045',
  beneficiaryBankCode: '0140397',
  sourceAccountNo: '8808000001',
  transactionDate: stamp(),
  additionalInfo: { remark: 'ST-7Q2M-93TD' },
  ...more,
})
const inquiry = (originalPartnerReferenceNo: string) => ({ originalPartnerReferenceNo, serviceCode: '18' })

async function switches(payOuts: object) {
  const all = { slowMs: 0, lostAnswer: false, twice: false, refused: false, ...payOuts }
  await fetch(`${sandbox.url}/switches`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ payOuts: all }),
  })
}

async function received(reference: string): Promise<Record<string, unknown> | undefined> {
  const answer = await fetch(`${sandbox.url}/bank/api/pay-outs`)
  const { payOuts } = (await answer.json()) as { payOuts: Record<string, unknown>[] }
  return payOuts.find((payOut) => payOut['partnerReference'] === reference)
}

describe('the bank pays out', () => {
  it('a signed order once: the same reference again is a duplicate, and the inquiry tells what became of it', async () => {
    const paid = await call('transfer-interbank', order('STA1'))
    expect(paid).toMatchObject({
      status: 200,
      body: {
        responseCode: '2001800',
        partnerReferenceNo: 'STA1',
        amount: { value: '282901.00', currency: 'IDR' },
      },
    })
    const again = await call(
      'transfer-interbank',
      order('STA1', { amount: { value: '9.00', currency: 'IDR' } }),
    )
    expect(again).toMatchObject({ status: 409, body: { responseCode: '4091801' } })
    expect(await call('transfer/status', inquiry('STA1'))).toMatchObject({
      status: 200,
      body: {
        responseCode: '2003600',
        originalReferenceNo: paid.body['referenceNo'],
        latestTransactionStatus: '00',
        amount: { value: '282901.00', currency: 'IDR' },
      },
    })
    expect(await received('STA1')).toMatchObject({ amountMinor: '28290100', asked: 2, inquiries: 1 })
    expect(await call('transfer/status', inquiry('STA2'))).toMatchObject({
      status: 404,
      body: { responseCode: '4043601' },
    })
  })

  it('only to its partner: token, signature, stamp and number are checked', async () => {
    expect((await askToken('c2ln')).status).toBe(401)
    const wrongHeaders: Record<string, string>[] = [
      { authorization: 'Bearer other' },
      { 'x-signature': hmac('something else') },
      { 'x-partner-id': 'somebody' },
      { 'x-external-id': 'abc' },
    ]
    for (const wrong of wrongHeaders)
      expect((await call('transfer-interbank', order('STB1'), wrong)).status).toBe(401)
    expect(
      (await call('transfer-interbank', order('STB1'), { 'x-timestamp': '2020-01-01T00:00:00+07:00' }))
        .status,
    ).toBe(401)
    expect(await received('STB1')).toBeUndefined()
  })

  it.each([
    ['amount', { amount: { value: '1.234', currency: 'IDR' } }],
    ['currency', { amount: { value: '1.00', currency: 'USD' } }],
    ['account', { beneficiaryAccountNo: '70-01' }],
    ['reference', { partnerReferenceNo: 'ST-1' }],
  ])('nothing for an order with a wrong %s', async (_name, more) => {
    expect(await call('transfer-interbank', order('STC1', more))).toMatchObject({
      status: 400,
      body: { responseCode: '4001801' },
    })
    expect(await received('STC1')).toBeUndefined()
  })

  it('and misbehaves as it is told: loses its answer, handles twice, refuses', async () => {
    await switches({ lostAnswer: true })
    await expect(call('transfer-interbank', order('STD1'))).rejects.toThrow()
    await switches({ twice: true })
    expect((await call('transfer-interbank', order('STD2'))).body['responseCode']).toBe('4091801')
    await switches({ refused: true })
    expect((await call('transfer-interbank', order('STD3'))).body['responseCode']).toBe('4041811')
    await switches({})
    const statusOf = async (reference: string) =>
      (await call('transfer/status', inquiry(reference))).body['latestTransactionStatus']
    expect([await statusOf('STD1'), await statusOf('STD2'), await statusOf('STD3')]).toEqual([
      '00',
      '00',
      '06',
    ])
    expect(await received('STD2')).toMatchObject({ asked: 2, state: 'paid' })
  })

  it('shows what it paid, escaped, in three languages', async () => {
    for (const [language, word] of [
      ['en', 'Pay-outs from Tuntas'],
      ['id-ID', 'Pencairan Tuntas'],
      ['zh-CN', '付给商户'],
    ]) {
      const text = await (await fetch(`${sandbox.url}/bank?lang=${language}`)).text()
      expect(text).toContain(word)
      expect(text).toContain('PT &lt;Toko&gt; Uji')
    }
  })
})

// For tests only: a bank that signs its calls as SNAP asks, and can be told to do it wrongly.
import type { Face } from '#platform/http.ts'
import { signCall, signTokenRequest } from './signature.ts'

export interface TestBank {
  token(options?: {
    secret?: string
    timestamp?: string
  }): Promise<{ status: number; body: Record<string, unknown> }>
  call(
    service: 'inquiry' | 'payment',
    content: unknown,
    wrong?: Partial<TestCall>,
  ): Promise<{ status: number; body: Record<string, any>; sent: TestCall }>
  /** The same bytes again. */
  again(sent: TestCall): Promise<{ status: number; body: Record<string, any> }>
}

export interface TestCall {
  path: string
  headers: Record<string, string>
  body: string
}

/** `now` is the time on the bank's clock. */
export function createTestBank(face: Face, secret: string, now: () => number): TestBank {
  let externalId = 0
  let token = ''
  const stamp = () => `${new Date(now() + 7 * 3_600_000).toISOString().slice(0, 19)}+07:00`

  async function post(path: string, headers: Record<string, string>, payload: string) {
    const answer = await face.inject({
      method: 'POST',
      url: path,
      headers: { 'content-type': 'application/json', ...headers },
      payload,
    })
    return { status: answer.statusCode, body: answer.json() as Record<string, any> }
  }

  const bank: TestBank = {
    async token(options = {}) {
      const timestamp = options.timestamp ?? stamp()
      const signature = signTokenRequest(options.secret ?? secret, 'bank-melati', timestamp).toString(
        'base64',
      )
      return post(
        '/rails/bank/v1.0/access-token/b2b',
        { 'x-timestamp': timestamp, 'x-client-key': 'bank-melati', 'x-signature': signature },
        '{"grantType":"client_credentials"}',
      )
    },
    async call(service, content, wrong = {}) {
      if (!token) token = String((await bank.token()).body['accessToken'])
      const path = `/rails/bank/v1.0/transfer-va/${service}`
      const body = wrong.body ?? (typeof content === 'string' ? content : JSON.stringify(content))
      const timestamp = wrong.headers?.['x-timestamp'] ?? stamp()
      const accessToken = wrong.headers?.['authorization']?.replace('Bearer ', '') ?? token
      const signed = { method: 'POST', path, accessToken, body, timestamp }
      const headers = {
        authorization: `Bearer ${accessToken}`,
        'x-timestamp': timestamp,
        'x-partner-id': 'tuntas',
        'x-external-id': `${++externalId}`.padStart(12, '0'),
        'channel-id': '95231',
        'x-signature': signCall(secret, signed).toString('base64'),
        ...wrong.headers,
      }
      const sent = { path, headers, body }
      return { ...(await bank.again(sent)), sent }
    },
    again: (sent) => post(sent.path, sent.headers, sent.body),
  }
  return bank
}

export function paymentContent(virtualAccountNumber: string, requestId: string, value: string) {
  return {
    partnerServiceId: virtualAccountNumber.slice(0, 4).padStart(8),
    customerNo: virtualAccountNumber.slice(4),
    virtualAccountNo: virtualAccountNumber.slice(0, 4).padStart(8) + virtualAccountNumber.slice(4),
    paymentRequestId: requestId,
    paidAmount: { value, currency: 'IDR' },
    totalAmount: { value, currency: 'IDR' },
    referenceNo: 'ML000000000001',
    trxDateTime: '2026-11-20T12:59:30+07:00',
  }
}

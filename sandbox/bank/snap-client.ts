// How Bank Melati calls its partner: SNAP (Bank Indonesia's API standard), transfer-va, symmetric signature.
import { createHash, createHmac, randomInt } from 'node:crypto'

/** How the two sides know each other; the partner has the same values. */
export const bankIdentity = {
  clientKey: 'bank-melati',
  partnerId: 'tuntas',
  channelId: '95231',
  /** Eight places, filled with spaces on the left: the beginning of every virtual account number. */
  partnerServiceId: '8808'.padStart(8),
} as const

export interface SnapAnswer {
  /** undefined: no answer, nobody knows what happened. */
  httpStatus?: number
  responseCode?: string
  message: string
  body?: Record<string, unknown>
  externalId: string
}

/** ISO 8601 in Jakarta's time, as SNAP wants it: 2026-11-22T08:00:00+07:00. */
export function snapTime(time: Date): string {
  return `${new Date(time.getTime() + 7 * 3_600_000).toISOString().slice(0, 19)}+07:00`
}

export function newExternalId(): string {
  return `${Date.now()}${randomInt(10 ** 9)
    .toString()
    .padStart(9, '0')}`
}

export function createSnapClient(options: { customersUrl: string; secret: string }) {
  const { secret } = options
  const base = `${options.customersUrl}/rails/bank`
  const basePath = new URL(base).pathname
  const hmac = (text: string) => createHmac('sha512', secret).update(text).digest('base64')
  let token: { value: string; until: number } | undefined

  async function post(path: string, headers: Record<string, string>, body: string) {
    const answer = await fetch(`${base}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(8000),
    })
    const parsed: unknown = await answer.json().catch(() => undefined)
    const record = typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {}
    return { status: answer.status, body: record }
  }

  async function accessToken(): Promise<string> {
    if (token && token.until > Date.now()) return token.value
    const timestamp = snapTime(new Date())
    const { status, body } = await post(
      '/v1.0/access-token/b2b',
      {
        'x-timestamp': timestamp,
        'x-client-key': bankIdentity.clientKey,
        'x-signature': hmac(`${bankIdentity.clientKey}|${timestamp}`),
      },
      JSON.stringify({ grantType: 'client_credentials' }),
    )
    if (typeof body['accessToken'] !== 'string')
      throw new Error(`no access token: ${status} ${String(body['responseCode'] ?? '')}`)
    token = { value: body['accessToken'], until: Date.now() + Number(body['expiresIn'] ?? 0) * 500 }
    return token.value
  }

  /**
   * One signed call. After 401 once more with a new token; with `spoil` the signature is wrong on purpose. Never throws: no answer is an answer too.
   */
  async function call(path: string, content: unknown, spoil: boolean): Promise<SnapAnswer> {
    const body = JSON.stringify(content)
    const bodyHash = createHash('sha256').update(body).digest('hex')
    let externalId = newExternalId()
    try {
      for (let attempt = 1; ; attempt++) {
        const bearer = await accessToken()
        const timestamp = snapTime(new Date())
        const signature = hmac(`POST:${basePath}${path}:${bearer}:${bodyHash}:${timestamp}`)
        const answer = await post(
          path,
          {
            authorization: `Bearer ${bearer}`,
            'x-timestamp': timestamp,
            'x-signature': spoil ? hmac(`spoilt ${signature}`) : signature,
            'x-partner-id': bankIdentity.partnerId,
            'x-external-id': externalId,
            'channel-id': bankIdentity.channelId,
          },
          body,
        )
        if (answer.status === 401 && attempt === 1 && !spoil) {
          token = undefined
          externalId = newExternalId()
          continue
        }
        return {
          httpStatus: answer.status,
          responseCode: String(answer.body['responseCode'] ?? ''),
          message: String(answer.body['responseMessage'] ?? ''),
          body: answer.body,
          externalId,
        }
      }
    } catch (error) {
      return { message: error instanceof Error ? error.message : 'no answer', externalId }
    }
  }

  return { call }
}

export type SnapClient = ReturnType<typeof createSnapClient>

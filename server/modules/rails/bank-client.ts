// How we call a bank: SNAP with an access token and a symmetric signature. Every call is kept before it leaves and with its
// answer, without token and signature. Nothing is ever sent inside a transaction, and no redirect is followed.
import { randomInt } from 'node:crypto'
import { uuidv7 } from '#contract/ids.ts'
import type { Platform } from '#platform/platform.ts'
import * as store from './rails.sql.ts'
import { signCall, signTokenRequest } from './signature.ts'
import type { OutgoingService } from './transfer-out.ts'

export interface BankAnswer {
  /** undefined: no answer, nobody knows what happened. */
  httpStatus: number | undefined
  noAnswer: string | undefined
  body: Readonly<Record<string, unknown>> | undefined
}

export interface BankClient {
  /** One signed call; after 401 once more with a new token. `content` is given the stamp that it is sent with. Never throws. */
  call(
    service: OutgoingService,
    partnerReference: string,
    path: string,
    content: (sentAt: string) => unknown,
  ): Promise<BankAnswer>
}

export interface BankAddress {
  /** The bank's base address, without a slash at its end. */
  url: string
  /** Under which calls are kept. */
  name: string
  /** How the bank knows us. */
  clientKey: string
  partnerId: string
  channelId: string
  secret: string
}

const timeoutMs = 10_000
const maximumAnswerBytes = 64 * 1024

/** ISO 8601 with seconds and zone, as SNAP wants it: 2026-11-22T08:00:00+07:00. */
const stampOf = (nowMs: number) => `${new Date(nowMs + 7 * 3_600_000).toISOString().slice(0, 19)}+07:00`

/** Numeric and never used twice on a day. */
function newExternalId(nowMs: number): string {
  return `${nowMs}${randomInt(10 ** 9)
    .toString()
    .padStart(9, '0')}`
}

export function createBankClient(
  platform: Pick<Platform, 'db' | 'clock'>,
  bank: BankAddress,
  machineNow: () => number,
): BankClient {
  const basePath = new URL(bank.url).pathname.replace(/\/$/, '')
  let token: { value: string; untilMs: number } | undefined

  async function post(path: string, headers: Record<string, string>, body: string): Promise<BankAnswer> {
    try {
      const answer = await fetch(`${bank.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      })
      return { httpStatus: answer.status, noAnswer: undefined, body: readObject(await answer.text()) }
    } catch (error) {
      return { httpStatus: undefined, noAnswer: reasonOf(error), body: undefined }
    }
  }

  async function accessToken(): Promise<string | BankAnswer> {
    if (token && token.untilMs > machineNow()) return token.value
    const timestamp = stampOf(machineNow())
    const answer = await post(
      '/v1.0/access-token/b2b',
      {
        'x-timestamp': timestamp,
        'x-client-key': bank.clientKey,
        'x-signature': signTokenRequest(bank.secret, bank.clientKey, timestamp).toString('base64'),
      },
      '{"grantType":"client_credentials"}',
    )
    const value = answer.body?.['accessToken']
    if (answer.httpStatus !== 200 || typeof value !== 'string' || value === '')
      return { ...answer, noAnswer: answer.noAnswer ?? 'no_token' }
    const lifeSeconds = Number(answer.body!['expiresIn'])
    token = { value, untilMs: machineNow() + (lifeSeconds > 0 ? lifeSeconds * 500 : 0) }
    return value
  }

  return {
    async call(service, partnerReference, path, content) {
      for (let attempt = 1; ; attempt++) {
        const bearer = await accessToken()
        if (typeof bearer !== 'string') return bearer
        const sentMs = machineNow()
        const timestamp = stampOf(sentMs)
        const body = JSON.stringify(content(timestamp))
        const signed = { method: 'POST', path: `${basePath}${path}`, accessToken: bearer, body, timestamp }
        const externalId = newExternalId(sentMs)
        const id = uuidv7()
        await store.insertRequest(platform.db.read, {
          id,
          partnerId: bank.name,
          service,
          partnerReference,
          externalId,
          body,
          sentAt: platform.clock.now(),
        })
        const answer = await post(
          path,
          {
            authorization: `Bearer ${bearer}`,
            'x-timestamp': timestamp,
            'x-signature': signCall(bank.secret, signed).toString('base64'),
            'x-partner-id': bank.partnerId,
            'x-external-id': externalId,
            'channel-id': bank.channelId,
          },
          body,
        )
        await store.saveRequestAnswer(platform.db.read, id, answer, machineNow() - sentMs)
        if (answer.httpStatus !== 401 || attempt === 2) return answer
        token = undefined
      }
    },
  }
}

function readObject(answer: string): Record<string, unknown> | undefined {
  if (answer.length > maximumAnswerBytes) return undefined
  try {
    const parsed: unknown = JSON.parse(answer)
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

/** `timeout`, or what the network says, e.g. `econnreset`. */
function reasonOf(error: unknown): string {
  const { name, cause } = error as { name: string; cause?: { code?: string } }
  return name === 'TimeoutError' ? 'timeout' : (cause?.code ?? name).toLowerCase()
}

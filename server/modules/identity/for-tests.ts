// For tests only: this room on a real database behind a real face, with messages caught instead of sent.
import { apiScope, createFace, type Face } from '#platform/http.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import { createAudit, type Audit } from '#modules/audit/index.ts'
import type { Notice } from '#modules/notices/index.ts'
import { createIdentity, type Identity } from './index.ts'

export interface Answer {
  status: number
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any
  cookies: Record<string, string>
  setCookies: string[]
}

export interface IdentityBench {
  platform: TestPlatform
  identity: Identity
  audit: Audit
  app: Face
  /** Every message written so far, oldest first; also those of transactions that failed afterwards. */
  sent: Notice[]
  lastCode(to: string): string
  call(
    method: 'GET' | 'POST' | 'PUT',
    url: string,
    body?: unknown,
    options?: { cookies?: Record<string, string>; ip?: string },
  ): Promise<Answer>
  /** The whole sign-up of a new customer; returns the cookies of the session and the device. */
  signUp(contact: string, options?: { password?: string; pin?: string; ip?: string }): Promise<Answer>
  close(): Promise<void>
}

export const goodPassword = 'kapal layar biru 7'
export const goodPin = '482913'

export async function createIdentityBench(): Promise<IdentityBench> {
  const platform = await createTestPlatform()
  const audit = createAudit(platform)
  const sent: Notice[] = []
  const identity = createIdentity(platform, {
    audit,
    notices: {
      enqueue: async (_tx, notices) => void sent.push(...notices),
      wake: () => undefined,
    },
  })
  const publicUrl = platform.config.customersUrl
  const app = createFace(platform, { name: 'customers', publicUrl })
  await apiScope(
    app,
    { docsPath: '/docs/customer', title: 'Customers', description: '', caller: 'browser', publicUrl },
    (api) => identity.routes(api),
  )
  await app.ready()

  const bench: IdentityBench = {
    platform,
    identity,
    audit,
    app,
    sent,
    lastCode(to) {
      const notice = sent.findLast((message) => message.to === to && 'code' in message.values)
      if (!notice || !('code' in notice.values)) throw new Error(`no code was sent to ${to}`)
      return notice.values.code
    },
    async call(method, url, body, options = {}) {
      const response = await app.inject({
        method,
        url,
        headers: { 'x-tuntas-csrf': '1' },
        cookies: options.cookies ?? {},
        remoteAddress: options.ip ?? '203.0.113.7',
        ...(body === undefined ? {} : { payload: body as object }),
      })
      const setCookies = [response.headers['set-cookie'] ?? []].flat()
      return {
        status: response.statusCode,
        body: response.body === '' ? undefined : JSON.parse(response.body),
        cookies: Object.fromEntries(response.cookies.map((cookie) => [cookie.name, cookie.value])),
        setCookies,
      }
    },
    async signUp(contact, options = {}) {
      const ip = options.ip ? { ip: options.ip } : {}
      const start = await bench.call('POST', '/api/sign-up/start', { contact, locale: 'en' }, ip)
      if (start.status !== 200) throw new Error(`start: ${JSON.stringify(start.body)}`)
      const flowId = start.body.flowId as string
      await bench.call('POST', '/api/sign-up/verify', { flowId, code: bench.lastCode(contact) }, ip)
      return bench.call(
        'POST',
        '/api/sign-up/finish',
        {
          flowId,
          displayName: 'Sari Wulandari',
          password: options.password ?? goodPassword,
          pin: options.pin ?? goodPin,
        },
        ip,
      )
    },
    async close() {
      await app.close()
      await platform.close()
    },
  }
  return bench
}

/** Another code than this one. */
export function wrongCode(code: string): string {
  return ((Number(code) + 1) % 1_000_000).toString().padStart(6, '0')
}

import { afterEach, expect, it, vi } from 'vitest'
import { api, ApiProblem, newIdempotencyKey, onSessionEnd, toProblem } from './api.ts'
import { isUuid } from '../../contract/ids.ts'

const fetched = vi.fn<typeof fetch>()
vi.stubGlobal('fetch', fetched)
afterEach(() => fetched.mockReset())

const answer = (body: unknown, status = 200): void =>
  void fetched.mockResolvedValueOnce(
    new Response(body === undefined ? null : JSON.stringify(body), { status }),
  )
const lastCall = () => fetched.mock.lastCall as [string, RequestInit & { headers: Record<string, string> }]

it('reads JSON, with the cookie of this address only', async () => {
  answer({ ok: 1 })
  await expect(api.get('/api/wallet')).resolves.toEqual({ ok: 1 })
  const [path, options] = lastCall()
  expect(path).toBe('/api/wallet')
  expect(options.credentials).toBe('same-origin')
  expect(options.headers).not.toHaveProperty('x-tuntas-csrf')
})

it('leaves empty query values out and encodes the rest', async () => {
  answer({})
  await api.get('/api/search', { query: { q: 'a b&c', after: undefined, limit: 30 } })
  expect(lastCall()[0]).toBe('/api/search?q=a+b%26c&limit=30')
})

it.each(['post', 'put', 'delete'] as const)('%s carries the CSRF header', async (method) => {
  answer({})
  if (method === 'delete') await api.delete('/api/x')
  else await api[method]('/api/x', { a: 1 })
  const [, options] = lastCall()
  expect(options.headers['x-tuntas-csrf']).toBe('1')
  expect(options.method).toBe(method.toUpperCase())
})

it('sends the idempotency key and the body', async () => {
  answer({ reference: 'TN-7Q2M-93TD' })
  await api.post('/api/checkout/1/pay', { pin: '482017' }, { idempotencyKey: 'key' })
  const [, options] = lastCall()
  expect(options.headers['idempotency-key']).toBe('key')
  expect(options.headers['content-type']).toBe('application/json')
  expect(options.body).toBe('{"pin":"482017"}')
})

it('an empty answer is undefined', async () => {
  answer(undefined, 204)
  await expect(api.post('/api/sign-out')).resolves.toBeUndefined()
})

it('a refusal is an ApiProblem with code, values and reference', async () => {
  answer(
    {
      type: '/problems/daily_limit',
      title: 'Daily limit reached',
      status: 403,
      detail: 'x',
      code: 'daily_limit',
      retry: 'after_reset',
      values: { triesLeft: 2 },
      instance: 'req-1',
    },
    403,
  )
  const problem = (await api.get('/api/wallet').catch((error: unknown) => error)) as ApiProblem
  expect(problem).toBeInstanceOf(ApiProblem)
  expect(problem).toMatchObject({
    code: 'daily_limit',
    status: 403,
    retry: 'after_reset',
    values: { triesLeft: 2 },
    reference: 'req-1',
  })
})

it('no connection, a broken answer and a proxy’s page are network_error: the outcome is not known', async () => {
  fetched.mockRejectedValueOnce(new TypeError('Failed to fetch'))
  await expect(api.get('/api/wallet')).rejects.toMatchObject({ code: 'network_error', status: 0 })
  fetched.mockResolvedValueOnce(new Response('{"cut', { status: 200 }))
  await expect(api.get('/api/wallet')).rejects.toMatchObject({ code: 'network_error' })
  fetched.mockResolvedValueOnce(new Response('<html>Bad gateway</html>', { status: 502 }))
  await expect(api.get('/api/wallet')).rejects.toMatchObject({ code: 'network_error', status: 502 })
})

it('an aborted request rejects with its own reason', async () => {
  const stop = new AbortController()
  stop.abort()
  fetched.mockRejectedValueOnce(stop.signal.reason)
  await expect(api.get('/api/wallet', { signal: stop.signal })).rejects.toBe(stop.signal.reason)
})

it('keys are new each time', () => {
  const keys = [newIdempotencyKey(), newIdempotencyKey()]
  expect(keys.every(isUuid)).toBe(true)
  expect(new Set(keys).size).toBe(2)
})

it('a fault of the page itself is system_error', () => {
  expect(toProblem(new TypeError('x'))).toMatchObject({ code: 'system_error' })
})

it('a session that is over is told to the page, with its reason; other refusals are not', async () => {
  const told: ApiProblem[] = []
  onSessionEnd((problem) => void told.push(problem))
  const values = { end: 'unused', afterMinutes: 720 }
  answer({ code: 'session_expired', title: 'x', status: 401, values }, 401)
  await expect(api.post('/api/conversations')).rejects.toMatchObject({ code: 'session_expired' })
  answer({ code: 'credentials_wrong', title: 'x', status: 401 }, 401)
  await expect(api.post('/api/sign-in')).rejects.toMatchObject({ code: 'credentials_wrong' })
  expect(told).toMatchObject([{ code: 'session_expired', values }])
})

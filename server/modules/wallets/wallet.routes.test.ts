// The wallet over HTTP: freezing is one tap and stops money at once; opening again needs both proofs, and opens nothing
// that somebody else has closed.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import { apiScope, createFace, type Face } from '#platform/http.ts'
import { Refusal } from '#platform/refusal.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import { createAudit } from '#modules/audit/index.ts'
import { createLedger } from '#modules/ledger/index.ts'
import { createWallets, judgeSpend, walletRoutes, type Wallets } from './index.ts'

let platform: TestPlatform
let wallets: Wallets
let face: Face
let customerId: string
let ended: string[]
const code = '123456'

beforeAll(async () => {
  platform = await createTestPlatform()
  wallets = createWallets(platform, { ledger: createLedger(platform), audit: createAudit(platform) })
  const publicUrl = platform.config.customersUrl
  face = createFace(platform, { name: 'customers', publicUrl })
  await apiScope(
    face,
    { docsPath: '/docs/customer', title: 'Wallet', description: '', caller: 'browser', publicUrl },
    (api) =>
      walletRoutes(api, {
        wallets,
        // Stands in for identity, whose own tests prove sessions and codes.
        async authenticate(request) {
          const customer = request.headers['x-test-customer']
          if (typeof customer !== 'string') throw new Refusal('session_expired')
          return { customerId: customer, sessionId: 'this one' }
        },
        endOtherSessions: async (customer, except) => void ended.push(`${customer} except ${except}`),
        async startCode(_customerId, password) {
          if (password !== 'right') throw new Refusal('credentials_wrong')
          return {
            flowId: uuidv7(),
            channel: 'email',
            sentTo: 'r***@example.com',
            expiresAt: '2026-11-20T06:10:00.000Z',
            resendAt: '2026-11-20T06:01:00.000Z',
          }
        },
        async proveOwner(_customerId, proof) {
          if (proof.password !== 'right') throw new Refusal('credentials_wrong')
          if (proof.code !== code) throw new Refusal('code_wrong', { triesLeft: 4 })
        },
      }),
  )
  await face.ready()
})
afterAll(async () => {
  await face.close()
  await platform.close()
})
beforeEach(async () => {
  customerId = uuidv7()
  ended = []
  await platform.db.transaction((tx) => wallets.open(tx, [{ customerId }]))
})

async function call(method: 'GET' | 'POST', url: string, body?: object, customer = customerId) {
  const answer = await face.inject({
    method,
    url,
    headers: { 'x-tuntas-csrf': '1', ...(customer ? { 'x-test-customer': customer } : {}) },
    ...(body ? { payload: body } : {}),
  })
  return { status: answer.statusCode, body: answer.json() as Record<string, any> }
}
const unfreeze = (more: object = {}) =>
  call('POST', '/api/wallet/unfreeze', { flowId: uuidv7(), code, password: 'right', ...more })
const setStatus = (status: string) =>
  platform.db.read.run('UPDATE wallets.wallets SET status = $2 WHERE customer_id = $1', [customerId, status])
const told = async () =>
  (
    await platform.db.read.rows<{ type: string }>(
      'SELECT type FROM platform.outbox WHERE customer_id = $1 ORDER BY batch, ordinal',
      [customerId],
    )
  ).map((row) => row.type)
const audited = async () =>
  (
    await platform.db.read.rows<{ action: string }>(
      'SELECT action FROM audit.entries WHERE resource_id = $1 ORDER BY action',
      [customerId],
    )
  ).map((row) => row.action)

it('a new wallet is empty and active, with the limits of its kind', async () => {
  const { status, body } = await call('GET', '/api/wallet')
  expect(status).toBe(200)
  expect(body).toMatchObject({
    currency: 'IDR',
    status: 'active',
    balance: { amountMinor: '0' },
    spendable: { amountMinor: '0' },
    limits: { maximumBalance: { amountMinor: '200000000' }, resetsAt: '2026-11-20T17:00:00.000Z' },
  })
})

it('nobody sees a wallet without being signed in, and a customer without a wallet has none', async () => {
  expect(await call('GET', '/api/wallet', undefined, '')).toMatchObject({ status: 401 })
  expect(await call('POST', '/api/wallet/freeze', undefined, '')).toMatchObject({ status: 401 })
  expect(await call('GET', '/api/wallet', undefined, uuidv7())).toMatchObject({ status: 404 })
})

describe('freezing', () => {
  it('stops spending at once and says since when', async () => {
    const { status, body } = await call('POST', '/api/wallet/freeze')
    expect(status).toBe(200)
    expect(body).toMatchObject({ status: 'frozen', frozenAt: '2026-11-20T06:00:00.000Z' })
    const wallet = (await wallets.readWallets(platform.db.read, [customerId])).get(customerId)!
    expect(judgeSpend(wallet, 1n, 'IDR', wallets.today())).toMatchObject({ verdict: 'account_frozen' })
    expect(await told()).toEqual(['wallet.frozen'])
    expect(await audited()).toEqual(['wallet.freeze'])
    expect(ended).toEqual([`${customerId} except this one`])
  })

  it('twice, also at the same time, happens once', async () => {
    await Promise.all(Array.from({ length: 10 }, () => call('POST', '/api/wallet/freeze')))
    expect(await told()).toEqual(['wallet.frozen'])
    expect(await audited()).toEqual(['wallet.freeze'])
  })

  it('is of one customer only', async () => {
    const other = uuidv7()
    await platform.db.transaction((tx) => wallets.open(tx, [{ customerId: other }]))
    await call('POST', '/api/wallet/freeze')
    expect((await call('GET', '/api/wallet', undefined, other)).body['status']).toBe('active')
  })
})

describe('opening again', () => {
  it('sends no code without the password', async () => {
    await call('POST', '/api/wallet/freeze')
    const start = (body?: object) => call('POST', '/api/wallet/unfreeze/start', body)
    expect((await start()).body['code']).toBe('validation_failed')
    expect((await start({ password: 'wrong' })).body['code']).toBe('credentials_wrong')
    expect((await start({ password: 'right' })).body).toMatchObject({ channel: 'email' })
  })

  it('needs the password and the code', async () => {
    await call('POST', '/api/wallet/freeze')
    expect((await unfreeze({ password: 'wrong' })).body['code']).toBe('credentials_wrong')
    expect((await unfreeze({ code: '000000' })).body['code']).toBe('code_wrong')
    expect((await unfreeze({ code: '12345' })).body['code']).toBe('validation_failed')
    expect((await call('GET', '/api/wallet')).body['status']).toBe('frozen')
    const { body } = await unfreeze()
    expect(body).toMatchObject({ status: 'active' })
    expect(body).not.toHaveProperty('frozenAt')
    expect(await told()).toEqual(['wallet.frozen', 'wallet.active'])
    expect(await audited()).toEqual(['wallet.freeze', 'wallet.unfreeze'])
  })

  it.each([
    ['restricted', 'account_restricted'],
    ['inactive', 'account_inactive'],
  ])('does not open a wallet that is %s, not even by way of a freeze', async (status, refusal) => {
    await setStatus(status)
    expect((await unfreeze()).body['code']).toBe(refusal)
    expect((await call('POST', '/api/wallet/freeze')).body['code']).toBe(refusal)
    expect((await unfreeze()).body['code']).toBe(refusal)
    expect((await call('GET', '/api/wallet')).body['status']).toBe(status)
    expect(await told()).toEqual([])
  })
})

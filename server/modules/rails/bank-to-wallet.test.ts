import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import { createFace, type Face } from '#platform/http.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import { createAudit } from '#modules/audit/index.ts'
import { createFunding } from '#modules/funding/index.ts'
import { createLedger } from '#modules/ledger/index.ts'
import { createWallets, type Wallets } from '#modules/wallets/index.ts'
import { createTestBank, paymentContent, type TestBank } from './for-tests.ts'
import { createRails } from './index.ts'

const customerId = uuidv7()
let platform: TestPlatform
let face: Face
let wallets: Wallets
let bank: TestBank
let account: string

beforeAll(async () => {
  platform = await createTestPlatform()
  const machineNow = () => platform.clock.now().getTime()
  const audit = createAudit(platform)
  const ledger = createLedger(platform)
  wallets = createWallets(platform, { ledger, audit })
  const rails = createRails(platform, { machineNow })
  const funding = createFunding(
    platform,
    { ledger, wallets, rails, audit },
    {
      authenticate: async () => ({ customerId }),
      tellCustomer: async () => undefined,
      namesOf: async (ids) => new Map(ids.map((id) => [id, 'Ratna Kusumawati'])),
    },
  )
  await platform.db.transaction((tx) => wallets.open(tx, [{ customerId }]))
  account = await funding.virtualAccountOf(customerId)
  face = createFace(platform, { name: 'customers', publicUrl: 'http://localhost:7100' })
  await face.register(async (api) => rails.routes(api as unknown as Face))
  await face.ready()
  bank = createTestBank(face, platform.config.bankClientSecret, machineNow)
})
afterAll(async () => {
  await face.close()
  await platform.close()
})

const balance = async () => (await wallets.view(customerId)).balance.amountMinor

describe('from the bank’s call to the wallet', () => {
  it('shows the sender whose account it is', async () => {
    const { paymentRequestId: _unused, ...address } = paymentContent(account, '', '1.00')
    const answer = await bank.call('inquiry', { ...address, inquiryRequestId: 'i-1' })
    expect(answer.body.virtualAccountData.virtualAccountName).toBe('Ratna Kusumawati')
    const mistyped = account.slice(0, -1) + ((Number(account.at(-1)) + 1) % 10)
    const wrong = await bank.call('inquiry', {
      ...paymentContent(mistyped, '', '1.00'),
      inquiryRequestId: 'i-2',
    })
    expect(wrong.body.responseCode).toBe('4042412')
  })

  it('M14 credits once when the bank calls twice under new numbers, and answers the same', async () => {
    const content = paymentContent(account, 'twice', '250000.00')
    const first = await bank.call('payment', content)
    const second = await bank.call('payment', { ...content, flagAdvise: 'Y' })
    expect(first.body.responseCode).toBe('2002500')
    expect(second.body).toEqual(first.body)
    expect(await balance()).toBe('25000000')
  })

  it('M14 credits once when 20 calls about one transfer come at once', async () => {
    const content = paymentContent(account, 'twenty', '1000.00')
    const answers = await Promise.all(Array.from({ length: 20 }, () => bank.call('payment', content)))
    expect(new Set(answers.map((answer) => answer.body.responseCode))).toEqual(new Set(['2002500']))
    expect(await balance()).toBe('25100000')
  })

  it('M14 answers 4042518 to the same reference with another amount, and nothing moves', async () => {
    const answer = await bank.call('payment', paymentContent(account, 'twice', '900000.00'))
    expect([answer.status, answer.body.responseCode]).toEqual([404, '4042518'])
    expect(await balance()).toBe('25100000')
  })

  it('accepts what the wallet cannot hold: the bank has the money, staff decide', async () => {
    const answer = await bank.call('payment', paymentContent(account, 'too-much', '2000000.00'))
    expect(answer.body.responseCode).toBe('2002500')
    expect(await balance()).toBe('25100000')
    const row = await platform.db.read.one(
      "SELECT state FROM funding.top_ups WHERE payment_request_id = 'too-much'",
    )
    expect(row).toEqual({ state: 'suspended' })
  })
})

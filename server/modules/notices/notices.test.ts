import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import { retryDelayMs } from './deliver.ts'
import { createNotices, type Carriers, type Email, type Notice, type Notices, type Sms } from './index.ts'

let platform: TestPlatform
let notices: Notices
const sms: Sms[] = []
const emails: Email[] = []
let failing = false

const carriers: Carriers = {
  async sms(message) {
    if (failing) throw new Error('the SMS gateway answered 503')
    sms.push(message)
  },
  async email(message) {
    if (failing) throw new Error('no mail server')
    emails.push(message)
  },
  close: () => undefined,
}

beforeAll(async () => {
  platform = await createTestPlatform()
  notices = createNotices(platform, { carriers })
})
afterAll(() => platform.close())
beforeEach(async () => {
  await platform.db.read.run('DELETE FROM notices.messages')
  sms.length = 0
  emails.length = 0
  failing = false
})

const now = () => platform.clock.now()
const inMinutes = (minutes: number) => new Date(now().getTime() + minutes * 60_000)
const code = (to = '+6281234567890'): Notice => ({
  to,
  channel: 'sms',
  template: 'sign_up_code',
  locale: 'id-ID',
  values: { code: '482913', minutes: '5' },
  secret: true,
  expiresAt: inMinutes(5),
})
const enqueue = (...list: Notice[]) => platform.db.transaction((tx) => notices.enqueue(tx, list))
const stored = () =>
  platform.db.read.rows<{
    state: string
    tries: number
    secret: Buffer | null
    whole: string
    next_try_at: Date
    last_error: string | null
  }>(
    'SELECT state, tries, secret, next_try_at, last_error, (message.*)::text AS whole FROM notices.messages AS message',
  )

test('a message is sent after its commit, in its language, once', async () => {
  await enqueue(code(), {
    to: 'ayu@contoh.example',
    channel: 'email',
    template: 'wallet_frozen',
    locale: 'zh-CN',
    values: {},
  })
  expect(await notices.deliverDue()).toBe(2)
  expect(await notices.deliverDue()).toBe(0)
  expect(sms).toEqual([
    {
      id: expect.any(String),
      to: '+6281234567890',
      text: 'Tuntas: 482913 adalah kode untuk membuka dompet. Berlaku 5 menit. Kami tidak pernah menanyakannya.',
    },
  ])
  expect(emails).toMatchObject([{ to: 'ayu@contoh.example', subject: '您的钱包已冻结', locale: 'zh-CN' }])
  expect((await stored()).map((row) => row.state)).toEqual(['sent', 'sent'])
})

test('a message of a transaction that failed is never sent', async () => {
  await platform.db
    .transaction(async (tx) => {
      await notices.enqueue(tx, [code()])
      throw new Error('no')
    })
    .catch(() => undefined)
  expect(await notices.deliverDue()).toBe(0)
})

test('a code stands encrypted until it is sent, and nowhere after', async () => {
  await enqueue(code())
  const [before] = await stored()
  expect(before!.secret).not.toBeNull()
  expect(before!.whole).not.toContain('482913')
  expect(before!.secret!.toString('latin1')).not.toContain('482913')
  await notices.deliverDue()
  expect((await stored())[0]).toMatchObject({ state: 'sent', secret: null })
})

test('secret values moved to another message, or changed, cannot be read', async () => {
  await enqueue(code('+6281234567891'), code('+6281234567892'))
  await platform.db.read.run(
    `UPDATE notices.messages SET secret = (SELECT secret FROM notices.messages WHERE recipient = '+6281234567892')
     WHERE recipient = '+6281234567891'`,
  )
  await platform.db.read.run(
    `UPDATE notices.messages SET secret = set_byte(secret, 30, (get_byte(secret, 30) + 1) % 256)
     WHERE recipient = '+6281234567892'`,
  )
  await notices.deliverDue()
  expect(sms).toEqual([])
  expect((await stored()).map((row) => row.state)).toEqual(['waiting', 'waiting'])
})

describe('when the gateway is down', () => {
  test('it is tried again with growing waits in business time, and given up after a day', async () => {
    failing = true
    await enqueue({
      to: '+6281234567890',
      channel: 'sms',
      template: 'wallet_unfrozen',
      locale: 'en',
      values: {},
    })
    const begun = now().getTime()
    const waits: number[] = []
    for (let round = 0; round < 200; round++) {
      expect(await notices.deliverDue()).toBe(1)
      const [row] = await stored()
      if (row!.state !== 'waiting') break
      const wait = row!.next_try_at.getTime() - now().getTime()
      waits.push(wait / 1000)
      platform.clock.advance(wait - 1)
      expect(await notices.deliverDue()).toBe(0)
      platform.clock.advance(1)
    }
    expect(waits.slice(0, 9)).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 900])
    expect((await stored())[0]).toMatchObject({
      state: 'given_up',
      last_error: 'the SMS gateway answered 503',
    })
    expect(now().getTime() - begun).toBeGreaterThanOrEqual(24 * 3_600_000)
    failing = false
    expect(await notices.deliverDue()).toBe(0)
  })

  test('a code that expired meanwhile is not sent, and its secret is erased', async () => {
    failing = true
    await enqueue(code())
    await notices.deliverDue()
    platform.clock.advance(5 * 60_000)
    failing = false
    expect(await notices.deliverDue()).toBe(0)
    expect(sms).toEqual([])
    expect((await stored())[0]).toMatchObject({ state: 'expired', secret: null })
  })

  test('a message whose sender died is taken up again after a minute, under the same id', async () => {
    let sender = 'dies'
    const ids: string[] = []
    const dying = createNotices(platform, {
      carriers: {
        ...carriers,
        sms(message) {
          ids.push(message.id)
          return sender === 'dies' ? new Promise<never>(() => undefined) : Promise.resolve()
        },
      },
    })
    await enqueue({
      to: '+6281234567890',
      channel: 'sms',
      template: 'wallet_frozen',
      locale: 'en',
      values: {},
    })
    void dying.deliverDue()
    await expect.poll(() => ids.length).toBe(1)
    sender = 'lives'
    expect(await dying.deliverDue()).toBe(0)
    platform.clock.advance(60_000)
    expect(await dying.deliverDue()).toBe(1)
    expect(ids[1]).toBe(ids[0])
    expect((await stored())[0]!.state).toBe('sent')
  })
})

test('several senders at once send each message once', async () => {
  await enqueue(...Array.from({ length: 100 }, (_, place) => code(`+62812345${String(60_000 + place)}`)))
  const senders = Array.from({ length: 6 }, () => createNotices(platform, { carriers }))
  for (let round = 0; round < 3; round++) await Promise.all(senders.map((sender) => sender.deliverDue()))
  expect(sms).toHaveLength(100)
  expect(new Set(sms.map((message) => message.to)).size).toBe(100)
})

test('the wait before a next try never passes fifteen minutes', () => {
  expect([1, 2, 3, 8, 9, 50, 1000].map(retryDelayMs)).toEqual([
    5000, 10_000, 20_000, 640_000, 900_000, 900_000, 900_000,
  ])
})

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createIdentityBench, goodPassword, wrongCode, type IdentityBench } from './for-tests.ts'

let bench: IdentityBench
beforeAll(async () => {
  bench = await createIdentityBench()
})
afterAll(() => bench.close())
// Rates of one test must not stop the next.
beforeEach(() => bench.platform.clock.advance(25 * 3_600_000))

let number = 0
const newPhone = () => `+62813345${String(60_000 + ++number)}`
const wrong = 'not this one at all'

function signIn(
  contact: string,
  password: string,
  options: { cookies?: Record<string, string>; ip?: string } = {},
) {
  return bench.call('POST', '/api/sign-in', { contact, password }, options)
}
const codes = (answers: { body?: { code?: string } }[]) => answers.map((answer) => answer.body?.code ?? 'in')
const me = (cookies: Record<string, string>) => bench.call('GET', '/api/me', undefined, { cookies })

describe('sign-in', () => {
  test('with the right password, however the number is written', async () => {
    const phone = newPhone()
    const { body: customer } = await bench.signUp(phone)
    const answer = await signIn(`0${phone.slice(3, 6)}-${phone.slice(6)}`, goodPassword)
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual(customer)
    expect((await me(answer.cookies)).body.customerId).toBe(customer.customerId)
  })

  test('A6 a wrong password and an unknown contact get the same answers, locks included', async () => {
    const known = newPhone()
    await bench.signUp(known)
    const tries = async (contact: string) => {
      const answers = []
      for (let attempt = 0; attempt < 7; attempt++) {
        const { status, body } = await signIn(contact, wrong)
        answers.push({ status, ...body, instance: undefined })
      }
      return answers
    }
    const answers = await tries(known)
    expect(answers).toEqual(await tries(newPhone()))
    expect(answers.map((answer) => answer.code)).toEqual([
      ...Array.from({ length: 5 }, () => 'credentials_wrong'),
      'sign_in_locked',
      'sign_in_locked',
    ])
  })

  test('A7 an unknown contact costs a comparison of the same kind, and the same writes', async () => {
    const known = newPhone()
    await bench.signUp(known)
    const written = async (contact: string) => {
      const count = async () =>
        (await bench.platform.db.read.one<{ count: bigint }>('SELECT count(*) FROM audit.entries')).count
      const before = await count()
      await signIn(contact, wrong)
      return (await count()) - before
    }
    expect(await written(known)).toBe(1n)
    expect(await written(newPhone())).toBe(1n)
    // The comparison itself: see passwords.test.ts.
  })

  test('the lock grows: 1 minute, 2, 4, up to an hour; the right password starts anew', async () => {
    const phone = newPhone()
    await bench.signUp(phone)
    for (let attempt = 0; attempt < 5; attempt++) await signIn(phone, wrong)
    const waits = []
    for (let round = 0; round < 8; round++) {
      const locked = await signIn(phone, goodPassword)
      expect(locked.body.code).toBe('sign_in_locked')
      const wait = Date.parse(locked.body.values.untilAt) - bench.platform.clock.now().getTime()
      waits.push(wait / 60_000)
      bench.platform.clock.advance(wait)
      expect((await signIn(phone, wrong)).body.code).toBe('credentials_wrong')
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
    bench.platform.clock.advance(3_600_000)
    expect((await signIn(phone, goodPassword)).status).toBe(200)
    expect(codes([await signIn(phone, wrong)])).toEqual(['credentials_wrong'])
    expect((await signIn(phone, goodPassword)).status).toBe(200)
  })

  test('fifty tries at the same time are five', async () => {
    const phone = newPhone()
    await bench.signUp(phone)
    const answers = codes(
      await Promise.all(
        Array.from({ length: 50 }, (_, place) => signIn(phone, wrong, { ip: `192.0.2.${place}` })),
      ),
    )
    expect(answers.filter((code) => code === 'credentials_wrong')).toHaveLength(5)
    expect(answers.filter((code) => code === 'sign_in_locked')).toHaveLength(45)
  })

  test('one network may not try many accounts; others and right ones are not hit', async () => {
    const phone = newPhone()
    await bench.signUp(phone)
    const ip = '198.51.100.20'
    for (let round = 0; round < 3; round++)
      expect((await signIn(phone, goodPassword, { ip })).status).toBe(200)
    for (let round = 0; round < 30; round++)
      expect(codes([await signIn(newPhone(), wrong, { ip })])).toEqual(['credentials_wrong'])
    const refused = await signIn(newPhone(), wrong, { ip })
    expect(refused.body.code).toBe('sign_in_locked')
    expect((await signIn(phone, goodPassword, { ip: '198.51.100.21' })).status).toBe(200)
    bench.platform.clock.advance(10 * 60_000)
    expect((await signIn(phone, goodPassword, { ip })).status).toBe(200)
  })

  test('many customers of one network may sign in at the same moment, few may guess', async () => {
    const ip = '198.51.100.22'
    for (let round = 0; round < 29; round++) await signIn(newPhone(), wrong, { ip })
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => signIn(newPhone(), wrong, { ip: '198.51.100.23' })),
    )
    // At most the few that are compared at once pass the limit of thirty.
    const judged = codes(answers).filter((code) => code === 'credentials_wrong').length
    expect(judged).toBeGreaterThanOrEqual(30)
    expect(judged).toBeLessThan(30 + 4)
    const phones = Array.from({ length: 12 }, newPhone)
    for (const [place, each] of phones.entries()) await bench.signUp(each, { ip: `192.0.2.${place}` })
    const right = await Promise.all(
      [...phones, ...phones, ...phones].map((each) => signIn(each, goodPassword, { ip })),
    )
    expect(right.map((answer) => answer.status)).toEqual(right.map(() => 200))
  })

  test('A17 a made-up X-Forwarded-For is not believed without a trusted proxy', async () => {
    for (let attempt = 0; attempt < 31; attempt++) {
      const response = await bench.app.inject({
        method: 'POST',
        url: '/api/sign-in',
        remoteAddress: '198.51.100.30',
        headers: { 'x-tuntas-csrf': '1', 'x-forwarded-for': `203.0.113.${attempt}` },
        payload: { contact: newPhone(), password: wrong },
      })
      expect(response.json<{ code: string }>().code).toBe(
        attempt < 30 ? 'credentials_wrong' : 'sign_in_locked',
      )
    }
  })

  test('A8 a stranger cannot lock a customer out of a device of theirs', async () => {
    const phone = newPhone()
    const { cookies } = await bench.signUp(phone)
    const device = { tuntas_device: cookies['tuntas_device']! }
    for (let attempt = 0; attempt < 12; attempt++) await signIn(phone, wrong, { ip: '198.51.100.66' })
    expect(codes([await signIn(phone, goodPassword)])).toEqual(['sign_in_locked'])
    expect((await signIn(phone, goodPassword, { cookies: device, ip: '198.51.100.66' })).status).toBe(200)
    // The device has tries of its own, and they end too.
    for (let attempt = 0; attempt < 5; attempt++) await signIn(phone, wrong, { cookies: device })
    expect(codes([await signIn(phone, goodPassword, { cookies: device })])).toEqual(['sign_in_locked'])
  })

  test('A16 a forged, foreign or changed device cookie is worth nothing', async () => {
    const [phone, other] = [newPhone(), newPhone()]
    const { cookies } = await bench.signUp(phone)
    const stranger = await bench.signUp(other)
    for (let attempt = 0; attempt < 5; attempt++) await signIn(phone, wrong)
    const [id, signature] = cookies['tuntas_device']!.split('.')
    const flipped = `${signature!.startsWith('A') ? 'B' : 'A'}${signature!.slice(1)}`
    const [strangerId] = stranger.cookies['tuntas_device']!.split('.')
    for (const forged of [
      id!,
      `${id}.`,
      `${id}.${flipped}`,
      `${strangerId}.${signature}`,
      stranger.cookies['tuntas_device']!,
      `${id}.${'A'.repeat(43)}`,
    ])
      expect(codes([await signIn(phone, goodPassword, { cookies: { tuntas_device: forged } })])).toEqual([
        'sign_in_locked',
      ])
    expect(
      (await signIn(phone, goodPassword, { cookies: { tuntas_device: cookies['tuntas_device']! } })).status,
    ).toBe(200)
  })

  test('a sign-in on a new device is told to the customer, on a known one not', async () => {
    const phone = newPhone()
    const { cookies } = await bench.signUp(phone)
    const before = bench.sent.length
    await signIn(phone, goodPassword, { cookies })
    expect(bench.sent.length).toBe(before)
    await signIn(phone, goodPassword)
    expect(bench.sent.slice(before).map((notice) => [notice.template, notice.to])).toEqual([
      ['new_device', phone],
    ])
  })
})

describe('sessions', () => {
  test('A10 every sign-in makes a new token, never takes one that the browser brings, and ends that one', async () => {
    const phone = newPhone()
    const first = await bench.signUp(phone)
    const planted = 'A'.repeat(43)
    const attacked = await signIn(phone, goodPassword, { cookies: { tuntas_session: planted } })
    expect(attacked.cookies['tuntas_session']).not.toBe(planted)
    expect((await me({ tuntas_session: planted })).body.code).toBe('session_expired')
    const second = await signIn(phone, goodPassword, { cookies: first.cookies })
    expect(second.cookies['tuntas_session']).not.toBe(first.cookies['tuntas_session'])
    expect((await me(first.cookies)).body.code).toBe('session_expired')
    expect((await me(second.cookies)).status).toBe(200)
  })

  test('sign-out ends the session at once, tells who holds connections, and may be repeated', async () => {
    const { cookies, body } = await bench.signUp(newPhone())
    const ended: string[] = []
    bench.identity.onSessionEnded((session) => void ended.push(session.customerId))
    expect((await bench.call('POST', '/api/sign-out', undefined, { cookies })).status).toBe(204)
    expect((await me(cookies)).status).toBe(401)
    expect((await bench.call('POST', '/api/sign-out', undefined, { cookies })).status).toBe(204)
    expect((await bench.call('POST', '/api/sign-out')).status).toBe(204)
    expect(ended).toEqual([body.customerId])
  })

  test('A11 all other sessions of a customer can be ended at once; nobody else is hit', async () => {
    const phone = newPhone()
    const first = await bench.signUp(phone)
    const [second, third] = [await signIn(phone, goodPassword), await signIn(phone, goodPassword)]
    const other = await bench.signUp(newPhone())
    const here = await bench.identity.authenticate({
      headers: { cookie: `tuntas_session=${second.cookies['tuntas_session']}` },
    })
    const ended: string[] = []
    bench.identity.onSessionEnded((session) => void ended.push(session.customerId))
    expect(await bench.identity.endSessions(here.customerId, here.sessionId)).toBe(2)
    const statuses = await Promise.all([first, second, third, other].map((each) => me(each.cookies)))
    expect(statuses.map((answer) => answer.status)).toEqual([401, 200, 401, 200])
    expect(ended).toEqual([here.customerId, here.customerId])
    expect(await bench.identity.endSessions(here.customerId)).toBe(1)
    expect((await me(second.cookies)).body).toMatchObject({
      code: 'session_expired',
      values: { end: 'elsewhere' },
    })
    const strange = (await me({ tuntas_session: 'B'.repeat(43) })).body
    expect([strange.code, strange.values]).toEqual(['session_expired', undefined])
  })

  test('a session ends after twelve hours without use, and after thirty days with it', async () => {
    const idle = (await bench.signUp(newPhone())).cookies
    bench.platform.clock.advance(12 * 3_600_000 - 1)
    expect((await me(idle)).status).toBe(200)
    bench.platform.clock.advance(12 * 3_600_000)
    expect((await me(idle)).body).toMatchObject({
      code: 'session_expired',
      values: { end: 'unused', afterMinutes: 12 * 60 },
    })
    const used = (await bench.signUp(newPhone())).cookies
    for (let hours = 0; hours < 30 * 24 - 8; hours += 8) {
      bench.platform.clock.advance(8 * 3_600_000)
      expect((await me(used)).status).toBe(200)
    }
    bench.platform.clock.advance(8 * 3_600_000)
    expect((await me(used)).body).toMatchObject({ code: 'session_expired', values: { end: 'age' } })
  })

  test('a hundred requests of one moment are one query, each with its own answer', async () => {
    const { db } = bench.platform
    const signedUp = await Promise.all([bench.signUp(newPhone()), bench.signUp(newPhone())])
    const original = db.read.rows
    const queries: string[] = []
    db.read.rows = (text, parameters, name) => {
      queries.push(text)
      return original(text, parameters, name)
    }
    try {
      const requests = Array.from({ length: 100 }, (_, place) => ({
        headers: { cookie: `x=1; tuntas_session=${signedUp[place % 2]!.cookies['tuntas_session']}` },
      }))
      const stranger = { headers: { cookie: `tuntas_session=${'B'.repeat(43)}` } }
      const [strange, ...sessions] = await Promise.all([
        bench.identity.optional(stranger),
        ...requests.map((request) => bench.identity.authenticate(request)),
      ])
      expect(strange).toBeUndefined()
      sessions.forEach((session, place) =>
        expect(session!.customerId).toBe(signedUp[place % 2]!.body.customerId),
      )
      expect(queries.filter((text) => text.includes('identity.sessions'))).toHaveLength(1)
    } finally {
      db.read.rows = original
    }
    await expect(bench.identity.authenticate({ headers: {} })).rejects.toMatchObject({
      code: 'session_expired',
    })
  })

  test('a request without the CSRF header or from another origin changes nothing', async () => {
    const { cookies } = await bench.signUp(newPhone())
    const send = (headers: Record<string, string>) =>
      bench.app.inject({ method: 'POST', url: '/api/sign-out', cookies, headers })
    expect((await send({})).statusCode).toBe(403)
    expect((await send({ 'x-tuntas-csrf': '1', origin: 'https://elsewhere.example' })).statusCode).toBe(403)
    expect((await me(cookies)).status).toBe(200)
  })

  test('the language can be changed, to one that we speak', async () => {
    const { cookies } = await bench.signUp(newPhone())
    const put = (locale: string) => bench.call('PUT', '/api/me/preferences', { locale }, { cookies })
    expect((await put('zh-CN')).body.locale).toBe('zh-CN')
    expect((await me(cookies)).body.locale).toBe('zh-CN')
    expect((await put('fr')).body.code).toBe('validation_failed')
    expect((await bench.call('PUT', '/api/me/preferences', { locale: 'en' })).body.code).toBe(
      'session_expired',
    )
  })
})

describe('one more proof of a signed-in customer', () => {
  const commit = (flowId: string, code: string, customerId: string) =>
    bench.platform.db.transaction((tx) =>
      bench.identity.verifyCode(tx, flowId, code, { customerId, purpose: 'unfreeze' }),
    )

  test('A5 a code of another flow, customer or purpose proves nothing; the right one works once', async () => {
    const [phone, other] = [newPhone(), newPhone()]
    const customerId = (await bench.signUp(phone)).body.customerId
    const otherId = (await bench.signUp(other)).body.customerId
    const signUpCode = bench.lastCode(phone)
    const sent = await bench.identity.startCode(customerId, 'unfreeze', { ip: '203.0.113.7' })
    expect(sent.sentTo).toBe(`+62 813 •••• ${phone.slice(-4)}`)
    const code = bench.lastCode(phone)
    const foreign = signUpCode === code ? wrongCode(code) : signUpCode
    expect((await commit(sent.flowId, foreign, customerId)).verdict).toBe('wrong')
    expect(await commit(sent.flowId, code, otherId)).toEqual({ verdict: 'invalid' })
    expect((await bench.call('POST', '/api/sign-up/verify', { flowId: sent.flowId, code })).body.code).toBe(
      'flow_invalid',
    )
    expect(await commit(sent.flowId, code, customerId)).toEqual({ verdict: 'right' })
    expect(await commit(sent.flowId, code, customerId)).toEqual({ verdict: 'invalid' })
  })

  test('the password is asked with the same lock', async () => {
    const { body } = await bench.signUp(newPhone())
    await bench.identity.verifyPassword(body.customerId, goodPassword)
    for (let attempt = 0; attempt < 5; attempt++)
      await expect(bench.identity.verifyPassword(body.customerId, wrong)).rejects.toMatchObject({
        code: 'credentials_wrong',
      })
    await expect(bench.identity.verifyPassword(body.customerId, goodPassword)).rejects.toMatchObject({
      code: 'sign_in_locked',
    })
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createIdentityBench, goodPassword, goodPin, wrongCode, type IdentityBench } from './for-tests.ts'

let bench: IdentityBench
beforeAll(async () => {
  bench = await createIdentityBench()
})
afterAll(() => bench.close())
// Rates of one test must not stop the next.
beforeEach(() => bench.platform.clock.advance(25 * 3_600_000))

let number = 0
const newPhone = () => `+62812345${String(60_000 + ++number)}`

async function start(contact: string, ip?: string) {
  return bench.call('POST', '/api/sign-up/start', { contact, locale: 'id-ID' }, ip ? { ip } : {})
}
const verify = (flowId: string, code: string) => bench.call('POST', '/api/sign-up/verify', { flowId, code })

describe('sign-up', () => {
  test('a phone number, a code, a name, a password and a PIN make a customer who is signed in', async () => {
    const phone = newPhone()
    const started = await start(phone.replace('+62', '0'))
    expect(started.status).toBe(200)
    expect(started.body).toMatchObject({ channel: 'sms', sentTo: `+62 812 •••• ${phone.slice(-4)}` })
    const at = bench.platform.clock.now().getTime()
    expect(Date.parse(started.body.expiresAt) - at).toBe(5 * 60_000)
    expect(Date.parse(started.body.resendAt) - at).toBe(30_000)
    expect((await verify(started.body.flowId, bench.lastCode(phone))).status).toBe(204)
    const finished = await bench.call('POST', '/api/sign-up/finish', {
      flowId: started.body.flowId,
      displayName: '  Sari\u202e  Wulandari ',
      password: goodPassword,
      pin: goodPin,
    })
    expect(finished.status).toBe(200)
    expect(finished.body).toEqual({
      customerId: expect.any(String),
      displayName: 'Sari Wulandari',
      phone: `+62 812 •••• ${phone.slice(-4)}`,
      locale: 'id-ID',
      timeZone: 'Asia/Jakarta',
      memberSince: bench.platform.clock.now().toISOString(),
      verified: false,
    })
    const me = await bench.call('GET', '/api/me', undefined, { cookies: finished.cookies })
    expect(me.body).toEqual(finished.body)
    const cookie = finished.setCookies.find((text) => text.startsWith('tuntas_session='))
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Lax/)
    expect(cookie).toMatch(/Path=\//)
    expect(cookie).not.toMatch(/Domain/)
  })

  test('an e-mail address works too, in any case', async () => {
    const finished = await bench.signUp('ayu@contoh.example')
    expect(finished.body.email).toBe('a•••••@•••.example')
    const customer = await bench.identity.findByContact(bench.platform.db.read, 'AYU@Contoh.example')
    expect(customer?.id).toBe(finished.body.customerId)
  })

  test('what is no mobile number and no address is refused, and so are countries without the wallet', async () => {
    expect((await start('12345')).body.code).toBe('contact_invalid')
    expect((await start('somebody@')).body.code).toBe('contact_invalid')
    expect((await start('a@b@c.example')).body.code).toBe('contact_invalid')
    expect((await start('+881612345678')).body.code).toMatch(/contact_invalid|country_not_supported/)
    expect((await start('+447911123456')).body.code).toBe('country_not_supported')
  })

  test('weak passwords and PINs are refused and the flow can go on', async () => {
    const phone = newPhone()
    const { flowId } = (await start(phone)).body
    await verify(flowId, bench.lastCode(phone))
    const finish = (password: string, pin: string) =>
      bench.call('POST', '/api/sign-up/finish', { flowId, displayName: 'Budi Santoso', password, pin })
    const check = async (password: string) => {
      const body = { flowId, displayName: 'Budi Santoso', password }
      const answer = await bench.call('POST', '/api/sign-up/password', body)
      return answer.status === 204 ? 'taken' : (answer.body.values?.why ?? answer.body.code)
    }
    expect(await check('short')).toBe('too_short')
    expect(await check('Password123')).toBe('common')
    expect(await check('abcabcabc')).toBe('pattern')
    expect(await check('budisantoso')).toBe('own')
    expect(await check(goodPassword)).toBe('taken')
    expect((await finish('short', goodPin)).body).toMatchObject({
      code: 'password_weak',
      values: { why: 'too_short', minimumLength: 8 },
    })
    expect((await finish('Password123', goodPin)).body.code).toBe('password_weak')
    expect((await finish(phone, goodPin)).body.code).toBe('password_weak')
    expect((await finish('budisantoso', goodPin)).body.code).toBe('password_weak')
    expect((await finish(goodPassword, '123456')).body.code).toBe('pin_weak')
    expect((await finish(goodPassword, goodPin)).status).toBe(200)
    expect((await finish(goodPassword, goodPin)).body.code).toBe('flow_invalid')
    expect(await check(goodPassword)).toBe('flow_invalid')
  })

  test('nothing is made without a verified code, and an old flow is of no use', async () => {
    const phone = newPhone()
    const { flowId } = (await start(phone)).body
    const body = { flowId, displayName: 'Budi', password: goodPassword, pin: goodPin }
    expect((await bench.call('POST', '/api/sign-up/finish', body)).body.code).toBe('flow_invalid')
    await verify(flowId, bench.lastCode(phone))
    bench.platform.clock.advance(30 * 60_000)
    expect((await bench.call('POST', '/api/sign-up/finish', body)).body.code).toBe('flow_invalid')
  })

  test('two flows of one contact make one customer', async () => {
    const phone = newPhone()
    const first = (await start(phone)).body.flowId
    await verify(first, bench.lastCode(phone))
    const second = (await start(phone)).body.flowId
    await verify(second, bench.lastCode(phone))
    const finish = (flowId: string) =>
      bench.call('POST', '/api/sign-up/finish', {
        flowId,
        displayName: 'Dewi',
        password: goodPassword,
        pin: goodPin,
      })
    const answers = await Promise.all([finish(first), finish(second)])
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409])
    expect(answers.find((answer) => answer.status === 409)?.body.code).toBe('flow_invalid')
  })

  test('what others do at a sign-up happens with it or not at all', async () => {
    const { identity, platform } = bench
    const names: string[] = []
    let broken = true
    identity.onSignedUp(async (_tx, customer) => {
      names.push(customer.displayName)
      if (broken) throw new Error('no wallet today')
    })
    const phone = newPhone()
    const { flowId } = (await start(phone)).body
    await verify(flowId, bench.lastCode(phone))
    const body = { flowId, displayName: 'Rina', password: goodPassword, pin: goodPin }
    expect((await bench.call('POST', '/api/sign-up/finish', body)).body.code).toBe('system_error')
    expect(await identity.findByContact(platform.db.read, phone)).toBeUndefined()
    broken = false
    expect((await bench.call('POST', '/api/sign-up/finish', body)).status).toBe(200)
    expect(names).toEqual(['Rina', 'Rina'])
  })
})

/** Two codes are the same once in a million times: then the other one is right. */
const unlessSame = (one: string, other: string) => (one === other ? undefined : 'code_wrong')

describe('codes', () => {
  test('A1 a code cannot be guessed by force: the sixth try is not judged, not even the right code', async () => {
    const phone = newPhone()
    const { flowId } = (await start(phone)).body
    const code = bench.lastCode(phone)
    const left = []
    for (let guess = 0; guess < 4; guess++)
      left.push((await verify(flowId, wrongCode(code))).body.values?.triesLeft)
    expect(left).toEqual([4, 3, 2, 1])
    expect((await verify(flowId, wrongCode(code))).body.code).toBe('code_tries_used')
    expect((await verify(flowId, code)).body.code).toBe('code_tries_used')
  })

  test('A2 a resend gives no new tries, and flows of one contact count together', async () => {
    const phone = newPhone()
    const { flowId } = (await start(phone)).body
    for (let guess = 0; guess < 4; guess++) await verify(flowId, wrongCode(bench.lastCode(phone)))
    bench.platform.clock.advance(30_000)
    expect((await bench.call('POST', '/api/sign-up/resend', { flowId })).status).toBe(200)
    expect((await verify(flowId, wrongCode(bench.lastCode(phone)))).body.code).toBe('code_tries_used')
    expect((await verify(flowId, bench.lastCode(phone))).body.code).toBe('code_tries_used')
    // Two more flows use up what the contact has for a day.
    for (let flow = 0; flow < 2; flow++) {
      const next = (await start(phone)).body.flowId
      for (let guess = 0; guess < 5; guess++) await verify(next, wrongCode(bench.lastCode(phone)))
    }
    const fresh = (await start(phone)).body.flowId
    const refused = await verify(fresh, bench.lastCode(phone))
    expect(refused.body.code).toBe('code_tries_used')
    expect(Date.parse(refused.body.values.untilAt)).toBeGreaterThan(bench.platform.clock.now().getTime())
    bench.platform.clock.advance(24 * 3_600_000)
    const later = (await start(phone)).body.flowId
    expect((await verify(later, bench.lastCode(phone))).status).toBe(204)
  })

  test('A3 fifty guesses at the same time are five tries', async () => {
    const phone = newPhone()
    const { flowId } = (await start(phone)).body
    const code = bench.lastCode(phone)
    const guesses = await Promise.all(
      Array.from({ length: 50 }, (_, place) =>
        verify(flowId, ((Number(code) + 1 + place) % 1_000_000).toString().padStart(6, '0')),
      ),
    )
    expect(guesses.filter((guess) => guess.body.code === 'code_wrong')).toHaveLength(4)
    expect(guesses.filter((guess) => guess.body.code === 'code_tries_used')).toHaveLength(46)
    const row = await bench.platform.db.read.one<{ wrong_tries: number }>(
      'SELECT wrong_tries FROM identity.flows WHERE id = $1',
      [flowId],
    )
    expect(row.wrong_tries).toBe(5)
    expect((await verify(flowId, code)).body.code).toBe('code_tries_used')
  })

  test('A3 guesses at the same time over many flows of a contact count together', async () => {
    const phone = newPhone()
    const flows = await Promise.all(Array.from({ length: 5 }, () => start(phone)))
    // 25 tries in five flows; a code of another flow is as wrong as any.
    const guesses = await Promise.all(
      flows.flatMap((flow) =>
        Array.from({ length: 5 }, (_, place) => verify(flow.body.flowId, `00000${place}`)),
      ),
    )
    expect(guesses.filter((guess) => guess.body.values?.untilAt).length).toBeGreaterThanOrEqual(10)
    const { wrong } = await bench.platform.db.read.one<{ wrong: bigint }>(
      'SELECT sum(wrong_tries) AS wrong FROM identity.flows WHERE contact = $1',
      [phone],
    )
    expect(wrong).toBe(15n)
  })

  test('A5 a code opens only the flow that it was sent for', async () => {
    const [mine, theirs] = [newPhone(), newPhone()]
    const myFlow = (await start(mine)).body.flowId
    const theirFlow = (await start(theirs)).body.flowId
    const myCode = bench.lastCode(mine)
    expect((await verify(theirFlow, myCode)).body?.code).toBe(unlessSame(myCode, bench.lastCode(theirs)))
    const again = (await start(mine)).body.flowId
    expect((await verify(again, myCode)).body?.code).toBe(unlessSame(myCode, bench.lastCode(mine)))
    expect((await verify(myFlow, myCode)).status).toBe(204)
  })

  test('a code lives five minutes; a resend waits 30 seconds and voids the code before', async () => {
    const phone = newPhone()
    const { flowId, resendAt } = (await start(phone)).body
    const resend = () => bench.call('POST', '/api/sign-up/resend', { flowId })
    expect((await resend()).body).toMatchObject({ code: 'code_send_limit', values: { untilAt: resendAt } })
    const old = bench.lastCode(phone)
    bench.platform.clock.advance(5 * 60_000)
    expect((await verify(flowId, old)).body.code).toBe('code_expired')
    expect((await resend()).status).toBe(200)
    const fresh = bench.lastCode(phone)
    expect((await verify(flowId, old)).body?.code).toBe(unlessSame(old, fresh))
    expect((await verify(flowId, fresh)).status).toBe(204)
    expect((await resend()).body.code).toBe('flow_invalid')
  })

  test('A6 a contact with an account is answered like a stranger; only the contact itself is told', async () => {
    const known = newPhone()
    const unknown = newPhone()
    await bench.signUp(known)
    const messages = bench.sent.length
    const [a, b] = [await start(known), await start(unknown)]
    const shape = (answer: typeof a) => [answer.status, Object.keys(answer.body).sort(), answer.body.channel]
    expect(shape(a)).toEqual(shape(b))
    expect(bench.sent.slice(messages).map((message) => message.template)).toEqual([
      'sign_up_known',
      'sign_up_code',
    ])
    const code = '000000'
    const tries = async (flowId: string) => {
      const answers = []
      for (let guess = 0; guess < 6; guess++) {
        const { status, body } = await verify(flowId, code === bench.lastCode(unknown) ? '111111' : code)
        answers.push([status, body.code, body.values])
      }
      return answers
    }
    expect(await tries(a.body.flowId)).toEqual(await tries(b.body.flowId))
    bench.platform.clock.advance(60_000)
    expect((await bench.call('POST', '/api/sign-up/resend', { flowId: a.body.flowId })).body.code).toBe(
      (await bench.call('POST', '/api/sign-up/resend', { flowId: b.body.flowId })).body.code,
    )
  })

  test('A9 messages to one contact, and from one network, are limited', async () => {
    const phone = newPhone()
    for (let send = 0; send < 5; send++) expect((await start(phone, '198.51.100.9')).status).toBe(200)
    const refused = await start(phone, '198.51.100.10')
    expect(refused.status).toBe(429)
    expect(refused.body.code).toBe('code_send_limit')
    expect(Date.parse(refused.body.values.untilAt) - bench.platform.clock.now().getTime()).toBe(3_600_000)
    const statuses = []
    for (let send = 0; send < 57; send++) statuses.push((await start(newPhone(), '198.51.100.9')).status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(55)
    expect((await start(newPhone(), '198.51.100.77')).status).toBe(200)
    bench.platform.clock.advance(3_600_000)
    expect((await start(phone, '198.51.100.9')).status).toBe(200)
  })

  test('the database holds no code, password, PIN or token that can be read', async () => {
    const phone = newPhone()
    const finished = await bench.signUp(phone, { pin: '593027' })
    const code = bench.lastCode(phone)
    for (const table of ['customers', 'pins', 'sessions', 'flows', 'devices']) {
      const rows = await bench.platform.db.read.rows<{ row: string }>(
        `SELECT (entry.*)::text AS row FROM identity.${table} AS entry`,
      )
      const text = rows.map((row) => row.row).join('\n')
      for (const secret of [goodPassword, finished.cookies['tuntas_session']!])
        expect(text).not.toContain(secret)
      expect(text).not.toMatch(new RegExp(`[,(]"?(${code}|593027)"?[,)]`))
    }
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import { apiScope, createFace, type Face } from '#platform/http.ts'
import { hashPassword } from '#platform/passwords.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import { createAudit, type Audit } from '#modules/audit/index.ts'
import { createStaff, type Role, type Staff } from './index.ts'

let platform: TestPlatform
let audit: Audit
let staff: Staff
let app: Face
let passwordHash: string
const password = 'meja kayu di teras'

beforeAll(async () => {
  platform = await createTestPlatform()
  audit = createAudit(platform)
  staff = createStaff(platform, { audit })
  const publicUrl = platform.config.agentsUrl
  app = createFace(platform, { name: 'agents', publicUrl })
  await apiScope(
    app,
    { docsPath: '/docs/console', title: 'Console', description: '', caller: 'browser', publicUrl },
    (api) => staff.routes(api),
  )
  await app.ready()
  passwordHash = await hashPassword(password)
})
afterAll(async () => {
  await app.close()
  await platform.close()
})
beforeEach(() => platform.clock.advance(25 * 3_600_000))

let number = 0
async function agent(role: Role = 'agent', options: { available?: boolean } = {}) {
  const email = `agent${++number}@tuntas.example`
  const [id] = await platform.db.transaction((tx) =>
    staff.createAgents(tx, [
      { email, displayName: 'Rani', role, passwordHash, createdAt: platform.clock.now(), ...options },
    ]),
  )
  return { id: id!, email, agentId: id!, role }
}

async function call(
  method: 'GET' | 'POST' | 'PUT',
  url: string,
  options: { body?: object; cookies?: Record<string, string> } = {},
) {
  const response = await app.inject({
    method,
    url,
    headers: { 'x-tuntas-csrf': '1' },
    cookies: options.cookies ?? {},
    ...(options.body ? { payload: options.body } : {}),
  })
  return {
    status: response.statusCode,
    body: response.body === '' ? undefined : response.json(),
    cookies: Object.fromEntries(response.cookies.map((cookie) => [cookie.name, cookie.value])),
    setCookie: String(response.headers['set-cookie'] ?? ''),
  }
}
const signIn = (email: string, given = password, cookies?: Record<string, string>) =>
  call('POST', '/api/sign-in', { body: { email, password: given }, ...(cookies ? { cookies } : {}) })
const me = (cookies: Record<string, string>) => call('GET', '/api/me', { cookies })

describe('R5 presence: the password again', () => {
  const prove = (cookies: Record<string, string>, given = password) =>
    call('POST', '/api/me/presence', { cookies, body: { password: given } })
  const isPresent = async (cookies: Record<string, string>) => {
    const session = await staff.authenticate({
      headers: { cookie: `tuntas_staff=${cookies['tuntas_staff']}` },
    })
    try {
      staff.requirePresence(session)
      return true
    } catch (error) {
      expect(error).toMatchObject({ code: 'presence_required' })
      return false
    }
  }

  test('signing in is no proof; the password is, for five minutes and for this session alone', async () => {
    const { id, email } = await agent('lead')
    const [{ cookies }, other] = [await signIn(email), await signIn(email)]
    expect(await isPresent(cookies)).toBe(false)
    expect((await me(cookies)).body.presentUntil).toBeUndefined()
    const proved = await prove(cookies)
    const until = new Date(platform.clock.now().getTime() + 5 * 60_000).toISOString()
    expect(proved).toMatchObject({ status: 200, body: { agentId: id, presentUntil: until } })
    expect((await me(cookies)).body).toEqual(proved.body)
    expect([await isPresent(cookies), await isPresent(other.cookies)]).toEqual([true, false])
    platform.clock.advance(5 * 60_000)
    expect(await isPresent(cookies)).toBe(true)
    platform.clock.advance(1)
    expect(await isPresent(cookies)).toBe(false)
  })

  test('a wrong one proves nothing; after five the right one must wait too, while signing in does not', async () => {
    const { id, email } = await agent('lead')
    const { cookies } = await signIn(email)
    // At once, as who guesses would send them.
    const wrong = await Promise.all(Array.from({ length: 12 }, () => prove(cookies, 'something else')))
    const codes = wrong.map(({ body }) => body.code)
    expect(codes.filter((code) => code === 'password_wrong').length).toBe(5)
    expect(codes.filter((code) => code === 'password_locked').length).toBe(7)
    expect(await prove(cookies)).toMatchObject({ status: 429, body: { code: 'password_locked' } })
    expect(await isPresent(cookies)).toBe(false)
    expect((await signIn(email)).status).toBe(200)
    platform.clock.advance(60_000)
    expect((await prove(cookies)).status).toBe(200)
    const told = (
      await platform.db.read.rows<{ action: string }>(
        "SELECT action FROM audit.entries WHERE who_id = $1 AND action LIKE 'staff_presence.%' ORDER BY batch",
        [id],
      )
    ).map(({ action }) => action)
    expect(told).toEqual([
      ...Array.from({ length: 5 }, () => 'staff_presence.refused'),
      'staff_presence.proved',
    ])
  })

  test('nobody proves anything without a session', async () => {
    expect((await prove({})).body.code).toBe('session_expired')
    const { email } = await agent()
    const { cookies } = await signIn(email)
    await call('POST', '/api/sign-out', { cookies })
    expect((await prove(cookies)).body.code).toBe('session_expired')
  })
})

describe('sign-in of agents', () => {
  test('with e-mail and password; the cookie is for this address only', async () => {
    const { id, email } = await agent('lead')
    const answer = await signIn(` ${email.toUpperCase()} `)
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ agentId: id, email, role: 'lead', available: false })
    expect(answer.body.rights).toContain('case.assign')
    expect(answer.setCookie).toMatch(/tuntas_staff=.*HttpOnly.*SameSite=Strict/)
    expect((await me(answer.cookies)).body).toEqual(answer.body)
  })

  test('wrong passwords and unknown addresses are answered alike, and lock alike', async () => {
    const { email } = await agent()
    const tries = async (address: string) => {
      const answers = []
      for (let attempt = 0; attempt < 6; attempt++) {
        const { status, body } = await signIn(address, 'something else')
        answers.push({ status, ...body, instance: undefined })
      }
      return answers
    }
    const answers = await tries(email)
    expect(answers).toEqual(await tries('nobody@tuntas.example'))
    expect(answers.map((answer) => answer.code)).toEqual([
      ...Array.from({ length: 5 }, () => 'credentials_wrong'),
      'sign_in_locked',
    ])
    expect((await signIn(email)).body.code).toBe('sign_in_locked')
    platform.clock.advance(60_000)
    expect((await signIn(email)).status).toBe(200)
  })

  test("R8 a customer's cookie is worth nothing here, whatever its value", async () => {
    const { email } = await agent()
    const { cookies } = await signIn(email)
    expect((await me({ tuntas_session: cookies['tuntas_staff']! })).body.code).toBe('session_expired')
  })

  test('A10 each sign-in makes a new token and ends the one that the browser brings', async () => {
    const { email } = await agent()
    const first = await signIn(email)
    const second = await signIn(email, password, first.cookies)
    expect(second.cookies['tuntas_staff']).not.toBe(first.cookies['tuntas_staff'])
    expect((await me(first.cookies)).status).toBe(401)
    expect((await me(second.cookies)).status).toBe(200)
  })

  test('a session ends after half an hour without use, after twelve hours, and by signing out', async () => {
    const { email } = await agent()
    const idle = (await signIn(email)).cookies
    platform.clock.advance(30 * 60_000)
    expect((await me(idle)).body).toMatchObject({
      code: 'session_expired',
      values: { end: 'unused', afterMinutes: 30 },
    })
    const used = (await signIn(email)).cookies
    for (let minutes = 0; minutes < 12 * 60 - 20; minutes += 20) {
      platform.clock.advance(20 * 60_000)
      expect((await me(used)).status).toBe(200)
    }
    platform.clock.advance(20 * 60_000)
    expect((await me(used)).body.values).toEqual({ end: 'age', afterMinutes: 12 * 60 })
    const signedOut = (await signIn(email)).cookies
    expect((await call('POST', '/api/sign-out', { cookies: signedOut })).status).toBe(204)
    expect((await me(signedOut)).status).toBe(401)
  })
})

describe('availability', () => {
  test('agents and leads who take cases are listed; auditors never', async () => {
    const one = await agent('agent')
    const { cookies } = await signIn(one.email)
    const told: [string, boolean][] = []
    staff.onAvailabilityChanged((agentId, available) => void told.push([agentId, available]))
    const listed = async () => (await staff.availableAgents()).some((entry) => entry.id === one.id)
    const answer = await call('PUT', '/api/me/availability', { cookies, body: { available: true } })
    expect(answer.body.available).toBe(true)
    expect((await me(cookies)).body.available).toBe(true)
    expect(await listed()).toBe(true)
    await call('PUT', '/api/me/availability', { cookies, body: { available: false } })
    expect(await listed()).toBe(false)
    expect(told).toEqual([
      [one.id, true],
      [one.id, false],
    ])
    const auditor = await agent('auditor', { available: true })
    const auditorCookies = (await signIn(auditor.email)).cookies
    expect(
      (await call('PUT', '/api/me/availability', { cookies: auditorCookies, body: { available: true } })).body
        .code,
    ).toBe('forbidden')
    expect((await staff.availableAgents()).some((entry) => entry.id === auditor.id)).toBe(false)
  })

  test('who takes cases is listed while they are signed in: seen within half an hour, and not signed out', async () => {
    const one = await agent('agent', { available: true })
    const here = async () => [
      (await staff.availableAgents()).some((entry) => entry.id === one.id),
      (await staff.signedInAmong(platform.db.read, [one.id])).has(one.id),
    ]
    // A switch alone is nobody.
    expect(await here()).toEqual([false, false])
    const { cookies } = await signIn(one.email)
    expect(await here()).toEqual([true, true])
    await call('PUT', '/api/me/availability', { cookies, body: { available: false } })
    expect(await here()).toEqual([false, true])
    await call('PUT', '/api/me/availability', { cookies, body: { available: true } })
    platform.clock.advance(29 * 60_000)
    expect(await here()).toEqual([true, true])
    await me(cookies)
    platform.clock.advance(29 * 60_000)
    expect(await here()).toEqual([true, true])
    platform.clock.advance(60_000)
    expect(await here()).toEqual([false, false])
    const again = (await signIn(one.email)).cookies
    expect(await here()).toEqual([true, true])
    await call('POST', '/api/sign-out', { cookies: again })
    expect(await here()).toEqual([false, false])
  })
})

describe('roles and access', () => {
  test('R4 nobody gives themselves a role, and agents give none', async () => {
    const [lead, plain] = [await agent('lead'), await agent('agent')]
    await expect(staff.changeAccess(lead, { agentId: lead.id, role: 'auditor' })).rejects.toMatchObject({
      code: 'forbidden',
    })
    await expect(staff.changeAccess(plain, { agentId: lead.id, role: 'agent' })).rejects.toMatchObject({
      code: 'forbidden',
    })
    expect((await signIn(lead.email)).body.role).toBe('lead')
  })

  test('R9 a demoted or disabled agent is out at once, and every process hears of it once', async () => {
    const [lead, plain] = [await agent('lead'), await agent('agent', { available: true })]
    const elsewhere = createStaff({ ...platform }, { audit })
    const heard = { here: [] as string[], elsewhere: [] as string[] }
    staff.onAccessChanged((agentId) => void heard.here.push(agentId))
    elsewhere.onAccessChanged((agentId) => void heard.elsewhere.push(agentId))
    // The first look only notes where this process begins.
    await elsewhere.noticeAccessChanges()
    const { cookies } = await signIn(plain.email)
    await staff.changeAccess(lead, { agentId: plain.id, disabled: true })
    expect((await me(cookies)).body.code).toBe('session_expired')
    expect((await signIn(plain.email)).body.code).toBe('credentials_wrong')
    expect((await staff.availableAgents()).some((entry) => entry.id === plain.id)).toBe(false)
    await elsewhere.noticeAccessChanges()
    await elsewhere.noticeAccessChanges()
    expect(heard).toEqual({ here: [plain.id], elsewhere: [plain.id] })
    await staff.changeAccess(lead, { agentId: plain.id, disabled: true })
    expect(heard.here).toEqual([plain.id])
    const entries = await audit.about('agent', plain.id)
    expect(entries.find((entry) => entry.action === 'staff.changed')).toMatchObject({
      who_id: lead.id,
      detail: { from: { disabled: false }, to: { disabled: true } },
    })
    const demoted = await agent('lead')
    const open = (await signIn(demoted.email)).cookies
    await staff.changeAccess(lead, { agentId: demoted.id, role: 'agent' })
    expect((await me(open)).body.code).toBe('session_expired')
    expect((await signIn(demoted.email)).body.role).toBe('agent')
    const events = await platform.db.read.rows("SELECT FROM platform.outbox WHERE type = 'staff.changed'")
    expect(events).toHaveLength(2)
  })

  test('fifty changes at the same time are all told, in one order', async () => {
    const lead = await agent('lead')
    const list = await Promise.all(Array.from({ length: 50 }, () => agent()))
    const heard: string[] = []
    staff.onAccessChanged((agentId) => void heard.push(agentId))
    await Promise.all(list.map(({ id }) => staff.changeAccess(lead, { agentId: id, role: 'auditor' })))
    expect(heard.toSorted()).toEqual(list.map(({ id }) => id).toSorted())
  })
})

describe('grants', () => {
  test('R13 a case lets one agent look at one customer, until its time or its end', async () => {
    const [one, two] = [await agent(), await agent()]
    const [customerId, stranger, caseId, otherCase] = [uuidv7(), uuidv7(), uuidv7(), uuidv7()]
    const untilAt = new Date(platform.clock.now().getTime() + 3_600_000)
    const grant = (agentId: string, id: string) => ({ agentId, customerId, caseId: id, untilAt })
    await platform.db.transaction((tx) =>
      staff.grant(tx, [grant(one.id, caseId), grant(one.id, otherCase), grant(two.id, caseId)]),
    )
    expect(await staff.mayLookAt(one.id, customerId)).toBe(true)
    expect(await staff.mayLookAt(one.id, stranger)).toBe(false)
    await platform.db.transaction((tx) => staff.endGrants(tx, caseId, one.id))
    expect(await staff.mayLookAt(one.id, customerId)).toBe(true)
    await platform.db.transaction((tx) => staff.endGrants(tx, otherCase))
    expect(await staff.mayLookAt(one.id, customerId)).toBe(false)
    expect(await staff.mayLookAt(two.id, customerId)).toBe(true)
    platform.clock.advance(3_600_000)
    expect(await staff.mayLookAt(two.id, customerId)).toBe(false)
    const later = new Date(platform.clock.now().getTime() + 1000)
    await platform.db.transaction((tx) => staff.grant(tx, [{ ...grant(two.id, caseId), untilAt: later }]))
    expect(await staff.mayLookAt(two.id, customerId)).toBe(true)
  })
})

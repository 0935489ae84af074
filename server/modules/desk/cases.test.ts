// Cases over HTTP on a real database: who gets them, who may do what, what money and contacts they open, how they are found.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { referenceOf, uuidv7 } from '#contract/ids.ts'
import { createDeskBench, type DeskBench, type TestAgent } from './for-tests.ts'

let bench: DeskBench
let agent: TestAgent
let colleague: TestAgent
let lead: TestAgent
beforeAll(async () => {
  bench = await createDeskBench()
  agent = await bench.agent({ available: false, name: 'Bagus Pratama' })
  colleague = await bench.agent({ available: false, name: 'Citra Dewi' })
  lead = await bench.agent({ available: false, role: 'lead', name: 'Rudi Hartono' })
})
afterAll(() => bench?.close())

const post = (who: TestAgent, caseId: string, what: string, body: object = {}) =>
  bench.asAgent(who, 'POST', `/api/cases/${caseId}/${what}`, body)
const reply = (who: TestAgent, caseId: string, text = 'Hello') =>
  post(who, caseId, 'messages', { clientMessageId: uuidv7(), kind: 'text', text })
const read = (who: TestAgent, caseId: string) => bench.asAgent(who, 'GET', `/api/cases/${caseId}`)
const facts = async (caseId: string) =>
  (
    await bench.platform.db.read.rows<{ fact: string }>(
      `SELECT fact FROM desk.messages JOIN desk.conversations AS c ON c.id = conversation_id
       WHERE c.case_id = $1 AND kind = 'fact' ORDER BY sequence`,
      [caseId],
    )
  ).map((row) => row.fact)

describe('opening', () => {
  test('asking twice about the same payment gives one case, about another a second one', async () => {
    const customer = bench.customer()
    const [first, second] = [bench.payment(customer), bench.payment(customer)]
    const open = async (about?: string) =>
      (await bench.asCustomer(customer, 'POST', '/api/conversations', about ? { about } : {})).body
    const one = await open(first)
    expect((await open(first)).id).toBe(one.id)
    expect((await open(second)).id).not.toBe(one.id)
    expect((await open()).id).not.toBe(one.id)
    expect(one.about.reference).toBe(first)
  })

  test('the subject comes from the live facts', async () => {
    const customer = bench.customer()
    const subject = async (about?: string) =>
      (await read(agent, (await bench.ask(customer, 'hi', about)).caseId)).body.subject
    expect(await subject(bench.payment(customer))).toBe('payment_not_arrived')
    expect(await subject(bench.payment(customer, { state: 'failed', hops: [] }))).toBe('payment_failed')
    expect(await subject(bench.payment(customer, { state: 'completed', hops: [] }))).toBe('payment')
    expect(await subject()).toBe('general')
  })

  test('R1 nobody opens a case about the money of somebody else, and cannot tell it from none', async () => {
    const reference = bench.payment(bench.customer())
    const stranger = bench.customer()
    const theirs = await bench.asCustomer(stranger, 'POST', '/api/conversations', { about: reference })
    const none = await bench.asCustomer(stranger, 'POST', '/api/conversations', {
      about: referenceOf('TN', 999_999n),
    })
    expect([theirs.status, theirs.body.code]).toEqual([404, 'not_found'])
    expect({ ...none.body, instance: '' }).toEqual({ ...theirs.body, instance: '' })
  })

  test('nothing stands in the queue before the first message', async () => {
    const customer = bench.customer('Empty Opener')
    await bench.asCustomer(customer, 'POST', '/api/conversations', {})
    const { body } = await bench.asAgent(agent, 'GET', '/api/search?q=Empty')
    expect(body.cases).toEqual([])
  })
})

describe('whose it is', () => {
  test("R1 R3 another customer's conversation is not found: not read, not by cursor, not written, not marked", async () => {
    const { conversationId } = await bench.ask(bench.customer(), 'a secret of mine')
    const stranger = bench.customer()
    const url = `/api/conversations/${conversationId}`
    const answers = await Promise.all([
      bench.asCustomer(stranger, 'GET', url),
      bench.asCustomer(stranger, 'GET', `${url}/messages`),
      bench.asCustomer(stranger, 'GET', `${url}/messages?after=0`),
      bench.asCustomer(stranger, 'POST', `${url}/read`, { sequence: 1 }),
      bench.write(stranger, conversationId, 'let me in'),
    ])
    expect(answers.map((answer) => [answer.status, answer.body?.code])).toEqual(
      answers.map(() => [404, 'not_found']),
    )
    const { count } = await bench.platform.db.read.one<{ count: bigint }>(
      'SELECT count(*) FROM desk.messages WHERE conversation_id = $1',
      [conversationId],
    )
    expect(count).toBe(1n)
  })

  test('R3 a cursor counts within one’s own conversation, from whatever number', async () => {
    const [customer, other] = [bench.customer(), bench.customer()]
    const { conversationId } = await bench.ask(customer, 'mine')
    const theirs = await bench.ask(other, 'a secret of theirs')
    await bench.write(other, theirs.conversationId, 'another secret of theirs')
    const seen = async (after: number) => {
      const url = `/api/conversations/${conversationId}/messages?after=${after}`
      return (await bench.asCustomer(customer, 'GET', url)).body.messages.map(
        (line: { text: string }) => line.text,
      )
    }
    expect([await seen(0), await seen(1), await seen(2)]).toEqual([['mine'], [], []])
  })

  test("R3 a stranger's repeat of a customer's message id does not answer with the message", async () => {
    const customer = bench.customer()
    const { conversationId } = await bench.ask(customer)
    const id = uuidv7()
    await bench.write(customer, conversationId, 'a secret of mine', id)
    const answer = await bench.write(bench.customer(), conversationId, 'x', id)
    expect([answer.status, JSON.stringify(answer.body).includes('secret')]).toEqual([404, false])
  })

  test("R8 a customer's cookie is worth nothing on the agents' side, and an agent's nothing on the customers'", async () => {
    const customer = bench.customer()
    const { conversationId, caseId } = await bench.ask(customer)
    const asStaff = await bench.asAgent({ id: customer, cookie: customer }, 'GET', `/api/cases/${caseId}`)
    const asOwner = await bench.asCustomer(agent.cookie, 'GET', `/api/conversations/${conversationId}`)
    expect([asStaff.body.code, asOwner.body.code]).toEqual(['session_expired', 'session_expired'])
  })

  test('R11 what a request may not set is refused, not ignored', async () => {
    const customer = bench.customer()
    const { conversationId } = await bench.ask(customer)
    const answer = await bench.asCustomer(customer, 'POST', `/api/conversations/${conversationId}/messages`, {
      clientMessageId: uuidv7(),
      text: 'hi',
      author: 'agent',
    })
    expect(answer.body.code).toBe('validation_failed')
  })

  test('R12 nobody serves their own wallet, whatever their role', async () => {
    const customer = bench.customer()
    const { caseId } = await bench.ask(customer)
    const body = { clientMessageId: uuidv7(), kind: 'note', text: 'x' }
    for (const role of ['agent', 'lead'] as const) {
      const own = await bench.agent({ role, available: false, customerId: customer })
      const answers = await Promise.all([
        read(own, caseId),
        bench.asAgent(own, 'GET', `/api/cases/${caseId}/messages`),
        post(own, caseId, 'take'),
        post(own, caseId, 'solve'),
        post(own, caseId, 'messages', body),
        post(own, caseId, 'reveal', { field: 'phone', reason: 'call_back' }),
      ])
      expect(answers.map((answer) => answer.body.code)).toEqual(answers.map(() => 'forbidden'))
    }
  })

  test('R12 a new case is never given to the agent whose own it is', async () => {
    const customer = bench.customer()
    const own = await bench.agent({ customerId: customer })
    const { caseId } = await bench.ask(customer)
    expect((await read(lead, caseId)).body.agentId).not.toBe(own.id)
    await bench.platform.db.read.run('UPDATE staff.agents SET available = false WHERE id = $1', [own.id])
  })
})

describe('working on a case', () => {
  test('new cases go to whoever is available and has the fewest', async () => {
    const [one, other] = await Promise.all([bench.agent(), bench.agent()])
    for (let count = 0; count < 6; count++) await bench.ask(bench.customer())
    const rows = await bench.platform.db.read.rows<{ agent_id: string; count: bigint }>(
      'SELECT agent_id, count(*) FROM desk.cases WHERE agent_id = ANY($1::uuid[]) GROUP BY agent_id',
      [[one.id, other.id]],
    )
    expect(rows.map((row) => row.count)).toEqual([3n, 3n])
    await bench.platform.db.read.run('UPDATE staff.agents SET available = false')
  })

  test('two agents take the same case at once: one has it, the other hears of it', async () => {
    const { caseId } = await bench.ask(bench.customer())
    const answers = await Promise.all([post(agent, caseId, 'take'), post(colleague, caseId, 'take')])
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409])
    expect(answers.find((answer) => answer.status === 409)!.body.code).toBe('conflict')
  })

  test('take, answer, give back, solve, and write again: states, facts and the first reply', async () => {
    const customer = bench.customer()
    const { caseId, conversationId } = await bench.ask(customer)
    expect((await post(agent, caseId, 'take')).body).toMatchObject({
      agentId: agent.id,
      state: 'waiting_agent',
    })
    bench.platform.clock.advance(38_000)
    await reply(agent, caseId)
    const answered = (await read(agent, caseId)).body
    expect(answered.state).toBe('waiting_customer')
    expect(Date.parse(answered.firstRepliedAt) - Date.parse(answered.openedAt)).toBe(38_000)
    expect((await reply(colleague, caseId)).body.code).toBe('forbidden')
    expect((await post(agent, caseId, 'release')).body.agentId).toBeUndefined()
    await post(colleague, caseId, 'take')
    expect((await post(colleague, caseId, 'solve')).body.state).toBe('solved')
    expect((await reply(colleague, caseId)).body.code).toBe('case_closed')
    const look = async () =>
      (await bench.asAgent(colleague, 'GET', `/api/cases/${caseId}/money/TN-0000-0000`)).body.code
    expect(await look()).toBe('reason_required')
    await bench.write(customer, conversationId, 'it is still not there')
    // Open again with the same agent, who may look again: there is just nothing of this reference.
    expect(await look()).toBe('not_found')
    expect((await read(colleague, caseId)).body.state).toBe('waiting_agent')
    expect(await facts(caseId)).toEqual(['agent_joined', 'agent_left', 'case_solved', 'case_reopened'])
  })

  test('money is read only by the reference that the case holds, and only that of its customer is attached', async () => {
    const customer = bench.customer()
    const [held, loose] = [bench.payment(customer), bench.payment(customer)]
    const foreign = bench.payment(bench.customer())
    const { caseId } = await bench.ask(customer, 'where is it', held)
    await post(agent, caseId, 'take')
    const money = (reference: string) =>
      bench.asAgent(agent, 'GET', `/api/cases/${caseId}/money/${reference}`)
    expect((await money(held)).body.reference).toBe(held)
    expect((await money(loose)).body.code).toBe('not_found')
    expect((await money(foreign)).body.code).toBe('not_found')
    expect((await post(agent, caseId, 'references', { reference: foreign })).body.code).toBe('not_found')
    expect((await post(agent, caseId, 'references', { reference: loose })).body.references).toEqual([
      held,
      loose,
    ])
    expect((await money(loose)).body.reference).toBe(loose)
  })
})

describe('looking at a contact', () => {
  test('R13 without a case of their own nobody sees a contact, and no look is noted', async () => {
    const customer = bench.customer()
    const { caseId } = await bench.ask(customer)
    const answer = await post(agent, caseId, 'reveal', { field: 'phone', reason: 'call_back' })
    expect([answer.body.code, JSON.stringify(answer.body).includes('2290')]).toEqual([
      'reason_required',
      false,
    ])
    expect((await bench.asCustomer(customer, 'GET', '/api/me/looks')).body.looks).toEqual([])
  })

  test('a look has a reason, ends by itself, and is seen by the customer, the case and the audit', async () => {
    const customer = bench.customer()
    const { caseId } = await bench.ask(customer)
    await post(agent, caseId, 'take')
    expect((await post(agent, caseId, 'reveal', { field: 'phone' })).body.code).toBe('validation_failed')
    const { body } = await post(agent, caseId, 'reveal', { field: 'phone', reason: 'call_back' })
    const now = bench.platform.clock.now()
    expect(body).toEqual({
      field: 'phone',
      value: '+6281255502290',
      visibleUntil: new Date(now.getTime() + 300_000).toISOString(),
    })
    const look = { agentName: 'Bagus Pratama', field: 'phone', reason: 'call_back', at: now.toISOString() }
    expect((await bench.asCustomer(customer, 'GET', '/api/me/looks')).body.looks).toMatchObject([look])
    expect((await read(agent, caseId)).body.looks).toMatchObject([look])
    expect(await bench.audit.about('customer', customer)).toHaveLength(1)
    const told = await bench.platform.db.read.rows(
      'SELECT FROM platform.outbox WHERE customer_id = $1 AND live_customer @> \'[{"type": "look.recorded"}]\'',
      [customer],
    )
    expect(told).toHaveLength(1)
  })

  test('R13 giving the case back or solving it ends the right to look', async () => {
    for (const end of ['release', 'solve']) {
      const { caseId } = await bench.ask(bench.customer())
      await post(agent, caseId, 'take')
      await post(agent, caseId, end)
      const answer = await post(agent, caseId, 'reveal', { field: 'phone', reason: 'call_back' })
      expect(answer.body.code).toBe('reason_required')
    }
  })
})

describe('finding and counting', () => {
  test('pages of the queue show every case once, and every page the whole count', async () => {
    const mine = await bench.agent()
    for (let count = 0; count < 7; count++) {
      bench.platform.clock.advance(1000)
      const { caseId } = await bench.ask(bench.customer())
      if (count % 2 === 0) await reply(mine, caseId)
    }
    const seen: string[] = []
    const counted = new Set<number>()
    let after = ''
    for (let page = 0; page < 10; page++) {
      const { body } = await bench.asAgent(mine, 'GET', `/api/cases?view=mine&limit=2${after}`)
      counted.add(body.counts.mine)
      seen.push(...body.cases.map((card: { id: string }) => card.id))
      if (!body.next) break
      after = `&after=${encodeURIComponent(body.next)}`
    }
    expect(counted).toEqual(new Set([7]))
    expect(seen).toHaveLength(7)
    expect(new Set(seen).size).toBe(7)
    await bench.platform.db.read.run('UPDATE staff.agents SET available = false')
  })

  test('a cursor that was made up is refused', async () => {
    const { body } = await bench.asAgent(
      agent,
      'GET',
      `/api/cases?view=team&after=${encodeURIComponent("x' OR 1=1")}`,
    )
    expect(body.code).toBe('validation_failed')
  })

  test('search finds a case by its number, by a reference as people type it, and by a name', async () => {
    const customer = bench.customer('Yohanes Simanjuntak')
    const reference = bench.payment(customer)
    const { caseId } = await bench.ask(customer, 'hello', reference)
    const { number } = (await read(agent, caseId)).body
    for (const text of [
      number,
      number.toLowerCase(),
      reference.replaceAll('-', '').toLowerCase(),
      'yohanes',
    ]) {
      const { body } = await bench.asAgent(agent, 'GET', `/api/search?q=${encodeURIComponent(text)}`)
      expect(
        body.cases.map((card: { id: string }) => card.id),
        text,
      ).toEqual([caseId])
    }
  })

  test('R12 R3 lists and search do not show staff the case of their own wallet', async () => {
    const customer = bench.customer('Putri Anggraini')
    const own = await bench.agent({ available: false, customerId: customer })
    await bench.ask(customer, 'a private matter')
    const answers = await Promise.all([
      bench.asAgent(own, 'GET', '/api/search?q=Putri'),
      bench.asAgent(own, 'GET', '/api/cases?view=team&limit=100'),
    ])
    expect(JSON.stringify(answers)).not.toContain('a private matter')
  })

  test('the wall is for leads, and counts what the database holds', async () => {
    expect((await bench.asAgent(agent, 'GET', '/api/wall')).body.code).toBe('forbidden')
    const { body: before } = await bench.asAgent(lead, 'GET', '/api/wall')
    const { caseId } = await bench.ask(bench.customer())
    bench.platform.clock.advance(180_000)
    const { body: waiting } = await bench.asAgent(lead, 'GET', '/api/wall')
    expect([waiting.waiting, waiting.open]).toEqual([before.waiting + 1, before.open + 1])
    await post(lead, caseId, 'solve')
    const { body: after } = await bench.asAgent(lead, 'GET', '/api/wall')
    expect([after.open, after.solvedToday]).toEqual([before.open, before.solvedToday + 1])
  })
})

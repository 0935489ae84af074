// How a case ends, what its customer says of it, and how "not solved" comes to a supervisor.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import { createDeskBench, type DeskBench, type TestAgent } from './for-tests.ts'

let bench: DeskBench
let agent: TestAgent
let lead: TestAgent
beforeAll(async () => {
  bench = await createDeskBench()
  agent = await bench.agent({ available: false })
  lead = await bench.agent({ role: 'lead', name: 'Dewi Lestari' })
})
afterAll(() => bench?.close())

const post = (who: TestAgent, caseId: string, what: string, body: object = {}) =>
  bench.asAgent(who, 'POST', `/api/cases/${caseId}/${what}`, body)
const act = (customer: string, conversationId: string, what: string, body: object) =>
  bench.asCustomer(customer, 'POST', `/api/conversations/${conversationId}/${what}`, body)
const reopen = (customer: string, conversationId: string, clientMessageId = uuidv7()) =>
  act(customer, conversationId, 'reopen', { missing: 'The shop still has nothing', clientMessageId })

async function solved(outcome?: string) {
  const customer = bench.customer()
  const { caseId, conversationId } = await bench.ask(customer)
  await post(agent, caseId, 'take')
  await post(agent, caseId, 'messages', { clientMessageId: uuidv7(), kind: 'text', text: 'Done' })
  const answer = await post(agent, caseId, 'solve', outcome ? { outcome } : {})
  return { customer, caseId, conversationId, answer }
}

describe('an outcome', () => {
  test('is seen by the customer and stands in the thread; without one it is solved', async () => {
    const { customer, conversationId, answer } = await solved('money_returned')
    expect(answer.body).toMatchObject({ state: 'solved', outcome: 'money_returned', solvedBy: 'agent' })
    const { body } = await bench.asCustomer(customer, 'GET', `/api/conversations/${conversationId}`)
    expect(body).toMatchObject({ state: 'solved', outcome: 'money_returned', canRate: true })
    const { messages } = (
      await bench.asCustomer(customer, 'GET', `/api/conversations/${conversationId}/messages`)
    ).body
    expect(messages.at(-1)).toMatchObject({ fact: 'case_solved', factValues: { outcome: 'money_returned' } })
    expect((await solved()).answer.body.outcome).toBe('solved')
  })

  test('is told to the customer by notice, once for each closing, however often it is pressed', async () => {
    const { customer, caseId, conversationId } = await solved('explained')
    const told = () => bench.done.filter((line) => line.startsWith(`solved ${conversationId}`))
    const { caseNumber } = (await bench.asCustomer(customer, 'GET', `/api/conversations/${conversationId}`))
      .body
    await Promise.all(Array.from({ length: 5 }, () => post(agent, caseId, 'solve', { outcome: 'withdrawn' })))
    expect(told()).toEqual([`solved ${conversationId} ${caseNumber} explained`])
    await post(agent, caseId, 'release')
    await post(agent, caseId, 'take')
    expect(told()).toHaveLength(1)
    await reopen(customer, conversationId)
    expect(told()).toHaveLength(1)
    await Promise.all(
      Array.from({ length: 5 }, () => post(lead, caseId, 'solve', { outcome: 'money_returned' })),
    )
    expect(told().slice(1)).toEqual([`solved ${conversationId} ${caseNumber} money_returned`])
  })

  test('is new to the customer, in the list of conversations too, until they have read it', async () => {
    const customer = bench.customer()
    const { caseId, conversationId } = await bench.ask(customer)
    await post(agent, caseId, 'take')
    const unread = async () =>
      (await bench.asCustomer(customer, 'GET', '/api/conversations')).body.conversations.map(
        (conversation: { unread: number }) => conversation.unread,
      )
    expect(await unread()).toEqual([0])
    await post(agent, caseId, 'solve')
    expect(await unread()).toEqual([1])
    await act(customer, conversationId, 'read', { sequence: 999 })
    expect(await unread()).toEqual([0])
  })

  test('of another kind is refused', async () => {
    const { answer } = await solved('forgotten')
    expect(answer.body.code).toBe('validation_failed')
  })

  test('does not come over words that the agent has not seen: the case stays open, and closes once they are read', async () => {
    const customer = bench.customer()
    const { caseId, conversationId } = await bench.ask(customer)
    await post(agent, caseId, 'take')
    const lastSeen = async () =>
      (await bench.asAgent(agent, 'GET', `/api/cases/${caseId}/messages`)).body.messages.at(-1)
        .sequence as number
    const seen = await lastSeen()
    await bench.write(customer, conversationId, 'It came twice')
    const refused = await post(agent, caseId, 'solve', { outcome: 'explained', seen })
    expect([refused.status, refused.body.code, refused.body.values]).toEqual([
      409,
      'conflict',
      { reason: 'customer_wrote' },
    ])
    const { body } = await bench.asAgent(lead, 'GET', `/api/cases/${caseId}`)
    expect([body.state, body.outcome]).toEqual(['waiting_agent', undefined])
    expect(bench.done.filter((line) => line.startsWith(`solved ${conversationId}`))).toEqual([])
    expect((await post(agent, caseId, 'solve', { seen: await lastSeen() })).body.state).toBe('solved')
    // Closed already is no news, whatever was seen.
    expect((await post(agent, caseId, 'solve', { seen: 0 })).status).toBe(200)
  })

  test('comes over what we said ourselves, and as before for who does not say what they saw', async () => {
    const one = await bench.ask(bench.customer())
    await post(agent, one.caseId, 'take')
    await post(agent, one.caseId, 'messages', { clientMessageId: uuidv7(), kind: 'text', text: 'Done' })
    expect((await post(agent, one.caseId, 'solve', { seen: 1 })).body.state).toBe('solved')
    const other = await bench.ask(bench.customer())
    await post(agent, other.caseId, 'take')
    expect((await post(agent, other.caseId, 'solve')).body.state).toBe('solved')
    expect((await post(agent, other.caseId, 'solve', { seen: -1 })).body.code).toBe('validation_failed')
  })

  test('and a message in the same instant: either it is seen to be open, or it opens the case again', async () => {
    for (let round = 0; round < 5; round++) {
      const customer = bench.customer()
      const { caseId, conversationId } = await bench.ask(customer)
      await post(agent, caseId, 'take')
      await Promise.all([
        post(agent, caseId, 'solve', { seen: 1 }),
        bench.write(customer, conversationId, 'wait'),
      ])
      expect((await bench.asAgent(lead, 'GET', `/api/cases/${caseId}`)).body.state).toBe('waiting_agent')
    }
  })

  test('is over when the customer writes again', async () => {
    const { customer, caseId, conversationId } = await solved('explained')
    await bench.write(customer, conversationId, 'one more thing')
    const { body } = await bench.asAgent(lead, 'GET', `/api/cases/${caseId}`)
    expect([body.state, body.outcome, body.escalated]).toEqual(['waiting_agent', undefined, false])
  })
})

describe('a rating', () => {
  test('is given once for each closing, changed within a day, and cleaned', async () => {
    const { customer, caseId, conversationId } = await solved()
    const rate = (score: number, comment?: string) =>
      act(customer, conversationId, 'rate', { score, ...(comment ? { comment } : {}) })
    expect((await rate(2, 'my pin is 271828')).body.rating).toMatchObject({
      score: 2,
      comment: 'my pin is ▮▮▮▮',
    })
    await bench.later(3_600_000)
    expect((await rate(4)).body.rating.score).toBe(4)
    expect((await bench.asAgent(lead, 'GET', `/api/cases/${caseId}`)).body.rating.score).toBe(4)
    await bench.later(86_400_000)
    const late = await rate(1)
    expect([late.status, late.body.code]).toEqual([409, 'conflict'])
    // Another closing, another rating.
    await reopen(customer, conversationId)
    await post(lead, caseId, 'solve')
    expect((await rate(5)).body.rating.score).toBe(5)
    const { count } = await bench.platform.db.read.one<{ count: bigint }>(
      'SELECT count(*) FROM desk.ratings WHERE case_id = $1',
      [caseId],
    )
    expect(count).toBe(2n)
  })

  test('R1 is given by its customer alone, of 1 to 5, and not while the case is open', async () => {
    const { customer, conversationId } = await solved()
    const stranger = await act(bench.customer(), conversationId, 'rate', { score: 1 })
    expect([stranger.status, stranger.body.code]).toEqual([404, 'not_found'])
    for (const score of [0, 6, 2.5])
      expect((await act(customer, conversationId, 'rate', { score })).body.code).toBe('validation_failed')
    await reopen(customer, conversationId)
    expect((await act(customer, conversationId, 'rate', { score: 5 })).body.code).toBe('conflict')
  })

  test('counts on the wall', async () => {
    const wall = async () => (await bench.asAgent(lead, 'GET', '/api/wall')).body
    const before = (await wall()).satisfaction.count
    const { customer, conversationId } = await solved()
    await act(customer, conversationId, 'rate', { score: 5 })
    const after = await wall()
    expect(after.satisfaction.count).toBe(before + 1)
    expect(after.satisfaction.mean).toBeGreaterThan(0)
    expect(after.solvedToday).toBeGreaterThan(0)
  })
})

describe('not solved', () => {
  test('goes to a supervisor with a new deadline and what is missing, once', async () => {
    const { customer, caseId, conversationId } = await solved('explained')
    await bench.later(3_600_000)
    const id = uuidv7()
    const answers = await Promise.all(Array.from({ length: 5 }, () => reopen(customer, conversationId, id)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    const { body } = await bench.asAgent(lead, 'GET', `/api/cases/${caseId}`)
    expect(body).toMatchObject({ state: 'waiting_agent', escalated: true, agentId: lead.id })
    expect(body.preview).toBe('The shop still has nothing')
    expect(Date.parse(body.firstReplyDueAt)).toBeGreaterThan(bench.platform.clock.now().getTime())
    expect(body.firstRepliedAt).toBeUndefined()
    const { messages } = (await bench.asAgent(lead, 'GET', `/api/cases/${caseId}/messages`)).body
    expect(messages.slice(-2).map((line: { fact?: string; kind: string }) => line.fact ?? line.kind)).toEqual(
      ['case_not_solved', 'text'],
    )
    const escalated = (await bench.asAgent(lead, 'GET', '/api/cases?view=escalated')).body
    expect(escalated.cases.map((card: { id: string }) => card.id)).toContain(caseId)
    expect(escalated.counts.escalated).toBeGreaterThan(0)
  })

  test('is no longer the agent’s who closed it: neither taken, nor answered', async () => {
    const { customer, caseId, conversationId } = await solved()
    await reopen(customer, conversationId)
    await post(lead, caseId, 'release')
    expect((await post(agent, caseId, 'take')).body.code).toBe('forbidden')
    const text = { clientMessageId: uuidv7(), kind: 'text', text: 'Hello again' }
    expect((await post(agent, caseId, 'messages', text)).body.code).toBe('forbidden')
    expect((await post(lead, caseId, 'messages', { ...text, clientMessageId: uuidv7() })).status).toBe(200)
  })

  test('R1 is said by its customer alone, and only of what is closed', async () => {
    const { customer, conversationId } = await solved()
    expect((await reopen(bench.customer(), conversationId)).status).toBe(404)
    expect((await reopen(customer, conversationId)).status).toBe(200)
    expect((await reopen(customer, conversationId)).body.code).toBe('conflict')
  })
})

// The helper in the thread: its diagnosis stands first, its choices are done once and only by whom they are for, and a case
// that only waited for its money closes by itself.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { referenceOf, uuidv7 } from '#contract/ids.ts'
import { createDeskBench, type DeskBench, type TestAgent } from './for-tests.ts'

let bench: DeskBench
let lead: TestAgent
beforeAll(async () => {
  bench = await createDeskBench()
  lead = await bench.agent({ available: false, role: 'lead' })
})
afterAll(() => bench?.close())

const open = async (customer: string, about: string) =>
  (await bench.asCustomer(customer, 'POST', '/api/conversations', { about })).body
const choose = (customer: string, conversationId: string, choice: string, reference: string) =>
  bench.asCustomer(customer, 'POST', `/api/conversations/${conversationId}/choose`, { choice, reference })
const thread = async (customer: string, conversationId: string) =>
  (await bench.asCustomer(customer, 'GET', `/api/conversations/${conversationId}/messages`)).body
    .messages as { author: string; kind: string; fact?: string; factValues?: object; sequence: number }[]
const lines = async (customer: string, conversationId: string) =>
  (await thread(customer, conversationId)).map((line) => line.fact ?? line.kind)
const caseOf = (conversationId: string) =>
  bench.platform.db.read.one<{ id: string; state: string; outcome: string | null; solved_by: string | null }>(
    `SELECT "case".id, state, outcome, solved_by FROM desk.cases AS "case" JOIN desk.conversations AS c ON c.case_id = "case".id
     WHERE c.id = $1`,
    [conversationId],
  )
const credited = [
  { key: 'shop_told', state: 'done' },
  { key: 'shop_credited', state: 'done' },
] as never

describe('the diagnosis', () => {
  test('stands first in the thread, once, before anything is typed, and comes to the console with the case', async () => {
    const customer = bench.customer()
    const reference = bench.payment(customer)
    const { id, withHelper } = await open(customer, reference)
    await open(customer, reference)
    await bench.write(customer, id, 'where is it?')
    const told = await thread(customer, id)
    expect(told.map(({ author, kind }) => [author, kind])).toEqual([
      ['helper', 'diagnosis'],
      ['customer', 'text'],
    ])
    expect(told[0]).toMatchObject({ sequence: 1, diagnosis: { reference } })
    expect(withHelper).toBe(true)
    const { id: caseId } = await caseOf(id)
    const seen = (await bench.asAgent(lead, 'GET', `/api/cases/${caseId}/messages`)).body.messages
    expect(seen[0].diagnosis).toEqual((told[0] as never as { diagnosis: object }).diagnosis)
  })

  test('an opening about nothing has none', async () => {
    const customer = bench.customer()
    const { body } = await bench.asCustomer(customer, 'POST', '/api/conversations', {})
    expect(await thread(customer, body.id)).toEqual([])
  })

  test('ten openings in the same instant make one case with one diagnosis', async () => {
    const customer = bench.customer()
    const reference = bench.payment(customer)
    const opened = await Promise.all(Array.from({ length: 10 }, () => open(customer, reference)))
    expect(new Set(opened.map(({ id }) => id)).size).toBe(1)
    expect(await lines(customer, opened[0].id)).toEqual(['diagnosis'])
  })
})

describe('choosing', () => {
  test('to wait asks no agent, stays marked, and closes by itself with a notice when the shop has the money', async () => {
    const agent = await bench.agent()
    const customer = bench.customer()
    const reference = bench.payment(customer)
    const { id } = await open(customer, reference)
    const answer = await choose(customer, id, 'wait_with_notice', reference)
    expect(answer.body).toMatchObject({
      chosen: { choice: 'wait_with_notice', reference },
      withHelper: true,
      state: 'open',
    })
    expect(await caseOf(id)).toMatchObject({ state: 'waiting_money' })
    const queue = (await bench.asAgent(agent, 'GET', '/api/cases?view=team')).body.cases
    expect(queue.map((card: { conversationId: string }) => card.conversationId)).not.toContain(id)
    // Nobody is asked, and everybody can find it: a view of its own, counted apart, page by page.
    const waiting: string[] = []
    let counts: unknown
    for (let after: string | undefined = ''; after !== undefined;) {
      const { body } = await bench.asAgent(agent, 'GET', `/api/cases?view=waiting_money&limit=1${after}`)
      waiting.push(...body.cases.map((card: { conversationId: string }) => card.conversationId))
      expect(body.cases.every((card: { state: string }) => card.state === 'waiting_money')).toBe(true)
      counts = body.counts
      after = body.next && `&after=${encodeURIComponent(body.next)}`
    }
    expect(counts).toMatchObject({ waiting_money: waiting.length, mine: 0 })
    expect(waiting.filter((each) => each === id).length).toBe(1)
    // A failed try is no end.
    await bench.happened('webhook.attempted', { reference }, customer)
    expect(await caseOf(id)).toMatchObject({ state: 'waiting_money' })
    bench.change(reference, { state: 'completed', hops: credited })
    await bench.happened('payment.credited', { reference }, customer)
    await bench.happened('payment.credited', { reference }, customer)
    expect(await caseOf(id)).toMatchObject({
      state: 'solved',
      outcome: 'shop_delivered',
      solved_by: 'helper',
    })
    expect(await lines(customer, id)).toEqual(['diagnosis', 'chose', 'payment_credited', 'case_settled'])
    expect(bench.done.filter((done) => done.endsWith(reference))).toEqual([`shop_has_it ${reference}`])
    await bench.platform.db.read.run('UPDATE staff.agents SET available = false')
  })

  test('the same choice fifty times at once is one choice', async () => {
    const customer = bench.customer()
    const reference = bench.payment(customer)
    const { id } = await open(customer, reference)
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => choose(customer, id, 'ask_shop_again', reference)),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(bench.done.filter((done) => done.endsWith(reference))).toEqual([`ask_shop_again ${reference}`])
    expect(await lines(customer, id)).toEqual(['diagnosis', 'chose'])
  })

  test('money that moved while the choice was made closes the case all the same', async () => {
    const customer = bench.customer()
    const reference = bench.payment(customer)
    const { id } = await open(customer, reference)
    await choose(customer, id, 'wait_with_notice', reference)
    // Its event was read before the case waited.
    bench.change(reference, { hops: credited })
    await bench.platform.settle()
    expect(await caseOf(id)).toMatchObject({ state: 'solved', outcome: 'shop_delivered' })
  })

  test('a person is asked for, by the promise of the channel', async () => {
    const agent = await bench.agent()
    const customer = bench.customer()
    const reference = bench.payment(customer)
    const { id } = await open(customer, reference)
    await choose(customer, id, 'wait_with_notice', reference)
    await choose(customer, id, 'person', reference)
    await choose(customer, id, 'person', reference)
    const { id: caseId, state } = await caseOf(id)
    expect(state).toBe('waiting_agent')
    expect((await bench.asAgent(agent, 'GET', `/api/cases/${caseId}`)).body.agentId).toBe(agent.id)
    expect(await lines(customer, id)).toEqual(['diagnosis', 'chose', 'chose'])
    await bench.platform.db.read.run('UPDATE staff.agents SET available = false')
  })

  test('who waits and then writes is given an agent', async () => {
    const customer = bench.customer()
    const reference = bench.payment(customer)
    const { id } = await open(customer, reference)
    await choose(customer, id, 'wait_with_notice', reference)
    await bench.write(customer, id, 'I need it today')
    expect(await caseOf(id)).toMatchObject({ state: 'waiting_agent' })
    bench.change(reference, { hops: credited })
    await bench.happened('payment.credited', { reference }, customer)
    // An agent was asked, so an agent closes it.
    expect(await caseOf(id)).toMatchObject({ state: 'waiting_agent' })
    expect(bench.done).toContain(`shop_has_it ${reference}`)
  })

  test('what is not offered now is refused, and does nothing', async () => {
    const customer = bench.customer()
    const reference = bench.payment(customer, { canAskShopAgain: false, hops: [] })
    const { id } = await open(customer, reference)
    for (const choice of ['ask_shop_again', 'wait_with_notice', 'withdraw_refund'])
      expect((await choose(customer, id, choice, reference)).body.code).toBe('conflict')
    expect(await lines(customer, id)).toEqual(['diagnosis'])
  })

  test('R1 nobody chooses in the case of somebody else, for money of somebody else, or for money that it does not hold', async () => {
    const [customer, stranger] = [bench.customer(), bench.customer()]
    const [held, loose] = [bench.payment(customer), bench.payment(customer)]
    const theirs = bench.payment(stranger)
    const { id } = await open(customer, held)
    const before = bench.done.length
    for (const choice of ['person', 'ask_shop_again', 'wait_with_notice', 'ask_money_back']) {
      const answers = await Promise.all([
        choose(stranger, id, choice, held),
        choose(stranger, id, choice, theirs),
        choose(customer, id, choice, theirs),
        choose(customer, id, choice, loose),
        choose(customer, id, choice, referenceOf('TN', 999_999n)),
      ])
      expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
        answers.map(() => [404, 'not_found']),
      )
    }
    expect(bench.done.length).toBe(before)
    expect(await caseOf(id)).toMatchObject({ state: 'new' })
  })
})

describe('a refund of money that a case holds', () => {
  test('is told step by step, once each, and closes the case that only waited for it', async () => {
    const customer = bench.customer()
    const payment = bench.payment(customer)
    const { id } = await open(customer, payment)
    expect((await choose(customer, id, 'ask_money_back', payment)).status).toBe(200)
    expect(await lines(customer, id)).toEqual(['diagnosis'])

    bench.platform.clock.advance(60_000)
    const refund = bench.refund(customer, payment)
    const happened = () => bench.happened('refund.changed', { reference: refund, payment }, customer)
    await happened()
    await happened()
    expect(await lines(customer, id)).toEqual(['diagnosis', 'chose', 'refund_asked'])
    const { id: caseId } = await caseOf(id)
    const shown = (await bench.asAgent(lead, 'GET', `/api/cases/${caseId}`)).body
    expect([shown.state, shown.waitsOn, shown.references]).toEqual([
      'waiting_money',
      'shop',
      [payment, refund],
    ])

    const detail = (await bench.platform.references.detail(refund, customer))!
    bench.change(payment, { hops: credited })
    bench.change(refund, {
      hops: [{ key: 'paid_back', state: 'done' }],
      refund: { ...detail.refund!, state: 'paid', shopAnswer: 'agreed', owner: undefined as never },
    })
    await happened()
    expect(await lines(customer, id)).toEqual([
      'diagnosis',
      'chose',
      'refund_asked',
      'refund_agreed',
      'refund_paid',
      'case_settled',
    ])
    expect(await caseOf(id)).toMatchObject({
      state: 'solved',
      outcome: 'money_returned',
      solved_by: 'helper',
    })
  })

  test.each([
    ['the payment first', ['payment.returned', 'refund.changed']],
    ['the refund first', ['refund.changed', 'payment.returned']],
  ] as const)('that the payment’s coming back ended is told in one sentence, %s', async (_name, order) => {
    const customer = bench.customer()
    const payment = bench.payment(customer)
    const { id } = await open(customer, payment)
    await choose(customer, id, 'wait_with_notice', payment)
    bench.platform.clock.advance(60_000)
    const refund = bench.refund(customer, payment)
    await bench.happened('refund.changed', { reference: refund, payment }, customer)
    const detail = (await bench.platform.references.detail(refund, customer))!
    const at = bench.platform.clock.now().toISOString()
    const amount = { amountMinor: '34900000', currency: 'IDR' } as const
    bench.change(payment, { hops: [{ key: 'returned', state: 'done', at }] })
    bench.change(refund, {
      hops: [{ key: 'came_back', state: 'done', at }],
      refund: { ...detail.refund!, state: 'overtaken', cameBack: { amount, at }, owner: undefined as never },
    })
    for (const type of order)
      await bench.happened(
        type,
        type === 'payment.returned' ? { reference: payment } : { reference: refund, payment },
        customer,
      )
    const said = await thread(customer, id)
    const back = said.filter(({ fact }) => fact === 'payment_returned' || fact === 'refund_overtaken')
    expect(back).toMatchObject([{ fact: 'refund_overtaken', factValues: { reference: refund, amount } }])
    expect(said.at(-1)!.fact).toBe('case_settled')
    // Its notice is the payment's own, for whoever waits and whoever does not.
    expect(bench.done.filter((done) => done.includes(payment))).toEqual([])
  })

  test('that is late says so', async () => {
    const customer = bench.customer()
    const payment = bench.payment(customer)
    const { conversationId } = await bench.ask(customer, 'hello', payment)
    const refund = bench.refund(customer, payment, {
      promisedBy: '2026-11-19T00:00:00.000Z',
      askedBy: 'agent',
    })
    await bench.happened('refund.changed', { reference: refund, payment }, customer)
    expect(await lines(customer, conversationId)).toEqual([
      'diagnosis',
      'text',
      'refund_asked',
      'refund_late',
    ])
  })

  test('another customer’s case hears nothing of it', async () => {
    const [customer, other] = [bench.customer(), bench.customer()]
    const { conversationId } = await bench.ask(other, 'hello', bench.payment(other))
    const payment = bench.payment(customer)
    const refund = bench.refund(customer, payment)
    await bench.happened('refund.changed', { reference: refund, payment }, customer)
    expect(await lines(other, conversationId)).toEqual(['diagnosis', 'text'])
  })

  test('is withdrawn by its choice', async () => {
    const customer = bench.customer()
    const payment = bench.payment(customer)
    const refund = bench.refund(customer, payment)
    const { id } = await open(customer, refund)
    expect((await choose(customer, id, 'withdraw_refund', refund)).status).toBe(200)
    expect(bench.done).toContain(`withdraw_refund ${refund}`)
    expect(await lines(customer, id)).toEqual(['diagnosis', 'chose'])
  })
})

test('P10 one customer who floods is slowed down, loses nothing, and others are not', async () => {
  const [noisy, quiet] = [bench.customer(), bench.customer()]
  const [one, other] = [await bench.ask(noisy), await bench.ask(quiet)]
  const answers = await Promise.all(
    Array.from({ length: 80 }, () => bench.write(noisy, one.conversationId, 'hello', uuidv7())),
  )
  const stored = answers.filter(({ status }) => status === 200).length
  expect(stored).toBe(59)
  expect(new Set(answers.filter(({ status }) => status !== 200).map(({ body }) => body.code))).toEqual(
    new Set(['busy']),
  )
  expect((await thread(noisy, one.conversationId)).length).toBe(1 + stored)
  expect((await bench.write(quiet, other.conversationId, 'hello')).status).toBe(200)
  bench.platform.clock.advance(2000)
  expect((await bench.write(noisy, one.conversationId, 'again')).status).toBe(200)
})

test('P10 choosing to and fro is slowed down like writing', async () => {
  const customer = bench.customer()
  const reference = bench.payment(customer)
  const { id } = await open(customer, reference)
  const answers = []
  for (let turn = 0; turn < 64; turn++)
    answers.push(await choose(customer, id, turn % 2 ? 'person' : 'wait_with_notice', reference))
  expect(answers.filter(({ status }) => status === 200).length).toBe(60)
  expect(answers.at(-1)!.body.code).toBe('busy')
})

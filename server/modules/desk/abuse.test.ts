// Abuse of the desk over both faces, by the numbers of the list of abuse cases. R1, R3, R8, R11 and R12 on cases stand in
// cases.test.ts, R1 on choices in choose.test.ts, R13 in looks.test.ts, R2 on files in files.test.ts, P10 in choose.test.ts; P1 and P2 in the platform.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import { createDeskBench, type DeskBench, type TestAgent } from './for-tests.ts'

let bench: DeskBench
let agent: TestAgent
let lead: TestAgent
beforeAll(async () => {
  bench = await createDeskBench()
  agent = await bench.agent({ available: false })
  lead = await bench.agent({ available: false, role: 'lead' })
})
afterAll(() => bench?.close())

const markup = `<img src=x onerror="alert(1)"><script>alert('a')</script> {{1+1}} \${1+1} javascript:alert(1)`
const act = (customer: string, conversationId: string, what: string, body: object) =>
  bench.asCustomer(customer, 'POST', `/api/conversations/${conversationId}/${what}`, body)

describe('R2 attachments', () => {
  test('come as the customer’s own files or not at all: nothing else in a message is taken for one, and the desk stores no bytes', async () => {
    const customer = bench.customer()
    const { conversationId } = await bench.ask(customer)
    const answer = await act(customer, conversationId, 'messages', {
      clientMessageId: uuidv7(),
      text: 'see file',
      attachments: [{ name: 'a.svg', content: 'PHN2Zz4=' }],
    })
    expect(answer.body.code).toBe('validation_failed')
    for (const path of ['attachments', 'files'])
      expect((await act(customer, conversationId, path, {})).status).toBe(404)
    const columns = await bench.platform.db.read.rows<{ column_name: string }>(
      `SELECT column_name FROM information_schema.columns WHERE table_schema = 'desk' AND data_type = 'bytea'`,
    )
    expect(columns).toEqual([])
  })
})

describe('P9 numbers of messages', () => {
  test('beyond what the database counts are refused, on both sides; the highest is no fault', async () => {
    const customer = bench.customer()
    const { conversationId, caseId } = await bench.ask(customer)
    const talk = `/api/conversations/${conversationId}`
    for (const beyond of [2_147_483_648, 1e308]) {
      const read = { sequence: beyond }
      const after = `messages?after=${beyond}`
      const answers = [
        await bench.asCustomer(customer, 'POST', `${talk}/read`, read),
        await bench.asCustomer(customer, 'GET', `${talk}/${after}`),
        await bench.asAgent(lead, 'POST', `/api/cases/${caseId}/read`, read),
        await bench.asAgent(lead, 'GET', `/api/cases/${caseId}/${after}`),
      ]
      for (const { body } of answers) expect(body.code).toBe('validation_failed')
    }
    expect((await bench.asCustomer(customer, 'GET', `${talk}/messages?after=2147483647`)).body).toEqual({
      messages: [],
    })
  })
})

describe('C1 markup', () => {
  test('is text everywhere it can be written: talk, note, what is missing, rating', async () => {
    const customer = bench.customer()
    const { conversationId, caseId } = await bench.ask(customer, markup)
    await bench.asAgent(agent, 'POST', `/api/cases/${caseId}/take`, {})
    for (const kind of ['text', 'note'])
      await bench.asAgent(agent, 'POST', `/api/cases/${caseId}/messages`, {
        clientMessageId: uuidv7(),
        kind,
        text: markup,
      })
    await bench.asAgent(agent, 'POST', `/api/cases/${caseId}/solve`, {})
    const rated = await act(customer, conversationId, 'rate', { score: 1, comment: markup })
    expect(rated.body.rating.comment).toBe(markup)
    await act(customer, conversationId, 'reopen', { missing: markup, clientMessageId: uuidv7() })
    const own = (await bench.asCustomer(customer, 'GET', `/api/conversations/${conversationId}/messages`))
      .body
    const desk = (await bench.asAgent(lead, 'GET', `/api/cases/${caseId}/messages`)).body
    const texts = (from: { messages: { text: string }[] }) =>
      from.messages.map(({ text }) => text).filter((text) => text !== '')
    expect(texts(own)).toEqual([markup, markup, markup])
    expect(texts(desk)).toEqual([markup, markup, markup, markup])
    expect((await bench.asAgent(lead, 'GET', `/api/cases/${caseId}`)).body.preview).toBe(markup.slice(0, 140))
  })

  test('is answered as JSON that no browser takes for a page', async () => {
    const customer = bench.customer()
    const { conversationId } = await bench.ask(customer, markup)
    const { headers } = await bench.rawAsCustomer(customer, `/api/conversations/${conversationId}/messages`)
    expect(headers['content-type']).toMatch(/^application\/json/)
    expect(headers['x-content-type-options']).toBe('nosniff')
  })
})

describe('C12 a secret split over two messages', () => {
  const stored = async (customer: string, conversationId: string) =>
    (
      await bench.asCustomer(customer, 'GET', `/api/conversations/${conversationId}/messages`)
    ).body.messages.map(({ text }: { text: string }) => text)

  test.each([
    ['a code', 'the code is 482', '913', ['the code is ▮▮▮▮', '▮▮▮▮']],
    ['a code announced', 'I did not get the code', '482913', ['I did not get the code', '▮▮▮▮']],
    ['a card', '4111 1111', '1111 1111', ['4111 1111', '▮▮▮▮']],
  ])('%s', async (_name, first, second, expected) => {
    const customer = bench.customer()
    const { conversationId } = await bench.ask(customer, first)
    await bench.write(customer, conversationId, second)
    expect(await stored(customer, conversationId)).toEqual(expected)
  })

  test('also when an agent wrote in between, and when both come at once', async () => {
    const customer = bench.customer()
    const { conversationId, caseId } = await bench.ask(customer, '4111 1111')
    await bench.asAgent(agent, 'POST', `/api/cases/${caseId}/messages`, {
      clientMessageId: uuidv7(),
      kind: 'text',
      text: 'Never send your card number',
    })
    await bench.write(customer, conversationId, '1111 1111')
    expect(await stored(customer, conversationId)).toEqual([
      '4111 1111',
      '',
      'Never send your card number',
      '▮▮▮▮',
    ])
    const other = bench.customer()
    const together = await bench.ask(other, 'hello')
    await Promise.all(
      ['5500 0055', '5555 5559'].map((text) => bench.write(other, together.conversationId, text)),
    )
    expect((await stored(other, together.conversationId)).slice(1)).toEqual(['5500 0055', '▮▮▮▮'])
  })

  test('one customer’s number is not completed by another’s', async () => {
    const [one, other] = [bench.customer(), bench.customer()]
    await bench.ask(one, '4111 1111')
    const { conversationId } = await bench.ask(other, '1111 1111')
    expect(await stored(other, conversationId)).toEqual(['1111 1111'])
  })
})

// Messages on a real database: stored once, numbered without gaps, in the order they were sent, told to the right people.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import { createDeskBench, type DeskBench } from './for-tests.ts'

let bench: DeskBench
beforeAll(async () => {
  bench = await createDeskBench()
})
afterAll(() => bench?.close())

const stored = (conversationId: string) =>
  bench.platform.db.read.rows<{
    sequence: number
    text: string
    kind: string
    client_message_id: string | null
  }>(
    'SELECT sequence, text, kind, client_message_id FROM desk.messages WHERE conversation_id = $1 ORDER BY sequence',
    [conversationId],
  )

describe('storing', () => {
  test('the same message sent 50 times at once is stored once, and everybody gets the same answer', async () => {
    const customer = bench.customer()
    const { conversationId } = await bench.ask(customer)
    const id = uuidv7()
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, try_) => bench.write(customer, conversationId, `try ${try_}`, id)),
    )
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]))
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1)
    expect((await stored(conversationId)).filter((row) => row.client_message_id === id)).toHaveLength(1)
  })

  test('sent again later, a message is answered as it was stored then', async () => {
    const customer = bench.customer()
    const { conversationId } = await bench.ask(customer)
    const id = uuidv7()
    const first = await bench.write(customer, conversationId, 'one', id)
    await bench.write(customer, conversationId, 'two')
    const again = await bench.write(customer, conversationId, 'something else', id)
    expect(again.body).toEqual(first.body)
    expect((await stored(conversationId)).map((row) => row.text)).toEqual([
      'Halo, uang saya belum masuk',
      'one',
      'two',
    ])
  })

  test('20 senders in one conversation: sequences from 1 without gaps', async () => {
    const customer = bench.customer()
    const { conversationId, caseId } = await bench.ask(customer)
    const colleagues = await Promise.all(Array.from({ length: 19 }, () => bench.agent({ available: false })))
    const note = (agent: (typeof colleagues)[number], text: string) =>
      bench.asAgent(agent, 'POST', `/api/cases/${caseId}/messages`, {
        clientMessageId: uuidv7(),
        kind: 'note',
        text,
      })
    const answers = await Promise.all([
      ...Array.from({ length: 5 }, (_, place) => bench.write(customer, conversationId, `customer ${place}`)),
      ...colleagues.flatMap((agent, place) => [note(agent, `a ${place}`), note(agent, `b ${place}`)]),
    ])
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]))
    const rows = await stored(conversationId)
    expect(rows.map((row) => row.sequence)).toEqual(
      Array.from({ length: rows.length }, (_, place) => place + 1),
    )
    expect(rows).toHaveLength(1 + 5 + 38)
  })

  test("one sender's messages keep their order although nobody waits for an answer", async () => {
    const customer = bench.customer()
    const { conversationId } = await bench.ask(customer)
    const texts = Array.from({ length: 300 }, (_, place) => `message ${place}`)
    await Promise.all(
      texts.map((text) =>
        bench.desk.send({
          conversationId,
          clientMessageId: uuidv7(),
          sender: { kind: 'customer', id: customer },
          kind: 'text',
          text,
          language: undefined,
        }),
      ),
    )
    expect((await stored(conversationId)).slice(1).map((row) => row.text)).toEqual(texts)
  })

  test('C1 markup is text: stored and answered exactly as it was written', async () => {
    const customer = bench.customer()
    const { conversationId, caseId } = await bench.ask(customer)
    const text = `<img src=x onerror="alert(1)"> & <script>fetch('/')</script>\u202Egnp.exe`
    expect((await bench.write(customer, conversationId, text)).body.text).toBe(text)
    const agent = await bench.agent({ available: false })
    const { body } = await bench.asAgent(agent, 'GET', `/api/cases/${caseId}/messages`)
    expect(body.messages.at(-1).text).toBe(text)
  })

  test('a NUL or half a character harms neither its message nor those stored beside it', async () => {
    const customer = bench.customer()
    const { conversationId } = await bench.ask(customer)
    const answers = await Promise.all(
      ['before', 'zero\u0000byte', 'half \ud83d', 'after'].map((text) =>
        bench.write(customer, conversationId, text),
      ),
    )
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200])
  })

  test('a card number does not reach the database, nor anything that is told', async () => {
    const customer = bench.customer()
    const { conversationId } = await bench.ask(customer)
    const answer = await bench.write(customer, conversationId, 'my card is 4111 1111 1111 1111')
    expect(answer.body.redactions).toContain('card_number')
    const { leaks } = await bench.platform.db.read.one<{ leaks: bigint }>(
      `SELECT (SELECT count(*) FROM desk.messages WHERE text LIKE '%1111%')
         + (SELECT count(*) FROM desk.cases WHERE preview LIKE '%1111%')
         + (SELECT count(*) FROM platform.outbox WHERE live_desk::text LIKE '%1111 1111%' OR live_customer::text LIKE '%1111 1111%') AS leaks`,
    )
    expect(leaks).toBe(0n)
  })
})

describe('what each side is told', () => {
  test('a note never reaches the customer: not in the list, not live, not as unread', async () => {
    const customer = bench.customer()
    const { conversationId, caseId } = await bench.ask(customer)
    const agent = await bench.agent({ available: false })
    const note = { clientMessageId: uuidv7(), kind: 'note', text: 'spoke with the shop' }
    await bench.asAgent(agent, 'POST', `/api/cases/${caseId}/messages`, note)
    const list = await bench.asCustomer(customer, 'GET', `/api/conversations/${conversationId}/messages`)
    expect(JSON.stringify(list.body)).not.toContain('spoke with the shop')
    const conversation = await bench.asCustomer(customer, 'GET', `/api/conversations/${conversationId}`)
    expect(JSON.stringify(conversation.body)).not.toContain('spoke with the shop')
    expect(conversation.body.unread).toBe(0)
    const { told } = await bench.platform.db.read.one<{ told: bigint }>(
      "SELECT count(*) AS told FROM platform.outbox WHERE live_customer::text LIKE '%spoke with the shop%'",
    )
    expect(told).toBe(0n)
  })

  test("R10 the customer is never told an agent's id", async () => {
    const customer = bench.customer()
    const { conversationId, caseId } = await bench.ask(customer)
    const agent = await bench.agent({ available: false })
    await bench.asAgent(agent, 'POST', `/api/cases/${caseId}/take`)
    await bench.asAgent(agent, 'POST', `/api/cases/${caseId}/messages`, {
      clientMessageId: uuidv7(),
      kind: 'text',
      text: 'Hello',
    })
    const answers = await Promise.all([
      bench.asCustomer(customer, 'GET', `/api/conversations/${conversationId}`),
      bench.asCustomer(customer, 'GET', `/api/conversations/${conversationId}/messages`),
    ])
    const live = await bench.platform.db.read.rows(
      'SELECT live_customer FROM platform.outbox WHERE customer_id = $1',
      [customer],
    )
    expect(JSON.stringify([answers, live])).not.toContain(agent.id)
  })

  test('unread counts of both sides go up with texts and down with reading', async () => {
    const customer = bench.customer()
    const { conversationId, caseId } = await bench.ask(customer)
    const agent = await bench.agent({ available: false })
    await bench.asAgent(agent, 'POST', `/api/cases/${caseId}/take`)
    await bench.write(customer, conversationId, 'are you there?')
    const unreadOfDesk = async () => (await bench.asAgent(agent, 'GET', `/api/cases/${caseId}`)).body.unread
    expect(await unreadOfDesk()).toBe(2)
    await bench.asAgent(agent, 'POST', `/api/cases/${caseId}/read`, { sequence: 1 })
    expect(await unreadOfDesk()).toBe(1)
    await bench.asAgent(agent, 'POST', `/api/cases/${caseId}/messages`, {
      clientMessageId: uuidv7(),
      kind: 'text',
      text: 'I am',
    })
    const unread = async () =>
      (await bench.asCustomer(customer, 'GET', `/api/conversations/${conversationId}`)).body.unread
    expect(await unread()).toBe(1)
    await bench.asCustomer(customer, 'POST', `/api/conversations/${conversationId}/read`, { sequence: 999 })
    expect(await unread()).toBe(0)
  })
})

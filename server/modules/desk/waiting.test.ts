// Since when a customer waits for us: from their first message that nobody answered, whatever is done with the case.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import { createDeskBench, waitsFromMessages, type DeskBench, type TestAgent } from './for-tests.ts'

let bench: DeskBench
let agent: TestAgent
let lead: TestAgent
beforeAll(async () => {
  bench = await createDeskBench()
  agent = await bench.agent({ available: false })
  lead = await bench.agent({ available: false, role: 'lead', name: 'Dewi Lestari' })
})
afterAll(() => bench?.close())

const post = (who: TestAgent, caseId: string, what: string, body: object = {}) =>
  bench.asAgent(who, 'POST', `/api/cases/${caseId}/${what}`, body)
const reply = (who: TestAgent, caseId: string, kind: 'text' | 'note' = 'text') =>
  post(who, caseId, 'messages', { clientMessageId: uuidv7(), kind, text: 'Hello' })
const choose = (customer: string, conversationId: string, choice: string, reference: string) =>
  bench.asCustomer(customer, 'POST', `/api/conversations/${conversationId}/choose`, { choice, reference })
const since = async (caseId: string): Promise<string | undefined> =>
  (await bench.asAgent(lead, 'GET', `/api/cases/${caseId}`)).body.waitingSince
const now = () => bench.platform.clock.now().toISOString()
const view = async (name: string) =>
  (await bench.asAgent(agent, 'GET', `/api/cases?view=${name}&limit=100`)).body
const idsIn = async (name: string) => (await view(name)).cases.map(({ id }: { id: string }) => id) as string[]

type Talk = { customer: string; caseId: string; conversationId: string }

async function answered(reference?: string) {
  const customer = bench.customer()
  const { caseId, conversationId } = await bench.ask(customer, 'Where is it?', reference)
  await post(agent, caseId, 'take')
  await reply(agent, caseId)
  return { customer, caseId, conversationId }
}

describe('a customer waits', () => {
  test('since their first message without an answer: taking, giving back, notes and more messages leave it', async () => {
    const { customer, caseId, conversationId } = await answered()
    expect(await since(caseId)).toBeUndefined()
    await bench.later(60_000)
    await bench.write(customer, conversationId, 'Are you there?')
    const asked = now()
    for (const change of [
      () => post(agent, caseId, 'release'),
      () => post(lead, caseId, 'take'),
      () => post(lead, caseId, 'release'),
      () => post(agent, caseId, 'take'),
      () => reply(agent, caseId, 'note'),
      () => bench.write(customer, conversationId, 'Please?'),
    ]) {
      await bench.later(60_000)
      expect((await change()).status).toBe(200)
      expect(await since(caseId)).toBe(asked)
    }
    await reply(agent, caseId)
    expect(await since(caseId)).toBeUndefined()
  })

  test('since the first message of a new case, also while it waits for the first reply', async () => {
    const { caseId } = await bench.ask(bench.customer())
    const asked = now()
    await bench.later(60_000)
    await post(agent, caseId, 'take')
    expect(await since(caseId)).toBe(asked)
  })

  test('no shorter for asking the shop again themselves', async () => {
    const customer = bench.customer()
    const reference = bench.payment(customer)
    const { caseId, conversationId } = await bench.ask(customer, 'Where is it?', reference)
    await post(agent, caseId, 'take')
    await reply(agent, caseId)
    await bench.write(customer, conversationId, 'And now?')
    const asked = now()
    await bench.later(60_000)
    expect((await choose(customer, conversationId, 'ask_shop_again', reference)).status).toBe(200)
    expect(await since(caseId)).toBe(asked)
  })

  test('since they wanted a person, and since an agent took what only waited for money', async () => {
    const customer = bench.customer()
    const reference = bench.payment(customer)
    const open = async (about: string) =>
      (await bench.asCustomer(customer, 'POST', '/api/conversations', { about })).body.id as string
    const conversationId = await open(reference)
    await choose(customer, conversationId, 'person', reference)
    const rows = await bench.platform.db.read.rows<{ waiting_since: Date }>(
      'SELECT waiting_since FROM desk.cases WHERE customer_id = $1',
      [customer],
    )
    expect(rows.map((row) => row.waiting_since.toISOString())).toEqual([now()])
    const other = bench.payment(customer)
    await choose(customer, await open(other), 'wait_with_notice', other)
    const { cases } = await view('waiting_money')
    const taken = cases.find((card: { customerId: string }) => card.customerId === customer)
    expect(taken.waitingSince).toBeUndefined()
    await bench.later(60_000)
    await post(agent, taken.id, 'take')
    expect(await since(taken.id)).toBe(now())
  })

  test('not for a closed case, and anew when it is opened again', async () => {
    const { customer, caseId, conversationId } = await answered()
    await bench.write(customer, conversationId, 'Thanks')
    await post(agent, caseId, 'solve')
    expect(await since(caseId)).toBeUndefined()
    await bench.later(60_000)
    await bench.write(customer, conversationId, 'It is gone again')
    expect(await since(caseId)).toBe(now())
    await post(agent, caseId, 'solve')
    await bench.later(60_000)
    await bench.asCustomer(customer, 'POST', `/api/conversations/${conversationId}/reopen`, {
      missing: 'All of it',
      clientMessageId: uuidv7(),
    })
    expect(await since(caseId)).toBe(now())
  })

  test('at risk after five minutes, in the list and in its count, also when the case was taken a moment ago', async () => {
    const { customer, caseId, conversationId } = await answered()
    await bench.write(customer, conversationId, 'Are you there?')
    const before = (await view('at_risk')).counts.at_risk
    expect(await idsIn('at_risk')).not.toContain(caseId)
    await bench.later(301_000)
    await post(agent, caseId, 'release')
    await post(agent, caseId, 'take')
    expect(await idsIn('at_risk')).toContain(caseId)
    const { counts, cases } = await view('at_risk')
    expect(counts.at_risk).toBe(cases.length)
    expect(counts.at_risk).toBeGreaterThan(before)
  })

  test('the longest wait of the wall is that of the customer, not of the last change', async () => {
    const { customer, caseId, conversationId } = await answered()
    await bench.later(7 * 86_400_000)
    await bench.write(customer, conversationId, 'Are you there?')
    await bench.later(86_400_000)
    const wall = async () => (await bench.asAgent(lead, 'GET', '/api/wall')).body.longestWaitSeconds
    const before = await wall()
    for (const id of await idsIn('team')) await post(lead, id, 'take')
    expect(await wall()).toBe(before)
    expect(await since(caseId)).toBeDefined()
  })

  test('above those who do not, the longest on top, over all pages, each case once', async () => {
    const mine = await bench.agent({ available: false })
    const talks = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const customer = bench.customer()
        const talk = { customer, ...(await bench.ask(customer)) }
        await post(mine, talk.caseId, 'take')
        await reply(mine, talk.caseId)
        return talk
      }),
    )
    const [first, second, third, quiet, quieter, fresh] = talks as [Talk, Talk, Talk, Talk, Talk, Talk]
    for (const talk of [first, second, third]) {
      await bench.later(1000)
      await bench.write(talk.customer, talk.conversationId, 'And now?')
    }
    // What moved last is not who waits longest.
    for (const { caseId } of [quieter, quiet, second, first]) {
      await bench.later(1000)
      await post(mine, caseId, 'release')
      await post(mine, caseId, 'take')
    }
    await post(mine, fresh.caseId, 'solve')
    const { caseId: unreplied } = await bench.ask(bench.customer())
    await post(mine, unreplied, 'take')
    const wanted = [unreplied, ...[first, second, third, quiet, quieter].map((talk) => talk.caseId)]
    for (const limit of [1, 2, 4, 100]) {
      const seen: string[] = []
      for (let after = ''; ;) {
        const { body } = await bench.asAgent(mine, 'GET', `/api/cases?view=mine&limit=${limit}${after}`)
        seen.push(...body.cases.map(({ id }: { id: string }) => id))
        if (!body.next) break
        after = `&after=${encodeURIComponent(body.next)}`
      }
      expect(seen).toEqual(wanted)
    }
  })

  test('as the messages tell it, so that cases from before the column say the same', async () => {
    const { kept, told } = await waitsFromMessages(bench.platform.db.read)
    expect(kept).toEqual(told)
    expect(kept.filter((each) => each !== null).length).toBeGreaterThan(4)
  })
})

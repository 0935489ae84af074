// Cases are given to whoever is signed in, and go back to the queue when the agent they wait for is not there any more.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import { createDeskBench, type DeskBench, type TestAgent } from './for-tests.ts'

const minuteMs = 60_000
let bench: DeskBench

beforeEach(async () => {
  bench = await createDeskBench()
})
afterEach(() => bench.close())

const caseRow = (caseId: string) =>
  bench.platform.db.read.one<{ agent_id: string | null; first_reply_due_at: Date; updated_at: Date }>(
    'SELECT agent_id, first_reply_due_at, updated_at FROM desk.cases WHERE id = $1',
    [caseId],
  )
const agentOf = async (caseId: string) => (await caseRow(caseId)).agent_id
/** Their session is used: the others' are not. */
const use = (agent: TestAgent) => bench.asAgent(agent, 'GET', '/api/cases?view=team')
const signOut = (agent: TestAgent) =>
  bench.platform.db.read.run('UPDATE staff.sessions SET revoked_at = $2 WHERE agent_id = $1', [
    agent.id,
    bench.platform.clock.now(),
  ])
async function facts(caseId: string): Promise<[string, unknown][]> {
  const rows = await bench.platform.db.read.rows<{ fact: string; fact_values: unknown }>(
    `SELECT fact, fact_values FROM desk.messages JOIN desk.conversations AS talk ON talk.id = conversation_id
     WHERE talk.case_id = $1 AND fact IS NOT NULL ORDER BY sequence`,
    [caseId],
  )
  return rows.map((row) => [row.fact, row.fact_values])
}
async function reply(agent: TestAgent, caseId: string): Promise<void> {
  const body = { clientMessageId: uuidv7(), kind: 'text', text: 'Halo, saya bantu.' }
  expect((await bench.asAgent(agent, 'POST', `/api/cases/${caseId}/messages`, body)).status).toBe(200)
}

test('a new case is given to nobody whose switch was left on, and to who is signed in', async () => {
  const gone = await bench.agent({ name: 'Bagus Pratama' })
  bench.platform.clock.advance(31 * minuteMs)
  expect(await agentOf((await bench.ask(bench.customer())).caseId)).toBe(null)
  const here = await bench.agent({ name: 'Sari Wulandari' })
  expect(await agentOf((await bench.ask(bench.customer())).caseId)).toBe(here.id)
  await signOut(here)
  const back = await bench.agent()
  // Fewest open cases, and not one of those who left.
  const { caseId } = await bench.ask(bench.customer())
  expect(await agentOf(caseId)).toBe(back.id)
  expect([gone.id, here.id]).not.toContain(await agentOf(caseId))
})

test('a solved case that its customer writes to is not given to its agent who left', async () => {
  const before = await bench.agent()
  const customer = bench.customer()
  const { caseId, conversationId } = await bench.ask(customer)
  expect(await agentOf(caseId)).toBe(before.id)
  await bench.asAgent(before, 'POST', `/api/cases/${caseId}/solve`, {})
  await signOut(before)
  const here = await bench.agent()
  await bench.write(customer, conversationId, 'Masih belum masuk')
  expect(await agentOf(caseId)).toBe(here.id)
})

test('unanswered cases of an agent who left go back to the queue once, and the case says so; the promise stays', async () => {
  const gone = await bench.agent({ name: 'Bagus Pratama' })
  const [first, second] = [bench.customer(), bench.customer()]
  const unanswered = await bench.ask(first)
  const answered = await bench.ask(second)
  for (const { caseId } of [unanswered, answered]) expect(await agentOf(caseId)).toBe(gone.id)
  await reply(gone, answered.caseId)
  const before = await caseRow(unanswered.caseId)
  await signOut(gone)
  // Nobody is here: their own agent may be the first to come back.
  expect(await bench.desk.returnToQueue()).toBe(0)
  expect(await agentOf(unanswered.caseId)).toBe(gone.id)

  const here = await bench.agent({ name: 'Sari Wulandari' })
  expect(await bench.desk.returnToQueue()).toBe(1)
  expect(await bench.desk.returnToQueue()).toBe(0)
  expect(await caseRow(unanswered.caseId)).toEqual({ ...before, agent_id: null })
  expect(await facts(unanswered.caseId)).toContainEqual(['agent_absent', { name: 'Bagus Pratama' }])
  // What the customer has to answer stays with its agent until then.
  expect(await agentOf(answered.caseId)).toBe(gone.id)
  await bench.write(second, answered.conversationId, 'Terima kasih, lalu?')
  expect(await bench.desk.returnToQueue()).toBe(1)
  expect(await agentOf(answered.caseId)).toBe(null)

  const team = (await bench.asAgent(here, 'GET', '/api/cases?view=team')).body.cases as { id: string }[]
  expect(team.map((card) => card.id)).toContain(unanswered.caseId)
  const shown = await bench.asCustomer(
    first,
    'GET',
    `/api/conversations/${unanswered.conversationId}/messages`,
  )
  expect(shown.body.messages.at(-1)).toMatchObject({ kind: 'fact', fact: 'agent_absent' })
  const [audited] = await bench.platform.db.read.rows<{ detail: unknown }>(
    "SELECT detail FROM audit.entries WHERE action = 'case.returned_to_queue' AND resource_id = $1",
    [unanswered.caseId],
  )
  expect(audited).toMatchObject({ detail: { agentId: gone.id } })
  // Who left has no reason any more to look at the customer; whoever answers next joins.
  expect(await bench.staff.mayLookAt(gone.id, first)).toBe(false)
  await reply(here, unanswered.caseId)
  expect(await agentOf(unanswered.caseId)).toBe(here.id)
})

test('nothing is taken from an agent who is here, also with the switch off, and a session is as old as its last use', async () => {
  const away = await bench.agent()
  const { caseId } = await bench.ask(bench.customer())
  await bench.platform.db.read.run('UPDATE staff.agents SET available = false WHERE id = $1', [away.id])
  const here = await bench.agent()
  expect(await bench.desk.returnToQueue()).toBe(0)
  bench.platform.clock.advance(20 * minuteMs)
  await use(here)
  await use(away)
  bench.platform.clock.advance(20 * minuteMs)
  await use(here)
  expect(await bench.desk.returnToQueue()).toBe(0)
  expect(await agentOf(caseId)).toBe(away.id)
  bench.platform.clock.advance(11 * minuteMs)
  expect(await bench.desk.returnToQueue()).toBe(1)
  expect(await agentOf(caseId)).toBe(null)
})

// What customers are told of who is there, and what the agents' switch says: never two truths.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDeskBench, type DeskBench, type TestAgent } from './for-tests.ts'

let bench: DeskBench
let customer: string
beforeAll(async () => {
  bench = await createDeskBench()
  customer = bench.customer()
})
afterAll(() => bench.close())

const hourMs = 3_600_000
const chat = async (): Promise<Record<string, unknown>> =>
  (await bench.asCustomer(customer, 'GET', '/api/service')).body.channels.find(
    (each: { channel: string }) => each.channel === 'chat',
  )
const setTaking = (agent: TestAgent, available: boolean): Promise<unknown> =>
  bench.platform.db.read.run('UPDATE staff.agents SET available = $2 WHERE id = $1', [agent.id, available])

test('within the hours the chat is open, and busy without a promised wait while nobody takes chats', async () => {
  // Friday, 13:00 in Jakarta.
  expect(await chat()).toEqual({ channel: 'chat', state: 'busy', closesAt: '2026-11-20T11:00:00.000Z' })
  await bench.agent()
  expect(await chat()).toMatchObject({ state: 'open', closesAt: '2026-11-20T11:00:00.000Z' })
})

test('outside the hours it is open exactly while somebody signed in takes chats', async () => {
  const opensAt = '2026-11-23T02:00:00.000Z'
  const closed = { channel: 'chat', state: 'closed', opensAt }
  await bench.platform.db.read.run('UPDATE staff.agents SET available = false')
  const agent = await bench.agent({ available: false })
  await bench.later(7 * hourMs)
  expect(await chat()).toEqual(closed)

  await setTaking(agent, true)
  const open = await chat()
  expect(open).toMatchObject({ channel: 'chat', state: 'open' })
  // Nobody knows until when they stay.
  expect(open).not.toHaveProperty('closesAt')
  expect(open).not.toHaveProperty('opensAt')

  await setTaking(agent, false)
  expect(await chat()).toEqual(closed)
})

test('a switch that was left on, a session that ended and an auditor are nobody', async () => {
  await bench.platform.db.read.run('UPDATE staff.agents SET available = false')
  const agent = await bench.agent()
  expect(await chat()).toMatchObject({ state: 'open' })
  // Went home with the switch on: not seen for longer than a session lasts without use.
  bench.platform.clock.advance(hourMs)
  expect(await chat()).toMatchObject({ state: 'closed' })
  await bench.later(0)
  expect(await chat()).toMatchObject({ state: 'open' })
  await bench.platform.db.read.run('UPDATE staff.sessions SET revoked_at = $2 WHERE agent_id = $1', [
    agent.id,
    bench.platform.clock.now(),
  ])
  expect(await chat()).toMatchObject({ state: 'closed' })
  await bench.agent({ role: 'auditor' })
  expect(await chat()).toMatchObject({ state: 'closed' })
})

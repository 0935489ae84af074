// Which case a room may point to for a reference: the one where the customer is answered.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { referenceOf, uuidv7 } from '#contract/ids.ts'
import { createDeskBench, type DeskBench, type TestAgent } from './for-tests.ts'
import { casesAbout } from './holding.ts'

let bench: DeskBench
let lead: TestAgent
beforeAll(async () => {
  bench = await createDeskBench()
  lead = await bench.agent({ available: false, role: 'lead' })
})
afterAll(() => bench?.close())

const about = async (...references: string[]) => {
  const cases = await casesAbout(bench.platform.db.read, references)
  return references.map((reference) => cases.get(reference))
}

test('each reference has its own case, and one that nobody asked about has none', async () => {
  const customer = bench.customer()
  const [first, second] = [bench.payment(customer), bench.payment(customer)]
  const one = await bench.ask(customer, 'Where is it?', first)
  const other = await bench.ask(customer, 'And this?', second)
  expect(await about(first, second, referenceOf('TN', 999_998n))).toEqual([
    one.caseId,
    other.caseId,
    undefined,
  ])
  expect(await about()).toEqual([])
})

test('an open case stands before a solved one, and of solved ones the newest', async () => {
  const customer = bench.customer()
  const reference = bench.payment(customer)
  const ask = () => bench.ask(customer, 'Where is it?', reference)
  async function solve(caseId: string) {
    await bench.asAgent(lead, 'POST', `/api/cases/${caseId}/take`, {})
    await bench.asAgent(lead, 'POST', `/api/cases/${caseId}/solve`, { outcome: 'explained' })
  }
  const first = await ask()
  await solve(first.caseId)
  expect(await about(reference)).toEqual([first.caseId])
  await bench.later(60_000)
  const second = await ask()
  expect(second.caseId).not.toBe(first.caseId)
  await solve(second.caseId)
  expect(await about(reference)).toEqual([second.caseId])
  await bench.asCustomer(customer, 'POST', `/api/conversations/${first.conversationId}/reopen`, {
    missing: 'The shop still has nothing',
    clientMessageId: uuidv7(),
  })
  expect(await about(reference)).toEqual([first.caseId])
})

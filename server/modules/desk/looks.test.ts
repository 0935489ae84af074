// Looks: opening money or a contact is recorded before it happens, told to the customer, and refused without a case.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keepLook } from './index.ts'
import { createDeskBench, type DeskBench, type TestAgent } from './for-tests.ts'

let bench: DeskBench
let agent: TestAgent
let auditor: TestAgent
beforeAll(async () => {
  bench = await createDeskBench()
  agent = await bench.agent({ available: false, name: 'Bagus Pratama' })
  auditor = await bench.agent({ available: false, role: 'auditor' })
})
afterAll(() => bench?.close())

const looks = async (customer: string) =>
  (await bench.asCustomer(customer, 'GET', '/api/me/looks')).body.looks
const recorded = async (action: string, customer: string) =>
  (
    await bench.platform.db.read.rows<{ detail: { wanted?: string } }>(
      `SELECT detail FROM audit.entries WHERE action = $1 AND resource_id = $2`,
      [action, customer],
    )
  ).map(({ detail }) => detail)

async function taken() {
  const customer = bench.customer()
  const reference = bench.payment(customer)
  const { caseId, conversationId } = await bench.ask(customer, 'hello', reference)
  await bench.asAgent(agent, 'POST', `/api/cases/${caseId}/take`, {})
  const money = (who = agent, what = '') =>
    bench.asAgent(who, 'GET', `/api/cases/${caseId}/money/${reference}${what}`)
  return { customer, reference, caseId, conversationId, money }
}

describe('money', () => {
  test('is one look in the hour, however often it is read, and the customer sees who, when and what', async () => {
    const { customer, reference, money } = await taken()
    const answers = await Promise.all([money(), money(), money(), money(agent, '/diagnosis')])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(await looks(customer)).toEqual([
      expect.objectContaining({ field: 'money', reason: 'case', reference, agentName: 'Bagus Pratama' }),
    ])
    expect((await recorded('money.looked_at', customer)).length).toBe(1)
    await bench.later(3_600_000)
    await money()
    expect((await looks(customer)).length).toBe(2)
  })

  test('that the case does not hold is not there, and is no look', async () => {
    const { customer, caseId } = await taken()
    const loose = bench.payment(customer)
    const answer = await bench.asAgent(agent, 'GET', `/api/cases/${caseId}/money/${loose}`)
    expect([answer.status, await looks(customer)]).toEqual([404, []])
  })

  test('the shop is asked again for the case, by who has it, and both sides read it in the thread', async () => {
    const { reference, caseId, conversationId, customer } = await taken()
    const ask = (who: TestAgent) =>
      bench.asAgent(who, 'POST', `/api/cases/${caseId}/money/${reference}/ask-shop-again`, {})
    const other = await bench.agent({ available: false })
    expect((await ask(other)).body.code).toBe('reason_required')
    expect((await ask(auditor)).body.code).toBe('reason_required')
    expect((await ask(agent)).status).toBe(200)
    expect((await ask(agent)).body.code).toBe('conflict')
    const { messages } = (
      await bench.asCustomer(customer, 'GET', `/api/conversations/${conversationId}/messages`)
    ).body
    expect(messages.at(-1)).toMatchObject({ fact: 'shop_asked_again', factValues: { name: 'Bagus Pratama' } })
  })
})

describe('R13 a look without a case', () => {
  test('is refused, shows nothing, and the try is recorded', async () => {
    const { customer, reference, caseId } = await taken()
    const curious = await bench.agent({ available: false })
    const url = `/api/cases/${caseId}`
    const answers = await Promise.all([
      bench.asAgent(curious, 'GET', `${url}/money/${reference}`),
      bench.asAgent(curious, 'GET', `${url}/money/${reference}/diagnosis`),
      bench.asAgent(curious, 'POST', `${url}/references`, { reference }),
      bench.asAgent(curious, 'POST', `${url}/reveal`, { field: 'phone', reason: 'call_back' }),
    ])
    expect(answers.map(({ body }) => body.code)).toEqual(answers.map(() => 'reason_required'))
    expect(JSON.stringify(answers)).not.toMatch(/34900000|\+62812555/)
    expect(await looks(customer)).toEqual([])
    expect((await recorded('look.refused', customer)).map(({ wanted }) => wanted).sort()).toEqual([
      'customer.reveal',
      'money.read',
      'money.read',
      'money.read',
    ])
  })

  test('ends with the case: solved, its money is closed again', async () => {
    const { caseId, money } = await taken()
    await bench.asAgent(agent, 'POST', `/api/cases/${caseId}/solve`, {})
    expect((await money()).body.code).toBe('reason_required')
  })

  test('R12 is never at one’s own wallet, whatever the role', async () => {
    const { customer, money } = await taken()
    for (const role of ['agent', 'lead', 'auditor'] as const) {
      const own = await bench.agent({ role, available: false, customerId: customer })
      expect((await money(own)).body.code).toBe('forbidden')
      expect((await money(own, '/diagnosis')).body.code).toBe('forbidden')
    }
    expect(await looks(customer)).toEqual([])
  })
})

describe('a revealed contact', () => {
  test('is shown for minutes, and no longer than its case is open', async () => {
    const { customer, caseId } = await taken()
    const reveal = { field: 'phone', reason: 'call_back' }
    await bench.asAgent(agent, 'POST', `/api/cases/${caseId}/reveal`, reveal)
    const shown = async () => Date.parse((await looks(customer))[0].visibleUntil)
    expect((await shown()) - bench.platform.clock.now().getTime()).toBe(5 * 60_000)
    await bench.later(60_000)
    await bench.asAgent(agent, 'POST', `/api/cases/${caseId}/solve`, {})
    expect(await shown()).toBe(bench.platform.clock.now().getTime())
    const { body } = await bench.asAgent(auditor, 'GET', `/api/cases/${caseId}`)
    expect(Date.parse(body.looks[0].visibleUntil)).toBe(bench.platform.clock.now().getTime())
  })
})

describe('a conversation', () => {
  test('read by somebody else than who serves the case is a look, once in the hour; by who serves it, none', async () => {
    const { customer, caseId } = await taken()
    const read = (who: TestAgent) => bench.asAgent(who, 'GET', `/api/cases/${caseId}/messages`)
    await read(agent)
    expect(await looks(customer)).toEqual([])
    const colleague = await bench.agent({ available: false, name: 'Sari Wulandari' })
    await Promise.all([read(colleague), read(colleague), read(auditor)])
    const [first, second] = (await looks(customer)) as { agentName: string }[]
    expect([first!.agentName, second!.agentName]).toContain('Sari Wulandari')
    expect(await looks(customer)).toEqual(
      [0, 1].map(() =>
        expect.objectContaining({ field: 'talk', reason: 'case', caseNumber: expect.stringMatching(/^C-/) }),
      ),
    )
    expect((await recorded('talk.looked_at', customer)).length).toBe(2)
  })
})

describe('a look outside a case', () => {
  test('stands in the customer’s own list with who, when, why and what, once in the hour, and is told live', async () => {
    const customer = bench.customer()
    const reference = bench.payment(customer)
    const keep = keepLook(bench.platform)
    const look = (reason: 'decision' | 'approval') =>
      bench.platform.db.transaction((tx) =>
        keep(tx, {
          customerId: customer,
          agent: { agentId: agent.id, displayName: 'Bagus Pratama' },
          field: 'money',
          reason,
          reference,
        }),
      )
    expect([await look('decision'), await look('decision'), await look('approval')]).toEqual([
      true,
      false,
      true,
    ])
    expect((await looks(customer)).map((each: { reason: string }) => each.reason).sort()).toEqual([
      'approval',
      'decision',
    ])
    const at = bench.platform.clock.now().toISOString()
    expect(await looks(customer)).toContainEqual({
      at,
      agentName: 'Bagus Pratama',
      field: 'money',
      reason: 'decision',
      reference,
    })
    const told = await bench.platform.db.read.rows(
      "SELECT 1 FROM platform.outbox WHERE type = 'look.recorded' AND key = $1",
      [customer],
    )
    expect(told.length).toBe(2)
    await bench.later(3_600_000)
    expect(await look('decision')).toBe(true)
  })

  test('the customer turns the pages of the list, and finds every look once', async () => {
    const { customer, money } = await taken()
    for (let count = 0; count < 5; count++) {
      await money()
      await bench.later(3_600_000)
    }
    const all = await looks(customer)
    expect(all.length).toBe(5)
    const paged: unknown[] = []
    for (let after = ''; ;) {
      const { body } = await bench.asCustomer(customer, 'GET', `/api/me/looks?limit=2${after}`)
      paged.push(...body.looks)
      if (!body.next) break
      after = `&after=${encodeURIComponent(body.next)}`
    }
    expect(paged).toEqual(all)
    expect((await bench.asCustomer(customer, 'GET', '/api/me/looks?after=1~2')).body.code).toBe(
      'validation_failed',
    )
  })
})

describe('the list for auditors', () => {
  test('has everybody’s looks page by page, and is for auditors alone', async () => {
    for (let count = 0; count < 3; count++) {
      const { money } = await taken()
      await money()
    }
    expect((await bench.asAgent(agent, 'GET', '/api/looks')).body.code).toBe('forbidden')
    const all = (await bench.asAgent(auditor, 'GET', '/api/looks?limit=100')).body.looks
    const paged: unknown[] = []
    let after = ''
    do {
      const { looks: page, next } = (await bench.asAgent(auditor, 'GET', `/api/looks?limit=2${after}`)).body
      paged.push(...page)
      after = next ? `&after=${encodeURIComponent(next)}` : ''
    } while (after)
    expect(all.length).toBeGreaterThanOrEqual(3)
    expect(paged).toEqual(all)
    expect(all[0]).toMatchObject({ agentName: 'Bagus Pratama', customerName: 'Meiling Lin' })
  })
  test('finds by agent, by customer, by days and by words, and pages within what was found', async () => {
    const sari = await bench.agent({ available: false, name: 'Sari Wulandari' })
    const { customer, reference, caseId, money } = await taken()
    await bench.asAgent(sari, 'GET', `/api/cases/${caseId}/messages`)
    await money()
    const find = async (query: string) => {
      const { status, body } = await bench.asAgent(auditor, 'GET', `/api/looks?${query}`)
      return status === 200 ? body : body.code
    }
    const mine = (await find(`customer=${customer}`)).looks
    expect(mine.map((look: { field: string }) => look.field).sort()).toEqual(['money', 'talk'])
    expect((await find(`agent=${sari.id}`)).looks).toMatchObject([{ customerId: customer, field: 'talk' }])
    const { caseNumber } = mine[0]
    for (const words of [reference, reference.toLowerCase(), caseNumber, caseNumber.slice(2)])
      expect((await find(`q=${words}&customer=${customer}`)).looks.length).toBeGreaterThan(0)
    expect(
      new Set((await find('q=wuland')).looks.map((look: { agentName: string }) => look.agentName)),
    ).toEqual(new Set(['Sari Wulandari']))
    expect((await find(`q=nobody&customer=${customer}`)).looks).toEqual([])
    const day = new Intl.DateTimeFormat('en-CA', { timeZone: bench.platform.config.serviceTimeZone })
    const today = day.format(bench.platform.clock.now())
    const before = day.format(new Date(bench.platform.clock.now().getTime() - 86_400_000))
    expect((await find(`customer=${customer}&from=${today}&to=${today}`)).looks).toEqual(mine)
    expect((await find(`customer=${customer}&to=${before}`)).looks).toEqual([])
    expect(await find('from=2026-02-30')).toBe('validation_failed')
    const first = await find(`customer=${customer}&limit=1`)
    const rest = await find(`customer=${customer}&limit=1&after=${encodeURIComponent(first.next)}`)
    expect([...first.looks, ...rest.looks]).toEqual(mine)
  })
})

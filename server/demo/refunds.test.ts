import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { referenceOf } from '#contract/ids.ts'
import { RefundStateSchema } from '#contract/refund.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import { composeRooms, type Rooms } from '../compose.ts'
import { ensureDemo } from './index.ts'
import { refundStories } from './refund-stories.ts'

let platform: TestPlatform
let rooms: Rooms

const count = async (from: string) =>
  Number((await platform.db.read.one<{ count: bigint }>(`SELECT count(*) AS count FROM ${from}`)).count)
const sorted = <Value>(values: Iterable<Value>) => [...values].sort()

beforeAll(async () => {
  platform = await createTestPlatform()
  rooms = composeRooms(platform)
  await ensureDemo(platform, rooms, { webhookUrlOf: (slug) => `http://127.0.0.1:7399/shop/${slug}/webhooks` })
})
afterAll(async () => {
  await rooms.desk.close()
  await rooms.payments.close()
  await platform.close()
})

describe('its cases', () => {
  it('wait for an agent since their customer wrote what nobody has answered', async () => {
    // What cases from before the column were filled with, from the messages alone.
    const migration = readFileSync(
      new URL('../../migrations/0109-waiting-since.sql', import.meta.url),
      'utf8',
    )
    const filled = /coalesce\(\(\s*SELECT min[\s\S]*, opened_at\)/.exec(migration)![0]
    const waits = `desk.cases AS waiting WHERE state = 'waiting_agent'`
    expect(await count(waits)).toBeGreaterThan(2)
    expect(await count(`${waits} AND waiting_since <> ${filled}`)).toBe(0)
  })
})

describe('its refunds', () => {
  const all = async (sql: string) =>
    sorted((await platform.db.read.rows<{ value: string }>(sql)).map(({ value }) => value))

  it('stand in every state, and so do approvals and cases', async () => {
    expect(await all('SELECT DISTINCT state AS value FROM refunds.refunds')).toEqual(
      sorted(RefundStateSchema.enum ?? []),
    )
    expect(await all('SELECT DISTINCT state AS value FROM approvals.approvals')).toEqual(
      sorted(['waiting', 'approved', 'declined', 'expired', 'voided']),
    )
    expect(await all('SELECT DISTINCT kind AS value FROM approvals.approvals')).toEqual([
      'pay_out.account',
      'payment.return',
      'refund.pay',
      'top_up.return',
    ])
    expect(await all('SELECT DISTINCT state AS value FROM desk.cases')).toEqual(
      sorted(['solved', 'waiting_agent', 'waiting_customer', 'waiting_money']),
    )
    expect(await count('refunds.refunds WHERE late_told > 0 AND escalations > 0')).toBeGreaterThan(0)
    expect(await count("refunds.refunds WHERE state = 'paid' AND fee_returned > 0")).toBe(1)
    expect(await count('refunds.refunds')).toBe(refundStories.length - 1)
    const waiting = await rooms.silentShops.list(undefined)
    expect(waiting.map(({ partyName }) => partyName)).toEqual(['Mebel Jati Mulya'])
  })

  it('is told to who approves in words: every kind, row and account, in every language', async () => {
    const kinds = rooms.approvals.kinds()
    const values = (key: string) =>
      all(
        `SELECT DISTINCT payload->>'${key}' AS value FROM approvals.approvals WHERE payload->>'${key}' IS NOT NULL`,
      )
    const named = (kind: string) => kind.replaceAll('.', '_')
    const wanted = [
      ...kinds.flatMap((kind) => [`approval.kind.${named(kind)}`, `approval.action.${named(kind)}`]),
      ...(await values('action')).map((action) => `approval.action.${named(action)}`),
      ...(await values('fromAccount')).map((account) => `approval.account.${account}`),
      ...(await values('decision')).map((decision) => `approval.decision.${decision}`),
      ...(await all('SELECT DISTINCT json_object_keys(payload) AS value FROM approvals.approvals'))
        // Shown as the amount itself; only there so that another account voids it.
        .filter((key) => key !== 'currency' && key !== 'givenId')
        .map((key) => `approval.row.${key}`),
    ]
    expect(wanted).toContain('approval.action.payment_return')
    for (const language of ['en', 'id', 'zh']) {
      const file = new URL(`../../web/console/locales/${language}.json`, import.meta.url)
      const words = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
      expect({ language, missing: wanted.filter((id) => !words[id]) }).toEqual({ language, missing: [] })
    }
  })

  it('moved exactly their money, once', async () => {
    const odd = await platform.db.read.rows(
      `SELECT payment.number FROM refunds.refunds AS refund
       JOIN payments.payments AS payment ON payment.number = refund.payment_number
       LEFT JOIN ledger.transfers AS back ON back.id = refund.transfer_id
       WHERE payment.refunded <> CASE refund.state WHEN 'paid' THEN refund.amount WHEN 'overtaken' THEN payment.refunded ELSE 0 END
          OR back.amount <> refund.amount OR back.reversal_of <> payment.transfer_id`,
    )
    expect(odd).toEqual([])
    expect(await count("ledger.transfers WHERE kind = 'refund'")).toBe(
      await count("refunds.refunds WHERE state = 'paid'"),
    )
    // Nobody's books say that something was recorded before what stood already.
    const early = await platform.db.read.rows(
      `SELECT account_id FROM (SELECT account_id, recorded_at, lag(recorded_at) OVER (PARTITION BY account_id ORDER BY entry) AS before
       FROM ledger.entries) AS told WHERE recorded_at < before`,
    )
    expect(early).toEqual([])
  })

  it('are known to their cases, rated and looked at, and nothing is told twice by the running product', async () => {
    expect(
      await count(`refunds.refunds AS refund WHERE asked_by = 'customer' AND NOT EXISTS (
        SELECT FROM desk.case_references AS held JOIN desk.cases AS cases ON cases.id = held.case_id
        WHERE held.reference LIKE 'RF-%' AND cases.customer_id = refund.customer_id)`),
    ).toBe(0)
    expect(await all('SELECT DISTINCT score::text AS value FROM desk.ratings')).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
    ])
    expect(
      await all(
        'SELECT DISTINCT language AS value FROM desk.ratings JOIN desk.cases ON id = case_id WHERE comment IS NOT NULL',
      ),
    ).toEqual(['en', 'id-ID', 'zh-CN'])
    expect(await all('SELECT DISTINCT field AS value FROM desk.looks')).toEqual(['money', 'phone'])
    expect(await count("desk.cases WHERE solved_by = 'helper'")).toBeGreaterThan(2)
    expect(await count('desk.cases WHERE escalated_at IS NOT NULL AND agent_id IS NOT NULL')).toBe(1)
    const messages = await count('desk.messages')
    await platform.settle()
    expect(await count('desk.messages')).toBe(messages)
  })
})

describe('its money without a place', () => {
  const all = async (sql: string) =>
    sorted((await platform.db.read.rows<{ value: string }>(sql)).map(({ value }) => value))

  it('stands in every state, and what waits for a person has a deadline ahead', async () => {
    expect(
      await all('SELECT DISTINCT state AS value FROM funding.top_ups WHERE failure_code IS NOT NULL'),
    ).toEqual(sorted(['completed', 'returned', 'returning', 'suspended']))
    expect(await all('SELECT DISTINCT state AS value FROM funding.returns')).toEqual(
      sorted(['paid', 'paying', 'refused']),
    )
    const held = await rooms.heldTopUps.list(undefined)
    expect(sorted(held.map(({ why, escalated }) => `${why} ${escalated}`))).toEqual([
      'balance_limit false',
      'balance_limit false',
      'balance_limit true',
      'return_refused false',
    ])
    const refused = await rooms.refusedPayOuts.list()
    expect(sorted(refused.map(({ why }) => why ?? 'undecided'))).toEqual(
      sorted(['undecided', 'account_given', 'on_hold']),
    )
    const now = platform.clock.now().toISOString()
    for (const { reference, untilAt } of [...held, ...refused])
      expect(`${reference} ${untilAt > now}`).toBe(`${reference} true`)
    // One that was refused was sent again on the same day, and arrived.
    expect(
      await count(`settlements.settlements AS one JOIN settlements.settlements AS other USING (merchant_id, day)
        WHERE one.state = 'refused' AND other.state = 'paid'`),
    ).toBe(1)
  })

  it('is where the ledger says', async () => {
    const [suspense] = (await rooms.ledger.trialBalance(platform.db.read)).filter(
      ({ kind }) => kind === 'top_up_suspense',
    )
    const { held } = await platform.db.read.one<{ held: bigint }>(
      "SELECT sum(amount)::bigint AS held FROM funding.top_ups WHERE state IN ('suspended', 'returning')",
    )
    expect(suspense!.balance).toBe(held)
    expect(await count("ledger.transfers WHERE kind = 'top_up_returned'")).toBe(2)
  })
})

it('a payment that comes back by itself is told once for each way to reach the customer', async () => {
  platform.clock.advance(86_400_000)
  expect(await rooms.payments.returnDue()).toBeGreaterThan(0)
  await rooms.payments.returnDue()
  const [back, told] = await Promise.all([
    platform.db.read.rows<{ number: bigint; ways: bigint }>(
      `SELECT number, num_nonnulls(customer.phone, customer.email) AS ways FROM payments.payments AS payment
       JOIN identity.customers AS customer ON customer.id = payment.customer_id
       WHERE returned_at = $1`,
      [platform.clock.now()],
    ),
    platform.db.read.rows<{ reference: string; ways: bigint }>(
      `SELECT content->>'reference' AS reference, count(*) AS ways FROM notices.messages
       WHERE template = 'payment_returned' GROUP BY 1`,
    ),
  ])
  const lines = (list: readonly { reference: string; ways: bigint | number }[]) =>
    list.map(({ reference, ways }) => `${reference} ${ways}`).sort()
  expect(lines(told)).toEqual(
    lines(back.map(({ number, ways }) => ({ reference: referenceOf('TN', number), ways }))),
  )
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TransactionSummary } from '#contract/trace.ts'
import { apiScope, createFace } from '#platform/http.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import { ratnasBalanceMinor } from './cast-story.ts'
import { conversations, type Conversation } from './conversations.ts'
import { refusedStories } from './held-stories.ts'
import { compose, fingerprint, options } from './for-tests.ts'
import { ensureDemo, type DemoSummary } from './index.ts'
import { day, hour, minute } from './movements.ts'
import { customerPin } from './people.ts'

let platform: TestPlatform
let rooms: ReturnType<typeof compose>
let summary: DemoSummary

const count = async (from: string) =>
  Number((await platform.db.read.one<{ count: bigint }>(`SELECT count(*) AS count FROM ${from}`)).count)

beforeAll(async () => {
  platform = await createTestPlatform()
  rooms = compose(platform)
  summary = await ensureDemo(platform, rooms, options)
})
afterAll(async () => {
  await rooms.payments.close()
  await platform.close()
})

const sorted = <Value>(values: Iterable<Value>) => [...values].sort()

describe('the demo', () => {
  it('has its customers, shops and three months of movements', async () => {
    expect(await count('identity.customers')).toBe(300)
    expect(await count('wallets.wallets')).toBe(300)
    expect(await count('merchants.merchants')).toBe(40)
    expect(await count('payments.payments')).toBeGreaterThan(3500)
    expect(await count('funding.top_ups')).toBeGreaterThan(1500)
    const { first, last } = await platform.db.read.one<{ first: Date; last: Date }>(
      'SELECT min(effective_at) AS first, max(effective_at) AS last FROM ledger.transfers',
    )
    const now = platform.clock.now().getTime()
    expect(now - first.getTime()).toBeGreaterThan(80 * day)
    expect(last.getTime()).toBeLessThanOrEqual(now)
    expect(now - last.getTime()).toBeLessThan(hour)
  })

  it('leaves a ledger that holds, and shop accounts that say where the money is', async () => {
    expect(await rooms.ledger.check(platform.db.read)).toEqual({
      sumsPerCurrency: { IDR: 0n },
      brokenAccounts: [],
    })
    const { waiting, unacknowledged } = await platform.db.read.one<Record<string, bigint>>(
      `SELECT (SELECT sum(amount)::bigint FROM payments.payments WHERE state = 'completed' AND told_at IS NULL) AS waiting,
              (SELECT sum(balance)::bigint FROM ledger.accounts WHERE kind = 'shop_unacknowledged') AS unacknowledged`,
    )
    expect(unacknowledged).toBe(waiting)
  })

  it('has paid shops out, with sums that follow from the ledger', async () => {
    const { settlements, payments, kinds } = await platform.db.read.one<Record<string, bigint>>(
      `SELECT (SELECT count(*) FROM settlements.settlements WHERE state = 'paid' AND carried = 0) AS settlements,
              (SELECT sum(payments) FROM settlements.settlements)::bigint AS payments,
              (SELECT count(DISTINCT kind) FROM ledger.transfers WHERE kind LIKE 'shop\\_%') AS kinds`,
    )
    // Of those that a bank refused one was sent again, and carries the money of the first try.
    const refused = await count("settlements.settlements WHERE state = 'refused'")
    expect(refused).toBe(refusedStories.length)
    expect(Number(settlements)).toBe((await count('settlements.settlements')) - refused - 1)
    expect(Number(settlements)).toBeGreaterThan(500)
    expect(Number(payments)).toBeGreaterThan(3000)
    expect(kinds).toBe(5n)
    // What is owed now is what was credited and not settled, or refused by the bank; what is kept back now is what is not free yet.
    const odd = await platform.db.read.rows(
      `SELECT terms.merchant_id FROM settlements.terms
       JOIN ledger.accounts AS payable ON payable.id = terms.payable_account_id
       JOIN ledger.accounts AS reserve ON reserve.id = terms.reserve_account_id
       WHERE payable.balance <> (SELECT coalesce(sum(amount), 0) FROM ledger.entries
               WHERE account_id = payable.id AND entry > terms.settled_entry AND kind <> 'shop_paid_out')
             + coalesce((SELECT CASE state WHEN 'refused' THEN net END FROM settlements.settlements AS last
                         WHERE last.merchant_id = terms.merchant_id ORDER BY number DESC LIMIT 1), 0)
          OR reserve.balance < 0`,
    )
    expect(odd).toEqual([])
  })

  it('keeps the limits of a day and of a transaction', async () => {
    const broken = await platform.db.read.rows(
      `SELECT wallet.customer_id FROM payments.payments AS payment
       JOIN wallets.wallets AS wallet ON wallet.customer_id = payment.customer_id
       JOIN wallets.limit_sets AS limits ON limits.name = wallet.limit_set
       WHERE payment.state <> 'failed'
       GROUP BY wallet.customer_id, (payment.effective_at AT TIME ZONE 'Asia/Jakarta')::date
       HAVING sum(payment.amount) > min(limits.per_day) OR max(payment.amount) > min(limits.per_transaction)`,
    )
    expect(broken).toEqual([])
  })

  it('shows every kind of end', async () => {
    const ends = await platform.db.read.rows<{ ending: string; times: bigint }>(
      `SELECT coalesce(failure_code, state || CASE WHEN state = 'completed' AND told_at IS NULL THEN ', waiting' ELSE '' END) AS ending,
              count(*) AS times FROM payments.payments GROUP BY 1`,
    )
    const times = Object.fromEntries(ends.map(({ ending, times: number }) => [ending, Number(number)]))
    expect(sorted(Object.keys(times))).toEqual([
      'completed',
      'completed, waiting',
      'daily_limit',
      'insufficient_funds',
      'refunded',
      'transaction_limit',
    ])
    expect(times['completed, waiting']).toBe(4)
    expect(times['daily_limit']).toBe(6)
  })

  it('tells orders, payments and webhooks alike', async () => {
    const odd = await platform.db.read.rows(
      `SELECT payment.number FROM payments.payments AS payment
       JOIN merchants.orders AS placed ON placed.id = payment.order_id
       LEFT JOIN merchants.webhooks AS webhook ON webhook.order_id = placed.id AND webhook.type = 'order.paid'
       WHERE payment.state <> 'failed' AND (
         placed.payment_number <> payment.number OR placed.total <> payment.amount
         OR placed.state <> CASE WHEN payment.state = 'refunded' AND payment.told_at IS NULL THEN 'cancelled' ELSE 'paid' END
         OR (payment.told_at IS NOT NULL) <> (webhook.state = 'acknowledged')
         OR webhook.attempts <> (SELECT count(*) FROM merchants.webhook_attempts WHERE webhook_id = webhook.id)
         OR webhook.attempts = 0)`,
    )
    expect(odd).toEqual([])
    expect(await count("merchants.orders WHERE state = 'open'")).toBe(0)
  })

  it('has payments that wait where the running product would leave them', async () => {
    const detail = await detailOf('Meiling Lin', (line) => line.party.name === 'Surya Elektronik')
    expect(detail).toMatchObject({
      merchantReference: 'SE-20817',
      amount: { amountMinor: '-34900000', currency: 'IDR' },
      sentence: 'payment_shop_silent_returns',
    })
    const told = detail.hops.find((hop) => hop.key === 'shop_told')!
    expect(told).toMatchObject({ state: 'stuck', owner: 'shop', tries: 8, then: 'refunded' })
    expect(told.evidence).toMatchObject([{ kind: 'http_status', value: '503' }])
    // The next try lies behind the deadline, so none is announced: nothing but a hand, or the deadline, changes it.
    expect(told.nextTryAt).toBeUndefined()
    expect(await rooms.payments.returnDue()).toBe(0)
  })

  it('gives Ratna what her page shows', async () => {
    const ratna = (await rooms.identity.findByContact(platform.db.read, '+62 812 3456 4417'))!
    const view = await rooms.wallets.view(ratna.id)
    expect(BigInt(view.spendable.amountMinor)).toBe(ratnasBalanceMinor)
    expect(view.limits.usedToday.amountMinor).toBe('4200000')
    const lines = (await platform.references.list(ratna.id, undefined, 6)).filter(
      ({ kind }) => kind !== 'refund',
    )
    expect(lines.slice(0, 5).map((line) => [line.party.name, line.state])).toEqual([
      ['Kedai Kopi Lumbung', 'completed'],
      ['Toko Rempah Ibu', 'completed'],
      ['Buku Pelangi', 'completed'],
      ['Bank Melati', 'completed'],
      ['Batik Seruni', 'refunded'],
    ])
  })
})

describe('its sign-ins', () => {
  it('are right: password, PIN and contact of every customer with a name', async () => {
    for (const { name, contact, password, pin } of summary.customers) {
      const customer = (await rooms.identity.findByContact(platform.db.read, contact))!
      expect(customer.displayName).toBe(name)
      await rooms.identity.verifyPassword(customer.id, password)
      const verdicts = await platform.db.transaction((tx) =>
        rooms.identity.provePins(tx, [{ customerId: customer.id, pin }], platform.clock.now()),
      )
      expect(verdicts).toEqual([{ verdict: 'right' }])
    }
  })

  it('would be taken at sign-up, so nobody is shown a bad example', async () => {
    const sent: string[] = []
    const fresh = await createTestPlatform()
    const publicUrl = fresh.config.customersUrl
    const face = createFace(fresh, { name: 'customers', publicUrl })
    const docs = {
      docsPath: '/docs/customer',
      title: '',
      description: '',
      caller: 'browser',
      publicUrl,
    } as const
    const { identity, payments } = compose(fresh, sent)
    await apiScope(face, docs, (api) => identity.routes(api))
    const call = async (step: string, payload: object) => {
      const headers = { 'x-tuntas-csrf': '1' }
      const answer = await face.inject({ method: 'POST', url: `/api/sign-up/${step}`, payload, headers })
      expect(answer.statusCode, answer.body).toBeLessThan(300)
      return answer.body === '' ? {} : answer.json()
    }
    try {
      const people = [
        ...summary.customers,
        ...summary.agents.map((agent) => ({ ...agent, contact: agent.email, pin: customerPin })),
      ]
      for (const { name, contact, password, pin } of people) {
        const { flowId } = await call('start', { contact, locale: 'en' })
        await call('verify', { flowId, code: sent.at(-1) })
        await call('finish', { flowId, displayName: name, password, pin })
      }
    } finally {
      await face.close()
      await payments.close()
      await fresh.close()
    }
  })

  it('are contacts that the product reads, for all customers', async () => {
    const rows = await platform.db.read.rows<{ phone: string }>('SELECT phone FROM identity.customers')
    for (const { phone } of rows)
      expect(await rooms.identity.findByContact(platform.db.read, phone), phone).toBeDefined()
  })

  it('name the four agents', async () => {
    const rows = await platform.db.read.rows<{ email: string; role: string }>(
      'SELECT email, role FROM staff.agents ORDER BY email',
    )
    expect(rows).toEqual(
      summary.agents
        .map(({ email, role }) => ({ email, role }))
        .sort((one, other) => (one.email < other.email ? -1 : 1)),
    )
  })
})

describe('its conversations', () => {
  it('stand in every state, in three languages, at their own times', async () => {
    const rows = await platform.db.read.rows<{ language: string; state: string }>(
      `SELECT language, state FROM desk.cases WHERE number <= ${20_000 + conversations.length}`,
    )
    const stateOf = (each: Conversation) => {
      const speaker = each.lines.findLast((line) => line.by !== 'note')!.by
      return each.solved ? 'solved' : speaker === 'agent' ? 'waiting_customer' : 'waiting_agent'
    }
    const wanted = conversations.map((each) => ({ language: each.locale, state: stateOf(each) }))
    expect(sorted(rows.map(({ language, state }) => `${language} ${state}`))).toEqual(
      sorted(wanted.map(({ language, state }) => `${language} ${state}`)),
    )
    expect(new Set(wanted.map(({ state }) => state)).size).toBe(3)
    const { first, last } = await platform.db.read.one<{ first: Date; last: Date }>(
      'SELECT min(stored_at) AS first, max(stored_at) AS last FROM desk.messages',
    )
    const now = platform.clock.now().getTime()
    expect(now - first.getTime()).toBeGreaterThan(10 * day)
    expect(last.getTime()).toBeLessThanOrEqual(now)
  })

  it('hold the money that they speak of', async () => {
    const rows = await platform.db.read.rows<{
      customer_id: string
      subject: string
      reference: string | null
    }>(
      `SELECT cases.customer_id, subject, reference FROM desk.cases AS cases
       LEFT JOIN desk.case_references AS held ON held.case_id = cases.id
       WHERE number <= ${20_000 + conversations.length} ORDER BY subject`,
    )
    const held = rows.flatMap(({ reference, customer_id }) => (reference ? [{ reference, customer_id }] : []))
    expect(held).toHaveLength(conversations.filter((each) => each.about).length)
    for (const { reference, customer_id } of held)
      expect(await platform.references.ownerOf(reference)).toBe(customer_id)
    const subjects = rows.map(({ subject }) => subject)
    expect(subjects.filter((subject) => subject === 'payment_not_arrived')).toHaveLength(3)
    expect(subjects.filter((subject) => subject === 'payment_failed')).toHaveLength(4)
  })

  it('have nothing in them that must not be stored', async () => {
    expect(await count("desk.messages WHERE text LIKE '%394817%'")).toBe(0)
    expect(await count("desk.messages WHERE author = 'customer' AND cardinality(redactions) > 0")).toBe(1)
  })
})

describe('made once', () => {
  it('leaves an installation alone whose people have the same contacts', async () => {
    const used = await createTestPlatform()
    const usedRooms = compose(used)
    try {
      await used.db.transaction((tx) =>
        usedRooms.identity.createCustomers(tx, [
          {
            displayName: 'Ratna',
            phone: '+6281234564417',
            locale: 'id-ID',
            passwordHash: '-',
            pin: customerPin,
            createdAt: used.clock.now(),
          },
        ]),
      )
      expect(await ensureDemo(used, usedRooms, options)).toEqual({ customers: [], agents: [], shops: [] })
      expect(await used.db.read.rows('SELECT FROM identity.customers')).toHaveLength(1)
    } finally {
      await usedRooms.payments.close()
      await used.close()
    }
  })

  it('is the same after a second start, and gives the shops the same secrets', async () => {
    const before = await fingerprint(platform)
    expect(await ensureDemo(platform, rooms, options)).toEqual(summary)
    expect(await fingerprint(platform)).toEqual(before)
    expect(summary.shops.map((shop) => shop.slug)).toEqual([
      'buku-pelangi',
      'surya-elektronik',
      'batik-seruni',
    ])
  })

  it('follows the sandbox to another address', async () => {
    const moved = { webhookUrlOf: (slug: string) => `http://127.0.0.1:7399/elsewhere/${slug}` }
    await ensureDemo(platform, rooms, moved)
    const urls = await platform.db.read.rows<{ webhook_url: string }>(
      "SELECT webhook_url FROM merchants.merchants WHERE name = 'Buku Pelangi'",
    )
    expect(urls).toEqual([{ webhook_url: 'http://127.0.0.1:7399/elsewhere/buku-pelangi' }])
    await ensureDemo(platform, rooms, options)
  })
})

describe('afterwards', () => {
  it('the silent shops are asked again, in vain', async () => {
    platform.clock.advance(10 * minute)
    await rooms.merchants.deliverDue()
    const tries = await platform.db.read.rows<{ name: string; told: string }>(
      `SELECT shop.name, coalesce(no_answer, http_status::text) AS told FROM merchants.webhook_attempts AS try
       JOIN merchants.webhooks AS webhook ON webhook.id = try.webhook_id JOIN merchants.merchants AS shop ON shop.id = webhook.merchant_id
       WHERE webhook.state = 'waiting' AND webhook.type = 'order.paid' GROUP BY 1, 2 ORDER BY 1`,
    )
    expect(tries).toEqual([
      { name: 'Apotek Cendana', told: 'econnrefused' },
      { name: 'Mebel Jati Mulya', told: 'econnrefused' },
      { name: 'Surya Elektronik', told: '503' },
    ])
  })

  it('what is not answered in time goes back by itself, above the limit it waits for staff', async () => {
    platform.clock.advance(2 * hour)
    expect(await rooms.payments.returnDue()).toBe(2)
    expect(await count("payments.payments WHERE state = 'completed' AND told_at IS NULL")).toBe(2)
    const check = await rooms.ledger.check(platform.db.read)
    expect(check).toEqual({ sumsPerCurrency: { IDR: 0n }, brokenAccounts: [] })
  })
})

async function detailOf(name: string, wanted: (line: TransactionSummary) => boolean) {
  const { id } = await platform.db.read.one<{ id: string }>(
    'SELECT id FROM identity.customers WHERE display_name = $1',
    [name],
  )
  const line = (await platform.references.list(id, undefined, 20)).find(wanted)!
  return (await platform.references.detail(line.reference, id))!
}

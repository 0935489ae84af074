// For tests only: the desk on a real database behind both real faces, with real staff and audit.
// Customers and money are stood in for: the desk knows them only through its needs and the registry of references.
import { readFileSync } from 'node:fs'
import type { MaskedCustomer } from '#contract/desk.ts'
import type { Diagnosis } from '#contract/diagnosis.ts'
import { referenceOf, uuidv7 } from '#contract/ids.ts'
import type { RefundFacts } from '#contract/refund.ts'
import type { TransactionDetail } from '#contract/trace.ts'
import { apiScope, createFace, type Face } from '#platform/http.ts'
import { hashToken, newToken } from '#platform/keys.ts'
import { readCookie, type RequestWithHeaders } from '#platform/cookies.ts'
import type { Sql } from '#platform/db.ts'
import { publish } from '#platform/outbox.ts'
import { Refusal } from '#platform/refusal.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import { createAudit, type Audit } from '#modules/audit/index.ts'
import { createStaff, staffCookie, type Role, type Staff } from '#modules/staff/index.ts'
import { createFiles, type Files } from '#modules/files/index.ts'
import { createDesk, type Desk } from './index.ts'

export interface Answer {
  status: number
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any
}
export interface TestAgent {
  id: string
  cookie: string
}

export interface DeskBench {
  platform: TestPlatform
  desk: Desk
  staff: Staff
  audit: Audit
  files: Files
  /** A customer who is signed in by their id. */
  customer(name?: string): string
  agent(options?: {
    role?: Role
    available?: boolean
    customerId?: string
    name?: string
  }): Promise<TestAgent>
  /** A refund of that payment, waiting for the shop; `happened` tells the desk of it. */
  refund(customerId: string, payment: string, facts?: Partial<RefundFacts>): string
  /** What a money room answers from now on. */
  change(reference: string, change: Partial<TransactionDetail>): void
  /** An event of a money room, handled by the desk when this returns. */
  happened(type: string, payload: Record<string, unknown>, customerId: string): Promise<void>
  /** So much later; everybody of the staff was at their screens meanwhile. */
  later(ms: number): Promise<void>
  /** What the desk asked of other rooms, in order. */
  done: string[]
  /** A payment of this customer, as a money room would answer for it; returns its reference. */
  payment(customerId: string, change?: Partial<TransactionDetail>): string
  asCustomer(customerId: string, method: 'GET' | 'POST', url: string, body?: object): Promise<Answer>
  /** The answer's headers too. */
  rawAsCustomer(customerId: string, url: string): Promise<{ headers: Record<string, unknown> }>
  asAgent(agent: TestAgent, method: 'GET' | 'POST', url: string, body?: object): Promise<Answer>
  /** A route that answers with a file. */
  fileAsAgent(agent: TestAgent, url: string): Promise<Awaited<ReturnType<Face['inject']>>>
  /** Opens a conversation and writes one message; answers both ids. */
  ask(customerId: string, text?: string, about?: string): Promise<{ conversationId: string; caseId: string }>
  write(customerId: string, conversationId: string, text: string, clientMessageId?: string): Promise<Answer>
  close(): Promise<void>
}

/** What the migration fills `waiting_since` with, from the messages alone: rows that were there before, and proof of the others. */
export async function waitsFromMessages(sql: Sql): Promise<{ kept: (Date | null)[]; told: (Date | null)[] }> {
  const migration = readFileSync(
    new URL('../../../migrations/0109-waiting-since.sql', import.meta.url),
    'utf8',
  )
  const filled = /coalesce\(\(\s*SELECT min[\s\S]*, opened_at\)/.exec(migration)![0]
  const rows = await sql.rows<{ kept: Date | null; told: Date | null }>(
    `SELECT waiting_since AS kept, CASE WHEN state = 'waiting_agent' THEN ${filled} END AS told FROM desk.cases AS waiting ORDER BY id`,
  )
  return { kept: rows.map(({ kept }) => kept), told: rows.map(({ told }) => told) }
}

export async function createDeskBench(): Promise<DeskBench> {
  const platform = await createTestPlatform()
  const { db, clock, config } = platform
  const audit = createAudit(platform)
  const staff = createStaff(platform, { audit })
  const people = new Map<string, MaskedCustomer>()
  const money = new Map<string, { owner: string; detail: TransactionDetail }>()
  const done: string[] = []

  for (const prefix of ['TN', 'TP', 'RF'] as const) {
    const find = (number: bigint, customerId: string) => {
      const found = money.get(referenceOf(prefix, number))
      return found?.owner === customerId ? found.detail : undefined
    }
    platform.references.register({
      prefix,
      ownerOf: async (number) => money.get(referenceOf(prefix, number))?.owner,
      summaries: async (numbers, customerId) => numbers.flatMap((number) => find(number, customerId) ?? []),
      list: async () => [],
      async detail(number, customerId) {
        // As the real rooms do: a connection more is needed while somebody asks.
        await db.read.run('SELECT 1')
        return find(number, customerId)
      },
    })
  }

  /** Stands in for the helper: the choices that its rules would give. */
  async function diagnose(reference: string, customerId: string): Promise<Diagnosis | undefined> {
    const detail = await platform.references.detail(reference, customerId)
    if (!detail) return undefined
    const moves = detail.hops.some((hop) => hop.state === 'stuck' || hop.state === 'now')
    return {
      reference,
      facts: [{ key: 'taken_once', values: { amount: detail.amount } }],
      choices: [
        ...(moves ? (['wait_with_notice'] as const) : []),
        ...(detail.canAskShopAgain ? (['ask_shop_again'] as const) : []),
        ...(detail.canAskMoneyBack ? (['ask_money_back'] as const) : []),
        ...(detail.refund?.canWithdraw ? (['withdraw_refund'] as const) : []),
        'person',
      ],
      asOf: detail.asOf,
    }
  }

  function add(
    prefix: 'TN' | 'TP' | 'RF',
    owner: string,
    detail: Omit<TransactionDetail, 'reference'>,
  ): string {
    const reference = referenceOf(prefix, BigInt(money.size + 1))
    money.set(reference, { owner, detail: { reference, ...detail } })
    return reference
  }
  async function authenticateCustomer(request: RequestWithHeaders): Promise<{ customerId: string }> {
    const customerId = readCookie(request, 'tuntas_session')
    if (!customerId || !people.has(customerId)) throw new Refusal('session_expired')
    return { customerId }
  }
  const files = createFiles(platform, { audit, authenticateCustomer })
  const desk = createDesk(platform, {
    audit,
    staff,
    files,
    authenticateCustomer,
    customers: async (_sql, ids) =>
      new Map(ids.flatMap((id) => (people.has(id) ? [[id, people.get(id)!]] : []))),
    contactOf: async (_customerId, field) => (field === 'phone' ? '+6281255502290' : undefined),
    diagnose,
    actions: {
      async askShopAgain(_tx, reference, customerId) {
        const found = money.get(reference)
        if (found?.owner !== customerId || !found.detail.canAskShopAgain) return false
        done.push(`ask_shop_again ${reference}`)
        bench.change(reference, { canAskShopAgain: false })
        return true
      },
      async withdrawRefund(reference) {
        done.push(`withdraw_refund ${reference}`)
      },
      async tellMoneyMoved(_tx, { what, detail }) {
        done.push(`${what} ${detail.reference}`)
      },
      async tellSolved(_tx, { conversationId, caseNumber, outcome }) {
        done.push(`solved ${conversationId} ${caseNumber} ${outcome}`)
      },
    },
    findCustomersByName: async (_sql, name) =>
      [...people.values()]
        .filter((person) => person.name.toLowerCase().startsWith(name.toLowerCase()))
        .map((person) => person.id),
  })
  const faces = await Promise.all(
    (['customers', 'agents'] as const).map(async (name) => {
      const publicUrl = name === 'customers' ? config.customersUrl : config.agentsUrl
      const app = createFace(platform, { name, publicUrl })
      await apiScope(
        app,
        { docsPath: '/docs', title: name, description: '', caller: 'browser', publicUrl },
        (api) => (name === 'customers' ? desk.customerRoutes(api) : desk.agentRoutes(api)),
      )
      await app.ready()
      return app
    }),
  )
  const [customers, agents] = faces as [Face, Face]

  async function call(
    app: Face,
    cookies: Record<string, string>,
    method: 'GET' | 'POST',
    url: string,
    body?: object,
  ): Promise<Answer> {
    const response = await app.inject({
      method,
      url,
      headers: { 'x-tuntas-csrf': '1' },
      cookies,
      ...(body ? { payload: body } : {}),
    })
    return { status: response.statusCode, body: response.body ? JSON.parse(response.body) : undefined }
  }

  const bench: DeskBench = {
    platform,
    desk,
    staff,
    audit,
    files,
    customer(name = 'Meiling Lin') {
      const id = uuidv7()
      people.set(id, {
        id,
        name,
        phone: '+62 812 •••• 2290',
        memberSince: '2023-05-02T03:00:00.000Z',
        language: 'zh-CN',
        verified: true,
        walletStatus: 'active',
      })
      return id
    },
    async agent({ role = 'agent', available = true, customerId, name = 'Bagus Pratama' } = {}) {
      const id = uuidv7()
      const { token } = newToken()
      await db.transaction(async (tx) => {
        await staff.createAgents(tx, [
          {
            id,
            email: `${id}@tuntas.example`,
            displayName: name,
            role,
            passwordHash: 'not used',
            available,
            customerId,
            createdAt: clock.now(),
          },
        ])
        await tx.run(
          `INSERT INTO staff.sessions (id, token_hash, agent_id, created_at, last_seen_at, expires_at)
           VALUES ($1, $2, $3, $4, $4, $5)`,
          [uuidv7(), hashToken(token), id, clock.now(), new Date(clock.now().getTime() + 12 * 3_600_000)],
        )
      })
      return { id, cookie: token }
    },
    payment(customerId, change = {}) {
      return add('TN', customerId, {
        kind: 'payment',
        state: 'pending',
        party: { name: 'Surya Elektronik' },
        amount: { amountMinor: '-34900000', currency: 'IDR' },
        effectiveAt: '2026-11-20T05:42:07.000Z',
        sentence: 'shop_not_told',
        hops: [{ key: 'shop_told', state: 'stuck', owner: 'shop' }],
        canCancel: false,
        canAskShopAgain: true,
        canAskMoneyBack: true,
        asOf: clock.now().toISOString(),
        ...change,
      })
    },
    refund(customerId, payment, facts = {}) {
      return add('RF', customerId, {
        kind: 'refund',
        state: 'pending',
        party: { name: 'Surya Elektronik' },
        amount: { amountMinor: '34900000', currency: 'IDR' },
        effectiveAt: clock.now().toISOString(),
        sentence: 'refund_asking_shop',
        hops: [{ key: 'shop_answered', state: 'now', owner: 'shop' }],
        canCancel: false,
        asOf: clock.now().toISOString(),
        refund: {
          payment,
          state: 'asking_shop',
          amount: { amountMinor: '34900000', currency: 'IDR' },
          paid: { amountMinor: '34900000', currency: 'IDR' },
          reason: 'shop_has_nothing',
          askedBy: 'customer',
          askedAt: clock.now().toISOString(),
          owner: 'shop',
          canWithdraw: true,
          ...facts,
        },
      })
    },
    change(reference, change) {
      const found = money.get(reference)!
      money.set(reference, { ...found, detail: { ...found.detail, ...change } })
    },
    async happened(type, payload, customerId) {
      await db.transaction((tx) =>
        publish(tx, [{ type, key: String(payload['reference']), payload, customerId }], clock.now()),
      )
      await platform.settle()
    },
    async later(ms) {
      clock.advance(ms)
      await db.read.run('UPDATE staff.sessions SET last_seen_at = $1, expires_at = $2', [
        clock.now(),
        new Date(clock.now().getTime() + 12 * 3_600_000),
      ])
    },
    done,
    asCustomer: (customerId, method, url, body) =>
      call(customers, { tuntas_session: customerId }, method, url, body),
    rawAsCustomer: (customerId, url) => customers.inject({ url, cookies: { tuntas_session: customerId } }),
    asAgent: (agent, method, url, body) => call(agents, { [staffCookie]: agent.cookie }, method, url, body),
    fileAsAgent: async (agent, url) => agents.inject({ url, cookies: { [staffCookie]: agent.cookie } }),
    async ask(customerId, text = 'Halo, uang saya belum masuk', about) {
      const opened = await bench.asCustomer(customerId, 'POST', '/api/conversations', about ? { about } : {})
      if (opened.status !== 200) throw new Error(JSON.stringify(opened.body))
      const conversationId = opened.body.id as string
      await bench.write(customerId, conversationId, text)
      const { case_id: caseId } = await db.read.one<{ case_id: string }>(
        'SELECT case_id FROM desk.conversations WHERE id = $1',
        [conversationId],
      )
      return { conversationId, caseId }
    },
    write: (customerId, conversationId, text, clientMessageId = uuidv7()) =>
      bench.asCustomer(customerId, 'POST', `/api/conversations/${conversationId}/messages`, {
        clientMessageId,
        text,
      }),
    async close() {
      await Promise.all(faces.map((app) => app.close()))
      await desk.close()
      await platform.close()
    },
  }
  return bench
}

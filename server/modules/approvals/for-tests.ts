// For tests only: a real database, a room whose thing needs a second person, and people who are signed in by a header.
import { uuidv7 } from '#contract/ids.ts'
import type { Transaction } from '#platform/db.ts'
import { apiScope, createFace } from '#platform/http.ts'
import { createTestPlatform } from '#platform/testing.ts'
import { Refusal } from '#platform/refusal.ts'
import { createAudit } from '#modules/audit/index.ts'
import { createStaff, type Role, type StaffSession } from '#modules/staff/index.ts'
import { createApprovals, type ApprovalNeeds } from './index.ts'

export const hour = 3_600_000

export async function createWorld() {
  const platform = await createTestPlatform()
  const { db, clock } = platform
  await db.read.run('CREATE SCHEMA things')
  await db.read.run(
    `CREATE TABLE things.things (reference text PRIMARY KEY, amount_minor bigint NOT NULL, to_account text NOT NULL,
       is_open boolean NOT NULL DEFAULT true, done integer NOT NULL DEFAULT 0, closed text[] NOT NULL DEFAULT '{}')`,
  )
  const audit = createAudit(platform)
  const staff = createStaff(platform, { audit })
  const sessions = new Map<string, StaffSession>()
  const emails = new Map<string, string>()
  const looks: Parameters<ApprovalNeeds['keepLook']>[1][] = []
  const approvals = createApprovals(platform, {
    audit,
    keepLook: async (_tx, look) => looks.push(look) > 0,
    staff: {
      ...staff,
      async authenticate(request) {
        const session = sessions.get(String((request.headers as Record<string, unknown>)['x-test-agent']))
        if (!session) throw new Refusal('session_expired')
        // Present as long as they are not said to be away.
        return { presentAt: clock.now(), ...session }
      },
    },
    customerReads: async (_sql, { reference }) => ({ language: 'id-ID', text: `${reference} selesai` }),
    customers: async (_sql, ids) =>
      new Map(ids.map((id) => [id, { displayName: 'Ratna', email: emails.get(id) }])),
  })

  interface Thing {
    amount_minor: bigint
    to_account: string
    is_open: boolean
  }
  const find = (tx: Transaction, reference: string) =>
    tx.maybe<Thing>(`SELECT * FROM things.things WHERE reference = $1 ${room.locks ? 'FOR UPDATE' : ''}`, [
      reference,
    ])
  /** Tests may let the room fail when it executes, and forget its own locks. */
  const room = { refuses: undefined as Refusal | undefined, locks: true }
  approvals.register('thing.do', {
    async currentPayload(tx, reference) {
      const thing = await find(tx, reference)
      return thing?.is_open
        ? { reference, amountMinor: thing.amount_minor.toString(), toAccount: thing.to_account }
        : undefined
    },
    async execute(tx, { reference }) {
      await tx.run('UPDATE things.things SET done = done + 1, is_open = false WHERE reference = $1', [
        reference,
      ])
      if (room.refuses) throw room.refuses
    },
    async onClosed(tx, { reference }, how) {
      await tx.run('UPDATE things.things SET closed = closed || $2::text WHERE reference = $1', [
        reference,
        how,
      ])
    },
  })

  const app = createFace(platform, { name: 'agents', publicUrl: platform.config.agentsUrl })
  await apiScope(
    app,
    {
      docsPath: '/docs/console',
      title: 'Console',
      description: '',
      caller: 'browser',
      publicUrl: platform.config.agentsUrl,
    },
    (api) => approvals.routes(api),
  )
  await app.ready()

  let number = 0
  async function person(role: Role, known: { email?: string; customerId?: string } = {}) {
    const email = known.email ?? `person${++number}@tuntas.example`
    const displayName = `Person ${number}`
    const { customerId } = known
    const [agentId] = await db.transaction((tx) =>
      staff.createAgents(tx, [
        { email, displayName, role, passwordHash: 'none', createdAt: clock.now(), customerId },
      ]),
    )
    const session: StaffSession = {
      agentId: agentId!,
      sessionId: uuidv7(),
      role,
      displayName,
      email,
      available: true,
      customerId,
    }
    sessions.set(agentId!, session)
    return session
  }

  async function call(who: StaffSession | undefined, method: 'GET' | 'POST', url: string, body?: object) {
    const response = await app.inject({
      method,
      url,
      headers: { 'x-tuntas-csrf': '1', ...(who ? { 'x-test-agent': who.agentId } : {}) },
      ...(body ? { payload: body } : {}),
    })
    return { status: response.statusCode, body: response.json() }
  }

  /** A thing and the request that somebody approves it. */
  async function propose(
    by: StaffSession | undefined,
    more: { beneficiaryCustomerId?: string; alsoInvolved?: string[]; inMs?: number } = {},
  ) {
    const reference = `RF-TEST-${String(++number).padStart(4, '0')}`
    await db.read.run(
      'INSERT INTO things.things (reference, amount_minor, to_account) VALUES ($1, 34900000, $2)',
      [reference, 'wallet-1'],
    )
    const id = await db.transaction((tx) =>
      approvals.propose(tx, {
        kind: 'thing.do',
        reference,
        payload: { reference, amountMinor: '34900000', toAccount: 'wallet-1' },
        amount: { amountMinor: '34900000', currency: 'IDR' },
        beneficiaryCustomerId: more.beneficiaryCustomerId ?? uuidv7(),
        requestedBy: by ? { agentId: by.agentId, name: by.displayName } : { name: 'Surya Elektronik' },
        ...(more.alsoInvolved ? { alsoInvolved: more.alsoInvolved } : {}),
        reason: 'The shop cannot be reached',
        expiresAt: new Date(clock.now().getTime() + (more.inMs ?? hour)),
      }),
    )
    return { id, reference }
  }

  return {
    platform,
    audit,
    approvals,
    looks,
    room,
    emails,
    person,
    call,
    propose,
    thing: (reference: string) =>
      db.read.one<{ done: number; closed: string[] }>(
        'SELECT done, closed FROM things.things WHERE reference = $1',
        [reference],
      ),
    async approve(who: StaffSession, id: string) {
      const { body } = await call(who, 'GET', `/api/approvals/${id}`)
      return call(who, 'POST', `/api/approvals/${id}/approve`, { payloadHash: body.payloadHash })
    },
    async close() {
      await app.close()
      await platform.close()
    },
  }
}

// The server that messages are replayed against, in a process of its own: the real rooms and both addresses on one database.
// Asked over IPC to prepare people and payments, and to say at the end what the database holds: the only witness.
// It may be killed at any time and started again with the same order.
import { uuidv7 } from '#contract/ids.ts'
import { readConfig } from '#platform/config.ts'
import { createDatabase, type Transaction } from '#platform/db.ts'
import { newToken } from '#platform/keys.ts'
import { createLogger } from '#platform/log.ts'
import { migrate } from '#platform/migrate.ts'
import { saveSession } from '../server/modules/identity/sessions.sql.ts'
import { saveSession as saveStaffSession } from '../server/modules/staff/staff.sql.ts'
import { composeLive, composePlatform, composeRooms } from '../server/compose.ts'
import { attachLive, buildAgentsFace, buildCustomersFace } from '../server/faces.ts'

/** How to start: on this database, at these ports (0: any), with the installation's own secret. */
export interface ServerOrder {
  connectionString: string
  customersPort: number
  agentsPort: number
  pepper: string
  /** `fatal` where the server's complaints about its dead database are expected. */
  logLevel: string
}

/** What the sender asks for and is told; the sender never counts. */
export interface StoredMessage {
  clientMessageId: string
  conversationId: string
  sequence: number
  /** Its case stands in the queue, given to an agent or to the team. */
  queued: boolean
  /** Something was taken out before it was stored. */
  redacted: boolean
}

const order = JSON.parse(process.argv[2]!) as ServerOrder
const { connectionString } = order
const config = readConfig({
  TUNTAS_SANDBOX: 'on',
  TUNTAS_PEPPER: order.pepper,
  // Where the shop would answer, nobody does: its payments wait, as in the story.
  TUNTAS_SANDBOX_URL: 'http://127.0.0.1:9',
})

const db = createDatabase({ connectionString, maximumConnections: 1 })
await migrate(db, new URL('../migrations/', import.meta.url))
await db.close()
const platform = await composePlatform(config, createLogger({ level: order.logLevel }), connectionString)
const rooms = composeRooms(platform)
const customersFace = await buildCustomersFace(platform, rooms)
const agentsFace = await buildAgentsFace(platform, rooms)
attachLive(platform, rooms, composeLive(platform, rooms), customersFace, agentsFace)
await customersFace.listen({ port: order.customersPort, host: '127.0.0.1' })
await agentsFace.listen({ port: order.agentsPort, host: '127.0.0.1' })
platform.jobs.start()

/** Rp 99.500, the price of every order here. */
const orderMinor = 9_950_000n
/** The demo's PIN: the sender pays with it. */
const pin = '271828'

/** A session for each person, as signing in would have left it; returns the tokens. */
async function openSessions(
  tx: Transaction,
  ids: readonly string[],
  save: (
    tx: Transaction,
    session: { id: string; tokenHash: Buffer; createdAt: Date; expiresAt: Date },
    personId: string,
  ) => Promise<void>,
): Promise<string[]> {
  const createdAt = platform.clock.now()
  const tokens: string[] = []
  for (const id of ids) {
    const { token, hash } = newToken()
    tokens.push(token)
    const expiresAt = new Date(createdAt.getTime() + 3_600_000)
    await save(tx, { id: uuidv7(), tokenHash: hash, createdAt, expiresAt }, id)
  }
  return tokens
}

async function prepareCustomers(count: number): Promise<string[]> {
  const locales = ['en', 'id-ID', 'zh-CN'] as const
  const ids = Array.from({ length: count }, () => uuidv7())
  return platform.db.transaction(async (tx) => {
    await rooms.identity.createCustomers(
      tx,
      ids.map((id, index) => ({
        id,
        displayName: `Customer ${index}`,
        email: `customer-${index}@example.com`,
        locale: locales[index % locales.length]!,
        verified: true,
        passwordHash: 'none',
        pin,
        createdAt: platform.clock.now(),
      })),
    )
    await rooms.wallets.open(
      tx,
      ids.map((customerId) => ({ customerId, verified: true })),
    )
    const bank = await rooms.ledger.ensureSystemAccount(tx, { kind: 'bank_clearing', currency: 'IDR' })
    const wallets = await rooms.wallets.readWallets(tx, ids)
    await rooms.ledger.post(
      tx,
      ids.map((id) => ({
        id: uuidv7(),
        debitAccountId: bank,
        creditAccountId: wallets.get(id)!.accountId,
        amountMinor: 2n * orderMinor,
        currency: 'IDR' as const,
        kind: 'top_up',
        reference: 'TP-0000-0000',
        effectiveAt: platform.clock.now(),
      })),
    )
    return openSessions(tx, ids, (sql, session, customerId) =>
      saveSession(sql, { ...session, customerId, deviceId: undefined }),
    )
  })
}

/** One open order for each of `count` customers, all of one shop; they pay them over the public API. */
async function prepareOrders(count: number): Promise<string[]> {
  const now = platform.clock.now()
  return platform.db.transaction(async (tx) => {
    const shop = await rooms.merchants.createMerchant(tx, {
      name: 'Buku Pelangi',
      category: 'books',
      webhookUrl: `${config.sandboxUrl}/shop/webhooks`,
    })
    return rooms.merchants.createOrders(
      tx,
      Array.from({ length: count }, (_, index) => ({
        id: uuidv7(),
        merchantId: shop.merchantId,
        merchantReference: `BP-${index + 1}`,
        totalMinor: orderMinor,
        currency: 'IDR' as const,
        lines: [
          {
            name: 'Laut Banda, Tujuh Malam',
            quantity: 1,
            amount: { amountMinor: String(orderMinor), currency: 'IDR' as const },
          },
        ],
        state: 'open' as const,
        returnUrl: undefined,
        cancelUrl: undefined,
        createdAt: now,
        expiresAt: new Date(now.getTime() + 900_000),
        customerId: undefined,
        paymentNumber: undefined,
      })),
    )
  })
}

async function prepareAgents(count: number): Promise<string[]> {
  return platform.db.transaction(async (tx) => {
    const ids = await rooms.staff.createAgents(
      tx,
      Array.from({ length: count }, (_, index) => ({
        email: `agent-${index}@example.com`,
        displayName: `Agent ${index}`,
        role: 'agent' as const,
        passwordHash: 'none',
        available: true,
        createdAt: platform.clock.now(),
      })),
    )
    return openSessions(tx, ids, (sql, session, agentId) => saveStaffSession(sql, { ...session, agentId }))
  })
}

/** Every message of a customer that is stored, in the order that everybody sees. */
async function readStored(): Promise<StoredMessage[]> {
  const rows = await platform.db.read.rows<{
    client_message_id: string
    conversation_id: string
    sequence: number
    queued: boolean
    redacted: boolean
  }>(
    `SELECT message.client_message_id, message.conversation_id, message.sequence,
            cardinality(message.redactions) > 0 AS redacted,
            cases.state IN ('waiting_agent', 'waiting_customer') AS queued
     FROM desk.messages AS message
     JOIN desk.conversations AS conversation ON conversation.id = message.conversation_id
     JOIN desk.cases AS cases ON cases.id = conversation.case_id
     WHERE message.author = 'customer' ORDER BY message.conversation_id, message.sequence`,
  )
  return rows.map((row) => ({
    clientMessageId: row.client_message_id,
    conversationId: row.conversation_id,
    sequence: row.sequence,
    queued: row.queued,
    redacted: row.redacted,
  }))
}

/** One entry for each diagnosis that stands in a conversation, with what it is about. */
async function readDiagnoses(): Promise<{ conversationId: string; reference: string }[]> {
  const rows = await platform.db.read.rows<{ conversation_id: string; reference: string }>(
    `SELECT conversation_id, fact_values ->> 'reference' AS reference FROM desk.messages WHERE kind = 'diagnosis'`,
  )
  return rows.map((row) => ({ conversationId: row.conversation_id, reference: row.reference }))
}

/** How many rows anywhere hold one of these texts as it was typed: what must not be stored, must not be anywhere. */
async function countLeaks(secrets: readonly string[]): Promise<number> {
  const { count } = await platform.db.read.one<{ count: bigint }>(
    `SELECT count(*) FROM (
       SELECT text AS kept FROM desk.messages UNION ALL SELECT preview FROM desk.cases
       UNION ALL SELECT concat(payload, live_customer, live_desk) FROM platform.outbox
     ) AS everywhere WHERE EXISTS (SELECT FROM unnest($1::text[]) AS secret WHERE strpos(kept, secret) > 0)`,
    [secrets],
  )
  return Number(count)
}

const tasks: Record<string, (argument: never) => Promise<unknown>> = {
  customers: prepareCustomers,
  agents: prepareAgents,
  orders: prepareOrders,
  stored: readStored,
  diagnoses: readDiagnoses,
  leaks: countLeaks,
  statistics: async () => rooms.desk.statistics,
}

process.on('message', async ({ id, task, argument }: { id: number; task: string; argument: unknown }) => {
  try {
    process.send!({ id, result: await tasks[task]!(argument as never) })
  } catch (error) {
    process.send!({ id, error: String((error as Error).stack) })
  }
})
process.on('disconnect', () => process.exit(0))
const portOf = (face: typeof customersFace) => (face.server.address() as { port: number }).port
process.send!({
  customersPort: portOf(customersFace),
  agentsPort: portOf(agentsFace),
  pin,
  orderMinor: String(orderMinor),
})

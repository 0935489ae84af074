// The server that messages are replayed against, in a process of its own: the real rooms and both addresses on a fresh
// database. Asked over IPC to prepare people, and to say at the end what the database holds: the only witness.
import { randomBytes } from 'node:crypto'
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

/** What the sender asks for and is told; the sender never counts. */
export interface StoredMessage {
  clientMessageId: string
  conversationId: string
  sequence: number
  /** Its case stands in the queue, given to an agent or to the team. */
  queued: boolean
}

const connectionString = process.argv[2]!
const config = readConfig({ TUNTAS_SANDBOX: 'on', TUNTAS_PEPPER: randomBytes(32).toString('base64') })

const db = createDatabase({ connectionString, maximumConnections: 1 })
await migrate(db, new URL('../migrations/', import.meta.url))
await db.close()
const platform = await composePlatform(config, createLogger({ level: 'error' }), connectionString)
const rooms = composeRooms(platform)
const customersFace = await buildCustomersFace(platform, rooms)
const agentsFace = await buildAgentsFace(platform, rooms)
attachLive(platform, rooms, composeLive(platform, rooms), customersFace, agentsFace)
await customersFace.listen({ port: 0, host: '127.0.0.1' })
await agentsFace.listen({ port: 0, host: '127.0.0.1' })
platform.jobs.start()

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
        pin: '271828',
        createdAt: platform.clock.now(),
      })),
    )
    await rooms.wallets.open(
      tx,
      ids.map((customerId) => ({ customerId, verified: true })),
    )
    return openSessions(tx, ids, (sql, session, customerId) =>
      saveSession(sql, { ...session, customerId, deviceId: undefined }),
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
  }>(
    `SELECT message.client_message_id, message.conversation_id, message.sequence,
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
  }))
}

const tasks: Record<string, (argument: number) => Promise<unknown>> = {
  customers: prepareCustomers,
  agents: prepareAgents,
  stored: readStored,
  statistics: async () => rooms.desk.statistics,
}

process.on('message', async ({ id, task, argument }: { id: number; task: string; argument: number }) => {
  try {
    process.send!({ id, result: await tasks[task]!(argument) })
  } catch (error) {
    process.send!({ id, error: String((error as Error).stack) })
  }
})
process.on('disconnect', () => process.exit(0))
const portOf = (face: typeof customersFace) => (face.server.address() as { port: number }).port
process.send!({ customersPort: portOf(customersFace), agentsPort: portOf(agentsFace) })

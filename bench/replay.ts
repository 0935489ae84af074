// Replays a file of messages (CSV `text,category`) through the customers' chat: 200 customers at once over WebSocket, as
// fast as the server's flow control lets them, with 20 signed-in agents looking on. Usage: replay [FILE].
// What was stored is read from the database, what was seen from the agents' sockets; the sender only sends.
// Prints one JSON line last, and ends with 1 unless every message is stored once, in order, and seen by everybody.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { maximumMessageLength } from '#contract/desk.ts'
import { startEmbedded } from '#platform/embedded/index.ts'
import { parseCsv } from './lib/csv.ts'
import { LiveClient, type Outgoing } from './lib/live-client.ts'
import { percentile } from './lib/load.ts'
import { judgeReplay } from './lib/judge-replay.ts'
import { startServerProcess } from './lib/server-process.ts'
import type { StoredMessage } from './replay-server.ts'

const customerCount = 200
const agentCount = 20
/** Nothing new for so long: whatever has not come by now will not come. */
const patienceMs = 30_000

interface Journey {
  sentAt: number
  storedAt: number
  /** One bit for each agent whose screen has it. */
  seenBy: number
  seenByAllAt: number
}

const file = process.argv[2] ?? path.join(import.meta.dirname, 'replay-sample.csv')
const texts = parseCsv(readFileSync(file, 'utf8')).map((row) => row['text'] ?? '')
if (texts.length === 0) throw new Error(`${file} holds no message`)
const unfit = texts.findIndex((text) => text === '' || text.length > maximumMessageLength)
if (unfit >= 0)
  throw new Error(`${file}, message ${unfit + 1}: empty, or longer than ${maximumMessageLength}`)

const folder = mkdtempSync(path.join(tmpdir(), 'tuntas-replay-'))
const database = await startEmbedded({ dataDir: path.join(folder, 'postgres'), log: () => undefined })
const server = await startServerProcess<{ customersPort: number; agentsPort: number }>(
  path.join(import.meta.dirname, 'replay-server.ts'),
  database.connectionString,
).catch(async (error: unknown) => {
  await database.stop()
  rmSync(folder, { recursive: true, force: true })
  throw error
})
const clients: LiveClient[] = []
try {
  const { customersPort, agentsPort } = server.ready
  const customerTokens = await server.ask<string[]>('customers', customerCount)
  const agentTokens = await server.ask<string[]>('agents', agentCount)

  const journeys = new Map<string, Journey>()
  const troubles = new Map<string, number>()
  const onTrouble = (what: string) => void troubles.set(what, (troubles.get(what) ?? 0) + 1)
  const everyAgent = 2 ** agentCount - 1
  let answered = 0
  let seenByAll = 0
  let lastNewsAt = performance.now()

  const agents = agentTokens.map(
    (token, agent) =>
      new LiveClient({
        port: agentsPort,
        cookie: `tuntas_staff=${token}`,
        onTrouble,
        onEvents(events) {
          for (const event of events) {
            if (event.type !== 'message.stored') continue
            const journey = journeys.get(event.message.clientMessageId ?? '')
            if (!journey || journey.seenBy & (1 << agent)) continue
            journey.seenBy |= 1 << agent
            lastNewsAt = performance.now()
            if (journey.seenBy !== everyAgent) continue
            journey.seenByAllAt = lastNewsAt
            seenByAll++
          }
        },
      }),
  )
  const customers = customerTokens.map(
    (token) =>
      new LiveClient({
        port: customersPort,
        cookie: `tuntas_session=${token}`,
        onTrouble,
        onSent(clientMessageId) {
          const journey = journeys.get(clientMessageId)!
          journey.sentAt ||= performance.now()
        },
        onStored(clientMessageId) {
          const journey = journeys.get(clientMessageId)!
          if (journey.storedAt) return
          journey.storedAt = lastNewsAt = performance.now()
          answered++
        },
      }),
  )
  clients.push(...agents, ...customers)
  await Promise.all(clients.map((client) => client.connect()))
  const conversations = await Promise.all(
    customerTokens.map((token) => openConversation(customersPort, token)),
  )

  // Message i goes to customer i % 200; each customer writes in the order of the file.
  const outgoing = texts.map((text, index): Outgoing & { customer: number } => ({
    clientMessageId: randomUUID(),
    conversationId: conversations[index % customerCount]!,
    text,
    customer: index % customerCount,
  }))
  for (const { clientMessageId } of outgoing)
    journeys.set(clientMessageId, { sentAt: 0, storedAt: 0, seenBy: 0, seenByAllAt: 0 })
  const shares = Map.groupBy(outgoing, (message) => message.customer)
  const startedAt = performance.now()
  lastNewsAt = startedAt
  for (const [customer, share] of shares) customers[customer]!.send(share)
  while (
    (answered < outgoing.length || seenByAll < outgoing.length) &&
    performance.now() - lastNewsAt < patienceMs
  )
    await new Promise((resolve) => setTimeout(resolve, 50))
  const seconds = (lastNewsAt - startedAt) / 1000

  const stored = await server.ask<StoredMessage[]>('stored')
  const verdict = judgeReplay(outgoing, stored)
  const { batches, largest } = await server.ask<{ batches: number; largest: number }>('statistics')
  console.error(
    `${outgoing.length} messages of ${shares.size} customers in ${seconds.toFixed(1)} s (${Math.round(outgoing.length / seconds)}/s), ${batches} commits, at most ${largest} messages in one`,
  )
  for (const [what, count] of troubles) console.error(`${what}: ${count} times`)
  const everywhere = [...journeys.values()].filter((journey) => journey.seenByAllAt > 0)
  console.log(
    JSON.stringify({
      ...verdict,
      seenByAgents: everywhere.length,
      sendToStoredMs: spread(
        [...journeys.values()]
          .filter((journey) => journey.storedAt)
          .map(({ sentAt, storedAt }) => storedAt - sentAt),
      ),
      sendToScreenMs: spread(everywhere.map(({ sentAt, seenByAllAt }) => seenByAllAt - sentAt)),
    }),
  )
  const isPerfect = verdict.lost === 0 && verdict.doubled === 0 && verdict.outOfOrder === 0
  if (!isPerfect || everywhere.length !== verdict.stored) process.exitCode = 1
} finally {
  for (const client of clients) client.end()
  await server.end()
  await database.stop()
  rmSync(folder, { recursive: true, force: true })
}

/** In milliseconds, one decimal. */
function spread(values: readonly number[]): { p50: number; p99: number } {
  const sorted = Float64Array.from(values).sort()
  const tenths = (value: number) => Math.round(value * 10) / 10
  return { p50: tenths(percentile(sorted, 0.5)), p99: tenths(percentile(sorted, 0.99)) }
}

async function openConversation(port: number, token: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/api/conversations`, {
    method: 'POST',
    headers: {
      cookie: `tuntas_session=${token}`,
      'content-type': 'application/json',
      'x-tuntas-csrf': '1',
    },
    body: '{}',
  })
  if (!response.ok) throw new Error(`no conversation: ${response.status} ${await response.text()}`)
  return ((await response.json()) as { id: string }).id
}

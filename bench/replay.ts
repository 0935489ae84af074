// Replays a file of messages (CSV `text,category`) through the customers' chat: 200 customers at once over WebSocket, each
// about a payment that hangs at its shop, as fast as the server's flow control lets them, with 20 signed-in agents looking on.
// With --kill the server dies three times on the way and PostgreSQL once (SIGKILL), and all must go on by themselves.
// What was stored is read from the database, what was seen from the agents' sockets; the sender only sends. Prints one
// JSON line last, and ends with 1 unless every message is stored once, in order, clean, and seen by everybody.
import { randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { maximumMessageLength } from '#contract/desk.ts'
import { openConversation, payOrder, type Caller } from './lib/customer-api.ts'
import { parseCsv } from './lib/csv.ts'
import { findCardNumbers } from './lib/find-cards.ts'
import { judgeDiagnoses, judgeReplay, type SeenMessage, type SentMessage } from './lib/judge-replay.ts'
import { startKillableDatabase } from './lib/killable-database.ts'
import { LiveClient } from './lib/live-client.ts'
import { percentile } from './lib/statistics.ts'
import { startServerProcess, type ServerProcess } from './lib/server-process.ts'
import type { ServerOrder, StoredMessage } from './replay-server.ts'

const customerCount = 200
const agentCount = 20
/** Nothing new for so long: whatever has not come by now will not come. */
const patienceMs = 30_000
/** Who dies when so much of everything was answered. A fifth of the customers is there at first; each death brings another. */
const deaths = [
  { at: 0.12, what: 'server' },
  { at: 0.33, what: 'server' },
  { at: 0.53, what: 'postgres' },
  { at: 0.72, what: 'server' },
] as const

/** So long before each death nobody hears the server any more. */
const deafMs = 60

interface Journey {
  sentAt: number
  storedAt: number
  /** One bit for each agent whose screen has it. */
  seenBy: number
  seenByAllAt: number
}

interface Ready {
  customersPort: number
  agentsPort: number
  pin: string
  orderMinor: string
}

const isKilling = process.argv.includes('--kill')
const unknown = process.argv.slice(2).find((each) => each.startsWith('--') && each !== '--kill')
if (unknown) throw new Error(`${unknown} is not an option: replay [FILE] [--kill]`)
const file =
  process.argv.slice(2).find((each) => !each.startsWith('--')) ??
  path.join(import.meta.dirname, 'replay-sample.csv')
const texts = parseCsv(readFileSync(file, 'utf8')).map((row) => row['text'] ?? '')
if (texts.length === 0) throw new Error(`${file} holds no message`)
const unfit = texts.findIndex((text) => text === '' || text.length > maximumMessageLength)
if (unfit >= 0)
  throw new Error(`${file}, message ${unfit + 1}: empty, or longer than ${maximumMessageLength}`)

const database = await startKillableDatabase()
const order: ServerOrder = {
  connectionString: database.connectionString,
  customersPort: 0,
  agentsPort: 0,
  pepper: randomBytes(32).toString('base64'),
  logLevel: isKilling ? 'fatal' : 'error',
}
const startServer = () =>
  startServerProcess<Ready>(path.join(import.meta.dirname, 'replay-server.ts'), JSON.stringify(order))
let server: ServerProcess<Ready> | undefined
const clients: LiveClient[] = []
try {
  server = await startServer()
  const { customersPort, agentsPort, pin, orderMinor } = server.ready
  Object.assign(order, { customersPort, agentsPort })
  const callers = (await server.ask<string[]>('customers', customerCount)).map((token): Caller => ({
    port: customersPort,
    token,
  }))
  const agentTokens = await server.ask<string[]>('agents', agentCount)
  const orders = await server.ask<string[]>('orders', customerCount)
  const payments = await Promise.all(
    callers.map((caller, index) => payOrder(caller, { id: orders[index]!, pin, totalMinor: orderMinor })),
  )

  const journeys = new Map<string, Journey>()
  const troubles = new Map<string, number>()
  const onTrouble = (what: string) => void troubles.set(what, (troubles.get(what) ?? 0) + 1)
  const everyAgent = 2 ** agentCount - 1
  let answered = 0
  let seenByAll = 0
  let lastNewsAt = performance.now()

  const screens: SeenMessage[][] = agentTokens.map(() => [])
  const agents = agentTokens.map(
    (token, agent) =>
      new LiveClient({
        port: agentsPort,
        cookie: `tuntas_staff=${token}`,
        onTrouble,
        onEvents(events) {
          for (const event of events) {
            if (event.type !== 'message.stored' || event.message.author !== 'customer') continue
            const { clientMessageId = '', conversationId, sequence } = event.message
            screens[agent]!.push({ clientMessageId, conversationId, sequence })
            const journey = journeys.get(clientMessageId)
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
  const customers = callers.map(
    ({ token }) =>
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

  // Message i goes to customer i % 200; each customer writes in the order of the file.
  const outgoing = texts.map((text, index) => ({
    clientMessageId: randomUUID(),
    text,
    customer: index % customerCount,
  }))
  for (const { clientMessageId } of outgoing)
    journeys.set(clientMessageId, { sentAt: 0, storedAt: 0, seenBy: 0, seenByAllAt: 0 })
  const shares = Map.groupBy(outgoing, (message) => message.customer)
  const writers = [...shares.keys()]
  const conversations = new Map<number, string>()
  const open = async (customer: number) =>
    void conversations.set(customer, await openConversation(callers[customer]!, payments[customer]!))
  const write = (customer: number) => {
    const conversationId = conversations.get(customer)!
    customers[customer]!.send(
      shares.get(customer)!.map(({ clientMessageId, text }) => ({ clientMessageId, conversationId, text })),
    )
  }

  if (!isKilling) await Promise.all(writers.map(open))
  const startedAt = performance.now()
  lastNewsAt = startedAt
  const isUnderWay = () =>
    (answered < outgoing.length || seenByAll < outgoing.length) && performance.now() - lastNewsAt < patienceMs
  const killed = { server: 0, postgres: 0 }
  const newcomers: Promise<void>[] = []
  if (isKilling) {
    const share = Math.ceil(writers.length / (deaths.length + 1))
    const come = (wave: number) =>
      newcomers.push(
        ...writers
          .slice(wave * share, (wave + 1) * share)
          .map((customer) => open(customer).then(() => write(customer))),
      )
    come(0)
    for (const [wave, { at, what }] of deaths.entries()) {
      while (answered < at * outgoing.length && isUnderWay()) await pause(1)
      // The line goes first: what is stored from now on was never answered, and must not be stored again.
      for (const client of clients) client.goDeaf()
      await pause(deafMs)
      if (what === 'server') await server.kill()
      else await database.kill()
      killed[what]++
      console.error(`${what} killed after ${answered} answers, ${outgoing.length - answered} to come`)
      for (const client of clients) client.hangUp()
      come(wave + 1)
      if (what === 'server') server = await startServer()
      else await database.start()
      lastNewsAt = performance.now()
    }
  } else for (const customer of writers) write(customer)
  await Promise.all(newcomers)
  while (isUnderWay()) await pause(50)
  const seconds = (lastNewsAt - startedAt) / 1000

  const sent = outgoing.map(({ clientMessageId, customer }): SentMessage => ({
    clientMessageId,
    conversationId: conversations.get(customer)!,
  }))
  const stored = await server.ask<StoredMessage[]>('stored')
  const verdict = judgeReplay(sent, stored, screens)
  const diagnoses = judgeDiagnoses(
    writers.map((customer) => ({
      conversationId: conversations.get(customer)!,
      reference: payments[customer]!,
    })),
    await server.ask('diagnoses'),
  )
  const leaked = await server.ask<number>('leaks', texts.flatMap(findCardNumbers))
  const { batches, largest } = await server.ask<{ batches: number; largest: number }>('statistics')
  console.error(
    `${outgoing.length} messages of ${shares.size} customers in ${seconds.toFixed(1)} s (${Math.round(outgoing.length / seconds)}/s), ${batches} commits of the last server, at most ${largest} messages in one`,
  )
  for (const [what, count] of troubles) console.error(`${what}: ${count} times`)
  const everywhere = [...journeys.values()].filter((journey) => journey.seenByAllAt > 0)
  console.log(
    JSON.stringify({
      ...verdict,
      ...(isKilling ? { killed } : {}),
      redacted: stored.filter((message) => message.redacted).length,
      leaked,
      diagnosed: diagnoses.diagnosed,
      sendToStoredMs: spread(
        [...journeys.values()]
          .filter((journey) => journey.storedAt)
          .map(({ sentAt, storedAt }) => storedAt - sentAt),
      ),
      sendToScreenMs: spread(everywhere.map(({ sentAt, seenByAllAt }) => seenByAllAt - sentAt)),
    }),
  )
  const faults =
    verdict.lost + verdict.doubled + verdict.outOfOrder + leaked + diagnoses.lost + diagnoses.doubled
  if (faults > 0 || verdict.seenByAgents !== verdict.sent) process.exitCode = 1
} finally {
  for (const client of clients) client.end()
  await server?.end()
  await database.remove()
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** In milliseconds, one decimal. */
function spread(values: readonly number[]): { p50: number; p99: number } {
  const sorted = Float64Array.from(values).sort()
  const tenths = (value: number) => Math.round(value * 10) / 10
  return { p50: tenths(percentile(sorted, 0.5)), p99: tenths(percentile(sorted, 0.99)) }
}

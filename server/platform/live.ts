// Live screens: one tail per process reads what was given a position, once, and tells the connections that may know.
// Correctness rests on positions alone: whoever was away is told what it missed when it says hello.
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Message } from '#contract/desk.ts'
import { problemOf, type ErrorCode } from '#contract/errors.ts'
import type { LiveEvent, SendFrame } from '#contract/realtime.ts'
import type { RequestWithHeaders } from './cookies.ts'
import type { Database } from './db.ts'
import type { Events } from './events.ts'
import type { Jobs } from './jobs.ts'
import { serveConnection, type Connection, type Principal } from './live-connection.ts'
import type { Logger } from './log.ts'
import type { Metrics } from './metrics.ts'
import { headPosition, readLiveOfAgents, readLiveOfCustomer, readLiveTail } from './outbox.ts'
import { Refusal } from './refusal.ts'

export type { Principal } from './live-connection.ts'

/** More than this and the screens are read again instead. */
const farthestBehind = 1000

export interface LiveAddress {
  kind: Principal['kind']
  publicUrl: string
  /** Who connects, by the cookie of the upgrade request. Throws a Refusal. */
  authenticate(request: IncomingMessage): Promise<Omit<Principal, 'kind'>>
  /** Whether the session of that request still lives. Asked now and then: it may have ended by itself, or in another process. */
  isLiving(request: RequestWithHeaders): Promise<boolean>
  /** A message over the connection; answered after its commit. Addresses without it refuse sends. */
  send?(principal: Principal, frame: SendFrame): Promise<Message>
  /** Who else is told that this principal is typing; undefined: nobody. */
  typingAudience?(
    principal: Principal,
    conversationId: string,
  ): Promise<((other: Principal) => boolean) | undefined>
}

export interface LiveHub {
  attach(server: Server, address: LiveAddress): void
  /** Ends the connections of a session or of a person, with a reason that tells them not to come back. */
  closeFor(matches: (principal: Principal) => boolean, code: ErrorCode): void
  /** Ends all connections so that clients come back elsewhere or later. */
  close(): void
}

/** Agents hear of every case but those of their own wallet. */
function mayKnow(principal: Principal, customerId: string | null): boolean {
  return principal.kind === 'agent' && (customerId === null || principal.ownCustomerId !== customerId)
}

export function createLiveHub(needs: {
  db: Database
  events: Events
  jobs: Jobs
  log: Logger
  metrics: Metrics
  /** Default: every half minute. */
  lookAtSessionsEveryMs?: number
}): LiveHub {
  const { db, log, metrics, lookAtSessionsEveryMs = 30_000 } = needs
  /** With how to find out whether its session still lives. */
  const connections = new Map<Connection, () => Promise<boolean>>()
  const byCustomer = new Map<string, Set<Connection>>()
  let tailAt: bigint | undefined
  let begun: Promise<void> | undefined
  let reading: Promise<number> = Promise.resolve(0)
  let closed = false
  /** Who is being asked who they are, with what has ended since they came. */
  const arriving = new Set<((principal: Principal) => boolean)[]>()

  const encode = (position: bigint, events: readonly LiveEvent[]) =>
    JSON.stringify({ t: 'event', position: String(position), events })

  /** The tail has its place before anybody is told theirs: what a server finds to be placed as it starts lies between the two. */
  function begin(): Promise<void> {
    begun ??= headPosition(db).then(
      (head) => void (tailAt = head),
      (error: unknown) => {
        begun = undefined
        throw error
      },
    )
    return begun
  }

  async function readTail(): Promise<number> {
    await begin()
    if (connections.size === 0) {
      tailAt = await headPosition(db)
      return 0
    }
    const head = await headPosition(db)
    if (tailAt === undefined || head === tailAt) return 0
    const limit = 500
    const rows = await readLiveTail(db.read, tailAt, head, [...byCustomer.keys()], limit)
    for (const row of rows) {
      // Encoded once, however many agents look.
      const forDesk = row.live_desk ? encode(row.position, row.live_desk) : undefined
      if (forDesk)
        for (const connection of connections.keys())
          if (mayKnow(connection.principal, row.customer_id)) connection.deliver(row.position, forDesk)
      const own = row.customer_id ? byCustomer.get(row.customer_id) : undefined
      if (own && row.live_customer) {
        const frame = encode(row.position, row.live_customer)
        for (const connection of own) connection.deliver(row.position, frame)
      }
    }
    // Seen to the end: what is of nobody here is not read again.
    tailAt = rows.length === limit ? rows.at(-1)!.position : head
    return rows.length
  }

  const tail = needs.jobs.loop('live-tail', 100, () => (reading = readTail()))
  needs.events.onAdvance(() => tail.wake())

  needs.jobs.loop('live-sessions', lookAtSessionsEveryMs, async () => {
    await Promise.all(
      [...connections].map(async ([connection, isLiving]) => {
        if (!(await isLiving())) connection.close(4001, problemOf('session_expired'))
      }),
    )
  })

  async function resume(principal: Principal, after: bigint | undefined) {
    // A read of the tail that began before this connection was known did not ask for its events: wait for it.
    // Every later one does, so the tail delivers what lies above the head, and what lies below is read here.
    await begin()
    await reading.catch(() => 0)
    const position = await headPosition(db)
    // Ahead of the stream: it was set back, as by a restored backup. What this page shows may never have been.
    if (after !== undefined && after > position) return { frames: undefined, position }
    if (after === undefined || after === position) return { frames: [], position }
    const rows =
      principal.kind === 'agent'
        ? await readLiveOfAgents(db.read, principal.ownCustomerId, after, position, farthestBehind + 1)
        : await readLiveOfCustomer(db.read, principal.id, after, position, farthestBehind + 1)
    if (rows.length > farthestBehind) return { frames: undefined, position }
    return { frames: rows.map((row) => encode(row.position, row.events)), position }
  }

  function open(connection: Connection, isLiving: () => Promise<boolean>): void {
    const { principal } = connection
    connections.set(connection, isLiving)
    if (principal.kind === 'customer')
      byCustomer.set(principal.id, (byCustomer.get(principal.id) ?? new Set()).add(connection))
    metrics.liveConnections.inc({ kind: principal.kind })
  }

  function forget(connection: Connection): void {
    const { principal } = connection
    if (!connections.delete(connection)) return
    const own = byCustomer.get(principal.id)
    own?.delete(connection)
    if (own?.size === 0) byCustomer.delete(principal.id)
    metrics.liveConnections.dec({ kind: principal.kind })
  }

  function refuse(socket: Duplex, status: string): void {
    socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
  }

  return {
    attach(server, address) {
      const sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024, perMessageDeflate: false })
      const origin = new URL(address.publicUrl).origin
      server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
        if (closed) return refuse(socket, '503 Service Unavailable')
        if (request.url !== '/live') return refuse(socket, '404 Not Found')
        // A page of another site must not read with our cookie (P2). Programs without an origin carry no browser's cookie.
        if (request.headers.origin !== undefined && request.headers.origin !== origin)
          return refuse(socket, '403 Forbidden')
        socket.on('error', () => socket.destroy())
        const endedSince: ((principal: Principal) => boolean)[] = []
        arriving.add(endedSince)
        const asked = address.authenticate(request).finally(() => arriving.delete(endedSince))
        asked.then(
          (session) => {
            const principal: Principal = { kind: address.kind, ...session }
            if (closed) return refuse(socket, '503 Service Unavailable')
            if (endedSince.some((matches) => matches(principal))) return refuse(socket, '401 Unauthorized')
            sockets.handleUpgrade(request, socket, head, (webSocket) => {
              const connection = serveConnection(
                {
                  principal,
                  socket: webSocket,
                  resume: (after) => resume(principal, after),
                  send: (frame) =>
                    address.send ? address.send(principal, frame) : Promise.reject(new Refusal('forbidden')),
                  typing: (conversationId) => void tellTyping(address, principal, conversationId),
                  onFault: (error) => log.error({ error }, 'live connection failed'),
                },
                forget,
              )
              const { cookie } = request.headers
              open(connection, () => address.isLiving({ headers: { cookie } }))
            })
          },
          // Not being able to ask who it is is not the same as not being known: a client need not sign in again for it.
          (error: unknown) =>
            refuse(socket, error instanceof Refusal ? '401 Unauthorized' : '503 Service Unavailable'),
        )
      })
    },
    closeFor(matches, code) {
      for (const endedSince of arriving) endedSince.push(matches)
      for (const connection of connections.keys())
        if (matches(connection.principal)) connection.close(4001, problemOf(code))
    },
    close() {
      closed = true
      for (const connection of connections.keys()) connection.close(1012)
    },
  }

  async function tellTyping(
    address: LiveAddress,
    principal: Principal,
    conversationId: string,
  ): Promise<void> {
    const hears = await address.typingAudience?.(principal, conversationId).catch(() => undefined)
    if (!hears) return
    for (const other of connections.keys())
      if (hears(other.principal)) other.write({ t: 'typing', conversationId, author: principal.kind })
  }
}

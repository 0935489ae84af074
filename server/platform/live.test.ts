// Live screens over real sockets on a real database: what is told, to whom, in which order, and what is refused.
import { EventEmitter, once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { Message } from '#contract/desk.ts'
import { uuidv7 } from '#contract/ids.ts'
import type { ClientFrame, EventFrame, SendFrame, ServerFrame } from '#contract/realtime.ts'
import { createEvents, type Events } from './events.ts'
import { createJobs, type Jobs } from './jobs.ts'
import { createLiveHub, type LiveAddress, type LiveHub } from './live.ts'
import { sendWindow, serveConnection, type ConnectionNeeds } from './live-connection.ts'
import { headPosition, publish, sequence, type OutboxEvent } from './outbox.ts'
import { Refusal } from './refusal.ts'
import { createTestPlatform, type TestPlatform } from './testing.ts'

const origin = 'http://wallet.test'
let platform: TestPlatform
let jobs: Jobs
let events: Events
let hub: LiveHub
let servers: Server[]
let customersPort: number
let agentsPort: number
/** Cookies whose session another process has ended. */
const endedElsewhere = new Set<string | undefined>()
let send: NonNullable<LiveAddress['send']>
const clients: Client[] = []

const address = (kind: 'customer' | 'agent'): LiveAddress => ({
  kind,
  publicUrl: origin,
  async authenticate(request) {
    const id = /who=([0-9a-f-]{36})/.exec(request.headers.cookie ?? '')?.[1]
    if (request.headers.cookie === 'who=asked while the database was away')
      throw new Error('Connection terminated')
    if (!id) throw new Refusal('session_expired')
    const ownCustomerId = /wallet=([0-9a-f-]{36})/.exec(request.headers.cookie ?? '')?.[1]
    return { id, sessionId: `session of ${id}`, ...(ownCustomerId ? { ownCustomerId } : {}) }
  },
  isLiving: async ({ headers }) => !endedElsewhere.has(headers.cookie),
  async typingAudience(principal, conversationId) {
    if (conversationId !== principal.id) return undefined
    return (other) => other.kind === 'agent'
  },
})

beforeAll(async () => {
  platform = await createTestPlatform()
})
afterAll(() => platform.close())

beforeEach(async () => {
  jobs = createJobs(platform.log)
  events = createEvents({ db: platform.db, jobs })
  hub = createLiveHub({ ...platform, jobs, events, lookAtSessionsEveryMs: 50 })
  send = () => Promise.reject(new Refusal('not_found'))
  servers = [createServer(), createServer()]
  for (const server of servers) await once(server.listen(0, '127.0.0.1'), 'listening')
  ;[customersPort, agentsPort] = servers.map((server) => (server.address() as AddressInfo).port) as [
    number,
    number,
  ]
  hub.attach(servers[0]!, { ...address('customer'), send: (principal, frame) => send(principal, frame) })
  hub.attach(servers[1]!, address('agent'))
  jobs.start()
})

afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.terminate()
  hub.close()
  await jobs.stop()
  for (const server of servers) server.close()
})

interface Client {
  socket: WebSocket
  frames: ServerFrame[]
  closed: Promise<number>
  write(frame: ClientFrame): void
  /** The first frame, from the beginning on, that is such; waits for it. */
  until<Type extends ServerFrame['t']>(
    type: Type,
    matches?: (frame: Extract<ServerFrame, { t: Type }>) => boolean,
  ): Promise<Extract<ServerFrame, { t: Type }>>
}

function open(port: number, id: string, headers: Record<string, string> = {}): Client {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/live`, {
    headers: { cookie: `who=${id}`, ...headers },
  })
  const frames: ServerFrame[] = []
  let look = () => {}
  socket.on('message', (data) => {
    frames.push(JSON.parse(String(data)) as ServerFrame)
    look()
  })
  socket.on('error', () => undefined)
  const client: Client = {
    socket,
    frames,
    closed: new Promise((resolve) => socket.on('close', resolve)),
    write: (frame) => socket.send(JSON.stringify(frame)),
    until: (type, matches = () => true) =>
      new Promise((resolve) => {
        look = () => {
          const found = frames.find((frame) => frame.t === type && matches(frame as never))
          if (found) resolve(found as never)
        }
        look()
      }),
  }
  clients.push(client)
  return client
}

async function hello(port: number, id: string, after?: string): Promise<Client> {
  const client = open(port, id)
  await once(client.socket, 'open')
  client.write({ t: 'hello', ...(after === undefined ? {} : { after }) })
  await client.until('welcome')
  return client
}

const happened = (reference: string, customerId?: string, toDesk = false): OutboxEvent => ({
  type: 'test.happened',
  key: customerId ?? 'desk',
  payload: {},
  customerId,
  liveCustomer: customerId ? [{ type: 'transaction.changed', reference }] : undefined,
  liveDesk: toDesk ? [{ type: 'transaction.changed', reference }] : undefined,
})

async function tell(...list: OutboxEvent[]): Promise<void> {
  await platform.db.transaction((tx) => publish(tx, list, platform.clock.now()))
  events.wake()
}

const referencesIn = (frames: readonly ServerFrame[]) =>
  frames
    .filter((frame): frame is EventFrame => frame.t === 'event')
    .flatMap((frame) =>
      frame.events.map((event) => (event.type === 'transaction.changed' ? event.reference : '')),
    )
const speaksOf = (reference: string) => (frame: EventFrame) => referencesIn([frame]).includes(reference)

/** Reads on over many short connections, each cut off without a word after some events, until `isDone`. */
async function readInPieces(
  port: number,
  id: string,
  isDone: (read: readonly EventFrame[]) => boolean,
): Promise<EventFrame[]> {
  const read: EventFrame[] = []
  let after = '0'
  for (let piece = 1; !isDone(read); piece = (piece * 7) % 31) {
    const client = await hello(port, id, after)
    const got = () => client.frames.filter((frame) => frame.t === 'event')
    await client.until('event', () => got().length >= piece || isDone([...read, ...got()]))
    const taken = got()
    client.socket.terminate()
    read.push(...taken)
    after = taken.at(-1)!.position
  }
  return read
}

describe('who was away', () => {
  test('is told everything once and in order, however often the connection breaks while things happen', async () => {
    const me = uuidv7()
    const count = 240
    const mine = Array.from({ length: count }, (_, index) => `mine ${index + 1}`)
    // Others commit at the same time, so that reads overlap with writes and positions of all kinds are mixed.
    const others = ['one', 'two', 'three', 'four']
    const happening = [
      (async () => {
        for (const [index, reference] of mine.entries()) await tell(happened(reference, me, index % 3 === 0))
      })(),
      ...others.map(async (other) => {
        for (let number = 0; number < count / 4; number++)
          await tell(happened(`${other} ${number}`, uuidv7(), true))
      }),
    ]
    const [customer, agent] = await Promise.all([
      readInPieces(customersPort, me, (read) => referencesIn(read).includes(mine.at(-1)!)),
      readInPieces(agentsPort, uuidv7(), (read) => read.length >= count / 3 + count),
      ...happening,
    ])
    expect(referencesIn(customer as EventFrame[])).toEqual(mine)

    const seen = referencesIn(agent as EventFrame[])
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.filter((reference) => reference.startsWith('mine'))).toEqual(
      mine.filter((_, index) => index % 3 === 0),
    )
    for (const other of others)
      expect(seen.filter((reference) => reference.startsWith(other))).toEqual(
        Array.from({ length: count / 4 }, (_, number) => `${other} ${number}`),
      )
    const positions = (agent as EventFrame[]).map((frame) => Number(frame.position))
    expect(positions).toEqual(positions.toSorted((one, other) => one - other))
  })

  test('is told up to a thousand things, and to read again when there are more', async () => {
    const me = uuidv7()
    const before = String(await headPosition(platform.db))
    await tell(...Array.from({ length: 1000 }, (_, number) => happened(`missed ${number}`, me)))
    await sequence(platform.db)

    const patient = await hello(customersPort, me, before)
    await patient.until('event', speaksOf('missed 999'))
    expect(patient.frames[0]).toMatchObject({ t: 'welcome', position: before })
    expect(referencesIn(patient.frames)).toHaveLength(1000)

    await tell(happened('one too many', me))
    await patient.until('event', speaksOf('one too many'))
    const late = await hello(customersPort, me, before)
    const reset = await late.until('reset')
    expect(reset.position).toBe(String(await headPosition(platform.db)))
    // It goes on from there.
    await tell(happened('after the reset', me))
    await late.until('event', speaksOf('after the reset'))
    expect(referencesIn(late.frames)).toEqual(['after the reset'])
  })

  test('who is back before a server that starts has read anything misses nothing that is placed then', async () => {
    const me = uuidv7()
    const starting = createJobs(platform.log)
    const startingHub = createLiveHub({
      ...platform,
      jobs: starting,
      events: createEvents({ db: platform.db, jobs: starting }),
    })
    const server = createServer()
    servers.push(server)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    startingHub.attach(server, address('customer'))
    const before = String(await headPosition(platform.db))
    const client = await hello((server.address() as AddressInfo).port, me, before)
    // As after a server was killed between a commit and its place.
    await platform.db.transaction((tx) =>
      publish(tx, [happened('placed at the start', me)], platform.clock.now()),
    )
    await sequence(platform.db)
    starting.start()
    await tell(happened('last', me))
    await client.until('event', speaksOf('last'))
    expect(referencesIn(client.frames)).toEqual(['placed at the start', 'last'])
    startingHub.close()
    await starting.stop()
  })

  test('is told to read again when the stream stands before what was seen: it was set back', async () => {
    const me = uuidv7()
    const head = await headPosition(platform.db)
    const client = await hello(customersPort, me, String(head + 1000n))
    expect(await client.until('reset')).toMatchObject({ position: String(head) })
    await tell(happened('after it', me))
    await client.until('event', speaksOf('after it'))
  })

  test('a first visit begins now, with nothing of before', async () => {
    const me = uuidv7()
    await tell(happened('before', me))
    await sequence(platform.db)
    const client = await hello(customersPort, me)
    await tell(happened('after', me))
    await client.until('event')
    expect(referencesIn(client.frames)).toEqual(['after'])
  })
})

describe('who is told what', () => {
  test('a customer hears only what is theirs, now and after having been away', async () => {
    const [me, other] = [uuidv7(), uuidv7()]
    const before = String(await headPosition(platform.db))
    const mine = await hello(customersPort, me)
    const mineToo = await hello(customersPort, me)
    const theirs = await hello(customersPort, other)
    const desk = await hello(agentsPort, uuidv7())
    await tell(
      happened('of the other', other),
      happened('of the desk', undefined, true),
      happened('of me and the desk', me, true),
      happened('last', me),
      happened('last', other),
      happened('last', undefined, true),
    )
    await sequence(platform.db)
    const away = await hello(customersPort, me, before)
    for (const client of [mine, mineToo, theirs, desk, away]) await client.until('event', speaksOf('last'))
    for (const client of [mine, mineToo, away])
      expect(referencesIn(client.frames)).toEqual(['of me and the desk', 'last'])
    expect(referencesIn(theirs.frames)).toEqual(['of the other', 'last'])
    expect(referencesIn(desk.frames)).toEqual(['of the desk', 'of me and the desk', 'last'])
  })

  test('an agent whose id is that of a customer hears nothing of theirs', async () => {
    const id = uuidv7()
    const desk = await hello(agentsPort, id)
    await tell(happened('of the customer', id), happened('last', undefined, true))
    await desk.until('event', speaksOf('last'))
    expect(referencesIn(desk.frames)).toEqual(['last'])
  })

  test('an agent hears nothing of what the desk knows about their own wallet (R12), now and after having been away', async () => {
    const [agent, wallet] = [uuidv7(), uuidv7()]
    const before = String(await headPosition(platform.db))
    const enter = async (frame: ClientFrame) => {
      const client = open(agentsPort, agent, { cookie: `who=${agent}; wallet=${wallet}` })
      await once(client.socket, 'open')
      client.write(frame)
      await client.until('welcome')
      return client
    }
    const desk = await enter({ t: 'hello' })
    await tell(
      happened('of my wallet', wallet, true),
      happened('of another', uuidv7(), true),
      happened('last', undefined, true),
    )
    await sequence(platform.db)
    const away = await enter({ t: 'hello', after: before })
    for (const client of [desk, away]) {
      await client.until('event', speaksOf('last'))
      expect(referencesIn(client.frames)).toEqual(['of another', 'last'])
    }
  })

  test('who types is told to the other side only, and to nobody when it is not their conversation', async () => {
    const [me, other] = [uuidv7(), uuidv7()]
    const mine = await hello(customersPort, me)
    const theirs = await hello(customersPort, other)
    const desk = await hello(agentsPort, uuidv7())
    theirs.write({ t: 'typing', conversationId: me })
    theirs.write({ t: 'ping' })
    await theirs.until('pong')
    mine.write({ t: 'typing', conversationId: me })
    await desk.until('typing')
    expect(desk.frames.filter((frame) => frame.t === 'typing')).toEqual([
      { t: 'typing', conversationId: me, author: 'customer' },
    ])
    await tell(happened('last', me), happened('last', other))
    for (const client of [mine, theirs]) {
      await client.until('event', speaksOf('last'))
      expect(client.frames.some((frame) => frame.t === 'typing')).toBe(false)
    }
  })
})

describe('who may connect', () => {
  const me = uuidv7()
  test.each<[string, string, Record<string, string>, number]>([
    ['a page of another site (P2)', '/live', { cookie: `who=${me}`, origin: 'http://evil.test' }, 403],
    ['a page without an address', '/live', { cookie: `who=${me}`, origin: 'null' }, 403],
    ['our page on another port', '/live', { cookie: `who=${me}`, origin: `${origin}:8080` }, 403],
    ['somebody without a cookie', '/live', { origin }, 401],
    ['nobody can tell who', '/live', { cookie: 'who=asked while the database was away', origin }, 503],
    ['somebody whose session is unknown', '/live', { cookie: 'who=nobody', origin }, 401],
    ['another path', '/lives', { cookie: `who=${me}`, origin }, 404],
  ])('%s is refused', async (_name, path, headers, status) => {
    const socket = new WebSocket(`ws://127.0.0.1:${customersPort}${path}`, { headers })
    const answered = new Promise<number>((resolve, reject) => {
      socket.once('open', () => resolve(101))
      socket.once('error', reject)
      socket.once('unexpected-response', (request, response) => {
        request.destroy()
        resolve(response.statusCode!)
      })
    })
    expect(await answered).toBe(status)
    socket.terminate()
  })

  test('our own page is let in', async () => {
    const client = open(customersPort, me, { origin })
    await once(client.socket, 'open')
    client.write({ t: 'hello' })
    expect(await client.until('welcome')).toMatchObject({ window: sendWindow })
  })
})

describe('frames', () => {
  const sendFrame = { t: 'send', clientMessageId: uuidv7(), conversationId: uuidv7(), text: 'hi' }
  test.each<[string, readonly (string | Buffer | object)[], number]>([
    ['no JSON', ['{"t":'], 1008],
    ['not an object', ['[]'], 1008],
    ['nothing', ['null'], 1008],
    ['of no known kind', [{ t: 'shout' }], 1008],
    ['binary', [Buffer.from('{"t":"hello"}')], 1008],
    ['hello after something that is no position', [{ t: 'hello', after: '1; DROP' }], 1008],
    ['hello after a number', [{ t: 'hello', after: 5 }], 1008],
    ['before hello', [{ t: 'ping' }], 1008],
    ['hello twice', [{ t: 'hello' }, { t: 'hello' }], 1008],
    ['a message without text', [{ t: 'hello' }, { ...sendFrame, text: '' }], 1008],
    ['a message that is too long', [{ t: 'hello' }, { ...sendFrame, text: 'x'.repeat(4001) }], 1008],
    ['a message of a made-up id', [{ t: 'hello' }, { ...sendFrame, clientMessageId: '1' }], 1008],
    ['a message in an unknown language', [{ t: 'hello' }, { ...sendFrame, language: 'xx' }], 1008],
    ['larger than anything we read', [JSON.stringify({ t: 'hello', x: 'x'.repeat(70_000) })], 1009],
  ])('%s: the connection ends', async (_name, list, code) => {
    const client = open(customersPort, uuidv7())
    await once(client.socket, 'open')
    for (const frame of list)
      client.socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame))
    expect(await client.closed).toBe(code)
  })

  test('ping is answered', async () => {
    const client = await hello(customersPort, uuidv7())
    client.write({ t: 'ping' })
    expect(await client.until('pong')).toEqual({ t: 'pong' })
  })
})

describe('messages over the connection', () => {
  const frameOf = (text: string): SendFrame => ({
    t: 'send',
    clientMessageId: uuidv7(),
    conversationId: uuidv7(),
    text,
  })
  const stored = (frame: SendFrame) =>
    ({ text: frame.text, clientMessageId: frame.clientMessageId }) as Message

  test('one more than the window is refused for now; those before it are stored in their order all the same', async () => {
    const reached: string[] = []
    const begun = Promise.withResolvers<void>()
    const gate = Promise.withResolvers<void>()
    send = async (_principal, frame) => {
      reached.push(frame.text)
      begun.resolve()
      await gate.promise
      return stored(frame)
    }
    const client = await hello(customersPort, uuidv7())
    const frames = Array.from({ length: sendWindow + 1 }, (_, number) => frameOf(`message ${number}`))
    const last = frames.at(-1)!
    client.write(frames[0]!)
    await begun.promise
    for (const frame of frames.slice(1)) client.write(frame)
    expect(await client.until('nack')).toMatchObject({
      clientMessageId: last.clientMessageId,
      problem: { code: 'busy' },
      retryAfterMs: expect.any(Number),
    })
    gate.resolve()
    await client.until('ack', (ack) => ack.clientMessageId === frames.at(-2)!.clientMessageId)
    expect(reached).not.toContain(last.text)
    client.write(last)
    await client.until('ack', (ack) => ack.clientMessageId === last.clientMessageId)
    expect(reached).toEqual(frames.map((frame) => frame.text))
  })

  test('what comes behind a message that must be sent again waits for it', async () => {
    const reached: string[] = []
    const begun = Promise.withResolvers<void>()
    const fail = Promise.withResolvers<void>()
    send = async (_principal, frame) => {
      reached.push(frame.text)
      begun.resolve()
      if (reached.length === 1) {
        await fail.promise
        throw new Refusal('outcome_unknown')
      }
      return stored(frame)
    }
    const client = await hello(customersPort, uuidv7())
    const [first, second] = [frameOf('first'), frameOf('second')]
    client.write(first)
    await begun.promise
    client.write(second)
    fail.resolve()
    await client.until('nack', (nack) => nack.clientMessageId === second.clientMessageId)
    client.write(first)
    client.write(second)
    await client.until('ack', (ack) => ack.clientMessageId === second.clientMessageId)
    expect(reached).toEqual(['first', 'first', 'second'])
  })

  test.each<[string, () => Promise<Message>, string, boolean]>([
    ['what the room refuses', () => Promise.reject(new Refusal('not_found')), 'not_found', false],
    ['what it cannot take now', () => Promise.reject(new Refusal('busy')), 'busy', true],
    ['what it cannot tell', () => Promise.reject(new Refusal('outcome_unknown')), 'outcome_unknown', true],
    ['a fault of ours', () => Promise.reject(new Error('broken: secret')), 'system_error', true],
  ])('%s is answered, with a time when repeating helps', async (_name, answer, code, again) => {
    send = answer
    const client = await hello(customersPort, uuidv7())
    client.write(frameOf('hi'))
    const nack = await client.until('nack')
    expect(nack.problem.code).toBe(code)
    expect(nack.retryAfterMs !== undefined).toBe(again)
    expect(JSON.stringify(nack)).not.toContain('secret')
  })

  test('the sender is who the cookie says, and agents write elsewhere', async () => {
    const me = uuidv7()
    const senders: unknown[] = []
    send = async (principal, frame) => {
      senders.push(principal)
      return stored(frame)
    }
    const client = await hello(customersPort, me)
    const frame = frameOf('hi')
    client.write(frame)
    expect(await client.until('ack')).toMatchObject({ message: { text: 'hi' } })
    const desk = await hello(agentsPort, uuidv7())
    desk.write(frameOf('hello'))
    expect((await desk.until('nack')).problem.code).toBe('forbidden')
    expect(senders).toEqual([{ kind: 'customer', id: me, sessionId: `session of ${me}` }])
  })
})

describe('the end of a connection', () => {
  test('a session that ended is told so and closed; others stay', async () => {
    const [me, other] = [uuidv7(), uuidv7()]
    const mine = await hello(customersPort, me)
    const theirs = await hello(customersPort, other)
    hub.closeFor((principal) => principal.sessionId === `session of ${me}`, 'session_expired')
    expect((await mine.until('bye')).problem.code).toBe('session_expired')
    expect(await mine.closed).toBe(4001)
    await tell(happened('still here', other))
    await theirs.until('event', speaksOf('still here'))
  })

  test('a session that another process ended, or time, is told so and closed; others stay', async () => {
    const [me, other] = [uuidv7(), uuidv7()]
    const mine = await hello(customersPort, me)
    const theirs = await hello(customersPort, other)
    endedElsewhere.add(`who=${me}`)
    expect((await mine.until('bye')).problem.code).toBe('session_expired')
    expect(await mine.closed).toBe(4001)
    await tell(happened('still here', other))
    await theirs.until('event', speaksOf('still here'))
  })

  test.each<[string, string, number]>([
    ['a session that ends', 'session', 401],
    ['a server that stops', 'server', 503],
  ])('%s while a connection is being made makes none', async (_name, what, status) => {
    const me = uuidv7()
    const asked = Promise.withResolvers<void>()
    const answer = Promise.withResolvers<void>()
    const server = createServer()
    servers.push(server)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    hub.attach(server, {
      ...address('customer'),
      async authenticate() {
        asked.resolve()
        await answer.promise
        return { id: me, sessionId: 'read before it ended' }
      },
    })
    const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/live`)
    socket.on('error', () => undefined)
    const refused = once(socket, 'unexpected-response')
    const opened = once(socket, 'open').then(() => ({ statusCode: 'open' }))
    await asked.promise
    if (what === 'server') hub.close()
    else hub.closeFor((principal) => principal.sessionId === 'read before it ended', 'session_expired')
    answer.resolve()
    const outcome = await Promise.race([refused.then(([, response]) => response as object), opened])
    expect(outcome).toMatchObject({ statusCode: status })
    socket.terminate()
  })

  test('when the server stops, everybody is told to come back, and nobody new is let in', async () => {
    const customer = await hello(customersPort, uuidv7())
    const desk = await hello(agentsPort, uuidv7())
    hub.close()
    expect(await Promise.all([customer.closed, desk.closed])).toEqual([1012, 1012])
    expect([...customer.frames, ...desk.frames].some((frame) => frame.t === 'bye')).toBe(false)
    const late = new WebSocket(`ws://127.0.0.1:${customersPort}/live`, {
      headers: { cookie: `who=${uuidv7()}` },
    })
    const [request, response] = (await once(late, 'unexpected-response')) as [
      { destroy(): void },
      { statusCode: number },
    ]
    request.destroy()
    expect(response.statusCode).toBe(503)
  })
})

describe('one connection, without a network', () => {
  function connect(resume: ConnectionNeeds['resume']) {
    const socket = Object.assign(new EventEmitter(), {
      OPEN: 1,
      readyState: 1,
      bufferedAmount: 0,
      sent: [] as string[],
      terminated: false,
      send: (text: string) => void socket.sent.push(text),
      terminate: () => void (socket.terminated = true),
      close: () => undefined,
      ping: () => undefined,
    })
    const connection = serveConnection(
      {
        principal: { kind: 'agent', id: uuidv7(), sessionId: 'session' },
        socket: socket as unknown as WebSocket,
        resume,
        send: () => Promise.reject(new Refusal('forbidden')),
        typing: () => undefined,
        onFault: () => undefined,
      },
      () => undefined,
    )
    return {
      socket,
      connection,
      hello: () => socket.emit('message', Buffer.from('{"t":"hello","after":"5"}'), false),
    }
  }
  const turn = () => new Promise((resolve) => setImmediate(resolve))

  test('what happens while the missed events are read comes after them, and what was among them comes once', async () => {
    const reading = Promise.withResolvers<{ frames: string[]; position: bigint }>()
    const { socket, connection, hello: sayHello } = connect(() => reading.promise)
    connection.deliver(6n, 'six, before hello')
    sayHello()
    connection.deliver(7n, 'seven')
    connection.deliver(8n, 'eight')
    reading.resolve({ frames: ['six', 'seven'], position: 7n })
    await turn()
    connection.deliver(9n, 'nine')
    expect(socket.sent.slice(1)).toEqual(['six', 'seven', 'eight', 'nine'])
    expect(JSON.parse(socket.sent[0]!)).toMatchObject({ t: 'welcome', position: '5' })
    socket.emit('close')
  })

  test('a reader that does not read is cut off before it costs more memory than others', async () => {
    const { socket, connection, hello: sayHello } = connect(async () => ({ frames: [], position: 7n }))
    sayHello()
    await turn()
    connection.deliver(8n, 'read in time')
    expect(socket.terminated).toBe(false)
    socket.bufferedAmount = 5 * 1024 * 1024
    connection.deliver(9n, 'one too many')
    expect(socket.terminated).toBe(true)
    expect(socket.sent).toEqual([expect.stringContaining('"welcome"'), 'read in time'])
    socket.emit('close')
  })
})

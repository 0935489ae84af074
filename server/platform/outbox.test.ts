// The outbox under many writers: every committed event gets one position, in its key's order, and each consumer's effects
// happen once, whatever crashes.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Transaction } from './db.ts'
import {
  consumeOnce,
  headPosition,
  publish,
  readLiveOfCustomer,
  readLiveTail,
  sequence,
  type Consumer,
  type StoredEvent,
} from './outbox.ts'
import { createTestPlatform, type TestPlatform } from './testing.ts'

const at = new Date('2026-11-20T06:00:00.000Z')
let platform: TestPlatform

beforeAll(async () => {
  platform = await createTestPlatform()
  await platform.db.read.run('CREATE TABLE effects (consumer text NOT NULL, position bigint NOT NULL)')
  await platform.db.read.run('CREATE TABLE subjects (key text PRIMARY KEY, version int NOT NULL)')
})
afterAll(() => platform.close())
beforeEach(async () => {
  await platform.db.read.run(
    'TRUNCATE effects, subjects, platform.outbox, platform.outbox_batches, platform.consumers',
  )
  await platform.db.read.run('UPDATE platform.sequencer SET head = 0')
})

const event = (key: string, version: number) => ({ type: 'subject.changed', key, payload: { version } })
const write = (key: string, version: number) =>
  platform.db.transaction((tx) => publish(tx, [event(key, version)], at))

/** Changes a subject under its row's lock and tells it, as the rooms do; every third change is rolled back. */
async function change(key: string, fail: boolean) {
  await platform.db.transaction(async (tx) => {
    const { version } = await tx.one<{ version: number }>(
      'UPDATE subjects SET version = version + 1 WHERE key = $1 RETURNING version',
      [key],
    )
    await publish(tx, [event(key, version)], at)
    if (fail) throw new Error('rolled back')
  })
}

const allEvents = () =>
  platform.db.read.rows<StoredEvent<{ version: number }>>(
    'SELECT * FROM platform.placed_events ORDER BY position',
  )

const effectsOf = async (consumer: string) =>
  (
    await platform.db.read.rows<{ position: bigint }>(
      'SELECT position FROM effects WHERE consumer = $1 ORDER BY position',
      [consumer],
    )
  ).map((row) => row.position)

function recording(name: string, more: Partial<Consumer> = {}): Consumer {
  return {
    name,
    types: ['subject.changed'],
    async handle(tx: Transaction, events) {
      await tx.run('INSERT INTO effects SELECT $1, unnest($2::bigint[])', [
        name,
        events.map((stored) => stored.position),
      ])
    },
    ...more,
  }
}

async function drain(consumer: Consumer) {
  for (let quiet = 0; quiet < 2;) quiet = (await consumeOnce(platform.db, consumer)) === 0 ? quiet + 1 : 0
}
const positions = (count: number) => Array.from({ length: count }, (_, index) => BigInt(index + 1))

it('twenty writers with rollbacks and three sequencers: positions have no gap, no double, and keep each key’s order', async () => {
  const keys = ['a', 'b', 'c', 'd']
  await platform.db.read.run('INSERT INTO subjects SELECT unnest($1::text[]), 0', [keys])
  let writing = true
  const sequencers = [1, 2, 3].map(async () => {
    while (writing) await sequence(platform.db, 5)
  })
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, async (_, writer) => {
      for (let round = 0; round < 6; round++)
        await change(keys[(writer + round) % keys.length]!, (writer + round) % 3 === 0).catch((error) => {
          if ((error as Error).message !== 'rolled back') throw error
        })
    }),
  )
  writing = false
  await Promise.all(sequencers)
  while ((await sequence(platform.db)) > 0);
  expect(results.every((result) => result.status === 'fulfilled')).toBe(true)

  const events = await allEvents()
  expect(events).toHaveLength(80)
  expect(events.map((stored) => stored.position)).toEqual(positions(80))
  expect(await headPosition(platform.db)).toBe(80n)
  for (const key of keys) {
    const versions = events.filter((stored) => stored.key === key).map((stored) => stored.payload.version)
    expect(versions).toEqual(versions.map((_, index) => index + 1))
  }
})

it('an event that is committed late gets its position late: no reader passes over it', async () => {
  let release = () => {}
  const released = new Promise<void>((resolve) => (release = resolve))
  let written = () => {}
  const slowHasWritten = new Promise<void>((resolve) => (written = resolve))
  const slow = platform.db.transaction(async (tx) => {
    await publish(tx, [event('slow', 1)], at)
    written()
    await released
  })
  await slowHasWritten
  await write('fast', 1)
  expect(await sequence(platform.db)).toBe(1)
  const consumer = recording('late')
  await drain(consumer)
  release()
  await slow
  expect(await sequence(platform.db)).toBe(1)
  await drain(consumer)
  expect((await allEvents()).map((stored) => stored.key)).toEqual(['fast', 'slow'])
  expect(await effectsOf('late')).toEqual(positions(2))
})

it('events of one call keep their order', async () => {
  await platform.db.transaction((tx) =>
    publish(
      tx,
      [1, 2, 3, 4].map((version) => event('one', version)),
      at,
    ),
  )
  await sequence(platform.db)
  expect((await allEvents()).map((stored) => stored.payload.version)).toEqual([1, 2, 3, 4])
})

it('eight processes that consume at once have each effect once', async () => {
  for (let version = 1; version <= 30; version++) await write('a', version)
  await sequence(platform.db)
  const consumer = recording('busy', { limit: 4 })
  await Promise.all(Array.from({ length: 8 }, () => drain(consumer)))
  await drain(consumer)
  expect(await effectsOf('busy')).toEqual(positions(30))
})

it('a handler that fails after it wrote leaves nothing and is given the same events again', async () => {
  for (let version = 1; version <= 5; version++) await write('a', version)
  await sequence(platform.db)
  const good = recording('fragile')
  let failures = 2
  const fragile = recording('fragile', {
    async handle(tx, events) {
      await good.handle(tx, events)
      if (failures-- > 0) throw new Error('crash in the handler')
    },
  })
  await consumeOnce(platform.db, fragile)
  await expect(consumeOnce(platform.db, fragile)).rejects.toThrow('crash in the handler')
  await expect(consumeOnce(platform.db, fragile)).rejects.toThrow('crash in the handler')
  expect(await effectsOf('fragile')).toEqual([])
  await drain(fragile)
  expect(await effectsOf('fragile')).toEqual(positions(5))
})

it('a consumer that starts late sees everything from the beginning, of its own types only', async () => {
  for (let version = 1; version <= 3; version++) await write('a', version)
  await platform.db.transaction((tx) => publish(tx, [{ type: 'other', key: 'x', payload: {} }], at))
  await write('a', 4)
  await sequence(platform.db)
  await drain(recording('early'))
  const late = recording('late', { limit: 2 })
  await drain(late)
  expect(await effectsOf('late')).toEqual([1n, 2n, 3n, 5n])
  expect(await effectsOf('early')).toEqual([1n, 2n, 3n, 5n])
})

it('what a consumer passed over is not looked at again, unless its cursor stands elsewhere', async () => {
  const other = () =>
    platform.db.transaction((tx) => publish(tx, [{ type: 'other', key: 'x', payload: {} }], at))
  const place = () => sequence(platform.db)
  const passed = { cursor: 0n, upTo: 0n }
  const consumer = recording('passing')
  const step = () => consumeOnce(platform.db, consumer, passed)
  await step()
  await write('a', 1)
  await other()
  await place()
  // A cursor that nobody moved: the event of its own type is in reach.
  expect(await step()).toBe(1)
  await other()
  await place()
  expect(await step()).toBe(0)
  expect(passed).toEqual({ cursor: 2n, upTo: 3n })
  // After what was passed over comes one of its own: it is found, and only it.
  await write('a', 2)
  await place()
  expect(await step()).toBe(1)
  expect(await effectsOf('passing')).toEqual([1n, 4n])
  // Somebody sets the cursor back: what was passed over from another place counts for nothing.
  await other()
  await place()
  expect(await step()).toBe(0)
  await platform.db.read.run("UPDATE platform.consumers SET position = 0 WHERE name = 'passing'")
  expect(await step()).toBe(2)
  expect(await effectsOf('passing')).toEqual([1n, 1n, 4n, 4n])
})

it('one consumer that fails does not hold the others up', async () => {
  await write('a', 1)
  await sequence(platform.db)
  const broken = recording('broken', {
    handle: async () => {
      throw new Error('always')
    },
  })
  await consumeOnce(platform.db, broken)
  await expect(consumeOnce(platform.db, broken)).rejects.toThrow('always')
  await drain(recording('healthy'))
  expect(await effectsOf('healthy')).toEqual([1n])
})

it('live facts reach the customer they are of, and nobody else', async () => {
  const [mine, other] = ['018f0000-0000-7000-8000-000000000001', '018f0000-0000-7000-8000-000000000002']
  const live = (customerId: string) => ({
    ...event(customerId, 1),
    customerId,
    liveCustomer: [{ type: 'wallet.changed' } as const],
  })
  await platform.db.transaction((tx) => publish(tx, [live(mine!), live(other!), event('silent', 1)], at))
  expect(await readLiveTail(platform.db.read, 0n, 9n, [mine!], 10)).toEqual([])
  await sequence(platform.db)
  const tail = await readLiveTail(platform.db.read, 0n, 9n, [mine!], 10)
  expect(tail.map((row) => [row.position, row.customer_id])).toEqual([[1n, mine]])
  const missed = await readLiveOfCustomer(platform.db.read, other!, 0n, 3n, 10)
  expect(missed).toEqual([{ position: 2n, events: [{ type: 'wallet.changed' }] }])
  expect(await readLiveOfCustomer(platform.db.read, other!, 2n, 3n, 10)).toEqual([])
})

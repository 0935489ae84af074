// The whole product at another time, inside one transaction: the same rooms with the same wiring, but with a clock that the story
// sets, without loops, and without messages to people. What is told here commits with the story or not at all.
import type { Clock } from '#platform/clock.ts'
import type { Database, Transaction } from '#platform/db.ts'
import { createJobs } from '#platform/jobs.ts'
import type { Consumer, StoredEvent } from '#platform/outbox.ts'
import type { Platform } from '#platform/platform.ts'
import { createReferences } from '#platform/references.ts'
import type { OutgoingTransfers } from '#modules/rails/index.ts'
import { composeRooms, type Rooms } from '../compose.ts'
import { atWork } from './at-work.ts'
import { hour } from './movements.ts'

export interface Past {
  readonly platform: Platform
  readonly rooms: Rooms
  /** Lets time pass until then, with the deadlines that fall into it. Never backwards. */
  passUntil(at: Date): Promise<void>
  /** The desk hears that this money has moved; twice is no fault. */
  moved(payment: string, refund: string | undefined): Promise<void>
  close(): Promise<void>
}

/** How often deadlines are looked at while time passes. */
const stepMs = 2 * hour

/** `agentIds`: who is at work then. `bank`: what transfers that leave the house meet in this past; without it nothing may leave. */
export function createPast(
  live: Platform,
  outer: Transaction,
  from: Date,
  agentIds: ReadonlyMap<string, string>,
  bank: OutgoingTransfers = closedBank,
): Past {
  let time = from
  const clock: Clock = { now: () => time }
  const consumers = new Map<string, Consumer>()
  const db = inside(live.db, outer)
  const platform: Platform = {
    ...live,
    db,
    clock,
    jobs: createJobs(live.log),
    references: createReferences(),
    events: { wake: () => undefined, consume: (consumer) => void consumers.set(consumer.name, consumer) },
  }
  // Nobody gets messages today about what was months ago.
  const notices = { enqueue: async () => undefined, wake: () => undefined, deliverDue: async () => 0 }
  const rooms = composeRooms(platform, { notices, bank })
  Object.assign(rooms.staff, atWork(rooms.staff, db.read, agentIds))
  const desk = consumers.get('desk-money-changed')!

  async function passDeadlines(): Promise<void> {
    await rooms.approvals.expireDue()
    await rooms.refunds.passDeadlines()
    await rooms.refunds.tellLate()
  }

  return {
    platform,
    rooms,
    async passUntil(at) {
      while (time.getTime() + stepMs < at.getTime()) {
        time = new Date(time.getTime() + stepMs)
        await passDeadlines()
      }
      if (at > time) time = at
    },
    async moved(payment, refund) {
      const event: StoredEvent = {
        position: 0n,
        type: 'refund.changed',
        key: payment,
        payload: { reference: payment },
        customer_id: null,
        merchant_id: null,
        recorded_at: time,
      }
      const events = refund ? [event, { ...event, payload: { reference: refund, payment } }] : [event]
      await db.transaction((tx) => desk.handle(tx, events))
    },
    async close() {
      await rooms.desk.close()
      await rooms.payments.close()
    },
  }
}

/** The real bank hears nothing of what is told about the past. */
const closedBank: OutgoingTransfers = {
  transferOut: async () => ({ outcome: 'unknown', why: 'told of the past' }),
  transferStatus: async () => ({ outcome: 'unknown', why: 'told of the past' }),
}

/** A database whose transactions are all this one: they end when it ends. */
function inside(db: Database, outer: Transaction): Database {
  // One connection: what asks at once is answered one after the other.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <Result>(ask: () => Promise<Result>): Promise<Result> => {
    const answer = last.then(ask)
    last = answer.catch(() => undefined)
    return answer
  }
  const tx: Transaction = {
    inTransaction: true,
    rows: (...asked) => inTurn(() => outer.rows(...asked)),
    one: (...asked) => inTurn(() => outer.one(...asked)),
    maybe: (...asked) => inTurn(() => outer.maybe(...asked)),
    run: (...asked) => inTurn(() => outer.run(...asked)),
    commitAfter: async (statements) => void (await Promise.all(statements)),
    heard: (notice) => outer.heard(notice),
  }
  return {
    read: tx,
    transaction: (work) => work(tx),
    dedicated: async () => ({ transaction: (work) => work(tx), close: async () => undefined }),
    ping: () => db.ping(),
    close: async () => undefined,
  }
}

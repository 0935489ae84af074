// Facts that others must hear of: written in the same commit as what they tell, given one global position afterwards.
// Delivery is at least once and ordered by position; events of one key keep the order of their commits.
import { plain, texts } from './arrays.ts'
import type { LiveEvent } from '#contract/realtime.ts'
import type { Database, Sql, Transaction } from './db.ts'

export interface OutboxEvent {
  /** What happened, e.g. `payment.completed`. */
  type: string
  /** Whom it is about; events of one key are written under that row's lock and stay in order. */
  key: string
  payload: Record<string, unknown>
  customerId?: string | undefined
  merchantId?: string | undefined
  /** Shown at once to this customer's open screens. */
  liveCustomer?: readonly LiveEvent[] | undefined
  /** Shown at once to the agents' open screens. */
  liveDesk?: readonly LiveEvent[] | undefined
}

export interface StoredEvent<Payload = Record<string, unknown>> {
  position: bigint
  type: string
  key: string
  payload: Payload
  customer_id: string | null
  merchant_id: string | null
  recorded_at: Date
}

export interface LiveRow {
  position: bigint
  customer_id: string | null
  live_customer: LiveEvent[] | null
  live_desk: LiveEvent[] | null
}

/** Writes events in the caller's transaction, as one statement. `recordedAt` is business time. */
export async function publish(
  tx: Transaction,
  events: readonly OutboxEvent[],
  recordedAt: Date,
): Promise<void> {
  if (events.length === 0) return
  const live = (list: readonly LiveEvent[] | undefined) =>
    list && list.length > 0 ? JSON.stringify(list) : null
  await tx.run(
    `INSERT INTO platform.outbox (type, key, payload, customer_id, merchant_id, live_customer, live_desk, recorded_at)
     SELECT type, key, payload::jsonb, customer_id, merchant_id, live_customer::jsonb, live_desk::jsonb, $8
     FROM unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::text[])
       WITH ORDINALITY AS e (type, key, payload, customer_id, merchant_id, live_customer, live_desk, place)
     ORDER BY place`,
    [
      texts(events.map((event) => event.type)),
      texts(events.map((event) => event.key)),
      texts(events.map((event) => JSON.stringify(event.payload))),
      plain(events.map((event) => event.customerId ?? null)),
      plain(events.map((event) => event.merchantId ?? null)),
      texts(events.map((event) => live(event.liveCustomer))),
      texts(events.map((event) => live(event.liveDesk))),
      recordedAt,
    ],
    'outbox-publish',
  )
}

/**
 * Gives positions to what was committed since the last call; returns how many. One at a time, by the head row's lock:
 * the second statement reads after the lock is held, so no event is given two positions.
 */
export async function sequence(db: Database, limit = 2000): Promise<number> {
  return db.transaction(async (tx) => {
    const { head } = await tx.one<{ head: bigint }>(
      'SELECT head FROM platform.sequencer FOR UPDATE',
      [],
      'sequencer-lock',
    )
    const count = await tx.run(
      `WITH unplaced AS (
         SELECT id, row_number() OVER (ORDER BY id) AS place
         FROM (SELECT id FROM platform.outbox WHERE position IS NULL ORDER BY id LIMIT $2) AS oldest
       )
       UPDATE platform.outbox AS event SET position = $1 + unplaced.place FROM unplaced WHERE event.id = unplaced.id`,
      [head, limit],
      'sequencer-place',
    )
    if (count > 0)
      await tx.run('UPDATE platform.sequencer SET head = $1', [head + BigInt(count)], 'sequencer-head')
    return count
  })
}

export async function headPosition(db: Database): Promise<bigint> {
  return (await db.read.one<{ head: bigint }>('SELECT head FROM platform.sequencer')).head
}

export interface Consumer {
  name: string
  types: readonly string[]
  /** Runs in one transaction with the consumer's cursor: effects in the database happen once. */
  handle(tx: Transaction, events: readonly StoredEvent[]): Promise<void>
  limit?: number
}

/**
 * Takes one step of a consumer; returns how many events it handled. Several processes may try: one holds the cursor.
 * It commits relaxed: a crash takes the cursor back together with the effects, and the step is taken again.
 */
export async function consumeOnce(db: Database, consumer: Consumer): Promise<number> {
  const limit = consumer.limit ?? 500
  return db.transaction(
    async (tx) => {
      const cursor = await tx.maybe<{ position: bigint }>(
        'SELECT position FROM platform.consumers WHERE name = $1 FOR UPDATE SKIP LOCKED',
        [consumer.name],
      )
      if (!cursor) {
        await tx.run(
          'INSERT INTO platform.consumers (name, position) VALUES ($1, 0) ON CONFLICT DO NOTHING',
          [consumer.name],
        )
        return 0
      }
      const { head } = await tx.one<{ head: bigint }>('SELECT head FROM platform.sequencer')
      if (head === cursor.position) return 0
      const events = await tx.rows<StoredEvent>(
        `SELECT position, type, key, payload, customer_id, merchant_id, recorded_at FROM platform.outbox
       WHERE position > $1 AND position <= $2 AND type = ANY($3) ORDER BY position LIMIT $4`,
        [cursor.position, head, consumer.types, limit],
      )
      if (events.length > 0) await consumer.handle(tx, events)
      const reached = events.length === limit ? events.at(-1)!.position : head
      await tx.run('UPDATE platform.consumers SET position = $2 WHERE name = $1', [consumer.name, reached])
      return events.length
    },
    { relaxed: true },
  )
}

/** New live facts for all open screens of this process: those of the desk, and those of the connected customers. */
export async function readLiveTail(
  sql: Sql,
  after: bigint,
  customerIds: readonly string[],
  limit: number,
): Promise<LiveRow[]> {
  return sql.rows<LiveRow>(
    `SELECT position, customer_id, live_customer, live_desk FROM platform.outbox
     WHERE position > $1 AND (live_desk IS NOT NULL OR (live_customer IS NOT NULL AND customer_id = ANY($2::uuid[])))
     ORDER BY position LIMIT $3`,
    [after, customerIds, limit],
    'live-tail',
  )
}

export interface MissedRow {
  position: bigint
  events: LiveEvent[]
}

export async function readLiveOfCustomer(
  sql: Sql,
  customerId: string,
  after: bigint,
  upTo: bigint,
  limit: number,
): Promise<MissedRow[]> {
  return sql.rows<MissedRow>(
    `SELECT position, live_customer AS events FROM platform.outbox
     WHERE customer_id = $1 AND live_customer IS NOT NULL AND position > $2 AND position <= $3 ORDER BY position LIMIT $4`,
    [customerId, after, upTo, limit],
  )
}

/** `exceptCustomer` is the agent's own wallet, of whose cases they are not told. */
export async function readLiveOfAgents(
  sql: Sql,
  exceptCustomer: string | undefined,
  after: bigint,
  upTo: bigint,
  limit: number,
): Promise<MissedRow[]> {
  return sql.rows<MissedRow>(
    `SELECT position, live_desk AS events FROM platform.outbox
     WHERE live_desk IS NOT NULL AND position > $1 AND position <= $2 AND ($4::uuid IS NULL OR customer_id IS DISTINCT FROM $4)
     ORDER BY position LIMIT $3`,
    [after, upTo, limit, exceptCustomer ?? null],
  )
}

// Facts that others must hear of: written in the same commit as what they tell, given one global position afterwards.
// Delivery is at least once and ordered by position; events of one key keep the order of their commits.
import { texts, uuids } from './arrays.ts'
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

// The place of an event from its batch's; NULL while the batch has none.
const positionOf = '(last_position - events + ordinal)'

/** Writes events in the caller's transaction, as one statement. `recordedAt` is business time. */
export async function publish(
  tx: Transaction,
  events: readonly OutboxEvent[],
  recordedAt: Date,
): Promise<void> {
  if (events.length === 0) return
  const live = (list: readonly LiveEvent[] | undefined) =>
    list && list.length > 0 ? JSON.stringify(list) : null
  const liveDesk = events.map((event) => live(event.liveDesk))
  await tx.run(
    `WITH placed AS (
       INSERT INTO platform.outbox_batches (events, for_desk, recorded_at) VALUES ($8, $9, $10) RETURNING batch
     )
     INSERT INTO platform.outbox (batch, ordinal, type, key, payload, customer_id, merchant_id, live_customer, live_desk)
     SELECT batch, ordinal, type, key, payload::jsonb, customer_id, merchant_id, live_customer::jsonb, live_desk::jsonb
     FROM placed, unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::text[])
       WITH ORDINALITY AS e (type, key, payload, customer_id, merchant_id, live_customer, live_desk, ordinal)`,
    [
      texts(events.map((event) => event.type)),
      texts(events.map((event) => event.key)),
      texts(events.map((event) => JSON.stringify(event.payload))),
      uuids(events.map((event) => event.customerId)),
      uuids(events.map((event) => event.merchantId)),
      texts(events.map((event) => live(event.liveCustomer))),
      texts(liveDesk),
      events.length,
      liveDesk.some((list) => list !== null),
      recordedAt,
    ],
    'outbox-publish',
  )
}

/** Gives positions to what was committed since the last call; returns how many events. `limit` counts batches. */
export async function sequence(db: Database, limit = 500): Promise<number> {
  const { before, after } = await db.read.one<{ before: bigint; after: bigint }>(
    'SELECT before, after FROM platform.place_events($1)',
    [limit],
    'outbox-place',
  )
  return Number(after - before)
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
 * `passed` is kept by the caller from step to step; it only spares looking twice.
 * It commits relaxed: a crash takes the cursor back together with the effects, and the step is taken again.
 */
export async function consumeOnce(
  db: Database,
  consumer: Consumer,
  passed: PassedOver = { cursor: 0n, upTo: 0n },
): Promise<number> {
  const limit = consumer.limit ?? 500
  // Most of what happens is of no interest to a consumer: then one look is all, and its cursor follows only now and then.
  const { head, cursor, waiting } = await db.read.one<{
    head: bigint
    cursor: bigint | null
    waiting: boolean
  }>(
    `SELECT head, position AS cursor, position IS NULL OR EXISTS (
         SELECT FROM platform.outbox_batches AS batch JOIN platform.outbox AS event USING (batch)
         WHERE last_position > looked AND last_position <= head AND ${positionOf} > looked AND type = ANY($2)
       ) AS waiting
     FROM platform.sequencer LEFT JOIN platform.consumers ON name = $1,
       LATERAL (SELECT CASE WHEN position = $3 THEN $4 ELSE position END AS looked) AS before`,
    [consumer.name, consumer.types, passed.cursor, passed.upTo],
    'outbox-look',
  )
  if (!waiting && head - (cursor ?? 0n) < farBehind) {
    if (cursor !== null) Object.assign(passed, { cursor, upTo: head })
    return 0
  }
  return db.transaction(
    async (tx) => {
      const cursor = await tx.maybe<{ position: bigint }>(
        'SELECT position FROM platform.consumers WHERE name = $1 FOR UPDATE SKIP LOCKED',
        [consumer.name],
        'outbox-cursor',
      )
      if (!cursor) {
        await tx.run(
          'INSERT INTO platform.consumers (name, position) VALUES ($1, 0) ON CONFLICT DO NOTHING',
          [consumer.name],
        )
        return 0
      }
      const { head } = await tx.one<{ head: bigint }>(
        'SELECT head FROM platform.sequencer',
        [],
        'sequencer-read',
      )
      if (head === cursor.position) return 0
      const events = await tx.rows<StoredEvent>(
        `SELECT ${positionOf} AS position, type, key, payload, customer_id, merchant_id, recorded_at
         FROM platform.outbox_batches AS batch JOIN platform.outbox AS event USING (batch)
         WHERE last_position > $1 AND last_position <= $2 AND ${positionOf} > $1 AND type = ANY($3)
         ORDER BY last_position, ordinal LIMIT $4`,
        [cursor.position, head, consumer.types, limit],
        'outbox-consume',
      )
      if (events.length > 0) await consumer.handle(tx, events)
      const reached = events.length === limit ? events.at(-1)!.position : head
      await tx.run(
        'UPDATE platform.consumers SET position = $2 WHERE name = $1',
        [consumer.name, reached],
        'outbox-move-cursor',
      )
      return events.length
    },
    { relaxed: true },
  )
}

/** What a consumer need not look at again: from where its cursor stood then, nothing up to here was of interest to it. */
export interface PassedOver {
  cursor: bigint
  upTo: bigint
}

/** How far a cursor may stay behind events that its consumer does not take: what it passes over again is read again. */
const farBehind = 2000n

/** New live facts for all open screens of this process, up to a position: those of the desk, and of the connected customers. */
export async function readLiveTail(
  sql: Sql,
  after: bigint,
  upTo: bigint,
  customerIds: readonly string[],
  limit: number,
): Promise<LiveRow[]> {
  return sql.rows<LiveRow>(
    `SELECT ${positionOf} AS position, customer_id, live_customer, live_desk
     FROM platform.outbox_batches AS batch JOIN platform.outbox AS event USING (batch)
     WHERE last_position > $1 AND last_position <= $4 AND ${positionOf} > $1
       AND (live_desk IS NOT NULL OR (live_customer IS NOT NULL AND customer_id = ANY($2::uuid[])))
     ORDER BY last_position, ordinal LIMIT $3`,
    [after, uuids(customerIds), limit, upTo],
    'live-tail',
  )
}

export interface MissedRow {
  position: bigint
  events: LiveEvent[]
}

/** By the customer's own index, from the first batch that was placed after the position: not through everybody's events. */
export async function readLiveOfCustomer(
  sql: Sql,
  customerId: string,
  after: bigint,
  upTo: bigint,
  limit: number,
): Promise<MissedRow[]> {
  return sql.rows<MissedRow>(
    `SELECT ${positionOf} AS position, live_customer AS events
     FROM platform.outbox AS event JOIN platform.outbox_batches AS batch USING (batch)
     WHERE customer_id = $1 AND live_customer IS NOT NULL
       AND batch >= (SELECT min(batch) FROM platform.outbox_batches WHERE last_position > $2 AND last_position <= $3)
       AND last_position <= $3 AND ${positionOf} > $2
     ORDER BY last_position, ordinal LIMIT $4`,
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
    `SELECT ${positionOf} AS position, live_desk AS events
     FROM platform.outbox_batches AS batch JOIN platform.outbox AS event USING (batch)
     WHERE for_desk AND last_position > $1 AND last_position <= $2 AND ${positionOf} > $1
       AND live_desk IS NOT NULL AND ($4::uuid IS NULL OR customer_id IS DISTINCT FROM $4)
     ORDER BY last_position, ordinal LIMIT $3`,
    [after, upTo, limit, exceptCustomer ?? null],
  )
}

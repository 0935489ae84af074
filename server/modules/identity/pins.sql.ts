// All SQL on PINs. On the hot path of every payment: one locking read, and a write only when a count changes.
import { uuids } from '#platform/arrays.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import type { PinState } from './pin.rules.ts'
import type { SessionState } from './sessions.sql.ts'

export interface PinRow {
  customer_id: string
  salt: Buffer
  hash: Buffer
  wrong_tries: number
  locks: number
  locked_until: Date | null
}

export type PinWithSession = PinRow & (SessionState | { session_id: null })

/**
 * Locked in the order of customer ids, so that two batches never wait for each other in a circle; each with the session that
 * asks, as it stands then. A PIN comes once for each session of its customer that asks.
 */
export function lockPins(
  tx: Transaction,
  asked: readonly { customerId: string; sessionId?: string | undefined }[],
): Promise<PinWithSession[]> {
  return tx.rows(
    `SELECT pin.customer_id, salt, hash, wrong_tries, locks, locked_until,
       session.id AS session_id, last_seen_at, expires_at, revoked_at
     FROM unnest($1::uuid[], $2::uuid[]) AS asked (customer_id, session_id)
     JOIN identity.pins AS pin ON pin.customer_id = asked.customer_id
     LEFT JOIN identity.sessions AS session ON session.id = asked.session_id AND session.customer_id = asked.customer_id
     ORDER BY pin.customer_id FOR UPDATE OF pin`,
    [uuids(asked.map((each) => each.customerId)), uuids(asked.map((each) => each.sessionId))],
    'identity-lock-pins',
  )
}

/** Until when a PIN is locked; undefined when it is not, or was. */
export async function readPinLock(sql: Sql, customerId: string, now: Date): Promise<Date | undefined> {
  const row = await sql.maybe<{ locked_until: Date }>(
    'SELECT locked_until FROM identity.pins WHERE customer_id = $1 AND locked_until > $2',
    [customerId, now],
  )
  return row?.locked_until
}

export async function savePinStates(tx: Transaction, states: ReadonlyMap<string, PinState>): Promise<void> {
  const list = [...states.values()]
  await tx.run(
    `UPDATE identity.pins AS pin
     SET wrong_tries = changed.wrong_tries, locks = changed.locks, locked_until = changed.locked_until
     FROM unnest($1::uuid[], $2::int[], $3::int[], $4::timestamptz[])
       AS changed (customer_id, wrong_tries, locks, locked_until)
     WHERE pin.customer_id = changed.customer_id`,
    [
      [...states.keys()],
      list.map((state) => state.wrongTries),
      list.map((state) => state.locks),
      list.map((state) => state.lockedUntil ?? null),
    ],
    'identity-save-pin-states',
  )
}

export async function savePins(
  tx: Transaction,
  pins: readonly { customerId: string; salt: Buffer; hash: Buffer }[],
): Promise<void> {
  await tx.run(
    `INSERT INTO identity.pins (customer_id, salt, hash)
     SELECT * FROM unnest($1::uuid[], $2::bytea[], $3::bytea[])`,
    [pins.map((pin) => pin.customerId), pins.map((pin) => pin.salt), pins.map((pin) => pin.hash)],
  )
}

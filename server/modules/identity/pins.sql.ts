// All SQL on PINs. On the hot path of every payment: one locking read, and a write only when a count changes.
import type { Transaction } from '#platform/db.ts'
import type { PinState } from './pin.rules.ts'

export interface PinRow {
  customer_id: string
  salt: Buffer
  hash: Buffer
  wrong_tries: number
  locks: number
  locked_until: Date | null
}

/** Locked in the order of customer ids, so that two batches never wait for each other in a circle. */
export function lockPins(tx: Transaction, customerIds: readonly string[]): Promise<PinRow[]> {
  return tx.rows(
    `SELECT customer_id, salt, hash, wrong_tries, locks, locked_until FROM identity.pins
     WHERE customer_id = ANY($1::uuid[]) ORDER BY customer_id FOR UPDATE`,
    [customerIds],
    'identity-lock-pins',
  )
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

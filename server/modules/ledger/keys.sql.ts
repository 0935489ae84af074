// The keys of commands: the first answer of each, for ever.
import { byteas, texts, uuids } from '#platform/arrays.ts'
import type { Transaction } from '#platform/db.ts'

export interface KeyRow {
  owner_id: string
  key: string
  body_hash: Buffer
  outcome: string
}

/** A key and its first answer. */
export interface NewKey {
  ownerId: string
  key: string
  bodyHash: Buffer
  outcome: string
}

export async function readKeys(
  tx: Transaction,
  asked: readonly { ownerId: string; key: string }[],
): Promise<KeyRow[]> {
  return tx.rows<KeyRow>(
    `SELECT owner_id, key, body_hash, outcome
     FROM unnest($1::uuid[], $2::uuid[]) AS asked (owner_id, key) JOIN ledger.idempotency USING (owner_id, key)`,
    [uuids(asked.map((each) => each.ownerId)), uuids(asked.map((each) => each.key))],
    'ledger-read-keys',
  )
}

export async function insertKeys(tx: Transaction, rows: readonly NewKey[]): Promise<void> {
  if (rows.length === 0) return
  await tx.run(
    // One number for all: by it the sealer finds what is new.
    `INSERT INTO ledger.idempotency (owner_id, key, body_hash, outcome, batch)
     SELECT *, (SELECT nextval('ledger.key_batches')) FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::text[])`,
    [
      uuids(rows.map((row) => row.ownerId)),
      uuids(rows.map((row) => row.key)),
      byteas(rows.map((row) => row.bodyHash)),
      texts(rows.map((row) => row.outcome)),
    ],
    'ledger-insert-keys',
  )
}

/**
 * Batches that are decided ahead of the locks move balances one after the other, until the commit: each takes the turn. `now`
 * takes it before anything else is locked; `whenMoving` leaves it to the posting, which has written its rows by then.
 * No other lock is waited for: one that is held belongs to somebody who writes to the same accounts, or who waits for us with
 * his own locks in hand. Then this batch gives way.
 */
export async function takeTurn(tx: Transaction, when: 'now' | 'whenMoving'): Promise<void> {
  await tx.run(
    when === 'now'
      ? `SELECT ledger.take_turn(), set_config('lock_timeout', '5ms', true), set_config('ledger.turn', 'taken', true)`
      : `SELECT set_config('lock_timeout', '5ms', true), set_config('ledger.turn', 'waited_for', true)`,
    [],
    `ledger-take-turn-${when}`,
  )
}

/** What the posting says once its rows stand and it has the turn: the next batch may write its own rows. */
export const movingNotice = 'ledger: moving'

// Keeps and proves PINs. A PIN is kept as a keyed hash whose key is not in the database (docs/adr/0003-pin-keyed-hash.md).
// Proving happens inside the caller's batch: rows locked once in the order of their ids, tries judged one after the other.
import { randomBytes } from 'node:crypto'
import type { Transaction } from '#platform/db.ts'
import { keyedHash, sameHash } from '#platform/keys.ts'
import { judgePin, type PinState, type PinVerdict } from './pin.rules.ts'
import { lockPins, savePins, savePinStates, type PinRow } from './pins.sql.ts'
import type { SessionState } from './sessions.sql.ts'

export interface PinAttempt {
  customerId: string
  pin: string
}

/** Whose PIN, and the session that asks for it. */
export interface PinAsker {
  customerId: string
  sessionId?: string | undefined
}

/** PINs under their locks. */
export interface LockedPins {
  /** One verdict for each attempt, in order, and the writing of the counts that changed: await it before the commit. */
  prove(attempts: readonly PinAttempt[], now: Date): { verdicts: PinVerdict[]; saved: Promise<void> }
  /** The askers' sessions, as they stand in this transaction; one that is missing is not there any more. */
  sessions: readonly SessionState[]
}

export interface Pins {
  /** Locks, so that a batch can lock its other rows in the same round trip. */
  lock(tx: Transaction, askers: readonly PinAsker[]): Promise<LockedPins>
  /** Locks and proves. Throws when a customer has no PIN: a fault, not a wrong PIN. */
  prove(tx: Transaction, attempts: readonly PinAttempt[], now: Date): Promise<PinVerdict[]>
  create(tx: Transaction, pins: readonly PinAttempt[]): Promise<void>
}

export function createPins(key: Buffer): Pins {
  const isRight = (row: PinRow, pin: string) => sameHash(keyedHash(key, row.salt, pin), row.hash)

  async function lock(tx: Transaction, askers: readonly PinAsker[]): Promise<LockedPins> {
    const rows = await lockPins(tx, askers)
    const pins = new Map(rows.map((row) => [row.customer_id, row]))
    const states = new Map<string, PinState>(rows.map((row) => [row.customer_id, stateOf(row)]))
    return {
      sessions: rows.filter((row) => row.session_id !== null) as SessionState[],
      prove(attempts, now) {
        const changed = new Map<string, PinState>()
        const verdicts = attempts.map(({ customerId, pin }) => {
          const row = pins.get(customerId)
          if (!row) throw new Error('this customer has no PIN')
          const before = states.get(customerId)!
          const { verdict, state } = judgePin(before, isRight(row, pin), now)
          if (state !== before) {
            states.set(customerId, state)
            changed.set(customerId, state)
          }
          return verdict
        })
        return { verdicts, saved: changed.size > 0 ? savePinStates(tx, changed) : Promise.resolve() }
      },
    }
  }

  return {
    lock,
    async prove(tx, attempts, now) {
      if (attempts.length === 0) return []
      const pins = await lock(
        tx,
        [...new Set(attempts.map((attempt) => attempt.customerId))].map((customerId) => ({ customerId })),
      )
      const { verdicts, saved } = pins.prove(attempts, now)
      await saved
      return verdicts
    },
    async create(tx, pins) {
      await savePins(
        tx,
        pins.map(({ customerId, pin }) => {
          const salt = randomBytes(16)
          return { customerId, salt, hash: keyedHash(key, salt, pin) }
        }),
      )
    },
  }
}

function stateOf(row: PinRow): PinState {
  return { wrongTries: row.wrong_tries, locks: row.locks, lockedUntil: row.locked_until ?? undefined }
}

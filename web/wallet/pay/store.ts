// Where tries to pay are kept over reloads: this device's local storage, one entry an order, never a PIN.
// A browser that forbids storage still pays: the attempt then lasts as long as the page, and the server pays an order once.

import type { AttemptStore } from './run.ts'
import type { StoredAttempt } from './attempt.ts'

const prefix = 'tuntas.pay.'
const memory = new Map<string, string>()

function isAttempt(value: unknown): value is StoredAttempt {
  const attempt = value as Partial<StoredAttempt> | null
  return (
    typeof attempt?.key === 'string' &&
    typeof attempt.orderId === 'string' &&
    typeof attempt.customerId === 'string'
  )
}

function parse(text: string | null | undefined): StoredAttempt | null {
  try {
    const value: unknown = JSON.parse(text ?? 'null')
    return isAttempt(value) ? value : null
  } catch {
    return null
  }
}

export const attemptStore: AttemptStore = {
  read(orderId) {
    try {
      return parse(localStorage.getItem(prefix + orderId) ?? memory.get(orderId))
    } catch {
      return parse(memory.get(orderId))
    }
  },
  write(attempt) {
    memory.set(attempt.orderId, JSON.stringify(attempt))
    try {
      localStorage.setItem(prefix + attempt.orderId, JSON.stringify(attempt))
    } catch {
      // Kept in memory above.
    }
  },
  remove(orderId) {
    memory.delete(orderId)
    try {
      localStorage.removeItem(prefix + orderId)
    } catch {
      // Nothing was kept there.
    }
  },
}

/** Tries of this customer whose answer is not known yet, oldest first. */
export function openAttempts(customerId: string): StoredAttempt[] {
  try {
    return Object.keys(localStorage)
      .filter((name) => name.startsWith(prefix))
      .map((name) => parse(localStorage.getItem(name)))
      .filter((attempt): attempt is StoredAttempt => attempt?.customerId === customerId)
      .sort((left, right) => left.startedAt.localeCompare(right.startedAt))
  } catch {
    return []
  }
}

// The last hop of a payment's trace: when its money reached the shop's bank, or when it will. Pure.
import { referenceOf } from '#contract/ids.ts'
import type { Hop } from '#contract/trace.ts'
import type { Settlement, StoredTerms } from './settlement.ts'

/** `settlement` is the one that carries the payment's money; undefined while none does. */
export function settledHopOf(settlement: Settlement | undefined, terms: StoredTerms | undefined): Hop {
  if (!settlement)
    return {
      key: 'settled',
      state: 'todo',
      owner: 'tuntas',
      ...(terms ? { untilAt: terms.nextDueAt.toISOString() } : {}),
    }
  const reference = referenceOf('ST', settlement.number)
  if (settlement.state !== 'paid')
    return {
      key: 'settled',
      // Not `now`: nothing of the customer's is open, the shop has its credit.
      state: 'todo',
      owner: 'bank',
      tries: settlement.calls,
      ...(settlement.nextCallAt ? { nextTryAt: settlement.nextCallAt.toISOString() } : {}),
    }
  const at = settlement.closedAt!.toISOString()
  return {
    key: 'settled',
    state: 'done',
    at,
    evidence: [
      { kind: 'ledger_transfer', value: reference, at },
      ...(settlement.bankReference
        ? [{ kind: 'bank_reference' as const, value: settlement.bankReference, at }]
        : []),
    ],
  }
}

// Why a movement did not happen, or why money is held, in groups that have words of their own. Pure.
import type { Diagnosis } from '#contract/diagnosis.ts'
import type { TransactionDetail } from '#contract/trace.ts'

/** Which group of causes a failure belongs to: words are diagnosis.fact.because_GROUP. */
const groups: Readonly<Record<string, readonly string[]>> = {
  balance: ['insufficient_funds'],
  limit: ['transaction_limit', 'daily_limit', 'count_limit', 'merchant_limit'],
  full: ['balance_limit', 'monthly_incoming_limit'],
  pin: ['pin_wrong', 'pin_locked'],
  wallet: ['account_frozen', 'account_restricted', 'account_inactive', 'verification_required'],
  check: ['security_hold', 'step_up_required'],
  order: ['order_expired', 'order_cancelled', 'order_paid', 'amount_mismatch', 'duplicate_reference'],
  shop: ['merchant_unknown', 'merchant_blocked', 'merchant_unavailable'],
}

export const failureGroups = Object.keys(groups)

export function failureFacts(detail: TransactionDetail): Diagnosis['facts'] {
  const code = detail.failure?.code
  if (code === undefined) return []
  const group = failureGroups.find((name) => groups[name]!.includes(code)) ?? 'other'
  return [{ key: `because_${group}` }]
}

// May this customer pay this order now? The checks in the order in which a person should hear of them:
// the order, the proof, the wallet, the limits, the shop. The balance is asked last, of the ledger. Pure.
import type { ErrorCode, ProblemValues } from '#contract/errors.ts'
import { money, type Currency } from '#contract/money.ts'

export type Verdict = { allowed: true } | { allowed: false; code: ErrorCode; values?: ProblemValues }

export type PinFinding =
  { verdict: 'right' } | { verdict: 'wrong'; triesLeft: number } | { verdict: 'locked'; untilAt: Date }

export type OrderFinding = 'payable' | 'order_paid' | 'order_cancelled' | 'order_expired' | 'amount_mismatch'

export type SpendFinding =
  | { verdict: 'allowed' }
  | { verdict: 'account_frozen'; since: Date }
  | { verdict: 'account_restricted' }
  | { verdict: 'account_inactive' }
  | { verdict: 'currency_not_supported' }
  | { verdict: 'transaction_limit'; limitMinor: bigint }
  | { verdict: 'daily_limit'; limitMinor: bigint; usedMinor: bigint }
  | { verdict: 'count_limit'; limit: number }

export interface PaymentFacts {
  currency: Currency
  order: OrderFinding | 'order_unknown'
  pin: PinFinding
  spend: SpendFinding
  shop: 'active' | 'blocked'
  resetsAt: Date
}

const allowed: Verdict = { allowed: true }

function refuse(code: ErrorCode, values?: ProblemValues): Verdict {
  return { allowed: false, code, ...(values ? { values } : {}) }
}

export function judgeOrderAndPin(facts: Pick<PaymentFacts, 'order' | 'pin'>): Verdict {
  if (facts.order === 'order_unknown') return refuse('not_found')
  if (facts.order !== 'payable') return refuse(facts.order)
  switch (facts.pin.verdict) {
    case 'wrong':
      return refuse('pin_wrong', { triesLeft: facts.pin.triesLeft })
    case 'locked':
      return refuse('pin_locked', { untilAt: facts.pin.untilAt.toISOString() })
    case 'right':
      return allowed
  }
}

export function judgeWalletAndShop(
  facts: Pick<PaymentFacts, 'spend' | 'shop' | 'currency' | 'resetsAt'>,
): Verdict {
  const { spend, currency } = facts
  const inCurrency = (amountMinor: bigint) => money(amountMinor, currency)
  switch (spend.verdict) {
    case 'account_frozen':
      return refuse('account_frozen', { since: spend.since.toISOString() })
    case 'account_restricted':
    case 'account_inactive':
    case 'currency_not_supported':
      return refuse(spend.verdict)
    case 'transaction_limit':
      return refuse('transaction_limit', { limit: inCurrency(spend.limitMinor) })
    case 'daily_limit':
      return refuse('daily_limit', {
        limit: inCurrency(spend.limitMinor),
        used: inCurrency(spend.usedMinor),
        resetsAt: facts.resetsAt.toISOString(),
      })
    case 'count_limit':
      return refuse('count_limit', { limit: spend.limit, resetsAt: facts.resetsAt.toISOString() })
    case 'allowed':
  }
  return facts.shop === 'active' ? allowed : refuse('merchant_blocked')
}

/** Have, need and what is missing: the numbers that the customer can act on. */
export function insufficientFunds(availableMinor: bigint, neededMinor: bigint, currency: Currency): Verdict {
  return refuse('insufficient_funds', {
    have: money(availableMinor, currency),
    need: money(neededMinor, currency),
    missing: money(neededMinor - availableMinor, currency),
  })
}

/** Refusals that tell the customer something about their money, and so stand in the history. */
const shownInHistory: ReadonlySet<ErrorCode> = new Set([
  'insufficient_funds',
  'transaction_limit',
  'daily_limit',
  'count_limit',
  'account_frozen',
  'account_restricted',
  'account_inactive',
  'merchant_blocked',
])

export function standsInHistory(code: ErrorCode): boolean {
  return shownInHistory.has(code)
}

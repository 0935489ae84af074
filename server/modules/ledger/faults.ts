// What the database refuses because of what a caller asked, in the words of the catalogue. Only that: a guard that fires although
// the rules had accepted is a fault of the program and stays a fault, so that it is seen.
import type { ErrorCode } from '#contract/errors.ts'
import { violatedConstraint } from '#platform/db.ts'
import { Refusal } from '#platform/refusal.ts'

const refusedBy: Readonly<Record<string, ErrorCode>> = {
  // The id of another transfer or hold.
  transfers_pkey: 'duplicate_reference',
  holds_pkey: 'duplicate_reference',
  links_pkey: 'duplicate_reference',
  links_link_id_place_key: 'duplicate_reference',
  // More than the origin moved, another direction or currency, or no origin at all.
  reversal_within_origin: 'refund_not_allowed',
  reversal_follows: 'refund_not_allowed',
  // Of an account that was credited late, so that no rule has seen it.
  account_maximum: 'balance_limit',
  account_monthly: 'monthly_incoming_limit',
  account_closed_empty: 'account_inactive',
}

/** Of SQLSTATE: what came in or went out at once does not fit into int8. */
const outOfRange = '22003'

/** The refusal that an error of the database is, for a caller; undefined when it is a fault. */
export function refusalOfFault(error: unknown): Refusal | undefined {
  const constraint = violatedConstraint(error)
  if (constraint !== undefined && Object.hasOwn(refusedBy, constraint))
    return new Refusal(refusedBy[constraint]!, undefined, `ledger: ${constraint}`)
  if ((error as { code?: unknown } | undefined)?.code === outOfRange)
    return new Refusal('balance_limit', undefined, 'ledger: more at once than int8 holds')
  return undefined
}

/** Does the work; what it is refused by the database is thrown as a Refusal. */
export async function inWords<Answer>(work: Promise<Answer>): Promise<Answer> {
  try {
    return await work
  } catch (error) {
    throw refusalOfFault(error) ?? error
  }
}

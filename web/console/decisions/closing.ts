// What a sheet says that finds nothing to decide: one thing, whichever way its reader came. Pure.

import { parseReference } from '../../../contract/ids.ts'
import { ApiProblem, toProblem } from '../../ui/index.ts'

/**
 * `left`: it stood here or can be read, and is off the list; `decided`: only its case shows it now, for a reason that a case gives;
 * `unknown`: there is none. Undefined while that is not known, or when the answer has words of its own.
 */
export type Closing = 'left' | 'decided' | 'unknown'

export function closingOf(found: {
  reference: string
  /** It stood on the list while the sheet was open. */
  known: boolean
  /** The refund's own facts are on the screen. */
  isRead: boolean
  error: unknown
}): Closing | undefined {
  const prefix = parseReference(found.reference)?.prefix
  if (found.known || found.isRead) return 'left'
  if (prefix !== 'RF' && prefix !== 'TN') return 'unknown'
  // Of a payment nothing is read here: it is decided on the list, or not at all.
  if (prefix === 'TN') return 'decided'
  if (!found.error) return undefined
  const { code } = toProblem(found.error)
  return code === 'reason_required' ? 'decided' : code === 'not_found' ? 'unknown' : undefined
}

export const notFound = new ApiProblem({ code: 'not_found', title: 'Not found', status: 404 })

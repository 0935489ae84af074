// What came from the customer while the closing of their case was being decided: nothing is closed over it unread.

import type { Message } from '../../../../contract/desk.ts'
import { toProblem } from '../../../ui/index.ts'
import { lastWithoutGap } from '../talk/messages.ts'

/** The last message that stands in the talk, without a hole before it. */
export const lastSeen = (messages: readonly Message[] | undefined): number => lastWithoutGap(messages ?? [])

/** Whether the customer has written, or chosen, after that one. */
export const wroteSince = (messages: readonly Message[] | undefined, seen: number): boolean =>
  (messages ?? []).some(({ author, sequence }) => author === 'customer' && sequence > seen)

/** The server refused the closing for it. */
export const isRefusedForWords = (error: unknown): boolean =>
  error !== null && error !== undefined && toProblem(error).values?.['reason'] === 'customer_wrote'

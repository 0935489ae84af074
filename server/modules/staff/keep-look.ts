// What rooms need when staff look at a customer's things: the desk keeps the list that the customer reads.
import type { Transaction } from '#platform/db.ts'
import type { StaffSession } from './staff-sessions.ts'

/**
 * Writes a look of staff where its customer sees it; false when it stands there for this hour already. `More` is what a room tells
 * of its looks: what was seen, why, and of which case.
 */
export type KeepLook<More> = (
  tx: Transaction,
  look: {
    customerId: string
    agent: Pick<StaffSession, 'agentId' | 'displayName'>
    reference: string
  } & More,
) => Promise<boolean>

/** At money that staff decide about. */
export type KeepDecisionLook = KeepLook<{ field: 'money'; reason: 'decision' }>

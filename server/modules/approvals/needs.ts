// What this room needs of others, and what a room hands over that lets a second person decide.
import type { Money } from '#contract/money.ts'
import type { Locale } from '#contract/schema.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import type { Audit } from '#modules/audit/index.ts'
import type { KeepLook, Staff } from '#modules/staff/index.ts'
import type { Payload } from './approval.ts'

export interface ApprovalNeeds {
  audit: Pick<Audit, 'record'>
  staff: Pick<Staff, 'authenticate' | 'require' | 'agentsByIds'>
  keepLook: KeepLook<{ caseId: string | undefined; field: 'money'; reason: 'approval' | 'follow_up' }>
  /** Name and e-mail of customers: to show who receives, and to know a member of staff behind a wallet. */
  customers(
    sql: Sql,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, { displayName: string; email?: string | undefined }>>
  /** What the customer is told once it is approved; undefined when nothing is. */
  customerReads(
    sql: Sql,
    about: { kind: string; reference: string; amount: Money; beneficiaryCustomerId: string },
  ): Promise<{ language: Locale; text: string } | undefined>
}

export interface Proposal {
  /** A kind that was registered. */
  kind: string
  reference: string
  /** Exactly what will be done, in the order in which people read it. */
  payload: Payload
  amount: Money
  beneficiaryCustomerId: string
  /** Without an id somebody outside of the staff asked, e.g. the shop. */
  requestedBy: { agentId?: string | undefined; name: string }
  /** Others of the staff who had a hand in it: they are no second person either. */
  alsoInvolved?: readonly string[]
  reason: string
  caseId?: string | undefined
  expiresAt: Date
}

export interface ApprovalHandlers {
  /**
   * What would be done now; undefined when it cannot be done any more. Takes the room's locks on the thing: this room calls it
   * before it locks the approval, because the room holds its own locks when it proposes or cancels.
   */
  currentPayload(tx: Transaction, reference: string): Promise<Payload | undefined>
  /** Does it, in the transaction that approves; called once. Throws approval_voided when it is no longer what was shown. */
  execute(
    tx: Transaction,
    approval: { id: string; reference: string; decidedBy: string | undefined },
  ): Promise<void>
  /** It will not be done; called once, in the transaction that closes. Not after `cancel`: whoever cancels knows. */
  onClosed(
    tx: Transaction,
    approval: { id: string; reference: string },
    how: 'declined' | 'expired' | 'voided',
  ): Promise<void>
}

// What this room needs of others, as handlers: tests stand in for them, and no service room is imported.
import type { Money } from '#contract/money.ts'
import type { RequestWithHeaders } from '#platform/cookies.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import type { Audit } from '#modules/audit/index.ts'
import type { Files } from '#modules/files/index.ts'
import type { Merchants } from '#modules/merchants/index.ts'
import type { RefundPayments } from '#modules/payments/index.ts'
import type { KeepLook, Staff } from '#modules/staff/index.ts'
import type { ProposedPayload } from './refund.ts'

export interface Proposal {
  kind: 'refund.pay'
  reference: string
  payload: ProposedPayload
  amount: Money
  beneficiaryCustomerId: string
  /** The member of staff who granted it, or asked for it; never the one who approves. Without one the shop agreed. */
  requestedBy: { agentId?: string | undefined; name: string }
  /** Others of the staff who had a hand in it. */
  alsoInvolved: readonly string[]
  reason: string
  caseId?: string | undefined
  expiresAt: Date
}

/** How a second person is asked. A proposal holds exactly what will be done; a change of it voids it. */
export interface Approvals {
  /** Answers the approval's id. */
  propose(tx: Transaction, proposal: Proposal): Promise<string>
  cancel(tx: Transaction, approvalId: string): Promise<void>
  /** Who this member of staff is besides, through whatever account. */
  personBehind(
    sql: Sql,
    agentId: string,
    about: { involved: readonly string[]; beneficiaryCustomerId: string },
  ): Promise<{ isInvolved: boolean; isReceiver: boolean }>
  register(
    kind: 'refund.pay',
    handlers: {
      /** What would be done now; undefined when it cannot be done any more. */
      currentPayload(tx: Transaction, reference: string): Promise<ProposedPayload | undefined>
      /** Called once, in the transaction that approves. Throws approval_voided when something changed under the locks. */
      execute(
        tx: Transaction,
        approval: { id: string; reference: string; decidedBy: string | undefined },
      ): Promise<void>
      onClosed(
        tx: Transaction,
        approval: { id: string; reference: string },
        how: 'declined' | 'expired' | 'voided',
      ): Promise<void>
    },
  ): void
}

export type RefundNotice =
  | 'asked'
  | 'refused'
  | 'silent'
  | 'agreed'
  | 'declined'
  | 'paid'
  | 'late'
  // What it waits for, when that is the wallet, or is the shop's money again.
  | 'no_room'
  | 'stopped'
  | 'waits_for_shop'

export interface RefundNeeds {
  audit: Pick<Audit, 'record'>
  staff: Pick<Staff, 'authenticate' | 'require' | 'requirePresence' | 'mayLookAt' | 'agentsByIds'>
  keepLook: KeepLook<{
    caseId: string | undefined
    field: 'money' | 'file'
    reason: 'case' | 'decision' | 'approval' | 'follow_up'
    /** Of a look at a picture or document of its evidence. */
    fileId?: string | undefined
  }>
  /** Its evidence, held under the refund's reference. */
  files: Pick<Files, 'link' | 'heldBy' | 'fingerprints' | 'readHeld'>
  merchants: Pick<Merchants, 'readMerchants' | 'readOrders' | 'tellRefund' | 'refundUntold'>
  payments: RefundPayments
  approvals: Approvals
  /** Calls the handler in the transaction that gives a silent shop's payment back, under the payment's lock. */
  onPaymentReturned(handler: (tx: Transaction, payment: { number: bigint }) => Promise<void>): void
  /** Throws session_expired. */
  authenticateCustomer(request: RequestWithHeaders): Promise<{ customerId: string }>
  /** Takes card numbers, codes and passwords out of what people write, before it is stored (N10). */
  redact(text: string): string
  /** The case, when it holds this reference and is open. */
  caseHolding(
    sql: Sql,
    caseId: string,
    reference: string,
  ): Promise<{ customerId: string; agentId: string | undefined; conversationId: string } | undefined>
  /** A message to the customer in their language, written in the commit of what it tells. */
  tellCustomer(
    tx: Transaction,
    notice: {
      kind: RefundNotice
      customerId: string
      amount: Money
      shopName: string
      reference: string
      by: Date
    },
  ): Promise<void>
  /** Names for the agents' lists. */
  namesOf(sql: Sql, customerIds: readonly string[]): Promise<ReadonlyMap<string, string>>
}

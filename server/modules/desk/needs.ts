// What the desk needs of other rooms, as handlers: it imports no money room, and tests stand in for the rest.
import type { CaseOutcome, MaskedCustomer } from '#contract/desk.ts'
import type { Diagnosis } from '#contract/diagnosis.ts'
import type { TransactionDetail } from '#contract/trace.ts'
import type { RequestWithHeaders } from '#platform/cookies.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import type { Audit } from '#modules/audit/index.ts'
import type { Files } from '#modules/files/index.ts'
import type { Staff } from '#modules/staff/index.ts'

export interface DeskNeeds {
  audit: Pick<Audit, 'record'>
  staff: Pick<
    Staff,
    | 'authenticate'
    | 'require'
    | 'grant'
    | 'endGrants'
    | 'mayLookAt'
    | 'availableAgents'
    | 'signedInAmong'
    | 'agentsByIds'
  >
  files: Pick<Files, 'link' | 'readHeld'>
  /** Who makes a request on the customers' address. Throws session_expired. */
  authenticateCustomer(request: RequestWithHeaders): Promise<{ customerId: string }>
  /** Name, masked contacts and wallet state of now, by customer id; who is unknown is missing. */
  customers(sql: Sql, ids: readonly string[]): Promise<Map<string, MaskedCustomer>>
  /** One contact unmasked; only asked after the look is decided and recorded. */
  contactOf(customerId: string, field: 'phone' | 'email'): Promise<string | undefined>
  /** Customers whose name begins so; for the agents' search. */
  findCustomersByName(sql: Sql, name: string, limit: number): Promise<string[]>
  /** The helper's diagnosis of now; undefined when this customer has no such movement. */
  diagnose(reference: string, customerId: string): Promise<Diagnosis | undefined>
  actions: DeskActions
}

/** What a choice does in other rooms: each decides again whether it may, for this customer's own money only. */
export interface DeskActions {
  /** Makes the next try to tell the shop due now, in the caller's transaction; false when it may not be asked now. */
  askShopAgain(
    tx: Transaction,
    reference: string,
    customerId: string,
    by: { kind: 'customer' | 'agent'; id: string },
  ): Promise<boolean>
  /** Withdraws a refund, once however often it is asked. Throws refund_not_allowed. */
  withdrawRefund(reference: string, customerId: string): Promise<void>
  /** Tells the customer by SMS or e-mail that what they wait for has happened, in the caller's transaction. */
  tellMoneyMoved(tx: Transaction, moved: MoneyMoved): Promise<void>
  /** Tells the customer in the same way that an agent solved their case, once for each closing. */
  tellSolved(tx: Transaction, solved: CaseSolved): Promise<void>
}

export interface MoneyMoved {
  customerId: string
  what: 'shop_has_it'
  detail: TransactionDetail
}

export interface CaseSolved {
  customerId: string
  conversationId: string
  /** As people name it: C-20418. */
  caseNumber: string
  outcome: CaseOutcome
}

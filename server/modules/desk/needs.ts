// What the desk needs of other rooms, as handlers: it imports no money room, and tests stand in for the rest.
import type { MaskedCustomer } from '#contract/desk.ts'
import type { RequestWithHeaders } from '#platform/cookies.ts'
import type { Sql } from '#platform/db.ts'
import type { Audit } from '#modules/audit/index.ts'
import type { Staff } from '#modules/staff/index.ts'

export interface DeskNeeds {
  audit: Pick<Audit, 'record'>
  staff: Pick<
    Staff,
    'authenticate' | 'require' | 'grant' | 'endGrants' | 'mayLookAt' | 'availableAgents' | 'agentsByIds'
  >
  /** Who makes a request on the customers' address. Throws session_expired. */
  authenticateCustomer(request: RequestWithHeaders): Promise<{ customerId: string }>
  /** Name, masked contacts and wallet state of now, by customer id; who is unknown is missing. */
  customers(sql: Sql, ids: readonly string[]): Promise<Map<string, MaskedCustomer>>
  /** One contact unmasked; only asked after the look is decided and recorded. */
  contactOf(customerId: string, field: 'phone' | 'email'): Promise<string | undefined>
  /** Customers whose name begins so; for the agents' search. */
  findCustomersByName(sql: Sql, name: string, limit: number): Promise<string[]>
}

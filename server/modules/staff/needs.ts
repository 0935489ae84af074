// What this room needs of others, so that tests can stand in for them.
import type { Audit } from '#modules/audit/index.ts'

export interface StaffNeeds {
  audit: Pick<Audit, 'record'>
}

// What this room needs of others, so that tests can stand in for them.
import type { Audit } from '#modules/audit/index.ts'
import type { Notices } from '#modules/notices/index.ts'

export interface IdentityNeeds {
  audit: Pick<Audit, 'record'>
  notices: Pick<Notices, 'enqueue' | 'wake'>
}

// What an entry of the audit record says. Never a secret: no PIN, code, password, token, and no full contact.

export type WhoKind = 'customer' | 'agent' | 'merchant' | 'system'

export interface AuditEntry {
  /** Without `id` it was the product itself, or nobody known. */
  who: { kind: WhoKind; id?: string | undefined }
  /** What was done, e.g. `session.opened`, `customer.revealed`. */
  action: string
  resource: { kind: string; id?: string | undefined }
  /** Business time. */
  at: Date
  detail?: Record<string, unknown> | undefined
}

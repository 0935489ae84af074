// All SQL on flows: walks that need a code.
import type { Locale } from '#contract/schema.ts'
import type { Sql, Transaction } from '#platform/db.ts'

export interface FlowRow {
  id: string
  purpose: string
  customer_id: string | null
  channel: 'sms' | 'email'
  contact: string
  locale: Locale
  code_hash: Buffer | null
  code_expires_at: Date
  resend_at: Date
  wrong_tries: number
  created_at: Date
  verified_at: Date | null
  used_at: Date | null
}

export async function saveFlow(
  tx: Transaction,
  flow: {
    id: string
    purpose: string
    customerId: string | undefined
    channel: string
    contact: string
    locale: string
    codeHash: Buffer | undefined
    codeExpiresAt: Date
    resendAt: Date
    createdAt: Date
  },
): Promise<void> {
  await tx.run(
    `INSERT INTO identity.flows
       (id, purpose, customer_id, channel, contact, locale, code_hash, code_expires_at, resend_at, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      flow.id,
      flow.purpose,
      flow.customerId ?? null,
      flow.channel,
      flow.contact,
      flow.locale,
      flow.codeHash ?? null,
      flow.codeExpiresAt,
      flow.resendAt,
      flow.createdAt,
    ],
  )
}

export function readFlow(sql: Sql, id: string): Promise<FlowRow | undefined> {
  return sql.maybe('SELECT * FROM identity.flows WHERE id = $1', [id])
}

export function lockFlow(tx: Transaction, id: string): Promise<FlowRow | undefined> {
  return tx.maybe('SELECT * FROM identity.flows WHERE id = $1 FOR UPDATE', [id])
}

export async function saveNewCode(
  tx: Transaction,
  id: string,
  code: { hash: Buffer | undefined; expiresAt: Date; resendAt: Date },
): Promise<void> {
  await tx.run(
    'UPDATE identity.flows SET code_hash = $2, code_expires_at = $3, resend_at = $4 WHERE id = $1',
    [id, code.hash ?? null, code.expiresAt, code.resendAt],
  )
}

export async function countWrongCode(tx: Transaction, id: string): Promise<void> {
  await tx.run('UPDATE identity.flows SET wrong_tries = wrong_tries + 1 WHERE id = $1', [id])
}

export async function markVerified(tx: Transaction, id: string, now: Date): Promise<void> {
  await tx.run('UPDATE identity.flows SET verified_at = $2 WHERE id = $1', [id, now])
}

export async function markUsed(tx: Transaction, id: string, now: Date): Promise<void> {
  await tx.run('UPDATE identity.flows SET used_at = $2, code_hash = NULL WHERE id = $1', [id, now])
}

export function deleteOldFlows(sql: Sql, before: Date): Promise<number> {
  return sql.run('DELETE FROM identity.flows WHERE created_at < $1', [before])
}

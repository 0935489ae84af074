// All SQL on statements that were signed. Rows are written once and never changed: the database refuses it.
import type { SignedStatement } from '#contract/customer.ts'
import type { Currency } from '#contract/money.ts'
import type { Sql, Transaction } from '#platform/db.ts'

/** False when this customer's same statement was signed before. */
export async function insertSigned(
  tx: Transaction,
  customerId: string,
  bodyHash: Buffer,
  { statement, code, keyId, signature }: SignedStatement,
): Promise<boolean> {
  const written = await tx.run(
    `INSERT INTO wallets.signed_statements (code, customer_id, body_hash, holder, currency, from_day, to_day, opening, closing,
       closing_at, held, entries, signed_at, key_id, signature)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
     ON CONFLICT (customer_id, body_hash) DO NOTHING`,
    [
      code,
      customerId,
      bodyHash,
      statement.holder,
      statement.currency,
      statement.from,
      statement.to,
      statement.opening.amountMinor,
      statement.closing.amountMinor,
      statement.closing.at,
      statement.heldMinor,
      statement.entries.length,
      statement.signedAt,
      keyId,
      Buffer.from(signature, 'base64'),
    ],
  )
  return written === 1
}

/** When and with which key a statement was signed before. */
export async function readSignedByBody(
  sql: Sql,
  customerId: string,
  bodyHash: Buffer,
): Promise<{ signedAt: Date; keyId: string; signature: string } | undefined> {
  const row = await sql.maybe<{ signed_at: Date; key_id: string; signature: Buffer }>(
    'SELECT signed_at, key_id, signature FROM wallets.signed_statements WHERE customer_id = $1 AND body_hash = $2',
    [customerId, bodyHash],
  )
  return row && { signedAt: row.signed_at, keyId: row.key_id, signature: row.signature.toString('base64') }
}

export interface SignedRow {
  holder: string
  currency: Currency
  from: string
  to: string
  openingMinor: bigint
  closingMinor: bigint
  closingAt: Date
  heldMinor: bigint
  entries: number
  signedAt: Date
}

export async function readSignedByCode(sql: Sql, code: string): Promise<SignedRow | undefined> {
  const row = await sql.maybe<{
    holder: string
    currency: Currency
    from_day: string
    to_day: string
    opening: bigint
    closing: bigint
    closing_at: Date
    held: bigint
    entries: number
    signed_at: Date
  }>(
    `SELECT holder, currency, from_day::text, to_day::text, opening, closing, closing_at, held, entries, signed_at
     FROM wallets.signed_statements WHERE code = $1`,
    [code],
  )
  return (
    row && {
      holder: row.holder,
      currency: row.currency,
      from: row.from_day,
      to: row.to_day,
      openingMinor: row.opening,
      closingMinor: row.closing,
      closingAt: row.closing_at,
      heldMinor: row.held,
      entries: row.entries,
      signedAt: row.signed_at,
    }
  )
}

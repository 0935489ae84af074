// All SQL on the rails' tables.
import type { Sql, Transaction } from '#platform/db.ts'
import type { BankAnswer } from './bank-client.ts'
import type { Service } from './snap.ts'
import type { OutgoingService } from './transfer-out.ts'

/** False when the bank used this number on this day already. */
export async function takeExternalId(
  tx: Transaction,
  partnerId: string,
  day: string,
  externalId: string,
): Promise<boolean> {
  const taken = await tx.run(
    'INSERT INTO rails.external_ids (partner_id, day, external_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
    [partnerId, day, externalId],
  )
  return taken === 1
}

export interface Callback {
  id: string
  partnerId: string
  service: Exclude<Service, 'token'>
  externalId: string
  requestId: string | undefined
  sentAt: Date
  channelId: string | undefined
  body: string
  receivedAt: Date
}

export async function insertCallback(tx: Transaction, callback: Callback): Promise<void> {
  await tx.run(
    `INSERT INTO rails.bank_callbacks (id, partner_id, service, external_id, request_id, sent_at, channel_id, body, received_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      callback.id,
      callback.partnerId,
      callback.service,
      callback.externalId,
      callback.requestId ?? null,
      callback.sentAt,
      callback.channelId ?? null,
      callback.body,
      callback.receivedAt,
    ],
  )
}

export async function saveAnswer(
  sql: Sql,
  id: string,
  responseCode: string,
  response: unknown,
): Promise<void> {
  await sql.run('UPDATE rails.bank_callbacks SET response_code = $2, response = $3 WHERE id = $1', [
    id,
    responseCode,
    JSON.stringify(response),
  ])
}

/** Numbers of days that no call can still carry a fresh stamp of. */
export async function forgetExternalIds(sql: Sql, before: string): Promise<number> {
  return sql.run('DELETE FROM rails.external_ids WHERE day < $1', [before])
}

export interface BankRequest {
  id: string
  partnerId: string
  service: OutgoingService
  partnerReference: string
  externalId: string
  body: string
  sentAt: Date
}

/** Before the call leaves: without an answer it stands there as one whose end is not known. */
export async function insertRequest(sql: Sql, request: BankRequest): Promise<void> {
  await sql.run(
    `INSERT INTO rails.bank_requests (id, partner_id, service, partner_reference, external_id, body, sent_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      request.id,
      request.partnerId,
      request.service,
      request.partnerReference,
      request.externalId,
      request.body,
      request.sentAt,
    ],
  )
}

export async function saveRequestAnswer(
  sql: Sql,
  id: string,
  answer: BankAnswer,
  durationMs: number,
): Promise<void> {
  const { responseCode } = (answer.body ?? {}) as { responseCode?: unknown }
  await sql.run(
    `UPDATE rails.bank_requests SET http_status = $2, response_code = $3, response = $4, no_answer = $5, duration_ms = $6
     WHERE id = $1`,
    [
      id,
      answer.httpStatus ?? null,
      typeof responseCode === 'string' ? responseCode.slice(0, 20) : null,
      // A text that PostgreSQL cannot hold (NUL) must not keep us from the answer itself.
      answer.body ? JSON.stringify(answer.body).replaceAll('\\u0000', '') : null,
      answer.noAnswer ?? null,
      durationMs,
    ],
  )
}

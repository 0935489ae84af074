// All SQL on the rails' tables.
import type { Sql, Transaction } from '#platform/db.ts'
import type { Service } from './snap.ts'

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

// All SQL on remembered keys and on what staff granted today. Both are locked by whoever decides on them.
import type { ErrorCode, ProblemValues } from '#contract/errors.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import type { StaffLimits } from './refund.rules.ts'

export interface KeyOwner {
  kind: 'customer' | 'agent' | 'merchant'
  id: string
}

/** What is answered to this key for ever. */
export type Outcome = { number: string } | { code: ErrorCode; values?: ProblemValues }

/** True when the key is new: it is then held until the commit, and whoever comes with the same one waits for it. */
export async function claimKey(
  tx: Transaction,
  owner: KeyOwner,
  key: string,
  bodyHash: Buffer,
  now: Date,
): Promise<boolean> {
  const count = await tx.run(
    `INSERT INTO refunds.idempotency (actor_kind, actor_id, key, body_hash, created_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING`,
    [owner.kind, owner.id, key, bodyHash, now],
  )
  return count === 1
}

export async function saveOutcome(
  tx: Transaction,
  owner: KeyOwner,
  key: string,
  outcome: Outcome,
): Promise<void> {
  await tx.run(
    'UPDATE refunds.idempotency SET outcome = $4 WHERE actor_kind = $1 AND actor_id = $2 AND key = $3',
    [owner.kind, owner.id, key, JSON.stringify(outcome)],
  )
}

export async function readOutcome(
  sql: Sql,
  owner: KeyOwner,
  key: string,
): Promise<{ body_hash: Buffer; outcome: Outcome } | undefined> {
  return sql.maybe(
    'SELECT body_hash, outcome FROM refunds.idempotency WHERE actor_kind = $1 AND actor_id = $2 AND key = $3',
    [owner.kind, owner.id, key],
  )
}

export async function readStaffLimits(
  sql: Sql,
  role: string,
  currency: string,
): Promise<StaffLimits | undefined> {
  const row = await sql.maybe<{ per_day: bigint; per_day_and_customer: bigint }>(
    'SELECT per_day, per_day_and_customer FROM refunds.staff_limits WHERE role = $1 AND currency = $2',
    [role, currency],
  )
  return row && { perDayMinor: row.per_day, perDayAndCustomerMinor: row.per_day_and_customer }
}

/** Stands for all customers together; sorts before every real id, so it is locked first. */
const everybody = '00000000-0000-0000-0000-000000000000'

interface GrantDay {
  agentId: string
  day: string
  currency: string
  customerId: string
}

/** What the agent granted on a day, in all and to this customer; both counters are locked until the commit. */
export async function lockGranted(
  tx: Transaction,
  { agentId, day, currency, customerId }: GrantDay,
): Promise<{ allMinor: bigint; customerMinor: bigint }> {
  await tx.run(
    `INSERT INTO refunds.staff_grants (agent_id, day, currency, customer_id)
     SELECT $1, $2, $3, id FROM unnest($4::uuid[]) AS counted (id) ORDER BY id ON CONFLICT DO NOTHING`,
    [agentId, day, currency, [everybody, customerId]],
  )
  const rows = await tx.rows<{ customer_id: string; granted: bigint }>(
    `SELECT customer_id, granted FROM refunds.staff_grants
     WHERE agent_id = $1 AND day = $2 AND currency = $3 AND customer_id = ANY($4::uuid[]) ORDER BY customer_id FOR UPDATE`,
    [agentId, day, currency, [everybody, customerId]],
  )
  const of = (id: string) => rows.find((row) => row.customer_id === id)?.granted ?? 0n
  return { allMinor: of(everybody), customerMinor: of(customerId) }
}

/** What was granted did not come about: it counts no longer, on the day on which it was counted. */
export async function takeBackGranted(
  tx: Transaction,
  counted: GrantDay,
  amountMinor: bigint,
): Promise<void> {
  // Locks both counters in the order in which granting locks them.
  await lockGranted(tx, counted)
  await addGranted(tx, counted, -amountMinor)
}

/** Only under `lockGranted`. */
export async function addGranted(
  tx: Transaction,
  { agentId, day, currency, customerId }: GrantDay,
  amountMinor: bigint,
): Promise<void> {
  await tx.run(
    `UPDATE refunds.staff_grants SET granted = granted + $5
     WHERE agent_id = $1 AND day = $2 AND currency = $3 AND customer_id = ANY($4::uuid[])`,
    [agentId, day, currency, [everybody, customerId], amountMinor],
  )
}

// All SQL on the demo's own rows: which story has been told here, and how far. And what the story must find again to go on.
import type { Sql, Transaction } from '#platform/db.ts'

export interface ToldStory {
  seed: string
  customers: number
  /** Ids of the sandbox's shops by their slug. */
  shops: Record<string, string>
  told_at: Date
  completed_at: Date | null
}

export async function readStory(sql: Sql): Promise<ToldStory | undefined> {
  return sql.maybe('SELECT seed, customers, shops, told_at, completed_at FROM demo.story')
}

/** True for the one that may tell it. Another start waits here for the first to commit. */
export async function claimStory(
  tx: Transaction,
  story: { seed: string; customers: number; shops: Record<string, string>; toldAt: Date },
): Promise<boolean> {
  const count = await tx.run(
    'INSERT INTO demo.story (seed, customers, shops, told_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
    [story.seed, story.customers, JSON.stringify(story.shops), story.toldAt],
  )
  return count === 1
}

/** False when another start has completed it meanwhile. Held until the transaction ends. */
export async function lockIncompleteStory(tx: Transaction): Promise<boolean> {
  return (await tx.rows('SELECT FROM demo.story WHERE completed_at IS NULL FOR NO KEY UPDATE')).length === 1
}

export async function completeStory(tx: Transaction, at: Date): Promise<void> {
  await tx.run('UPDATE demo.story SET completed_at = $1', [at])
}

export async function readConversations(sql: Sql): Promise<Set<number>> {
  const rows = await sql.rows<{ place: number }>('SELECT place FROM demo.conversations')
  return new Set(rows.map((row) => row.place))
}

export async function saveConversation(sql: Sql, place: number): Promise<void> {
  await sql.run('INSERT INTO demo.conversations (place) VALUES ($1) ON CONFLICT DO NOTHING', [place])
}

export async function readWaitingApproval(
  tx: Transaction,
  reference: string,
): Promise<{ id: string; payload_hash: Buffer }> {
  return tx.one(
    "SELECT id, payload_hash FROM approvals.approvals WHERE reference = $1 AND state = 'waiting'",
    [reference],
  )
}

export async function readLastTopUp(
  tx: Transaction,
  customerId: string,
): Promise<{ number: bigint; state: string }> {
  return tx.one(
    'SELECT number, state FROM funding.top_ups WHERE customer_id = $1 ORDER BY effective_at DESC, number DESC LIMIT 1',
    [customerId],
  )
}

export async function readLastSettlement(
  tx: Transaction,
  merchantId: string,
): Promise<{ number: bigint; state: string } | undefined> {
  return tx.maybe(
    'SELECT number, state FROM settlements.settlements WHERE merchant_id = $1 ORDER BY number DESC LIMIT 1',
    [merchantId],
  )
}

// All SQL on the demo's own row: whether its story has been told here.
import type { Sql, Transaction } from '#platform/db.ts'

export interface ToldStory {
  seed: string
  shops: Record<string, string>
  told_at: Date
  completed_at: Date | null
}

export async function readStory(sql: Sql): Promise<ToldStory | undefined> {
  return sql.maybe('SELECT seed, shops, told_at, completed_at FROM demo.story')
}

/** True for the one that may tell it. Another start waits here for the first to commit. */
export async function claimStory(
  tx: Transaction,
  story: { seed: string; shops: Record<string, string>; toldAt: Date },
): Promise<boolean> {
  const count = await tx.run(
    'INSERT INTO demo.story (seed, shops, told_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
    [story.seed, JSON.stringify(story.shops), story.toldAt],
  )
  return count === 1
}

export async function completeStory(sql: Sql, at: Date): Promise<void> {
  await sql.run('UPDATE demo.story SET completed_at = $1', [at])
}

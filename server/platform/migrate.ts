// Brings the schema forward: each file of migrations/ once, in order, in one transaction with its entry in the journal.
// A file that was applied and then changed is refused: history is not rewritten.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { Database } from './db.ts'

export class MigrationError extends Error {}

/** Applies what is missing and returns the names applied now. Safe when several processes start at once. */
export async function migrate(db: Database, folder: URL): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name)).sort()
  const files = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(name, folder), 'utf8')
      return { name, text, hash: createHash('sha256').update(text).digest('hex') }
    }),
  )
  return db.transaction(async (tx) => {
    // Only here: start-up may wait for another start-up. Nothing of the money depends on this lock.
    await tx.run('SELECT pg_advisory_xact_lock(7265637)')
    await tx.run('CREATE SCHEMA IF NOT EXISTS platform')
    await tx.run(
      'CREATE TABLE IF NOT EXISTS platform.migrations (name text PRIMARY KEY, hash text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
    )
    const journal = await tx.rows<{ name: string; hash: string }>(
      'SELECT name, hash FROM platform.migrations',
    )
    const applied = new Map(journal.map((row) => [row.name, row.hash]))
    const now: string[] = []
    for (const file of files) {
      const hash = applied.get(file.name)
      if (hash === file.hash) continue
      if (hash)
        throw new MigrationError(
          `${file.name} was changed after it was applied: write a new migration instead`,
        )
      await tx.run(file.text)
      await tx.run('INSERT INTO platform.migrations (name, hash) VALUES ($1, $2)', [file.name, file.hash])
      now.push(file.name)
    }
    const known = new Set(names)
    const unknown = journal.filter((row) => !known.has(row.name))
    if (unknown.length > 0)
      throw new MigrationError(
        `the database knows ${unknown[0]!.name}, this version does not: start the newer version`,
      )
    return now
  })
}

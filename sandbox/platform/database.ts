// The sandbox's own schema: a small pool and its own journal of migrations. It touches no other schema.
import { readdir, readFile } from 'node:fs/promises'
import pg from 'pg'

export interface Database {
  rows<Row>(text: string, parameters?: readonly unknown[]): Promise<Row[]>
  maybe<Row>(text: string, parameters?: readonly unknown[]): Promise<Row | undefined>
  transaction<Result>(work: (query: Database['rows']) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

const types = {
  getTypeParser: (oid: number, format?: string): unknown =>
    oid === 20 && format !== 'binary' ? BigInt : pg.types.getTypeParser(oid, format as 'text'),
}

function rowsOn(runner: Pick<pg.Pool, 'query'>): Database['rows'] {
  return async <Row>(text: string, parameters: readonly unknown[] = []) => {
    const result = await runner.query({ text, values: [...parameters], types: types as never })
    return result.rows as Row[]
  }
}

export async function openDatabase(connectionString: string): Promise<Database> {
  const pool = new pg.Pool({ connectionString, max: 5, application_name: 'tuntas-sandbox' })
  // An idle connection that breaks must not end the process; the next query opens a new one.
  pool.on('error', () => undefined)
  const rows = rowsOn(pool)
  const db: Database = {
    rows,
    async maybe<Row>(text: string, parameters?: readonly unknown[]) {
      return (await rows<Row>(text, parameters))[0]
    },
    async transaction(work) {
      const client = await pool.connect()
      try {
        await client.query('BEGIN')
        const result = await work(rowsOn(client as unknown as pg.Pool))
        await client.query('COMMIT')
        client.release()
        return result
      } catch (error) {
        const failed = await client.query('ROLLBACK').then(
          () => undefined,
          (fault: Error) => fault,
        )
        client.release(failed)
        throw error
      }
    },
    close: () => pool.end(),
  }
  await migrate(db, new URL('../migrations/', import.meta.url))
  return db
}

async function migrate(db: Database, folder: URL): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  const files = await Promise.all(
    names.map(async (name) => ({ name, text: await readFile(new URL(name, folder), 'utf8') })),
  )
  await db.transaction(async (query) => {
    await query('SELECT pg_advisory_xact_lock(7265638)')
    await query('CREATE SCHEMA IF NOT EXISTS sandbox')
    await query('CREATE TABLE IF NOT EXISTS sandbox.migrations (name text PRIMARY KEY)')
    const applied = new Set(
      (await query<{ name: string }>('SELECT name FROM sandbox.migrations')).map((row) => row.name),
    )
    for (const { name, text } of files) {
      if (applied.has(name)) continue
      await query(text)
      await query('INSERT INTO sandbox.migrations (name) VALUES ($1)', [name])
    }
  })
}

// For tests only: a throw-away database with all migrations, and a platform on it with a clock that tests move.
import { createDatabase } from './db.ts'
import { fixedClock } from './clock.ts'
import { readConfig } from './config.ts'
import { createJobs } from './jobs.ts'
import { createLogger } from './log.ts'
import { createMetrics } from './metrics.ts'
import { migrate } from './migrate.ts'
import { consumeOnce, sequence, type Consumer } from './outbox.ts'
import type { Platform } from './platform.ts'
import { createReferences } from './references.ts'

export interface TestPlatform extends Platform {
  readonly clock: ReturnType<typeof fixedClock>
  readonly connectionString: string
  /** Gives positions and runs every consumer until nothing is left: what the loops do in the running product. */
  settle(): Promise<void>
  close(): Promise<void>
}

const migrations = new URL('../../migrations/', import.meta.url)

/**
 * A fresh database on the test server, which the test script starts and names in TUNTAS_TEST_DATABASE_URL. A copy of
 * TUNTAS_TEST_TEMPLATE when that is set, which has the migrations already.
 */
export async function createTestPlatform(start = '2026-11-20T06:00:00.000Z'): Promise<TestPlatform> {
  const server = process.env['TUNTAS_TEST_DATABASE_URL']
  if (!server)
    throw new Error('TUNTAS_TEST_DATABASE_URL is not set: run tests through `npm test` or scripts/test.mjs')
  const name = `test_${process.pid}_${Math.random().toString(36).slice(2, 10)}`
  const admin = createDatabase({ connectionString: server, maximumConnections: 1 })
  const template = process.env['TUNTAS_TEST_TEMPLATE']
  await admin.read.run(`CREATE DATABASE ${name}${template ? ` TEMPLATE ${template}` : ''}`)
  const connectionString = withDatabase(server, name)
  // Fifty at once on a busy machine may wait longer than the product lets anybody wait, and no proof hangs on that.
  const db = createDatabase({ connectionString, maximumConnections: 8, connectWithinMs: 0 })
  if (!template) await migrate(db, migrations)
  const log = createLogger({ level: process.env['TUNTAS_TEST_LOG'] ?? 'silent' })
  const consumers: Consumer[] = []
  const config = readConfig({ TUNTAS_SANDBOX: 'on', TUNTAS_PEPPER: Buffer.alloc(32, 7).toString('base64') })
  const clock = fixedClock(start)
  return {
    config,
    db,
    clock,
    log,
    jobs: createJobs(log),
    metrics: createMetrics(),
    references: createReferences(),
    connectionString,
    events: { wake: () => undefined, consume: (consumer) => void consumers.push(consumer) },
    async settle() {
      for (let quiet = 0; quiet < 2;) {
        let handled = await sequence(db)
        for (const consumer of consumers) handled += await consumeOnce(db, consumer)
        quiet = handled === 0 ? quiet + 1 : 0
      }
    },
    async close() {
      await db.close()
      await admin.read.run(`DROP DATABASE ${name} WITH (FORCE)`)
      await admin.close()
    },
  }
}

/** The same server, another database; works for postgres:// and for socket addresses with ?host=. */
export function withDatabase(connectionString: string, name: string): string {
  const url = new URL(connectionString)
  url.pathname = `/${name}`
  return url.toString()
}

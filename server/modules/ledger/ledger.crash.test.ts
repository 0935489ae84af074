// Three processes write one ledger; each of them and PostgreSQL are killed a few times, at awaits around a commit and at random.
// `npm run crash -- ledger` does the same with hundreds of kills.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { binariesForTests } from '#platform/embedded/for-tests.ts'
import { killOutright } from '#platform/embedded/kill-outright-for-tests.ts'
import { startEmbedded, type EmbeddedDatabase } from '#platform/embedded/index.ts'
import { crashLedger } from './crash-for-tests.ts'

let folder: string
let database: EmbeddedDatabase

const start = async () =>
  void (database = await startEmbedded({
    dataDir: path.join(folder, 'postgres'),
    log: () => undefined,
    binaries: binariesForTests(),
  }))

/** The postmaster and every process of it, at once and without a word. */
async function kill() {
  await killOutright(database.pid)
  await database.stop()
}

beforeAll(async () => {
  folder = mkdtempSync('/tmp/tuntas-crash-')
  chmodSync(folder, 0o755)
  await start()
})
afterAll(async () => {
  await database?.stop()
  rmSync(folder, { recursive: true, force: true })
})

it('nothing acknowledged is lost, nothing is done twice, and one command that breaks its batch is refused alone', async () => {
  const report = await crashLedger({
    database: { connectionString: database.connectionString, kill, start },
    dataFolder: path.join(folder, 'seal'),
    writers: 3,
    kills: 10,
    commandsPerKill: 60,
    random: Math.random,
  })
  expect(report.kills).toEqual({ writer: 2, atAwait: 6, database: 1, all: 1 })
  expect(report.posted).toBeGreaterThan(200)
  expect(report.refused).toBeGreaterThan(0)
  expect(report.broken).toBeGreaterThan(0)
  expect(report.linked).toBeGreaterThan(0)
  for (const count of Object.values(report.holds)) expect(count).toBeGreaterThan(0)
  expect(report.askedAgain).toBeGreaterThan(0)
})

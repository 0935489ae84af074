// `npm run crash -- ledger [--kills N] [--writers N]`: several processes write one ledger on a durable PostgreSQL; they and it are
// killed outright, hundreds of times. `npm run crash -- story`: the story of a payment that comes back, in a real browser, with
// server, PostgreSQL or both killed at each of its arrows. Prints one JSON line last; ends with 1 when anything was lost or doubled.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { startKillableDatabase } from '../bench/lib/killable-database.ts'
import { crashLedger } from '../server/modules/ledger/crash-for-tests.ts'
import { crashStory } from './lib/crash-story.ts'
import { needPackages } from './test/debian.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { kills: { type: 'string', default: '220' }, writers: { type: 'string', default: '3' } },
})
if (positionals.join(' ') === 'story') {
  const root = path.resolve(import.meta.dirname, '..')
  await needPackages(root, 'pages')
  process.exit(await crashStory(root))
}
if (positionals.join(' ') !== 'ledger') {
  console.error(
    'Say what to crash: npm run crash -- ledger [--kills N] [--writers N], or npm run crash -- story',
  )
  process.exit(2)
}
const started = performance.now()
const folder = mkdtempSync(path.join(tmpdir(), 'tuntas-crash-'))
const database = await startKillableDatabase()
try {
  const report = await crashLedger({
    database,
    dataFolder: folder,
    writers: Number(values.writers),
    kills: Number(values.kills),
    commandsPerKill: 100,
    random: Math.random,
    say: (line) => console.error(line),
  })
  const seconds = Math.round((performance.now() - started) / 1000)
  console.log(
    JSON.stringify({
      crash: 'ledger',
      ...report,
      sealedTransfers: Number(report.sealedTransfers),
      lost: 0,
      doubled: 0,
      seconds,
    }),
  )
} catch (error) {
  console.error(error)
  process.exitCode = 1
} finally {
  await database.remove()
  rmSync(folder, { recursive: true, force: true })
}

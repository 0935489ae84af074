// `npm run soak -- ledger --minutes N`: the ledger against its model on a real PostgreSQL, and its rules alone, with fresh seeds for
// as long as told. Prints how many sequences and commands; a failure prints its seed and the shrunken commands, and ends with 1.

import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { startTemporaryPostgres } from '#platform/embedded/for-tests.ts'
import { ledgerProperty, rulesProperty } from '../server/modules/ledger/model-commands-for-tests.ts'
import { createModelBench } from '../server/modules/ledger/model-for-tests.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string' } },
})
const minutes = Number(values.minutes)
if (positionals.join(' ') !== 'ledger' || !(minutes > 0)) {
  console.error('Say what to soak and for how long: npm run soak -- ledger --minutes N [--seed S]')
  process.exit(2)
}

const until = performance.now() + minutes * 60_000
const sequencesAtOnce = 300
const rulesAtOnce = 10_000
const total = { rounds: 0, sequences: 0, commands: 0, rulesSequences: 0 }

/** One fresh database, one seed. */
async function round(seed: number): Promise<void> {
  const bench = await createModelBench()
  try {
    const property = ledgerProperty(bench, (commands) => {
      total.sequences++
      total.commands += commands
    })
    await fc.assert(property, {
      numRuns: sequencesAtOnce,
      seed,
      endOnFailure: false,
      interruptAfterTimeLimit: Math.max(1, until - performance.now()),
      markInterruptAsFailure: false,
    })
    const { sumsPerCurrency, brokenAccounts, findings, unsealed } = await bench.check()
    if (brokenAccounts.length > 0 || Object.values(sumsPerCurrency).some((sum) => sum !== 0n))
      throw new Error(`the ledger does not add up after seed ${seed}: ${brokenAccounts.join(', ')}`)
    if (findings.length > 0 || unsealed !== 0n)
      throw new Error(`the chain does not verify after seed ${seed}: ${findings.join(', ')}`)
  } finally {
    await bench.close()
  }
  fc.assert(rulesProperty(), { numRuns: rulesAtOnce, seed })
  total.rulesSequences += rulesAtOnce
  total.rounds++
}

const postgres = await startTemporaryPostgres()
// An address that URL can read: the host in it is only a place-holder.
process.env['TUNTAS_TEST_DATABASE_URL'] = postgres.connectionString.replace('@/', '@localhost/')
let saidAt = performance.now()
try {
  do {
    const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed)
    await round(seed)
    if (performance.now() - saidAt > 60_000) {
      saidAt = performance.now()
      console.error(`${total.sequences} sequences, ${total.commands} commands so far`)
    }
  } while (performance.now() < until && values.seed === undefined)
  console.log(JSON.stringify({ soak: 'ledger', minutes, ...total, failures: 0 }))
} catch (error) {
  // fast-check's message holds the seed, the path and the shrunken commands.
  console.error((error as Error).message)
  console.log(JSON.stringify({ soak: 'ledger', minutes, ...total, failures: 1 }))
  process.exitCode = 1
} finally {
  await postgres.stop()
}

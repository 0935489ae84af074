// `npm run mutate [-- --only database|locks|rules|abuse] [--match TEXT]`: takes one guard out at a time, in a copy of the repository,
// and runs the tests that can notice it: the ledger's own guards, or with `abuse` the controls of docs/abuse-cases.md.
// Ends with 1 when too much goes unnoticed: of the ledger less than 90 % killed, of the abuse cases any.

import { parseArgs } from 'node:util'
import { proveControls } from './mutate/abuse.ts'
import { mutateLedger } from './mutate/ledger.ts'
import { openWorkshop } from './mutate/workshop.ts'

/** Ctrl-C: no further mutant; what was tried so far is printed. */
let isStopped = false
process.once('SIGINT', () => (isStopped = true))
const { values } = parseArgs({
  options: { only: { type: 'string' }, match: { type: 'string', default: '' } },
})

const workshop = await openWorkshop()
try {
  const prove = values.only === 'abuse' ? proveControls : mutateLedger
  if (!(await prove(workshop, { ...values, isStopped: () => isStopped }))) process.exitCode = 1
} finally {
  await workshop.close()
}

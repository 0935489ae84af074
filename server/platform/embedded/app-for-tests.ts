// A small app for the tests beside it: starts the database, says so in one line of JSON, ends on a signal.
// Everything is loaded before it changes its user, so the checkout may lie where that user cannot read.

import { findBinaries } from './binaries.ts'
import { binariesForTests } from './for-tests.ts'
import { chooseOwner } from './owner.ts'
import { EmbeddedDatabaseError, startEmbedded } from './index.ts'
import path from 'node:path'

type Order = { dataDir: string; asUid?: number; endWithoutStop?: boolean }

const order = JSON.parse(process.argv[2]!) as Order
const say = (fact: object) => process.stdout.write(`${JSON.stringify(fact)}\n`)

try {
  const binaries =
    order.asUid === undefined ? binariesForTests() : { folder: await programsFor(order.dataDir) }
  if (order.asUid !== undefined) {
    process.setgroups!([])
    process.setgid!(order.asUid)
    process.setuid!(order.asUid)
  }
  const { stop, ...facts } = await startEmbedded({ dataDir: order.dataDir, log: () => undefined, binaries })
  const end = () => void stop().then(() => process.exit(0))
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  say({ ...facts, uid: process.getuid!() })
  if (!order.endWithoutStop) setInterval(() => undefined, 60_000)
} catch (error) {
  if (!(error instanceof EmbeddedDatabaseError)) throw error
  say({ code: error.code, message: error.message })
  process.exitCode = 3
}

async function programsFor(dataDir: string): Promise<string> {
  const owner = chooseOwner(path.dirname(dataDir), path.join(dataDir, 'cluster'))
  return path.dirname((await findBinaries(owner, () => undefined, binariesForTests())).postgres)
}

// `npm run bench -- NAME`: runs one measurement. Each prints one JSON line last.
import { fork } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { needPackages } from '../scripts/test/debian.ts'

const folder = import.meta.dirname
const helpers = new Set(['run', 'replay', 'payments-server', 'replay-server', 'ledger-worker'])
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => file.slice(0, -3))
  .filter((name) => !helpers.has(name))
const name = process.argv[2] ?? ''
if (!names.includes(name) || !existsSync(path.join(folder, `${name}.ts`))) {
  console.error(`Say which measurement: npm run bench -- NAME, one of ${names.join(', ')}`)
  process.exit(2)
}
// Beside pgbench, and with wrk: what is missing is installed where we may, else it is said.
await needPackages(path.dirname(folder), 'measurements')
const measurement = fork(path.join(folder, `${name}.ts`), process.argv.slice(3))
// The measurement cleans up behind itself, and ends then.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => measurement.kill(signal))
measurement.on('exit', (code) => process.exit(code ?? 1))

// Full payments over HTTP at 64 and 512 connections, in rounds between pgbench's tpcb-like on the same durable server.
// Prints one JSON line last; every payment is verified in the database afterwards.
import path from 'node:path'
import { uuidv7 } from '#contract/ids.ts'
import { startEmbedded } from '#platform/embedded/index.ts'
import { createDatabase } from '#platform/db.ts'
import { startServerProcess, type ServerProcess } from './lib/server-process.ts'
import { openBenchFolder } from './lib/bench-folder.ts'
import { childrenCpuSeconds, cpuSeconds, usedBetween } from './lib/cpu.ts'
import { runLoad, type LoadResult } from './lib/load.ts'
import { hundredths, median } from './lib/statistics.ts'
import { createTpcbPeer, prepareTpcb, runTpcb, tpcbClients, tpcbScale } from './lib/tpcb.ts'

const rounds = Number(process.env['TUNTAS_BENCH_ROUNDS'] ?? 6)
const secondsEach = Number(process.env['TUNTAS_BENCH_SECONDS'] ?? 6)
const customers = 2000

/** Processor time of one payment in each process, in microseconds. */
interface CpuPerPayment {
  server: number
  database: number
  load: number
}

const place = await openBenchFolder('tuntas-bench-')
const server = await startEmbedded({ dataDir: place.dataDir, log: () => undefined })
let payments: ServerProcess<{ port: number; pin: string }> | undefined
try {
  const admin = createDatabase({ connectionString: server.connectionString, maximumConnections: 1 })
  await admin.read.run('CREATE DATABASE tpcb')
  const { version, fsync, synchronous } = await admin.read.one<{
    version: string
    fsync: string
    synchronous: string
  }>(
    "SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS synchronous",
  )
  await admin.close()
  console.error(`PostgreSQL ${version}, fsync ${fsync}; preparing pgbench at scale ${tpcbScale}`)
  await prepareTpcb(server, 'tpcb')

  // For a look inside: flags for the server's process, e.g. --cpu-prof.
  const flags = process.env['TUNTAS_BENCH_ARGV']?.split(' ') ?? []
  payments = await startServerProcess<{ port: number; pin: string }>(
    path.join(import.meta.dirname, 'payments-server.ts'),
    server.connectionString,
    flags,
  )
  const { pid, ask } = payments
  const { port, pin } = payments.ready
  const tokens = await ask<string[]>('customers', customers)

  /** Payments a second to be ready for: an order is paid once, and none may be missing on a quick machine. */
  let ready = 6000
  async function pay(connections: number): Promise<LoadResult & { microseconds: CpuPerPayment }> {
    const orders = await ask<string[]>('orders', Math.ceil(ready * secondsEach))
    const before = { server: cpuSeconds(pid), database: childrenCpuSeconds(server.pid) }
    const result = await runLoad({
      port,
      connections,
      seconds: secondsEach,
      // Keys as the wallet makes them.
      payments: orders.map((order, index) => ({
        order,
        session: tokens[index % tokens.length]!,
        key: uuidv7(),
      })),
      pin,
      amountMinor: '100',
      folder: place.folder,
    })
    ready = Math.max(ready, (2 * result.answered) / result.seconds)
    const perPayment = (seconds: number) => Math.round((seconds * 1e6) / Math.max(1, result.answered))
    const microseconds = {
      server: perPayment(cpuSeconds(pid) - before.server),
      database: perPayment(usedBetween(before.database, childrenCpuSeconds(server.pid))),
      load: perPayment(result.cpuSeconds),
    }
    return { ...result, microseconds }
  }

  // Warm both before anything counts: what is compiled for a long run should be compiled.
  await runTpcb(server, 'tpcb', 16, 3)
  for (const connections of [64, 512, 64]) await pay(connections)
  const tpcb = createTpcbPeer(server, 'tpcb', Math.max(3, Math.round(secondsEach / 2)))
  const rates = { http64: [] as number[], http512: [] as number[] }
  const latencies = { http64: [] as number[], http512: [] as number[] }
  const cpu: CpuPerPayment[] = []
  let errors = 0
  let paid = 0
  for (let round = 1; round <= rounds; round++) {
    const peer = await tpcb.round()
    for (const [name, connections] of [
      ['http64', 64],
      ['http512', 512],
    ] as const) {
      const result = await pay(connections)
      if (result.ranOut) throw new Error(`the orders ran out at ${connections} connections; run it again`)
      const done = result.answered - result.refused
      paid += done
      errors += result.refused + result.broken
      rates[name].push(done / result.seconds)
      latencies[name].push(result.p99Ms)
      if (name === 'http512') cpu.push(result.microseconds)
    }
    console.error(
      `round ${round}: tpcb ${peer.map(Math.round).join(', ')}/s, 64 connections ${Math.round(rates.http64.at(-1)!)}/s, 512 connections ${Math.round(rates.http512.at(-1)!)}/s`,
    )
  }
  const verified = await ask<{
    sums: boolean
    brokenAccounts: number
    payments: number
    transfers: number
    events: number
    audited: number
    refusals: Record<string, number>
  }>('verify')
  const complete =
    verified.sums &&
    verified.brokenAccounts === 0 &&
    [verified.transfers, verified.events, verified.audited].every((count) => count === verified.payments) &&
    verified.payments >= paid
  if (errors > 0) console.error('refused', verified.refusals)
  const base = tpcb.perSecond()
  console.log(
    JSON.stringify({
      bench: 'payments',
      ratioToTpcb: {
        http64: hundredths(median(rates.http64) / base),
        http512: hundredths(median(rates.http512) / base),
      },
      p99Ms: { http64: median(latencies.http64), http512: median(latencies.http512) },
      errors,
      perSecond: {
        tpcb: Math.round(base),
        http64: Math.round(median(rates.http64)),
        http512: Math.round(median(rates.http512)),
      },
      cpuMicrosecondsPerPayment: Object.fromEntries(
        (['server', 'database', 'load'] as const).map((name) => [name, median(cpu.map((one) => one[name]))]),
      ),
      verified: { ...verified, complete },
      settings: {
        postgres: version,
        fsync,
        synchronousCommit: synchronous,
        scale: tpcbScale,
        clients: tpcbClients,
        rounds,
        secondsEach,
        customers,
        shops: 100,
      },
    }),
  )
  if (errors > 0 || !complete) process.exitCode = 1
} finally {
  await payments?.end()
  await server.stop()
  place.remove()
}

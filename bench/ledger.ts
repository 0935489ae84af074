// The ledger alone against pgbench's tpcb-like and against what people would write instead, in interleaved rounds on one durable
// server. Every answer after its commit, with keys and seals, verified afterwards. Prints one JSON line last.
// `--grown` (or TUNTAS_BENCH_GROWN=1) also measures a second ledger with ten million transfers in it.
import path from 'node:path'
import { startEmbedded } from '#platform/embedded/index.ts'
import { createDatabase } from '#platform/db.ts'
import { openBenchFolder } from './lib/bench-folder.ts'
import { childrenCpuSeconds, cpuSeconds, usedBetween } from './lib/cpu.ts'
import { growLedger } from './lib/ledger-grown.ts'
import { checksumModulus, type LoadReport, type Shape } from './lib/ledger-load.ts'
import { preparePeers } from './lib/ledger-peers.ts'
import { verifyWorld, type Acknowledged, type Verdict } from './lib/ledger-verify.ts'
import { accountCount, prepareWorld } from './lib/ledger-world.ts'
import { startServerProcess, type ServerProcess } from './lib/server-process.ts'
import { hundredths, median } from './lib/statistics.ts'
import { createTpcbPeer, prepareTpcb, tpcbClients, tpcbScale } from './lib/tpcb.ts'

const rounds = Number(process.env['TUNTAS_BENCH_ROUNDS'] ?? 4)
const secondsEach = Number(process.env['TUNTAS_BENCH_SECONDS'] ?? 6)
const withGrown = process.argv.includes('--grown') || process.env['TUNTAS_BENCH_GROWN'] === '1'
const grownTransfers = Number(process.env['TUNTAS_BENCH_GROWN_TRANSFERS'] ?? 10_000_000)

/** What is measured of us: `callers` over all processes. */
const ours = {
  uniform64: { shape: 'uniform', callers: 64, processes: 1 },
  uniform512: { shape: 'uniform', callers: 512, processes: 1 },
  uniform4096: { shape: 'uniform', callers: 4096, processes: 1 },
  hot512: { shape: 'hot', callers: 512, processes: 1 },
  fourLegs512: { shape: 'fourLegs', callers: 512, processes: 1 },
  holds512: { shape: 'holds', callers: 512, processes: 1 },
  twoProcesses512: { shape: 'uniform', callers: 512, processes: 2 },
} as const satisfies Record<string, { shape: Shape; callers: number; processes: number }>
type Name = keyof typeof ours
const names = Object.keys(ours) as Name[]

interface Measured {
  commandsPerSecond: number
  p99Ms: number
  commands: number
  /** Processor time in microseconds and WAL in bytes, for each transfer. */
  server: number
  database: number
  walBytes: number
}

const place = await openBenchFolder('tuntas-bench-')
const postgres = await startEmbedded({ dataDir: place.dataDir, log: () => undefined })
const admin = createDatabase({ connectionString: postgres.connectionString, maximumConnections: 1 })
const closing: (() => Promise<unknown>)[] = []

/** A ledger under measurement with its workers, and all that it acknowledged. */
async function openWorld(name: string, workerCount: number) {
  const connectionString = await prepareWorld(postgres.connectionString, name)
  const sealFolder = path.join(place.folder, `${name}-seal`)
  const acknowledged: Acknowledged = { commands: 0, transfers: 0, checksum: 0 }
  const workers: ServerProcess<unknown>[] = []
  async function startWorkers() {
    while (workers.length < workerCount) {
      const worker = await startServerProcess<unknown>(
        path.join(import.meta.dirname, 'ledger-worker.ts'),
        // The first one seals.
        workers.length === 0 ? `${connectionString} ${sealFolder}` : connectionString,
        process.env['TUNTAS_BENCH_ARGV']?.split(' ') ?? [],
      )
      workers.push(worker)
      closing.push(() => worker.end())
    }
  }

  async function measure({
    shape,
    callers,
    processes,
  }: {
    shape: Shape
    callers: number
    processes: number
  }): Promise<Measured> {
    const asked = workers.slice(0, processes)
    if (shape === 'holds') await asked[0]!.ask('placeHolds', 5000 * secondsEach)
    const wal = () => admin.read.one<{ at: bigint }>("SELECT (pg_current_wal_lsn() - '0/0')::bigint AS at")
    const before = {
      server: asked.map((worker) => cpuSeconds(worker.pid)),
      database: childrenCpuSeconds(postgres.pid),
      wal: (await wal()).at,
    }
    const reports = await Promise.all(
      asked.map((worker) =>
        worker.ask<LoadReport>('run', { shape, callers: callers / processes, seconds: secondsEach }),
      ),
    )
    const sum = (of: (report: LoadReport) => number) =>
      reports.reduce((total, report) => total + of(report), 0)
    const commands = sum((report) => report.commands)
    const transfers = sum((report) => report.transfers)
    const seconds = Math.max(...reports.map((report) => report.seconds))
    acknowledged.commands += commands
    acknowledged.transfers += transfers
    acknowledged.checksum = (acknowledged.checksum + sum((report) => report.checksum)) % checksumModulus
    for (const { refused } of reports)
      if (Object.keys(refused).length > 0) throw new Error(`refused: ${JSON.stringify(refused)}`)
    const used = asked.reduce(
      (total, worker, index) => total + cpuSeconds(worker.pid) - before.server[index]!,
      0,
    )
    const perTransfer = (value: number) => Math.round(value / Math.max(1, transfers))
    return {
      commandsPerSecond: commands / seconds,
      p99Ms: Math.max(...reports.map((report) => report.p99Ms)),
      commands,
      server: perTransfer(used * 1e6),
      database: perTransfer(usedBetween(before.database, childrenCpuSeconds(postgres.pid)) * 1e6),
      walBytes: perTransfer(Number((await wal()).at - before.wal)),
    }
  }

  const seal = () => workers[0]!.ask('seal')

  return {
    connectionString,
    startWorkers,
    measure,
    seal,
    async verify(): Promise<Verdict> {
      await seal()
      return verifyWorld(connectionString, sealFolder, acknowledged)
    },
  }
}

try {
  const settings = await admin.read.one<{ version: string; fsync: string; synchronous: string }>(
    "SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS synchronous",
  )
  console.error(
    `PostgreSQL ${settings.version}, fsync ${settings.fsync}; preparing ${accountCount} accounts and pgbench at scale ${tpcbScale}`,
  )
  await admin.read.run('CREATE DATABASE tpcb')
  await prepareTpcb(postgres, 'tpcb')
  const world = await openWorld('empty', 2)
  const pgbenchSeconds = Math.max(2, Math.round(secondsEach / 2))
  const peers = await preparePeers(postgres, 'empty', world.connectionString, place.folder, pgbenchSeconds)
  closing.push(() => peers.close())
  await world.startWorkers()
  const grown = withGrown ? await openWorld('grown', 1) : undefined
  if (grown) {
    await growLedger(grown.connectionString, grownTransfers, (done) =>
      console.error(`grown: ${done} transfers are in`),
    )
    await grown.startWorkers()
    // As after years: what is old has long been sealed.
    console.error('grown: sealing')
    await grown.seal()
  }

  // Warm everything before anything counts.
  await world.measure(ours.uniform512)
  await world.measure(ours.twoProcesses512)
  await grown?.measure(ours.uniform512)
  const tpcb = createTpcbPeer(postgres, 'tpcb', pgbenchSeconds)
  const peerRates = {
    limit: [] as number[],
    naive: [] as number[],
  }
  const results = Object.fromEntries(names.map((name) => [name, [] as Measured[]])) as Record<
    Name,
    Measured[]
  >
  const grownRates: number[] = []
  for (let round = 1; round <= rounds; round++) {
    const tpcbHere = await tpcb.round()
    for (const name of names) results[name].push(await world.measure(ours[name]))
    if (grown) grownRates.push((await grown.measure(ours.uniform512)).commandsPerSecond)
    peerRates.limit.push(await peers.limit(secondsEach))
    const functionHere = await peers.function.round()
    peerRates.naive.push(await peers.naive(secondsEach))
    const told = [
      ...Object.entries(peerRates),
      ...names.map((name) => [name, results[name].map((one) => one.commandsPerSecond)] as const),
    ]
    console.error(
      `round ${round}: tpcb ${tpcbHere.map(Math.round).join(', ')}/s, function ${functionHere.map(Math.round).join(', ')}/s, ${told.map(([name, rates]) => `${name} ${Math.round(rates.at(-1)!)}/s`).join(', ')}${grown ? `, grown ${Math.round(grownRates.at(-1)!)}/s` : ''}`,
    )
  }

  console.error('verifying')
  const verified = { empty: await world.verify(), ...(grown ? { grown: await grown.verify() } : {}) }
  const base = tpcb.perSecond()
  const rate = (name: Name) => median(results[name].map((one) => one.commandsPerSecond))
  const each = (of: (name: Name) => number) => Object.fromEntries(names.map((name) => [name, of(name)]))
  const ofUniform = (figure: 'server' | 'database' | 'walBytes') =>
    median(results.uniform512.map((one) => one[figure]))
  const complete = Object.values(verified).every((verdict) => verdict.complete)
  console.log(
    JSON.stringify({
      bench: 'ledger',
      ratioToTpcb: each((name) => hundredths(rate(name) / base)),
      p99Ms: each((name) => median(results[name].map((one) => one.p99Ms))),
      grownToEmpty: grown ? hundredths(median(grownRates) / rate('uniform512')) : null,
      shareOfLimit: hundredths(rate('uniform512') / median(peerRates.limit)),
      peersToTpcb: {
        limit: hundredths(median(peerRates.limit) / base),
        function: hundredths(peers.function.perSecond() / base),
        naive: hundredths(median(peerRates.naive) / base),
      },
      perSecond: {
        tpcb: Math.round(base),
        limit: Math.round(median(peerRates.limit)),
        function: Math.round(peers.function.perSecond()),
        naive: Math.round(median(peerRates.naive)),
        // Of commands: four linked legs are one.
        ...each((name) => Math.round(rate(name))),
        ...(grown ? { grown512: Math.round(median(grownRates)) } : {}),
      },
      cpuMicrosecondsPerTransfer: { server: ofUniform('server'), database: ofUniform('database') },
      walBytesPerTransfer: ofUniform('walBytes'),
      verified: { ...verified, complete },
      settings: {
        postgres: settings.version,
        fsync: settings.fsync,
        synchronousCommit: settings.synchronous,
        scale: tpcbScale,
        clients: tpcbClients,
        rounds,
        secondsEach,
        accounts: accountCount,
        ...(grown ? { grownTransfers } : {}),
      },
    }),
  )
  if (!complete) process.exitCode = 1
} finally {
  for (const close of closing.toReversed()) await close()
  await admin.close()
  await postgres.stop()
  place.remove()
}

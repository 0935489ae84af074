// The peer that ratios are to: pgbench's tpcb-like script at scale 50, best of 8, 16 and 32 clients, on the same server.
// pgbench also runs scripts of our own: what one statement or one function per transfer gives.
import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { promisify } from 'node:util'
import { bestMedian } from './statistics.ts'

const run = promisify(execFile)
export const tpcbScale = 50
export const tpcbClients = [8, 16, 32] as const

/** Debian's pgbench; tells what to install when it is not there. */
export function findPgbench(): string {
  const folder = '/usr/lib/postgresql'
  const versions = existsSync(folder)
    ? readdirSync(folder).sort((one, other) => Number(other) - Number(one))
    : []
  const found = versions.map((version) => `${folder}/${version}/bin/pgbench`).find(existsSync)
  if (!found) throw new Error("pgbench is missing: apt-get install postgresql (Debian's package has it)")
  return found
}

export interface Server {
  host: string
  port: number
  user: string
}

const connection = (server: Server) => ['-h', server.host, '-p', String(server.port), '-U', server.user]

export async function prepareTpcb(server: Server, database: string): Promise<void> {
  await run(findPgbench(), ['-i', '-q', '-s', String(tpcbScale), ...connection(server), database], {
    maxBuffer: 1 << 24,
  })
}

/** Transactions per second with one number of clients: tpcb-like, or the file of a script with prepared statements. */
export async function runTpcb(
  server: Server,
  database: string,
  clients: number,
  seconds: number,
  scriptFile?: string,
): Promise<number> {
  const { stdout } = await run(findPgbench(), [
    '-n',
    ...(scriptFile ? ['-M', 'prepared', '-f', scriptFile] : []),
    '-c',
    String(clients),
    '-j',
    '2',
    '-T',
    String(seconds),
    ...connection(server),
    database,
  ])
  const tps = /tps = ([0-9.]+)/.exec(stdout)
  if (!tps) throw new Error(`pgbench said nothing of its rate: ${stdout}`)
  return Number(tps[1])
}

export interface TpcbPeer {
  /** Transactions per second of this round, by number of clients. */
  round(): Promise<number[]>
  /** Of the number of clients that is best. */
  perSecond(): number
}

/** A peer over the rounds of a measurement, with every number of clients in each: tpcb-like, or the file of a script. */
export function createTpcbPeer(
  server: Server,
  database: string,
  secondsEach: number,
  scriptFile?: string,
): TpcbPeer {
  const rates = tpcbClients.map(() => [] as number[])
  return {
    async round() {
      for (const [index, clients] of tpcbClients.entries())
        rates[index]!.push(await runTpcb(server, database, clients, secondsEach, scriptFile))
      return rates.map((list) => list.at(-1)!)
    },
    perSecond: () => bestMedian(rates),
  }
}

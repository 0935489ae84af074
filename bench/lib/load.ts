// The load on the payments: wrk, in C as pgbench is, so that neither side pays for its load with a slower language.
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const script = path.join(import.meta.dirname, 'pay.lua')

/** One payment: whose session pays which order, under which key. */
export interface Payment {
  order: string
  session: string
  key: string
}

export interface LoadResult {
  seconds: number
  answered: number
  /** Answered with a status from 400 on. */
  refused: number
  /** Connections that broke, and requests without an answer. */
  broken: number
  p99Ms: number
  /** Processor time of the load itself. */
  cpuSeconds: number
  /** There were not enough orders: the load ended before its time. */
  ranOut: boolean
}

/**
 * Pays from so many keep-alive connections at once, one request at a time on each, on loopback only, until the time is over.
 * `folder`: where a file may be written. That wrk is there, `bench/run.ts` has seen to.
 */
export async function runLoad(options: {
  port: number
  connections: number
  seconds: number
  payments: readonly Payment[]
  pin: string
  amountMinor: string
  folder: string
}): Promise<LoadResult> {
  const file = path.join(options.folder, 'payments.txt')
  writeFileSync(
    file,
    options.payments.map(({ order, session, key }) => `${order} ${session} ${key}\n`).join(''),
  )
  const flags = ['-t1', `-c${options.connections}`, `-d${options.seconds}s`, '--timeout', '30s', '-s', script]
  const { stdout } = await run('wrk', [
    ...flags,
    `http://127.0.0.1:${options.port}`,
    '--',
    file,
    options.pin,
    options.amountMinor,
  ])
  return JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as LoadResult
}

// Starts the sandbox as a process of its own and stops it with us. It is told its secrets by environment, never by arguments.
import { fork } from 'node:child_process'
import path from 'node:path'
import type { Config } from '#platform/config.ts'
import type { Logger } from '#platform/log.ts'
import type { DemoSummary } from './demo/index.ts'

export interface SandboxProcess {
  stop(): Promise<void>
}

const program = path.resolve(import.meta.dirname, '../sandbox/main.ts')

/** Resolves when the sandbox listens; rejects with what it said when it cannot. */
export function startSandboxProcess(options: {
  config: Readonly<Config>
  connectionString: string
  shops: DemoSummary['shops']
  log: Logger
}): Promise<SandboxProcess> {
  const { config, log } = options
  const child = fork(program, [], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Ctrl-C in the terminal must reach us first, so that we end it in our order.
    detached: true,
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      DATABASE_URL: options.connectionString,
      TUNTAS_HOST: config.host,
      TUNTAS_SANDBOX_PORT: String(config.sandboxPort),
      TUNTAS_SANDBOX_URL: config.sandboxUrl,
      TUNTAS_CUSTOMERS_URL: config.customersUrl,
      TUNTAS_AGENTS_URL: config.agentsUrl,
      TUNTAS_SMTP_URL: config.smtpUrl,
      TUNTAS_SMS_SECRET: config.smsSecret,
      TUNTAS_BANK_CLIENT_SECRET: config.bankClientSecret,
      TUNTAS_SANDBOX_CONTROL_SECRET: config.sandboxControlSecret,
      TUNTAS_SANDBOX_SHOPS: JSON.stringify(options.shops),
    },
  })
  let said = ''
  let stopping = false
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2000)
    log.warn({ sandbox: text.trim() }, 'the sandbox says')
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const process_: SandboxProcess = {
    async stop() {
      stopping = true
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
      await ended
    },
  }
  return new Promise((resolve, reject) => {
    let ready = false
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      if (ready || !text.includes('"sandbox":"ready"')) return
      ready = true
      resolve(process_)
    })
    child.once('exit', (code) => {
      if (!ready) reject(new Error(`The sandbox ended while starting (${code}). ${said.trim()}`))
      else if (!stopping)
        log.error({ code }, 'the sandbox ended; its shop, bank and phone do not answer until the next start')
    })
  })
}

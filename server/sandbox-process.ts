// Starts the sandbox as a process of its own and stops it with us. It is told its secrets by environment and over its private
// channel, never by arguments.
import { fork } from 'node:child_process'
import path from 'node:path'
import type { Config } from '#platform/config.ts'
import type { Logger } from '#platform/log.ts'
import type { DemoSummary } from './demo/index.ts'

export interface SandboxProcess {
  /** Lets it begin, once we can be called. Resolves when it listens; rejects with what it said when it cannot. */
  begin(options: { connectionString: string; shops: DemoSummary['shops'] }): Promise<void>
  stop(): Promise<void>
}

const program = path.resolve(import.meta.dirname, '../sandbox/main.ts')

/** It reads its program while we read ours and the database starts: that takes it longest. Nothing else happens before `begin`. */
export function prepareSandboxProcess(config: Readonly<Config>, log: Logger): SandboxProcess {
  const child = fork(program, [], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Ctrl-C in the terminal must reach us first, so that we end it in our order.
    detached: true,
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      TUNTAS_HOST: config.host,
      TUNTAS_SANDBOX_PORT: String(config.sandboxPort),
      TUNTAS_SANDBOX_URL: config.sandboxUrl,
      TUNTAS_CUSTOMERS_URL: config.customersUrl,
      TUNTAS_AGENTS_URL: config.agentsUrl,
      TUNTAS_SMTP_URL: config.smtpUrl,
      TUNTAS_SMS_SECRET: config.smsSecret,
      TUNTAS_BANK_CLIENT_SECRET: config.bankClientSecret,
      TUNTAS_SANDBOX_CONTROL_SECRET: config.sandboxControlSecret,
    },
  })
  let said = ''
  let stopping = false
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2000)
    log.warn({ sandbox: text.trim() }, 'the sandbox says')
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const ready = new Promise<void>((resolve, reject) => {
    let isReady = false
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      if (!text.includes('"sandbox":"ready"')) return
      isReady = true
      resolve()
    })
    void ended.then((code) => {
      if (!isReady) reject(new Error(`The sandbox ended while starting (${code}). ${said.trim()}`))
      else if (!stopping)
        log.error({ code }, 'the sandbox ended; its shop, bank and phone do not answer until the next start')
    })
  })
  // Heard by whoever calls `begin`; when our own start fails before that, nobody does.
  ready.catch(() => undefined)
  return {
    begin({ connectionString, shops }) {
      // One that has ended already has said so to `ready`.
      child.send(
        { DATABASE_URL: connectionString, TUNTAS_SANDBOX_SHOPS: JSON.stringify(shops) },
        () => undefined,
      )
      return ready
    },
    async stop() {
      stopping = true
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
      await ended
    },
  }
}

// The product as a person starts it: `server/main.ts` as a process of its own, on free ports and an own data folder.
// A journey may kill it without warning and start it again on the same data. Nothing of it outlives the journey.
import { spawn, type ChildProcess } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import path from 'node:path'
import { findPinnedNode, repositoryRoot } from '../../scripts/lib/pinned-node.mjs'

export interface Product {
  customersUrl: string
  agentsUrl: string
  sandboxUrl: string
  start(): Promise<void>
  /** As Ctrl-C does: resolves when the process has ended in its own order. */
  stop(): Promise<void>
  /** As a power cut does to the process (SIGKILL). Its data stay. */
  kill(): Promise<void>
  /** Stops it and removes its data. */
  dispose(): Promise<void>
}

const startTimeoutMs = 100_000

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  await Promise.all(
    servers.map((server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))),
  )
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

/** Settings of the caller's own installation must not reach the product under test. */
function environment(own: Record<string, string>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => name !== 'DATABASE_URL' && !name.startsWith('TUNTAS_') && !name.startsWith('VITEST'),
  )
  return { ...Object.fromEntries(inherited), ...own }
}

/** Starts it and waits until it says that it runs. Rejects with what it said when it cannot. */
export async function startProduct(options: { empty?: boolean } = {}): Promise<Product> {
  const { node, problem } = findPinnedNode()
  if (!node) throw new Error(problem)
  // PostgreSQL runs as another user than root: it must be able to reach its folder.
  const folder = await mkdtemp('/tmp/tuntas-journey-')
  await chmod(folder, 0o755)
  const [customers, agents, sandbox, mail] = await freePorts(4)
  const env = environment({
    NODE_ENV: 'production',
    TUNTAS_DATA: path.join(folder, 'data'),
    TUNTAS_CUSTOMERS_PORT: String(customers),
    TUNTAS_AGENTS_PORT: String(agents),
    TUNTAS_SANDBOX_PORT: String(sandbox),
    TUNTAS_SMTP_URL: `smtp://127.0.0.1:${mail}`,
  })
  let child: ChildProcess | undefined
  let said = ''

  async function start(): Promise<void> {
    said = ''
    const started = spawn(
      node!,
      [path.join(repositoryRoot, 'server/main.ts'), ...(options.empty ? ['--empty'] : [])],
      { cwd: repositoryRoot, env, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    child = started
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`the product was not ready in time:\n${said}`)),
        startTimeoutMs,
      )
      const hear = (text: string) => {
        said = (said + text).slice(-20_000)
        if (said.includes('Tuntas is running.')) resolve()
      }
      started.stdout!.setEncoding('utf8').on('data', hear)
      started.stderr!.setEncoding('utf8').on('data', hear)
      started.once('exit', (code) => reject(new Error(`the product ended with ${code}:\n${said}`)))
      void started.once('exit', () => clearTimeout(timer))
    })
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = child
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return
    const ended = new Promise((resolve) => ending.once('exit', resolve))
    ending.kill(signal)
    await ended
  }

  const product: Product = {
    customersUrl: `http://localhost:${customers}`,
    agentsUrl: `http://localhost:${agents}`,
    sandboxUrl: `http://localhost:${sandbox}`,
    start,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    async dispose() {
      // After a kill the database still runs: a start adopts it, so that the end can stop it.
      if (child?.signalCode === 'SIGKILL') await start().catch(() => undefined)
      await end('SIGTERM')
      await rm(folder, { recursive: true, force: true })
    },
  }
  try {
    await start()
  } catch (error) {
    await product.dispose()
    throw error
  }
  return product
}

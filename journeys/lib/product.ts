// The product as a person starts it: `server/main.ts` as a process of its own, on free ports and an own data folder.
// A journey may kill it without warning and start it again on the same data. Nothing of it outlives the journey.
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { argumentsOf } from '../../server/platform/embedded/processes.ts'
import { childrenOf, killOutright } from '#platform/embedded/kill-outright-for-tests.ts'
import { freePort } from '../../sandbox/free-port-for-tests.ts'
import { compileCache, findPinnedNode, repositoryRoot } from '../../scripts/lib/pinned-node.mjs'

export interface Product {
  customersUrl: string
  agentsUrl: string
  sandboxUrl: string
  start(): Promise<void>
  /** Starts it when a journey left it dead. */
  ensureRunning(): Promise<void>
  /** As Ctrl-C does: resolves when the process has ended in its own order. */
  stop(): Promise<void>
  /** Its own PostgreSQL, for counting what it really holds. */
  databaseUrl: string
  dataFolder: string
  /** As a power cut does to processes (SIGKILL): the server by default, its PostgreSQL with all processes, or all at once. Its data stay. */
  kill(what?: Victim): Promise<void>
  /** Stops it and removes its data. */
  dispose(): Promise<void>
}

export type Victim = 'server' | 'postgres' | 'both'

const startTimeoutMs = 200_000

/** Settings of the caller's own installation must not reach the product under test. */
function environment(own: Record<string, string>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => name !== 'DATABASE_URL' && !name.startsWith('TUNTAS_') && !name.startsWith('VITEST'),
  )
  return { ...Object.fromEntries(inherited), ...own }
}

export interface ProductOptions {
  /** Without the demo. */
  empty?: boolean
  /** Begin with a copy of this data folder instead of with nothing. */
  copyOf?: string
}

/** Starts it and waits until it says that it runs. Rejects with what it said when it cannot. */
export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const { node, problem } = findPinnedNode()
  if (!node) throw new Error(problem)
  // PostgreSQL runs as another user than root: it must be able to reach its folder.
  const folder = await mkdtemp('/tmp/tuntas-journey-')
  await chmod(folder, 0o755)
  const dataFolder = path.join(folder, 'data')
  // With owners and modes: PostgreSQL refuses a folder that is not its own.
  if (options.copyOf) await promisify(execFile)('cp', ['-a', '--reflink=auto', options.copyOf, dataFolder])
  const ports = new Set<number>()
  while (ports.size < 4) ports.add(await freePort())
  const [customers, agents, sandbox, mail] = [...ports]
  const env = environment({
    NODE_ENV: 'production',
    NODE_COMPILE_CACHE: compileCache,
    TUNTAS_DATA: dataFolder,
    TUNTAS_CUSTOMERS_PORT: String(customers),
    TUNTAS_AGENTS_PORT: String(agents),
    TUNTAS_SANDBOX_PORT: String(sandbox),
    TUNTAS_SMTP_URL: `smtp://127.0.0.1:${mail}`,
  })
  let child: ChildProcess | undefined
  let said = ''

  /** The sandbox of a killed server ends by itself, and holds its port until then. */
  async function start(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await startOnce()
      } catch (error) {
        // The second is the sandbox's port for mail.
        const isPortTaken = /is taken by another program|EADDRINUSE/.test((error as Error).message)
        if (attempt === 20 || !isPortTaken) throw error
        await new Promise((resolve) => setTimeout(resolve, 250))
      }
    }
  }

  async function startOnce(): Promise<void> {
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

  /** Without a signal it waits for the end that comes. */
  async function end(signal: NodeJS.Signals | undefined): Promise<void> {
    const ending = child
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return
    const ended = new Promise((resolve) => ending.once('exit', resolve))
    if (signal) ending.kill(signal)
    await ended
  }

  /** PostgreSQL is a child of the server, and the server is a child of ours: nobody else's process is ever meant. */
  async function kill(what: Victim = 'server'): Promise<void> {
    const server = child!.pid!
    const [postgres] = childrenOf(server).filter((pid) =>
      argumentsOf(pid).some((argument) => argument.startsWith(folder)),
    )
    if (what !== 'server' && postgres === undefined) throw new Error('PostgreSQL does not run')
    if (what === 'server') return end('SIGKILL')
    // A server whose own database died ends too.
    await Promise.all([killOutright(postgres!), end(what === 'both' ? 'SIGKILL' : undefined)])
  }

  const product: Product = {
    customersUrl: `http://localhost:${customers}`,
    agentsUrl: `http://localhost:${agents}`,
    sandboxUrl: `http://localhost:${sandbox}`,
    start,
    async ensureRunning() {
      if (!child || child.exitCode !== null || child.signalCode !== null) await start()
    },
    stop: () => end('SIGTERM'),
    databaseUrl: `postgresql://tuntas@/tuntas?host=${encodeURIComponent(path.join(dataFolder, 'postgres/socket'))}&port=5432`,
    dataFolder,
    kill,
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

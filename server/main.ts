// The composition root: configuration, database, rooms, the two addresses, the sandbox, and an orderly end.
// Nothing else happens here; each step ends in one clear message when it cannot be done.
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { EmbeddedDatabaseError, startEmbedded, type EmbeddedDatabase } from '#platform/embedded/index.ts'
import { ConfigError, readConfig, type Config } from '#platform/config.ts'
import { createDatabase } from '#platform/db.ts'
import type { Face } from '#platform/http.ts'
import type { LiveHub } from '#platform/live.ts'
import { createLogger } from '#platform/log.ts'
import { migrate, MigrationError } from '#platform/migrate.ts'
import { createSeals, sealPlaces } from '#modules/ledger/index.ts'
import { composeLive, composePlatform, composeRooms, type Rooms, type RunningPlatform } from './compose.ts'
import { ensureDemo, type DemoSummary } from './demo/index.ts'
import {
  attachLive,
  buildAgentsFace,
  buildCustomersFace,
  operatorRoutes,
  sandboxControlRoutes,
} from './faces.ts'
import { servePages } from './pages.ts'
import { prepareSandboxProcess, type SandboxProcess } from './sandbox-process.ts'
import { say, sayReady } from './say.ts'

const root = path.resolve(import.meta.dirname, '..')

/** A problem that the operator can mend: shown as its message alone, without a stack. */
class StartError extends Error {}

interface Options {
  empty: boolean
}

function readOptions(names: readonly string[]): Options {
  const unknown = names.find((name) => name !== '--empty')
  if (unknown)
    throw new StartError(`${unknown} is not an option. Tuntas knows: --empty (start without demo data).`)
  return { empty: names.includes('--empty') }
}

/** Secrets of an installation on the embedded database: made once, kept beside the data, readable by the owner only. */
function readOrMakePepper(dataFolder: string): string {
  const file = path.join(dataFolder, 'pepper')
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT')
      throw new StartError(
        `The file ${file} cannot be read: give its owner's account back, or start as its owner.`,
      )
  }
  const pepper = randomBytes(32).toString('base64')
  try {
    mkdirSync(dataFolder, { recursive: true })
    writeFileSync(file, pepper, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    throw new StartError(
      `The folder ${dataFolder} cannot be written (${(error as { code?: string }).code}): set TUNTAS_DATA to a folder that can.`,
    )
  }
  return pepper
}

function configure(): Readonly<Config> {
  const folder = process.env['TUNTAS_DATA']?.trim() || 'data'
  const dataFolder = path.resolve(root, folder)
  const needsPepper = !process.env['TUNTAS_PEPPER'] && !process.env['DATABASE_URL']
  return readConfig(
    { ...process.env, TUNTAS_DATA: dataFolder },
    needsPepper ? { pepper: readOrMakePepper(dataFolder) } : {},
  )
}

async function listen(face: Face, port: number, host: string, name: string): Promise<void> {
  await face.listen({ port, host }).catch((error: unknown) => {
    throw portProblem(error, port, name)
  })
}

/** Before the database is made and filled: a busy port is known within milliseconds. */
async function refuseBusyPorts(config: Readonly<Config>): Promise<void> {
  const ports = [
    [config.customersPort, 'CUSTOMERS'],
    [config.agentsPort, 'AGENTS'],
    ...(config.sandbox ? [[config.sandboxPort, 'SANDBOX'] as const] : []),
  ] as const
  for (const [port, name] of ports) {
    if (port === 0) continue
    const probe = createServer()
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject).listen(port, config.host, resolve)
    }).catch((error: unknown) => {
      throw portProblem(error, port, name)
    })
    await new Promise((resolve) => probe.close(resolve))
  }
}

function portProblem(error: unknown, port: number, name: string): Error {
  const { code } = error as { code?: string }
  if (code === 'EADDRINUSE')
    return new StartError(
      `Port ${port} is taken by another program. Stop it, or choose another port with TUNTAS_${name}_PORT.`,
    )
  if (code === 'EACCES')
    return new StartError(
      `Port ${port} may not be opened by this user. Choose one above 1024 with TUNTAS_${name}_PORT.`,
    )
  return error as Error
}

async function start(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  const config = configure()
  const log = createLogger({ level: config.logLevel })
  let database: EmbeddedDatabase | undefined
  let platform: RunningPlatform | undefined
  let rooms: Rooms | undefined
  let live: LiveHub | undefined
  let sandbox: SandboxProcess | undefined
  const faces: Face[] = []
  let ending: Promise<void> | undefined

  /** Stops in the order that loses nothing: no new requests, what is under way ends, then the loops, then the database. */
  function end(exitCode: number): Promise<void> {
    ending ??= (async () => {
      // Whatever hangs, the process ends; the database survives that too.
      setTimeout(() => process.exit(exitCode || 1), 15_000).unref()
      live?.close()
      await Promise.allSettled(faces.map((face) => face.close()))
      await rooms?.payments.close()
      await platform?.jobs.stop()
      await rooms?.desk.close()
      await sandbox?.stop()
      await platform?.db.close()
      await database?.stop()
      process.exit(exitCode)
    })()
    return ending
  }
  process.on('SIGTERM', () => void end(0))
  process.on('SIGINT', () => void end(0))
  // The launcher is gone: nobody would stop us any more.
  process.on('disconnect', () => void end(0))

  try {
    await refuseBusyPorts(config)
    if (config.sandbox) sandbox = prepareSandboxProcess(config, log)
    if (!config.databaseUrl) {
      database = await startEmbedded({
        dataDir: path.join(config.dataFolder, 'postgres'),
        log: (line) => log.info(line),
        onUnexpectedExit: () => {
          log.fatal('the embedded database ended; stopping')
          void end(1)
        },
      })
    }
    const connectionString = config.databaseUrl ?? database!.connectionString
    await bringForward(connectionString)
    // Not at the same time: a build keeps this process so busy that a connection is given up.
    await buildPages()
    platform = await composePlatform(config, log, connectionString)
    rooms = composeRooms(platform)
    createSeals(platform, sealPlaces(config.dataFolder))

    const customers = await buildCustomersFace(platform, rooms)
    const agents = await buildAgentsFace(platform, rooms)
    faces.push(customers, agents)
    operatorRoutes(agents, platform, () => ending !== undefined)
    if (config.sandbox) sandboxControlRoutes(customers, platform)
    await servePages(customers, path.join(root, 'dist/web/wallet'))
    await servePages(agents, path.join(root, 'dist/web/console'))
    live = composeLive(platform, rooms)
    attachLive(platform, rooms, live, customers, agents)

    let demo: DemoSummary | undefined
    if (!options.empty && config.sandbox) {
      demo = await ensureDemo(platform, rooms, {
        webhookUrlOf: (slug) => `${config.sandboxUrl}/shop/${slug}/webhooks`,
      })
    }
    // From here on connections are made: whoever loses their access after this must lose theirs.
    await rooms.staff.noticeAccessChanges()
    await listen(customers, config.customersPort, config.host, 'CUSTOMERS')
    // The sandbox may call us from now on.
    await Promise.all([
      listen(agents, config.agentsPort, config.host, 'AGENTS'),
      sandbox?.begin({ connectionString, shops: demo?.shops ?? [] }).catch((error: unknown) => {
        throw new StartError((error as Error).message)
      }),
    ])
    platform.jobs.start()
    sayReady(config, demo)
  } catch (error) {
    explain(error)
    await end(1)
  }
}

/** The browser apps, built when their sources have changed since the last build. */
async function buildPages(): Promise<void> {
  const { buildWeb } = await import('../web/vite/build.ts')
  await buildWeb()
}

async function bringForward(connectionString: string): Promise<void> {
  const db = createDatabase({ connectionString, maximumConnections: 1 })
  try {
    const { version } = await db.read
      .one<{ version: string }>("SELECT current_setting('server_version_num') AS version")
      .catch((error: unknown) => {
        throw new StartError(
          `The database does not answer (${(error as Error).message}). Is the server of DATABASE_URL running, and are name and password right?`,
        )
      })
    if (Number(version) < 150_000) throw new StartError('Tuntas needs PostgreSQL 15 or newer.')
    await migrate(db, new URL('../migrations/', import.meta.url))
  } finally {
    await db.close()
  }
}

function explain(error: unknown): void {
  const known = [StartError, ConfigError, EmbeddedDatabaseError, MigrationError].some(
    (kind) => error instanceof kind,
  )
  say(
    `\nTuntas cannot start.\n${known ? (error as Error).message : ((error as Error).stack ?? String(error))}\n`,
  )
}

await start().catch((error: unknown) => {
  explain(error)
  process.exit(1)
})

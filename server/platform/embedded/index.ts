// The embedded database: a real PostgreSQL server on a private Unix socket, started and stopped with the app.
// Must never happen: a TCP port, two servers on one folder, or a server that outlives a proper stop.

import { rmSync } from 'node:fs'
import path from 'node:path'
import { findBinaries, type BinariesSource } from './binaries.ts'
import { ensureCluster } from './cluster.ts'
import { stopLeftBehindServer } from './left-behind.ts'
import { lockFolder } from './lock.ts'
import { preparePlace, prepareSocketFolder } from './places.ts'
import { canAnswer, ensureDatabase, socketPort } from './readiness.ts'
import { startServer } from './server.ts'
import type { Durability } from './settings.ts'

export { EmbeddedDatabaseError, type EmbeddedDatabaseErrorCode } from './errors.ts'

export type EmbeddedOptions = {
  /** Holds nothing but this database; made when it is missing. */
  dataDir: string
  /** Receives one line at a time: ours and the server's. */
  log: (line: string) => void
  superuserName?: string
  databaseName?: string
  binaries?: BinariesSource
  /** Told once when the server ends although nobody called stop(). */
  onUnexpectedExit?: () => void
}

export type EmbeddedDatabase = {
  /** postgresql://user@/database?host=<folder of the Unix socket>&port=5432 */
  connectionString: string
  /** The folder of the Unix socket, as `host` for pg. */
  host: string
  port: number
  user: string
  database: string
  /** Process id of the server. */
  pid: number
  /** True when a server that a killed app left behind was found, stopped cleanly and started anew. */
  adopted: boolean
  /** Shuts the server down (open transactions are rolled back) and gives the folder free. May be called twice. */
  stop(): Promise<void>
}

/**
 * Starts the database in `dataDir`, making it on the first start. Throws EmbeddedDatabaseError, whose
 * `code` is stable and whose message says what to do. The caller calls stop() on SIGTERM and SIGINT.
 */
export function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  return startCluster(options, 'durable')
}

/** For startEmbedded and for tests; everybody else calls startEmbedded, which never gives up durability. */
export async function startCluster(
  options: EmbeddedOptions,
  durability: Durability,
): Promise<EmbeddedDatabase> {
  const { log, superuserName: user = 'tuntas', databaseName: database = 'tuntas' } = options
  const place = preparePlace(options.dataDir, log)
  const socketFolder = prepareSocketFolder(place)
  const lock = await lockFolder(place.folder, () => canAnswer(socketFolder, user))
  try {
    const binaries = await findBinaries(place.owner, log, options.binaries)
    await ensureCluster(place, binaries, user, durability, log)
    const adopted = await stopLeftBehindServer(place, socketFolder, log)
    const server = await startServer(place, binaries, socketFolder, user, durability, log)
    await ensureDatabase(socketFolder, user, database).catch(async (error: unknown) => {
      await server.stop()
      throw error
    })
    let stopping: Promise<void> | undefined
    const end = async () => {
      await server.stop()
      if (path.dirname(socketFolder) !== place.folder) rmSync(socketFolder, { recursive: true, force: true })
      lock.release()
    }
    void server.exited.then(() => {
      if (stopping !== undefined) return
      log('the database server ended unexpectedly')
      options.onUnexpectedExit?.()
    })
    return {
      connectionString: connectionString(user, database, socketFolder),
      host: socketFolder,
      port: socketPort,
      user,
      database,
      pid: server.pid,
      adopted,
      stop: () => (stopping ??= end()),
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

function connectionString(user: string, database: string, socketFolder: string): string {
  const encode = encodeURIComponent
  return `postgresql://${encode(user)}@/${encode(database)}?host=${encode(socketFolder)}&port=${socketPort}`
}

// The embedded database of a measurement, which can lose all its processes in one instant and come back on the same data.
import { startEmbedded, type EmbeddedDatabase } from '#platform/embedded/index.ts'
import { openBenchFolder } from './bench-folder.ts'
import { killOutright } from '#platform/embedded/kill-outright-for-tests.ts'

export interface KillableDatabase {
  /** The same after each start. */
  connectionString: string
  /** SIGKILL to the server and every process of it. Resolves when all are gone. */
  kill(): Promise<void>
  /** Starts it again on its data: it recovers what was committed. */
  start(): Promise<void>
  /** Ends it and removes its data. */
  remove(): Promise<void>
}

export async function startKillableDatabase(): Promise<KillableDatabase> {
  const place = await openBenchFolder('tuntas-replay-')
  const open = () => startEmbedded({ dataDir: place.dataDir, log: () => undefined })
  let database: EmbeddedDatabase
  try {
    database = await open()
  } catch (error) {
    place.remove()
    throw error
  }
  const { connectionString } = database
  return {
    connectionString,
    async kill() {
      await killOutright(database.pid)
      // Nothing is left to stop: this gives the folder free.
      await database.stop()
    },
    async start() {
      database = await open()
      if (database.connectionString !== connectionString)
        throw new Error('the database came back at another address')
    },
    async remove() {
      await database.stop()
      place.remove()
    },
  }
}

// One database with all migrations, of which every test file gets a copy: the migrations run once, not once a file.
import { createDatabase } from '#platform/db.ts'
import { migrate } from '#platform/migrate.ts'
import { withDatabase } from '#platform/testing.ts'

const name = 'template_migrated'

/** Makes it on the server of `address`; answers its name. Nobody stays connected to it, or it could not be copied. */
export async function makeTemplate(address: string): Promise<string> {
  const admin = createDatabase({ connectionString: address, maximumConnections: 1 })
  try {
    await admin.read.run(`CREATE DATABASE ${name}`)
  } finally {
    await admin.close()
  }
  const database = createDatabase({ connectionString: withDatabase(address, name), maximumConnections: 1 })
  try {
    await migrate(database, new URL('../../migrations/', import.meta.url))
  } finally {
    await database.close()
  }
  return name
}

// Talks to the server over its socket: does it answer, is our database there.

import pg from 'pg'

/** Always the same: the socket's folder tells one embedded server from another. */
export const socketPort = 5432

/** True when the server on this socket accepts a connection of this user. */
export async function canAnswer(socketFolder: string, user: string): Promise<boolean> {
  const client = newClient(socketFolder, user)
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

export async function ensureDatabase(socketFolder: string, user: string, database: string): Promise<void> {
  const client = newClient(socketFolder, user)
  await client.connect()
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database])
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`)
  } finally {
    await client.end()
  }
}

function newClient(socketFolder: string, user: string): pg.Client {
  const client = new pg.Client({ host: socketFolder, port: socketPort, user, database: 'postgres' })
  // A server that goes away in mid-conversation is reported by the call under way.
  client.on('error', () => undefined)
  return client
}

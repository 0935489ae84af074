// Runs PostgreSQL's programs as their owner, away from the terminal and from our environment.
// Must never happen: PGPORT, PGOPTIONS or LD_PRELOAD of the caller reach the server.

import { spawn, type ChildProcess } from 'node:child_process'
import { EmbeddedDatabaseError, useOwnServerHint } from './errors.ts'
import { cannotSwitchUser, isSwitchRefused, type Owner } from './owner.ts'

// Messages stay English so that their causes can be recognised.
const environment = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

/** Starts a program in a session of its own: Ctrl-C in the terminal reaches the app alone. */
export function spawnAs(owner: Owner, program: string, args: string[]): ChildProcess {
  try {
    return spawn(program, args, {
      ...(owner.switchUser ? { uid: owner.uid, gid: owner.gid } : {}),
      cwd: '/',
      detached: true,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  } catch (error) {
    // Some causes are thrown here, others reach the child's 'error' event.
    throw describeSpawnError(error as NodeJS.ErrnoException, owner, program)
  }
}

export type ProgramResult = { exitCode: number | null; output: string }

/** Runs a program to its end and collects what it printed; a program that cannot start at all throws. */
export function runAs(owner: Owner, program: string, args: string[]): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    let output = ''
    const child = spawnAs(owner, program, args)
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('error', (error) => reject(describeSpawnError(error, owner, program)))
    child.on('close', (exitCode) => resolve({ exitCode, output }))
  })
}

export function describeSpawnError(error: NodeJS.ErrnoException, owner: Owner, program: string): Error {
  if (isSwitchRefused(owner, error)) return cannotSwitchUser(owner, error)
  return new EmbeddedDatabaseError(
    'binaries_unusable',
    `${program} does not start (${error.code}). The embedded PostgreSQL needs Linux with glibc. ${useOwnServerHint}`,
    { cause: error },
  )
}

// What can go wrong with the embedded PostgreSQL, as stable codes with a plain sentence on what to do.
// Must never happen: a raw stack trace or a bare errno as the first thing that somebody meets.

export const embeddedDatabaseErrorCodes = [
  'already_running',
  'binaries_missing',
  'binaries_unusable',
  'cannot_switch_user',
  'disk_full',
  'folder_not_accessible',
  'folder_owned_by_another_user',
  'folder_read_only',
  'no_unprivileged_user',
  'not_enough_memory',
  'old_server_does_not_stop',
  'other_major_version',
  'socket_path_too_long',
  'start_failed',
  'start_timed_out',
  'user_without_name',
] as const

export type EmbeddedDatabaseErrorCode = (typeof embeddedDatabaseErrorCodes)[number]

/** One failure of the embedded database; `message` says what happened and what to do about it. */
export class EmbeddedDatabaseError extends Error {
  readonly code: EmbeddedDatabaseErrorCode

  constructor(code: EmbeddedDatabaseErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'EmbeddedDatabaseError'
    this.code = code
  }
}

export const useOwnServerHint =
  'Or use a PostgreSQL server of your own: set DATABASE_URL=postgresql://user:password@host:5432/database.'

const knownSystemErrors: Record<string, EmbeddedDatabaseErrorCode> = {
  ENOSPC: 'disk_full',
  EDQUOT: 'disk_full',
  EROFS: 'folder_read_only',
  EACCES: 'folder_not_accessible',
  EPERM: 'folder_not_accessible',
}

const adviceOf: Partial<Record<EmbeddedDatabaseErrorCode, string>> = {
  disk_full: 'The disk is full. Free some space (about 1 GB is a good start) and start again.',
  folder_read_only: 'The folder lies on a read-only file system. Choose a writable data folder.',
  folder_not_accessible:
    'This user may not write there. Give the folder to the user that starts the product, or choose another data folder.',
  not_enough_memory:
    'There is not enough memory (or shared memory) for the database. Free some and start again.',
}

/** Turns a file system error met at `folder` into an EmbeddedDatabaseError; other errors come back as they are. */
export function describeFileError(error: unknown, folder: string): unknown {
  if (error instanceof EmbeddedDatabaseError) return error
  const systemCode = (error as NodeJS.ErrnoException | null)?.code
  const code = systemCode === undefined ? undefined : knownSystemErrors[systemCode]
  if (code === undefined) return error
  return new EmbeddedDatabaseError(code, `Cannot write to ${folder} (${systemCode}). ${adviceOf[code]}`, {
    cause: error,
  })
}

/** Reads what initdb or postgres printed before it gave up and finds the cause in it. */
export function describeProgramFailure(
  program: string,
  output: string,
  folder: string,
): EmbeddedDatabaseError {
  const code = causeIn(output)
  const lastLines = output.trim().split('\n').slice(-6).join('\n')
  const advice = adviceOf[code] ?? `The lines below say why. ${useOwnServerHint}`
  return new EmbeddedDatabaseError(code, `${program} could not work in ${folder}. ${advice}\n${lastLines}`)
}

function causeIn(output: string): EmbeddedDatabaseErrorCode {
  if (/No space left on device|Disk quota exceeded/.test(output)) return 'disk_full'
  if (/Read-only file system/.test(output)) return 'folder_read_only'
  if (/could not (map anonymous|create) shared memory|Cannot allocate memory/.test(output))
    return 'not_enough_memory'
  if (/Permission denied|Operation not permitted/.test(output)) return 'folder_not_accessible'
  if (/incompatible with (the )?server/.test(output)) return 'other_major_version'
  return 'start_failed'
}

// The server's settings. What protects money stands on the command line, where no file can change it;
// what only tunes stands in postgresql.conf, and ALTER SYSTEM wins over that.
// Must never happen: fsync or synchronous_commit off for data that somebody keeps.

import { totalmem } from 'node:os'

/** `durable` for everything real; `disposable` for a test's throw-away cluster, which may lose all on a crash. */
export type Durability = 'durable' | 'disposable'

export function commandLineSettings(socketFolder: string, durability: Durability): string[] {
  const safe = durability === 'durable' ? 'on' : 'off'
  const settings: Record<string, string> = {
    listen_addresses: '',
    port: '5432',
    // A list of folders: quoted, so that spaces and commas are part of the name.
    unix_socket_directories: `"${socketFolder.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    fsync: safe,
    synchronous_commit: safe,
    full_page_writes: safe,
    logging_collector: 'off',
    log_destination: 'stderr',
    lc_messages: 'C',
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/** The text of postgresql.conf, written anew at each start. */
export function configurationFile(durability: Durability, walCompression: 'lz4' | 'off'): string {
  const small = durability === 'disposable'
  const settings: Record<string, string | number> = {
    max_connections: 100,
    shared_buffers: `${small ? 64 : sharedBuffersMegabytes()}MB`,
    effective_cache_size: '1GB',
    work_mem: '8MB',
    maintenance_work_mem: '64MB',
    max_wal_size: small ? '1GB' : '4GB',
    checkpoint_timeout: '15min',
    checkpoint_completion_target: 0.9,
    wal_compression: walCompression,
    // Lets an operator take a base backup over the socket.
    wal_level: 'replica',
    max_logical_replication_workers: 0,
    random_page_cost: 1.1,
    jit: 'off',
    // Two cores: a report must not take the second one from payments.
    max_parallel_workers_per_gather: 0,
    autovacuum_vacuum_scale_factor: 0.05,
    autovacuum_analyze_scale_factor: 0.05,
    timezone: 'UTC',
    log_timezone: 'UTC',
    datestyle: 'iso, mdy',
    default_text_search_config: 'pg_catalog.simple',
    log_line_prefix: '[%p] ',
    log_lock_waits: 'on',
    log_min_duration_statement: '2s',
    log_autovacuum_min_duration: '30s',
    log_checkpoints: 'off',
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'`)
  return ['# Written anew at each start. Your own settings: ALTER SYSTEM SET ...', ...lines, ''].join('\n')
}

/**
 * A quarter of the memory, 2 GB at most: the indexes of ten million transfers fit into it, and those of a small house never
 * take it, for the system gives a page only when it is used. A limit that is no limit (cgroups say 2^63) is above the memory.
 */
export function sharedBuffersMegabytes(total = totalmem(), limit = process.constrainedMemory()): number {
  const memory = limit > 0 ? Math.min(limit, total) : total
  return Math.max(32, Math.min(2048, Math.floor(memory / 4 / 1024 / 1024)))
}

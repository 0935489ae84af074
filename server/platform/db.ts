// The door to PostgreSQL: a pool, transactions that retry what the server asks to retry, rows as plain objects.
// bigint columns arrive as bigint, never as number. Room SQL stands in the rooms' *.sql.ts files.
import pg from 'pg'
import { groupStatements } from './statement-group.ts'

const anyMoment = pg.types.getTypeParser(1184, 'text') as (text: string) => Date

/** Sessions speak UTC: `2026-11-22 03:02:31.123456+00`. Whatever is written otherwise (infinity, before Christ) goes the long way. */
function momentOf(text: string): Date {
  const { length } = text
  if (
    length < 22 ||
    length > 29 ||
    length === 23 ||
    text[10] !== ' ' ||
    !text.endsWith('+00') ||
    text.startsWith('00')
  )
    return anyMoment(text)
  const digit = (at: number) => text.charCodeAt(at) - 48
  const two = (at: number) => digit(at) * 10 + digit(at + 1)
  // The database knows microseconds, a Date does not: what is below a millisecond is left out.
  const millisecond = (at: number) => (at < length - 3 ? digit(at) : 0)
  return new Date(
    Date.UTC(
      two(0) * 100 + two(2),
      two(5) - 1,
      two(8),
      two(11),
      two(14),
      two(17),
      millisecond(20) * 100 + millisecond(21) * 10 + millisecond(22),
    ),
  )
}

const types = {
  getTypeParser(oid: number, format?: string): unknown {
    if (oid === 20 && format !== 'binary') return BigInt
    if (oid === 1184 && format !== 'binary') return momentOf
    if (oid === 1016 && format !== 'binary')
      return (text: string) => (text === '{}' ? [] : text.slice(1, -1).split(',').map(BigInt))
    return pg.types.getTypeParser(oid, format as 'text')
  },
}

export type Parameter = unknown

/** What SQL runs on: the pool (each statement its own transaction) or one transaction. */
export interface Sql {
  /** All rows. With `name` the statement is prepared once per connection: for hot paths. */
  rows<Row>(text: string, parameters?: readonly Parameter[], name?: string): Promise<Row[]>
  /** Exactly one row; throws when there is none or more than one. */
  one<Row>(text: string, parameters?: readonly Parameter[], name?: string): Promise<Row>
  maybe<Row>(text: string, parameters?: readonly Parameter[], name?: string): Promise<Row | undefined>
  /** The number of rows changed. */
  run(text: string, parameters?: readonly Parameter[], name?: string): Promise<number>
}

/** A transaction: what is done with it commits or vanishes together. */
export interface Transaction extends Sql {
  readonly inTransaction: true
  /**
   * The last act of the work: commits without waiting for these statements first, so that they travel together. Each must
   * be one statement that is already sent; when one fails nothing is committed, and its error is thrown. A statement after
   * this is refused.
   */
  commitAfter(statements: readonly Promise<unknown>[]): Promise<void>
  /** Resolves when a statement of this transaction raises this notice, which arrives before its answer; else never. */
  heard(notice: string): Promise<void>
}

export interface Database {
  /** Single statements outside a transaction, always on the primary. */
  readonly read: Sql
  /** Runs `work` in a READ COMMITTED transaction; runs it again on 40001 and 40P01. No calls to the outside inside. */
  transaction<Result>(
    work: (tx: Transaction) => Promise<Result>,
    /**
     * `relaxed`: does not wait for the disk. A crash may undo it whole, so only for work that is then simply done again,
     * and that nobody outside was told of. What is told to the outside is committed durably, which keeps all before it.
     */
    options?: { relaxed?: boolean },
  ): Promise<Result>
  /** A connection of one's own for group commit; released by `close`. */
  dedicated(): Promise<DedicatedConnection>
  ping(): Promise<void>
  close(): Promise<void>
}

export interface DedicatedConnection {
  transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

export class ConnectionLost extends Error {}

export function isRetryable(error: unknown): boolean {
  const code = (error as { code?: string } | undefined)?.code
  return code === '40001' || code === '40P01'
}

/** True when the answer of the server was lost: the statement may or may not have happened. */
export function isConnectionError(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: string; message?: string }
  if (error instanceof ConnectionLost) return true
  if (code && /^(57P0[1-3]|08...|ECONN|EPIPE|ENOENT|ETIMEDOUT|EHOST|ENET|EAI_)/.test(code)) return true
  return /Connection terminated|connection error|not queryable|timeout exceeded when trying to connect/i.test(
    message ?? '',
  )
}

/** The constraint that refused a row, for mapping to a refusal. */
export function violatedConstraint(error: unknown): string | undefined {
  const { code, constraint } = (error ?? {}) as { code?: string; constraint?: string }
  return code?.startsWith('23') ? constraint : undefined
}

interface Runner {
  query(statement: pg.QueryConfig): Promise<pg.QueryResult>
}

function sqlOn(runner: Runner): Sql {
  async function query(text: string, parameters?: readonly Parameter[], name?: string) {
    return runner.query({
      text,
      values: parameters as unknown[],
      types: types as never,
      ...(name ? { name } : {}),
    })
  }
  return {
    async rows<Row>(text: string, parameters?: readonly Parameter[], name?: string) {
      return (await query(text, parameters, name)).rows as Row[]
    },
    async one<Row>(text: string, parameters?: readonly Parameter[], name?: string) {
      const { rows } = await query(text, parameters, name)
      if (rows.length !== 1) throw new Error(`expected one row, got ${rows.length}: ${text.slice(0, 80)}`)
      return rows[0] as Row
    },
    async maybe<Row>(text: string, parameters?: readonly Parameter[], name?: string) {
      return (await query(text, parameters, name)).rows[0] as Row | undefined
    },
    async run(text: string, parameters?: readonly Parameter[], name?: string) {
      return (await query(text, parameters, name)).rowCount ?? 0
    },
  }
}

const maximumAttempts = 6
const isPowerOfTwo = (count: number) => (count & (count - 1)) === 0

/** How a transaction is begun and committed on a connection. */
interface Ends {
  begin: pg.QueryConfig
  commit: pg.QueryConfig
}
const commit = { text: 'COMMIT' }
const durable: Ends = { begin: { text: 'BEGIN' }, commit }
const relaxedEnds: Ends = { begin: { text: 'BEGIN; SET LOCAL synchronous_commit = off' }, commit }
/** Prepared, like the statements of a batch between them. */
const prepared: Ends = { begin: { text: 'BEGIN', name: 'begin' }, commit: { text: 'COMMIT', name: 'commit' } }

async function inTransaction<Result>(
  client: Pick<pg.Client, 'query' | 'on' | 'off'>,
  work: (tx: Transaction) => Promise<Result>,
  ends = durable,
  send: Runner['query'] = (statement) => client.query(statement),
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    let ended = false
    let committed = false
    let firstFault: unknown
    const listening: ((notice: { message?: string }) => void)[] = []
    const heard = (text: string) =>
      new Promise<void>((resolve) => {
        const listener = (notice: { message?: string }) => void (notice.message === text && resolve())
        listening.push(listener)
        client.on('notice', listener)
      })
    async function commit(statements: readonly Promise<unknown>[] = []): Promise<void> {
      ended = true
      const answers = await Promise.allSettled([...statements, send(ends.commit)])
      const faults = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []))
      // After the first fault the server only says that the transaction is aborted (25P02): the first tells why.
      if (faults.length > 0)
        throw faults.find((fault) => (fault as { code?: string }).code !== '25P02') ?? faults[0]
      const { value } = answers.at(-1) as PromiseFulfilledResult<pg.QueryResult>
      // The server answers COMMIT with ROLLBACK when a statement failed and somebody swallowed its error.
      if (value.command !== 'COMMIT')
        throw new Error('the transaction was rolled back: an error inside it was swallowed')
      committed = true
    }
    const open: Runner = {
      // Work that goes on after its transaction has failed would otherwise write outside any transaction.
      async query(statement) {
        if (ended) throw new Error('the transaction has ended: this statement came too late')
        const answer = send(statement)
        answer.catch((fault: unknown) => (firstFault ??= fault))
        return answer
      },
    }
    try {
      // Not awaited on its own: a pipelined connection sends it together with the first statement.
      const [, result] = await Promise.all([
        send(ends.begin),
        work({ ...sqlOn(open), inTransaction: true, commitAfter: commit, heard }),
      ])
      if (!committed) await commit()
      return result
    } catch (thrown) {
      ended = true
      // Of statements that travel together a later one is often heard first, and says only that the transaction is aborted.
      const error = (thrown as { code?: string }).code === '25P02' ? (firstFault ?? thrown) : thrown
      // What failed after the commit is a fault of the work; what it wrote stands.
      if (committed) throw error
      // What was asked for in this turn goes first: sent behind the ROLLBACK it would stand by itself.
      await new Promise<void>((resolve) => process.nextTick(resolve))
      await client.query('ROLLBACK').catch(() => undefined)
      if (!isRetryable(error) || attempt === maximumAttempts) throw error
      // Two that met once meet again if both return at once.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * 2 ** attempt))
    } finally {
      for (const listener of listening) client.off('notice', listener)
    }
  }
}

export interface DatabaseOptions {
  connectionString: string
  maximumConnections?: number
  /** How long a statement waits for a connection before it fails; 0: as long as it takes. Default: 5 s. */
  connectWithinMs?: number
  applicationName?: string
  onError?: (error: Error) => void
}

export function createDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    // Statements of a transaction that do not wait for each other's answers travel together.
    pipeline: true,
    connectionString: options.connectionString,
    max: options.maximumConnections ?? 12,
    application_name: options.applicationName ?? 'tuntas',
    connectionTimeoutMillis: options.connectWithinMs ?? 5000,
    idleTimeoutMillis: 30_000,
  })
  // An idle connection that breaks must not end the process; the next query opens a new one.
  pool.on('error', (error) => options.onError?.(error))
  return {
    read: sqlOn(pool),
    async transaction(work, { relaxed } = {}) {
      const client = await pool.connect()
      let broken: Error | undefined
      const onError = (error: Error) => void (broken = error)
      client.on('error', onError)
      try {
        return await inTransaction(client, work, relaxed ? relaxedEnds : durable)
      } catch (error) {
        if (isConnectionError(error)) broken = error as Error
        throw error
      } finally {
        client.off('error', onError)
        client.release(broken)
      }
    },
    async dedicated() {
      let client: pg.Client | undefined
      let send: Runner['query'] | undefined
      let served = 0
      async function connected(): Promise<pg.Client> {
        if (client) return client
        const fresh = new pg.Client({
          pipeline: true,
          connectionString: options.connectionString,
          application_name: `${options.applicationName ?? 'tuntas'}-batch`,
        })
        fresh.on('error', (error) => {
          if (client === fresh) client = undefined
          options.onError?.(error)
        })
        fresh.on('end', () => {
          if (client === fresh) client = undefined
        })
        await fresh.connect()
        // Only prepared statements that take arrays run here. PostgreSQL prices a plan by the length of the arrays it sees, so
        // for a short batch it would plan each of them anew, every time, and end with the same plan.
        await fresh.query('SET plan_cache_mode = force_generic_plan')
        served = 0
        send = groupStatements(fresh)
        return (client = fresh)
      }
      return {
        async transaction(work) {
          const connection = await connected()
          // A plan that was made for an empty table reads it from one end to the other, for as long as the plan is kept. So
          // plans are made anew whenever as many transactions again have written; what they cost then is next to nothing.
          if (isPowerOfTwo(++served)) connection.query('DISCARD PLANS').catch(() => undefined)
          try {
            return await inTransaction(connection, work, prepared, send)
          } catch (error) {
            if (isConnectionError(error) && client === connection) {
              client = undefined
              connection.end().catch(() => undefined)
            }
            throw error
          }
        },
        async close() {
          await client?.end()
          client = undefined
        },
      }
    },
    async ping() {
      await pool.query('SELECT 1')
    },
    close: () => pool.end(),
  }
}

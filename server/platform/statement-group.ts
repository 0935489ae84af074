// Statements that were asked for in one go travel as one piece and are answered as one: one write, one flush of the server.
// The driver sends each statement of a pipeline by itself and has the server answer each by itself; where a batch of payments
// is some twenty small statements, to wake each other up so often costs more than many of the statements.
// Built on the driver's own Query: encoding, types and rows are its.
import { nextTick } from 'node:process'
import pg from 'pg'

/** Said of a statement behind one that failed: the server never looked at it. The code is the one for an aborted transaction. */
class Skipped extends Error {
  readonly code = '25P02'
}

/** What the driver's Query and Connection have beyond their types, in the version that is pinned. */
interface Wire {
  stream: { cork(): void; uncork(): void }
  sync(): void
  execute(portal: { portal: string }): void
  parsedStatements: Record<string, string | undefined>
  submittedNamedStatements: Record<string, string | undefined>
}
interface DriverQuery {
  name?: string | undefined
  text: string
  prepare(wire: Wire): void
  handleRowDescription(message: unknown): void
  handleDataRow(message: unknown): void
  handleCommandComplete(message: unknown, wire: Wire): void
  handleReadyForQuery(wire: Wire): void
  handleError(error: unknown, wire: Wire): void
}
type Answer = (error: unknown, result: pg.QueryResult) => void
const Query = pg.Query as unknown as new (
  config: pg.QueryConfig & { queryMode: 'extended' },
  answer: Answer,
) => DriverQuery

/** One statement of a group: the group asks for the answer of all at its end. */
class Part extends Query {
  // The driver's name for "send execute, then sync".
  _getRows(wire: Wire): void {
    wire.execute({ portal: '' })
  }
}

/** For the driver one query, with one end. */
class Group extends Query {
  private readonly parts: readonly Part[]
  /** The part that the server is at. */
  private at = 0

  constructor(parts: readonly Part[]) {
    super({ text: '', queryMode: 'extended' }, () => undefined)
    this.parts = parts
    // The driver notes under this name what the server has parsed.
    Object.defineProperties(this, {
      name: { get: () => this.parts[this.at]?.name },
      text: { get: () => this.parts[this.at]?.text },
    })
  }

  submit(wire: Wire): null {
    wire.stream.cork()
    for (const part of this.parts) part.prepare(wire)
    wire.sync()
    wire.stream.uncork()
    return null
  }

  override handleRowDescription(message: unknown): void {
    this.parts[this.at]!.handleRowDescription(message)
  }

  override handleDataRow(message: unknown): void {
    this.parts[this.at]!.handleDataRow(message)
  }

  override handleCommandComplete(message: unknown, wire: Wire): void {
    this.parts[this.at++]!.handleCommandComplete(message, wire)
  }

  override handleReadyForQuery(wire: Wire): void {
    for (const part of this.parts) part.handleReadyForQuery(wire)
  }

  /** From the server: the statement it is at failed, those behind it were skipped. From the connection: none was answered. */
  override handleError(error: unknown, wire: Wire): void {
    const failed = this.at
    const fromServer = error instanceof pg.DatabaseError
    for (const [index, part] of this.parts.entries()) {
      if (index > failed && part.name && wire.parsedStatements[part.name] === undefined)
        delete wire.submittedNamedStatements[part.name]
      if (index < failed) part.handleReadyForQuery(wire)
      else if (index === failed || !fromServer) part.handleError(error, wire)
      else part.handleError(new Skipped('a statement before this one failed'), wire)
    }
  }
}

/** What the driver sends without turning it into JSON first, which could fail in the middle of a group. */
function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  return Buffer.isBuffer(value) || value instanceof Date || (Array.isArray(value) && value.every(isPlain))
}

/**
 * Statements on one connection: all that are asked for before the event loop goes on are sent as one group, in order, each
 * to be one statement. Rejects as the driver does; a statement behind one that failed rejects with the code 25P02. An
 * object is refused as a value (TypeError): send its text.
 */
export function groupStatements(client: pg.Client): (statement: pg.QueryConfig) => Promise<pg.QueryResult> {
  let waiting: Part[] = []
  function send(): void {
    const parts = waiting
    waiting = []
    client.query(new Group(parts) as unknown as pg.Query)
  }
  return async (statement) => {
    if (!(statement.values ?? []).every(isPlain)) throw new TypeError('an object is no value of a statement')
    return new Promise((resolve, reject) => {
      if (waiting.length === 0) nextTick(send)
      waiting.push(
        new Part({ ...statement, queryMode: 'extended' }, (error, result) =>
          error ? reject(error as Error) : resolve(result),
        ),
      )
    })
  }
}

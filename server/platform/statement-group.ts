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

/** What the driver's Query, Result and Connection have beyond their types, in the version that is pinned. */
interface Wire {
  stream: { cork(): void; uncork(): void }
  sync(): void
  execute(portal: { portal: string }): void
  describe(portal: unknown): void
  parsedStatements: Record<string, string | undefined>
  submittedNamedStatements: Record<string, string | undefined>
}
/** How the rows of a statement look: the driver makes it anew from every description. */
interface Shape {
  fields: unknown
  _parsers: unknown
  _prebuiltEmptyResultObject: unknown
}
interface Asked {
  handleRowDescription(message: unknown): void
  handleDataRow(message: unknown): void
  handleCommandComplete(message: unknown, wire: Wire): void
  handleReadyForQuery(wire: Wire): void
  handleError(error: unknown, wire: Wire): void
}
interface DriverQuery extends Asked {
  name: string | undefined
  text: string
  values: unknown[] | undefined
  types: unknown
  queryMode: 'extended'
  _result: Shape & { _types: unknown }
  _accumulateRows: boolean
  prepare(wire: Wire): void
}
type Answer = (error: unknown, result: pg.QueryResult) => void
type Constructor<Made> = new (text: string, values: undefined, answer: Answer) => Made
const Query = pg.Query as unknown as Constructor<DriverQuery>

/** What is known of a connection. */
interface Known {
  /** Of each named statement that was answered: how its rows look; null: it has none. */
  shapes: Map<string, Shape | null>
  /** The same connection for statements that need no description. */
  quiet: Wire
}
const knownOf = new WeakMap<Wire, Known>()
function known(wire: Wire): Known {
  let found = knownOf.get(wire)
  if (!found) {
    found = { shapes: new Map(), quiet: Object.assign(Object.create(wire) as Wire, { describe() {} }) }
    knownOf.set(wire, found)
  }
  return found
}

/**
 * One statement of a group: the group asks for the answer of all at its end. How the rows of a named statement look is asked
 * for once on a connection: a prepared statement never changes it, the server refuses to run it when a table did.
 */
class Part extends Query {
  private described: Shape | null = null

  constructor(statement: pg.QueryConfig, answer: Answer) {
    // The text alone: of an object the driver makes a careful copy, which takes longer than all the rest.
    super(statement.text, undefined, answer)
    this.name = statement.name
    this.values = statement.values
    this.types = statement.types
    this.queryMode = 'extended'
    this._result._types = statement.types
  }

  override prepare(wire: Wire): void {
    const { shapes, quiet } = known(wire)
    const shape = this.name === undefined ? undefined : shapes.get(this.name)
    if (shape === undefined) return super.prepare(wire)
    if (shape) {
      Object.assign(this._result, shape)
      this._accumulateRows = true
    }
    this.described = shape
    super.prepare(quiet)
  }

  override handleRowDescription(message: unknown): void {
    super.handleRowDescription(message)
    const { fields, _parsers, _prebuiltEmptyResultObject } = this._result
    this.described = { fields, _parsers, _prebuiltEmptyResultObject }
  }

  override handleCommandComplete(message: unknown, wire: Wire): void {
    super.handleCommandComplete(message, wire)
    if (this.name !== undefined) known(wire).shapes.set(this.name, this.described)
  }

  // The driver's name for "send execute, then sync".
  _getRows(wire: Wire): void {
    wire.execute({ portal: '' })
  }
}

/** For the driver one query, with one end. Under name and text it notes what the server has parsed: those of the part it is at. */
class Group extends (Query as unknown as Constructor<Asked>) {
  private readonly parts: readonly Part[]
  /** The part that the server is at. */
  private at = 0

  constructor(parts: readonly Part[]) {
    super('', undefined, () => undefined)
    this.parts = parts
  }

  get name(): string | undefined {
    return this.parts[this.at]?.name
  }
  set name(_: string | undefined) {}

  get text(): string | undefined {
    return this.parts[this.at]?.text
  }
  set text(_: string | undefined) {}

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
      waiting.push(new Part(statement, (error, result) => (error ? reject(error as Error) : resolve(result))))
    })
  }
}

// Sessions of any kind of person: a random token in a cookie, its hash in the database, looked up for many requests at once.
// Whether a session lives is never remembered: one that was ended is refused by the very next request, and who held it is told
// why. Whose it is never changes, so that may be: for who asks for its life in the transaction that does the work.
import type { ProblemValues, SessionEnd } from '#contract/errors.ts'
import { uuidv7 } from '#contract/ids.ts'
import { createBatchReader } from './batch-reader.ts'
import type { Clock } from './clock.ts'
import { readCookie, type RequestWithHeaders } from './cookies.ts'
import type { Database, Sql, Transaction } from './db.ts'
import { hashToken, hashTokenAsText, newToken } from './keys.ts'
import { Refusal } from './refusal.ts'

/** A session as its table has it, alive or not. */
export interface SessionTimes {
  session_id: string
  token_hash: Buffer
  last_seen_at: Date
  expires_at: Date
  revoked_at: Date | null
}

export interface SessionKind<Row extends SessionTimes, Session, Owner> {
  cookie: string
  /** From signing in, whatever is done. */
  absoluteMs: number
  /** From the last use. */
  idleMs: number
  /** How exactly the last use is noted: a write for each request would cost more than it tells. */
  touchEveryMs: number
  read(sql: Sql, tokenHashes: readonly Buffer[]): Promise<Row[]>
  touch(sql: Sql, ids: readonly string[], now: Date): Promise<void>
  revokeByToken(tx: Transaction, tokenHash: Buffer, now: Date): Promise<Owner | undefined>
  /** Undefined when the person may not come in any more. */
  sessionOf(row: Omit<Row, 'token_hash'>): Session | undefined
  /** What a session tells never changes, so that it may be remembered whose it is. */
  isConstant?: true
}

/** What the open session is saved as. `tokenHash`: SHA-256; the token itself goes to the browser alone. */
export interface NewSession {
  id: string
  tokenHash: Buffer
  createdAt: Date
  expiresAt: Date
}

export type EndValues = ProblemValues & { end: SessionEnd }
type Found<Session> = { session: Session } | { ended: EndValues }

/** Owners in mind at most; beyond it the oldest is forgotten. */
const mostRemembered = 20_000

export function createSessionKeeper<Row extends SessionTimes, Session, Owner>(
  db: Database,
  clock: Clock,
  kind: SessionKind<Row, Session, Owner>,
) {
  const { cookie, absoluteMs, idleMs, touchEveryMs } = kind
  const judge = (row: Omit<Row, 'token_hash'>, now: Date): Found<Session> => {
    if (row.revoked_at !== null) return { ended: { end: 'elsewhere' } }
    if (row.expires_at <= now) return { ended: { end: 'age', afterMinutes: absoluteMs / 60_000 } }
    if (row.last_seen_at.getTime() + idleMs <= now.getTime())
      return { ended: { end: 'unused', afterMinutes: idleMs / 60_000 } }
    const session = kind.sessionOf(row)
    return session ? { session } : { ended: { end: 'elsewhere' } }
  }

  const owners = new Map<string, Session>()
  function remember(key: string, session: Session) {
    if (!kind.isConstant || owners.has(key)) return
    if (owners.size >= mostRemembered) owners.delete(owners.keys().next().value!)
    owners.set(key, session)
  }
  /** The use of a session is noted now and then. */
  const isUnnoted = (row: Omit<SessionTimes, 'token_hash'>, now: Date) =>
    row.last_seen_at.getTime() + touchEveryMs <= now.getTime()

  const readByKeys = (keys: readonly string[]) =>
    kind.read(
      db.read,
      keys.map((key) => Buffer.from(key, 'base64')),
    )

  const find = createBatchReader<Found<Session>>(async (keys) => {
    const rows = await readByKeys(keys)
    const now = clock.now()
    const unnoted: string[] = []
    const answers = rows.map((row): [string, Found<Session>] => {
      const key = row.token_hash.toString('base64')
      const found = judge(row, now)
      if ('session' in found) {
        if (isUnnoted(row, now)) unnoted.push(row.session_id)
        remember(key, found.session)
      }
      return [key, found]
    })
    if (unnoted.length > 0) await kind.touch(db.read, unnoted.sort(), now)
    return new Map(answers)
  })

  /** As `find`, but nobody's use of a session: an open page alone must not keep it from ending. */
  const look = createBatchReader<boolean>(async (keys) => {
    const rows = await readByKeys(keys)
    const now = clock.now()
    return new Map(rows.map((row) => [row.token_hash.toString('base64'), 'session' in judge(row, now)]))
  })

  const tokenOf = (request: RequestWithHeaders) => readCookie(request, cookie)
  const hashOf = (request: RequestWithHeaders) => {
    const token = tokenOf(request)
    return token ? hashToken(token) : undefined
  }
  const keyOf = (request: RequestWithHeaders) => {
    const token = tokenOf(request)
    return token ? hashTokenAsText(token) : undefined
  }
  async function authenticate(key: string | undefined): Promise<Session> {
    const found = key === undefined ? undefined : await find(key)
    if (found && 'session' in found) return found.session
    throw new Refusal('session_expired', found?.ended)
  }

  return {
    async optional(request: RequestWithHeaders): Promise<Session | undefined> {
      const key = keyOf(request)
      const found = key === undefined ? undefined : await find(key)
      return found && 'session' in found ? found.session : undefined
    },
    /** Whether the request's session lives, without using it. */
    async isLiving(request: RequestWithHeaders): Promise<boolean> {
      const key = keyOf(request)
      return key !== undefined && (await look(key)) === true
    },
    /** Throws session_expired; with `values.end` and `values.afterMinutes` when the request holds a session that has ended. */
    authenticate: (request: RequestWithHeaders) => authenticate(keyOf(request)),
    /** Whose session it is; that it lives is only certain when `judge` says so, in the transaction that does the work. */
    async ownerOf(request: RequestWithHeaders): Promise<Session> {
      const key = keyOf(request)
      return (key !== undefined && owners.get(key)) || authenticate(key)
    },
    /** Why these sessions have ended, by their ids; who is missing lives. Their use is noted like that of any other. */
    judge(rows: readonly Omit<Row, 'token_hash'>[]): Map<string, EndValues> {
      const now = clock.now()
      const ended = new Map<string, EndValues>()
      const unnoted: string[] = []
      for (const row of rows) {
        const found = judge(row, now)
        if ('ended' in found) ended.set(row.session_id, found.ended)
        else if (isUnnoted(row, now)) unnoted.push(row.session_id)
      }
      // Beside the transaction, which may be undone: that somebody was here stays true. When it fails the next request notes it.
      if (unnoted.length > 0) kind.touch(db.read, unnoted.sort(), now).catch(() => undefined)
      return ended
    },
    /** A new session with a new token, written by `save`; the one that the browser had before ends. */
    async open(
      tx: Transaction,
      request: RequestWithHeaders,
      save: (session: NewSession) => Promise<void>,
    ): Promise<{ token: string; sessionId: string }> {
      const now = clock.now()
      const before = hashOf(request)
      if (before) await kind.revokeByToken(tx, before, now)
      const { token, hash } = newToken()
      const sessionId = uuidv7()
      const expiresAt = new Date(now.getTime() + absoluteMs)
      await save({ id: sessionId, tokenHash: hash, createdAt: now, expiresAt })
      return { token, sessionId }
    },
    /** Ends the request's session; undefined when it has none. */
    async close(tx: Transaction, request: RequestWithHeaders): Promise<Owner | undefined> {
      const hash = hashOf(request)
      return hash && kind.revokeByToken(tx, hash, clock.now())
    },
  }
}

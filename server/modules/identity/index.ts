// Identity: who the customers are, and how they prove it. The only door to sign-up, sign-in, sessions, PINs and codes.
// Passwords, PINs, codes and tokens leave this room in no form.
import type { Locale } from '#contract/schema.ts'
import type { RequestWithHeaders } from '#platform/cookies.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import type { Face } from '#platform/http.ts'
import { deriveKey } from '#platform/keys.ts'
import type { Platform } from '#platform/platform.ts'
import type { EndValues } from '#platform/sessions.ts'
import { Refusal } from '#platform/refusal.ts'
import { forgetQuiet } from '#platform/throttle.ts'
import type { CodeVerdict } from './code.rules.ts'
import { createCodes, type CodePurpose, type CodeSent } from './codes.ts'
import {
  createCustomers,
  customerOf,
  customersByIds,
  findByContact,
  findByName,
  type CreateCustomer,
  type Customer,
} from './customers.ts'
import { saveLocale } from './customers.sql.ts'
import { deleteOldFlows } from './flows.sql.ts'
import { identityRoutes } from './identity.routes.ts'
import type { IdentityNeeds } from './needs.ts'
import { readPinLock } from './pins.sql.ts'
import { createPins, type PinAsker, type PinAttempt, type LockedPins } from './pins.ts'
import type { PinVerdict } from './pin.rules.ts'
import { createSessions, type Session } from './sessions.ts'
import { deleteOldSessions } from './sessions.sql.ts'
import { confirmPassword } from './sign-in.ts'
import type { SignedUpHandler } from './sign-up.ts'

export type { CodeVerdict } from './code.rules.ts'
export { refusalOfCode, type CodePurpose, type CodeSent } from './codes.ts'
export { masked, type CreateCustomer, type Customer } from './customers.ts'
export type { IdentityNeeds } from './needs.ts'
export type { PinVerdict } from './pin.rules.ts'
export type { LockedPins, PinAttempt } from './pins.ts'
export { sessionCookie, type Session } from './sessions.ts'

export interface Identity {
  routes(api: Face): void
  /** Who makes this request; one query for all requests of one turn. Throws session_expired. */
  authenticate(request: RequestWithHeaders): Promise<Session>
  optional(request: RequestWithHeaders): Promise<Session | undefined>
  /** Whether the request's session lives; to ask is not to use it. */
  isLiving(request: RequestWithHeaders): Promise<boolean>
  /** Proves PINs inside the caller's batch, which must commit: it holds the counts. One verdict each, in order. */
  provePins(tx: Transaction, attempts: readonly PinAttempt[], now: Date): Promise<PinVerdict[]>
  /** Until when a customer's PIN is locked after wrong tries; undefined when it is not. */
  pinLockedUntil(customerId: string): Promise<Date | undefined>
  /** Whose session it is, without asking whether it lives: for who asks for that with `lockPins`. Throws session_expired. */
  ownerOf(request: RequestWithHeaders): Promise<Session>
  /**
   * Locks PINs in the caller's batch; proving is then without waiting. Tells of each session that asks why it has ended, or
   * that it lives in this transaction.
   */
  lockPins(
    tx: Transaction,
    askers: readonly PinAsker[],
  ): Promise<Pick<LockedPins, 'prove'> & { endOf(sessionId: string): EndValues | undefined }>
  /** Called inside the transaction that makes a customer. */
  onSignedUp(handler: SignedUpHandler): void
  /** Called after a session has ended, so that its live connections can be closed. */
  onSessionEnded(handler: (session: Session) => void): void
  /**
   * Ends all sessions of a customer but one, at once: when a wallet is frozen or a secret was reset.
   * Returns how many.
   */
  endSessions(customerId: string, exceptSessionId?: string): Promise<number>
  customersByIds(sql: Sql, ids: readonly string[]): Promise<Map<string, Customer>>
  /** By a contact as typed. */
  findByContact(sql: Sql, contact: string): Promise<Customer | undefined>
  /** Ids of customers whose name begins so, whatever its case; for the agents' search, which shows only people with a case. */
  findByName(sql: Sql, beginning: string, limit: number): Promise<string[]>
  /** One contact unmasked: for the desk's reveal only, which records who looks and why. */
  contactOf(customerId: string, field: 'phone' | 'email'): Promise<string | undefined>
  /** Set-based, without wallets: for demo data. Contacts in E.164 and lower case. Returns the ids in order. */
  createCustomers(tx: Transaction, customers: readonly CreateCustomer[]): Promise<string[]>
  /** Sends a code to the customer's own contact. Throws code_send_limit. */
  startCode(
    customerId: string,
    purpose: Exclude<CodePurpose, 'sign_up'>,
    request: { ip: string },
  ): Promise<CodeSent>
  /**
   * Judges in the caller's transaction, which must commit whatever the verdict is: it holds the count.
   * After the commit `refusalOfCode(verdict)` gives what to throw. A right code is used up.
   */
  verifyCode(
    tx: Transaction,
    flowId: string,
    code: string,
    expected: { customerId: string; purpose: Exclude<CodePurpose, 'sign_up'> },
  ): Promise<CodeVerdict>
  /** Outside any transaction. Throws credentials_wrong, sign_in_locked. */
  verifyPassword(customerId: string, password: string): Promise<void>
}

const keepFlowsMs = 24 * 3_600_000
const keepSessionsMs = 30 * 24 * 3_600_000
const keepQuietMs = 25 * 3_600_000

export function createIdentity(platform: Platform, needs: IdentityNeeds): Identity {
  const { db, clock, config } = platform
  const key = (purpose: string) => deriveKey(config.pepper, `identity ${purpose}`)
  const deviceKey = key('device cookie')
  const pins = createPins(key('pin'))
  const sessions = createSessions(db, clock)
  const codes = createCodes({
    db,
    clock,
    key: key('code'),
    signInUrl: `${config.customersUrl}/sign-in`,
    notices: needs.notices,
  })
  const signedUp: SignedUpHandler[] = []
  const sessionEnded: ((session: Session) => void)[] = []
  const signIn = { platform, needs, sessions, contactKey: key('contact'), deviceKey }

  async function customer(id: string): Promise<Customer> {
    const found = (await customersByIds(db.read, [id])).get(id)
    if (!found) throw new Refusal('not_found')
    return found
  }

  async function signOut(request: RequestWithHeaders): Promise<void> {
    const ended = await db.transaction(async (tx) => {
      const session = await sessions.close(tx, request)
      if (session)
        await needs.audit.record(tx, [
          {
            who: { kind: 'customer', id: session.customerId },
            action: 'session.closed',
            resource: { kind: 'session', id: session.sessionId },
            at: clock.now(),
          },
        ])
      return session
    })
    if (ended) for (const handle of sessionEnded) handle(ended)
  }

  async function endSessions(customerId: string, exceptSessionId?: string): Promise<number> {
    const ended = await db.transaction(async (tx) => {
      const ids = await sessions.closeAll(tx, customerId, exceptSessionId)
      await needs.audit.record(
        tx,
        ids.map((id) => ({
          who: { kind: 'system' },
          action: 'session.ended',
          resource: { kind: 'session', id },
          at: clock.now(),
          detail: { customerId },
        })),
      )
      return ids
    })
    for (const sessionId of ended) for (const handle of sessionEnded) handle({ customerId, sessionId })
    return ended.length
  }

  platform.jobs.loop('identity-tidy', 3_600_000, async () => {
    const before = (ms: number) => new Date(clock.now().getTime() - ms)
    await deleteOldFlows(db.read, before(keepFlowsMs))
    await deleteOldSessions(db.read, before(keepSessionsMs))
    await db.transaction((tx) => forgetQuiet(tx, before(keepQuietMs)))
  })

  return {
    routes(api) {
      identityRoutes(api, {
        publicUrl: config.customersUrl,
        deviceKey,
        codes,
        signUp: { platform, needs, codes, pins, sessions, deviceKey, signedUp },
        signIn,
        authenticate: (request) => sessions.authenticate(request),
        signOut,
        customer,
        changeLocale: async (id, locale: Locale) => customerOf(await saveLocale(db.read, id, locale)),
      })
    },
    authenticate: (request) => sessions.authenticate(request),
    optional: (request) => sessions.optional(request),
    isLiving: (request) => sessions.isLiving(request),
    provePins: (tx, attempts, now) => pins.prove(tx, attempts, now),
    pinLockedUntil: (customerId) => readPinLock(db.read, customerId, clock.now()),
    ownerOf: (request) => sessions.ownerOf(request),
    async lockPins(tx, askers) {
      const locked = await pins.lock(tx, askers)
      const ended = sessions.judge(locked.sessions)
      const there = new Set(locked.sessions.map((session) => session.session_id))
      return {
        prove: locked.prove,
        endOf: (sessionId) => (there.has(sessionId) ? ended.get(sessionId) : { end: 'elsewhere' }),
      }
    },
    onSignedUp: (handler) => void signedUp.push(handler),
    onSessionEnded: (handler) => void sessionEnded.push(handler),
    endSessions,
    customersByIds,
    findByContact,
    findByName,
    contactOf: async (customerId, field) => (await customer(customerId))[field],
    createCustomers: (tx, list) => createCustomers(tx, pins, list),
    async startCode(customerId, purpose, request) {
      const { phone, email, locale } = await customer(customerId)
      return codes.start({
        purpose,
        customerId,
        channel: phone ? 'sms' : 'email',
        contact: phone ?? email!,
        locale,
        ip: request.ip,
      })
    },
    verifyCode: (tx, flowId, code, expected) => codes.check(tx, flowId, code, expected),
    verifyPassword: (customerId, password) => confirmPassword(signIn, customerId, password),
  }
}

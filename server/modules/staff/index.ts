// Staff: who the agents are, what they may do, and whom a case lets them look at. A customer's session is worth
// nothing here. Every room asks `decide` and `mayLookAt`; nobody decides rights by themselves.
import type { StaffMe } from '#contract/console.ts'
import { uuidv7 } from '#contract/ids.ts'
import type { RequestWithHeaders } from '#platform/cookies.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import type { Face } from '#platform/http.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import { changeAccess, createAccessWatch, type AccessChange } from './access.ts'
import { endGrants, hasGrant, saveGrants, type Grant } from './grants.sql.ts'
import type { StaffNeeds } from './needs.ts'
import { provePresence } from './presence.ts'
import { signInAgent } from './staff-sign-in.ts'
import { createStaffSessions, idleMs, type StaffSession } from './staff-sessions.ts'
import {
  decide,
  isPresent,
  presenceMs,
  rightsOf,
  type Action,
  type Actor,
  type Resource,
  type Role,
} from './staff.rules.ts'
import { staffRoutes } from './staff.routes.ts'
import {
  deleteOldSessions,
  readAgents,
  readAvailable,
  readSignedIn,
  saveAgents,
  saveAvailable,
  type AgentRow,
} from './staff.sql.ts'

export type { AccessChange } from './access.ts'
export type { Grant } from './grants.sql.ts'
export type { KeepDecisionLook, KeepLook } from './keep-look.ts'
export type { StaffNeeds } from './needs.ts'
export { staffCookie, type StaffSession } from './staff-sessions.ts'
export {
  decide,
  isPresent,
  type Action,
  type Actor,
  type Decision,
  type Resource,
  type Role,
} from './staff.rules.ts'

export interface Agent {
  id: string
  displayName: string
  email: string
  role: Role
  available: boolean
  disabled: boolean
  /** The agent's own wallet, if there is one. */
  customerId: string | undefined
}

export interface CreateAgent {
  id?: string
  email: string
  displayName: string
  role: Role
  /** From `hashPassword` of #platform/passwords.ts. */
  passwordHash: string
  available?: boolean
  customerId?: string | undefined
  createdAt: Date
}

export interface Staff {
  routes(api: Face): void
  /** With the role as it is now; one query for all requests of one turn. Throws session_expired. */
  authenticate(request: RequestWithHeaders): Promise<StaffSession>
  /** Whether the request's session lives; to ask is not to use it. */
  isLiving(request: RequestWithHeaders): Promise<boolean>
  /** Throws forbidden, reason_required or conflict; `decide` is the same as a verdict. */
  require(actor: Actor, action: Action, resource?: Resource): void
  /** The person typed their password again in this session, minutes ago at most. Throws presence_required. */
  requirePresence(session: StaffSession): void
  /** Written by the desk: a case gives an agent a reason to look at a customer, until a time. */
  grant(tx: Transaction, grants: readonly Grant[]): Promise<void>
  /** Ends what a case gave: to one agent, or to everybody. */
  endGrants(tx: Transaction, caseId: string, agentId?: string): Promise<void>
  mayLookAt(agentId: string, customerId: string, sql?: Sql): Promise<boolean>
  /**
   * Agents and leads who take new cases and are signed in: a switch that was left on at night is nobody. Inside a transaction give
   * it, so that no second connection is waited for under its locks.
   */
  availableAgents(sql?: Sql): Promise<Agent[]>
  /** Who of them is signed in, whatever their switch says: whose session was seen within half an hour and has not ended. */
  signedInAmong(sql: Sql, agentIds: readonly string[]): Promise<ReadonlySet<string>>
  agentsByIds(sql: Sql, ids: readonly string[]): Promise<Map<string, Agent>>
  /** Set-based: for demo data. Returns the ids in order. */
  createAgents(tx: Transaction, agents: readonly CreateAgent[]): Promise<string[]>
  /** Role or access of somebody else; ends their sessions. Throws forbidden, not_found. */
  changeAccess(actor: Actor, change: AccessChange): Promise<void>
  /** Called in every process when an agent's role or access changed: close their connections. */
  onAccessChanged(handler: (agentId: string) => void): void
  /** Looks for changes made by other processes; the job calls it each second. Returns how many. */
  noticeAccessChanges(): Promise<number>
  /** Called after a session has ended by signing out. */
  onSessionEnded(handler: (session: { agentId: string; sessionId: string }) => void): void
  /** Called after somebody began or stopped to take cases. */
  onAvailabilityChanged(handler: (agentId: string, available: boolean) => void): void
}

const keepSessionsMs = 30 * 24 * 3_600_000

/** Whoever was not seen since then is not signed in any more. */
const seenAfter = (now: Date) => new Date(now.getTime() - idleMs)

export function createStaff(platform: Platform, needs: StaffNeeds): Staff {
  const { db, clock, config } = platform
  const sessions = createStaffSessions(db, clock)
  const access = createAccessWatch(db)
  const sessionEnded: ((session: { agentId: string; sessionId: string }) => void)[] = []
  const availabilityChanged: ((agentId: string, available: boolean) => void)[] = []

  async function setAvailable(session: StaffSession, available: boolean): Promise<StaffMe> {
    staff.require(session, 'availability.change')
    await saveAvailable(db.read, session.agentId, available)
    for (const handle of availabilityChanged) handle(session.agentId, available)
    return meOf({ ...session, available })
  }

  async function signOut(request: RequestWithHeaders): Promise<void> {
    const ended = await db.transaction(async (tx) => {
      const session = await sessions.close(tx, request)
      if (session)
        await needs.audit.record(tx, [
          {
            who: { kind: 'agent', id: session.agentId },
            action: 'staff_session.closed',
            resource: { kind: 'staff_session', id: session.sessionId },
            at: clock.now(),
          },
        ])
      return session
    })
    if (ended) for (const handle of sessionEnded) handle(ended)
  }

  const staff: Staff = {
    routes(api) {
      staffRoutes(api, {
        publicUrl: config.agentsUrl,
        authenticate: (request) => sessions.authenticate(request),
        async signIn(body, request) {
          const { agent, token } = await signInAgent({ platform, needs, sessions }, body, request)
          const { id, ...rest } = agentOf(agent)
          return { me: meOf({ agentId: id, ...rest }), token }
        },
        signOut,
        setAvailable,
        provePresence: (session, password) => provePresence({ platform, needs }, session, password),
        me: meOf,
      })
    },
    isLiving: (request) => sessions.isLiving(request),
    authenticate: (request) => sessions.authenticate(request),
    require(actor, action, resource) {
      const decision = decide(actor, action, resource)
      if (decision.verdict === 'refused') throw new Refusal(decision.code, undefined, decision.why)
    },
    requirePresence(session) {
      if (!isPresent(session, clock.now())) throw new Refusal('presence_required')
    },
    async grant(tx, grants) {
      if (grants.length > 0) await saveGrants(tx, grants, clock.now())
    },
    endGrants: (tx, caseId, agentId) => endGrants(tx, caseId, agentId, clock.now()),
    mayLookAt: (agentId, customerId, sql = db.read) => hasGrant(sql, agentId, customerId, clock.now()),
    async availableAgents(sql = db.read) {
      const now = clock.now()
      return (await readAvailable(sql, now, seenAfter(now))).map(agentOf)
    },
    async signedInAmong(sql, agentIds) {
      if (agentIds.length === 0) return new Set()
      const now = clock.now()
      return new Set(await readSignedIn(sql, agentIds, now, seenAfter(now)))
    },
    async agentsByIds(sql, ids) {
      if (ids.length === 0) return new Map()
      return new Map((await readAgents(sql, ids)).map((row) => [row.id, agentOf(row)]))
    },
    async createAgents(tx, list) {
      const agents = list.map((agent) => ({
        ...agent,
        id: agent.id ?? uuidv7(),
        email: agent.email.toLowerCase(),
        available: agent.available ?? false,
        customerId: agent.customerId,
      }))
      if (agents.length > 0) await saveAgents(tx, agents)
      return agents.map((agent) => agent.id)
    },
    async changeAccess(actor, change) {
      await access.look()
      await changeAccess({ platform, needs }, actor, change)
      await access.look()
    },
    onAccessChanged: access.onChanged,
    noticeAccessChanges: () => access.look(),
    onSessionEnded: (handler) => void sessionEnded.push(handler),
    onAvailabilityChanged: (handler) => void availabilityChanged.push(handler),
  }

  platform.jobs.loop('staff-access', 1000, () => staff.noticeAccessChanges())
  platform.jobs.loop('staff-tidy', 3_600_000, async () => {
    await deleteOldSessions(db.read, new Date(clock.now().getTime() - keepSessionsMs))
  })
  return staff
}

function agentOf(row: AgentRow): Agent {
  return {
    id: row.id,
    displayName: row.display_name,
    email: row.email,
    role: row.role,
    available: row.available,
    disabled: row.disabled,
    customerId: row.customer_id ?? undefined,
  }
}

function meOf(
  agent: Pick<StaffSession, 'agentId' | 'displayName' | 'email' | 'role' | 'available' | 'presentAt'>,
): StaffMe {
  return {
    agentId: agent.agentId,
    displayName: agent.displayName,
    email: agent.email,
    role: agent.role,
    rights: rightsOf(agent.role),
    available: agent.available,
    ...(agent.presentAt
      ? { presentUntil: new Date(agent.presentAt.getTime() + presenceMs).toISOString() }
      : {}),
  }
}

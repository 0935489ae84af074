// Whom a case is given to: the available agent, or supervisor, with the fewest open cases. Within one transaction.
// Nobody serves their own wallet (R12), nobody is given a case who is not signed in, and what gives a case gives its reason to look
// in the same commit.
import type { Transaction } from '#platform/db.ts'
import type { Agent } from '#modules/staff/index.ts'
import { grantOf, type CaseRecord } from './case.ts'
import { countOpenByAgent } from './desk.sql.ts'
import type { DeskNeeds } from './needs.ts'
import { readReplyDueAt, type ReplyDueAt } from './service-status.ts'

export interface Router {
  /** To the available agent with the fewest open cases; nobody available: the case stays with the team. */
  give(record: CaseRecord): void
  /** The same among the supervisors. */
  giveToLead(record: CaseRecord): void
  giveTo(record: CaseRecord, agentId: string): void
  /** To the agent who has it, if they are signed in; else as a new one. */
  giveAgain(record: CaseRecord): void
  /** When a first reply is promised. Throws when the router was not `needed`. */
  replyDueAt: ReplyDueAt
  /** Writes the grants of everything given; call once, before the commit. */
  grant(now: Date): Promise<void>
}

const notNeeded: ReplyDueAt = () => {
  throw new Error('no case was to be given, so no hours were read')
}

/** `cases` are those that may be given by load or again; without any, nothing is read. */
export async function createRouter(
  tx: Transaction,
  needs: DeskNeeds,
  cases: readonly CaseRecord[],
): Promise<Router> {
  const needed = cases.length > 0
  const given: { agentId: string; record: CaseRecord }[] = []
  const signedIn = await needs.staff.signedInAmong(
    tx,
    cases.flatMap((record) => record.agentId ?? []),
  )
  const available: Agent[] = needed ? await needs.staff.availableAgents(tx) : []
  const replyDueAt: ReplyDueAt = needed ? await readReplyDueAt(tx) : notNeeded
  const load = await (available.length > 0
    ? countOpenByAgent(
        tx,
        available.map((agent) => agent.id),
      )
    : new Map<string, number>())

  function giveTo(record: CaseRecord, agentId: string): void {
    record.agentId = agentId
    load.set(agentId, (load.get(agentId) ?? 0) + 1)
    given.push({ agentId, record })
  }
  function giveAmong(record: CaseRecord, role: Agent['role']): void {
    const free = available
      .filter((agent) => agent.role === role && agent.customerId !== record.customerId)
      .sort(
        (one, other) => (load.get(one.id) ?? 0) - (load.get(other.id) ?? 0) || (one.id < other.id ? -1 : 1),
      )[0]
    if (free) giveTo(record, free.id)
  }
  const give = (record: CaseRecord) => giveAmong(record, 'agent')
  return {
    giveTo,
    replyDueAt,
    give,
    giveAgain(record) {
      const { agentId } = record
      if (agentId && signedIn.has(agentId)) return giveTo(record, agentId)
      record.agentId = undefined
      record.joinedAgentId = undefined
      give(record)
    },
    giveToLead: (record) => giveAmong(record, 'lead'),
    async grant(now) {
      if (given.length === 0) return
      await needs.staff.grant(
        tx,
        given.map(({ agentId, record }) => grantOf(record, agentId, now)),
      )
    },
  }
}
